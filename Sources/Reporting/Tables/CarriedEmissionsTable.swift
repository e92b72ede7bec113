import Emission
import Ingestion
import Money
import Reconciliation
import Records

/// The file in which a run hands on what it and earlier runs emitted.
public enum CarriedEmissionsFile {
    /// The file's name in the run.
    public static let name = "carried/emissions.csv"
    /// Its columns, in order.
    public static let columns = [
        "thing", "id", "payment_id", "user", "item", "amount", "currency", "status", "emitted_at",
    ]
}

/// `carried/emissions.csv`: everything emitted that the dumps do not show yet, for the next run.
struct CarriedEmissionsTable: OutputTable {
    let result: RunResult

    let file = CarriedEmissionsFile.name
    let columns = CarriedEmissionsFile.columns
    var weight: Int { result.waiting.entries.count + result.emissions.bookings.count }

    func write(to out: inout RowWriter) throws {
        for (index, entry) in result.waiting.entries.enumerated()
        where result.carry?.keepsEmission[index] ?? true {
            out.text(entry.thing.word)
            out.guarded(entry.id)
            out.guarded(entry.paymentID)
            out.guarded(entry.user)
            out.guarded(entry.item)
            out.amount(entry.amount, entry.currency)
            out.currency(entry.currency)
            out.text(entry.status)
            out.instant(entry.emittedAt)
            try out.endRow()
        }
        var texts = result.texts()
        let emissions = result.emissions
        for payment in emissions.statusUpdates {
            let status = result.verdicts[Int(payment)].resolved.word
            try write(.statusUpdate, nil, payment, "", status, nil, &texts, to: &out)
        }
        for link in emissions.bookingLinks {
            let id = result.tables.bookings.id(Int(link.booking))
            try write(.bookingLink, id, link.payment, "", link.rule.word, nil, &texts, to: &out)
        }
        for update in emissions.orderUpdates {
            let id = result.tables.orders.id(Int(update.order))
            try write(
                .orderUpdate, id, update.payment, "", OrderStatus.paid.word, nil, &texts, to: &out)
        }
        try write(emissions.bookings, .booking, &texts, to: &out)
        try write(emissions.tickets, .ticket, &texts, to: &out)
        for update in emissions.sessionUpdates { try write(update, &texts, to: &out) }
        for transaction in emissions.transactions
        where result.carry?.open.payments[Int(transaction.payment)] ?? true {
            try write(
                transaction.kind.emittedThing, transaction.id, transaction.payment,
                transaction.seller, "", transaction.amount, &texts, to: &out)
        }
    }

    private func write(
        _ made: [NewBooking], _ thing: EmittedThing, _ texts: inout RowTexts,
        to out: inout RowWriter
    ) throws {
        for booking in made {
            try write(
                thing, booking.id, booking.payment, booking.purchase.itemName,
                booking.status.word, nil, &texts, to: &out)
        }
    }

    private func write(
        _ thing: EmittedThing, _ id: String?, _ payment: Int32, _ item: String, _ status: String,
        _ amount: Int64?, _ texts: inout RowTexts, to out: inout RowWriter
    ) throws {
        let payments = result.tables.payments
        let row = payments.rows[Int(payment)]
        try texts.go(to: row.place)
        out.text(thing.word)
        if let id { out.guarded(id) } else { payments.withID(Int(payment)) { out.guarded($0) } }
        payments.withID(Int(payment)) { out.guarded($0) }
        out.guarded(texts.user(PaymentField.user))
        out.guarded(item)
        out.amount(amount ?? row.amount, row.currency)
        out.currency(row.currency)
        out.text(status)
        out.instant(result.asOf)
        try out.endRow()
    }
}
