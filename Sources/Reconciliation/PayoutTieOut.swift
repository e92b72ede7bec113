import Money
import Records
import Time

/// One payout of a gateway against the bank account, in one currency.
public struct PayoutTieOut: Sendable, Hashable {
    /// What came of holding the two together.
    public enum Status: UInt8, Sendable, CaseIterable, Worded {
        /// The words of outputs.
        public static let words = spelled()

        /// The bank received what the lines add up to.
        case tiedOut
        /// The bank has no line for it, and it is not yet due.
        case expected
        /// The bank received too little.
        case short
        /// The bank received too much.
        case over
        /// It is due, and the bank has no line for it.
        case missing
        /// There is no bank input.
        case notCompared
    }

    /// Where a residual comes from, as far as the figures tell.
    public enum Reason: UInt8, Sendable, CaseIterable, Worded {
        /// The words of outputs.
        public static let words = spelled()

        /// There is no residual.
        case none
        /// The bank has no line for it yet, and it is not yet due.
        case notYetDue
        /// The bank has no line for it.
        case notReceived
        /// The bank received what the lines' own net amounts add up to: their figures do not.
        case lineNets
        /// The bank received what the gateway says it paid out: the lines do not add up to that.
        case linesAgainstPayout
        /// The lines add up to what the gateway says it paid out: the bank received something else.
        case bankAgainstPayout
        /// Lines, the gateway's own word and the bank say three different things, or there is no
        /// word of the gateway's.
        case unexplained
    }

    /// The gateway's id of the payout.
    public var payout: String
    /// The currency of its amounts: a payout of several currencies is a tie-out for each.
    public var currency: Currency
    /// What its lines add up to, step by step.
    public var waterfall: PayoutWaterfall
    /// The latest day of its lines; `absent` where none has any.
    public var day: CivilDate
    /// The last day on which the bank's line is not yet late; `absent` where no line has a day, so
    /// that nothing says that it is still on its way.
    public var due = CivilDate.absent
    /// The indices of the bank lines that belong to it, rising.
    public var bankLines: [Int] = []
    /// What the bank received, in minor units; nil where there is no line of it.
    public var deposited: Int64?
    /// What came of holding the two together.
    public var status = Status.notCompared
    /// Where the residual comes from.
    public var reason = Reason.none

    /// A payout that nothing was held against yet.
    public init(payout: String, currency: Currency, waterfall: PayoutWaterfall, day: CivilDate) {
        self.payout = payout
        self.currency = currency
        self.waterfall = waterfall
        self.day = day
    }

    /// What should have been paid out, in minor units.
    public var net: Int64 { waterfall.net }

    /// What is missing at the bank, in minor units, negative where too much came; nil where there is
    /// no bank input.
    public var residual: Int64? { status == .notCompared ? nil : net - (deposited ?? 0) }

    /// The part of the residual that lies between the lines and the gateway's own word about the
    /// payout; nil where it says nothing.
    public var linesResidual: Int64? { waterfall.claimed.map { net - $0 } }

    /// The part that lies between what the gateway says it paid out, or else what its lines add up
    /// to, and the bank; nil where there is no bank input.
    public var bankResidual: Int64? {
        status == .notCompared ? nil : (waterfall.claimed ?? net) - (deposited ?? 0)
    }
}

/// What gateways settled and have not paid out yet, in one currency.
public struct UnpaidBalance: Sendable, Hashable {
    /// The currency of the amounts.
    public var currency: Currency
    /// What the lines add up to that name no payout, less what payouts without lines drew from it.
    public var waterfall: PayoutWaterfall

    /// Creates a balance.
    public init(currency: Currency, waterfall: PayoutWaterfall) {
        self.currency = currency
        self.waterfall = waterfall
    }
}

/// Every payout of the gateways, and what is not paid out yet: together all settlement lines.
public struct PayoutTieOuts: Sendable {
    /// By the payouts' ids, byte by byte, then by currency.
    public var payouts: [PayoutTieOut] = []
    /// By currency.
    public var unpaid: [UnpaidBalance] = []
    /// For each bank line the index of its payout, or -1.
    public var payoutOfBankLine: [Int] = []

    /// No payouts.
    public init() {}
}
