import DelimitedText
import Diagnostics
import Money
import RunStore
import Time

/// Writes the rows of one table, field by field, into a file of the run.
struct RowWriter: ~Copyable {
    private var buffer = OutputBuffer()
    private var sink: FileSink
    private var isFirstField = true
    /// Rows written so far, without the header.
    private(set) var rowCount = 0

    private static let blockSize = 1 << 20

    /// Begins a table with its header.
    init(sink: consuming FileSink, columns: [String]) {
        self.sink = sink
        for column in columns { text(column) }
        buffer.endRow()
        isFirstField = true
    }

    private mutating func separate() {
        if isFirstField {
            isFirstField = false
        } else {
            buffer.appendSeparator()
        }
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
        guard text.first == UInt8(ascii: "'") else { return self.text(text) }
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

    /// An amount with its currency's own digits.
    mutating func amount(_ minorUnits: Int64, _ currency: Currency) {
        separate()
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
        guard instant.isPresent else { return }
        withUnsafeTemporaryAllocation(byteCount: TimeText.longestInstant, alignment: 1) { memory in
            let count = TimeText.write(instant, into: memory)
            buffer.append(UnsafeRawBufferPointer(rebasing: memory[..<count]))
        }
    }

    /// A date; empty where there is none.
    mutating func date(_ date: CivilDate) {
        separate()
        if date.isPresent { buffer.append(TimeText.text(date)) }
    }

    /// Ends the row.
    mutating func endRow() throws {
        buffer.endRow()
        isFirstField = true
        rowCount += 1
        if buffer.count >= RowWriter.blockSize { try flush() }
    }

    private mutating func flush() throws {
        var failure: TrueupError?
        buffer.withUnsafeBytes { bytes in
            do throws(TrueupError) { try sink.write(bytes) } catch { failure = error }
        }
        if let failure { throw failure }
        buffer.removeAll()
    }

    /// Ends the table; returns how many rows it has.
    consuming func close() throws -> Int {
        try flush()
        let count = rowCount
        try sink.close()
        return count
    }
}
