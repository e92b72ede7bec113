import Definition
import DelimitedText
import Money
import Records
import Time

/// Reads charging sessions.
struct SessionParser: RowParser {
    static let idField = SessionField.id.rawValue
    let binding: Binding
    let statuses: WordTable<SessionStatus>

    init(binding: Binding, input: InputDefinition) {
        self.binding = binding
        statuses = WordTable(input: input, field: SessionField.status.name.text)
    }

    func row(
        _ record: Int, of tape: borrowing RecordTape, _ reader: borrowing FieldReader,
        _ place: RowPlace
    ) throws(RowFault) -> SessionRow {
        var row = SessionRow(place: place)
        typealias Field = SessionField
        row.id = try reader.requiredKey(
            binding.text(Field.id.rawValue, tape, record), Field.id.rawValue)
        row.booking = try reader.key(
            binding.text(Field.booking.rawValue, tape, record), Field.booking.rawValue)
        let user = binding.text(Field.user.rawValue, tape, record)
        if !user.isEmpty { row.user = try reader.user(user, Field.user.rawValue) }
        // A word that is none of ours stands for itself: it ends no session.
        row.status = statuses.value(binding.text(Field.status.rawValue, tape, record))
        row.energy = try reader.energy(
            binding.text(Field.energyKwh.rawValue, tape, record), Field.energyKwh.rawValue)
        row.started = try reader.instant(
            binding.text(Field.startedAt.rawValue, tape, record), Field.startedAt.rawValue)
        row.ended = try reader.instant(
            binding.text(Field.endedAt.rawValue, tape, record), Field.endedAt.rawValue)
        return row
    }
}

extension FieldReader {
    /// The largest energy of one session, in millionths of a kilowatt-hour: more than any vehicle,
    /// train or ship takes at once.
    private static let largestEnergy: Int64 = 100_000_000_000

    /// An energy in millionths of a kilowatt-hour; nil where the field is empty.
    fileprivate func energy(
        _ text: UnsafeRawBufferPointer, _ field: Int
    ) throws(RowFault) -> Int64? {
        if text.isEmpty { return nil }
        switch Amount.parse(text, digits: 6) {
        case .success(let energy):
            guard (0...FieldReader.largestEnergy).contains(energy) else {
                throw RowFault(.energyOutOfRange, field)
            }
            return energy
        case .failure(.malformed), .failure(.tooManyDecimals), .failure(.scientific):
            throw RowFault(.malformedEnergy, field)
        case .failure(.outOfRange): throw RowFault(.energyOutOfRange, field)
        }
    }
}
