import Diagnostics
import Explanation
import Money
import Reporting

extension Backtest {
    /// What would have been decided otherwise, run by run and in total, for people.
    public var text: String {
        let others = runs.filter { !$0.difference.isEmpty }
        var text = "\(Finding.printable(pipeline)), by another definition over "
        text += "\(count(runs.count, "archived run")): "
        text +=
            others.isEmpty
            ? "nothing would have been decided otherwise.\n"
            : "\(others.count) would have been decided otherwise.\n"
        for run in others {
            text += "\n\(run.run)\n" + Backtest.text(run.difference)
        }
        if others.count > 1 { text += "\nIn total\n" + Backtest.text(total) }
        return text
    }

    private static func text(_ difference: DecisionComparison) -> String {
        var rows: [[String]] = []
        for group in difference.payments {
            let words = "\(group.before ?? "not there") -> \(group.after ?? "not there")"
            rows.append(["payments: " + words, String(group.count), value(group.value)])
        }
        for (word, codes) in [
            ("would appear", difference.appearing), ("would vanish", difference.vanishing),
            ("would say something else", difference.changing),
        ] {
            for (code, count) in codes.sorted(by: { $0.key < $1.key }) {
                rows.append(["breaks that \(word): \(code)", String(count), ""])
            }
        }
        for emission in difference.emissions {
            for (word, figure) in [("more", emission.added), ("gone", emission.gone)]
            where figure.count > 0 {
                rows.append([
                    "\(emission.name), \(word)", String(figure.count), value(figure.value),
                ])
            }
        }
        let width = rows.map(\.[0].count).max() ?? 0
        let numbers = rows.map(\.[1].count).max() ?? 0
        return rows.map { row in
            let line =
                "  " + row[0] + blanks(width - row[0].count) + "  "
                + blanks(numbers - row[1].count) + row[1] + (row[2].isEmpty ? "" : "  \(row[2])")
            return Finding.printable(line) + "\n"
        }.joined()
    }

    private static func blanks(_ count: Int) -> String { String(repeating: " ", count: count) }

    private static func value(_ sums: [Currency: Int128]) -> String {
        sums.sorted { $0.key.code < $1.key.code }.map { currency, sum in
            "\(Amount.text(sum: sum, digits: currency.digits)) \(currency.code)"
        }.joined(separator: ", ")
    }
}
