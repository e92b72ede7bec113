import Emission
import Money
import Reconciliation
import Records

extension ReportPage {
    // MARK: Money

    var money: String {
        let all = report.payments(nil)
        guard all.count > 0 else {
            return section("money", "How much money", paragraph("There were no payments."))
        }
        var table = HTMLTable(
            id: "outcomes", caption: "Payments by outcome",
            columns: [.text("Outcome"), .number("Payments"), .number("Value")])
        for outcome in PaymentOutcome.allCases {
            let figure = report.payments(outcome)
            guard figure.count > 0 else { continue }
            table.add([
                "\(outcome.title)<p class=\"about\">\(outcome.meaning)</p>",
                DisplayText.count(figure.count), amounts(figure.value),
            ])
        }
        table.addTotal(["All payments", DisplayText.count(all.count), amounts(all.value)])
        return section("money", "How much money", rates + table.html + gatewayTable)
    }

    private var rates: String {
        guard report.hasDuePayments() else { return paragraph("No payment was due yet.") }
        var figures = [("of the payments", report.countRate)]
        for (currency, _) in report.payments(nil).value.entries
        where report.hasDuePayments(in: currency) {
            figures.append(("of the \(currency.reportCode) value", report.valueRate(currency)))
        }
        let cells = figures.map { label, rate in
            """
            <div><dt>Matched automatically</dt>\
            <dd>\(DisplayText.percent(rate)) <small>\(label)</small></dd></div>
            """
        }
        return """
            <dl class="figures">
            \(cells.joined(separator: "\n"))
            </dl>
            <p class="soft small">Payments that needed nobody, out of all that are due; expected \
            and closed ones are not counted. Rounded down.</p>

            """
    }

    private var gatewayTable: String {
        guard !report.money.isEmpty else { return "" }
        var table = HTMLTable(
            id: "gateway", caption: "What the gateways did",
            columns: [
                .text("Currency"), .number("Captured"), .number("Refunded"), .number("Fees"),
                .number("Net"),
            ])
        for total in report.orderedMoney {
            let measures = [total.captured, total.refunded, total.fees, total.net]
            table.add(
                [total.currency.reportCode]
                    + measures.map { amount(Int128($0), total.currency) })
        }
        return table.html
    }

    // MARK: Breaks

    var breaks: String {
        let figures = report.breakFigures
        let items = openItems
        let change = [
            "\(DisplayText.count(items.opening)) open before",
            "\(DisplayText.count(items.new)) new", "\(DisplayText.count(items.reopened)) reopened",
            "\(DisplayText.count(items.cleared)) cleared",
        ].joined(separator: ", ")
        let sentence = paragraph("\(change): \(DisplayText.count(items.closing)) open now.")
        guard !figures.isEmpty else {
            let none = paragraph("There are no breaks.")
            return section("breaks", "Breaks by code", sentence + rollForward + none)
        }
        var table = HTMLTable(
            id: "codes", caption: "Critical ones first; a payment can have several breaks",
            columns: [.text("Break"), .text("Severity"), .number("Count"), .number("At risk")])
        for figure in figures {
            let explanation = figure.code.explanation
            let words = HTMLText.escaped("\(explanation.meaning) \(explanation.action)")
            table.add([
                """
                \(figure.code.title) <code class="soft">\(figure.code.word)</code>\
                <p class="about">\(words)</p>
                """,
                badge(figure.code.severity), DisplayText.count(figure.count),
                amounts(figure.atRisk),
            ])
        }
        return section("breaks", "Breaks by code", sentence + table.html + rollForward + ageing)
    }

    var largest: String {
        guard !report.largest.isEmpty else {
            return section("largest", "Largest breaks", paragraph("There are none."))
        }
        let shown = report.largest.prefix(RunReport.largestBreaks)
        var table = HTMLTable(
            id: "largest-table", caption: "Most money first; breaks.csv has all of them",
            columns: [
                .text("Break"), .text("Records"), .text("User"), .text("Since"),
                .number("Amount"), .number("At risk"),
            ])
        for line in shown {
            let nearMiss =
                line.nearMiss.isEmpty
                ? "" : "<p class=\"about\">Closest: \(HTMLText.isolated(line.nearMiss))</p>"
            table.add([
                """
                \(line.code.title) \(badge(line.code.severity))\
                <p class="about">\(HTMLText.isolated(line.detail))</p>\
                \(nearMiss)\
                <p class="about mono id">\(HTMLText.isolated(line.id))</p>
                """,
                records(of: line),
                line.user.isEmpty
                    ? "" : "<span class=\"id\">\(HTMLText.isolated(line.user))</span>",
                since(line), amount(Int128(line.amount), line.currency),
                amount(Int128(line.atRisk), line.currency),
            ])
        }
        let open = DisplayText.count(report.openBreaks, "open break")
        let sentence = paragraph("\(DisplayText.count(shown.count)) of \(open).")
        return section("largest", "Largest breaks", sentence + table.html)
    }

    /// What the other record of a break is: a booking's is one of its sessions.
    private func noun(ofOther line: RunReport.BreakLine) -> String {
        if line.code == .unappliedEmission { return "emission" }
        return line.bookingID.isEmpty ? "bank line" : "session"
    }

    private func records(of line: RunReport.BreakLine) -> String {
        [
            ("payment", line.paymentID), ("settlement", line.settlementID),
            ("booking", line.bookingID), ("payout", line.payout),
            (noun(ofOther: line), line.other),
        ]
        .filter { !$0.1.isEmpty }
        .map { kind, id in
            """
            <div class="id"><span class="soft small">\(kind)</span> \
            <span class="mono">\(HTMLText.isolated(id))</span></div>
            """
        }.joined()
    }

    // MARK: Emissions

    var emissions: String {
        let figures = report.emissionFigures.filter { $0.figure.count > 0 }
        let heading = report.isDryRun ? "What would be emitted" : "What was emitted"
        guard !figures.isEmpty else {
            return section("emissions", heading, paragraph("Nothing."))
        }
        var table = HTMLTable(
            id: "emitted", caption: "Changes for the business's own records, by file",
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
        return section("emissions", heading, table.html)
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

extension PaymentOutcome {
    /// The outcome in one sentence.
    var meaning: String {
        switch self {
        case .break: "Somebody has to look at it; see below."
        case .backfilled: "Paid, without a booking; this run made one."
        case .updated: "The gateway's evidence changed the payment's status."
        case .expected: "The gateway still has time to settle it."
        case .reconciled: "Payment, settlement and booking agree."
        case .closed: "Failed or cancelled, and no money was taken."
        }
    }
}
