import Money
import Reconciliation
import Records

/// The verdict in words, the same on paper and on the terminal.
struct VerdictText {
    /// The answer to whether the night can be closed.
    let answer: String
    /// One plain sentence of why.
    let reason: String
    /// What to do next.
    let nextStep: String

    /// Puts a report's verdict into words.
    init(_ report: RunReport) {
        let figures = report.breakFigures
        let critical = figures.filter { $0.code.severity == .critical }
        switch report.verdict {
        case .clean:
            answer = "Yes, the night can be closed."
            reason =
                report.payments(nil).count == 0
                ? "There were no payments, and nothing is in doubt."
                : "No payment, settlement or booking needs a decision."
            nextStep = VerdictText.closing(report)
        case .review:
            answer = "Not yet, some items need a review."
            reason =
                VerdictText.doubt(report, figures)
                + (report.openBreaks == 1 ? "; it is not critical." : "; none of them is critical.")
            nextStep = VerdictText.first(figures.filter { $0.code.severity == .review }, report)
        case .critical:
            let count = critical.reduce(0) { $0 + $1.count }
            answer = "No, do not close the night."
            reason =
                VerdictText.doubt(report, figures)
                + (report.openBreaks == 1
                    ? "; it is critical."
                    : "; \(DisplayText.count(count)) of them \(count == 1 ? "is" : "are") critical.")
            nextStep = VerdictText.first(critical, report)
        }
    }

    private static func closing(_ report: RunReport) -> String {
        if report.isDryRun { return "Run again without the dry run to publish the result." }
        let isEmitted = report.emissions.contains { $0.count > 0 }
        let isWaiting = report.waiting.contains { $0.count > 0 }
        switch (isEmitted, isWaiting) {
        case (false, false): return "Close; there is nothing to load."
        case (true, false): return "Load what was emitted, then close."
        case (false, true):
            return "Load what earlier runs emitted and no dump shows yet, then close."
        case (true, true):
            return "Load what was emitted, and what earlier runs emitted and no dump shows yet, "
                + "then close."
        }
    }

    private static func doubt(_ report: RunReport, _ figures: [BreakFigure]) -> String {
        let open = figures.filter { $0.code.severity > .info }
        var sums = CurrencySums(own: report.currency)
        for figure in open {
            for (currency, sum) in figure.atRisk.entries { sums.add(sum, currency) }
        }
        let count = open.reduce(0) { $0 + $1.count }
        var breaks = "\(DisplayText.count(count, "break")) \(count == 1 ? "is" : "are") open"
        // On a first night all are new, which goes without saying.
        if let items = report.openItems, items.opening > 0, let fresh = items.fresh {
            breaks +=
                fresh == 0
                ? (count == 1 ? ", not a new one" : ", none of them new")
                : (count == 1 ? ", a new one" : ", \(DisplayText.count(fresh)) of them new")
        }
        let amounts = sums.entries.filter { $0.sum != 0 }.map {
            DisplayText.amount($0.sum, $0.currency)
        }
        guard !amounts.isEmpty else { return breaks }
        // One payment can have several breaks, so the sum is the most that can be lost.
        return "\(breaks), with at most \(amounts.formatted) at risk"
    }

    /// Begins with the code that has most money in doubt.
    private static func first(_ figures: [BreakFigure], _ report: RunReport) -> String {
        let most = figures.enumerated().min { left, right in
            let (leftSum, rightSum) = (
                left.element.atRisk[report.currency], right.element.atRisk[report.currency]
            )
            return (rightSum, right.element.count, left.offset)
                < (leftSum, left.element.count, right.offset)
        }
        guard let code = most?.element.code else { return closing(report) }
        return "Begin with \u{201C}\(code.title.lowercased())\u{201D}. \(code.explanation.action)"
    }
}

extension [String] {
    /// The texts as a sentence lists them: `a, b and c`.
    var formatted: String {
        guard let last, count > 1 else { return first ?? "" }
        return dropLast().joined(separator: ", ") + " and " + last
    }
}
