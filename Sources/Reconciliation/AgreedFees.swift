import Money
import Records
import Rules

/// What gateways may keep of a charge, for whoever makes one up.
public struct AgreedFees: Sendable {
    /// What was agreed for one charge, in minor units of its currency.
    public struct Cost: Sendable, Hashable {
        /// The fee.
        public var fee: Int64
        /// The tax on it; nil where none was agreed.
        public var tax: Int64?
    }

    private let book: FeeBook

    /// Puts the rules in order; `currency` is the pipeline's own.
    public init(_ rules: FeeRules, currency: Currency) {
        book = FeeBook(rules, currency: currency)
    }

    /// The cost of a charge; nil where nothing was agreed for it.
    ///
    /// `gateway` and `method` are numbers among the words of the rates.
    public func cost(
        of gross: Int64, _ currency: Currency, gateway: UInt8, method: UInt8
    ) -> Cost? {
        guard
            let terms = book.agreement(currency: currency, gateway: gateway, method: method)?.terms
        else { return nil }
        let fee = terms.fee(on: gross)
        return Cost(fee: fee, tax: terms.tax?.share(of: fee))
    }
}
