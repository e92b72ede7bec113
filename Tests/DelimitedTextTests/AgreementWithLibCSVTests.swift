import DelimitedText
import ReadingKit
import Testing

/// Every way of reading against libcsv, on seeded random texts.
@Suite struct AgreementWithLibCSVTests {
    /// One text, and how it is read.
    struct Sample: CustomTestStringConvertible {
        let seed: UInt64
        let text: [UInt8]
        let dialect: Dialect
        let longestRecord: Int
        var generator: SeededGenerator

        init(seed: UInt64, style: TextStyle) {
            self.seed = seed
            var generator = SeededGenerator(seed: seed)
            let delimiters: [UInt8] = [0x2C, 0x2C, 0x2C, 0x3B, 0x09, 0x20]
            let delimiter = delimiters.randomElement(using: &generator)
            dialect = Dialect(delimiter: delimiter ?? 0x2C)
            longestRecord = Bool.random(using: &generator) ? 16 << 20 : 70
            let size = [30, 200, 600].randomElement(using: &generator) ?? 30
            text = generator.text(style, size: size, delimiter: dialect.delimiter)
            self.generator = generator
        }

        var reference: [ReadRecord] {
            ReferenceReader(text: text, dialect: dialect, longestRecord: longestRecord).records()
        }

        var testDescription: String {
            "seed \(seed), delimiter \(dialect.delimiter), bound \(longestRecord): "
                + String(decoding: text, as: UTF8.self).debugDescription
        }
    }

    static let seeds = (0..<16).map { UInt64($0) * 1_000_003 }
    static let samplesForEachSeed: UInt64 = 120

    private func forEachSample(
        _ seed: UInt64, _ style: TextStyle, _ body: (inout Sample) throws -> Void
    ) rethrows {
        for step in 0..<Self.samplesForEachSeed {
            var sample = Sample(seed: seed + step, style: style)
            try body(&sample)
        }
    }

    @Test(arguments: seeds, TextStyle.allCases)
    func scanningAgreesByteForByte(seed: UInt64, style: TextStyle) {
        forEachSample(seed, style) { sample in
            let read = scanWhole(
                sample.text, dialect: sample.dialect, longestRecord: sample.longestRecord)
            #expect(read == sample.reference, "\(sample.testDescription)")
        }
    }

    @Test(arguments: seeds, TextStyle.allCases)
    func whatStrictLibCSVAcceptsIsReadAsItReadsIt(seed: UInt64, style: TextStyle) {
        forEachSample(seed, style) { sample in
            let count = sample.text.count
            let splits = (0..<4).map { _ in Int.random(in: 0...count, using: &sample.generator) }
            let reference = ReferenceReader(text: sample.text, dialect: sample.dialect)
            guard let rows = reference.rowsOfStrictLibCSV(splitAt: splits.sorted()) else { return }
            let read = scanWhole(sample.text, dialect: sample.dialect)
            #expect(read.map(\.fields) == rows, "\(sample.testDescription)")
        }
    }

    @Test(arguments: seeds, TextStyle.allCases)
    func howTextIsDividedDoesNotMatter(seed: UInt64, style: TextStyle) {
        forEachSample(seed, style) { sample in
            let read = scanInPieces(
                sample.text, dialect: sample.dialect, longestRecord: sample.longestRecord,
                using: &sample.generator)
            #expect(read == sample.reference, "\(sample.testDescription)")
        }
    }

    @Test(arguments: seeds, TextStyle.allCases)
    func readingInParallelAgrees(seed: UInt64, style: TextStyle) throws {
        try forEachSample(seed, style) { sample in
            let threads = [1, 2, 4].randomElement(using: &sample.generator) ?? 1
            let blockSize = Int.random(in: 1...130, using: &sample.generator)
            let read = try readInParallel(
                sample.text, dialect: sample.dialect, threads: threads, blockSize: blockSize,
                longestRecord: sample.longestRecord)
            let comment = "\(threads) threads, blocks of \(blockSize), \(sample.testDescription)"
            let hasMark = sample.text.starts(with: [0xEF, 0xBB, 0xBF])
            if !hasMark { #expect(read.records == sample.reference, "\(comment)") }
            #expect(read.observed == sample.text, "\(comment)")
        }
    }

    @Test(arguments: seeds, TextStyle.allCases)
    func readingAgainByOffsetAgrees(seed: UInt64, style: TextStyle) throws {
        try forEachSample(seed, style) { sample in
            let source = TextSource(bytes: sample.text, name: "text.csv")
            var cursor = RecordCursor(
                source: source, dialect: sample.dialect,
                windowSize: Int.random(in: 1...200, using: &sample.generator),
                longestRecord: sample.longestRecord)
            var records = sample.reference
            if Bool.random(using: &sample.generator) {
                records.shuffle(using: &sample.generator)
            }
            for var record in records {
                record.line = 0
                let read = try readRecord(&cursor, at: record.start)
                #expect(read == record, "\(sample.testDescription)")
            }
        }
    }

    @Test(arguments: seeds, TextStyle.allCases)
    func aCursorWalksThroughAllRecords(seed: UInt64, style: TextStyle) throws {
        try forEachSample(seed, style) { sample in
            var cursor = RecordCursor(
                source: TextSource(bytes: sample.text, name: "text.csv"), dialect: sample.dialect,
                windowSize: Int.random(in: 1...200, using: &sample.generator),
                longestRecord: sample.longestRecord)
            var (offset, line) = (0, 0)
            for record in sample.reference {
                try cursor.record(at: offset)
                #expect(line + cursor.linesBefore == record.line, "\(sample.testDescription)")
                #expect((0..<cursor.fieldCount).map { [UInt8](cursor.field($0)) } == record.fields)
                (offset, line) = (cursor.nextOffset, line + cursor.lineCount)
            }
            #expect(throws: TextSourceError.noRecord(path: "text.csv", offset: offset)) {
                try cursor.record(at: offset)
            }
        }
    }
}
