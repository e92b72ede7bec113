import Money
import Reconciliation
import Records
import Time

extension ReportPage {
    // MARK: From the run before to this one

    /// What became of the open items of the run before, in items and money.
    var changes: String {
        let items = openItems
        let change = [
            "\(DisplayText.count(items.opening)) open before",
            "\(DisplayText.count(items.new)) new", "\(DisplayText.count(items.reopened)) reopened",
            "\(DisplayText.count(items.cleared)) cleared",
        ].joined(separator: ", ")
        let first = report.previousRun.isEmpty ? " This is the first run." : ""
        let sentence = paragraph("\(change): \(DisplayText.count(items.closing)) open now.\(first)")
        return section(
            "changes", "What changed since the last run", sentence + rollForward + history)
    }

    /// The steps as a table; empty where the money is not known.
    private var rollForward: String {
        guard let money = openItems.atRisk else { return "" }
        var table = HTMLTable(
            id: "roll", caption: "From the open items of the run before to these",
            columns: [.text("Open items"), .number("Count"), .number("At risk")])
        let items = openItems
        let steps: [(String, Int?, [Currency: Int128])] = [
            ("Open before", items.opening, money.opening), ("+ new", items.new, money.new),
            ("+ reopened", items.reopened, money.reopened),
            ("\u{2212} cleared", items.cleared, money.cleared),
            ("\u{B1} changed amounts", nil, money.revalued),
        ]
        for (name, count, sums) in steps {
            table.add([
                HTMLText.escaped(name), count.map { DisplayText.count($0) } ?? "",
                amounts(report.sums(sums)),
            ])
        }
        table.addTotal([
            "= open now", DisplayText.count(items.closing), amounts(report.sums(money.closing)),
        ])
        return table.html
    }

    /// Since when a break is known.
    func since(_ line: RunReport.BreakLine) -> String {
        guard line.firstSeen.isPresent else { return "" }
        guard line.firstSeen != report.asOf else { return "<strong>new</strong>" }
        let day = TimeText.text(line.firstSeen).prefix(10)
        return """
            <time datetime="\(day)">\(day)</time>\
            <p class="about">\(DisplayText.count(line.age, "business day"))</p>
            """
    }

    // MARK: History

    /// How many runs the table has.
    private static let shownRuns = 10

    /// The runs before this one beside it; empty for the first.
    private var history: String {
        guard report.history.count > 1 else { return "" }
        var chart = ColumnChart(
            id: "history-chart",
            caption: "At risk at the end of each run, in \(report.currency.reportCode)")
        for point in report.history where point.currency == report.currency {
            chart.add(
                RunReport.day(point.asOf), Int128(point.atRisk),
                DisplayText.amount(Int128(point.atRisk), point.currency))
        }
        var table = HTMLTable(
            id: "history-table",
            caption: "The last runs, the newest first; carried/history.csv has up to "
                + "\(RunReport.longestHistory)",
            columns: [
                .text("As of"), .text("Verdict"), .number("Matched"), .number("Of value"),
                .number("Open"), .number("At risk"),
            ])
        for point in report.history.suffix(ReportPage.shownRuns).reversed() {
            table.add([
                """
                <time datetime="\(TimeText.text(point.asOf))">\(RunReport.day(point.asOf)), \
                \(TimeText.text(point.asOf).dropFirst(11).prefix(5))</time>
                """,
                "<span class=\"badge \(point.verdict.word)\">\(point.verdict.word)</span>",
                DisplayText.percent(point.countRate), DisplayText.percent(point.valueRate),
                DisplayText.count(point.openItems),
                amount(Int128(point.atRisk), point.currency),
            ])
        }
        return chart.html + table.html
    }

    // MARK: Overrides

    /// Every decision about a break with what it comes to; empty where there is none.
    var overrides: String {
        guard !report.overrides.isEmpty else { return "" }
        // What does nothing comes first: somebody believes that it does something.
        let idle = report.overrides.filter { !$0.effect.isInForce }
        let active = report.overrides.filter(\.effect.isInForce)
        let shown = (idle + active).prefix(RunReport.largestBreaks)
        var table = HTMLTable(
            id: "overrides-table", caption: "Those without effect first",
            columns: [
                .text("Break"), .text("Decision"), .text("By"), .text("Expires"), .text("Effect"),
            ])
        for line in shown {
            let override = line.override
            let target = override.target.isEmpty ? "" : " " + HTMLText.isolated(override.target)
            table.add([
                "<span class=\"mono id\">\(HTMLText.isolated(override.breakID))</span>",
                """
                <div>\(HTMLText.escaped(line.action))\(target)</div>\
                <p class="about">\(HTMLText.isolated(override.reason))</p>
                """,
                "<div>\(HTMLText.isolated(override.maker)), "
                    + "\(HTMLText.isolated(override.checker))</div>",
                HTMLText.isolated(override.expires), HTMLText.escaped(line.effect.meaning),
            ])
        }
        let sentence = paragraph(
            "\(DisplayText.count(active.count)) of \(DisplayText.count(report.overrides.count, "override")) "
                + (active.count == 1 ? "closes a break." : "close breaks."))
        return section("overrides", "Overrides", sentence + table.html)
    }
}

extension RunReport {
    /// The day of a moment in UTC.
    fileprivate static func day(_ moment: Instant) -> String {
        String(TimeText.text(moment).prefix(10))
    }
}

extension RunReport.OverrideLine {
    /// The action as ours write it; as the dump does where it is none of ours.
    var action: String { override.decision?.word ?? override.action }
}

extension OverrideEffect {
    /// What it means for the reader.
    var meaning: String {
        switch self {
        case .closed: "closes the break"
        case .matched: "matches the records"
        case .notNeeded: "not needed: the break is not there, or closed already"
        case .unknownBreak: "without effect: no such break is known"
        case .samePerson: "without effect: maker and checker are one person"
        case .expired: "without effect: it has expired"
        case .rowsChanged: "void: the rows concerned have changed since"
        case .unknownAction: "without effect: the action is unknown"
        case .unreadableExpiry: "without effect: the expiry is no date"
        case .unknownTarget: "without effect: the target is in no dump"
        case .targetTaken: "without effect: the target belongs to another record"
        case .notMatchable: "without effect: a break of this code cannot be matched"
        }
    }
}
