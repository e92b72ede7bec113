import Money
import Time

/// One entry of the journal: what moved on one day, as postings that add up to zero.
public struct LedgerEntry: Sendable {
    /// What happened.
    public enum Event: UInt8, Sendable, CaseIterable {
        /// A payment succeeded; with its first charge, where there is one.
        case sale
        /// A line of the settlement's type.
        case charge, refund, chargeback, chargebackReversal, fee, adjustment, reserve, payout
        /// A line of the bank account, or a payout that has none.
        case deposit, withdrawal, payoutMissing
        /// Commission and payouts that no line of the dumps explains.
        case shares
    }

    /// An amount on an account.
    public struct Posting: Sendable {
        /// The account.
        public let account: LedgerAccount
        /// Minor units; debits are positive.
        public internal(set) var amount: Int64
    }

    /// What happened.
    public internal(set) var event = Event.sale
    /// The civil date in the pipeline's zone.
    public internal(set) var date = CivilDate.absent
    /// The payment's row, or -1.
    public internal(set) var payment: Int32 = -1
    /// The settlement line's row, or -1.
    public internal(set) var line: Int32 = -1
    /// The index of the gateway's payout among the tie-outs, or -1.
    public internal(set) var payout = -1
    /// The index of the bank line, or -1.
    public internal(set) var bankLine = -1
    /// The currency of every posting.
    public internal(set) var currency = Currency.none
    /// In the order in which they were added; an account stands once.
    public internal(set) var postings: ContiguousArray<Posting> = []

    /// Whether something in it still waits for money or for somebody.
    public var isOpen: Bool { postings.contains { $0.account.isOpen } }

    /// Debits less credits: zero, unless there is a mistake.
    public var difference: Int128 { postings.reduce(0) { $0 + Int128($1.amount) } }

    /// Begins another entry in the same memory.
    mutating func begin(_ event: Event, _ date: CivilDate, _ currency: Currency) {
        self.event = event
        self.date = date
        self.currency = currency
        payment = -1
        line = -1
        payout = -1
        bankLine = -1
        postings.removeAll(keepingCapacity: true)
    }

    /// Debits an account; a negative amount credits it.
    mutating func debit(_ account: LedgerAccount, _ amount: Int64) {
        guard amount != 0 else { return }
        for place in postings.indices
        where postings[place].account.rawValue == account.rawValue {
            postings[place].amount += amount
            if postings[place].amount == 0 { postings.remove(at: place) }
            return
        }
        postings.append(Posting(account: account, amount: amount))
    }

    /// Credits an account; a negative amount debits it.
    mutating func credit(_ account: LedgerAccount, _ amount: Int64) { debit(account, -amount) }
}
