// Owns the memory of constant values. Invariant: `constants` point into `storage`, which is written
// only in `init` and freed only in `deinit`; nobody keeps a text longer than the binding.

import Definition
import DelimitedText
import Diagnostics
import Money
import Records

/// How one file's columns give a record's fields.
final class Binding: Sendable {
    /// The names in the file's header.
    let headers: [String]
    /// How the file separates fields.
    let dialect: Dialect
    /// For each field the column that gives it, from 0; -1 where none does, and from -2 downwards
    /// where its text is made: that of index 0, 1 and so on.
    private let columns: [Int32]
    /// How texts are made; nil where every field is a column as it stands.
    let recipe: RowRecipe?
    /// For each field the column that messages name.
    private let named: [String]
    /// For each field the value that it has in every row, or empty.
    nonisolated(unsafe) private let constants: [UnsafeRawBufferPointer]
    nonisolated(unsafe) private let storage: [UnsafeMutableRawBufferPointer]
    /// Whether the run before wrote the file.
    let isCarried: Bool
    /// For each carried field its column, from 0, or below 0; empty for tonight's dumps.
    private let carriedColumns: [Int32]

    /// Binds the fields of a kind to the columns of a header.
    init(_ plan: BindingPlan, dialect: Dialect, isCarried: Bool) {
        headers = plan.header.names
        self.dialect = dialect
        self.isCarried = isCarried
        let headers = headers
        carriedColumns =
            isCarried
            ? CarriedField.allCases.map { field in
                headers.firstIndex(of: field.name).map { Int32($0) } ?? -1
            } : []
        var columns: [Int32] = []
        var named: [String] = []
        var storage: [UnsafeMutableRawBufferPointer] = []
        var constants: [UnsafeRawBufferPointer] = []
        for field in plan.fields {
            var column: Int32 = -1
            var constant = UnsafeRawBufferPointer(start: nil, count: 0)
            var name = ""
            switch field {
            case .absent: break
            case .column(let place):
                column = Int32(place)
                name = headers[place]
            case .made(let index, let made):
                column = Int32(-2 - index)
                name = made
            case .constant(let text):
                let memory = UnsafeMutableRawBufferPointer.allocate(
                    byteCount: text.utf8.count, alignment: 1)
                memory.copyBytes(from: text.utf8)
                storage.append(memory)
                constant = UnsafeRawBufferPointer(memory)
            }
            columns.append(column)
            named.append(name)
            constants.append(constant)
        }
        self.columns = columns
        self.named = named
        self.constants = constants
        self.storage = storage
        recipe = plan.needsRecipe ? plan.recipe : nil
    }

    deinit {
        for memory in storage { memory.deallocate() }
    }

    /// Whether any row of the file can have this field.
    func has(_ field: Int) -> Bool { columns[field] != -1 || !constants[field].isEmpty }

    /// The column of a field in messages and in `rejects.csv`: its header's name.
    func header(of field: Int) -> String {
        field < 0 ? "" : named[field]
    }

    /// Whether a record is one at all; false where the file's rules leave it out.
    ///
    /// - Throws: Why it cannot be read.
    @inline(__always)
    func admits(_ record: Int, of tape: borrowing RecordTape) throws(RowFault) -> Bool {
        guard recipe == nil else {
            let mark = tape.mark(of: record)
            try RowMark.check(mark)
            return mark == RowMark.read
        }
        try RecordCheck.check(record, of: tape, fieldCount: headers.count)
        return true
    }

    /// The text of a field in a record, without surrounding blanks.
    @inline(__always)
    func text(_ field: Int, _ tape: borrowing RecordTape, _ record: Int) -> UnsafeRawBufferPointer {
        let column = columns[field]
        guard column >= 0 else {
            return column == -1 ? constants[field] : tape.madeText(record, Int(-2 - column))
        }
        let text = FieldText.trimmed(tape.field(record, Int(column)))
        return isCarried ? FieldText.unguarded(text) : text
    }

    /// The text of a field in the record at which a cursor stands, without surrounding blanks.
    @inline(__always)
    func text(_ field: Int, _ cursor: borrowing RecordCursor) -> UnsafeRawBufferPointer {
        let column = columns[field]
        guard column >= 0 else {
            return column == -1 ? constants[field] : cursor.madeText(Int(-2 - column))
        }
        let text = FieldText.trimmed(cursor.field(Int(column)))
        return isCarried ? FieldText.unguarded(text) : text
    }

    /// The text of what only carried rows have; empty in tonight's dumps.
    func text(_ field: CarriedField, _ cursor: borrowing RecordCursor) -> UnsafeRawBufferPointer {
        guard isCarried, carriedColumns[field.rawValue] >= 0 else {
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        return FieldText.trimmed(cursor.field(Int(carriedColumns[field.rawValue])))
    }

    /// Whether a carried row says that something holds; never in tonight's dumps.
    func says(_ field: CarriedField, _ tape: borrowing RecordTape, _ record: Int) -> Bool {
        guard isCarried, carriedColumns[field.rawValue] >= 0 else { return false }
        return !tape.field(record, Int(carriedColumns[field.rawValue])).isEmpty
    }
}

/// What is taken off a value before it is read.
enum FieldText {
    /// The text without spaces, tabs and line ends around it.
    ///
    /// libcsv trims only what stands outside quotes.
    @inline(__always)
    static func trimmed(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard let first = text.first, let last = text.last else { return text }
        guard first <= 0x20 || last <= 0x20 else { return text }
        return trimmedSlowly(text)
    }

    private static func trimmedSlowly(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) }
        guard let start = text.firstIndex(where: { !isBlank($0) }),
            let end = text.lastIndex(where: { !isBlank($0) })
        else { return UnsafeRawBufferPointer(start: text.baseAddress, count: 0) }
        return UnsafeRawBufferPointer(rebasing: text[start...end])
    }

    /// An id without the apostrophe that spreadsheets put before what looks like a number.
    @inline(__always)
    static func id(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard text.first == UInt8(ascii: "'") else { return text }
        return trimmed(UnsafeRawBufferPointer(rebasing: text.dropFirst()))
    }

    /// Whether an id is a number that a spreadsheet has rounded: `1.2302025304E+022`.
    @inline(__always)
    static func isDamaged(_ text: UnsafeRawBufferPointer) -> Bool {
        guard text.count >= 5, text[0] &- 0x30 <= 9 else { return false }
        guard text[text.count - 3] == UInt8(ascii: "+") || text[text.count - 4] == UInt8(ascii: "+")
        else { return false }
        return Amount.isScientific(text)
    }
}
