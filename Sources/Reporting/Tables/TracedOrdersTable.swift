import Ingestion
import Records

/// `trace/orders.csv`: which payments and bookings name an order, which no other table tells.
///
/// First the orders of the dumps with their places, then the payments and bookings that name one.
public enum TracedOrders {
    /// The file's name in the run.
    public static let name = "trace/orders.csv"
    /// Its columns, in order: `record` is `order`, `payment` or `booking`, and `id` is that of the
    /// payment or booking.
    public static let columns = ["order_id", "record", "id", "file", "line"]
}

struct TracedOrdersTable: OutputTable {
    let result: RunResult

    let file = TracedOrders.name
    let columns = TracedOrders.columns
    var weight: Int { result.tables.orders.count }
    var rowControls: TableControls {
        let tables = result.tables
        return TableControls(
            rows: tables.orders.count
                + tables.paymentLinks.count { $0.order.isPresent }
                + tables.bookings.rows.count { $0.order.isPresent })
    }

    func write(to out: inout RowWriter) throws {
        let tables = result.tables
        let files = result.ingested.dumps.files.all
        let orders = tables.orders.rows
        for (order, row) in orders.enumerated() {
            tables.orders.withID(order) { out.text($0) }
            out.text("order")
            out.empty()
            out.text(files[row.place.file].name)
            out.number(Int64(row.line))
            try out.endRow(at: row.place)
        }
        let index = FingerprintIndex(count: orders.count) { orders[$0].id }
        var texts = result.texts()
        for (payment, links) in tables.paymentLinks.enumerated() where links.order.isPresent {
            let place = tables.payments.rows[payment].place
            try write(links.order, index, PaymentField.order, place, &texts, to: &out)
            out.text("payment")
            tables.payments.withID(payment) { out.text($0) }
            out.empty()
            out.empty()
            try out.endRow(at: place, section: 1)
        }
        for (booking, row) in tables.bookings.rows.enumerated() where row.order.isPresent {
            try write(row.order, index, BookingField.order, row.place, &texts, to: &out)
            out.text("booking")
            tables.bookings.withID(booking) { out.text($0) }
            out.empty()
            out.empty()
            try out.endRow(at: row.place, section: 2)
        }
    }

    /// Writes an order's id: from the orders, or, of one that no dump lists, as the row names it.
    private func write(
        _ order: Fingerprint, _ index: FingerprintIndex, _ field: some RecordFieldSet,
        _ place: RowPlace, _ texts: inout RowTexts, to out: inout RowWriter
    ) throws {
        let orders = result.tables.orders
        if let row = index.first(order, key: { orders.rows[$0].id }) {
            orders.withID(row) { out.text($0) }
        } else {
            try texts.go(to: place)
            out.text(texts.id(field))
        }
    }
}
