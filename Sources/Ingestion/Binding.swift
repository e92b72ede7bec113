// Owns the memory of constant values. Invariant: `constants` point into `storage`, which is written
// only in `init` and freed only in `deinit`; nobody keeps a text longer than the binding.

import Definition
import DelimitedText
import Diagnostics
import Records

/// How one file's columns give a record's fields.
final class Binding: Sendable {
    /// The names in the file's header.
    let headers: [String]
    /// For each field the column that gives it, from 0; below 0 where no column does.
    private let columns: [Int32]
    /// For each field the value that it has in every row, or empty.
    nonisolated(unsafe) private let constants: [UnsafeRawBufferPointer]
    nonisolated(unsafe) private let storage: [UnsafeMutableRawBufferPointer]
    /// Whether the run before wrote the file.
    let isCarried: Bool
    /// For each carried field its column, from 0, or below 0; empty for tonight's dumps.
    private let carriedColumns: [Int32]

    /// Binds the fields of a kind to the columns of a header.
    ///
    /// - Throws: What is missing: every required column, and every one that the definition names.
    init(file: InputFile, headers: [String], position: SourcePosition) throws(Finding) {
        self.headers = headers
        isCarried = file.isCarried
        carriedColumns =
            file.isCarried
            ? CarriedField.allCases.map { field in
                headers.firstIndex(of: field.name).map { Int32($0) } ?? -1
            } : []
        var columns: [Int32] = []
        var storage: [UnsafeMutableRawBufferPointer] = []
        var constants: [UnsafeRawBufferPointer] = []
        var missing: [(field: String, names: [String])] = []
        for field in file.kind.fields {
            var column: Int32 = -1
            var constant = UnsafeRawBufferPointer(start: nil, count: 0)
            switch file.input.columns[field.text] ?? .headers([field.text]) {
            case .constant(let text):
                let memory = UnsafeMutableRawBufferPointer.allocate(
                    byteCount: text.utf8.count, alignment: 1)
                memory.copyBytes(from: text.utf8)
                storage.append(memory)
                constant = UnsafeRawBufferPointer(memory)
            case .headers(let names):
                let found = names.lazy.compactMap { headers.firstIndex(of: $0) }.first
                column = found.map { Int32($0) } ?? -1
                if found == nil, field.isRequired || file.input.columns[field.text] != nil {
                    missing.append((field.text, names))
                }
            }
            columns.append(column)
            constants.append(constant)
        }
        self.columns = columns
        self.constants = constants
        self.storage = storage
        guard missing.isEmpty else {
            throw Binding.finding(missing, headers: headers, file: file, at: position)
        }
    }

    deinit {
        for memory in storage { memory.deallocate() }
    }

    private static func finding(
        _ missing: [(field: String, names: [String])], headers: [String], file: InputFile,
        at position: SourcePosition
    ) -> Finding {
        let expected = missing.map { missing in
            let names = missing.names.map { "`\($0)`" }.joined(separator: " or ")
            return "\(names) for \(missing.field)"
        }
        return Finding(
            "the header has not the columns of \(file.kind.rawValue)", at: position,
            expected: expected.joined(separator: ", "),
            found: described(headers),
            remedy: "check that this is the right file, or name its columns under "
                + "inputs.\(file.kind.rawValue).columns in the definition")
    }

    /// The names in a header, as a message tells them.
    ///
    /// A file without header begins with somebody's row, which a message must not hold.
    private static func described(_ headers: [String]) -> String {
        guard headers.allSatisfy(looksLikeName) else {
            return "a row of \(headers.count) values that do not look like names of columns"
        }
        return headers.prefix(40).map { "`\($0.prefix(40))`" }.joined(separator: ", ")
    }

    /// Whether a text can be the name of a column: an address, an amount, a time or an id cannot.
    private static func looksLikeName(_ text: String) -> Bool {
        guard let first = text.utf8.first else { return true }
        return !(0x30...0x39).contains(first) && !text.utf8.contains(UInt8(ascii: "@"))
    }

    /// Whether any row of the file can have this field.
    func has(_ field: Int) -> Bool { columns[field] >= 0 || !constants[field].isEmpty }

    /// The column of a field in messages and in `rejects.csv`: its header's name.
    func header(of field: Int) -> String {
        guard field >= 0 else { return "" }
        let column = columns[field]
        return column < 0 ? "" : headers[Int(column)]
    }

    /// The text of a field in a record, without surrounding blanks.
    @inline(__always)
    func text(_ field: Int, _ tape: borrowing RecordTape, _ record: Int) -> UnsafeRawBufferPointer {
        let column = columns[field]
        guard column >= 0 else { return constants[field] }
        let text = FieldText.trimmed(tape.field(record, Int(column)))
        return isCarried ? FieldText.unguarded(text) : text
    }

    /// The text of a field in the record at which a cursor stands, without surrounding blanks.
    @inline(__always)
    func text(_ field: Int, _ cursor: borrowing RecordCursor) -> UnsafeRawBufferPointer {
        let column = columns[field]
        guard column >= 0 else { return constants[field] }
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
}
