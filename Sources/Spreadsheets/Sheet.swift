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
    private unowned let workbook: Workbook
    /// How many cells were written; each is to be found in the file.
    private(set) var cells = 0

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

    /// Keeps the first row in sight, and repeats it on each page.
    public func freezeHeader() throws(WorkbookError) {
        worksheet_freeze_panes(sheet, 1, 0)
        try check(worksheet_repeat_rows(sheet, 0, 0))
    }

    /// Sets it on paper: A4 across, as wide as a page, with words and the page's number below.
    public func preparePages(footer: String) throws(WorkbookError) {
        worksheet_set_paper(sheet, 9)
        worksheet_set_landscape(sheet)
        worksheet_fit_to_pages(sheet, 1, 0)
        worksheet_set_margins(sheet, 0.5, 0.5, 0.5, 0.7)
        // An ampersand begins a command of the library's.
        let words = footer.prefix(150).split(separator: "&", omittingEmptySubsequences: false)
            .joined(separator: "&&")
        try check(worksheet_set_footer(sheet, "&L&8\(words)&C&8&A&R&8&P / &N"))
    }

    /// Shows no lines between the cells on the screen.
    public func hideGridlines() {
        worksheet_gridlines(sheet, UInt8(LXW_HIDE_ALL_GRIDLINES.rawValue))
    }

    /// Lays a colour over each cell of some rows of a column that holds one of these words.
    public func tint(
        _ words: [(String, Tone)], column: Int, rows: ClosedRange<Int>
    ) throws(WorkbookError) {
        for (word, tone) in words {
            let error = "\"\(word)\"".withMutableCString { text in
                var format = lxw_conditional_format()
                format.type = UInt8(LXW_CONDITIONAL_TYPE_CELL.rawValue)
                format.criteria = UInt8(LXW_CONDITIONAL_CRITERIA_EQUAL_TO.rawValue)
                format.value_string = text
                format.format = workbook.format(tone)
                return worksheet_conditional_format_range(
                    sheet, lxw_row_t(rows.lowerBound), lxw_col_t(column),
                    lxw_row_t(rows.upperBound), lxw_col_t(column), &format)
            }
            try check(error)
        }
    }

    /// Writes the name of another sheet, which leads there.
    public func writeLink(toSheet name: String, row: Int, column: Int) throws(WorkbookError) {
        try checkCell(
            worksheet_write_url_opt(
                sheet, lxw_row_t(row), lxw_col_t(column), "internal:'\(name)'!A1", nil, name, nil))
    }

    /// Writes a text that looks so.
    public func write(
        _ text: String, _ style: CellStyle, row: Int, column: Int
    ) throws(WorkbookError) {
        try write(text, as: .text, style, row: row, column: column)
    }

    /// Writes a share, of which ten-thousandths are given, as a percentage.
    public func write(tenThousandths: Int64, row: Int, column: Int) throws(WorkbookError) {
        try checkCell(
            worksheet_write_number(
                sheet, lxw_row_t(row), lxw_col_t(column), Double(tenThousandths) / 10_000,
                workbook.format(CellFormat(number: .percent))))
    }

    /// Writes a cell as what it is; a text that is not of its kind stays a text, an empty one has
    /// its looks alone.
    public func write(
        _ text: String, as kind: CellKind = .text, _ style: CellStyle = .plain, row: Int,
        column: Int
    ) throws(WorkbookError) {
        var text = text
        var failure: WorkbookError?
        text.withUTF8 { bytes in
            do throws(WorkbookError) {
                try write(
                    UnsafeRawBufferPointer(bytes), as: kind, style, row: row, column: column)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }

    /// The same of a text that is given as UTF-8.
    public func write(
        _ text: UnsafeRawBufferPointer, as kind: CellKind, _ style: CellStyle = .plain, row: Int,
        column: Int
    ) throws(WorkbookError) {
        guard !text.isEmpty else { return try fill(style, row: row, column: column) }
        switch kind {
        case .text: break
        case .whole, .decimal:
            guard let number = CellNumber(text) else { break }
            let form = kind == .whole ? CellFormat.Number.whole : .decimal(number.decimals)
            return try checkCell(
                worksheet_write_number(
                    sheet, lxw_row_t(row), lxw_col_t(column), number.value,
                    workbook.format(CellFormat(number: form, style: style))))
        case .date, .moment:
            guard let moment = CellMoment(text) else { break }
            var time = lxw_datetime()
            (time.year, time.month, time.day) = (
                CInt(moment.year), CInt(moment.month), CInt(moment.day)
            )
            (time.hour, time.min, time.sec) = (
                CInt(moment.hour), CInt(moment.minute), Double(moment.second)
            )
            return try checkCell(
                worksheet_write_datetime(
                    sheet, lxw_row_t(row), lxw_col_t(column), &time,
                    workbook.format(
                        CellFormat(number: kind == .date ? .date : .moment, style: style))))
        }
        try checkCell(
            worksheet_write_string(
                sheet, lxw_row_t(row), lxw_col_t(column), CellText.text(text),
                workbook.format(CellFormat(style: style))))
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
            column.header_format = workbook.format(CellFormat(style: .heading))
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
                    options.style_type = UInt8(LXW_TABLE_STYLE_TYPE_LIGHT.rawValue)
                    options.style_type_number = 1
                    options.columns = list.baseAddress
                    return worksheet_add_table(sheet, 0, 0, lastRow, lastColumn, &options)
                }
            }
        }
        try check(error)
    }

    /// Gives a cell without content its looks.
    private func fill(_ style: CellStyle, row: Int, column: Int) throws(WorkbookError) {
        guard style != .plain else { return }
        try checkCell(
            worksheet_write_blank(
                sheet, lxw_row_t(row), lxw_col_t(column),
                workbook.format(CellFormat(style: style))))
    }

    func insert(
        _ chart: Chart, _ made: UnsafeMutablePointer<lxw_chart>, row: Int, column: Int
    ) throws(WorkbookError) {
        try check(chart.insert(made, (sheet, row, column)))
    }

    private func checkCell(_ error: lxw_error) throws(WorkbookError) {
        try check(error)
        cells += 1
    }

    private func check(_ error: lxw_error) throws(WorkbookError) {
        guard error == LXW_NO_ERROR else { throw WorkbookError(error) }
    }
}
