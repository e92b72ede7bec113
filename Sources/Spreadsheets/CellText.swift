/// A text as a cell of a spreadsheet can hold it.
enum CellText {
    /// Excel's own bound, in UTF-16 units, is 32,767.
    static let longest = 32_000
    /// What stands at the end of a text that was cut.
    static let cutMark = " […]"

    /// The text of some bytes: no characters that XML cannot hold, none that would be taken for an
    /// escape or turn the text around it to the other direction, and not longer than a cell can be.
    static func text(_ bytes: UnsafeRawBufferPointer) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        guard bytes.count > longest || bytes.contains(where: isUnusual) else { return text }
        return cleaned(text)
    }

    /// NUL, the first bytes of U+FFFE and U+FFFF and of what turns texts around, and an underscore.
    private static func isUnusual(_ byte: UInt8) -> Bool {
        byte == 0 || byte == 0xEF || byte == 0xE2 || byte == 0xD8 || byte == UInt8(ascii: "_")
    }

    private static func cleaned(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var length = 0
        let scalars = text.unicodeScalars
        for (index, scalar) in zip(scalars.indices, scalars) {
            guard length < longest else { return String(result) + cutMark }
            switch scalar {
            case "\0", "\u{FFFE}", "\u{FFFF}": result.append("\u{FFFD}")
            case "_" where looksEscaped(scalars[index...]):
                result.append(contentsOf: "_x005F_".unicodeScalars)
            case _ where turnsAround(scalar):
                let shown = "\\u{\(String(scalar.value, radix: 16))}"
                result.append(contentsOf: shown.unicodeScalars)
                length += shown.utf8.count - 1
            default: result.append(scalar)
            }
            length += scalar.value > 0xFFFF ? 2 : 1
        }
        return String(result)
    }

    /// Whether a character changes the direction in which others are shown: an id that holds one
    /// looks like another id.
    private static func turnsAround(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x61C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    /// Whether a text begins as `_x0041_` does, which readers take for the character of that number.
    private static func looksEscaped(_ text: Substring.UnicodeScalarView) -> Bool {
        let head = Array(text.prefix(7))
        return head.count == 7 && head[1] == "x" && head[6] == "_"
            && head[2..<6].allSatisfy(\.properties.isASCIIHexDigit)
    }
}

/// A decimal number as spreadsheets keep it: in binary, which holds fifteen digits without loss.
///
/// It is the one place where an amount leaves whole numbers; what has more digits stays a text.
struct CellNumber {
    let value: Double
    /// How many digits stand behind the point.
    let decimals: Int

    /// Reads a plain decimal number; nil for anything else, and for one with too many digits.
    init?(_ text: UnsafeRawBufferPointer) {
        var rest = text[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest = rest.dropFirst() }
        var whole: Int64 = 0
        var decimals: Int?
        for byte in rest {
            if byte == UInt8(ascii: "."), decimals == nil {
                decimals = 0
                continue
            }
            guard byte >= 0x30, byte <= 0x39, whole < 100_000_000_000_000 else { return nil }
            whole = whole * 10 + Int64(byte - 0x30)
            if let count = decimals { decimals = count + 1 }
        }
        guard !rest.isEmpty, decimals != 0, rest.first != UInt8(ascii: ".") else { return nil }
        self.decimals = decimals ?? 0
        // Both are held exactly, so the quotient is the nearest number to the decimal one.
        let scale = (0..<self.decimals).reduce(1.0) { product, _ in product * 10 }
        value = Double(isNegative ? -whole : whole) / scale
    }
}

/// A date, or a moment in UTC, by its parts.
struct CellMoment {
    let year, month, day, hour, minute, second: Int

    /// Reads `2025-08-31` or `2025-08-31T02:00:00Z`; nil for anything else.
    ///
    /// Nil also for years in which spreadsheets count days otherwise. A fraction of a second is left
    /// out.
    init?(_ text: UnsafeRawBufferPointer) {
        func number(_ range: Range<Int>) -> Int? {
            guard range.upperBound <= text.count else { return nil }
            var value = 0
            for byte in text[range] {
                guard byte >= 0x30, byte <= 0x39 else { return nil }
                value = value * 10 + Int(byte - 0x30)
            }
            return value
        }
        guard text.count == 10 || text.last == UInt8(ascii: "Z"), let year = number(0..<4),
            let month = number(5..<7), let day = number(8..<10), year > 1900, (1...12) ~= month,
            (1...31) ~= day
        else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
        guard text.count > 10 else {
            (hour, minute, second) = (0, 0, 0)
            return
        }
        guard let hour = number(11..<13), let minute = number(14..<16),
            let second = number(17..<19)
        else { return nil }
        (self.hour, self.minute, self.second) = (hour, minute, second)
    }
}
