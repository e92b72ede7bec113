import Diagnostics
import Emission
import Money
import Reconciliation
import Records
import Time

/// The short text that a run prints when it is done.
public enum TerminalSummary {
    /// A file that the reader may want to open.
    public struct Place: Sendable {
        /// What it is, in a word or two.
        public var label: String
        /// Where it is.
        public var path: String

        /// Creates a place.
        public init(label: String, path: String) {
            self.label = label
            self.path = path
        }
    }

    /// How many columns the text has; only a path may be longer, since a cut path is of no use.
    public static let width = 80

    /// The summary, with a line feed at its end.
    ///
    /// Colour is ANSI's and never the only bearer of a meaning.
    public static func text(
        _ report: RunReport, places: [Place] = [], isColoured: Bool = false
    ) -> String {
        let style = Style(isColoured: isColoured)
        var lines = heading(report, style)
        lines += verdict(report, style)
        lines += payments(report, style)
        lines += emissions(report, style)
        lines += breaks(report, style)
        lines += whereToLook(report, places, style)
        return lines.map { $0 + "\n" }.joined()
    }

    private static func heading(_ report: RunReport, _ style: Style) -> [String] {
        let name = Finding.printable(report.pipeline)
        var lines = [
            style.bold(name) + " as of \(TimeText.text(report.asOf))",
            style.dim("run \(Finding.printable(report.run))"),
        ]
        if report.isDryRun { lines.append(style.bold("Dry run: nothing was published.")) }
        return lines
    }

    private static func verdict(_ report: RunReport, _ style: Style) -> [String] {
        let words = VerdictText(report)
        let answer = style.bold(style.colour(words.answer, report.verdict.severity))
        let sentences = [words.reason, words.nextStep].flatMap { wrapped(ascii($0), to: width - 2) }
        return ["", answer] + sentences.map { "  " + $0 }
    }

    private static func payments(_ report: RunReport, _ style: Style) -> [String] {
        var table = TextTable(header: ["Payments", "", "count", "value"])
        for outcome in PaymentOutcome.allCases {
            let figure = report.payments(outcome)
            if figure.count > 0 { table.add(outcome.title, "", figure) }
        }
        table.add("All", "", report.payments(nil))
        var lines = [""] + table.lines(style)
        if report.hasDuePayments() {
            let count = DisplayText.percent(report.countRate, minus: .hyphen)
            let value = DisplayText.percent(report.valueRate(report.currency), minus: .hyphen)
            let ofValue =
                report.hasDuePayments(in: report.currency)
                ? ", \(value) of the \(report.currency.reportCode) value" : ""
            lines.append("  Matched automatically: \(count) of the payments\(ofValue)")
        }
        return lines
    }

    private static func emissions(_ report: RunReport, _ style: Style) -> [String] {
        let heading = report.isDryRun ? "Would be emitted" : "Emitted"
        let figures = report.emissionFigures.filter { $0.figure.count > 0 }
        guard !figures.isEmpty else { return ["", style.bold(heading), "  nothing"] }
        var table = TextTable(header: [heading, "", "count", "value"])
        for (name, figure) in figures { table.add(DisplayText.heading(name), "", figure) }
        return [""] + table.lines(style)
    }

    private static func breaks(_ report: RunReport, _ style: Style) -> [String] {
        let figures = report.breakFigures
        guard !figures.isEmpty else {
            return ["", style.bold("Breaks"), "  none"] + change(report)
        }
        var table = TextTable(header: ["Breaks", "severity", "count", "at risk"])
        for figure in figures {
            let severity = figure.code.severity
            table.add(
                figure.code.word, severity.word,
                CountedValue(count: figure.count, value: figure.atRisk), severity)
        }
        return [""] + table.lines(style) + change(report)
    }

    /// What is new since the run before; nothing where there was none, or nothing was open.
    private static func change(_ report: RunReport) -> [String] {
        guard let items = report.openItems, items.opening + items.reopened + items.cleared > 0
        else { return [] }
        let steps = [
            (items.opening, "open before"), (items.new, "new"), (items.reopened, "reopened"),
            (items.cleared, "cleared"), (items.closing, "open now"),
        ]
        let text = steps.map { "\(DisplayText.count($0, minus: .hyphen)) \($1)" }
        return wrapped(text.joined(separator: ", "), to: width - 2).map { "  " + $0 }
    }

