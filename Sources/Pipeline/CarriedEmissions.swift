import DelimitedText
import Diagnostics
import Emission
import Ingestion
import Money
import Parallel
import Records
import Reporting
import Time

/// Reads what the latest run handed on: `carried/emissions.csv`.
enum CarriedEmissions {
    /// Reads every entry.
    ///
    /// - Throws: `TrueupError.run` where the file is missing or is not as a run wrote it: without it
    ///   the run could emit something twice.
    static func read(_ path: String, key: FingerprintKey) throws -> WaitingEmissions {
        do {
            let source = try TextSource(path: path)
            var cursor = RecordCursor(source: source)
            try cursor.record(at: source.textStart)
            let header = (0..<cursor.fieldCount).map {
                String(decoding: cursor.field($0), as: UTF8.self)
            }
            guard header == CarriedEmissionsFile.columns else { throw damaged(path, line: 1) }
            var entries: [WaitingEmission] = []
            let start = ReadingStart(offset: cursor.nextOffset, line: 1 + cursor.lineCount)
            try RecordReader(source: source, workers: Workers(count: 1)).read(from: start) {
                tape, _ in
                (0..<tape.count).map { (line: tape.line(of: $0), entry: entry(tape, $0, key)) }
            } deliver: { block, place in
                for (line, entry) in block {
                    guard let entry else { throw damaged(path, line: place.firstLine + line) }
                    entries.append(entry)
                }
            }
            return WaitingEmissions(entries)
        } catch let error as TextSourceError {
            throw TrueupError.run(
                Finding(
                    "what the latest run handed on cannot be read",
                    at: SourcePosition(file: path), found: error.description,
                    remedy: "restore the run's folder from its archive"))
        }
    }

    private static func damaged(_ path: String, line: Int) -> TrueupError {
        .run(
            Finding(
                "what the latest run handed on is damaged",
                at: SourcePosition(file: path, line: line),
                expected: CarriedEmissionsFile.columns.joined(separator: ","),
                remedy: "restore the run's folder from its archive"))
    }

    private static let things = Dictionary(
        uniqueKeysWithValues: EmittedThing.allCases.map { ($0.word, $0) })

    /// The entry of a record; nil where a run cannot have written it.
    private static func entry(
        _ tape: borrowing RecordTape, _ record: Int, _ key: FingerprintKey
    ) -> WaitingEmission? {
        guard tape.fieldCount(of: record) == CarriedEmissionsFile.columns.count else { return nil }
        let texts = (0..<CarriedEmissionsFile.columns.count).map {
            withoutGuard(String(decoding: tape.field(record, $0), as: UTF8.self))
        }
        guard let thing = things[texts[0]], let currency = Currency(texts[6]),
            case .success(let amount) = Amount.parse(texts[5], digits: currency.digits),
            case .success(let emitted) = TimeText.instant(texts[8], in: .utc)
        else { return nil }
        return WaitingEmission(
            thing: thing, id: texts[1], paymentID: texts[2], user: texts[3], item: texts[4],
            amount: amount, currency: currency, status: texts[7], emittedAt: emitted,
            payment: key.idPrint(texts[2]), userPrint: key.userPrint(texts[3]))
    }

    /// A text without the apostrophe that keeps spreadsheets from running it.
    private static func withoutGuard(_ text: String) -> String {
        guard text.first == "'", let second = text.dropFirst().first,
            "=+-@\t\r".contains(second)
        else { return text }
        return String(text.dropFirst())
    }
}
