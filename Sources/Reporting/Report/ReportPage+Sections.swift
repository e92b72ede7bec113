import Money
import Records
import Time

extension ReportPage {
    // MARK: Emissions

    var emissions: String {
        let figures = report.emissionFigures.filter { $0.figure.count > 0 }
        let heading = report.isDryRun ? "What would be emitted" : "What was emitted"
        let emitted =
            figures.isEmpty
            ? paragraph("Nothing.")
            : emissionTable("emitted", "Changes for the business's own records, by file", figures)
        return section("emissions", heading, emitted + waiting + payoutsDue)
    }

    /// What earlier runs emitted and is still to be loaded.
    private var waiting: String {
        let figures = report.waitingFigures
        guard !figures.isEmpty else { return "" }
        let sentence = paragraph(
            "Earlier runs emitted what no dump shows yet. It is not emitted again: load it by "
                + "load-sql --unloaded, or from the folders of those runs.")
        return sentence + emissionTable("waiting", "Emitted by earlier runs, by file", figures)
    }

    private func emissionTable(
        _ id: String, _ caption: String, _ figures: [(name: String, figure: CountedValue)]
    ) -> String {
        var table = HTMLTable(
            id: id, caption: caption,
            columns: [.text("File"), .number("Rows"), .number("Value")])
        for (name, figure) in figures {
            table.add([
                """
                \(HTMLText.escaped(DisplayText.heading(name))) \
                <code class="soft">\(HTMLText.escaped(name)).csv</code>
                """,
                DisplayText.count(figure.count), amounts(figure.value),
            ])
        }
        return table.html
    }

    /// What sellers are to be paid, by day.
    private var payoutsDue: String {
        let days = report.payoutsDue
        return CurrencySums.currencies(days.lazy.map(\.currency), own: report.currency)
            .map { currency in
                var chart = BarChart(
                    id: "due-\(currency.reportCode)",
                    caption: "Payouts to sellers by the day they fall due, in "
                        + currency.reportCode)
                var later = (count: 0, sum: Int128(0))
                for (place, day) in days.lazy.filter({ $0.currency == currency }).enumerated() {
                    guard place < RunReport.shownDays else {
                        later.count += day.count
                        later.sum += day.amount
                        continue
                    }
                    chart.add(
                        "\(TimeText.text(day.due)), \(DisplayText.count(day.count, "payout"))",
                        day.amount, DisplayText.amount(day.amount, currency), .awaited)
                }
                if later.count > 0 {
                    chart.add(
                        "later, \(DisplayText.count(later.count, "payout"))", later.sum,
                        DisplayText.amount(later.sum, currency), .awaited)
                }
                return chart.html
            }.joined()
    }

    // MARK: Inputs and rejects

    var inputs: String {
        guard !report.inputs.isEmpty else {
            return section("inputs", "What was read", paragraph("No files."))
        }
        var table = HTMLTable(
            id: "files",
            caption:
                "Rows = records + repeated or replaced + rejected + left out; only the first two have a sum",
            columns: [
                .text("File"), .number("Rows"), .number("Records"), .number("Repeated"),
                .number("Rejected"), .number("Sum of rows"), .number("Sum of records"),
            ])
        for input in report.inputs {
            let others = input.repeated + input.replaced
            let isWhole =
                input.rows == input.records + others + input.rejected + input.leftOut
            let leftOut =
                input.leftOut > 0 ? ", \(DisplayText.count(input.leftOut, "row")) left out" : ""
            let check =
                isWhole
                ? "rows add up" : "<strong class=\"negative\">rows do not add up</strong>"
            table.add([
                """
                <span class="id">\(HTMLText.isolated(input.file))</span>\
                <p class="about">\(input.kind.rawValue), \
                \(DisplayText.count(input.bytes, "byte"))\(leftOut), \(check)</p>\
                <p class="about mono id">\(HTMLText.escaped(input.sha256))</p>
                """,
                DisplayText.count(input.rows), DisplayText.count(input.records),
                DisplayText.count(others), DisplayText.count(input.rejected),
                amounts(report.sums(of: input)), amounts(report.recordSums(of: input)),
            ])
        }
        return section("inputs", "What was read", table.html)
    }

    var rejects: String {
        let rejected = report.rejectedRows
        guard rejected > 0 || !report.rejects.isEmpty else {
            return section("rejects", "Rejected rows", paragraph("Every row is a record."))
        }
        let shown = report.rejects.prefix(RunReport.largestBreaks)
        var table = HTMLTable(
            id: "rejected", caption: "The first ones; rejects.csv has all of them",
            columns: [.text("File"), .number("Line"), .text("Column"), .text("Reason")])
        for line in shown {
            table.add([
                "<span class=\"id\">\(HTMLText.isolated(line.file))</span>",
                DisplayText.count(line.line),
                line.column.isEmpty ? "whole row" : HTMLText.isolated(line.column),
                HTMLText.isolated(line.reason),
            ])
        }
        let total = max(rejected, shown.count)
        let sentence = paragraph(
            "\(DisplayText.count(total, "row")) could not be read as "
                + "\(total == 1 ? "a record" : "records"), and took no part in the run.")
        return section("rejects", "Rejected rows", sentence + (shown.isEmpty ? "" : table.html))
    }
}
