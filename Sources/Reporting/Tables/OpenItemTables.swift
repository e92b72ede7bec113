import Emission
import Money
import Reconciliation
import Records
import Time

/// The file in which a run hands on its open items, and those that it remembers as closed.
public enum CarriedItemsFile {
    /// The file's name in the run.
    public static let name = "carried/open_items.csv"
    /// Its columns, in order.
    public static let columns = [
        "break_id", "code", "severity", "state", "since", "first_seen", "payment_id",
        "settlement_id", "booking_id", "payout", "other", "currency", "at_risk",
    ]
}

/// `carried/open_items.csv`: what the next run must know of this one's breaks, in order of the ids.
struct CarriedItemsTable: OutputTable {
    let result: RunResult

    let file = CarriedItemsFile.name
    let columns = CarriedItemsFile.columns
    var weight: Int { result.history.next.count }

    func write(to out: inout RowWriter) throws {
        for item in result.history.next {
            out.text(item.id)
            out.text(item.code.word)
            out.text(item.code.severity.word)
            out.text(item.state.word)
            out.instant(item.since)
            out.instant(item.firstSeen)
            out.guarded(item.paymentID)
            out.guarded(item.settlementID)
            out.guarded(item.bookingID)
            out.guarded(item.payout)
            out.guarded(item.other)
            out.currency(item.currency)
            out.amount(item.atRisk, item.currency)
            try out.endRow()
        }
    }
}

/// A decision about a break as it is remembered, with what it was made about.
public struct RememberedDecision: Sendable, Hashable {
    /// The break that it is about.
    public var breakID: String
    /// The checksum of the decision.
    public var decision: String
    /// The checksum of the rows concerned, when the decision first met its break.
    public var rows: String
    /// The as-of of that run.
    public var firstSeen: Instant
    /// The as-of of the last run whose dumps had the decision.
    public var lastSeen: Instant

    /// Creates an entry.
    public init(
        breakID: String, decision: String, rows: String, firstSeen: Instant, lastSeen: Instant
    ) {
        self.breakID = breakID
        self.decision = decision
        self.rows = rows
        self.firstSeen = firstSeen
        self.lastSeen = lastSeen
    }
}

/// The file in which a run hands on what decisions were made about.
public enum CarriedDecisionsFile {
    /// The file's name in the run.
    public static let name = "carried/overrides.csv"
    /// Its columns, in order.
    public static let columns = [
        "break_id", "override_sha256", "rows_sha256", "first_seen", "last_seen",
    ]
}

/// `carried/overrides.csv`: by which the next run sees that rows changed since.
struct CarriedDecisionsTable: OutputTable {
    let result: RunResult

    let file = CarriedDecisionsFile.name
    let columns = CarriedDecisionsFile.columns
    var weight: Int { result.history.decisions.count }

    func write(to out: inout RowWriter) throws {
        for entry in result.history.decisions {
            out.text(entry.breakID)
            out.text(entry.decision)
            out.text(entry.rows)
            out.instant(entry.firstSeen)
            out.instant(entry.lastSeen)
            try out.endRow()
        }
    }
}

/// `cleared.csv`: the breaks that were open and are no longer, with the cause, in order of the ids.
struct ClearedTable: OutputTable {
    let result: RunResult

    let file = "cleared.csv"
    let columns = ["break_id", "code", "first_seen", "cleared_by"]
    var weight: Int { result.history.cleared.count }

    func write(to out: inout RowWriter) throws {
        for entry in result.history.cleared {
            out.text(entry.item.id)
            out.text(entry.item.code.word)
            out.instant(entry.item.firstSeen)
            out.text(entry.cause.text)
            try out.endRow()
        }
    }
}
