import CLibXlsxWriter
import Packing

/// What made a workbook fail, in words.
public struct WorkbookError: Error, Sendable {
    /// Such as `cannot write the file`.
    public let text: String

    init(_ text: String) { self.text = text }
    init(_ error: lxw_error) { text = String(cString: lxw_strerror(error)) }
}

/// A spreadsheet in Excel's format, made by libxlsxwriter; belongs to one task.
///
/// The same calls give the same bytes: the one date in the file is the one that it is given, and the
/// library writes a fixed one into the zip file's headers.
public final class Workbook {
    private let workbook: UnsafeMutablePointer<lxw_workbook>
    private let path: String
    /// Whether rows leave the memory once the next one begins: sheets then have filters and no
    /// tables, and must be written row by row.
    let isStreamed: Bool
    private var formats: [CellFormat: UnsafeMutablePointer<lxw_format>] = [:]
    private var sheetCount = 0
    private var isClosed = false

    /// Begins a workbook.
    ///
    /// - Parameters:
    ///   - path: where the file is to be; whatever is there is replaced.
    ///   - scratch: a folder for files of the library's own, which it removes.
    ///   - isStreamed: whether memory is to stay small; there are then filters and no tables.
    ///   - title: what the file's properties call it.
    ///   - created: the one date in the file, in seconds since 1970.
    /// - Throws: `WorkbookError` where the library refuses.
    public init(
        path: String, scratch: String, isStreamed: Bool, title: String, created: Int64
    ) throws(WorkbookError) {
        self.path = path
        self.isStreamed = isStreamed
        let made = scratch.withMutableCString { folder in
            var options = lxw_workbook_options()
            options.constant_memory = isStreamed ? 1 : 0
            options.tmpdir = folder
            return workbook_new_opt(path, &options)
        }
        guard let made else { throw WorkbookError("libxlsxwriter cannot begin a workbook") }
        workbook = made
        let error = title.withMutableCString { title in
            "trueup".withMutableCString { author in
                var properties = lxw_doc_properties()
                properties.title = title
                properties.author = author
                properties.created = time_t(created)
                return workbook_set_properties(made, &properties)
            }
        }
        guard error == LXW_NO_ERROR else { throw WorkbookError(error) }
    }

    deinit { if !isClosed { lxw_workbook_free(workbook) } }

    /// Adds a sheet behind the others.
    public func addSheet(_ name: String) throws(WorkbookError) -> Sheet {
        guard let sheet = workbook_add_worksheet(workbook, name) else {
            throw WorkbookError("no name for a sheet, or one that is there already: \(name)")
        }
        sheetCount += 1
        return Sheet(sheet, name: name, of: self)
    }

    /// Adds a chart of columns that shows some cells of one sheet on another.
    ///
    /// - Parameters:
    ///   - title: what stands above it.
    ///   - categories: the cells with the words below the columns; a column's part.
    ///   - values: the cells with the figures; as many.
    ///   - sheet: the sheet on which it stands.
    ///   - row: the row of its upper left corner.
    ///   - column: the column of that.
    /// - Throws: `WorkbookError` where the library refuses.
    public func addChart(
        _ title: String, of categories: CellRange, _ values: CellRange, on sheet: Sheet, row: Int,
        column: Int
    ) throws(WorkbookError) {
        guard let chart = workbook_add_chart(workbook, UInt8(LXW_CHART_COLUMN.rawValue)),
            chart_add_series(chart, categories.formula, values.formula) != nil
        else { throw WorkbookError("libxlsxwriter cannot make a chart") }
        chart_title_set_name(chart, title)
        chart_legend_set_position(chart, UInt8(LXW_CHART_LEGEND_NONE.rawValue))
        try sheet.insert(chart, row: row, column: column)
    }

    /// Writes the file.
    ///
    /// The library does not notice when its own files cannot be written to their end, so every sheet
    /// is looked at in the file that came out.
    public func close() throws(WorkbookError) {
        isClosed = true
        let error = workbook_close(workbook)
        guard error == LXW_NO_ERROR else { throw WorkbookError(error) }
        try requireWholeSheets()
    }

    private func requireWholeSheets() throws(WorkbookError) {
        let ending = Array("</worksheet>".utf8)
        var whole = 0
        do {
            var reader = try EntryReader(zip: path, blockSize: 1 << 16)
            while let entry = try reader.next(strict: false) {
                guard entry.name?.hasPrefix("xl/worksheets/sheet") == true else { continue }
                var tail: [UInt8] = []
                while try reader.readBlock({ block, _ in
                    tail = Array((tail + block.suffix(ending.count)).suffix(ending.count))
                }) {}
                if tail == ending { whole += 1 }
            }
        } catch {
            throw WorkbookError("the file that was written cannot be read: \(error)")
        }
        guard whole == sheetCount else {
            throw WorkbookError("a sheet was not written to its end: is the device full?")
        }
    }

    func format(_ kind: CellFormat) -> UnsafeMutablePointer<lxw_format>? {
        if kind == .plain { return nil }
        if let format = formats[kind] { return format }
        guard let format = workbook_add_format(workbook) else { return nil }
        switch kind {
        case .plain: break
        case .heading: format_set_bold(format)
        case .whole: format_set_num_format(format, "0")
        case .decimal(let digits):
            let zeros = String(repeating: "0", count: digits)
            format_set_num_format(format, digits == 0 ? "#,##0" : "#,##0." + zeros)
        case .percent: format_set_num_format(format, "0.00%")
        case .date: format_set_num_format(format, "yyyy-mm-dd")
        case .moment: format_set_num_format(format, "yyyy-mm-dd hh:mm:ss")
        }
        formats[kind] = format
        return format
    }
}

/// How a cell looks.
enum CellFormat: Hashable {
    case plain, heading, whole, percent, date, moment
    /// With separators between the thousands, and so many digits behind the point.
    case decimal(Int)
}

/// Cells below each other in one column of a sheet, the places counted from 0.
public struct CellRange: Sendable {
    let sheet: String
    let column: Int
    let rows: ClosedRange<Int>

    /// Names some cells.
    public init(sheet: String, column: Int, rows: ClosedRange<Int>) {
        precondition(column < 26, "a range lies in the columns A to Z")
        self.sheet = sheet
        self.column = column
        self.rows = rows
    }

    var formula: String {
        let letter = String(UnicodeScalar(UInt8(ascii: "A") + UInt8(column)))
        return "='\(sheet)'!$\(letter)$\(rows.lowerBound + 1):$\(letter)$\(rows.upperBound + 1)"
    }
}

extension String {
    /// Gives the text to `body` as the library asks for it, which changes nothing of it.
    func withMutableCString<Result>(_ body: (UnsafeMutablePointer<CChar>) -> Result) -> Result {
        var bytes = Array(utf8CString)
        return bytes.withUnsafeMutableBufferPointer { buffer in
            // A C string has at least its end.
            body(buffer.baseAddress.unsafelyUnwrapped)
        }
    }
}
