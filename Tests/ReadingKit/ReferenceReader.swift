import CLibCSV
import DelimitedText

/// A record or a problem as tests compare it.
package struct ReadRecord: Equatable {
    package var start: Int
    package var end: Int
    package var line: Int
    package var fields: [[UInt8]]
    package var problem: RecordProblem?

    package init(
        start: Int, end: Int, line: Int, fields: [[UInt8]], problem: RecordProblem? = nil
    ) {
        self.start = start
        self.end = end
        self.line = line
        self.fields = fields
        self.problem = problem
    }
}

/// Reads text as the rules say, slowly: libcsv is fed one byte at a time from each record's start.
package struct ReferenceReader {
    let text: [UInt8]
    let dialect: Dialect
    let longestRecord: Int

    package init(
        text: [UInt8], dialect: Dialect = .comma,
        longestRecord: Int = RecordScanner.longestRecord
    ) {
        self.text = text
        self.dialect = dialect
        self.longestRecord = longestRecord
    }

    package func records() -> [ReadRecord] {
        var result: [ReadRecord] = []
        var position = 0
        while position < text.count {
            let lineEnd = endOfLine(from: position)
            let next = behindLineEnd(at: lineEnd)
            let isTooLong = lineEnd - position > longestRecord
            if !isTooLong, text[position..<lineEnd].allSatisfy(isBlank) {
                position = next
                continue
            }
            let line = countLineEnds(before: position)
            var record = ReadRecord(start: position, end: lineEnd, line: line, fields: [])
            let strict = feed(from: position, to: text.count, options: CSV_STRICT)
            if let end = strict.end {
                record.end = end
                record.fields = strict.fields
                result.append(record)
                position = behindLineEnd(at: end)
                continue
            }
            let lenient = feed(from: position, to: min(lineEnd + 1, text.count), options: 0)
            if strict.isTooLong || isTooLong {
                record.problem = .tooLong(at: position + longestRecord)
                record.end = min(lineEnd, position + longestRecord)
            } else if strict.refused != nil, lenient.end == lineEnd {
                record.fields = lenient.fields
            } else if let refused = strict.refused, strict.isAfterClosingQuote, refused < lineEnd {
                record.problem = .textAfterClosingQuote(at: refused)
            } else {
                let field = text[lenient.fieldStart..<lineEnd]
                record.problem = .unclosedQuote(at: field.firstIndex(of: 0x22) ?? -1)
            }
            result.append(record)
            position = next
        }
        return result
    }

    /// All rows of strict libcsv fed in the given pieces; nil where it refuses the text.
    package func rowsOfStrictLibCSV(splitAt splits: [Int]) -> [[[UInt8]]]? {
        var parser = makeParser(CSV_STRICT | CSV_STRICT_FINI)
        defer { csv_free(&parser) }
        let sink = RowSink()
        let context = Unmanaged.passUnretained(sink).toOpaque()
        var start = 0
        for end in splits + [text.count] {
            let taken = text[start..<end].withUnsafeBytes {
                csv_parse(&parser, $0.baseAddress, $0.count, takeField, takeRow, context)
            }
            guard taken == end - start else { return nil }
            start = end
        }
        guard csv_fini(&parser, takeField, takeRow, context) == 0 else { return nil }
        return sink.rows
    }

    private struct Reading {
        var end: Int?
        var fields: [[UInt8]] = []
        var refused: Int?
        var isAfterClosingQuote = false
        var isTooLong = false
        /// Behind the last field that was complete.
        var fieldStart: Int
    }

    /// Feeds one record; `end` is where its line end stands, or the end of the text.
    private func feed(from start: Int, to limit: Int, options: Int32) -> Reading {
        var parser = makeParser(options)
        defer { csv_free(&parser) }
        let sink = RowSink()
        let context = Unmanaged.passUnretained(sink).toOpaque()
        var reading = Reading(fieldStart: start)
        for offset in start..<limit {
            if options == CSV_STRICT, offset - start > longestRecord {
                reading.isTooLong = true
                return reading
            }
            let fields = sink.fields.count
            var byte = text[offset]
            if csv_parse(&parser, &byte, 1, takeField, takeRow, context) != 1 {
                reading.refused = offset
                reading.isAfterClosingQuote = parser.quoted != 0
                return reading
            }
            if let row = sink.rows.first {
                reading.end = offset
                reading.fields = row
                return reading
            }
            if sink.fields.count > fields { reading.fieldStart = offset + 1 }
        }
        guard limit == text.count else { return reading }
        if options == CSV_STRICT, limit - start > longestRecord {
            reading.isTooLong = true
            return reading
        }
        csv_set_opts(&parser, UInt8(CSV_STRICT | CSV_STRICT_FINI))
        guard csv_fini(&parser, takeField, takeRow, context) == 0 else { return reading }
        reading.end = limit
        reading.fields = sink.rows.first ?? []
        return reading
    }

    private func makeParser(_ options: Int32) -> csv_parser {
        var parser = csv_parser()
        csv_init(&parser, UInt8(options))
        csv_set_delim(&parser, dialect.delimiter)
        return parser
    }

    private func isBlank(_ byte: UInt8) -> Bool {
        (byte == 0x20 || byte == 0x09) && byte != dialect.delimiter
    }

    private func endOfLine(from start: Int) -> Int {
        text[start...].firstIndex { $0 == 0x0A || $0 == 0x0D } ?? text.count
    }

    private func behindLineEnd(at end: Int) -> Int {
        guard end < text.count else { return text.count }
        let isPair = text[end] == 0x0D && end + 1 < text.count && text[end + 1] == 0x0A
        return end + (isPair ? 2 : 1)
    }

    func countLineEnds(before limit: Int) -> Int {
        var count = 0
        var position = 0
        while true {
            let end = endOfLine(from: position)
            guard end < limit else { return count }
            position = behindLineEnd(at: end)
            count += 1
        }
    }
}

private final class RowSink {
    var fields: [[UInt8]] = []
    var rows: [[[UInt8]]] = []
}

private func takeField(
    _ text: UnsafeMutableRawPointer?, _ count: Int, _ context: UnsafeMutableRawPointer?
) {
    guard let context else { return }
    let sink = Unmanaged<RowSink>.fromOpaque(context).takeUnretainedValue()
    sink.fields.append([UInt8](UnsafeRawBufferPointer(start: text, count: count)))
}

private func takeRow(_ ending: Int32, _ context: UnsafeMutableRawPointer?) {
    guard let context else { return }
    let sink = Unmanaged<RowSink>.fromOpaque(context).takeUnretainedValue()
    sink.rows.append(sink.fields)
    sink.fields = []
}
