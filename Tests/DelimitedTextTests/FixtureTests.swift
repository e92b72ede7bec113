import DelimitedText
import Foundation
import Parallel
import ReadingKit
import Testing

/// The shapes of CSV that every reader must survive: what comes out of each fixture stands beside
/// it in `Expected`, and why it does in the documentation's page on CSV.
@Suite struct FixtureTests {
    private static let tests = URL(filePath: #filePath).deletingLastPathComponent()
    private static let page = tests.appending(path: "../../Sources/Pipeline/Pipeline.docc/CSV.md")

    private static func names(in folder: String, _ ending: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: tests.appending(path: folder).path)
            .filter { $0.hasSuffix(ending) }.map { String($0.dropLast(ending.count)) }.sorted()
    }

    static let fixtures = (try? names(in: "Fixtures", ".csv")) ?? []

    /// A record's fields, or why a line is none; the offset counts bytes of the line, from 0.
    private enum Row: Equatable, Decodable {
        case record([String])
        case problem(String, line: Int, at: Int)

        private enum Keys: String, CodingKey { case problem, line, at }

        init(from decoder: any Decoder) throws {
            if let fields = try? decoder.singleValueContainer().decode([String].self) {
                self = .record(fields)
                return
            }
            let values = try decoder.container(keyedBy: Keys.self)
            self = .problem(
                try values.decode(String.self, forKey: .problem),
                line: try values.decode(Int.self, forKey: .line),
                at: try values.decode(Int.self, forKey: .at))
        }

        init(_ record: ReadRecord) {
            guard let problem = record.problem else {
                self = .record(record.fields.map { String(decoding: $0, as: UTF8.self) })
                return
            }
            let name = "\(problem)".prefix { $0 != "(" }
            self = .problem(
                String(name), line: record.line + 1, at: problem.offset - record.start)
        }
    }

    private func expected(_ fixture: String) throws -> [Row] {
        let file = Self.tests.appending(path: "Expected/\(fixture).json")
        return try JSONDecoder().decode([Row].self, from: Data(contentsOf: file))
    }

    private func path(_ fixture: String) -> String {
        Self.tests.appending(path: "Fixtures/\(fixture).csv").path
    }

    @Test(arguments: fixtures, [1, 2])
    func theReaderMakesOfItWhatIsExpected(fixture: String, threads: Int) throws {
        let source = try TextSource(path: path(fixture))
        for blockSize in [1, 7, 64, RecordReader.blockSize] {
            var rows: [Row] = []
            try RecordReader(
                source: source, workers: Workers(count: threads), blockSize: blockSize
            ).read(
                parse: { tape, offset in tape.readRecords(offset: offset) },
                deliver: { records, place in
                    rows += records.map { record in
                        var record = record
                        record.line += place.firstLine - 1
                        return Row(record)
                    }
                })
            #expect(try rows == expected(fixture), "blocks of \(blockSize)")
        }
    }

    /// Reads a record; false where there is none any more.
    private func find(_ cursor: inout RecordCursor, at offset: Int) throws -> Bool {
        do {
            try cursor.record(at: offset)
            return true
        } catch TextSourceError.noRecord {
            return false
        }
    }

    @Test(arguments: fixtures, [3, RecordCursor.windowSize])
    func aCursorMakesOfItWhatIsExpected(fixture: String, windowSize: Int) throws {
        let source = try TextSource(path: path(fixture))
        var cursor = RecordCursor(source: source, windowSize: windowSize)
        var rows: [Row] = []
        var (offset, line) = (source.textStart, 0)
        while try find(&cursor, at: offset) {
            let fields = (0..<cursor.fieldCount).map { [UInt8](cursor.field($0)) }
            rows.append(
                Row(
                    ReadRecord(
                        start: 0, end: 0, line: line + cursor.linesBefore, fields: fields,
                        problem: cursor.problem)))
            (offset, line) = (cursor.nextOffset, line + cursor.lineCount)
        }
        #expect(try rows == expected(fixture))
    }

    @Test func eachFixtureSaysWhatIsExpected() throws {
        #expect(Self.fixtures.count >= 40)
        #expect(try Self.names(in: "Expected", ".json") == Self.fixtures)
    }

    /// The names of the cases of csv-spectrum and csv-test-data.
    static let cases = """
        comma_in_quotes empty empty_crlf escaped_quotes json location_coordinates newlines
        newlines_crlf quotes_and_newlines simple simple_crlf utf8
        all-empty bad-header-less-fields bad-header-more-fields bad-header-no-header
        bad-header-wrong-header bad-missing-quote bad-quotes-with-unescaped-quote
        bad-unescaped-quote empty-field empty-one-column header-no-rows header-simple
        leading-space one-column quotes-empty quotes-with-comma quotes-with-escaped-quote
        quotes-with-newline quotes-with-space simple-crlf simple-lf trailing-newline
        trailing-newline-one-field trailing-space utf8
        """.split { $0.isWhitespace }.map(String.init)

    @Test func eachCaseOfThePublicSuitesIsInATable() throws {
        let rows = try String(contentsOf: Self.page, encoding: .utf8).split(separator: "\n")
            .filter { $0.hasPrefix("| `Fixtures/") || $0.hasPrefix("| `Dumps/") }
        #expect(Self.cases.count == 12 + 25)
        for name in Self.cases {
            #expect(rows.contains { $0.contains("`\(name)`") }, "\(name)")
        }
    }

    @Test func eachFixtureIsInTheTableOfThePage() throws {
        let named = try String(contentsOf: Self.page, encoding: .utf8).split(separator: "\n")
            .compactMap { $0.firstMatch(of: /^\| `Fixtures\/([a-z0-9-]+)\.csv` \|/)?.1 }
        #expect(named.map(String.init).sorted() == Self.fixtures)
    }
}
