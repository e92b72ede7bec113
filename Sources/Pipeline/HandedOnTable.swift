import DelimitedText
import Diagnostics
import Parallel

/// Reads a table that the latest run handed on.
enum HandedOnTable {
    /// Reads every row.
    ///
    /// - Parameters:
    ///   - path: The file.
    ///   - columns: Its header, exactly.
    ///   - row: What the texts of a row say; nil where a run cannot have written them.
    /// - Throws: `TrueupError.run` where the file is missing or is not as a run wrote it: without it
    ///   the run could tell something twice.
    static func read<Row: Sendable>(
        _ path: String, columns: [String], row: @Sendable ([String]) -> Row?
    ) throws -> [Row] {
        do {
            let source = try TextSource(path: path)
            var cursor = RecordCursor(source: source)
            try cursor.record(at: source.textStart)
            let header = (0..<cursor.fieldCount).map {
                String(decoding: cursor.field($0), as: UTF8.self)
            }
            guard header == columns else { throw damaged(path, line: 1, columns) }
            var rows: [Row] = []
            let start = ReadingStart(offset: cursor.nextOffset, line: 1 + cursor.lineCount)
            try RecordReader(source: source, workers: Workers(count: 1)).read(from: start) {
                tape, _ in
                (0..<tape.count).map { record in
                    let texts = (0..<tape.fieldCount(of: record)).map {
                        withoutGuard(String(decoding: tape.field(record, $0), as: UTF8.self))
                    }
                    let found = texts.count == columns.count ? row(texts) : nil
                    return (line: tape.line(of: record), row: found)
                }
            } deliver: { block, place in
                for (line, found) in block {
                    guard let found else {
                        throw damaged(path, line: place.firstLine + line, columns)
                    }
                    rows.append(found)
                }
            }
            return rows
        } catch let error as TextSourceError {
            throw TrueupError.run(
                Finding(
                    "what the latest run handed on cannot be read",
                    at: SourcePosition(file: path), found: error.description,
                    remedy: "restore the run's folder from its archive"))
        }
    }

    /// A file that no run can have written so.
    static func damaged(_ path: String, line: Int, _ columns: [String]) -> TrueupError {
        .run(
            Finding(
                "what the latest run handed on is damaged",
                at: SourcePosition(file: path, line: line),
                expected: columns.joined(separator: ","),
                remedy: "restore the run's folder from its archive"))
    }

    /// A text without the apostrophe that keeps spreadsheets from running it, or that tells one of
    /// its own from that.
    private static func withoutGuard(_ text: String) -> String {
        text.utf8.first == UInt8(ascii: "'") ? String(text.dropFirst()) : text
    }
}
