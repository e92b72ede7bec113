/// A reference as somebody may have copied it.
public struct ReferenceText: Sendable, Hashable {
    /// References are short; what is longer is compared by its beginning.
    private static let longest = 64

    /// The characters, as Unicode scalars.
    private let characters: [UInt32]
    /// What is left without capitals and without anything but letters and digits.
    ///
    /// It is made once: every break asks for that of each candidate.
    let essence: String

    /// Reads a reference.
    public init(_ text: String) {
        characters = text.unicodeScalars.prefix(ReferenceText.longest).map(\.value)
        var kept = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(ReferenceText.longest) {
            if let scalar = ReferenceText.essential(scalar) { kept.append(scalar) }
        }
        essence = String(kept)
    }

    /// A letter or digit without its capital; nil for any other character.
    private static func essential(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        switch scalar {
        case "a"..."z", "0"..."9": return scalar
        case "A"..."Z": return Unicode.Scalar(UInt8(scalar.value) | 0x20)
        case _ where scalar.isASCII: return nil
        default: break
        }
        let properties = scalar.properties
        guard properties.isAlphabetic || properties.numericType != nil else { return nil }
        let lower = properties.lowercaseMapping.unicodeScalars
        return lower.count == 1 ? lower.first : scalar
    }

    /// Whether more than half of the longer one is otherwise, at that distance.
    func isUnlike(_ other: ReferenceText, at distance: Int) -> Bool {
        distance * 2 > max(characters.count, other.characters.count)
    }

    /// How many characters must be inserted, deleted or replaced to make one the other.
    ///
    /// - Complexity: the product of what is left of both without their common beginning and end.
    func distance(to other: ReferenceText) -> Int {
        var left = characters[...]
        var right = other.characters[...]
        while let first = left.first, first == right.first {
            left.removeFirst()
            right.removeFirst()
        }
        while let last = left.last, last == right.last {
            left.removeLast()
            right.removeLast()
        }
        if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
        var row = Array(0...right.count)
        for (index, character) in left.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for (place, wanted) in right.enumerated() {
                let replaced = diagonal + (character == wanted ? 0 : 1)
                diagonal = row[place + 1]
                row[place + 1] = min(replaced, row[place] + 1, diagonal + 1)
            }
        }
        return row[right.count]
    }
}

/// The references of the rows that near misses are looked for among.
public struct ReferenceTexts: Sendable {
    /// By the payment's row.
    public var payments: [Int32: ReferenceText] = [:]
    /// By the settlement line's row.
    public var lines: [Int32: ReferenceText] = [:]

    /// None.
    public init() {}
}
