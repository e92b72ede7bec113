import Money
import Reconciliation
import Time

extension ReportPage {
    /// Gateway payouts against the bank account, and what is not paid out yet.
    var payouts: String {
        let heading = "Gateway payouts"
        guard !report.payoutCurrencies.isEmpty else {
            return section("payouts", heading, paragraph("There were no settlement lines."))
        }
        let pictures = report.payoutCurrencies.map(waterfallChart).joined()
        let totals = report.payoutCurrencies.map(waterfallTable).joined()
        guard !report.payouts.isEmpty else {
            let sentence = paragraph("No settlement line names a payout.")
            return section("payouts", heading, sentence + pictures + totals)
        }
        return section(
            "payouts", heading, paragraph(payoutCounts) + pictures + payoutTable + totals)
    }

    private var payoutCounts: String {
        let all = DisplayText.count(report.payouts.count, "payout")
        let counts = PayoutTieOut.Status.allCases.compactMap { status -> String? in
            let count = report.payoutCount(status)
            return count == 0 ? nil : "\(DisplayText.count(count)) \(status.title)"
        }
        let isCompared = report.payoutCount(.notCompared) == 0
        return "\(all): \(counts.joined(separator: ", "))."
            + (isCompared ? "" : " The pipeline has no bank input to hold them against.")
    }

    private var payoutTable: String {
        let shown = report.payoutsBySize.prefix(RunReport.largestBreaks)
        let isAll = shown.count == report.payouts.count
        var table = HTMLTable(
            id: "payout-table",
            caption: "Largest residual first; "
                + (isAll ? "report.json has them too" : "report.json has all of them"),
            columns: [
                .text("Payout"), .number("Net by the lines"), .number("At the bank"),
                .number("Residual"),
            ])
        for line in shown {
            let tieOut = line.tieOut
            let currency = tieOut.currency
            func shown(_ amount: Int64?) -> String {
                amount.map { self.amount(Int128($0), currency) } ?? "\u{2013}"
            }
            let badge = "<span class=\"badge \(tieOut.status.style)\">\(tieOut.status.title)</span>"
            let notes = [formula(tieOut), about(line)].filter { !$0.isEmpty }
                .map { "<p class=\"about\">\($0)</p>" }
            table.add([
                """
                <span class="mono id">\(HTMLText.isolated(tieOut.payout))</span> \(badge)\
                \(notes.joined())
                """,
                shown(tieOut.net), shown(tieOut.deposited), shown(tieOut.residual),
            ])
        }
        return table.html
    }

    /// The waterfall as a sum: `1,000.00 gross − 29.00 fees = 971.00`.
    private func formula(_ tieOut: PayoutTieOut) -> String {
        let digits = tieOut.currency.digits
        var text = ""
        for step in tieOut.waterfall.steps where step.amount != 0 {
            let isTaken = step.isCost == (step.amount > 0)
            let amount = DisplayText.grouped(Int128(step.amount.magnitude), digits: digits)
            let sign = isTaken ? "\u{2212}" : text.isEmpty ? "" : "+"
            // An amount keeps together with its sign and its name.
            text +=
                (text.isEmpty ? "" : " ") + (sign.isEmpty ? "" : sign + "\u{A0}")
                + amount + "\u{A0}" + step.title.replacing(" ", with: "\u{A0}")
        }
        guard !text.isEmpty else { return "nothing to pay out" }
        return text + " =\u{A0}" + DisplayText.grouped(Int128(tieOut.net), digits: digits)
    }

    /// What else is known of a payout: its days, the gateway's own word, the bank lines, the reason.
    private func about(_ line: RunReport.PayoutLine) -> String {
        let tieOut = line.tieOut
        var parts = ["\(DisplayText.count(tieOut.waterfall.lines, "line"))"]
        if tieOut.day.isPresent { parts.append("settled \(TimeText.text(tieOut.day))") }
        if tieOut.status == .expected || tieOut.status == .missing, tieOut.due.isPresent {
            parts.append("due \(TimeText.text(tieOut.due))")
        }
        if let claimed = tieOut.waterfall.claimed, claimed != tieOut.net {
            parts.append(
                "by the gateway's own word \(amount(Int128(claimed), tieOut.currency))")
        }
        if line.bankDate.isPresent {
            let ids = line.bankIDs.prefix(3).map { HTMLText.isolated($0) }
            let rest = line.bankIDs.count > 3 ? " and \(line.bankIDs.count - 3) more" : ""
            parts.append(
                "at the bank \(TimeText.text(line.bankDate)) as "
                    + "<span class=\"id\">\(ids.joined(separator: ", "))\(rest)</span>")
        }
        let reason = tieOut.reason.sentence
        return parts.joined(separator: ", ") + "." + (reason.isEmpty ? "" : " \(reason)")
    }

