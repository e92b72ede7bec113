import Diagnostics
import Money
import Rules

extension UserDashboard {
    /// The summary for a terminal, with a line feed at its end.
    ///
    /// Colour is ANSI's and never the only bearer of a meaning.
    public func text(isColoured: Bool = false) -> String {
        let style = Style(isColoured: isColoured)
        var lines = heading(style)
        lines += UserDashboard.table("Summary", rows(minus: .hyphen), style)
        lines += levelLines
        let impact = impactRows(minus: .hyphen, co2: "CO2")
        if !impact.isEmpty { lines += UserDashboard.table("Impact", impact, style) }
        lines += payoutLines(style)
        lines += activityLines(style)
        return lines.map { $0 + "\n" }.joined()
    }

    private func heading(_ style: Style) -> [String] {
        let address = Finding.printable(user)
        return [
            name.map { style.bold(Finding.printable($0)) + " <\(address)>" } ?? style.bold(address),
            "\(Finding.printable(pipeline)) as of \(asOf)",
            style.dim("run \(Finding.printable(run))"),
        ]
    }

    private static func table(_ title: String, _ rows: [Row], _ style: Style) -> [String] {
        var table = TextTable(header: [title, "", "before", "now"])
        for row in rows {
            for line in 0..<max(row.before.count, row.after.count) {
                table.add(cells: [
                    line == 0 ? row.name : "", "",
                    line < row.before.count ? Finding.printable(row.before[line]) : "",
                    line < row.after.count ? Finding.printable(row.after[line]) : "",
                ])
            }
        }
        return [""] + table.lines(style)
    }

    private var levelLines: [String] {
        levelSentence(minus: .hyphen).map {
            DisplayText.wrapped(Finding.printable($0), to: TerminalSummary.width - 2)
                .map { "  " + $0 }
        } ?? []
    }

    private func payoutLines(_ style: Style) -> [String] {
        guard let payouts = after.payouts else { return [] }
        guard !payouts.schedule.isEmpty else {
            return ["", style.bold("Payouts due"), "  none"]
        }
        var table = TextTable(header: ["Payouts due", "", "status", "amount"])
        for payout in payouts.schedule {
            table.add(cells: [
                Finding.printable(payout.dueDate ?? "no day yet"), "",
                Finding.printable(payout.statusWords), payout.sum.text(minus: .hyphen),
            ])
        }
        return [""] + table.lines(style)
    }

    private func activityLines(_ style: Style) -> [String] {
        guard !recent.isEmpty else { return ["", style.bold("Recent activity"), "  none"] }
        var table = TextTable(header: ["Recent activity", "", "status", "amount"])
        for activity in recent {
            let what = [activity.day, activity.type, activity.id].filter { !$0.isEmpty }
            table.add(cells: [
                Finding.printable(what.joined(separator: " ")), "",
                Finding.printable(activity.status), activity.sum.text(minus: .hyphen),
            ])
            if let commission = activity.commission {
                table.add(cells: [
                    "  of which commission", "", "",
                    Sum(commission, activity.sum.currency).text(minus: .hyphen),
                ])
            }
        }
        return [""] + table.lines(style)
    }

    /// The way to the next level in words; nil where the pipeline has no levels.
    func levelSentence(minus: DisplayText.Minus) -> String? {
        guard let last = levels.last else { return nil }
        guard let next = nextLevel else { return "\(last.name) is the highest level." }
        return "\(Sum(next.missing, currency).text(minus: minus)) more to reach \(next.name)."
    }
}

extension UserDashboard.Payout {
    /// The status in words, such as `below minimum`.
    var statusWords: String { String(status.map { $0 == "_" ? " " : $0 }) }
}

extension UserDashboard.Activity {
    /// The date out of `2026-11-20T02:00:00Z`.
    var day: String { String(moment.prefix(10)) }
}
