import Money
import Records
import Time

/// A break as it is carried from run to run, by the ids of what it concerns.
public struct OpenItem: Sendable, Hashable {
    /// Whether somebody must still look at it.
    public enum State: UInt8, Sendable, CaseIterable, Worded {
        /// The words of outputs.
        public static let words = spelled()

        /// Somebody must.
        case open
        /// It is still there, and an override closes it.
        case overridden
        /// It was no longer there; remembered for a while, in case it comes back.
        case cleared
    }

    /// The break's id, the same from run to run.
    public var id: String
    /// What is wrong.
    public var code: BreakCode
    /// The id of the payment concerned; empty where none is.
    public var paymentID = ""
    /// The id of the settlement line concerned; empty where none is.
    public var settlementID = ""
    /// The id of the booking concerned; empty where none is.
    public var bookingID = ""
    /// The payout concerned as a whole; empty where none is.
    public var payout = ""
    /// The id of what else is concerned, a bank line or an emission; empty where nothing is.
    public var other = ""
    /// The as-of of the run that saw it first, however often it was cleared since.
    public var firstSeen: Instant
    /// The currency of the money in doubt.
    public var currency: Currency
    /// The money in doubt, in minor units.
    public var atRisk: Int64
    /// Whether somebody must still look at it.
    public var state = State.open
    /// The as-of of the run since which it is in this state.
    public var since: Instant

    /// An open item that concerns nothing yet, first seen by the run at this moment.
    public init(
        id: String, code: BreakCode, firstSeen: Instant, currency: Currency, atRisk: Int64
    ) {
        self.id = id
        self.code = code
        self.firstSeen = firstSeen
        self.currency = currency
        self.atRisk = atRisk
        since = firstSeen
    }
}
