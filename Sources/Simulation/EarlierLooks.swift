import DelimitedText
import Diagnostics
import RunStore

/// What earlier looks wrote into a settlement dump.
struct EarlierLooks {
    /// The rows, each with its line end, without the header; nil where there is no file yet.
    private(set) var rows: [UInt8]?
    /// The cells that tell the lines' ids.
    private(set) var ids: Set<String> = []

    /// Reads the file, where there is one.
    ///
    /// - Throws: `TrueupError.run` where it cannot be read, or where somebody else wrote into it.
    init(path: String, dump: SettlementDump) throws {
        guard ReplacedFile.exists(path) else { return }
        do {
            let source = try TextSource(path: path)
            var bytes = [UInt8](repeating: 0, count: source.size)
            let count = try bytes.withUnsafeMutableBytes { (buffer) throws(TextSourceError) in
                try source.read(into: buffer, at: 0)
            }
            let header = dump.header()
            guard count == source.size, bytes.starts(with: header) else {
                throw EarlierLooks.foreign(path, line: 1, header)
            }
            var rows = Array(bytes[header.count...])
            if let last = rows.last, last != UInt8(ascii: "\n") { rows.append(UInt8(ascii: "\n")) }
            self.rows = rows
            try readIDs(TextSource(bytes: header + rows, name: path), dump)
        } catch TextSourceError.noRecord {
            // Only blank lines were left.
        } catch let error as TextSourceError {
            throw TrueupError.run(
                Finding(
                    "the settlement dump cannot be read", at: SourcePosition(file: path),
                    found: error.description, remedy: "check that it is a readable file"))
        }
    }

    private mutating func readIDs(_ source: TextSource, _ dump: SettlementDump) throws {
        guard let column = dump.idColumn else { return }
        let header = dump.header()
        var cursor = RecordCursor(source: source)
        try cursor.record(at: 0)
        var line = 1 + cursor.lineCount
        while cursor.nextOffset < source.size {
            try cursor.record(at: cursor.nextOffset)
            let id = String(decoding: cursor.field(column), as: UTF8.self)
            // Real lines must not come to stand beside made-up ones.
            guard cursor.problem == nil, !dump.hasOwnIDs || SimulatedGateway.gave(id) else {
                throw EarlierLooks.foreign(source.path, line: line + cursor.linesBefore, header)
            }
            ids.insert(id)
            line += cursor.lineCount
        }
    }

    private static func foreign(_ path: String, line: Int, _ header: [UInt8]) -> TrueupError {
        .run(
            Finding(
                "the settlement dump is none of the simulated gateway's",
                at: SourcePosition(file: path, line: line),
                expected: line == 1
                    ? String(decoding: header.dropLast(), as: UTF8.self)
                    : "a line whose id begins with \(SimulatedGateway.idPrefix)",
                remedy: "name another file with --to, or move this one away"))
    }
}
