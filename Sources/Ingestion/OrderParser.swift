import Definition
import DelimitedText
import Money
import Records
import Time

/// Reads orders; what a booking is made from is read where a payment names one.
struct OrderParser: RowParser {
    static let idField = OrderField.id.rawValue
    let binding: Binding
    let statuses: WordTable<OrderStatus>

    init(binding: Binding, input: InputDefinition) {
        self.binding = binding
        statuses = WordTable(input: input, field: OrderField.status.name.text)
    }

    func row(
        _ record: Int, of tape: borrowing RecordTape, _ reader: borrowing FieldReader,
        _ place: RowPlace
    ) throws(RowFault) -> OrderRow {
        var row = OrderRow(place: place)
        typealias Field = OrderField
        row.id = try reader.requiredKey(
            binding.text(Field.id.rawValue, tape, record), Field.id.rawValue)
        _ = try reader.user(
            binding.text(Field.user.rawValue, tape, record), Field.user.rawValue)
        row.currency = try reader.currency(
            binding.text(Field.currency.rawValue, tape, record), Field.currency.rawValue)
        row.amount = try reader.amount(
            binding.text(Field.amount.rawValue, tape, record), row.currency, Field.amount.rawValue)
        let status = binding.text(Field.status.rawValue, tape, record)
        row.status = statuses.value(status) ?? .other
        row.hasStatus = !status.isEmpty
        return row
    }
}
