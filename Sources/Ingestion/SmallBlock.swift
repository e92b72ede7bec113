import DelimitedText
import Money
import Records
import Time

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
    /// The figures of a bank line; nil for other kinds.
    var figures: BankFigures?
    /// Whether another row of the same id and the same time says something else.
    var isConflicting = false

    /// Decides which of several records of one id is the latest; most kinds have no time.
    var moment: Instant {
        figures.map { Instant(seconds: Int64($0.date.days) * 86_400) } ?? .absent
    }
}

/// The figures of a bank line.
struct BankFigures: Sendable {
    /// Minor units, negative where money left the account.
    let amount: Int64
    let currency: Currency
    let date: CivilDate

    init(
        _ record: Int, of tape: borrowing RecordTape, _ reader: borrowing FieldReader,
        _ binding: Binding
    ) throws(RowFault) {
        typealias Field = BankField
        currency = try reader.currency(
            binding.text(Field.currency.rawValue, tape, record), Field.currency.rawValue)
        amount = try reader.requiredAmount(
            binding.text(Field.amount.rawValue, tape, record), currency, Field.amount.rawValue)
        date = try reader.date(
            binding.text(Field.date.rawValue, tape, record), Field.date.rawValue)
    }
}

/// The records of a block, for kinds of which there are few.
struct SmallBlock: Sendable {
    /// Those that can be records; lines are counted from the block's first.
    var records: [SmallRecord] = []
    var rejects: [Reject] = []
    /// How many rows are left out.
    var leftOut = 0

    init(
        _ tape: borrowing RecordTape, at offset: Int, file: Int, kind: RecordKind,
        binding: Binding, rules: ReadingRules
    ) {
        let fields = kind.fields
        let reader = FieldReader(rules: rules)
        for record in 0..<tape.count {
            let place = RowPlace(file: file, offset: offset + tape.start(of: record))
            let line = UInt32(truncatingIfNeeded: tape.line(of: record))
            do throws(RowFault) {
                guard try binding.admits(record, of: tape) else {
                    leftOut += 1
                    continue
                }
                let texts = fields.indices.map {
                    String(decoding: binding.text($0, tape, record), as: UTF8.self)
                }
                if let empty = fields.indices.first(where: {
                    fields[$0].isRequired && texts[$0].isEmpty
                }) {
                    throw RowFault(.missingValue, empty)
                }
                // Every kind's first field is its id.
                let id = FieldText.id(binding.text(0, tape, record))
                guard !id.isEmpty else { throw RowFault(.missingValue, 0) }
                var made = SmallRecord(
                    id: String(decoding: id, as: UTF8.self), texts: texts, place: place,
                    line: line)
                made.isConflicting = binding.says(.conflicting, tape, record)
                if kind == .bank {
                    made.figures = try BankFigures(record, of: tape, reader, binding)
                }
                records.append(made)
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

    /// Takes over the lines of the bank account.
    mutating func take(bank records: [SmallRecord]) {
        bank = records.compactMap { record in
            guard let figures = record.figures else { return nil }
            var payout = record.texts[BankField.payout.rawValue]
            payout = payout.withUTF8 {
                String(decoding: FieldText.id(UnsafeRawBufferPointer($0)), as: UTF8.self)
            }
            var line = BankLine(
                id: record.id, payout: payout,
                description: record.texts[BankField.description.rawValue],
                amount: figures.amount, currency: figures.currency, date: figures.date,
                place: record.place)
            line.isConflicting = record.isConflicting
            return line
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
