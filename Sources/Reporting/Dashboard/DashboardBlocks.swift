import DelimitedText
import Glibc

// UNSAFE MEMORY. Invariant: of the window only its first `count` bytes are looked at, and a block, which
// is whole lines of them, is not kept beyond the next call.

/// Reads `dashboards.jsonl` in blocks of whole lines.
///
/// Memory is bounded by a window, or by the longest line.
public struct DashboardBlocks: ~Copyable {
    /// How much is read at once.
    public static let windowSize = 1 << 20

    private let source: TextSource
    private var window: UnsafeMutableRawBufferPointer
    private var offset = 0

    /// Begins at the first line.
    public init(_ source: TextSource, windowSize: Int = DashboardBlocks.windowSize) {
        self.source = source
        window = .allocate(byteCount: windowSize, alignment: 16)
    }

    deinit { window.deallocate() }

    /// The next lines, the last of the file perhaps without a line feed; nil at the end.
    ///
    /// They stay until the next call.
    public mutating func next() throws(TextSourceError) -> UnsafeRawBufferPointer? {
        while offset < source.size {
            let count = try source.read(into: window, at: offset)
            guard count > 0 else { throw .changed(path: source.path) }
            if offset + count >= source.size {
                offset += count
                return UnsafeRawBufferPointer(rebasing: window[..<count])
            }
            if let last = window[..<count].lastIndex(of: 0x0A) {
                offset += last + 1
                return UnsafeRawBufferPointer(rebasing: window[...last])
            }
            // Not even one line fits.
            let size = window.count * 2
            window.deallocate()
            window = .allocate(byteCount: size, alignment: 16)
        }
        return nil
    }

    /// Where the line that begins at `start` ends: at its line feed, or at the end of the block.
    public static func lineEnd(_ block: UnsafeRawBufferPointer, from start: Int) -> Int? {
        guard start < block.count, let base = block.baseAddress else { return nil }
        guard let found = memchr(base + start, 0x0A, block.count - start) else {
            return block.count
        }
        return UnsafeRawPointer(found) - base
    }
}
