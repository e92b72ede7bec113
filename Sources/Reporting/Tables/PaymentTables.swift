import DelimitedText
import Emission
import Ingestion
import Money
import Reconciliation
import Records

/// `payments.csv`: every payment with what became of it.
struct PaymentsTable: OutputTable {
    let result: RunResult
    let file = "payments.csv"
    let columns = [
        "payment_id", "reference", "user", "amount", "currency", "status", "resolved_status",
        "outcome", "captured", "refunded", "fee", "net", "settlement_ids", "booking_ids",
        "match_rule", "breaks",
    ]
    var weight: Int { result.tables.payments.count * 3 }

    func write(to out: inout RowWriter) throws {
        var texts = result.texts()
        var bookings = MadeInOrder(result.emissions.bookings)
        var tickets = MadeInOrder(result.emissions.tickets)
        let statuses = PaymentStatus.words
        let outcomes = PaymentOutcome.words
        let rules = MatchRule.words
        let codes = BreakCode.words
        let tables = result.tables
        for (payment, row) in tables.payments.rows.enumerated() {
            if let block = Lookahead.block(at: payment, of: tables.payments.count) {
                fetchIDs(namedBy: block)
            }
            let verdict = result.verdicts[payment]
            try texts.go(to: row.place)
            tables.payments.withID(payment) { out.text($0) }
            if row.reference == row.id {
                tables.payments.withID(payment) { out.text($0) }
            } else {
                out.text(texts.id(PaymentField.reference))
            }
            out.text(texts.user(PaymentField.user))
            out.amount(row.amount, row.currency)
            out.currency(row.currency)
            out.text(statuses[Int(row.status.rawValue)])
            out.text(statuses[Int(verdict.resolved.rawValue)])
            out.text(outcomes[Int(result.outcomes[payment].rawValue)])
            out.amount(verdict.captured, row.currency)
            out.amount(verdict.refunded, row.currency)
            out.amount(verdict.fee, row.currency)
            out.amount(verdict.net, row.currency)
            out.ids(of: payment, in: result.settlements.linesOfPayment, tables.settlements)
            let made = bookings.id(ofPayment: payment) ?? tickets.id(ofPayment: payment)
            writeBookings(of: payment, row, made: made, rules, to: &out)
            writeCodes(result.classification.codes[payment], codes, to: &out)
            try out.endRow()
        }
    }

    /// Looks ahead at the ids of the lines and bookings of a block of payments.
    private func fetchIDs(namedBy block: Range<Int>) {
        result.tables.settlements.fetchIDs {
            result.settlements.linesOfPayment.forEach(in: block, $0)
        }
        result.tables.bookings.fetchIDs { fetch in
            result.bookings.linksOfPayment.forEach(in: block) {
                fetch(Int(result.bookings.links[$0].booking))
            }
        }
    }

    /// The bookings that the payment has, or the one that a run made for it.
    private func writeBookings(
        of payment: Int, _ row: PaymentRow, made: String?, _ rules: [String],
        to out: inout RowWriter
    ) {
        if let first = result.bookings.linksOfPayment.first(payment) {
            out.ids(of: payment, in: result.bookings.linksOfPayment, result.tables.bookings) {
                Int(result.bookings.links[$0].booking)
            }
            out.text(rules[Int(result.bookings.links[first].rule.rawValue)])
        } else if let id = made ?? result.waiting.booking(ofPayment: row.id)?.id {
            out.text(id)
            out.text(rules[Int(MatchRule.emitted.rawValue)])
        } else {
            out.empty()
            out.empty()
        }
    }

    private func writeCodes(_ set: BreakSet, _ words: [String], to out: inout RowWriter) {
        if set.isEmpty { return out.empty() }
        out.text(set.codes.map { words[Int($0.rawValue)] }.joined(separator: " "))
    }
}

/// What a run made, of which each payment is asked for once, in order.
private struct MadeInOrder {
    private let made: [NewBooking]
    private var next = 0

    /// - Precondition: the payments rise.
    init(_ made: [NewBooking]) { self.made = made }

    /// The id of what was made for a payment; payments must be asked for in rising order.
    mutating func id(ofPayment payment: Int) -> String? {
        guard next < made.count, Int(made[next].payment) == payment else { return nil }
        next += 1
        return made[next - 1].id
    }
}

/// `status_updates.csv`: payments whose status changes, with the evidence.
struct StatusUpdatesTable: OutputTable {
    let result: RunResult

    let file = "status_updates.csv"
    let columns = [
        "payment_id", "reference", "from_status", "to_status", "settlement_id", "evidence",
    ]
    var weight: Int { result.emissions.statusUpdates.count }

    func write(to out: inout RowWriter) throws {
        var texts = result.texts()
        let tables = result.tables
        for payment in result.emissions.statusUpdates.map(Int.init) {
            let row = tables.payments.rows[payment]
            let verdict = result.verdicts[payment]
            try texts.go(to: row.place)
            tables.payments.withID(payment) { out.text($0) }
            if row.reference == row.id {
                tables.payments.withID(payment) { out.text($0) }
            } else {
                out.text(texts.id(PaymentField.reference))
            }
            out.text(row.status.word)
            out.text(verdict.resolved.word)
            let line = Int(verdict.evidence)
            tables.settlements.withID(line) { out.text($0) }
            out.text(Sentences.evidence(tables.settlements.rows[line]))
            try out.endRow()
        }
    }
}

/// `order_updates.csv`: orders that payments have made paid.
struct OrderUpdatesTable: OutputTable {
    let result: RunResult

    let file = "order_updates.csv"
    let columns = ["id", "payment_id", "from_status", "to_status"]
    var weight: Int { result.emissions.orderUpdates.count }

    func write(to out: inout RowWriter) throws {
        var texts = result.texts()
        let tables = result.tables
        for update in result.emissions.orderUpdates {
            let order = tables.orders.rows[Int(update.order)]
            tables.orders.withID(Int(update.order)) { out.text($0) }
            tables.payments.withID(Int(update.payment)) { out.text($0) }
            if order.status == .other {
                // A word of the shop's own stands for itself.
                try texts.go(to: order.place)
                out.text(texts.text(OrderField.status))
            } else {
                out.text(order.status.word)
            }
            out.text(OrderStatus.paid.word)
            try out.endRow()
        }
    }
}

/// `booking_links.csv`: bookings that were matched without naming their payment.
struct BookingLinksTable: OutputTable {
    let result: RunResult

    let file = "booking_links.csv"
    let columns = ["payment_id", "booking_id", "match_rule"]
    var weight: Int { result.emissions.bookingLinks.count }

    func write(to out: inout RowWriter) throws {
        for link in result.emissions.bookingLinks {
            result.tables.payments.withID(Int(link.payment)) { out.text($0) }
            result.tables.bookings.withID(Int(link.booking)) { out.text($0) }
            out.text(link.rule.word)
            try out.endRow()
        }
    }
}
