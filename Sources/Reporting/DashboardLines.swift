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
    private static let blockSize = 1 << 20

    let result: RunResult

    init(_ result: RunResult) { self.result = result }

    /// Writes every line; returns how many there are.
    func write(to sink: consuming FileSink) throws -> Int {
        var json = JSONWriter(.compact, capacity: DashboardLines.blockSize)
        var texts = result.texts()
        var count = 0
        for summary in result.summaries {
            try result.withUser(of: summary, &texts) { user in
                json.object { write(summary, user, to: &$0) }
            }
            json.endLine()
            count += 1
            if json.count > DashboardLines.blockSize { try json.flush(to: &sink) }
        }
        try json.flush(to: &sink)
        try sink.close()
        return count
    }

    private func write(
        _ summary: UserSummary, _ user: UnsafeRawBufferPointer, to json: inout JSONWriter
    ) {
        json.key("user")
        json.string(user)
        if let name = result.tables.userNames[summary.user], !name.isEmpty {
            json.key("name")
            json.string(name)
        }
        json.key("currency")
        json.currency(result.currency)
        write(summary.after, to: &json)
        writeSales(of: summary, { $0.after }, to: &json)
        writeOpenBreaks(of: summary, to: &json)
        json.key("recent")
        json.array { json in
            for activity in summary.recent { json.object { write(activity, to: &$0) } }
        }
        json.key("before")
        json.object { json in
            write(summary.before, to: &json)
            writeSales(of: summary, { $0.before }, to: &json)
            writeOpenBreaks(of: summary, to: &json)
        }
    }

    /// What a seller is still to be paid: only for who sells.
    private func writeSales(
        of summary: UserSummary, _ moment: (SellerAgenda) -> [PendingPayout],
        to json: inout JSONWriter
    ) {
        guard summary.seller >= 0 else { return }
        let schedule = moment(result.agendas.all[Int(summary.seller)])
        let total = Dictionary(schedule.map { ($0.currency, $0.amount) }, uniquingKeysWith: +)
        json.key("pending_payouts")
        json.integer(Int64(schedule.count))
        json.key("total_pending")
        json.amount(total[result.currency] ?? 0, result.currency)
        write(total.filter { $0.key != result.currency }, as: "total_pending_elsewhere", to: &json)
        json.key("schedule")
        json.array { json in
            for payout in schedule {
                json.object { json in
                    json.key("due_date")
                    if payout.due.isPresent {
                        json.string(TimeText.text(payout.due))
                    } else {
                        json.null()
                    }
                    json.key("amount")
                    json.amount(payout.amount, payout.currency)
                    json.key("currency")
                    json.currency(payout.currency)
                    json.key("status")
                    json.string(payout.status.word)
                }
            }
        }
    }

    /// Amounts in other currencies than the pipeline's own, in order of their codes; nothing where
    /// there are none.
    private func write(
        _ amounts: [Currency: Int64], as key: StaticString, to json: inout JSONWriter
    ) {
        guard !amounts.isEmpty else { return }
        json.key(key)
        json.array { json in
            for (currency, amount) in amounts.sorted(by: { $0.key < $1.key }) {
                json.object { json in
                    json.key("currency")
                    json.currency(currency)
                    json.key("amount")
                    json.amount(amount, currency)
                }
            }
        }
    }

    private func writeOpenBreaks(of summary: UserSummary, to json: inout JSONWriter) {
        json.key("open_breaks")
        json.integer(Int64(summary.openBreaks))
    }

    /// The figures as they stand at one moment, as keys of the object that is open.
    private func write(_ figures: UserFigures, to json: inout JSONWriter) {
        json.key("level")
        if let level = figures.level(result.dashboard) { json.string(level) } else { json.null() }
        json.key("points")
        json.integer(figures.points(result.dashboard))
        json.key("spent")
        json.amount(figures.spent, result.currency)
        write(figures.spentElsewhere, as: "spent_elsewhere", to: &json)
        json.key("bookings")
        json.integer(Int64(figures.bookings))
        json.key("tickets")
        json.integer(Int64(figures.tickets))
        json.key("pending_bookings")
        json.integer(Int64(figures.pendingBookings))
        json.key("pending_payments")
        json.integer(Int64(figures.pendingPayments))
        json.key("pending_amount")
        json.amount(figures.pendingAmount, result.currency)
        json.key("commission_paid")
        json.amount(figures.commissionPaid, result.currency)
        writeImpact(of: figures, to: &json)
    }

    private func write(_ activity: Activity, to json: inout JSONWriter) {
        let index = Int(activity.index)
        json.key("type")
        switch activity.kind {
        case .payment, .pastPayment: json.string("payment")
        case .booking, .waitingBooking, .newBooking, .pastBooking: json.string("booking")
        case .ticket, .waitingTicket, .newTicket, .pastTicket: json.string("ticket")
        }
        json.key("id")
        switch activity.kind {
        case .payment:
            result.tables.payments.withID(index) { json.string($0) }
            let row = result.tables.payments.rows[index]
            finish(&json, row.amount, row.currency, result.verdicts[index].resolved.word, activity)
            if let commission = result.shares.commission(ofPayment: index) {
                json.key("commission")
                json.amount(commission, row.currency)
            }
        case .booking, .ticket:
            result.tables.bookings.withID(index) { json.string($0) }
            let row = result.tables.bookings.rows[index]
            finish(&json, row.amount, row.currency, row.status.word, activity)
        case .waitingBooking, .waitingTicket:
            let entry = result.waiting.entries[index]
            json.string(entry.id)
            finish(&json, entry.amount, entry.currency, entry.status, activity)
        case .newBooking: finish(&json, result.emissions.bookings[index], activity)
        case .newTicket: finish(&json, result.emissions.tickets[index], activity)
        case .pastPayment, .pastBooking, .pastTicket:
            let past = result.past.activities[index]
            json.string(past.id)
            finish(&json, past.amount, past.currency, past.status, activity)
        }
    }

    private func finish(_ json: inout JSONWriter, _ made: NewBooking, _ activity: Activity) {
        json.string(made.id)
        let row = result.tables.payments.rows[Int(made.payment)]
        finish(&json, row.amount, row.currency, made.status.word, activity)
    }

    private func finish(
        _ json: inout JSONWriter, _ amount: Int64, _ currency: Currency, _ status: String,
        _ activity: Activity
    ) {
        json.key("amount")
        json.amount(amount, currency)
        json.key("currency")
        json.currency(currency)
        json.key("status")
        json.string(status)
        json.key("at")
        json.instant(activity.moment)
    }
}
