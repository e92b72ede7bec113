import DelimitedText
import Records

/// One record of a kind of which there are few: the text of each of the kind's fields, in order.
struct SmallRecord: Sendable {
    var texts: [String]
    var place: RowPlace
    /// From 1, once the record has entered a table.
    var line: UInt32
}

/// The records of a block, for kinds of which there are few.
struct SmallBlock: Sendable {
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
                records.append(SmallRecord(texts: texts, place: place, line: line))
            } catch {
                rejects.append(
                    Reject(
                        place: place, count: tape.end(of: record) - tape.start(of: record),
                        line: line, column: Int32(error.field), reason: error.reason))
            }
        }
    }
}

/// The catalogue or the users: kinds of which there are few enough to keep every text.
struct SmallTable: Sendable {
    let idField: Int
    let required: [Int]
    private(set) var records: [SmallRecord] = []

    init(idField: Int, required: [Int]) {
        self.idField = idField
        self.required = required
    }

    mutating func append(_ found: [SmallRecord], firstLine: Int) {
        for var record in found {
            record.line += UInt32(firstLine)
            if record.texts[idField].hasPrefix("'") { record.texts[idField].removeFirst() }
            records.append(record)
        }
    }

    /// Leaves one record of each id, and returns those that do not count.
    ///
    /// These kinds have no time, so of several that differ the least by its texts counts: the order
    /// of the input has no say.
    mutating func settle(_ kind: RecordKind) -> [Repeat] {
        var kept: [String: Int] = [:]
        for (index, record) in records.enumerated() {
            guard let other = kept[record.texts[idField]] else {
                kept[record.texts[idField]] = index
                continue
            }
            if record.texts.lexicographicallyPrecedes(records[other].texts) {
                kept[record.texts[idField]] = index
            }
        }
        var repeats: [Repeat] = []
        var counting: [SmallRecord] = []
        for (index, record) in records.enumerated() {
            let id = record.texts[idField]
            guard let winner = kept[id], winner != index else {
                counting.append(record)
                continue
            }
            let isSame = records[winner].texts == record.texts
            repeats.append(
                Repeat(
                    kind: kind, id: id, reason: isSame ? .duplicateLine : .superseded,
                    place: record.place, line: record.line, keptPlace: records[winner].place,
                    keptLine: records[winner].line))
        }
        records = counting
        return repeats
    }
}

extension RecordTables {
    /// Takes over the small kinds.
    mutating func take(catalogue: SmallTable, users: SmallTable, key: FingerprintKey) {
        self.catalogue = catalogue.records.map { record in
            CatalogueItem(
                id: record.texts[CatalogueField.id.rawValue],
                name: record.texts[CatalogueField.name.rawValue],
                kind: record.texts[CatalogueField.kind.rawValue].lowercased(),
                aliases: record.texts[CatalogueField.aliases.rawValue],
                seller: record.texts[CatalogueField.seller.rawValue])
        }
        for record in users.records {
            let name = record.texts[UserField.name.rawValue]
            for field in [UserField.id, .email] {
                let address = record.texts[field.rawValue]
                if !address.isEmpty { userNames[key.userPrint(address)] = name }
            }
        }
    }
}
