import DelimitedText
import Diagnostics
import Money
import Spreadsheets
import Time

/// `report.xlsx`: a run for a finance team, with numbers as numbers and dates as dates.
///
/// Its sheets are made from the run's own tables as they were written, so that they cannot say
/// anything else.
public struct ReportWorkbook: Sendable {
    /// The file's name in the run.
    public static let file = "report.xlsx"
    /// The most rows of a sheet: more than anybody looks through, and few enough that a large run
    /// costs about half a second more.
    public static let mostRows = 25_000
    /// Where all sheets together have more rows than this, they are written without being kept in
    /// memory, and get filters in place of tables.
    public static let mostKeptRows = 10_000

    /// A sheet that shows a table of the run.
    struct TableSheet {
        let name: String
        let file: String
        let columns: [String]
        /// How many rows the file has.
        let rows: Int
        var shown: Int { min(rows, ReportWorkbook.mostRows) }
    }

    let report: RunReport
    /// The folder in which the tables stand.
    private let folder: String
    private let sheets: [TableSheet]
    /// How many bytes the tables have that are shown.
    private let bytes: Int64

    /// Prepares the file.
    ///
    /// - Parameters:
    ///   - report: The run's report.
    ///   - written: The tables that were written, with their columns and numbers of rows.
    ///   - sizes: The sizes of files, by name.
    ///   - folder: Where they stand.
    public init(
        _ report: RunReport, written: [WrittenFile], sizes: (String) -> Int64, in folder: String
    ) {
        self.report = report
        self.folder = folder
        let shown = [
            ("breaks", "breaks.csv"), ("open items", CarriedItemsFile.name),
            ("payouts", "payouts.csv"), ("transactions", "transactions.csv"),
            ("rejects", "rejects.csv"),
        ]
        sheets = shown.compactMap { name, file in
            written.first { $0.file == file }.map {
                TableSheet(name: name, file: file, columns: $0.columns, rows: $0.rows)
            }
        }
        bytes = sheets.reduce(0) { sum, sheet in
            let size = sizes(sheet.file)
            return sum
                + (sheet.rows > sheet.shown ? size / Int64(sheet.rows) * Int64(sheet.shown) : size)
        }
    }

    /// About how many bytes the file needs, with what the library writes beside it: a cell's XML,
    /// its text twice, and what stands in a workbook of no rows.
    public var room: Int64 {
        let cells = sheets.reduce(0) { $0 + $1.shown * $1.columns.count }
        return 100_000 + Int64(cells + report.payouts.count * TieOutSheet.columns.count) * 60
            + bytes * 2
    }

    /// Writes the file.
    ///
    /// - Throws: `TrueupError.run` where it cannot be written.
    public func write(to path: String, scratch: String) throws {
        do {
            let rows = sheets.reduce(report.payouts.count) { $0 + $1.shown }
            let workbook = try Workbook(
                path: path, scratch: scratch, isStreamed: rows > ReportWorkbook.mostKeptRows,
                title: "\(report.pipeline) as of \(TimeText.text(report.asOf))",
                created: report.asOf.seconds)
            try SummarySheet(report, sheets).write(to: workbook)
            for sheet in sheets {
                try write(sheet, to: workbook)
                if sheet.name == "payouts" { try TieOutSheet(report).write(to: workbook) }
            }
            try workbook.close()
        } catch let error as WorkbookError {
            throw TrueupError.run(
                Finding(
                    "cannot write the spreadsheet", at: SourcePosition(file: path),
                    found: error.text, remedy: "free space on the device, or give another --out"))
        }
    }

    /// How wide a column is, in characters: for its header with a button behind it, and its values.
    private func width(_ column: String, _ field: FieldGuide.Field) -> Int {
        let content =
            switch field.type {
            case .datetime: 19
            case .date: 11
            case .number: 14
            case .integer: 8
            case .string: ["detail", "near_miss", "reason", "raw"].contains(column) ? 60 : 16
            }
        return max(content, column.utf8.count + 3)
    }

    private func write(_ table: TableSheet, to workbook: Workbook) throws {
        let sheet = try workbook.addSheet(table.name)
        let fields = table.columns.map { FieldGuide.field($0, in: table.file) }
        try sheet.begin(
            columns: table.columns, widths: zip(table.columns, fields).map(width))
        let path = "\(folder)/\(table.file)"
        // What a run reads again has one apostrophe more before any that was there.
        let isReadAgain = table.file.hasPrefix("carried/")
        do {
            let source = try TextSource(path: path)
            var cursor = RecordCursor(source: source)
            try cursor.record(at: source.textStart)
            for row in 0..<table.shown {
                try cursor.record(at: cursor.nextOffset)
                for (column, field) in fields.enumerated() {
                    let text = cursor.field(column)
                    let hasGuard =
                        isReadAgain
                        ? text.first == UInt8(ascii: "'") : OutputBuffer.isGuarded(text)
                    try sheet.write(
                        hasGuard ? UnsafeRawBufferPointer(rebasing: text.dropFirst()) : text,
                        as: field.type.cell, row: row + 1, column: column)
                }
            }
        } catch let error as TextSourceError {
            throw TrueupError.run(
                Finding(
                    "what was written cannot be read", at: SourcePosition(file: path),
                    found: error.description, remedy: "check the device"))
        }
        try sheet.end(columns: table.columns, rows: table.shown)
        if table.rows > table.shown {
            try sheet.write(table.elsewhere, row: table.shown + 2, column: 0)
        }
    }
}

extension ReportWorkbook.TableSheet {
    /// How many rows the sheet has, and where the others are.
    var elsewhere: String {
        rows > shown
            ? "The first \(DisplayText.count(shown)) of \(DisplayText.count(rows)) rows; "
                + "\(file) has all of them."
            : "\(DisplayText.count(rows, "row")): the whole of \(file)."
    }
}

extension Sheet {
    /// Sets the columns' widths and writes their names.
    func begin(columns: [String], widths: [Int]) throws(WorkbookError) {
        for (column, width) in widths.enumerated() { try setWidth(width, column: column) }
        freezeHeader()
        for (column, name) in columns.enumerated() {
            try writeHeading(name, row: 0, column: column)
        }
    }

    /// Makes what was written a table.
    func end(columns: [String], rows: Int) throws(WorkbookError) {
        try makeTable(
            String(name.map { $0.isLetter ? $0 : "_" }), columns: columns, rows: rows)
    }
}

extension FieldGuide.FieldType {
    /// What a cell of this type holds.
    fileprivate var cell: CellKind {
        switch self {
        case .string: .text
        case .integer: .whole
        case .number: .decimal
        case .date: .date
        case .datetime: .moment
        }
    }
}
