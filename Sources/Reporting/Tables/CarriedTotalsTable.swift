import DelimitedText
import Emission
import Ingestion
import Money
import Reconciliation
import Records
import Rules
import Time

/// The files in which a run of incremental dumps hands on what records that have left came to.
public enum CarriedTotalsFile {
    /// The totals' file in the run.
    public static let totals = "carried/totals.csv"
    /// Its columns, in order.
    public static let totalsColumns = [
        "user", "currency", "bookings", "tickets", "pending_bookings", "spent", "commission_paid",
        "measured_kwh", "estimated_kwh",
    ]
    /// The recent activities' file in the run.
    public static let activities = "carried/recent.csv"
    /// Its columns, in order.
    public static let activitiesColumns = [
        "user", "type", "id", "amount", "currency", "status", "at",
    ]
    /// The taken ids' file in the run.
    public static let takenIDs = "carried/taken_ids.csv"
    /// Its columns.
    public static let takenIDsColumns = ["id"]
    /// The names of all of them.
    public static let all = [totals, activities, takenIDs]
}

/// `carried/totals.csv`: what each user's records that have left came to, by currency.
struct CarriedTotalsTable: OutputTable {
    let result: RunResult
    /// For each summary.
    let totals: [[UserTotal]]

    let file = CarriedTotalsFile.totals
    let columns = CarriedTotalsFile.totalsColumns
    var weight: Int { totals.count }

    func write(to out: inout RowWriter) throws {
        var texts = result.texts()
        for (summary, totals) in zip(result.summaries, totals) {
            for total in totals {
                try result.writeUser(of: summary, &texts, to: &out)
                out.currency(total.currency)
                out.number(Int64(total.bookings))
                out.number(Int64(total.tickets))
                out.number(Int64(total.pendingBookings))
                out.amount(total.spent, total.currency)
                out.amount(total.commissionPaid, total.currency)
                out.energy(total.energy.measured)
                out.energy(total.energy.estimated)
                try out.endRow()
            }
        }
    }
}

/// `carried/recent.csv`: the recent activities of summaries of which the record has left.
///
/// What a summary does not show any more, it never will: later records are newer.
struct CarriedActivitiesTable: OutputTable {
    let result: RunResult
    let open: OpenRecords

    let file = CarriedTotalsFile.activities
    let columns = CarriedTotalsFile.activitiesColumns
    var weight: Int { result.summaries.count }

    func write(to out: inout RowWriter) throws {
        var texts = result.texts()
        for summary in result.summaries {
            for activity in summary.recent {
                guard let past = past(activity) else { continue }
                try result.writeUser(of: summary, &texts, to: &out)
                switch past.kind {
                case .ticket, .pastTicket: out.text(Activity.Kind.ticket.word)
                case .booking, .pastBooking: out.text(Activity.Kind.booking.word)
                default: out.text(Activity.Kind.payment.word)
                }
                out.guarded(past.id)
                out.amount(past.amount, past.currency)
                out.currency(past.currency)
                out.text(past.status)
                out.instant(past.moment)
                try out.endRow()
            }
        }
    }

    /// The activity as one of a record that has left; nil while the record is there.
    func past(_ activity: Activity) -> PastActivity? {
        let index = Int(activity.index)
        let tables = result.tables
        switch activity.kind {
        case .payment:
            guard !open.payments[index] else { return nil }
            let row = tables.payments.rows[index]
            return PastActivity(
                user: -1, kind: activity.kind, id: tables.payments.id(index), amount: row.amount,
                currency: row.currency, status: result.verdicts[index].resolved.word,
                moment: activity.moment)
        case .booking, .ticket:
            guard !open.bookings[index] else { return nil }
            let row = tables.bookings.rows[index]
            return PastActivity(
                user: -1, kind: activity.kind, id: tables.bookings.id(index), amount: row.amount,
                currency: row.currency, status: row.status.word, moment: activity.moment)
        case .pastPayment, .pastBooking, .pastTicket: return result.past.activities[index]
        case .waitingBooking, .waitingTicket, .newBooking, .newTicket: return nil
        }
    }
}

/// `carried/taken_ids.csv`: ids of bookings that have left, which no new booking may get.
struct TakenIDsTable: OutputTable {
    let result: RunResult
    let open: OpenRecords

    let file = CarriedTotalsFile.takenIDs
    let columns = CarriedTotalsFile.takenIDsColumns
    var weight: Int { result.past.bookingIDs.count }

    func write(to out: inout RowWriter) throws {
        for id in result.past.bookingIDs {
            out.guarded(id)
            try out.endRow()
        }
        guard let rules = result.backfill else { return }
        let bookings = result.tables.bookings
        for booking in bookings.rows.indices
        where !open.bookings[booking] && rules.looksMade(bookings, booking) {
            bookings.withID(booking) { out.guarded($0) }
            try out.endRow()
        }
    }
}

extension RunResult {
    /// The user of a summary, in lower case, as a text that a run reads again.
    fileprivate func writeUser(
        of summary: UserSummary, _ texts: inout RowTexts, to out: inout RowWriter
    ) throws {
        try withUser(of: summary, &texts) { out.guarded($0) }
    }
}
