import Money
import Records
import Time

/// What earlier runs emitted.
public enum EmittedThing: UInt8, Sendable, CaseIterable, Worded {
    /// The words of outputs.
    public static let words = spelled()

    case statusUpdate, bookingLink, booking, ticket, commission, payout, commissionReversal
    case payoutReversal
    case orderUpdate
    case sessionUpdate
}

/// Something that an earlier run emitted and that the dumps do not show yet, or never will.
public struct WaitingEmission: Sendable {
    /// What was emitted.
    public var thing: EmittedThing
    /// The id of what was emitted; for a change of status that of the record whose status it is.
    public var id: String
    /// The id of the payment for which it was emitted.
    public var paymentID: String
    /// The payment's user, in lower case.
    public var user: String
    /// What the booking or ticket is for; for a transaction the seller; else empty.
    public var item: String
    /// Minor units.
    public var amount: Int64
    /// The currency of the amount.
    public var currency: Currency
    /// The booking's or ticket's status; for a change of status the new one; else empty.
    public var status: String
    /// The as-of of the run that emitted it.
    public var emittedAt: Instant
    /// The fingerprint of the payment's id.
    public var payment: Fingerprint
    /// The fingerprint of the user.
    public var userPrint: Fingerprint

    /// Creates an entry.
    public init(
        thing: EmittedThing, id: String, paymentID: String, user: String, item: String,
        amount: Int64, currency: Currency, status: String, emittedAt: Instant,
        payment: Fingerprint, userPrint: Fingerprint
    ) {
        self.thing = thing
        self.id = id
        self.paymentID = paymentID
        self.user = user
        self.item = item
        self.amount = amount
        self.currency = currency
        self.status = status
        self.emittedAt = emittedAt
        self.payment = payment
        self.userPrint = userPrint
    }
}

/// What earlier runs took back of a payment, as positive amounts in minor units.
public struct EmittedReversals: Sendable, Equatable {
    /// Of the commission.
    public var commission: Int64 = 0
    /// Of the payout.
    public var payout: Int64 = 0
    /// In so many pairs of transactions.
    public var count = 0

    /// Nothing.
    public init() {}
}

/// What earlier runs emitted and the dumps do not show yet: none of it is emitted again.
public struct WaitingEmissions: Sendable {
    /// In the order in which they were emitted.
    public private(set) var entries: [WaitingEmission] = []
    private var keys: Set<Key> = []
    private var bookingByPayment: [Fingerprint: Int] = [:]
    private var bookingIDs: Set<String> = []
    private var sessionIDs: Set<String> = []
    private var statusByPayment: [Fingerprint: Int] = [:]
    private var orderIDs: Set<String> = []
    private var reversalsByPayment: [Fingerprint: EmittedReversals] = [:]
    private var commissionByPayment: [Fingerprint: Int] = [:]

    private struct Key: Hashable {
        let thing: EmittedThing
        let id: String
        let paymentID: String
    }

    /// Nothing waits.
    public init() {}

    /// Keeps those entries that still wait.
    public init(_ entries: some Sequence<WaitingEmission>) {
        for entry in entries { add(entry) }
    }

    private mutating func add(_ entry: WaitingEmission) {
        if entry.thing == .statusUpdate {
            // A later finding about a payment takes the place of an earlier one.
            if let earlier = statusByPayment[entry.payment] {
                entries[earlier] = entry
                return
            }
            statusByPayment[entry.payment] = entries.count
        }
        if entry.thing == .sessionUpdate { sessionIDs.insert(entry.id) }
        if entry.thing == .booking || entry.thing == .ticket {
            bookingByPayment[entry.payment] = entries.count
            bookingIDs.insert(entry.id)
        }
        switch entry.thing {
        case .orderUpdate: orderIDs.insert(entry.id)
        case .commission: commissionByPayment[entry.payment] = entries.count
        case .commissionReversal:
            reversalsByPayment[entry.payment, default: EmittedReversals()].commission -=
                entry.amount
            reversalsByPayment[entry.payment, default: EmittedReversals()].count += 1
        case .payoutReversal:
            reversalsByPayment[entry.payment, default: EmittedReversals()].payout -= entry.amount
        default: break
        }
        keys.insert(Key(thing: entry.thing, id: entry.id, paymentID: entry.paymentID))
        entries.append(entry)
    }

    /// The booking or ticket that waits for a payment.
    public func booking(ofPayment payment: Fingerprint) -> WaitingEmission? {
        bookingByPayment[payment].map { entries[$0] }
    }

    /// The status, as a word, that an earlier run found a payment to have.
    public func status(ofPayment payment: Fingerprint) -> String? {
        statusByPayment[payment].map { entries[$0].status }
    }

    /// The commission on a payment that an earlier run emitted, with its seller as the item.
    public func commission(ofPayment payment: Fingerprint) -> WaitingEmission? {
        commissionByPayment[payment].map { entries[$0] }
    }

    /// Whether an earlier run found an order to be paid, by whatever payment.
    public func hasOrder(id: String) -> Bool { orderIDs.contains(id) }

    /// What earlier runs took back of a payment's commission and payout.
    public func reversals(ofPayment payment: Fingerprint) -> EmittedReversals {
        reversalsByPayment[payment] ?? EmittedReversals()
    }

    /// Whether a booking or ticket of this id waits.
    public func hasBooking(id: String) -> Bool { bookingIDs.contains(id) }

    /// Whether an earlier run completed the session of this id, and no dump shows it yet.
    public func hasSessionUpdate(id: String) -> Bool { sessionIDs.contains(id) }

    /// Whether exactly this was emitted before; for changes of status ask for the status.
    public func has(_ thing: EmittedThing, id: String, paymentID: String) -> Bool {
        !keys.isEmpty && keys.contains(Key(thing: thing, id: id, paymentID: paymentID))
    }
}
