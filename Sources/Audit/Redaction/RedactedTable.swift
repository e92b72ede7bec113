import DelimitedText
import Diagnostics
import RunStore

/// A table of a run, read row by row, and written with its people by other names.
struct RedactedTable {
    let path: String

    /// Bytes that are written at once.
    private static let blockSize = 1 << 20

    /// Calls `body` with every person that the table names.
    func people(_ body: (String) -> Void) throws {
        try rows { header, cells in
            for (column, cell) in zip(header, cells) {
                guard case .person = Redactor.treatment(of: column), !cell.isEmpty else { continue }
                body(cell)
            }
            // The rows of users that came twice have their users as ids.
            if let user = RedactedTable.repeatedUser(header, cells) { body(user) }
        }
    }

    /// Writes the table to a new file; gives the columns of which something was left out.
    func write(to target: String, by redactor: Redactor) throws -> [String] {
        var sink = try FileSink.outside(path: target)
        var buffer = OutputBuffer()
        var emptied: Set<Int> = []
        var columns: [String] = []
        func append(_ cells: [String], to buffer: inout OutputBuffer) {
            for (place, cell) in cells.enumerated() {
                if place > 0 { buffer.appendSeparator() }
                buffer.appendField(cell)
            }
            buffer.endRow()
        }
        try rows { header, cells in
            if columns.isEmpty {
                columns = header
                append(header, to: &buffer)
            }
            guard !cells.isEmpty else { return }
            let isUser = RedactedTable.repeatedUser(header, cells) != nil
            var written: [String] = []
            for (place, (column, cell)) in zip(header, cells).enumerated() {
                let treatment =
                    isUser && column == "id" ? .person : Redactor.treatment(of: column)
                written.append(redactor.cell(cell, treatment))
                if !cell.isEmpty, written[place].isEmpty { emptied.insert(place) }
            }
            append(written, to: &buffer)
            guard buffer.count >= RedactedTable.blockSize else { return }
            try buffer.withUnsafeBytes { try sink.write($0) }
            buffer.removeAll()
        }
        try buffer.withUnsafeBytes { try sink.write($0) }
        try sink.close()
        return emptied.sorted().map { columns[$0] }
    }

    private static func repeatedUser(_ header: [String], _ cells: [String]) -> String? {
        guard let kind = header.firstIndex(of: "kind"), let id = header.firstIndex(of: "id"),
            header.contains("kept_file"), kind < cells.count, id < cells.count,
            cells[kind] == "users"
        else { return nil }
        return cells[id]
    }

    /// Calls `body` with the header and the cells of each row, without the apostrophes that keep
    /// spreadsheets from running them; with no cells for a table without rows.
    private func rows(_ body: ([String], [String]) throws -> Void) throws {
        do {
            let source = try TextSource(path: path)
            var cursor = RecordCursor(source: source)
            var position = source.textStart
            var header: [String]?
            var isEmpty = true
            while position < source.size {
                do throws(TextSourceError) {
                    try cursor.record(at: position)
                } catch {
                    guard case .noRecord = error else { throw error }
                    break
                }
                position = cursor.nextOffset
                let cells = (0..<cursor.fieldCount).map {
                    RedactedTable.withoutGuard(cursor.field($0))
                }
                guard let columns = header else {
                    header = cells
                    continue
                }
                guard cells.count == columns.count else { throw damaged }
                isEmpty = false
                try body(columns, cells)
            }
            if isEmpty { try body(header ?? [], []) }
        } catch let error as TextSourceError {
            throw TrueupError.run(
                Finding(
                    "a table of the run cannot be read", at: SourcePosition(file: path),
                    found: error.description, remedy: "restore the run's folder from its archive"))
        }
    }

    private var damaged: TrueupError {
        .run(
            Finding(
                "a table of the run is damaged", at: SourcePosition(file: path),
                remedy: "restore the run's folder from its archive"))
    }

    private static func withoutGuard(_ field: UnsafeRawBufferPointer) -> String {
        let isGuarded = OutputBuffer.isGuarded(field)
        return String(
            decoding: isGuarded ? UnsafeRawBufferPointer(rebasing: field[1...]) : field,
            as: UTF8.self)
    }
}
