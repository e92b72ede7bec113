import Money
import Reconciliation
import Records
import Time

/// What a run adds to the business's own records, in order of the payments.
public struct Emissions: Sendable {
    /// Payments whose status changes.
    public var statusUpdates: [Int32] = []
    /// Bookings that were matched without naming their payment.
    public var bookingLinks: [BookingLink] = []
    /// Orders that payments have made paid.
    public var orderUpdates: [OrderUpdate] = []
    /// Bookings for payments that had none.
    public var bookings: [NewBooking] = []
    /// Tickets for payments that had none.
    public var tickets: [NewBooking] = []
    /// Sessions that are completed, in order of the sessions.
    public var sessionUpdates: [SessionUpdate] = []
    /// What was decided on each session, in their order.
    public var sessionDecisions: ContiguousArray<SessionDecision> = []
    /// Commissions, payouts and what reversals take back of them.
    public var transactions: [Transaction] = []
    /// What each seller is paid, in the order of the first transaction of each payout.
    public var payouts: [Payout] = []
    /// What sellers are owed, or owe, after these payouts, for the next run.
    public var balances: [SellerBalance] = []
    /// What was decided on each payment that may be due a booking, in order of the payments; nil
    /// where nothing is booked.
    public var bookingDecisions: [(payment: Int32, decision: BackfillDecision)]?
    /// The succeeded and evidenced payments that have a seller, whether or not anything is emitted
    /// for them, in order of the payments; nil where nobody is paid out.
    public var paymentsWithSeller: [Int32]?

    /// Nothing.
    public init() {}
}

/// A booking or ticket for a payment that had none.
public struct NewBooking: Sendable {
    /// The booking's or ticket's id, which follows from the payment's.
    public var id: String
    /// The payment's row.
    public var payment: Int32
    /// What was bought, and how that is known.
    public var purchase: Purchase
    /// Pending for a pending payment, else confirmed.
    public var status: BookingStatus
}

/// One movement between the marketplace and a seller.
public struct Transaction: Sendable {
    /// What it is.
    public enum Kind: UInt8, Sendable, CaseIterable, Worded {
        /// The words of outputs.
        public static let words = spelled()

        case commission, payout, commissionReversal, payoutReversal
    }

    /// The transaction's id, made from its content.
    public var id: String
    /// The payment's row.
    public var payment: Int32
    /// What it is.
    public var kind: Kind
    /// The seller, as the dumps name them.
    public var seller: String
    /// Minor units; negative for reversals.
    public var amount: Int64
    /// When the payout that it belongs to falls due.
    public var due: CivilDate
}

/// What a seller is paid on one day.
public struct Payout: Sendable {
    /// Whether it is paid.
    public enum Status: UInt8, Sendable, CaseIterable, Worded {
        /// The words of outputs.
        public static let words = spelled()

        case scheduled, belowMinimum, held, carried
    }

    /// The payout's id, made from its content.
    public var id: String
    /// The seller, as the dumps name them.
    public var seller: String
    /// The currency of the amount.
    public var currency: Currency
    /// Minor units, with what is brought forward.
    public var amount: Int64
    /// What the seller's payout before this one did not pay, with that payout's id; nil for nothing.
    public var broughtForward: SellerBalance?
    /// When it falls due, a business day.
    public var due: CivilDate
    /// Whether it is paid, or why it waits.
    public var status: Status
    /// Indices into the run's transactions, in their order.
    public var transactions: [Int]
}

/// Which payments a run may emit for; all where neither users nor payments are named.
public struct Selection: Sendable {
    /// The fingerprints of users; the case of the name does not matter.
    public var users: Set<Fingerprint> = []
    /// Ids or references.
    public var payments: Set<Fingerprint> = []

    /// Everything.
    public init() {}

    /// Whether the payment was asked for.
    public func includes(_ row: PaymentRow) -> Bool {
        if users.isEmpty, payments.isEmpty { return true }
        return users.contains(row.user) || payments.contains(row.id)
            || payments.contains(row.reference)
    }
}

/// Makes ids from content, so that the same thing always gets the same id.
public struct IdentityMaker: Sendable {
    /// The pipeline's name, part of every id.
    let pipeline: String
    /// So many hexadecimal digits, in upper case, of the SHA-256 of parts joined by the byte 0x1F.
    let digits: @Sendable (_ parts: [String], _ count: Int) -> String

    /// Creates a maker with the digest that it uses.
    public init(
        pipeline: String, digits: @escaping @Sendable (_ parts: [String], _ count: Int) -> String
    ) {
        self.pipeline = pipeline
        self.digits = digits
    }

    /// The id of a break of these parts.
    public func breakID(_ parts: [String]) -> String {
        wideID(prefix: "BR", what: "break", key: parts)
    }

    /// The digits of the first id that the booking of a payment would get.
    public func bookingDigits(ofPayment id: String) -> UInt32 {
        UInt32(digits(["booking", pipeline, id], 8), radix: 16) ?? 0
    }

    /// The id of a transaction: for a payment of its id, for a reversal of the line's id too.
    func transactionID(_ kind: Transaction.Kind, key: [String]) -> String {
        wideID(prefix: "TX", what: kind.word, key: key)
    }

    /// An id of sixteen digits, of which no two of many millions meet.
    func wideID(prefix: String, what: String, key: [String]) -> String {
        prefix + "-" + digits([what, pipeline] + key, 16)
    }

    /// `PREFIX-` and the first eight digits of the digest of what, pipeline and key; four more at a
    /// time as long as that id is taken.
    func id(
        prefix: String, what: String, key: [String], isTaken: (String) -> Bool = { _ in false }
    ) -> String {
        let parts = [what, pipeline] + key
        var count = 8
        var id = prefix + "-" + digits(parts, count)
        while isTaken(id), count < 64 {
            count += 4
            id = prefix + "-" + digits(parts, count)
        }
        return id
    }
}
