import Money
import Time

/// The values of a column in a dump's first rows, and what they look like.
struct ColumnSample: Sendable {
    /// The name in the header.
    let name: String
    /// The values that are not empty, in the order of the rows.
    private(set) var values: [String] = []
    /// Each of them once.
    private(set) var distinct: Set<String> = []

    init(name: String) { self.name = name }

    mutating func add(_ text: String) {
        guard !text.isEmpty else { return }
        values.append(text)
        distinct.insert(text)
    }

    /// Whether no value comes twice; a few may, where rows are repeated.
    var isUnique: Bool { !values.isEmpty && distinct.count * 20 >= values.count * 19 }

    /// Whether the values are a few words that come again and again.
    var isWords: Bool {
        !values.isEmpty && distinct.count <= 12
            && distinct.allSatisfy { $0.utf8.count <= 40 && !$0.utf8.contains(UInt8(ascii: "@")) }
    }

    /// Whether the values look like e-mail addresses.
    var isAddresses: Bool {
        most { text in
            text.utf8.contains(UInt8(ascii: "@")) && !text.utf8.contains(UInt8(ascii: " "))
        }
    }

    /// Whether the values are objects of JSON.
    var isJSON: Bool { most { $0.first == "{" && $0.last == "}" } }

    /// Whether the values are codes of currencies.
    var isCurrencies: Bool { most { Currency($0) != nil } }

    /// How the values are written as amounts; nil where they are none.
    ///
    /// The first that fits: plain decimals, then those with signs, groups of thousands or a decimal
    /// comma.
    var amounts: AmountNotation? {
        AmountNotation.allCases.first { notation in most(notation.reads) }
    }

    /// The patterns by which every value is a time, in the order in which they are tried.
    var timePatterns: [TimePattern] {
        TimeGuess.patterns.filter { pattern in all { TimeGuess.reads($0, pattern) } }
    }

    /// The patterns of days without a time by which every value is one, where day or month stands
    /// first.
    var dayOrders: [String] {
        timePatterns.map(\.text).filter { text in
            (text.hasPrefix("DD") || text.hasPrefix("MM")) && text.hasSuffix("YYYY")
        }
    }

    /// The share of this column's values that stand in another one, in percent.
    func overlap(with other: ColumnSample) -> Int {
        guard !distinct.isEmpty else { return 0 }
        return distinct.lazy.filter(other.distinct.contains).count * 100 / distinct.count
    }

    /// Whether a test holds for nearly all values; a few may be damaged.
    private func most(_ test: (String) -> Bool) -> Bool {
        guard !values.isEmpty else { return false }
        let passed = values.lazy.filter(test).count
        return passed * 20 >= values.count * 19
    }

    private func all(_ test: (String) -> Bool) -> Bool {
        !values.isEmpty && values.allSatisfy(test)
    }
}

/// How amounts are written.
enum AmountNotation: CaseIterable, Sendable {
    /// As definitions expect them without being told.
    case plain
    /// With a currency's sign, grouped thousands or parentheses, and a decimal point.
    case point
    /// With a decimal comma.
    case comma

    /// Whether a text is an amount in this notation, in any currency.
    func reads(_ text: String) -> Bool {
        // Long numbers without decimals are ids.
        guard text.utf8.count <= 20 else { return false }
        var bytes = text
        return bytes.withUTF8 { bytes in
            let bytes = UnsafeRawBufferPointer(bytes)
            switch self {
            case .plain:
                // No currency has more digits.
                if case .success = Amount.parse(bytes, digits: 4) { return true }
                return false
            case .point, .comma:
                let format = AmountFormat(hasDecimalComma: self == .comma)
                if case .success = format.parse(bytes, Currency.none) { return true }
                return false
            }
        }
    }
}

/// The notations of time that are tried.
enum TimeGuess {
    /// Day before month comes before month before day: where both fit, the definition says so.
    static let patterns: [TimePattern] = [
        "iso", "YYYY/MM/DD HH:mm:ss", "YYYY/MM/DD", "DD-MM-YYYY HH:mm:ss", "DD-MM-YYYY HH:mm",
        "DD-MM-YYYY", "DD/MM/YYYY HH:mm:ss", "DD/MM/YYYY HH:mm", "DD/MM/YYYY",
        "DD.MM.YYYY HH:mm:ss", "DD.MM.YYYY HH:mm", "DD.MM.YYYY", "DD.MM.YY",
        "MM/DD/YYYY HH:mm:ss", "MM/DD/YYYY HH:mm", "MM/DD/YYYY", "DD-MMM-YYYY hh:mm:ss AM",
        "DD-MMM-YYYY HH:mm:ss", "DD-MMM-YYYY", "DD MMM YYYY HH:mm:ss", "DD MMM YYYY",
        "MM/DD/YYYY hh:mm:ss AM", "MM/DD/YYYY hh:mm AM", "epoch", "epoch_ms",
    ].compactMap { TimePattern($0) }

    static func reads(_ text: String, _ pattern: TimePattern) -> Bool {
        // A few digits alone are a number, not seconds since 1970.
        let isEpoch = pattern.text.hasPrefix("epoch")
        let shortest = pattern.text == "epoch_ms" ? 12 : isEpoch ? 9 : 6
        guard (shortest...40).contains(text.utf8.count) else { return false }
        var bytes = text
        return bytes.withUTF8 { bytes in
            let bytes = UnsafeRawBufferPointer(bytes)
            if !isEpoch, !pattern.tellsTime(of: bytes) {
                if case .success = pattern.date(bytes, in: .utc) { return true }
                return false
            }
            if case .success = pattern.instant(bytes, in: .utc) { return true }
            return false
        }
    }
}
