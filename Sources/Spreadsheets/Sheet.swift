import CLibXlsxWriter
import Glibc

/// What a cell holds.
public enum CellKind: Sendable {
    /// A text, also where it looks like a formula.
    case text
    /// A count, without separators.
    case whole
    /// A decimal number, shown with the digits that it has.
    case decimal
    /// A date such as `2025-08-31`.
    case date
    /// A moment in UTC such as `2025-08-31T02:00:00Z`.
    case moment
}

/// One sheet of a workbook.
///
/// Rows and columns are counted from 0; a streamed workbook is written in order of the rows.
public final class Sheet {
    /// The most rows that a sheet can have.
    public static let mostRows = 1_048_576

    private let sheet: UnsafeMutablePointer<lxw_worksheet>
    /// The words on its tab.
    public let name: String
    private let workbook: Workbook

    init(_ sheet: UnsafeMutablePointer<lxw_worksheet>, name: String, of workbook: Workbook) {
        self.sheet = sheet
        self.name = name
        self.workbook = workbook
    }

    /// Sets how wide a column is, in characters; before anything is written.
    public func setWidth(_ width: Int, column: Int) throws(WorkbookError) {
        let place = lxw_col_t(column)
        try check(worksheet_set_column(sheet, place, place, Double(width), nil))
    }

    /// Keeps the first row in sight.
    public func freezeHeader() { worksheet_freeze_panes(sheet, 1, 0) }

    /// Writes a text in bold letters.
    public func writeHeading(_ text: String, row: Int, column: Int) throws(WorkbookError) {
        try write(text, row, column, .heading)
    }

    /// Writes a share, of which ten-thousandths are given, as a percentage.
    public func write(tenThousandths: Int64, row: Int, column: Int) throws(WorkbookError) {
        try check(
            worksheet_write_number(
                sheet, lxw_row_t(row), lxw_col_t(column), Double(tenThousandths) / 10_000,
                workbook.format(.percent)))
    }

    /// Writes a cell as what it is; a text that is not of its kind stays a text, an empty one is
    /// none.
    public func write(
        _ text: String, as kind: CellKind = .text, row: Int, column: Int
    ) throws(WorkbookError) {
        var text = text
        var failure: WorkbookError?
        text.withUTF8 { bytes in
            do throws(WorkbookError) {
                try write(UnsafeRawBufferPointer(bytes), as: kind, row: row, column: column)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }

    /// The same of a text that is given as UTF-8.
    public func write(
        _ text: UnsafeRawBufferPointer, as kind: CellKind, row: Int, column: Int
    ) throws(WorkbookError) {
        guard !text.isEmpty else { return }
        switch kind {
        case .text: break
        case .whole, .decimal:
            guard let number = CellNumber(text) else { break }
            let format = kind == .whole ? CellFormat.whole : .decimal(number.decimals)
            return try check(
                worksheet_write_number(
                    sheet, lxw_row_t(row), lxw_col_t(column), number.value,
                    workbook.format(format)))
        case .date, .moment:
            guard let moment = CellMoment(text) else { break }
            var time = lxw_datetime()
            (time.year, time.month, time.day) = (
                CInt(moment.year), CInt(moment.month), CInt(moment.day)
            )
            (time.hour, time.min, time.sec) = (
                CInt(moment.hour), CInt(moment.minute), Double(moment.second)
            )
            return try check(
                worksheet_write_datetime(
                    sheet, lxw_row_t(row), lxw_col_t(column), &time,
                    workbook.format(kind == .date ? .date : .moment)))
        }
        try write(CellText.text(text), row, column, .plain)
    }

    /// Makes the rows from the first one a table of that name, with filters; in a streamed workbook
    /// they get filters alone, and nothing may have been written below them yet.
    ///
    /// - Parameters:
    ///   - name: The table's name: letters and underscores.
    ///   - columns: The header, as it is written.
    ///   - rows: How many there are below the header.
    /// - Throws: `WorkbookError` where the library refuses.
    public func makeTable(_ name: String, columns: [String], rows: Int) throws(WorkbookError) {
        // A table has at least one row, be it empty.
        let lastRow = lxw_row_t(max(rows, 1))
        let lastColumn = lxw_col_t(columns.count - 1)
        guard !workbook.isStreamed else {
            return try check(worksheet_autofilter(sheet, 0, 0, lastRow, lastColumn))
        }
        var headers = columns.map { name in
            var column = lxw_table_column()
            column.header = strdup(name)
            column.header_format = workbook.format(.heading)
            return column
        }
        defer { for column in headers { free(column.header) } }
        let error = headers.withUnsafeMutableBufferPointer { buffer in
            var list = buffer.indices.map { place in buffer.baseAddress.map { $0 + place } }
            list.append(nil)
            return list.withUnsafeMutableBufferPointer { list in
                name.withMutableCString { name in
                    var options = lxw_table_options()
                    options.name = name
                    options.columns = list.baseAddress
                    return worksheet_add_table(sheet, 0, 0, lastRow, lastColumn, &options)
                }
            }
        }
        try check(error)
    }

    func insert(
        _ chart: UnsafeMutablePointer<lxw_chart>, row: Int, column: Int
    ) throws(WorkbookError) {
        try check(worksheet_insert_chart(sheet, lxw_row_t(row), lxw_col_t(column), chart))
    }

    private func write(
        _ text: String, _ row: Int, _ column: Int, _ format: CellFormat
    ) throws(WorkbookError) {
        try check(
            worksheet_write_string(
                sheet, lxw_row_t(row), lxw_col_t(column), text, workbook.format(format)))
    }

    private func check(_ error: lxw_error) throws(WorkbookError) {
        guard error == LXW_NO_ERROR else { throw WorkbookError(error) }
    }
}
