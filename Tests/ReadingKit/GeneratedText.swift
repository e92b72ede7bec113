/// SplitMix64: the same numbers for the same seed everywhere.
package struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// How hostile a generated text is.
package enum TextStyle: CaseIterable {
    /// Any byte that means something anywhere.
    case noise
    /// Records as programs write them, quoted where needed.
    case regular
    /// Records with now and then something odd in them.
    case spoilt
}

extension SeededGenerator {
    /// A text of up to some `size` bytes.
    package mutating func text(_ style: TextStyle, size: Int, delimiter: UInt8 = 0x2C) -> [UInt8] {
        let delimiterText = [delimiter]
        let pieces: [[UInt8]] =
            [
                "\"", "\"\"", "\r", "\n", "\r\n", " ", "\t", "\0", "a", "é", "b c", "\u{FEFF}",
            ].map { Array($0.utf8) } + [delimiterText, delimiterText, delimiterText + [0x22]]
        var text: [UInt8] = []
        while text.count < size {
            switch style {
            case .noise:
                text += pieces.randomElement(using: &self) ?? []
            case .regular, .spoilt:
                appendRecord(to: &text, delimiter: delimiter)
                if style == .spoilt, Int.random(in: 0..<4, using: &self) == 0, !text.isEmpty {
                    let place = Int.random(in: max(0, text.count - 30)..<text.count, using: &self)
                    text.insert(
                        contentsOf: pieces.randomElement(using: &self) ?? [], at: place)
                }
            }
        }
        if Bool.random(using: &self) { text.removeLast(min(text.count, 2)) }
        return text
    }

    private mutating func appendRecord(to text: inout [UInt8], delimiter: UInt8) {
        for field in 0..<Int.random(in: 1...6, using: &self) {
            if field > 0 { text.append(delimiter) }
            let longest = [3, 12, 90].randomElement(using: &self) ?? 3
            let length = Int.random(in: 0...longest, using: &self)
            let isQuoted = Int.random(in: 0..<3, using: &self) == 0
            if isQuoted { text.append(0x22) }
            for _ in 0..<length {
                switch Int.random(in: 0..<40, using: &self) {
                case 0 where isQuoted: text += [0x22, 0x22]
                case 1 where isQuoted: text.append(delimiter)
                case 2 where isQuoted: text += [0x0D, 0x0A]
                case 3 where isQuoted: text.append(0x0A)
                case 4, 5: text.append(0x20)
                default: text.append(UInt8.random(in: 0x61...0x7A, using: &self))
                }
            }
            if isQuoted { text.append(0x22) }
        }
        text += Int.random(in: 0..<4, using: &self) == 0 ? [0x0D, 0x0A] : [0x0A]
    }
}