    /// The way from what payers paid to what stands at the bank; or, where nothing is paid out yet, to
    /// what is still to come.
    private func waterfallChart(_ currency: Currency) -> String {
        let payouts = report.payouts.lazy.map(\.tieOut).filter { $0.currency == currency }
        let isCompared = payouts.contains { $0.status != .notCompared }
        let end =
            payouts.isEmpty
            ? "what is not yet paid out"
            : isCompared ? "the bank account" : "the net of the payouts"
        var chart = BarChart(
            id: "tie-out-\(currency.reportCode)",
            caption: "From gross to \(end), in \(currency.reportCode)")
        func figure(_ sum: Int128) -> String { DisplayText.amount(sum, currency) }
        let unpaid = report.unpaid.first { $0.currency == currency }?.waterfall
        let steps = payouts.isEmpty ? unpaid?.steps ?? [] : report.paidOut(currency)
        var net: Int128 = 0
        for (place, step) in steps.enumerated() where place == 0 || step.amount != 0 {
            let change = (step.isCost ? -1 : 1) * Int128(step.amount)
            net += change
            let name = step.title.prefix(1).uppercased() + step.title.dropFirst()
            if place == 0 {
                chart.add(name, change, figure(change), .plain)
            } else {
                chart.addStep(name, change, figure(change), .plain)
            }
        }
        guard !payouts.isEmpty else {
            chart.add("Not yet paid out", net, figure(net), .awaited)
            return chart.html
        }
        chart.add("Net of the payouts", net, figure(net), .plain)
        guard isCompared else { return chart.html }
        let residuals: [(String, PayoutTieOut.Status, BarChart.Style)] = [
            ("Not yet due at the bank", .expected, .awaited),
            ("Missing at the bank", .missing, .doubtful),
            ("Short at the bank", .short, .doubtful), ("Too much at the bank", .over, .doubtful),
        ]
        for (name, status, style) in residuals {
            let change = payouts.filter { $0.status == status }
                .reduce(Int128(0)) { $0 - Int128($1.residual ?? $1.net) }
            guard change != 0 else { continue }
            net += change
            chart.addStep(name, change, figure(change), style)
        }
        chart.add("At the bank", net, figure(net), .settled)
        return chart.html
    }

    /// What all settlement lines of a currency add up to, paid out or not.
    private func waterfallTable(_ currency: Currency) -> String {
        let unpaid = report.unpaid.first { $0.currency == currency }?.waterfall ?? PayoutWaterfall()
        var table = HTMLTable(
            id: "waterfall-\(currency.reportCode)",
            caption: "All settlement lines in \(currency.reportCode), step by step",
            columns: [
                .text("Step"), .number("In payouts"), .number("Not yet paid out"),
                .number("Together"),
            ])
        var net = (paid: Int128(0), unpaid: Int128(0))
        for (paid, waiting) in zip(report.paidOut(currency), unpaid.steps) {
            let sign: Int128 = paid.isCost ? -1 : 1
            let (first, second) = (sign * Int128(paid.amount), sign * Int128(waiting.amount))
            net = (net.paid + first, net.unpaid + second)
            guard first != 0 || second != 0 else { continue }
            table.add([
                paid.title.prefix(1).uppercased() + paid.title.dropFirst(),
                DisplayText.amount(first, currency), DisplayText.amount(second, currency),
                DisplayText.amount(first + second, currency),
            ])
        }
        table.addTotal([
            "Net", amount(net.paid, currency), amount(net.unpaid, currency),
            amount(net.paid + net.unpaid, currency),
        ])
        return table.html
    }
}
