import DelimitedText
import Diagnostics
import Reconciliation
import Records
import Spreadsheets
import Time

/// `report.xlsx`: a run for a finance team, with numbers as numbers and dates as dates.
///
/// Its sheets are made from the run's own tables as they were written, so that they cannot say
/// anything else.
public struct ReportWorkbook: Sendable {
    /// The file's name in the run.
    public static let file = "report.xlsx"
    /// The most rows of what somebody works through, row by row: more than anybody can, and far
    /// fewer than a sheet could have.
    static let mostRowsOfWork = 100_000
    /// The most rows of what is looked up: a large run has very many, and they cost time.
    static let mostRowsOfRecord = 25_000
    /// Where all sheets together have more rows than this, they are written without being kept in
    /// memory, and get filters in place of tables.
    static let mostKeptRows = 10_000
    /// How many rows say how wide a column is to be.
    static let measuredRows = 500
    static let widest = 60

    /// The colours of words that say how grave something is.
    static let tones: [(String, Tone)] = [
        (BreakSeverity.critical.word, .bad), (BreakSeverity.review.word, .warning),
    ]

    /// The sheets that show tables, with the tables and the most rows of each.
    private static let sheetsOfTables = [
        ("breaks", "breaks.csv", mostRowsOfWork),
        ("open items", CarriedItemsFile.name, mostRowsOfWork),
        ("payouts", "payouts.csv", mostRowsOfWork),
        ("transactions", "transactions.csv", mostRowsOfRecord),
        ("rejects", "rejects.csv", mostRowsOfRecord),
    ]
    /// The tables that it shows, which must be written before.
    public static var tables: [String] { sheetsOfTables.map(\.1) }

    /// What a sheet shows, and of what.
    struct SheetExtent {
        let name: String
        /// The file that has all of it.
        let file: String
        /// How many rows the file has.
        let rows: Int
        /// The most of them that the sheet shows.
        let most: Int
        var shown: Int { min(rows, most) }

        /// Where rows are that the sheet does not show; empty where it shows all.
        var elsewhere: String {
            guard rows > shown else { return "" }
            return "The first \(DisplayText.count(shown)) of \(DisplayText.count(rows)) rows; "
                + "\(file) has all of them."
        }
    }

    /// A sheet that shows a table of the run.
    private struct TableSheet {
        let extent: SheetExtent
        let columns: [String]
    }

