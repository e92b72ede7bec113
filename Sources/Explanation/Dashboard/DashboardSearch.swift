import DelimitedText
import Diagnostics
import Glibc
import Reporting

// UNSAFE MEMORY. Invariant: every offset into a block is at most its size.

/// Finds the line of one user in `dashboards.jsonl`, and decodes no other.
///
/// Every line begins with its user, and no line feed stands within one, so a line is told by its
/// first bytes.
struct DashboardSearch {
    let source: TextSource
    var windowSize = DashboardBlocks.windowSize

    /// The line, without its line feed; nil where no line is this user's, whom it takes as a run
    /// writes users: in lower case, without surrounding space.
    func line(of user: String) throws(TextSourceError) -> [UInt8]? {
        let beginning = DashboardSearch.beginning(of: user)
        var blocks = DashboardBlocks(source, windowSize: windowSize)
        while let block = try blocks.next() {
            var start = 0
            while let end = DashboardBlocks.lineEnd(block, from: start) {
                if DashboardSearch.begins(block, at: start, end: end, with: beginning) {
                    return Array(block[start..<end])
                }
                start = end + 1
            }
        }
        return nil
    }

    /// How a user's line begins: `{"user":"ama@example.com"`.
    private static func beginning(of user: String) -> [UInt8] {
        var json = JSONWriter(.compact, capacity: 256)
        json.object { json in
            json.key("user")
            json.string(user)
        }
        return json.withUnsafeBytes { Array($0.dropLast()) }
    }

    /// The next byte ends the value, so that no longer name passes for this one.
    private static func begins(
        _ bytes: UnsafeRawBufferPointer, at start: Int, end: Int, with beginning: [UInt8]
    ) -> Bool {
        guard end - start > beginning.count, let base = bytes.baseAddress,
            memcmp(base + start, beginning, beginning.count) == 0
        else { return false }
        let next = bytes[start + beginning.count]
        return next == UInt8(ascii: ",") || next == UInt8(ascii: "}")
    }
}
