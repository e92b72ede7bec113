import Diagnostics
import Glibc

/// The first place at which two files hold different bytes.
public struct FileDifference: Hashable, Sendable {
    /// Bytes before it.
    public private(set) var offset: Int64 = 0
    /// The line in which it stands, from 1.
    public private(set) var line = 1
    /// The byte of that line, from 1.
    public private(set) var column: Int64 = 1
    /// What stands there in the first file, up to the end of the line; empty at the file's end.
    public private(set) var first: [UInt8] = []
    /// The same of the second file.
    public private(set) var second: [UInt8] = []

    /// As much of a line as is told.
    private static let longestExcerpt = 60

    /// Compares two files, byte by byte; nil where they are equal.
    ///
    /// - Throws: `TrueupError.run` where one of them cannot be read.
    public init?(_ first: String, _ second: String) throws(TrueupError) {
        let left = try InputFile(path: first)
        let right = try InputFile(path: second)
        let size = FileReader.blockSize
        let buffers = UnsafeMutableRawBufferPointer.allocate(byteCount: 2 * size, alignment: 4096)
        defer { buffers.deallocate() }
        let ours = UnsafeMutableRawBufferPointer(rebasing: buffers[..<size])
        let theirs = UnsafeMutableRawBufferPointer(rebasing: buffers[size...])
        while true {
            let count = try FileDifference.fill(ours, from: left)
            let other = try FileDifference.fill(theirs, from: right)
            if count == other, FileDifference.areEqual(ours, theirs, count) {
                if count == 0 { return nil }
                pass(UnsafeRawBufferPointer(rebasing: ours[..<count]))
                continue
            }
            let equal = FileDifference.equalBytes(ours[..<count], theirs[..<other])
            pass(UnsafeRawBufferPointer(rebasing: ours[..<equal]))
            self.first = FileDifference.excerpt(ours[equal..<count])
            self.second = FileDifference.excerpt(theirs[equal..<other])
            return
        }
    }

    /// Counts the lines of what both files hold.
    private mutating func pass(_ bytes: UnsafeRawBufferPointer) {
        offset += Int64(bytes.count)
        for byte in bytes {
            column += 1
            if byte == UInt8(ascii: "\n") {
                line += 1
                column = 1
            }
        }
    }

    private static func areEqual(
        _ left: UnsafeMutableRawBufferPointer, _ right: UnsafeMutableRawBufferPointer, _ count: Int
    ) -> Bool {
        guard let left = left.baseAddress, let right = right.baseAddress else { return true }
        return memcmp(left, right, count) == 0
    }

    private static func equalBytes(
        _ left: Slice<UnsafeMutableRawBufferPointer>, _ right: Slice<UnsafeMutableRawBufferPointer>
    ) -> Int {
        var equal = 0
        for (ours, theirs) in zip(left, right) {
            guard ours == theirs else { break }
            equal += 1
        }
        return equal
    }

    private static func excerpt(_ bytes: Slice<UnsafeMutableRawBufferPointer>) -> [UInt8] {
        Array(bytes.prefix(longestExcerpt).prefix { $0 != UInt8(ascii: "\n") })
    }

    /// Reads until the buffer is full or the file ends.
    private static func fill(
        _ buffer: UnsafeMutableRawBufferPointer, from file: borrowing InputFile
    ) throws(TrueupError) -> Int {
        var filled = 0
        while filled < buffer.count {
            let count = try file.read(
                into: UnsafeMutableRawBufferPointer(rebasing: buffer[filled...]))
            if count == 0 { break }
            filled += count
        }
        return filled
    }
}
