// Owns raw memory. Invariant: `storage` holds the bytes `start..<end` of the source; what `bytes`
// and `parts` give is valid until the next `fill` or `reserve`.

/// A stretch of a source that is kept in memory.
struct ByteWindow: ~Copyable {
    /// The offset in the source of the first byte held.
    private(set) var start = 0
    /// The offset behind the last byte held.
    private(set) var end = 0

    private var storage: GrowingBuffer<UInt8>

    init(capacity: Int) { storage = GrowingBuffer(capacity: capacity) }

    var count: Int { end - start }

    func holds(_ offset: Int) -> Bool { offset >= start && offset < end }

    /// The bytes from an offset of the source to the end of the window.
    func bytes(from offset: Int) -> UnsafeRawBufferPointer {
        precondition(offset >= start && offset <= end, "outside the window")
        return UnsafeRawBufferPointer(
            start: UnsafeRawPointer(storage.base) + (offset - start), count: end - offset)
    }

    /// Reads `size` bytes from an offset on, fewer only where the source ends.
    ///
    /// - Throws: `changed` where the source has become shorter than it was at opening.
    mutating func fill(
        from source: TextSource, at offset: Int, _ size: Int
    ) throws(TextSourceError) {
        let memory = prepare(for: source, at: offset, size)
        let wanted = memory.count
        guard try source.read(into: memory, at: offset) == wanted else {
            end = start
            throw .changed(path: source.path)
        }
    }

    /// Makes room for the bytes from an offset on, which the caller then reads into it.
    mutating func prepare(
        for source: TextSource, at offset: Int, _ size: Int
    ) -> UnsafeMutableRawBufferPointer {
        let count = max(0, min(size, source.size - offset))
        storage.count = 0
        storage.reserve(count)
        start = offset
        end = offset + count
        return UnsafeMutableRawBufferPointer(start: storage.base, count: count)
    }
}
