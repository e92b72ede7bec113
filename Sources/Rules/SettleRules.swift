import Money
import Time

/// Commission, payouts and the business calendar.
public struct SettleRules: Sendable, Hashable {
    /// The marketplace's share of each payment.
    public var commission = CommissionRules()
    /// How long a payout waits after completion.
    public var hold = PayoutHold.days(7)
    /// On which days payouts are made.
    public var payoutDays = PayoutDays.all
    /// The least payout, in minor units of the pipeline's currency.
    public var minimum: Int64 = 0
    /// Sellers to whom nothing is paid for now, in lower case.
    public var held: Set<String> = []
    /// Days on which nothing is paid.
    public var holidays: Set<CivilDate> = []
    /// Weekdays on which nothing is paid, Monday 0 to Sunday 6.
    public var weekend: Set<Int> = [5, 6]

    /// The defaults.
    public init() {}
}

/// How long a payout waits after its payment was completed.
public enum PayoutHold: Sendable, Hashable {
    /// So many days of the calendar.
    case days(Int)
    /// So many days on which business is done.
    case businessDays(Int)
}

/// On which days payouts are made; one that is no business day gives way to the next.
public enum PayoutDays: Sendable, Hashable {
    /// On every business day.
    case all
    /// On these days of each week, Monday 0 to Sunday 6; never empty.
    case weekly(Set<Int>)
    /// On these days of each month, from 1 to 31; in a month that is shorter, on its last. Never
    /// empty.
    case monthly(Set<Int>)
}

/// The marketplace's share of each payment.
public struct CommissionRules: Sendable, Hashable {
    /// What applies where no rate fits.
    public var terms = CommissionTerms()
    /// What was agreed for some payments only; the first that fits one applies to it.
    public var rates: [CommissionRate] = []

    /// No commission at all.
    public init() {}

    /// The terms that apply to a payment.
    ///
    /// - Parameters:
    ///   - seller: The seller, in lower case.
    ///   - kind: The kind of what was bought, in lower case; empty where nothing tells it.
    ///   - currency: The payment's currency.
    ///   - pipeline: The pipeline's own, in which amounts stand where a rate names none.
    /// - Returns: Those of the first rate that fits, else the general ones; these without their
    ///   amounts where the payment is in another currency.
    public func terms(
        seller: String, kind: String, currency: Currency, pipeline: Currency
    ) -> CommissionTerms {
        let found = rates.first { rate in
            (rate.seller == nil || rate.seller == seller) && (rate.kind == nil || rate.kind == kind)
                && rate.applies(to: currency, pipeline: pipeline)
        }
        if let found { return found.terms }
        return currency == pipeline ? terms : terms.withoutAmounts
    }

    /// Whether a rate asks for the kind of what was bought.
    public var readsKinds: Bool { rates.contains { $0.kind != nil } }
}

/// A commission that was agreed for a seller, for a kind, in a currency.
public struct CommissionRate: Sendable, Hashable {
    /// The kind of what is bought, in lower case; nil for all.
    public var kind: String?
    /// The seller, in lower case; nil for all.
    public var seller: String?
    /// The currency of the payments, and of the rate's amounts; nil for the pipeline's own where the
    /// rate has amounts, and for all where it has none.
    public var currency: Currency?
    /// What is taken of such a payment.
    public var terms = CommissionTerms()

    /// A rate for every payment, of nothing.
    public init() {}

    fileprivate func applies(to currency: Currency, pipeline: Currency) -> Bool {
        guard let own = self.currency ?? (terms.hasAmounts ? pipeline : nil) else { return true }
        return own == currency
    }
}

/// What is taken of a payment: a share, or a share by tiers, and a fixed part.
public struct CommissionTerms: Sendable, Hashable {
    /// The share of the amount; nil for none, and beside tiers.
    public var percent: Rate?
    /// The fixed part for each payment, in minor units; nil for none.
    public var fixed: Int64?
    /// Shares by amount, the lowest first, the first of them from 0 on; empty for none.
    public var tiers: [CommissionTier] = []
    /// What a tier's share is taken of.
    public var tiersApply = TierScope.part

    /// Nothing is taken.
    public init() {}

    /// Whether any of the figures is an amount, and so is of one currency only.
    public var hasAmounts: Bool { fixed != nil || !tiers.isEmpty }

    /// What is left of them for a payment in another currency.
    fileprivate var withoutAmounts: CommissionTerms {
        guard hasAmounts else { return self }
        var terms = CommissionTerms()
        terms.percent = percent
        return terms
    }

    /// The commission on an amount, in minor units.
    ///
    /// Shares of all tiers are added up exactly and rounded once, half to even; with the fixed part
    /// it is never more than the amount, so that no payout is negative.
    ///
    /// - Precondition: `amount` is not negative.
    public func commission(on amount: Int64) -> Int64 {
        let share = Rate.roundHalfEven(scaledShare(of: amount), dividedBy: Self.scale)
        return min(Int64(share) + (fixed ?? 0), amount)
    }

    /// Millionths of a percent in a whole.
    private static let scale: Int128 = 100_000_000

    /// The exact share, times `scale`.
    private func scaledShare(of amount: Int64) -> Int128 {
        func share(_ part: Int64, _ rate: Rate) -> Int128 {
            Int128(part) * Int128(rate.millionthsOfPercent)
        }
        guard !tiers.isEmpty else { return percent.map { share(amount, $0) } ?? 0 }
        switch tiersApply {
        case .whole:
            return tiers.last { $0.from <= amount }.map { share(amount, $0.percent) } ?? 0
        case .part:
            var sum: Int128 = 0
            for (index, tier) in tiers.enumerated() where tier.from < amount {
                let end = index + 1 < tiers.count ? min(tiers[index + 1].from, amount) : amount
                sum += share(end - tier.from, tier.percent)
            }
            return sum
        }
    }
}

/// A share that begins at an amount.
public struct CommissionTier: Sendable, Hashable {
    /// The amount from which it applies, in minor units.
    public var from: Int64 = 0
    /// The share.
    public var percent = Rate(millionthsOfPercent: 0)

    /// Nothing, from the first minor unit on.
    public init() {}

    /// A share from an amount on.
    public init(from: Int64, percent: Rate) {
        self.from = from
        self.percent = percent
    }
}

/// What a tier's share is taken of.
public enum TierScope: String, Sendable, CaseIterable {
    /// Of the part of the amount that lies in the tier.
    case part
    /// Of the whole amount, which lies in one tier.
    case whole
}
