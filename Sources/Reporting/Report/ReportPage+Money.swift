import Emission
import Money
import Records

extension ReportPage {
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
        return section(
            "money", "How much money",
            standing + rates + outcomeCharts + table.html + gatewayTable)
    }

    /// Where the money stands, before it is told by outcome.
    private var standing: String {
        let groups = MoneyStanding.allCases.compactMap { standing -> String? in
            var figure = CountedValue(value: CurrencySums(own: report.currency))
            for outcome in PaymentOutcome.allCases where outcome.standing == standing {
                let part = report.payments(outcome)
                figure.count += part.count
                for (currency, sum) in part.value.entries { figure.value.add(sum, currency) }
            }
            guard figure.count > 0 || standing != .closed else { return nil }
            if figure.value.entries.isEmpty { figure.value.add(0, report.currency) }
            // Where a large amount does not fit, its currency goes to the next line.
            let sums = amounts(figure.value).replacing("\u{A0}", with: " ")
            return """
                <div><dt>\(standing.title)</dt><dd>\(sums) \
                <small>\(DisplayText.count(figure.count, "payment"))</small></dd></div>
                """
        }
        return "<dl class=\"figures\">\n\(groups.joined(separator: "\n"))\n</dl>\n"
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

    /// A picture for each currency; the table has those that are too many for that.
    private var outcomeCharts: String {
        report.payments(nil).value.entries.prefix(BarChart.mostCurrencies).map { currency, _ in
            var chart = BarChart(
                id: "outcomes-\(currency.reportCode)",
                caption: "Value by outcome, in \(currency.reportCode)")
            for outcome in PaymentOutcome.allCases {
                let value = report.payments(outcome).value
                guard value.entries.contains(where: { $0.currency == currency }) else { continue }
                chart.add(
                    outcome.title, value[currency],
                    DisplayText.amount(value[currency], currency), outcome.standing.style)
            }
            return chart.html
        }.joined()
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
}

/// Where the money of payments stands, for who closes the night.
private enum MoneyStanding: CaseIterable {
    case matched, expected, inDoubt, closed

    var title: String {
        switch self {
        case .matched: "Matched"
        case .expected: "Expected, not yet due"
        case .inDoubt: "In doubt"
        case .closed: "Closed, nothing owed"
        }
    }

    var style: BarChart.Style {
        switch self {
        case .matched: .settled
        case .expected: .awaited
        case .inDoubt: .doubtful
        case .closed: .plain
        }
    }
}

extension PaymentOutcome {
    fileprivate var standing: MoneyStanding {
        switch self {
        case .break: .inDoubt
        case .backfilled, .updated, .reconciled: .matched
        case .expected: .expected
        case .closed: .closed
        }
    }

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
