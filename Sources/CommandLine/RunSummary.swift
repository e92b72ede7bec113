import Emission
import Money
import Reconciliation
import Records
import Reporting

/// What a run came to, for the terminal.
enum RunSummary {
    /// The verdict, the run's folder (nil for a dry run), the payments by outcome, the breaks and
    /// what was emitted.
    static func text(_ report: RunReport, publishedAt path: String?) -> String {
        let rate = report.autoMatchRate { Int64($0.count) }
        var text = "\(report.pipeline): \(report.verdict.word); "
        text += "\(Amount.text(rate, digits: 2)) % of the payments due needed nobody\n"
        text += path.map { "published: \($0)\n" } ?? "dry run: nothing was published\n"
        text += table(
            "payments",
            report.outcomes.map { total in
                Row(
                    name: total.outcome.word, count: total.count,
                    money: money(total.value, total.currency))
            })
        text += table(
            "breaks",
            report.breaks.map { total in
                Row(
                    name: "\(total.code.word) (\(total.code.severity.word))", count: total.count,
                    money: money(total.atRisk, total.currency) + " at risk")
            })
        text += table(
            "emissions",
            report.emissions.map { total in
                Row(
                    name: total.name, count: total.count, money: money(total.value, total.currency))
            })
        return text
    }

    private struct Row {
        var name: String
        var count: Int
        var money: String
    }

    private static func money(_ amount: Int64, _ currency: Currency) -> String {
        "\(Amount.text(amount, currency)) \(currency.code)"
    }

    /// Names flush left and counts flush right; nothing where there are no rows.
    private static func table(_ title: String, _ rows: [Row]) -> String {
        guard !rows.isEmpty else { return "" }
        let nameWidth = rows.map(\.name.count).max() ?? 0
        let countWidth = rows.map { String($0.count).count }.max() ?? 0
        let lines = rows.map { row in
            let count = String(row.count)
            let gap = nameWidth - row.name.count + countWidth - count.count
            return "  \(row.name)\(String(repeating: " ", count: gap + 2))\(count)  \(row.money)\n"
        }
        return "\(title):\n" + lines.joined()
    }
}
