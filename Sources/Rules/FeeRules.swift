import Money

/// What was agreed with the gateways.
public struct FeeRules: Sendable, Hashable {
    /// What applies to a charge in the pipeline's currency that no rate fits.
    public var terms = FeeTerms()
    /// The largest difference that is no break, in minor units of the pipeline's currency.
    public var tolerance: Int64 = 0
    /// What was agreed for some charges only; the first that fits one applies to it.
    public var rates: [FeeRate] = []

    /// No fee at all.
    public init() {}
}

/// What a charge may cost: a share and a fixed part, within bounds, and the tax on it.
public struct FeeTerms: Sendable, Hashable {
    /// Share of the gross amount; nil for none.
    public var percent: Rate?
    /// Fixed part of each charge's fee, in minor units; nil for none.
    public var fixed: Int64?
    /// The least fee, in minor units; nil for no bound.
    public var minimum: Int64?
    /// The greatest fee, likewise.
    public var maximum: Int64?
    /// The tax on the fee, as a share of it; nil where none was agreed, and so none is compared.
    public var tax: Rate?

    /// Nothing agreed.
    public init() {}

    /// Whether nothing was agreed.
    public var isEmpty: Bool { self == FeeTerms() }

    /// Whether any of the figures is an amount, and so is of one currency only.
    public var hasAmounts: Bool { fixed != nil || minimum != nil || maximum != nil }

    /// The fee of a charge, in minor units: share and fixed part, rounded half to even, then
    /// brought between the bounds.
    public func fee(on gross: Int64) -> Int64 {
        let fee = (percent?.share(of: gross) ?? 0) + (fixed ?? 0)
        return max(min(fee, maximum ?? .max), minimum ?? 0)
    }
}

/// What was agreed for the charges of a gateway, of a method, in a currency.
public struct FeeRate: Sendable, Hashable {
    /// The gateway whose charges these are, in any case; nil for all.
    public var gateway: String?
    /// The method by which they are paid, likewise.
    public var method: String?
    /// The currency in which they are, and in which all amounts of the rate stand; nil for the
    /// pipeline's own where the rate has amounts, and for all where it has none.
    public var currency: Currency?
    /// What such a charge may cost.
    public var terms = FeeTerms()
    /// The largest difference that is no break, in minor units; nil leaves it to the general one.
    public var tolerance: Int64?

    /// A rate for every charge, of nothing.
    public init() {}
}

/// The few words by which rates tell gateways and methods apart, numbered so that a row of a table
/// needs one byte for each.
public struct FeeWords: Sendable, Hashable {
    /// A row that names nothing.
    public static let unnamed: UInt8 = 0
    /// A row that names something of which no rate speaks.
    public static let other: UInt8 = 255
    /// How many words of a kind rates can have.
    public static let most = 254

    /// The gateways in lower case; the first has the number 1.
    public let gateways: [String]
    /// The methods, likewise.
    public let methods: [String]

    /// The words of the rates, in their order.
    public init(_ rules: FeeRules?) {
        gateways = FeeWords.distinct(rules?.rates.compactMap(\.gateway) ?? [])
        methods = FeeWords.distinct(rules?.rates.compactMap(\.method) ?? [])
    }

    private static func distinct(_ words: [String]) -> [String] {
        var found: [String] = []
        for word in words.map({ $0.lowercased() }) where !found.contains(word) {
            found.append(word)
        }
        return found
    }

    /// The number of a word among `words`, ignoring case.
    public static func number(of word: String, in words: [String]) -> UInt8 {
        guard let place = words.firstIndex(of: word.lowercased()), place < most else {
            return other
        }
        return UInt8(place + 1)
    }
}
