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
    private static let widths =
        [16, 10, 14, 11, 11] + Array(repeating: 14, count: 13) + [11, 14, 60]

    private let report: RunReport

    init(_ report: RunReport) { self.report = report }

    /// How many payouts the sheet shows; `report.json` has all of them.
    static func shown(_ report: RunReport) -> Int {
        min(report.payouts.count, ReportWorkbook.mostRows)
    }

    func write(to workbook: Workbook) throws(WorkbookError) {
        let sheet = try workbook.addSheet("tie-out")
        try sheet.begin(columns: TieOutSheet.columns, widths: TieOutSheet.widths)
        let shown = TieOutSheet.shown(report)
        for (index, line) in report.payouts.prefix(shown).enumerated() {
            for (column, cell) in cells(of: line).enumerated() {
                try sheet.write(cell.0, as: cell.1, row: index + 1, column: column)
            }
        }
        try sheet.end(columns: TieOutSheet.columns, rows: shown)
        if shown < report.payouts.count {
            try sheet.write(TieOutSheet.elsewhere(report), row: shown + 2, column: 0)
        }
    }

    /// How many payouts the sheet has, and where the others are.
    static func elsewhere(_ report: RunReport) -> String {
        let all = DisplayText.count(report.payouts.count)
        let shown = shown(report)
        return shown < report.payouts.count
            ? "The first \(DisplayText.count(shown)) of \(all) payouts; report.json has all of them."
            : "\(DisplayText.count(report.payouts.count, "payout")): all of report.json."
    }

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
