// Owns a small piece of scratch memory. Invariant: it is as long as the longest user that a table can
// hold, in lower case, and no text in it is kept past the next row.

import DelimitedText
import Diagnostics
import Records

/// Reads the texts of rows again, where the tables keep none; used by one thread.
///
/// Rows asked for in rising order cost one pass over the files.
public struct RowTexts: ~Copyable {
    private let dumps: Dumps
    private var file = -1
    private var cursor: RecordCursor?
    /// The number of the row at hand in an excerpt of the file.
    private var row = -1
    // Bindings live as long as `dumps`: counting references to one that all threads share would make
    // them wait for each other.
    private var binding: Unmanaged<Binding>?
    /// Makes the fields that no column gives as it stands; nil where there are none.
    private var maker: FieldMaker?
    private let scratch: UnsafeMutableRawBufferPointer

    /// Opens nothing yet.
    public init(_ dumps: Dumps) {
        self.dumps = dumps
        // A lower-case letter takes at most three times the bytes of its upper-case one.
        scratch = .allocate(byteCount: 3 * FieldReader.longestKey, alignment: 8)
    }

    deinit { scratch.deallocate() }

    /// Goes to a row; every text of the row before is no longer valid.
    ///
    /// - Throws: `TrueupError.run` where the file cannot be read any more.
    public mutating func go(to place: RowPlace) throws {
        if place.file != file {
            file = place.file
            let read = dumps.bindings[file]
            cursor = RecordCursor(source: dumps.files.all[file].source, dialect: read.dialect)
            binding = Unmanaged.passUnretained(read)
            maker = read.recipe.map(FieldMaker.init)
            row = -1
        }
        do {
            let start = try start(of: place)
            try cursor?.record(at: start)
            if let maker { cursor?.makeTexts { maker.make(&$0, at: place.offset) } }
        } catch {
            throw dumps.unreadable(file, error)
        }
    }

    /// Where a row begins in what is read of its file.
    private mutating func start(of place: RowPlace) throws(TextSourceError) -> Int {
        let file = dumps.files.all[place.file]
        guard let excerpt = file.excerpt else { return place.offset }
        guard let start = excerpt.start(ofRowAt: place.offset, after: &row) else {
            throw .noRecord(path: file.path, offset: place.offset)
        }
        return start
    }

    /// The text of a field of the row, without surrounding blanks; valid until the next row.
    public func text(_ field: some RecordFieldSet) -> UnsafeRawBufferPointer {
        guard let binding else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        switch cursor {
        case nil: return UnsafeRawBufferPointer(start: nil, count: 0)
        case .some(let cursor):
            return binding._withUnsafeGuaranteedRef { $0.text(field.rawValue, cursor) }
        }
    }

    /// What only carried rows have; empty for tonight's rows, valid until the next row.
    public func text(_ field: CarriedField) -> UnsafeRawBufferPointer {
        guard let binding else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        switch cursor {
        case nil: return UnsafeRawBufferPointer(start: nil, count: 0)
        case .some(let cursor):
            return binding._withUnsafeGuaranteedRef { $0.text(field, cursor) }
        }
    }

    /// An id in the row, without a spreadsheet's apostrophe; valid until the next row.
    public func id(_ field: some RecordFieldSet) -> UnsafeRawBufferPointer {
        FieldText.id(text(field))
    }

    /// The text of a field of the row as a string of its own.
    public func string(_ field: some RecordFieldSet) -> String {
        String(decoding: text(field), as: UTF8.self)
    }

    /// The row's user in lower case; valid until the next row or user.
    public mutating func user(_ field: some RecordFieldSet) -> UnsafeRawBufferPointer {
        let text = text(field)
        guard text.count <= scratch.count else {
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        if LowerCase.write(text, to: scratch) {
            return UnsafeRawBufferPointer(rebasing: scratch[..<text.count])
        }
        let lowered = Array(string(field).lowercased().utf8.prefix(scratch.count))
        scratch.copyBytes(from: lowered)
        return UnsafeRawBufferPointer(rebasing: scratch[..<lowered.count])
    }

    /// The record as it stands in the file, without its line end; valid until the next row.
    public var raw: UnsafeRawBufferPointer {
        switch cursor {
        case nil: UnsafeRawBufferPointer(start: nil, count: 0)
        case .some(let cursor): cursor.rawText
        }
    }

    /// Every mapped field of the row, for telling whether two rows say the same: as the field is
    /// compared, so that another habit of writing it is no contradiction.
    mutating func content(_ habits: [FieldHabit]) -> [UInt8] {
        var content: [UInt8] = []
        guard file >= 0 else { return content }
        for (field, habit) in habits.enumerated() {
            switch cursor {
            case nil: break
            case .some(let cursor):
                habit.append(dumps.bindings[file].text(field, cursor), to: &content)
            }
            content.append(0x1F)
        }
        return content
    }
}

/// What does not matter in how a field is written.
enum FieldHabit: Sendable {
    /// Everything matters.
    case exact
    /// A spreadsheet's apostrophe does not.
    case id
    /// Capitals do not.
    case word
    /// Idle zeros behind the decimal point do not.
    case amount
    /// Nothing does, or it is compared by what it was understood as.
    case ignored

    /// How the fields of a kind are compared, in their order.
    static func ofFields(_ kind: RecordKind) -> [FieldHabit] {
        kind.fields.map { field in
            switch field.text {
            case "id", "break_id", "reference", "order", "booking", "payment", "payout": .id
            case "user", "email", "currency", "status", "state", "type": .word
            case "amount", "gross", "fee", "tax", "net", "price", "refunded", "energy_kwh": .amount
            // Which of a record's rows counts goes by this moment, in whatever zone it is written.
            case "created_at" where kind == .payments || kind == .bookings: .ignored
            case "occurred_at" where kind == .settlements: .ignored
            default: .exact
            }
        }
    }

    /// The same, but for what changes in the ordinary course of records that have no time yet: rows
    /// that differ in it alone do not contradict each other.
    static func ofLastingFields(_ kind: RecordKind) -> [FieldHabit] {
        let changing: Set<String> =
            switch kind {
            case .orders: ["status"]
            case .sessions: ["status", "energy_kwh", "ended_at"]
            default: []
            }
        return zip(kind.fields, ofFields(kind)).map { changing.contains($0.text) ? .ignored : $1 }
    }

    /// Adds what matters of a text.
    func append(_ text: UnsafeRawBufferPointer, to content: inout [UInt8]) {
        switch self {
        case .ignored: return
        case .exact: content.append(contentsOf: text)
        case .id: content.append(contentsOf: FieldText.id(text))
        case .word:
            content.append(contentsOf: String(decoding: text, as: UTF8.self).lowercased().utf8)
        case .amount:
            var end = text.count
            if text.contains(UInt8(ascii: ".")) {
                while end > 0, text[end - 1] == UInt8(ascii: "0") { end -= 1 }
                if end > 0, text[end - 1] == UInt8(ascii: ".") { end -= 1 }
            }
            content.append(contentsOf: text[..<end])
        }
    }
}
