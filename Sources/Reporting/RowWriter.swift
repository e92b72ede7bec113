import DelimitedText
import Diagnostics
import Money
import Records
import RunStore
import Time

/// Writes the rows of one table, field by field, into a file of the run.
struct RowWriter: ~Copyable {
    private var buffer = OutputBuffer()
    private var sink: FileSink
    /// The column of the next field, from 0.
    private var column = 0
    private let columns: [String]
    /// What was written into each column as amounts.
    private var sums: ContiguousArray<MoneySums>
    /// Rows written so far, without the header.
    private(set) var rowCount = 0

    /// Notes where rows belong, for a part of a file; nil for a whole one.
    private let marks: PieceMarks?
    /// Told of the rows of each block that is written.
    private let tell: (Int) -> Void
    private var rowsTold = 0
    /// Where the row at hand begins.
    private var rowStart = 0

    private static let blockSize = 1 << 20

    /// Begins a table with its header; a part of one has none.
    init(
        sink: consuming FileSink, columns: [String], marks: PieceMarks? = nil,
        tell: @escaping (Int) -> Void = { _ in }
    ) {
        self.tell = tell
        self.sink = sink
        self.columns = columns
        self.marks = marks
        sums = ContiguousArray(repeating: MoneySums(), count: columns.count)
        guard marks == nil else { return }
        for column in columns { text(column) }
        buffer.endRow()
        column = 0
    }

    /// The row of the columns' names.
    static func header(_ columns: [String]) -> [UInt8] {
        var buffer = OutputBuffer()
        for (index, column) in columns.enumerated() {
            if index > 0 { buffer.appendSeparator() }
            buffer.appendField(column)
        }
        buffer.endRow()
        return buffer.withUnsafeBytes { [UInt8]($0) }
    }

    @inline(__always)
    private mutating func separate() {
        if column > 0 { buffer.appendSeparator() }
        column &+= 1
    }

    /// An empty field.
    mutating func empty() { separate() }

    /// A text of the dumps, quoted where it needs to be.
    mutating func text(_ text: UnsafeRawBufferPointer) {
        separate()
        buffer.appendField(text)
    }

    /// A text, quoted where it needs to be.
    mutating func text(_ text: String) {
        separate()
        buffer.appendField(text)
    }

    /// A text that a run reads again: one that begins with an apostrophe gets another, as one that
    /// a spreadsheet would run does, so that the reader can always take one away.
    mutating func guarded(_ text: UnsafeRawBufferPointer) {
        guard text.first == UInt8(ascii: "'"), !OutputBuffer.isGuarded(text) else {
            return self.text(text)
        }
        self.text { buffer in
            buffer.append(byte: UInt8(ascii: "'"))
            buffer.append(text)
        }
    }

    /// The same of a string.
    mutating func guarded(_ text: String) {
        var text = text
        text.withUTF8 { guarded(UnsafeRawBufferPointer($0)) }
    }

    /// A text put together from pieces.
    mutating func text(composedBy compose: (inout OutputBuffer) -> Void) {
        separate()
        buffer.appendField(composedBy: compose)
    }

    /// An amount with its currency's own digits; it is added to the column's control total.
    mutating func amount(_ minorUnits: Int64, _ currency: Currency) {
        separate()
        sums[column &- 1].add(minorUnits, currency)
        buffer.append(minorUnits: minorUnits, digits: currency.digits)
    }

    /// A currency's code; empty where there is none.
    mutating func currency(_ currency: Currency) {
        separate()
        currency.forEachLetter { buffer.append(byte: $0) }
    }

    /// A whole number.
    mutating func number(_ number: Int64) {
        separate()
        buffer.append(integer: number)
    }

    /// A moment in UTC; empty where there is none.
    mutating func instant(_ instant: Instant) {
        separate()
        buffer.append(instant)
    }

    /// A date; empty where there is none.
    mutating func date(_ date: CivilDate) {
        separate()
        if date.isPresent { buffer.append(TimeText.text(date)) }
    }

    /// Ends the row.
    mutating func endRow() throws {
        buffer.endRow()
        column = 0
        rowCount += 1
        if buffer.count >= RowWriter.blockSize { try flush() }
    }

    /// Ends a row of a file that may be written in parts: it follows the order of a row of the dumps,
    /// within a section of the file.
    mutating func endRow(at place: RowPlace, section: UInt32 = 0) throws {
        guard let marks else { return try endRow() }
        buffer.endRow()
        try marks.add(
            PieceMark(section: section, place: place, length: buffer.count - rowStart))
        column = 0
        rowCount += 1
        rowStart = buffer.count
        if buffer.count >= RowWriter.blockSize { try flush() }
    }

    private mutating func flush() throws {
        rowStart = 0
        var failure: TrueupError?
        buffer.withUnsafeBytes { bytes in
            do throws(TrueupError) { try sink.write(bytes) } catch { failure = error }
        }
        if let failure { throw failure }
        buffer.removeAll()
        tell(rowCount - rowsTold)
        rowsTold = rowCount
    }

    /// Ends the table.
    ///
    /// - Returns: How many rows were written, and the sums of the columns that hold amounts.
    consuming func close() throws -> (rows: Int, sums: [WrittenFile.ColumnSums]) {
        try flush()
        let written = zip(columns, sums).filter { !$1.isEmpty }
            .map { WrittenFile.ColumnSums(column: $0, sums: $1) }
        let count = rowCount
        try sink.close()
        return (count, written)
    }
}

extension OutputBuffer {
    /// Appends a moment in UTC; nothing where there is none.
    mutating func append(_ instant: Instant) {
        guard instant.isPresent else { return }
        withUnsafeTemporaryAllocation(byteCount: TimeText.longestInstant, alignment: 1) { memory in
            let count = TimeText.write(instant, into: memory)
            append(UnsafeRawBufferPointer(rebasing: memory[..<count]))
        }
    }
}