    let report: RunReport
    /// The folder in which the tables stand.
    private let folder: String
    private let sheets: [TableSheet]
    private let tieOut: TieOutSheet
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
        sheets = ReportWorkbook.sheetsOfTables.compactMap { name, file, most in
            written.first { $0.file == file }.map {
                TableSheet(
                    extent: SheetExtent(name: name, file: file, rows: $0.rows, most: most),
                    columns: $0.columns)
            }
        }
        tieOut = TieOutSheet(report)
        bytes = sheets.map(\.extent).reduce(0) { sum, sheet in
            let size = sizes(sheet.file)
            return sum
                + (sheet.rows > sheet.shown ? size / Int64(sheet.rows) * Int64(sheet.shown) : size)
        }
    }

    /// The sheets in their order, without the summary.
    private var extents: [SheetExtent] {
        sheets.flatMap { sheet in
            sheet.extent.name == "payouts" ? [sheet.extent, tieOut.extent] : [sheet.extent]
        }
    }

    /// What stands below each page.
    static func footer(_ report: RunReport) -> String {
        "\(report.pipeline), run \(report.run)"
    }

    /// About how many bytes the file needs, with what the library writes beside it: a cell's XML,
    /// its text twice, and what stands in a workbook of no rows.
    public var room: Int64 {
        let cells = sheets.reduce(tieOut.extent.shown * TieOutSheet.columns.count) {
            $0 + $1.extent.shown * $1.columns.count
        }
        return 100_000 + Int64(cells) * 60 + bytes * 2
    }

    /// Writes the file.
    ///
    /// - Throws: `TrueupError.run` where it cannot be written.
    public func write(to path: String, scratch: String) throws {
        do {
            let rows = extents.reduce(0) { $0 + $1.shown }
            let workbook = try Workbook(
                path: path, scratch: scratch, isStreamed: rows > ReportWorkbook.mostKeptRows,
                title: "\(report.pipeline) as of \(TimeText.text(report.asOf))",
                created: report.asOf.seconds)
            try SummarySheet(report, extents).write(to: workbook)
            for sheet in sheets {
                try write(sheet, to: workbook)
                if sheet.extent.name == "payouts" { try tieOut.write(to: workbook) }
            }
            try workbook.close()
        } catch let error as WorkbookError {
            throw TrueupError.run(
                Finding(
                    "cannot write the spreadsheet", at: SourcePosition(file: path),
                    found: error.text, remedy: "free space on the device, or give another --out"))
        }
    }

    private func write(_ table: TableSheet, to workbook: Workbook) throws {
        let extent = table.extent
        let path = "\(folder)/\(extent.file)"
        do {
            let source = try TextSource(path: path)
            let sheet = try workbook.addSheet(extent.name)
            try sheet.begin(
                columns: table.columns, widths: try widths(of: table, source),
                footer: ReportWorkbook.footer(report))
            try writeRows(of: table, source, to: sheet)
            if let column = table.columns.firstIndex(of: "severity"), extent.shown > 0 {
                try sheet.tint(ReportWorkbook.tones, column: column, rows: 1...extent.shown)
            }
            try sheet.end(columns: table.columns, extent)
        } catch let error as TextSourceError {
            throw TrueupError.run(
                Finding(
                    "what was written cannot be read", at: SourcePosition(file: path),
                    found: error.description, remedy: "check the device"))
        }
    }

    /// How wide the columns are, in characters: as the first rows need it.
    private func widths(of table: TableSheet, _ source: TextSource) throws -> [Int] {
        var widths = table.columns.map(Sheet.width)
        let numbers = table.columns.map {
            FieldGuide.field($0, in: table.extent.file).type == .number
        }
        try forEachRow(of: table, most: ReportWorkbook.measuredRows, source) { _, cursor in
            for column in widths.indices {
                let length = cursor.field(column).count
                // A spreadsheet puts a comma between thousands.
                let width = numbers[column] ? length + length / 3 : length
                widths[column] = max(widths[column], min(width + 2, ReportWorkbook.widest))
            }
        }
        return widths
    }

    private func writeRows(
        of table: TableSheet, _ source: TextSource, to sheet: Sheet
    ) throws {
        let file = table.extent.file
        let kinds = table.columns.map { FieldGuide.field($0, in: file).type.cell }
        // What a run reads again has one apostrophe more before any that was there.
        let isReadAgain = file.hasPrefix("carried/")
        try forEachRow(of: table, most: table.extent.shown, source) { row, cursor in
            for (column, kind) in kinds.enumerated() {
                let text = cursor.field(column)
                let hasGuard =
                    isReadAgain ? text.first == UInt8(ascii: "'") : OutputBuffer.isGuarded(text)
                try sheet.write(
                    hasGuard ? UnsafeRawBufferPointer(rebasing: text.dropFirst()) : text,
                    as: kind, row: row, column: column)
            }
        }
    }

    /// Reads the first rows of a table, which are counted from 1.
    private func forEachRow(
        of table: TableSheet, most: Int, _ source: TextSource,
        _ body: (Int, borrowing RecordCursor) throws -> Void
    ) throws {
        var cursor = RecordCursor(source: source)
        try cursor.record(at: source.textStart)
        for row in 0..<min(table.extent.rows, most) {
            try cursor.record(at: cursor.nextOffset)
            try body(row + 1, cursor)
        }
    }
}

extension Sheet {
    /// How wide a column is at least, in characters: for its name with a button behind it.
    static func width(of column: String) -> Int { column.utf8.count + 5 }

    /// Sets the sheet up and writes the columns' names.
    func begin(columns: [String], widths: [Int], footer: String) throws(WorkbookError) {
        for (column, width) in widths.enumerated() { try setWidth(width, column: column) }
        try freezeHeader()
        try preparePages(footer: footer)
        for (column, name) in columns.enumerated() {
            try write(name, .heading, row: 0, column: column)
        }
    }

    /// Makes what was written a table, and says where rows are that it does not have.
    func end(
        columns: [String], _ extent: ReportWorkbook.SheetExtent
    ) throws(WorkbookError) {
        try makeTable(
            String(name.map { $0.isLetter ? $0 : "_" }), columns: columns, rows: extent.shown)
        guard !extent.elsewhere.isEmpty else { return }
        try write(extent.elsewhere, .answer(.warning), row: extent.shown + 2, column: 0)
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
