import DelimitedText
import Diagnostics
import Glibc
import Reporting

// UNSAFE MEMORY. Invariant: of the window only its first `count` bytes are looked at, and every
// offset into it is at most `count`.

/// Finds the line of one user in `dashboards.jsonl`, and decodes no other.
///
/// Every line begins with its user, and no line feed stands within one, so a line is told by its
/// first bytes. Memory is bounded by a window, or by the longest line.
struct DashboardSearch {
    static let windowSize = 1 << 20

    let source: TextSource
    var windowSize = DashboardSearch.windowSize

    /// The line, without its line feed; nil where no line is this user's, whom it takes as a run
    /// writes users: in lower case, without surrounding space.
    func line(of user: String) throws(TextSourceError) -> [UInt8]? {
        let beginning = DashboardSearch.beginning(of: user)
        var size = windowSize
        var window = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 16)
        defer { window.deallocate() }
        var offset = 0
        while offset < source.size {
            let count = try source.read(into: window, at: offset)
            guard count > 0 else { throw .changed(path: source.path) }
            let bytes = UnsafeRawBufferPointer(rebasing: window[..<count])
            let isLast = offset + count >= source.size
            var start = 0
            while let end = DashboardSearch.lineEnd(bytes, from: start, isLast: isLast) {
                if DashboardSearch.begins(bytes, at: start, end: end, with: beginning) {
                    return Array(bytes[start..<end])
                }
                start = end + 1
            }
            if start == 0 {
                // Not even one line fits.
                window.deallocate()
                size *= 2
                window = .allocate(byteCount: size, alignment: 16)
            }
            offset += start
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

    private static func lineEnd(
        _ bytes: UnsafeRawBufferPointer, from start: Int, isLast: Bool
    ) -> Int? {
        guard start < bytes.count, let base = bytes.baseAddress else { return nil }
        if let found = memchr(base + start, 0x0A, bytes.count - start) {
            return UnsafeRawPointer(found) - base
        }
        return isLast ? bytes.count : nil
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