    private static func whereToLook(
        _ report: RunReport, _ places: [Place], _ style: Style
    ) -> [String] {
        var lines: [String] = []
        let rejected = report.rejectedRows
        if rejected > 0 {
            lines += ["", DisplayText.count(rejected, "row") + " rejected, see rejects.csv"]
        }
        let idle = report.overrides.count { !$0.effect.isInForce }
        if idle > 0 {
            let does = idle == 1 ? "closes" : "close"
            lines += [
                "", DisplayText.count(idle, "override") + " \(does) nothing, see report.html",
            ]
        }
        guard !places.isEmpty else { return lines }
        let labels = places.map { Finding.printable($0.label) }
        let longest = labels.map(\.count).max() ?? 0
        lines += ["", style.bold("Where to look")]
        for (label, place) in zip(labels, places) {
            let gap = String(repeating: " ", count: longest - label.count + 2)
            lines.append("  " + label + gap + Finding.printable(place.path))
        }
        return lines
    }

    /// The sentence with characters that every terminal has.
    private static func ascii(_ text: String) -> String {
        String(
            text.map { character in
                switch character {
                case "\u{201C}", "\u{201D}": "\""
                case "\u{A0}": " "
                case "\u{2212}": "-"
                default: character
                }
            })
    }

    private static func wrapped(_ text: String, to width: Int) -> [String] {
        var lines = [""]
        for word in text.split(separator: " ") {
            let line = lines[lines.count - 1]
            if line.isEmpty {
                lines[lines.count - 1] = String(word)
            } else if line.count + 1 + word.count <= width {
                lines[lines.count - 1] += " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}

/// Rows of a name, a note, a count and amounts: the numbers at the right.
private struct TextTable {
    private struct Row {
        var cells: [String]
        var severity: BreakSeverity?
    }

    private let header: [String]
    private var rows: [Row] = []

    init(header: [String]) { self.header = header }

    /// Adds a row; each currency beyond the first takes a line of its own.
    mutating func add(
        _ name: String, _ note: String, _ figure: CountedValue, _ severity: BreakSeverity? = nil
    ) {
        let amounts = figure.value.entries.map {
            DisplayText.amount($0.sum, $0.currency, minus: .hyphen)
        }
        let count = DisplayText.count(figure.count, minus: .hyphen)
        rows.append(
            Row(
                cells: [Finding.printable(name), note, count, amounts.first ?? ""],
                severity: severity))
        for amount in amounts.dropFirst() { rows.append(Row(cells: ["", "", "", amount])) }
    }

    func lines(_ style: Style) -> [String] {
        var widths = header.map(\.count)
        for row in rows {
            for (place, cell) in row.cells.enumerated() {
                widths[place] = max(widths[place], cell.count)
            }
        }
        // Wide enough that the tables of one summary stand below each other.
        widths[1] = max(widths[1], 8)
        widths[2] = max(widths[2], 11)
        widths[3] = max(widths[3], 22)
        widths[0] = max(widths[0], TerminalSummary.width - 8 - widths[1] - widths[2] - widths[3])
        return [style.bold(line(header, widths, indent: ""))]
            + rows.map { row in
                var cells = row.cells
                cells[1] = pad(cells[1], widths[1])
                if let severity = row.severity { cells[1] = style.colour(cells[1], severity) }
                return line(cells, widths, indent: "  ", isNotePadded: true)
            }
    }

    private func line(
        _ cells: [String], _ widths: [Int], indent: String, isNotePadded: Bool = false
    ) -> String {
        let name = pad(indent + cells[0], widths[0] + 2)
        let note = isNotePadded ? cells[1] : pad(cells[1], widths[1])
        let count = String(repeating: " ", count: widths[2] - cells[2].count) + cells[2]
        let value = String(repeating: " ", count: widths[3] - cells[3].count) + cells[3]
        let text = name + "  " + note + "  " + count + "  " + value
        return String(text.reversed().drop { $0 == " " }.reversed())
    }

    private func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}

/// Emphasis, where the terminal has it.
private struct Style {
    let isColoured: Bool

    func bold(_ text: String) -> String { wrap(text, "1") }

    func dim(_ text: String) -> String { wrap(text, "2") }

    func colour(_ text: String, _ severity: BreakSeverity) -> String {
        switch severity {
        case .info: wrap(text, "32")
        case .review: wrap(text, "33")
        case .critical: wrap(text, "31")
        }
    }

    private func wrap(_ text: String, _ code: String) -> String {
        isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}

extension RunReport.Verdict {
    /// The worst severity that leads to the verdict.
    var severity: BreakSeverity {
        switch self {
        case .clean: .info
        case .review: .review
        case .critical: .critical
        }
    }
}

extension PaymentOutcome {
    /// The outcome in a few words.
    var title: String {
        switch self {
        case .break: "With an open break"
        case .backfilled: "Booked by this run"
        case .updated: "Status corrected"
        case .expected: "Expected, not yet due"
        case .reconciled: "Reconciled"
        case .closed: "Closed, nothing owed"
        }
    }
}
