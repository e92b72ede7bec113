import Money
import Records

/// One break, with the records that it concerns; -1 stands for no such record.
public struct Break: Sendable {
    /// What is wrong.
    public var code: BreakCode
    /// The payment's row, or -1.
    public var payment: Int32 = -1
    /// The settlement line's row, or -1.
    public var settlement: Int32 = -1
    /// The booking's row, or -1.
    public var booking: Int32 = -1
    /// The gateway's id of the payout concerned, where a payout as a whole is; else empty.
    public var payout = ""
    /// The id of what else is concerned, a bank line or an emission; else empty.
    public var other = ""
    /// The amount concerned where no record of the tables is, in minor units.
    public var amount: Int64 = 0
    /// The currency of all amounts where no record of the tables is concerned.
    public var currency = Currency.none
    /// The money in doubt, in minor units, never negative.
    public var atRisk: Int64 = 0
    /// What should have been, in minor units or a count, as the code's explanation says.
    public var expected: Int64 = 0
    /// What was found instead.
    public var found: Int64 = 0
    /// The tax agreed on a fee, in minor units; nil where none was, or where no fee is concerned.
    public var agreedTax: Int64?
    /// Where a payout's residual comes from; nil where no payout is concerned.
    public var reason: PayoutTieOut.Reason?
    /// The closest candidate, and the condition that it failed; nil where there is none.
    public var nearMiss: NearMiss?

    /// The row of the payment that was made before, for a payment that was made twice; else nil.
    public var earlierPayment: Int32? { code == .duplicatePayment ? Int32(expected) : nil }

    /// A break without records.
    public init(_ code: BreakCode) { self.code = code }

    /// Makes it a break of a bank line.
    public mutating func concern(_ line: BankLine) {
        other = line.id
        amount = line.amount
        currency = line.currency
    }
}

/// What would have resolved a break, had one condition held.
public struct NearMiss: Sendable, Hashable {
    /// Which kind of record comes closest.
    public enum Candidate: UInt8, Sendable, CaseIterable {
        case payment, settlement, booking, bankLine, catalogueItem
    }

    /// The condition that failed.
    public enum Condition: UInt8, Sendable, CaseIterable {
        /// The amounts differ, by minor units.
        case amount
        /// The currencies differ; there is no distance.
        case currency
        /// The times lie further apart than allowed, by microseconds beyond what is allowed.
        case time
        /// The users differ; there is no distance.
        case user
        /// The items contradict each other; there is no distance.
        case item
        /// The references differ, by characters.
        case reference
        /// The candidate's state or status does not count; there is no distance.
        case status
        /// The candidate belongs to another record already; there is no distance.
        case taken
        /// The records name others than each other; there is no distance.
        case link
        /// The candidate fits others as well; there is no distance.
        case doubt
        /// The names are not alike enough, by millionths below what is asked for.
        case similarity
    }

    /// Which kind of record the candidate is.
    public var candidate: Candidate
    /// The candidate's row in its table.
    public var row: Int32
    /// The condition that failed.
    public var condition: Condition
    /// By how much, in the condition's own unit; 0 where it has none.
    public var distance: Int64

    /// Creates a near miss.
    public init(candidate: Candidate, row: Int32, condition: Condition, distance: Int64 = 0) {
        self.candidate = candidate
        self.row = row
        self.condition = condition
        self.distance = distance
    }
}
