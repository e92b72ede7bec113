import DelimitedText
import Diagnostics
import Parallel
import RunStore

/// A table that the latest run handed on, as it wrote it.
struct CarriedFile {
    /// Where it is.
    let path: String
    /// The columns that it must have, in order.
    let columns: [String]

    /// Reads every row.
    ///
    /// - Parameter entry: Makes an entry of a row's texts, one for each column; nil where no run can
    ///   have written them.
    /// - Returns: The entries, in the order of the rows.
    /// - Throws: `TrueupError.run` where the file is missing or is not as a run wrote it.
    func read<Entry: Sendable>(_ entry: @Sendable ([String]) -> Entry?) throws -> [Entry] {
        do {
            let source = try TextSource(path: path)
            var cursor = RecordCursor(source: source)
            try cursor.record(at: source.textStart)
            let header = (0..<cursor.fieldCount).map {
                String(decoding: cursor.field($0), as: UTF8.self)
            }
            guard header == columns else { throw damaged(line: 1) }
            var entries: [Entry] = []
            let count = columns.count
            let start = ReadingStart(offset: cursor.nextOffset, line: 1 + cursor.lineCount)
            try RecordReader(source: source, workers: Workers(count: 1)).read(from: start) {
                tape, _ in
                (0..<tape.count).map { record in
                    (
                        line: tape.line(of: record),
                        entry: CarriedFile.entry(tape, record, count, entry)
                    )
                }
            } deliver: { block, place in
                for (line, entry) in block {
                    guard let entry else { throw damaged(line: place.firstLine + line) }
                    entries.append(entry)
                }
            }
            return entries
        } catch let error as TextSourceError {
            throw TrueupError.run(
                Finding(
                    "what the latest run handed on cannot be read",
                    at: SourcePosition(file: path), found: error.description,
                    remedy: "restore the run's folder from its archive"))
        }
    }

    /// What is said of a row that no run can have written, or of the file as a whole.
    func damaged(line: Int = 0, _ expected: String? = nil) -> TrueupError {
        .run(
            Finding(
                "what the latest run handed on is damaged",
                at: SourcePosition(file: path, line: line),
                expected: expected ?? columns.joined(separator: ","),
                remedy: "restore the run's folder from its archive"))
    }

    private static func entry<Entry>(
        _ tape: borrowing RecordTape, _ record: Int, _ count: Int, _ entry: ([String]) -> Entry?
    ) -> Entry? {
        guard tape.fieldCount(of: record) == count else { return nil }
        return entry(
            (0..<count).map {
                withoutGuard(String(decoding: tape.field(record, $0), as: UTF8.self))
            })
    }

    /// A text without the apostrophe that keeps spreadsheets from running it, or that tells one of
    /// its own from that.
    private static func withoutGuard(_ text: String) -> String {
        text.utf8.first == UInt8(ascii: "'") ? String(text.dropFirst()) : text
    }
}
