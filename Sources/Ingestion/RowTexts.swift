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
    private var scratch: [UInt8] = []

    /// Opens nothing yet.
    public init(_ dumps: Dumps) { self.dumps = dumps }

    /// Goes to a row; every text of the row before is no longer valid.
    ///
    /// - Throws: `TrueupError.run` where the file cannot be read any more.
    public mutating func go(to place: RowPlace) throws {
        if place.file != file {
            file = place.file
            cursor = RecordCursor(source: dumps.files.all[file].source)
        }
        do {
            try cursor?.record(at: place.offset)
        } catch {
            throw dumps.unreadable(file, error)
        }
    }

    /// Gives the text of a field of the row to `body`, without surrounding blanks.
    @inline(__always)
    public func with<Result>(
        _ field: some RecordFieldSet, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        let empty = UnsafeRawBufferPointer(start: nil, count: 0)
        switch cursor {
        case nil: return try body(empty)
        case .some(let cursor):
            return try body(dumps.bindings[file].text(field.rawValue, cursor))
        }
    }

    /// The text of a field of the row as a string of its own.
    public func string(_ field: some RecordFieldSet) -> String {
        with(field) { String(decoding: $0, as: UTF8.self) }
    }

    /// The row's user in lower case, to `body`.
    public mutating func withUser(
        _ field: some RecordFieldSet, _ body: (UnsafeRawBufferPointer) -> Void
    ) {
        var scratch = self.scratch
        let isASCII = with(field) { text in
            scratch.removeAll(keepingCapacity: true)
            var all: UInt8 = 0
            for byte in text {
                all |= byte
                scratch.append(byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte)
            }
            return all < 0x80
        }
        if !isASCII { scratch = Array(string(field).lowercased().utf8) }
        scratch.withUnsafeBytes(body)
        self.scratch = scratch
    }

    /// The record as it stands in the file, to `body`.
    public func withRaw<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        switch cursor {
        case nil: body(UnsafeRawBufferPointer(start: nil, count: 0))
        case .some(let cursor): body(cursor.rawText)
        }
    }

    /// Every mapped field of the row, for telling whether two rows say the same.
    public mutating func content(fieldCount: Int) -> [UInt8] {
        var content: [UInt8] = []
        switch cursor {
        case nil: break
        case .some(let cursor):
            for field in 0..<fieldCount {
                content.append(contentsOf: dumps.bindings[file].text(field, cursor))
                content.append(0x1F)
            }
        }
        return content
    }
}
