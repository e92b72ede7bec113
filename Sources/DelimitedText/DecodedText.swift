// Owns raw memory. Invariant: every chunk but the last is full, `count` bytes have been written in
// all, and nothing is written any more once the text is shared: `TextSource` makes it and keeps it.

/// A text in memory that grows as it arrives, and is never copied to make room.
// `@unchecked Sendable`: it is filled by the one thread that makes it, and only read from then on.
final class DecodedText: @unchecked Sendable {
    /// How much memory is taken at a time: 4 MiB.
    static let chunkSize = 4 << 20

    /// What it was encoded in.
    let encoding: TextEncoding
    /// The length in bytes.
    private(set) var count = 0
    private var chunks: [UnsafeMutableRawBufferPointer] = []

    init(from encoding: TextEncoding) { self.encoding = encoding }

    deinit { for chunk in chunks { chunk.deallocate() } }

    /// The memory that comes next, of which `advance` tells how much was written.
    func room() -> UnsafeMutableRawBufferPointer {
        if count == chunks.count * Self.chunkSize {
            chunks.append(.allocate(byteCount: Self.chunkSize, alignment: 4096))
        }
        let last = chunks[chunks.count - 1]
        return UnsafeMutableRawBufferPointer(
            rebasing: last[(count - (chunks.count - 1) * Self.chunkSize)...])
    }

    func advance(_ written: Int) {
        precondition(count + written <= chunks.count * Self.chunkSize, "more than there was room")
        count += written
    }

    func append(_ bytes: UnsafeRawBufferPointer) {
        var rest = bytes
        while !rest.isEmpty {
            let room = room()
            let part = min(room.count, rest.count)
            room.copyMemory(from: UnsafeRawBufferPointer(rebasing: rest[..<part]))
            advance(part)
            rest = UnsafeRawBufferPointer(rebasing: rest[part...])
        }
    }

    /// Copies the bytes from an offset on, as many as fit; fewer only where the text ends.
    func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int) -> Int {
        let wanted = min(buffer.count, max(0, count - offset))
        var copied = 0
        while copied < wanted {
            let place = offset + copied
            let chunk = chunks[place / Self.chunkSize]
            let start = place % Self.chunkSize
            let part = min(wanted - copied, chunk.count - start)
            UnsafeMutableRawBufferPointer(rebasing: buffer[copied...])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: chunk[start..<(start + part)]))
            copied += part
        }
        return wanted
    }
}
