import Emission
import Money
import Reconciliation
import Records
import Spreadsheets
import Time

/// The first sheet of `report.xlsx`: the verdict and the figures of the night, with charts.
///
/// It is written from top to bottom, as a streamed workbook demands.
struct SummarySheet {
    private static let chartColumn = SheetPage.widths.count + 1
    private static let rowHeight = 20

    private let report: RunReport
    private let sheets: [ReportWorkbook.SheetExtent]
    private let items: OpenItems
    private var own: Currency { report.currency }

    init(_ report: RunReport, _ sheets: [ReportWorkbook.SheetExtent]) {
        self.report = report
        self.sheets = sheets
        items = report.openItems ?? OpenItems(new: report.openBreaks)
    }

    func write(to workbook: Workbook) throws(WorkbookError) {
        let sheet = try workbook.addSheet("summary")
        var page = try SheetPage(sheet)
        try sheet.preparePages(footer: ReportWorkbook.footer(report))
        try writeIdentity(to: &page)
        let charts = page.next
        try writeSheets(to: &page)
        let outcomes = try writeOutcomes(to: &page)
        try writeOpenItems(to: &page)
        let ages = try writeAges(to: &page)
        let codes = try writeBreaks(to: &page)
        try writeEmissions(to: &page)
        try writeMoney(to: &page)
        try sheet.tint(ReportWorkbook.tones, column: 4, rows: 0...page.next)
        var row = charts + 1
        func add(
            _ title: String, _ direction: Chart.Direction, _ rows: Range<Int>, height: Int
        ) throws(WorkbookError) {
            guard !rows.isEmpty else { return }
            let rows = rows.lowerBound...(rows.upperBound - 1)
            let chart = Chart(
                title, direction, of: CellRange(sheet: sheet.name, column: 0, rows: rows),
                CellRange(sheet: sheet.name, column: 3, rows: rows), height: height)
            try workbook.add(chart, to: sheet, row: row, column: SummarySheet.chartColumn)
            row += height / SummarySheet.rowHeight + 1
        }
        let code = own.reportCode
        try add("Payments by outcome, \(code)", .bars, outcomes, height: 240)
        try add(
            "Breaks by code, \(code) at risk", .bars, codes,
            height: min(700, 100 + 24 * codes.count))
        try add("Open items by age in business days, \(code) at risk", .columns, ages, height: 240)
    }

    private func writeIdentity(to page: inout SheetPage) throws(WorkbookError) {
        let words = VerdictText(report)
        let tone: Tone =
            switch report.verdict {
            case .clean: .good
            case .review: .warning
            case .critical: .bad
            }
        try page.sentence("\(report.pipeline), \(TimeText.text(report.asOf).prefix(10))", .title)
        try page.sentence(words.answer, .answer(tone))
        try page.sentence(words.reason, .plain)
        try page.sentence(words.nextStep, .plain)
        page.skip()
        try page.fact("Run", report.run)
        if !report.previousRun.isEmpty { try page.fact("Run before", report.previousRun) }
        try page.fact("As of, UTC", TimeText.text(report.asOf), as: .moment)
        if report.hasDuePayments() {
            try page.share("Matched automatically, of the payments", report.countRate)
        }
        if report.hasDuePayments(in: own) {
            try page.share(
                "Matched automatically, of the \(own.reportCode) value", report.valueRate(own))
        }
    }

    private func writeSheets(to page: inout SheetPage) throws(WorkbookError) {
        try page.heading("Sheets", count: "Rows", amount: "Shown", word: "All of them in")
        for sheet in sheets {
            try page.link(
                to: sheet.name, rows: sheet.rows, shown: sheet.shown, file: sheet.file)
        }
    }

    /// Returns the rows of the pipeline's own currency.
    private func writeOutcomes(to page: inout SheetPage) throws(WorkbookError) -> Range<Int> {
        try page.heading("Payments", currency: "Currency", amount: "Value")
        let first = page.next
        for outcome in PaymentOutcome.allCases {
            let (count, value) = figure(outcome, own)
            try page.figures(outcome.title, count, own, value)
        }
        let rows = first..<page.next
        for outcome in PaymentOutcome.allCases {
            for (currency, _) in report.payments(outcome).value.entries where currency != own {
                let (count, value) = figure(outcome, currency)
                try page.figures(outcome.title, count, currency, value)
            }
        }
        let all = report.payments(nil)
        try page.figures("All", all.count, all.value, own: own, "", .total)
        return rows
    }

