import JSONText

/// The characters of a text whose words are sorted and joined by a space; reused from text to text.
struct SortedTokens: ~Copyable {
    private var order = ScratchBuffer<NormalizedText.WordBounds>()
    private(set) var scalars = ScratchBuffer<UInt32>(capacity: 256)

    /// Takes a text's characters, words in the order of their code points.
    mutating func set(_ text: borrowing NormalizedText) {
        let bytes = text.bytes
        order.removeAll()
        order.append(contentsOf: UnsafeBufferPointer(text.words))
        // UTF-8 keeps the order of code points, so bytes may be compared.
        var words = order.elements
        words.sort { SortedTokens.isLess($0, $1, in: bytes) }
        scalars.removeAll()
        scalars.reserve(bytes.count)
        for word in words {
            if scalars.count > 0 { scalars.append(0x20) }
            var offset = word.start
            while offset < word.end {
                guard let scalar = UTF8Reading.scalar(in: bytes, at: offset) else {
                    preconditionFailure("a normalized text is valid UTF-8")
                }
                scalars.append(scalar.value)
                offset += scalar.length
            }
        }
    }

    /// Replaces a character, for a numbering of characters that the caller keeps.
    mutating func replace(at index: Int, by symbol: UInt32) { scalars[index] = symbol }

    @inline(__always)
    private static func isLess(
        _ left: NormalizedText.WordBounds, _ right: NormalizedText.WordBounds,
        in bytes: UnsafeRawBufferPointer
    ) -> Bool {
        bytes[left.start..<left.end].lexicographicallyPrecedes(bytes[right.start..<right.end])
    }
}
