import Emission
import Money
import Reconciliation
import Records
import Spreadsheets
import Time

/// The first sheet of `report.xlsx`: the figures of the night, with two charts.
///
/// It is written from top to bottom, as a streamed workbook demands.
struct SummarySheet {
    private static let chartColumn = 7

    private let report: RunReport
    private let sheets: [ReportWorkbook.TableSheet]
    private let items: OpenItems

    init(_ report: RunReport, _ sheets: [ReportWorkbook.TableSheet]) {
        self.report = report
        self.sheets = sheets
        items = report.openItems ?? OpenItems(new: report.openBreaks)
    }

    func write(to workbook: Workbook) throws(WorkbookError) {
        let sheet = try workbook.addSheet("summary")
        for (column, width) in [26, 12, 10, 20, 12].enumerated() {
            try sheet.setWidth(width, column: column)
        }
        var page = SheetPage(sheet)
        try writeIdentity(to: &page)
        let outcomes = try writeOutcomes(to: &page)
        try writeOpenItems(to: &page)
        let ages = try writeAges(to: &page)
        try writeBreaks(to: &page)
        try writeEmissions(to: &page)
        try writeMoney(to: &page)
        try writeSheets(to: &page)
        let name = sheet.name
        try workbook.addChart(
            "Payments by outcome, \(report.currency.reportCode)",
            of: CellRange(sheet: name, column: 0, rows: outcomes),
            CellRange(sheet: name, column: 3, rows: outcomes), on: sheet, row: 1,
            column: SummarySheet.chartColumn)
        guard let ages else { return }
        try workbook.addChart(
            "Open breaks by age in business days",
            of: CellRange(sheet: name, column: 0, rows: ages),
            CellRange(sheet: name, column: 1, rows: ages), on: sheet, row: 17,
            column: SummarySheet.chartColumn)
    }

    private func writeIdentity(to page: inout SheetPage) throws(WorkbookError) {
        try page.heading("Pipeline", report.pipeline)
        try page.row([("Verdict", .text), (report.verdict.word, .text)])
        try page.row([("Run", .text), (report.run, .text)])
        if !report.previousRun.isEmpty {
            try page.row([("Previous run", .text), (report.previousRun, .text)])
        }
        try page.row([
            ("As of, UTC", .text), ("", .text), ("", .text), (TimeText.text(report.asOf), .moment),
        ])
        try page.share("Matched automatically", report.countRate)
        try page.share("Matched automatically, value", report.valueRate(report.currency))
    }

    /// Returns the rows of the pipeline's own currency.
    private func writeOutcomes(to page: inout SheetPage) throws(WorkbookError) -> ClosedRange<Int> {
        page.skip()
        try page.heading("Payments by outcome", "count", "currency", "value")
        let first = page.next
        for outcome in PaymentOutcome.allCases {
            try page.figures(outcome.word, count(outcome, report.currency), report.currency)
        }
        let own = first...(page.next - 1)
        for outcome in PaymentOutcome.allCases {
            for total in report.payments(outcome).value.entries
            where total.currency != report.currency {
                try page.figures(outcome.word, count(outcome, total.currency), total.currency)
            }
        }
        return own
    }

    private func count(_ outcome: PaymentOutcome, _ currency: Currency) -> (Int, Int128) {
        report.outcomes.reduce((0, 0)) { sum, total in
            guard total.outcome == outcome, total.currency == currency else { return sum }
            return (sum.0 + total.count, sum.1 + Int128(total.value))
        }
    }

    private func writeOpenItems(to page: inout SheetPage) throws(WorkbookError) {
        page.skip()
        try page.heading("Open items", "count", "currency", "at risk")
        let money = items.atRisk
        let steps: [(String, Int, [Currency: Int128]?)] = [
            ("opening", items.opening, money?.opening), ("new", items.new, money?.new),
            ("reopened", items.reopened, money?.reopened),
            ("cleared", items.cleared, money?.cleared),
            ("closing", items.closing, money?.closing),
        ]
        for (step, count, sums) in steps { try page.figures(step, count, report.sums(sums ?? [:])) }
        if let money, !money.revalued.isEmpty {
            try page.figures("revalued", nil, report.sums(money.revalued))
        }
    }

