import DelimitedText
import Records

/// A record of a kind of which there are few, as texts.
struct SmallRecord: Sendable {
    /// The id, without a spreadsheet's apostrophe.
    var id: String
    /// The text of each field, in the order of the kind's fields.
    var texts: [String]
    /// Where it begins.
    var place: RowPlace
    /// The line on which it begins, from 1.
    var line: UInt32
}

/// The records of a block, for kinds of which there are few.
struct SmallBlock: Sendable {
    /// Those that can be records; lines are counted from the block's first.
    var records: [SmallRecord] = []
    var rejects: [Reject] = []

    init(
        _ tape: borrowing RecordTape, at offset: Int, file: Int, binding: Binding, fieldCount: Int,
        required: [Int]
    ) {
        for record in 0..<tape.count {
            let place = RowPlace(file: file, offset: offset + tape.start(of: record))
            let line = UInt32(truncatingIfNeeded: tape.line(of: record))
            do throws(RowFault) {
                try RecordCheck.check(record, of: tape, fieldCount: binding.headers.count)
                let texts = (0..<fieldCount).map {
                    String(decoding: binding.text($0, tape, record), as: UTF8.self)
                }
                if let empty = required.first(where: { texts[$0].isEmpty }) {
                    throw RowFault(.missingValue, empty)
                }
                // Every kind's first field is its id.
                let id = FieldText.id(binding.text(0, tape, record))
                guard !id.isEmpty else { throw RowFault(.missingValue, 0) }
                records.append(
                    SmallRecord(
                        id: String(decoding: id, as: UTF8.self), texts: texts, place: place,
                        line: line))
            } catch {
                rejects.append(
                    Reject(
                        place: place, count: tape.end(of: record) - tape.start(of: record),
                        line: line,
                        column: Int32(error.field), reason: error.reason))
            }
        }
    }
}

extension RecordTables {
    /// Takes over what is sold.
    mutating func take(catalogue records: [SmallRecord]) {
        catalogue = records.map { record in
            func text(_ field: CatalogueField) -> String { record.texts[field.rawValue] }
            return CatalogueItem(
                id: record.id, name: text(.name), kind: text(.kind).lowercased(),
                aliases: text(.aliases), seller: text(.seller))
        }
    }

    /// Takes over what people decided about breaks.
    mutating func take(overrides records: [SmallRecord]) {
        overrides = records.map { record in
            func text(_ field: OverrideField) -> String { record.texts[field.rawValue] }
            return Override(
                breakID: record.id, action: text(.action), target: text(.target),
                reason: text(.reason), maker: text(.maker), checker: text(.checker),
                expires: text(.expires))
        }
    }

    /// Takes over the names of users, by id and by address.
    mutating func take(users records: [SmallRecord], key: FingerprintKey) {
        for record in records {
            for field in [UserField.id, .email] {
                let address = record.texts[field.rawValue]
                guard !address.isEmpty else { continue }
                userNames[key.userPrint(address)] = record.texts[UserField.name.rawValue]
            }
        }
    }
}
