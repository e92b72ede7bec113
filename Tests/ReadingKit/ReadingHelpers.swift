import DelimitedText
import Parallel
import Synchronization

extension RecordTape {
    /// All records, with offsets from the start of the text and lines from the start of the file.
    package func readRecords(offset: Int = 0, line: Int = 0) -> [ReadRecord] {
        (0..<count).map { record in
            ReadRecord(
                start: start(of: record) + offset, end: end(of: record) + offset,
                line: self.line(of: record) + line,
                fields: (0..<fieldCount(of: record)).map { [UInt8](field(record, $0)) },
                problem: problem(of: record)?.shifted(by: offset))
        }
    }
}

extension RecordProblem {
    package func shifted(by distance: Int) -> RecordProblem {
        switch self {
        case .unclosedQuote(let offset): .unclosedQuote(at: offset + distance)
        case .textAfterClosingQuote(let offset): .textAfterClosingQuote(at: offset + distance)
        case .tooLong(let offset): .tooLong(at: offset + distance)
        }
    }
}

/// Reads a text with one scanner as a single block.
package func scanWhole(
    _ text: [UInt8], dialect: Dialect = .comma, longestRecord: Int = RecordScanner.longestRecord
) -> [ReadRecord] {
    var scanner = RecordScanner(dialect: dialect, longestRecord: longestRecord)
    var tape = RecordTape()
    return text.withUnsafeBytes { bytes in
        let result = scanner.scan(bytes, isLast: true, into: &tape)
        precondition(result.consumed == bytes.count, "the last block is used up")
        return tape.readRecords()
    }
}

/// Reads a text with one scanner in blocks that end anywhere, longer ones where needed.
package func scanInPieces(
    _ text: [UInt8], dialect: Dialect, longestRecord: Int,
    using generator: inout some RandomNumberGenerator
) -> [ReadRecord] {
    var scanner = RecordScanner(dialect: dialect, longestRecord: longestRecord)
    var tape = RecordTape()
    var records: [ReadRecord] = []
    var (position, line, size, isWithinLine) = (0, 0, 1, false)
    while position < text.count {
        let end = min(text.count, position + size)
        let result = text[position..<end].withUnsafeBytes { bytes in
            let result = scanner.scan(
                bytes, isLast: end == text.count, startsWithinLine: isWithinLine, into: &tape)
            records += tape.readRecords(offset: position, line: line)
            return result
        }
        position += result.consumed
        line += result.lineCount
        isWithinLine = result.endsWithinLine
        size = result.consumed == 0 ? size * 2 : Int.random(in: 1...150, using: &generator)
    }
    return records
}

/// What the parallel reader made of a text, and the bytes that it had observed.
package func readInParallel(
    _ text: [UInt8], dialect: Dialect = .comma, threads: Int, blockSize: Int,
    longestRecord: Int = RecordScanner.longestRecord
) throws -> (records: [ReadRecord], observed: [UInt8]) {
    let observed = Mutex<[UInt8]>([])
    var records: [ReadRecord] = []
    let reader = RecordReader(
        source: TextSource(bytes: text, name: "text.csv"), dialect: dialect,
        workers: Workers(count: threads), blockSize: blockSize, longestRecord: longestRecord)
    try reader.read(
        observe: { bytes in observed.withLock { $0 += bytes } },
        parse: { tape, offset in tape.readRecords(offset: offset) },
        deliver: { output, place in
            records += output.map { record in
                var record = record
                record.line += place.firstLine - 1
                return record
            }
        })
    return (records, observed.withLock { $0 })
}

/// What a cursor makes of the record at an offset.
package func readRecord(_ cursor: inout RecordCursor, at offset: Int) throws -> ReadRecord {
    try cursor.record(at: offset)
    let raw = cursor.rawText.count
    return ReadRecord(
        start: offset, end: offset + raw, line: 0,
        fields: (0..<cursor.fieldCount).map { [UInt8](cursor.field($0)) },
        problem: cursor.problem?.shifted(by: offset))
}
