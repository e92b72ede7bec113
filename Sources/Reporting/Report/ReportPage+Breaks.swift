import Money
import Reconciliation
import Records

extension ReportPage {
    var breaks: String {
        let heading = "Breaks by code and age"
        let figures = breaksByMoney
        guard !figures.isEmpty else {
            return section("breaks", heading, paragraph("There are no breaks."))
        }
        let ages = openItems.ages
        var table = HTMLTable(
            id: "codes",
            caption: "Most money first; a payment can have several breaks"
                + (ages.isEmpty ? "" : "; counted by business days since they were first seen"),
            columns: [.text("Break")] + ages.map { .number(HTMLText.days($0.days) + " days") }
                + [.number("Count"), .number("At risk")])
        func counts(_ byAge: [Int]) -> [String] {
            ages.indices.map { place in
                guard byAge.indices.contains(place), byAge[place] > 0 else { return "" }
                return DisplayText.count(byAge[place])
            }
        }
        for figure in figures {
            table.add(
                [head(figure.code)] + counts(openItems.agesByCode[figure.code] ?? [])
                    + [DisplayText.count(figure.count), amounts(figure.atRisk)])
        }
        if !ages.isEmpty {
            var sums = CurrencySums(own: report.currency)
            for group in ages {
                for (currency, sum) in group.atRisk where sum != 0 { sums.add(sum, currency) }
            }
            let counted = ages.map(\.count)
            table.addTotal(
                ["To be looked at"] + counts(counted)
                    + [DisplayText.count(counted.reduce(0, +)), amounts(sums)])
        }
        return section("breaks", heading, ageingCharts + table.html)
    }

    /// A code, how grave it is, what it means and what to do.
    private func head(_ code: BreakCode) -> String {
        let words = HTMLText.escaped("\(code.explanation.meaning) \(code.explanation.action)")
        return """
            \(code.title) \(badge(code.severity)) <code class="soft">\(code.word)</code>\
            <p class="about">\(words)</p>
            """
    }

    /// The codes with the most money in the pipeline's own currency first; those that nobody has to
    /// look at last.
    private var breaksByMoney: [BreakFigure] {
        func rank(_ figure: BreakFigure) -> (Int, Int128, Int) {
            (
                figure.code.severity == .info ? 1 : 0, -figure.atRisk[report.currency],
                -figure.count
            )
        }
        return report.breakFigures.enumerated().sorted { left, right in
            let (first, second) = (rank(left.element), rank(right.element))
            return first == second ? left.offset < right.offset : first < second
        }.map(\.element)
    }

    private var ageingCharts: String {
        let currencies = openItems.ages.reduce(into: CurrencySums(own: report.currency)) {
            for (currency, sum) in $1.atRisk where sum != 0 { $0.add(sum, currency) }
        }
        return currencies.entries.prefix(BarChart.mostCurrencies).map { currency, _ in
            var chart = BarChart(
                id: "ages-\(currency.reportCode)",
                caption: "\(currency.reportCode) at risk by age in business days")
            for group in openItems.ages {
                let sum = group.atRisk[currency] ?? 0
                chart.add(
                    HTMLText.days(group.days) + " days", sum, DisplayText.amount(sum, currency),
                    .doubtful)
            }
            return chart.html
        }.joined()
    }

    var largest: String {
        guard !report.largest.isEmpty else {
            return section("largest", "Largest breaks", paragraph("There are none."))
        }
        let shown = report.largest.prefix(RunReport.largestBreaks)
        var table = HTMLTable(
            id: "largest-table", caption: "Most money first; breaks.csv has all of them",
            columns: [
                .text("Break"), .text("Records"), .text("Since"), .number("Amount"),
                .number("At risk"),
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
                records(of: line), since(line), amount(Int128(line.amount), line.currency),
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
            (noun(ofOther: line), line.other), ("user", line.user),
        ]
        .filter { !$0.1.isEmpty }
        .map { kind, id in
            """
            <div class="record id"><span class="soft small">\(kind)</span> \
            <span class="\(kind == "user" ? "small" : "mono")">\(HTMLText.isolated(id))</span></div>
            """
        }.joined()
    }
}

extension HTMLText {
    /// Ages as a page sets them: `2–5` for `2-5`.
    static func days(_ ages: String) -> String { ages.replacing("-", with: "\u{2013}") }
}
