import Money
import Reporting

/// Figures and durations as sentences have them.
enum Phrases {
    /// An amount with its currency: `120.00 GHS`.
    static func money(_ amount: String, _ currency: String) -> String {
        amount.isEmpty ? "no amount" : currency.isEmpty ? amount : "\(amount) \(currency)"
    }

    /// Minor units with their currency.
    static func money(_ minorUnits: Int64, _ currency: String) -> String {
        let digits = Currency(currency)?.digits ?? 2
        return money(Amount.text(minorUnits, digits: digits), currency)
    }

    /// The minor units of an amount of a table; nil where it is none.
    static func minorUnits(_ amount: String, _ currency: String) -> Int64? {
        guard
            case .success(let value) = Amount.parse(
                amount, digits: Currency(currency)?.digits ?? 2)
        else { return nil }
        return value
    }

    /// A count with its noun, which takes an s unless there is exactly one.
    static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }

    /// A stretch of time in its two largest units: `3 d 4 h`.
    static func duration(microseconds: Int64) -> String {
        let seconds = microseconds.magnitude / 1_000_000
        let parts = [
            (seconds / 86_400, "d"), (seconds / 3600 % 24, "h"), (seconds / 60 % 60, "min"),
            (seconds % 60, "s"),
        ]
        guard let first = parts.firstIndex(where: { $0.0 > 0 }) else { return "less than a second" }
        return parts[first...].prefix(2).filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
            .joined(separator: " ")
    }

    /// Words of the outputs as people write them: `late_settlement` is `late settlement`.
    static func spaced(_ word: String) -> String {
        String(word.map { $0 == "_" ? " " : $0 })
    }

    /// Names one after the other: `a, b and c`.
    static func list(_ names: [String]) -> String {
        guard let last = names.last, names.count > 1 else { return names.first ?? "" }
        return names.dropLast().joined(separator: ", ") + " and " + last
    }
}
