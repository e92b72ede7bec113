import DelimitedText
import Emission
import Ingestion
import Money
import Reconciliation
import Records
import Rules
import Time

/// `new_bookings.csv` and `new_tickets.csv`: what was missing.
struct NewBookingsTable: OutputTable {
    let result: RunResult
    let isTickets: Bool

    var file: String { isTickets ? "new_tickets.csv" : "new_bookings.csv" }
    var columns: [String] {
        isTickets
            ? [
                "ticket_id", "payment_id", "user", "item_id", "item_name", "quantity", "amount",
                "currency", "status", "event_date", "special_requests", "origin",
            ]
            : [
                "booking_id", "payment_id", "user", "item_id", "item_name", "kind", "participants",
                "amount", "currency", "status", "booking_date", "starts_at", "ends_at",
                "special_requests", "origin",
            ]
    }
    var weight: Int { made.count * 3 }

    private var made: [NewBooking] {
        isTickets ? result.emissions.tickets : result.emissions.bookings
    }

    func write(to out: inout RowWriter) throws {
        var texts = result.texts()
        let payments = result.tables.payments
        let leadDays = result.backfill?.leadDays ?? 0
        var origins = OriginTexts()
        let defaultDate = result.zone.date(of: result.asOf).adding(days: leadDays)
        for booking in made {
            let payment = Int(booking.payment)
            let row = payments.rows[payment]
            let purchase = booking.purchase
            try texts.go(to: row.place)
            out.text(booking.id)
            payments.withID(payment) { out.text($0) }
            out.text(texts.user(PaymentField.user))
            out.text(purchase.item < 0 ? "" : result.items[Int(purchase.item)].id)
            out.text(purchase.itemName)
            if !isTickets { out.text(result.backfill?.kinds[Int(purchase.kind)].name ?? "") }
            out.number(purchase.quantity)
            out.amount(row.amount, row.currency)
            out.currency(row.currency)
            out.text(booking.status.word)
            out.date(purchase.date.isPresent ? purchase.date : defaultDate)
            if !isTickets {
                out.instant(purchase.startsAt)
                out.instant(purchase.endsAt)
            }
            out.text { buffer in
                buffer.append("Made automatically by trueup from payment ")
                payments.withID(payment) { buffer.append($0) }
            }
            out.text(origins.text(of: purchase))
            try out.endRow()
        }
    }
}

/// The texts of the few ways in which the facts of purchases are known, each made once.
private struct OriginTexts {
    private var texts: [UInt32: String] = [:]

    mutating func text(of purchase: Purchase) -> String {
        let key =
            UInt32(purchase.itemOrigin.rawValue) << 24 | UInt32(purchase.kindOrigin.rawValue) << 16
            | UInt32(purchase.quantityOrigin.rawValue) << 8 | UInt32(purchase.dateOrigin.rawValue)
        if let text = texts[key] { return text }
        texts[key] = purchase.origins
        return purchase.origins
    }
}

/// `transactions.csv`: commission and payout of each payment with a seller.
struct TransactionsTable: OutputTable {
    let result: RunResult

    let file = "transactions.csv"
    let columns = [
        "transaction_id", "payment_id", "type", "user", "seller", "amount", "currency", "status",
        "created_at",
    ]
    var weight: Int { result.emissions.transactions.count }

    func write(to out: inout RowWriter) throws {
        var texts = result.texts()
        let payments = result.tables.payments
        for transaction in result.emissions.transactions {
            let payment = Int(transaction.payment)
            let row = payments.rows[payment]
            try texts.go(to: row.place)
            out.text(transaction.id)
            payments.withID(payment) { out.text($0) }
            out.text(transaction.kind.word)
            out.text(texts.user(PaymentField.user))
            out.text(transaction.seller)
            out.amount(transaction.amount, row.currency)
            out.currency(row.currency)
            let isPaidOut = transaction.kind == .payout || transaction.kind == .payoutReversal
            out.text(isPaidOut ? "scheduled" : "completed")
            out.instant(result.asOf)
            try out.endRow()
        }
    }
}

/// `payouts.csv`: what each seller is paid on which day.
struct PayoutsTable: OutputTable {
    let result: RunResult

    let file = "payouts.csv"
    let columns = [
        "payout_id", "seller", "currency", "amount", "transactions", "due_date", "status",
    ]
    var weight: Int { result.emissions.payouts.count }

    func write(to out: inout RowWriter) throws {
        for payout in result.emissions.payouts {
            out.text(payout.id)
            out.text(payout.seller)
            out.currency(payout.currency)
            out.amount(payout.amount, payout.currency)
            out.number(Int64(payout.transactions.count))
            out.date(payout.due)
            out.text(payout.status.word)
            try out.endRow()
        }
    }
}

/// `payout_lines.csv`: of which transactions each payout is made.
struct PayoutLinesTable: OutputTable {
    let result: RunResult

    let file = "payout_lines.csv"
    let columns = ["payout_id", "transaction_id", "amount"]
    var weight: Int { result.emissions.transactions.count }

    func write(to out: inout RowWriter) throws {
        for payout in result.emissions.payouts {
            if let brought = payout.broughtForward {
                // So that the lines of a payout always add up to it.
                out.text(payout.id)
                out.text(brought.payoutID)
                out.amount(brought.amount, payout.currency)
                try out.endRow()
            }
            for index in payout.transactions {
                let transaction = result.emissions.transactions[index]
                out.text(payout.id)
                out.text(transaction.id)
                out.amount(transaction.amount, payout.currency)
                try out.endRow()
            }
        }
    }
}
