import Diagnostics
import Emission
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
        lines += waiting(report, style)
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
        let sentences = [words.reason, words.nextStep].flatMap {
            DisplayText.wrapped(ascii($0), to: width - 2)
        }
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
        return amounts(figures, heading, style) ?? ["", style.bold(heading), "  nothing"]
    }

    /// What earlier runs emitted and is still to be loaded; nothing where there is none.
    private static func waiting(_ report: RunReport, _ style: Style) -> [String] {
        amounts(report.waitingFigures, "Waiting to be loaded", style) ?? []
    }

    private static func amounts(
        _ figures: [(name: String, figure: CountedValue)], _ heading: String, _ style: Style
    ) -> [String]? {
        guard !figures.isEmpty else { return nil }
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
        return DisplayText.wrapped(text.joined(separator: ", "), to: width - 2).map { "  " + $0 }
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
