import Money
import Spreadsheets
import Time

/// Writes a sheet of figures from top to bottom: a name, a count, a currency, an amount and a word
/// in each row.
struct SheetPage {
    /// How wide the columns are, in characters.
    static let widths = [32, 11, 10, 19, 24]

    private let sheet: Sheet
    /// The next row, from 0.
    private(set) var next = 0

    init(_ sheet: Sheet) throws(WorkbookError) {
        self.sheet = sheet
        for (column, width) in SheetPage.widths.enumerated() {
            try sheet.setWidth(width, column: column)
        }
        sheet.hideGridlines()
    }

    mutating func skip() { next += 1 }

    /// A sentence that has the row for itself.
    mutating func sentence(_ text: String, _ style: CellStyle) throws(WorkbookError) {
        try sheet.write(text, style, row: next, column: 0)
        next += 1
    }

    /// A name with a value far from it, as wide as the amounts are.
    mutating func fact(
        _ name: String, _ value: String, as kind: CellKind = .text
    ) throws(WorkbookError) {
        try sheet.write(name, .soft, row: next, column: 0)
        try sheet.write(value, as: kind, row: next, column: 3)
        next += 1
    }

    /// A name with a share, of which ten-thousandths are given.
    mutating func share(_ name: String, _ tenThousandths: Int64) throws(WorkbookError) {
        try sheet.write(name, .soft, row: next, column: 0)
        try sheet.write(tenThousandths: tenThousandths, row: next, column: 3)
        next += 1
    }

    /// The heading of a part, on a band through all columns; words above figures stand at the right.
    mutating func heading(
        _ title: String, count: String = "Count", currency: String = "", amount: String = "",
        word: String = ""
    ) throws(WorkbookError) {
        next += 1
        try sheet.write(title, .heading, row: next, column: 0)
        try sheet.write(count, .numberHeading, row: next, column: 1)
        try sheet.write(currency, .heading, row: next, column: 2)
        try sheet.write(amount, .numberHeading, row: next, column: 3)
        try sheet.write(word, .heading, row: next, column: 4)
        next += 1
    }

    /// A name with a count and an amount.
    mutating func figures(
        _ name: String, _ count: Int?, _ currency: Currency, _ sum: Int128, _ word: String = "",
        _ style: CellStyle = .plain
    ) throws(WorkbookError) {
        let amount = DisplayText.plain(sum, digits: currency.digits)
        try sheet.write(name, style, row: next, column: 0)
        try sheet.write(
            count.map(String.init) ?? "", as: .decimal, style, row: next, column: 1)
        try sheet.write(currency.reportCode, style, row: next, column: 2)
        try sheet.write(amount, as: .decimal, style, row: next, column: 3)
        try sheet.write(word, style, row: next, column: 4)
        next += 1
    }

    /// A name with a count and amounts in all currencies; the count stands in the first row.
    ///
    /// Where there are no amounts, it is nothing in the currency `own`, or no amount without one.
    mutating func figures(
        _ name: String, _ count: Int?, _ sums: CurrencySums, own: Currency?, _ word: String = "",
        _ style: CellStyle = .plain
    ) throws(WorkbookError) {
        guard !sums.entries.isEmpty else {
            if let own { return try figures(name, count, own, 0, word, style) }
            try sheet.write(name, style, row: next, column: 0)
            try sheet.write(
                count.map(String.init) ?? "", as: .decimal, style, row: next, column: 1)
            try sheet.write(word, style, row: next, column: 4)
            next += 1
            return
        }
        for (index, entry) in sums.entries.enumerated() {
            try figures(
                name, index == 0 ? count : nil, entry.currency, entry.sum, word, style)
        }
    }

    /// A link to another sheet, with how many rows there are, how many it shows, and where all are.
    mutating func link(
        to name: String, rows: Int, shown: Int, file: String
    ) throws(WorkbookError) {
        try sheet.writeLink(toSheet: name, row: next, column: 0)
        try sheet.write(String(rows), as: .decimal, row: next, column: 1)
        try sheet.write(String(shown), as: .decimal, row: next, column: 3)
        try sheet.write(file, row: next, column: 4)
        next += 1
    }
}
