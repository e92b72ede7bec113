import Money
import Reconciliation
import Records
import Spreadsheets
import Time

/// The sheet that holds every payout of the gateways against the bank account.
struct TieOutSheet {
    static let columns =
        ["payout", "currency", "status", "day", "due"]
        + PayoutWaterfall().steps.map { String(describing: $0.name) }
        + ["net", "claimed", "bank", "bank_date", "residual", "reason"]

    private let report: RunReport

    init(_ report: RunReport) { self.report = report }

    /// What the sheet shows: all that `report.json` has, unless that is too much.
    var extent: ReportWorkbook.SheetExtent {
        ReportWorkbook.SheetExtent(
            name: "tie-out", file: ReportJSON.file, rows: report.payouts.count,
            most: ReportWorkbook.mostRowsOfWork)
    }

    func write(to workbook: Workbook) throws(WorkbookError) {
        let extent = extent
        let sheet = try workbook.addSheet(extent.name)
        let lines = report.payouts.prefix(extent.shown)
        var widths = TieOutSheet.columns.map(Sheet.width)
        for line in lines.prefix(ReportWorkbook.measuredRows) {
            for (column, cell) in cells(of: line).enumerated() {
                let length = cell.0.utf8.count
                let width = cell.1 == .decimal ? length + length / 3 : length
                widths[column] = max(widths[column], min(width + 2, ReportWorkbook.widest))
            }
        }
        try sheet.begin(
            columns: TieOutSheet.columns, widths: widths, footer: ReportWorkbook.footer(report))
        for (index, line) in lines.enumerated() {
            for (column, cell) in cells(of: line).enumerated() {
                try sheet.write(cell.0, as: cell.1, row: index + 1, column: column)
            }
        }
        if let column = TieOutSheet.columns.firstIndex(of: "status"), extent.shown > 0 {
            try sheet.tint(TieOutSheet.tones, column: column, rows: 1...extent.shown)
        }
        try sheet.end(columns: TieOutSheet.columns, extent)
    }

    /// The colours of statuses that need somebody, and of the one that is wanted.
    private static let tones: [(String, Tone)] =
        [(PayoutTieOut.Status.tiedOut.word, .good)]
        + [PayoutTieOut.Status.short, .over, .missing].map { ($0.word, .bad) }

    private func cells(of line: RunReport.PayoutLine) -> [(String, CellKind)] {
        let tieOut = line.tieOut
        func money(_ amount: Int64?) -> (String, CellKind) {
            (amount.map { Amount.text($0, tieOut.currency) } ?? "", .decimal)
        }
        func date(_ date: CivilDate) -> (String, CellKind) {
            (date.isPresent ? TimeText.text(date) : "", .date)
        }
        return [
            (tieOut.payout, .text), (tieOut.currency.reportCode, .text),
            (tieOut.status.word, .text), date(tieOut.day), date(tieOut.due),
        ] + tieOut.waterfall.steps.map { money($0.isCost ? -$0.amount : $0.amount) } + [
            money(tieOut.net), money(tieOut.waterfall.claimed), money(tieOut.deposited),
            date(line.bankDate), money(tieOut.residual), (tieOut.reason.sentence, .text),
        ]
    }
}