    private func figure(_ outcome: PaymentOutcome, _ currency: Currency) -> (Int, Int128) {
        report.outcomes.reduce((0, 0)) { sum, total in
            guard total.outcome == outcome, total.currency == currency else { return sum }
            return (sum.0 + total.count, sum.1 + Int128(total.value))
        }
    }

    private func writeOpenItems(to page: inout SheetPage) throws(WorkbookError) {
        try page.heading("Open items", currency: "Currency", amount: "At risk")
        let money = items.atRisk
        let steps: [(String, Int?, [Currency: Int128]?)] = [
            ("Open before", items.opening, money?.opening), ("+ new", items.new, money?.new),
            ("+ reopened", items.reopened, money?.reopened),
            ("\u{2212} cleared", items.cleared, money?.cleared),
            ("\u{B1} changed amounts", nil, money?.revalued),
        ]
        for (step, count, sums) in steps {
            try page.figures(step, count, report.sums(sums ?? [:]), own: own)
        }
        try page.figures(
            "= open now", items.closing, report.sums(money?.closing ?? [:]), own: own, "", .total)
    }

    /// Returns the rows of the pipeline's own currency; none where the ages are not known.
    private func writeAges(to page: inout SheetPage) throws(WorkbookError) -> Range<Int> {
        guard !items.ages.isEmpty else { return 0..<0 }
        try page.heading("Open for business days", currency: "Currency", amount: "At risk")
        let first = page.next
        for group in items.ages {
            try page.figures(group.days, group.count, own, group.atRisk[own] ?? 0)
        }
        let rows = first..<page.next
        for group in items.ages {
            for (currency, sum) in report.sums(group.atRisk).entries where currency != own {
                try page.figures(group.days, nil, currency, sum)
            }
        }
        return rows
    }

    /// Returns the rows of the pipeline's own currency.
    private func writeBreaks(to page: inout SheetPage) throws(WorkbookError) -> Range<Int> {
        try page.heading("Breaks", currency: "Currency", amount: "At risk", word: "Severity")
        let figures = report.breakFigures
        let first = page.next
        for figure in figures {
            try page.figures(
                figure.code.word, figure.count, own, figure.atRisk[own],
                figure.code.severity.word)
        }
        let rows = first..<page.next
        for figure in figures {
            for (currency, sum) in figure.atRisk.entries where currency != own {
                try page.figures(
                    figure.code.word, nil, currency, sum, figure.code.severity.word)
            }
        }
        if figures.isEmpty { try page.sentence("none", .soft) }
        return rows
    }

    private func writeEmissions(to page: inout SheetPage) throws(WorkbookError) {
        try page.heading("Emitted", currency: "Currency", amount: "Value", word: "File")
        let figures = report.emissionFigures.filter { $0.figure.count > 0 }
        for (name, figure) in figures {
            try page.figures(
                DisplayText.heading(name), figure.count, figure.value, own: nil, name + ".csv")
        }
        if figures.isEmpty { try page.sentence("nothing", .soft) }
        let waiting = report.waitingFigures
        guard !waiting.isEmpty else { return }
        try page.heading(
            "Waiting to be loaded", currency: "Currency", amount: "Value",
            word: "File")
        for (name, figure) in waiting {
            try page.figures(
                DisplayText.heading(name), figure.count, figure.value, own: nil, name + ".csv")
        }
    }

    private func writeMoney(to page: inout SheetPage) throws(WorkbookError) {
        guard !report.money.isEmpty else { return }
        try page.heading("At the gateways", count: "", currency: "Currency", amount: "Value")
        for total in report.orderedMoney {
            let measures = [
                ("Captured", total.captured), ("Refunded", total.refunded),
                ("Charged back", total.chargedBack), ("Fees", total.fees), ("Net", total.net),
            ]
            for (name, amount) in measures {
                try page.figures(name, nil, total.currency, Int128(amount))
            }
        }
    }
}
