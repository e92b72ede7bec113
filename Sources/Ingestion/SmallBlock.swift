import DelimitedText
import Records

/// The texts of a block's records, for kinds of which there are few.
struct SmallBlock: Sendable {
    /// For each record the text of each field, in the order of the kind's fields.
    var records: [[String]] = []
    var rejects: [Reject] = []

    init(
        _ tape: borrowing RecordTape, at offset: Int, file: Int, binding: Binding, fieldCount: Int,
        required: [Int]
    ) {
        for record in 0..<tape.count {
            do throws(RowFault) {
                try RecordCheck.check(record, of: tape, fieldCount: binding.headers.count)
                let texts = (0..<fieldCount).map {
                    String(decoding: binding.text($0, tape, record), as: UTF8.self)
                }
                if let empty = required.first(where: { texts[$0].isEmpty }) {
                    throw RowFault(.missingValue, empty)
                }
                records.append(texts)
            } catch {
                rejects.append(
                    Reject(
                        place: RowPlace(file: file, offset: offset + tape.start(of: record)),
                        count: tape.end(of: record) - tape.start(of: record),
                        line: UInt32(truncatingIfNeeded: tape.line(of: record)),
                        column: Int32(error.field), reason: error.reason))
            }
        }
    }
}
