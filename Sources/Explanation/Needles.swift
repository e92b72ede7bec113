/// Ids that rows are searched for, as bytes: a miss costs next to nothing.
struct Needles: Sendable {
    private var all: Set<[UInt8]> = []
    /// A bit for each ending that some id has.
    private var endings = [UInt64](repeating: 0, count: 1024)

    /// Looks for these texts; an empty one is left out, for it names nothing.
    init(_ texts: some Sequence<String>) {
        for text in texts where !text.isEmpty {
            let bytes = Array(text.utf8)
            all.insert(bytes)
            let ending = bytes.withUnsafeBytes(Needles.ending)
            endings[ending >> 6] |= 1 << UInt64(ending & 63)
        }
    }

    /// Whether there is nothing to look for.
    var isEmpty: Bool { all.isEmpty }

    /// Whether the text is one of them.
    @inline(__always)
    func has(_ text: UnsafeRawBufferPointer) -> Bool {
        guard !text.isEmpty else { return false }
        let ending = Needles.ending(text)
        guard endings[ending >> 6] >> UInt64(ending & 63) & 1 == 1 else { return false }
        return all.contains([UInt8](text))
    }

    /// Whether one of the items of a list, separated by spaces, is one of them.
    @inline(__always)
    func hasItem(of list: UnsafeRawBufferPointer) -> Bool {
        var start = 0
        while start < list.count {
            var end = start
            while end < list.count, list[end] != UInt8(ascii: " ") { end += 1 }
            if has(UnsafeRawBufferPointer(rebasing: list[start..<end])) { return true }
            start = end + 1
        }
        return false
    }

    /// A number below 65536 that the last bytes and the length decide: there ids differ most.
    @inline(__always)
    private static func ending(_ text: UnsafeRawBufferPointer) -> Int {
        var hash = UInt32(truncatingIfNeeded: text.count)
        for byte in text.suffix(4) { hash = (hash &* 31) ^ UInt32(byte) }
        return Int((hash &* 2_654_435_761) >> 16)
    }
}
