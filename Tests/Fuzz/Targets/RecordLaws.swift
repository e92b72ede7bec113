import DelimitedText
import ReadingKit

/// What must hold of delimited text, however it is read.
struct RecordLaws {
    private let text: [UInt8]
    private let dialect: Dialect
    private let longestRecord: Int
    private var generator: SeededGenerator

    /// The bytes themselves choose delimiter, bound and the sizes of blocks.
    init(_ text: [UInt8]) {
        self.text = text
        generator = SeededGenerator(seed: text.fingerprint)
        let delimiters: [UInt8] = [0x2C, 0x2C, 0x2C, 0x2C, 0x3B, 0x09, 0x7C, 0x20]
        dialect = Dialect(delimiter: delimiters.randomElement(using: &generator) ?? 0x2C)
        longestRecord = [1 << 20, 1 << 20, 1 << 20, 70, 10].randomElement(using: &generator) ?? 70
    }

    mutating func check() throws {
        let reference = ReferenceReader(
            text: text, dialect: dialect, longestRecord: longestRecord)
        let records = reference.records()
        try checkPlaces(of: records)
        let whole = scanWhole(text, dialect: dialect, longestRecord: longestRecord)
        try hold(whole, is: records, "one scan reads as libcsv does")
        let pieces = scanInPieces(
            text, dialect: dialect, longestRecord: longestRecord, using: &generator)
        try hold(pieces, is: records, "how text is divided does not matter")
        try checkStrictRows(reference, whole)
        try checkParallelReading(records)
        try checkCursor(records)
    }

    /// Every byte is in a record, in a line end, or in a line that is blank or too long; lines are
    /// what counting them one by one says.
    private func checkPlaces(of records: [ReadRecord]) throws {
        var offset = 0
        var line = 0
        var isWithinLine = false
        for record in records {
            try hold(record.start >= offset && record.end >= record.start, "records are in order")
            try checkGap(offset..<record.start, isWithinLine)
            line += lineEnds(in: offset..<record.start)
            try hold(record.line, is: line, "the line of the record at \(record.start)")
            line += lineEnds(in: record.start..<record.end)
            offset = record.end
            isWithinLine = if case .tooLong = record.problem { true } else { false }
            if let problem = record.problem {
                try hold(record.fields.isEmpty, "a problem has no fields")
                try hold(isPlace(problem, of: record), "\(problem)")
            }
        }
        try checkGap(offset..<text.count, isWithinLine)
    }

    /// What is wrong stands on the record's first line, or is that the record ends too late.
    private func isPlace(_ problem: RecordProblem, of record: ReadRecord) -> Bool {
        if case .tooLong(let offset) = problem { return offset == record.start + longestRecord }
        return (record.start..<record.end).contains(problem.offset)
    }

    private func checkGap(_ range: Range<Int>, _ isWithinLine: Bool) throws {
        var gap = text[range]
        if isWithinLine { gap = gap.drop { $0 != 0x0A && $0 != 0x0D } }
        let isBlank = gap.allSatisfy { [0x0A, 0x0D, 0x20, 0x09].contains($0) }
        try hold(isBlank, "nothing is left out from \(range.lowerBound) to \(range.upperBound)")
    }

    /// `\r\n`, `\n` and a lone `\r` end a line; a pair counts where its last byte is.
    private func lineEnds(in range: Range<Int>) -> Int {
        range.count { offset in
            switch text[offset] {
            case 0x0A: true
            case 0x0D: offset + 1 == text.count || text[offset + 1] != 0x0A
            default: false
            }
        }
    }

    private mutating func checkStrictRows(
        _ reference: ReferenceReader, _ records: [ReadRecord]
    ) throws {
        let count = text.count
        let splits = (0..<3).map { _ in Int.random(in: 0...count, using: &generator) }
        guard records.allSatisfy({ $0.problem == nil }),
            let rows = reference.rowsOfStrictLibCSV(splitAt: splits.sorted())
        else { return }
        try hold(records.map(\.fields), is: rows, "what strict libcsv accepts is read as it does")
    }

    private mutating func checkParallelReading(_ records: [ReadRecord]) throws {
        let blockSize = Int.random(in: 1...150, using: &generator)
        let threads = [1, 2].randomElement(using: &generator) ?? 1
        let read = try readInParallel(
            text, dialect: dialect, threads: threads, blockSize: blockSize,
            longestRecord: longestRecord)
        try hold(read.observed == text, "every byte is observed once, in order")
        var expected = records
        if text.starts(with: [0xEF, 0xBB, 0xBF]) {
            let rest = Array(text.dropFirst(3))
            expected = scanWhole(rest, dialect: dialect, longestRecord: longestRecord).map {
                ReadRecord(
                    start: $0.start + 3, end: $0.end + 3, line: $0.line, fields: $0.fields,
                    problem: $0.problem?.shifted(by: 3))
            }
        }
        try hold(read.records, is: expected, "\(threads) threads with blocks of \(blockSize)")
    }

    private mutating func checkCursor(_ records: [ReadRecord]) throws {
        var cursor = RecordCursor(
            source: TextSource(bytes: text, name: "text.csv"), dialect: dialect,
            windowSize: Int.random(in: 1...200, using: &generator), longestRecord: longestRecord)
        var (offset, line) = (0, 0)
        for record in records {
            try cursor.record(at: offset)
            try hold(line + cursor.linesBefore, is: record.line, "the line of a cursor's record")
            let fields = (0..<cursor.fieldCount).map { [UInt8](cursor.field($0)) }
            try hold(fields, is: record.fields, "the fields of a cursor's record")
            let raw = text[record.start..<record.end]
            try hold(cursor.rawText.elementsEqual(raw), "a record's own text")
            (offset, line) = (cursor.nextOffset, line + cursor.lineCount)
        }
        do {
            try cursor.record(at: offset)
            throw BrokenLaw(description: "a cursor finds more records than there are")
        } catch TextSourceError.noRecord {}
        for var record in records.shuffled(using: &generator) {
            record.line = 0
            try hold(try readRecord(&cursor, at: record.start), is: record, "reading again")
        }
    }
}