    /// Returns the rows of the ages; nil where they are not known.
    private func writeAges(to page: inout SheetPage) throws(WorkbookError) -> ClosedRange<Int>? {
        guard !items.ages.isEmpty else { return nil }
        page.skip()
        try page.heading("Open by business days", "count", "currency", "at risk")
        let first = page.next
        for group in items.ages {
            let own = group.atRisk[report.currency] ?? 0
            try page.figures(group.days, (group.count, own), report.currency)
        }
        let rows = first...(page.next - 1)
        for group in items.ages {
            for (currency, sum) in report.sums(group.atRisk).entries
            where currency != report.currency {
                try page.figures(group.days, nil, currency, sum)
            }
        }
        return rows
    }

    private func writeBreaks(to page: inout SheetPage) throws(WorkbookError) {
        page.skip()
        try page.heading("Breaks by code", "count", "currency", "at risk", "severity")
        for figure in report.breakFigures {
            try page.figures(
                figure.code.word, figure.count, figure.atRisk, figure.code.severity.word)
        }
    }

    private func writeEmissions(to page: inout SheetPage) throws(WorkbookError) {
        page.skip()
        try page.heading("Emitted", "count", "currency", "value")
        for (name, figure) in report.emissionFigures {
            try page.figures(name, figure.count, figure.value)
        }
    }

    private func writeMoney(to page: inout SheetPage) throws(WorkbookError) {
        page.skip()
        try page.heading("At the gateways", "", "currency", "value")
        for total in report.orderedMoney {
            let measures = [
                ("captured", total.captured), ("refunded", total.refunded),
                ("charged back", total.chargedBack), ("fees", total.fees), ("net", total.net),
            ]
            for (name, amount) in measures {
                try page.figures(name, nil, total.currency, Int128(amount))
            }
        }
    }

    private func writeSheets(to page: inout SheetPage) throws(WorkbookError) {
        page.skip()
        try page.heading("Sheets", "what they hold; times are in UTC")
        for sheet in sheets {
            try page.row([(sheet.name, .text), (sheet.elsewhere, .text)])
            if sheet.name == "payouts" {
                try page.row([("tie-out", .text), (TieOutSheet.elsewhere(report), .text)])
            }
        }
    }
}

/// Writes a sheet from top to bottom.
private struct SheetPage {
    let sheet: Sheet
    /// The next row, from 0.
    private(set) var next = 0

    init(_ sheet: Sheet) { self.sheet = sheet }

    mutating func skip() { next += 1 }

    mutating func heading(_ words: String...) throws(WorkbookError) {
        for (column, word) in words.enumerated() where !word.isEmpty {
            try sheet.writeHeading(word, row: next, column: column)
        }
        next += 1
    }

    mutating func row(_ cells: [(String, CellKind)]) throws(WorkbookError) {
        for (column, cell) in cells.enumerated() {
            try sheet.write(cell.0, as: cell.1, row: next, column: column)
        }
        next += 1
    }

    mutating func share(_ name: String, _ tenThousandths: Int64) throws(WorkbookError) {
        try sheet.write(name, row: next, column: 0)
        try sheet.write(tenThousandths: tenThousandths, row: next, column: 3)
        next += 1
    }

    /// A name with a count and an amount.
    mutating func figures(
        _ name: String, _ count: Int?, _ currency: Currency, _ sum: Int128, _ word: String = ""
    ) throws(WorkbookError) {
        try row([
            (name, .text), (count.map(String.init) ?? "", .decimal), (currency.reportCode, .text),
            (DisplayText.plain(sum, digits: currency.digits), .decimal), (word, .text),
        ])
    }

    mutating func figures(
        _ name: String, _ figure: (Int, Int128), _ currency: Currency
    ) throws(WorkbookError) {
        try figures(name, figure.0, currency, figure.1)
    }

    /// A name with a count and amounts in all currencies; the count stands in the first row.
    mutating func figures(
        _ name: String, _ count: Int?, _ sums: CurrencySums, _ word: String = ""
    ) throws(WorkbookError) {
        guard !sums.entries.isEmpty else {
            return try row([(name, .text), (count.map(String.init) ?? "", .decimal)])
        }
        for (index, entry) in sums.entries.enumerated() {
            try figures(name, index == 0 ? count : nil, entry.currency, entry.sum, word)
        }
    }
}
