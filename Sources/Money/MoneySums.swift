/// Sums of amounts by currency, in minor units, too wide for any number of rows to overflow.
///
/// A currency whose sum is zero is the same as one that was never added.
@frozen
public struct MoneySums: Sendable {
    /// The sum of the currency that was added last stands apart: rows mostly follow others of theirs.
    @usableFromInline var current = Currency.none
    @usableFromInline var sum: Int128 = 0
    @usableFromInline var isCurrentUsed = false
    @usableFromInline var others: [Currency: Int128] = [:]

    /// Nothing yet.
    public init() {}

    /// The sums given.
    public init(_ sums: [Currency: Int128]) { others = sums }

    /// Adds an amount.
    @inlinable @inline(__always)
    public mutating func add(_ minorUnits: Int64, _ currency: Currency) {
        add(Int128(minorUnits), currency)
    }

    /// Adds a sum.
    @inlinable @inline(__always)
    public mutating func add(_ minorUnits: Int128, _ currency: Currency) {
        if currency.rawValue != current.rawValue || !isCurrentUsed { turn(to: currency) }
        sum += minorUnits
    }

    @usableFromInline @inline(never)
    mutating func turn(to currency: Currency) {
        if isCurrentUsed { others[current, default: 0] += sum }
        sum = 0
        current = currency
        isCurrentUsed = true
    }

    /// Whether nothing was ever added, not even zero.
    public var isEmpty: Bool { !isCurrentUsed && others.isEmpty }

    /// Adds other sums: every currency that was added there was then added here, be its sum zero or not.
    public mutating func add(_ more: MoneySums) {
        for currency in more.currencies { add(more[currency], currency) }
    }

    /// Takes other sums off.
    public mutating func subtract(_ less: MoneySums) {
        for (currency, sum) in less.entries { add(-sum, currency) }
    }

    /// The sum of a currency.
    public subscript(currency: Currency) -> Int128 {
        others[currency, default: 0] + (isCurrentUsed && currency == current ? sum : 0)
    }

    /// Every currency that was added, be its sum zero or not, in order of the codes.
    public var currencies: [Currency] {
        Set(others.keys).union(isCurrentUsed ? [current] : []).sorted()
    }

    /// Every sum that is not zero, in order of the codes.
    public var entries: [(currency: Currency, sum: Int128)] {
        var all = others
        if isCurrentUsed { all[current, default: 0] += sum }
        return all.filter { $0.value != 0 }.sorted { $0.key < $1.key }
            .map { (currency: $0.key, sum: $0.value) }
    }
}

extension MoneySums: Equatable {
    /// Whether every currency has the same sum.
    public static func == (left: MoneySums, right: MoneySums) -> Bool {
        left.entries.elementsEqual(right.entries) { $0 == $1 }
    }
}

extension Amount {
    /// The decimal text of a sum, with exactly so many digits behind the point.
    public static func text(sum minorUnits: Int128, digits: Int) -> String {
        var text = String(minorUnits.magnitude)
        if text.utf8.count <= digits {
            text = String(repeating: "0", count: digits + 1 - text.utf8.count) + text
        }
        if digits > 0 { text.insert(".", at: text.index(text.endIndex, offsetBy: -digits)) }
        return minorUnits < 0 ? "-" + text : text
    }
}
