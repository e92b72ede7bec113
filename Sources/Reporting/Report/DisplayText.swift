import Money

/// Numbers and words as people read them.
enum DisplayText {
    /// The sign before negative numbers.
    enum Minus: String {
        /// For plain terminals and programs.
        case hyphen = "-"
        /// As wide as a digit, and hard to overlook.
        case typographic = "\u{2212}"
    }

    /// A decimal number of minor units, exactly: `-1234.50`.
    static func plain(_ minorUnits: Int128, digits: Int) -> String {
        let parts = split(minorUnits, digits: digits)
        return (minorUnits < 0 ? "-" : "") + parts.whole + parts.decimals
    }

    /// A decimal number with commas between the thousands: `1,234.50`.
    static func grouped(_ minorUnits: Int128, digits: Int, minus: Minus = .typographic) -> String {
        let parts = split(minorUnits, digits: digits)
        var whole = ""
        for (place, digit) in parts.whole.enumerated() {
            if place > 0, (parts.whole.count - place).isMultiple(of: 3) { whole += "," }
            whole.append(digit)
        }
        return (minorUnits < 0 ? minus.rawValue : "") + whole + parts.decimals
    }

    /// A count with commas between the thousands.
    static func count(_ number: Int, minus: Minus = .typographic) -> String {
        grouped(Int128(number), digits: 0, minus: minus)
    }

    /// A count with its noun, which takes an s unless there is exactly one.
    static func count(_ number: Int, _ noun: String) -> String {
        "\(count(number)) \(noun)\(number == 1 ? "" : "s")"
    }

    /// An amount with the currency's code behind it, set so that a line does not break between.
    static func amount(
        _ minorUnits: Int128, _ currency: Currency, minus: Minus = .typographic
    ) -> String {
        let space = minus == .typographic ? "\u{A0}" : " "
        return grouped(minorUnits, digits: currency.digits, minus: minus) + space
            + currency.reportCode
    }

    /// Ten-thousandths as a percentage: 9731 is `97.31 %`.
    static func percent(_ tenThousandths: Int64, minus: Minus = .typographic) -> String {
        let space = minus == .typographic ? "\u{A0}" : " "
        return plain(Int128(tenThousandths), digits: 2) + space + "%"
    }

    /// A word of the outputs as a heading: `false_success` is `False success`.
    static func heading(_ word: String) -> String {
        let spaced = String(word.map { $0 == "_" ? " " : $0 })
        return spaced.prefix(1).uppercased() + spaced.dropFirst()
    }

    private static func split(
        _ minorUnits: Int128, digits: Int
    ) -> (whole: String, decimals: String) {
        let magnitude = String(minorUnits.magnitude)
        guard digits > 0 else { return (magnitude, "") }
        let padding = max(0, digits + 1 - magnitude.utf8.count)
        let padded = String(repeating: "0", count: padding) + magnitude
        return (String(padded.dropLast(digits)), "." + padded.suffix(digits))
    }
}

extension Currency {
    /// The code; for no currency `XXX`, which ISO 4217 keeps for that.
    var reportCode: String { self == .none ? "XXX" : code }
}

/// Sums by currency, in minor units.
struct CurrencySums: Sendable {
    /// The report's own currency first, then by code.
    private(set) var entries: [(currency: Currency, sum: Int128)] = []
    private let own: Currency

    /// Nothing yet.
    init(own: Currency) { self.own = own }

    /// Adds to the sum of a currency.
    mutating func add(_ minorUnits: Int128, _ currency: Currency) {
        if let place = entries.firstIndex(where: { $0.currency == currency }) {
            entries[place].sum += minorUnits
            return
        }
        let place = entries.firstIndex { precedes(currency, $0.currency) } ?? entries.count
        entries.insert((currency, minorUnits), at: place)
    }

    /// The sum of a currency.
    subscript(_ currency: Currency) -> Int128 {
        entries.first { $0.currency == currency }?.sum ?? 0
    }

    /// Each of some currencies once, in the order of sums.
    static func currencies(_ all: some Sequence<Currency>, own: Currency) -> [Currency] {
        var sums = CurrencySums(own: own)
        for currency in all { sums.add(0, currency) }
        return sums.entries.map(\.currency)
    }

    private func precedes(_ left: Currency, _ right: Currency) -> Bool {
        left == own ? right != own : right != own && left < right
    }
}
