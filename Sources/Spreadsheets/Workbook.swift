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
    private var tones: [Tone: UnsafeMutablePointer<lxw_format>] = [:]
    private var sheets: [Sheet] = []
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
        let added = Sheet(sheet, name: name, of: self)
        sheets.append(added)
        return added
    }

    /// Puts a chart onto a sheet, with its upper left corner in a cell.
    ///
    /// - Throws: `WorkbookError` where the library refuses.
    public func add(_ chart: Chart, to sheet: Sheet, row: Int, column: Int) throws(WorkbookError) {
        try sheet.insert(chart, try chart.made(in: workbook), row: row, column: column)
    }

    /// Writes the file.
    ///
    /// The library does not notice when its own files cannot be written to their end, and then goes on
    /// behind what is missing. So the cells of every sheet are counted in the file that came out.
    public func close() throws(WorkbookError) {
        isClosed = true
        let error = workbook_close(workbook)
        guard error == LXW_NO_ERROR else { throw WorkbookError(error) }
        try requireWholeSheets()
    }

    private func requireWholeSheets() throws(WorkbookError) {
        var expected: [String: Int] = [:]
        for (place, sheet) in sheets.enumerated() {
            expected["xl/worksheets/sheet\(place + 1).xml"] = sheet.cells
        }
        do {
            var reader = try EntryReader(zip: path, blockSize: 1 << 16)
            while let entry = try reader.next(strict: false) {
                guard let name = entry.name, let cells = expected[name] else { continue }
                var found = SheetScan()
                while try reader.readBlock({ block, _ in found.scan(block) }) {}
                if found.isEnded, found.cells == cells { expected[name] = nil }
            }
        } catch {
            throw WorkbookError("the file that was written cannot be read: \(error)")
        }
        guard expected.isEmpty else {
            throw WorkbookError("a sheet was not written to its end: is the device full?")
        }
    }

    /// The library's form of a format; nil for a cell that needs none.
    func format(_ wanted: CellFormat) -> UnsafeMutablePointer<lxw_format>? {
        if wanted.isPlain { return nil }
        if let format = formats[wanted] { return format }
        guard let format = workbook_add_format(workbook) else { return nil }
        wanted.apply(to: format)
        formats[wanted] = format
        return format
    }

    /// A format that lays a colour over cells; it is never a cell's own.
    func format(_ tone: Tone) -> UnsafeMutablePointer<lxw_format>? {
        if let format = tones[tone] { return format }
        guard let format = workbook_add_format(workbook) else { return nil }
        format_set_font_color(format, tone.ink)
        format_set_bg_color(format, tone.band)
        tones[tone] = format
        return format
    }
}

/// Counts the cells of a sheet in its XML, which comes in blocks.
struct SheetScan {
    private static let cell = Array("<c r=".utf8)
    private static let ending = Array("</worksheet>".utf8)

    /// How many cells began.
    private(set) var cells = 0
    /// How many bytes of a cell's beginning were the last ones.
    private var matched = 0
    private var tail: [UInt8] = []

    /// Whether the sheet's end was the last thing.
    var isEnded: Bool { tail == SheetScan.ending }

    mutating func scan(_ block: UnsafeRawBufferPointer) {
        let cell = SheetScan.cell
        var matched = matched
        for byte in block {
            if byte == cell[matched] {
                matched += 1
                guard matched == cell.count else { continue }
                cells += 1
                matched = 0
            } else {
                // The first byte is none of the others, so that nothing else can have begun.
                matched = byte == cell[0] ? 1 : 0
            }
        }
        self.matched = matched
        tail = (tail + block.suffix(SheetScan.ending.count)).suffix(SheetScan.ending.count)
    }
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
