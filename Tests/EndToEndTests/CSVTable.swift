import Foundation
import Testing

/// A CSV file in memory, read plainly and on its own, so that it can judge the program's files.
struct CSVTable: Equatable {
    var header: [String]
    var rows: [[String]]

    init(header: [String], rows: [[String]]) {
        self.header = header
        self.rows = rows
    }

    init(path: String) throws { try self.init(bytes: Array(Files.bytes(path)), name: path) }

    init(bytes: [UInt8], name: String) throws {
        var records = CSVTable.records(bytes)
        try #require(!records.isEmpty, "\(name) has no header")
        header = records.removeFirst()
        rows = records
        let width = header.count
        for (index, row) in rows.enumerated() where row.count != width {
            Issue.record("\(name), record \(index + 1), has \(row.count) fields of \(width)")
        }
    }

    /// The values of a column, in the order of the rows.
    subscript(_ column: String) -> [String] {
        guard let place = header.firstIndex(of: column) else {
            Issue.record("no column \(column) among \(header)")
            return []
        }
        return rows.map { $0[place] }
    }

    /// The values of a column in one row.
    func value(_ row: [String], _ column: String) -> String {
        guard let place = header.firstIndex(of: column), place < row.count else {
            Issue.record("no column \(column) among \(header)")
            return ""
        }
        return row[place]
    }

    /// The rows in which a column has a value.
    func rows(where column: String, is value: String) -> [[String]] {
        rows.filter { self.value($0, column) == value }
    }

    /// Some columns of each row.
    func columns(_ names: String...) -> [[String]] {
        rows.map { row in names.map { value(row, $0) } }
    }

    /// Replaces a value in each row for whose key `change` gives a new one.
    mutating func update(_ column: String, by key: String, _ change: (String) -> String?) {
        let keys = self[key]
        guard let place = header.firstIndex(of: column) else {
            Issue.record("no column \(column) among \(header)")
            return
        }
        for index in rows.indices {
            if let value = change(keys[index]) { rows[index][place] = value }
        }
    }

    /// The same table with its columns in another order.
    func reordered(_ order: [String]) -> CSVTable {
        CSVTable(header: order, rows: rows.map { row in order.map { value(row, $0) } })
    }

    /// The file's bytes.
    var text: String {
        ([header] + rows).map { $0.map(CSVTable.quoted).joined(separator: ",") + "\n" }.joined()
    }

    static func quoted(_ field: String) -> String {
        guard field.utf8.contains(where: { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }) else {
            return field
        }
        // By scalars: a quote with an accent behind it is a quote all the same.
        let doubled = field.unicodeScalars.flatMap { $0 == "\"" ? [$0, $0] : [$0] }
        return "\"" + String(String.UnicodeScalarView(doubled)) + "\""
    }

    /// The records of a file by RFC 4180.
    static func records(_ bytes: [UInt8]) -> [[String]] {
        var records: [[String]] = []
        var record: [String] = []
        var field: [UInt8] = []
        var isQuoted = false
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if isQuoted {
                if byte != 0x22 {
                    field.append(byte)
                } else if index < bytes.count, bytes[index] == 0x22 {
                    field.append(byte)
                    index += 1
                } else {
                    isQuoted = false
                }
                continue
            }
            switch byte {
            case 0x22: isQuoted = true
            case 0x2C:
                record.append(String(decoding: field, as: UTF8.self))
                field.removeAll(keepingCapacity: true)
            case 0x0A:
                record.append(String(decoding: field, as: UTF8.self))
                field.removeAll(keepingCapacity: true)
                records.append(record)
                record.removeAll(keepingCapacity: true)
            case 0x0D where index < bytes.count && bytes[index] == 0x0A: break
            default: field.append(byte)
            }
        }
        if !field.isEmpty || !record.isEmpty {
            records.append(record + [String(decoding: field, as: UTF8.self)])
        }
        return records
    }
}
