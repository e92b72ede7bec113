import Money
import Records
import Rules

/// What was agreed with the gateways, ready to be held against one charge after the other.
struct FeeBook: Sendable {
    /// What applies to a charge.
    struct Agreement: Sendable {
        let terms: FeeTerms
        /// The largest difference that is no break, in minor units of the charge's currency.
        let tolerance: Int64
    }

    /// A charge's fee that is not what was agreed.
    struct Difference: Sendable {
        let code: BreakCode
        let agreedFee: Int64
        /// Nil where no tax was agreed.
        let agreedTax: Int64?
        let atRisk: Int64
    }

    private struct Rate: Sendable {
        /// `FeeWords.unnamed` for every gateway.
        let gateway: UInt8
        /// `FeeWords.unnamed` for every method.
        let method: UInt8
        /// `none` for every currency.
        let currency: Currency
        let terms: FeeTerms
        /// Nil for the general one, which is of the pipeline's currency.
        let tolerance: Int64?
    }

    private let rates: [Rate]
    private let general: Int64
    private let currency: Currency

    /// Puts the rules in order; `currency` is the pipeline's own.
    init(_ rules: FeeRules, currency: Currency) {
        let words = FeeWords(rules)
        func number(_ word: String?, _ words: [String]) -> UInt8 {
            word.map { FeeWords.number(of: $0, in: words) } ?? FeeWords.unnamed
        }
        var rates = rules.rates.map { rate in
            let isOfOneCurrency = rate.terms.hasAmounts || rate.tolerance != nil
            return Rate(
                gateway: number(rate.gateway, words.gateways),
                method: number(rate.method, words.methods),
                currency: rate.currency ?? (isOfOneCurrency ? currency : .none),
                terms: rate.terms, tolerance: rate.tolerance)
        }
        // Rates alone say nothing of the charges that none of them fits.
        if rates.isEmpty || !rules.terms.isEmpty {
            rates.append(
                Rate(
                    gateway: FeeWords.unnamed, method: FeeWords.unnamed, currency: currency,
                    terms: rules.terms, tolerance: nil))
        }
        self.rates = rates
        general = rules.tolerance
        self.currency = currency
    }

    /// What was agreed for a charge; nil where nothing was.
    func agreement(currency: Currency, gateway: UInt8, method: UInt8) -> Agreement? {
        let found = rates.first { rate in
            (rate.gateway == FeeWords.unnamed || rate.gateway == gateway)
                && (rate.method == FeeWords.unnamed || rate.method == method)
                && (rate.currency == .none || rate.currency == currency)
        }
        return found.map {
            Agreement(
                terms: $0.terms,
                tolerance: $0.tolerance ?? (currency == self.currency ? general : 0))
        }
    }
}

extension FeeBook.Agreement {
    /// How a charge's fee differs from what was agreed; nil where it does not.
    ///
    /// A line without tax is taken to have it in its fee. Where it has both, each must agree for
    /// itself: a fee that is too high is not made good by a tax that is too low.
    func difference(_ row: SettlementRow) -> FeeBook.Difference? {
        let fee = terms.fee(on: row.gross)
        let tax = terms.tax?.share(of: fee)
        let hasOwnTax = tax != nil && row.tax != 0
        let feeDifference = row.fee - fee - (hasOwnTax ? 0 : tax ?? 0)
        let taxDifference = hasOwnTax ? row.tax - (tax ?? 0) : 0
        let allowed = tolerance.magnitude
        guard feeDifference.magnitude > allowed || taxDifference.magnitude > allowed else {
            return nil
        }
        let whole = feeDifference + taxDifference
        let code: BreakCode
        if row.fee == 0, fee > tolerance {
            code = .feeMissing
        } else if whole != 0 {
            code = whole > 0 ? .feeOver : .feeUnder
        } else {
            code = feeDifference > 0 ? .feeOver : .feeUnder
        }
        return FeeBook.Difference(
            code: code, agreedFee: fee, agreedTax: tax,
            atRisk: abs(feeDifference) + abs(taxDifference))
    }
}
