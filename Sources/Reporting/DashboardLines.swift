import DelimitedText
import Diagnostics
import Emission
import Ingestion
import Money
import Reconciliation
import Records
import RunStore
import Time

/// `dashboards.jsonl`: one user's summary a line, in the order in which users are first met.
struct DashboardLines {
    static let file = "dashboards.jsonl"

    let result: RunResult

    init(_ result: RunResult) { self.result = result }

    /// Writes every line; returns how many there are.
    func write(to sink: consuming FileSink) throws -> Int {
        var json = JSONText(capacity: 1 << 20)
        var texts = result.texts()
        for summary in result.summaries {
            try texts.go(to: summary.place)
            let user =
                summary.isPayment ? texts.user(PaymentField.user) : texts.user(BookingField.user)
            json.beginObject()
            json.key("user")
            json.value(user)
            if let name = result.tables.userNames[summary.user], !name.isEmpty {
                json.key("name")
                json.value(name)
            }
            json.key("currency")
            json.value(result.currency.code)
            write(summary.after, to: &json)
            json.key("open_breaks")
            json.value(Int64(summary.openBreaks))
            json.key("recent")
            json.beginArray()
            for activity in summary.recent { write(activity, to: &json) }
            json.endArray()
            json.key("before")
            json.beginObject()
            write(summary.before, to: &json)
            json.endObject()
            json.endObject()
            json.endLine()
            if json.buffer.count > 1 << 20 { try DashboardLines.flush(&json, &sink) }
        }
        try DashboardLines.flush(&json, &sink)
        try sink.close()
        return result.summaries.count
    }

    private static func flush(_ json: inout JSONText, _ sink: inout FileSink) throws {
        var failure: TrueupError?
        json.buffer.withUnsafeBytes { bytes in
            do throws(TrueupError) { try sink.write(bytes) } catch { failure = error }
        }
        if let failure { throw failure }
        json.buffer.removeAll()
    }

    /// The figures as they stand at one moment, as keys of the object that is open.
    private func write(_ figures: UserFigures, to json: inout JSONText) {
        json.key("level")
        if let level = figures.level(result.dashboard) { json.value(level) } else { json.null() }
        json.key("points")
        json.value(figures.points(result.dashboard))
        json.key("spent")
        json.value(figures.spent, result.currency)
        if !figures.spentElsewhere.isEmpty {
            json.key("spent_elsewhere")
            json.beginArray()
            for (currency, amount) in figures.spentElsewhere.sorted(by: { $0.key < $1.key }) {
                json.beginObject()
                json.key("currency")
                json.value(currency.code)
                json.key("amount")
                json.value(amount, currency)
                json.endObject()
            }
            json.endArray()
        }
        json.key("bookings")
        json.value(Int64(figures.bookings))
        json.key("tickets")
        json.value(Int64(figures.tickets))
        json.key("pending_bookings")
        json.value(Int64(figures.pendingBookings))
        json.key("pending_payments")
        json.value(Int64(figures.pendingPayments))
        json.key("pending_amount")
        json.value(figures.pendingAmount, result.currency)
        json.key("commission_paid")
        json.value(figures.commissionPaid, result.currency)
    }

    private func write(_ activity: Activity, to json: inout JSONText) {
        let tables = result.tables
        let index = Int(activity.index)
        json.beginObject()
        json.key("type")
        switch activity.kind {
        case .payment:
            json.value("payment")
            json.key("id")
            tables.payments.withID(index) { json.value($0) }
            let row = tables.payments.rows[index]
            finish(&json, row.amount, row.currency, result.verdicts[index].resolved.word, activity)
        case .booking, .ticket:
            json.value(activity.kind == .ticket ? "ticket" : "booking")
            json.key("id")
            tables.bookings.withID(index) { json.value($0) }
            let row = tables.bookings.rows[index]
            finish(&json, row.amount, row.currency, row.status.word, activity)
        case .newBooking, .newTicket:
            let isTicket = activity.kind == .newTicket
            let made = isTicket ? result.emissions.tickets[index] : result.emissions.bookings[index]
            json.value(isTicket ? "ticket" : "booking")
            json.key("id")
            json.value(made.id)
            let row = tables.payments.rows[Int(made.payment)]
            finish(&json, row.amount, row.currency, made.status.word, activity)
        }
    }

    private func finish(
        _ json: inout JSONText, _ amount: Int64, _ currency: Currency, _ status: String,
        _ activity: Activity
    ) {
        json.key("amount")
        json.value(amount, currency)
        json.key("currency")
        json.value(currency.code)
        json.key("status")
        json.value(status)
        json.key("at")
        json.value(activity.moment.isPresent ? TimeText.text(activity.moment) : "")
        json.endObject()
    }
}
