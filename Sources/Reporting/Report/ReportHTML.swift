import Emission
import Money
import Reconciliation
import Records
import Time

/// `report.html`: a run for the people who close the night.
///
/// One page without scripts that loads nothing from elsewhere; its pictures stand in it. It is HTML
/// that is well-formed XML too, and says the same for the same run, whenever and wherever it is made.
public struct ReportHTML: Sendable {
    private let page: ReportPage

    /// Prepares the page; without `openItems`, those of the report, else every open break is new.
    public init(_ report: RunReport, openItems: OpenItems? = nil) {
        page = ReportPage(
            report, openItems ?? report.openItems ?? OpenItems(new: report.openBreaks))
    }

    /// The whole page, with a line feed at its end.
    public var bytes: [UInt8] { Array(text.utf8) }

    private var text: String {
        HTMLPage.html(
            title: page.title, isPersonal: false, sheet: PageStyle.links + "\n" + ReportStyle.sheet,
            body: """
                \(page.header)<main>
                \(page.verdict)\(page.contents)\(page.money)\(page.changes)\(page.breaks)\
                \(page.largest)\(page.overrides)\(page.payouts)\(page.emissions)\(page.inputs)\
                \(page.rejects)\(page.ledger)</main>
                \(page.footer)
                """)
    }
}

/// The page's sections, each of them markup with a line feed at its end.
struct ReportPage: Sendable {
    let report: RunReport
    let openItems: OpenItems

    init(_ report: RunReport, _ openItems: OpenItems) {
        self.report = report
        self.openItems = openItems
    }

    var title: String {
        let dry = report.isDryRun ? " (dry run)" : ""
        return "\(HTMLText.escaped(report.pipeline)) \(date)\(dry)"
    }

    var header: String {
        let dry =
            report.isDryRun
            ? """
            <p class="dry"><strong>Dry run.</strong> Nothing was published, and nothing may be \
            loaded from it.</p>

            """ : ""
        return """
            <header>
            \(dry)<h1>\(HTMLText.isolated(report.pipeline))</h1>
            <p class="soft">Reconciliation as of \
            <time datetime="\(TimeText.text(report.asOf))">\(date), \(timeOfDay) UTC</time></p>
            </header>

            """
    }

    var verdict: String {
        let words = VerdictText(report)
        return """
            <section class="verdict \(report.verdict.word)" aria-labelledby="verdict">
            <h2 id="verdict">Is it safe to close the night?</h2>
            <p class="answer">\(HTMLText.escaped(words.answer))</p>
            <p>\(HTMLText.escaped(words.reason))</p>
            <p><strong>Next:</strong> \(HTMLText.escaped(words.nextStep))</p>
            </section>

            """
    }

    /// The way to each section, for who does not read from the top.
    var contents: String {
        var places = [
            ("money", "Money"), ("changes", "Changes"), ("breaks", "Breaks"),
            ("largest", "Largest breaks"),
        ]
        if !report.overrides.isEmpty { places.append(("overrides", "Overrides")) }
        places += [
            ("payouts", "Payouts"), ("emissions", "Emissions"), ("inputs", "Inputs"),
            ("rejects", "Rejects"), ("ledger", "Ledger"),
        ]
        let links = places.map { "<li><a href=\"#\($0)\">\($1)</a></li>\n" }
        return """
            <nav aria-label="Sections">
            <ul>
            \(links.joined())</ul>
            </nav>

            """
    }

    var footer: String {
        let previous =
            report.previousRun.isEmpty
            ? "none, this is the first" : HTMLText.isolated(report.previousRun)
        return """
            <footer>
            <dl>
            <dt>Run</dt><dd class="mono">\(HTMLText.isolated(report.run))</dd>
            <dt>Run before</dt><dd class="mono">\(previous)</dd>
            <dt>Currency</dt><dd>\(report.currency.reportCode)</dd>
            <dt>Users</dt><dd>\(DisplayText.count(report.users))</dd>
            </dl>
            </footer>

            """
    }

    private var date: String {
        guard report.asOf.isPresent else { return "" }
        let day =
            report.asOf.seconds >= 0
            ? report.asOf.seconds / 86_400 : (report.asOf.seconds - 86_399) / 86_400
        let parts = CivilDate(days: Int32(day)).parts
        let months = [
            "January", "February", "March", "April", "May", "June", "July", "August", "September",
            "October", "November", "December",
        ]
        return "\(parts.day) \(months[parts.month - 1]) \(parts.year)"
    }

    /// Hours and minutes, out of `2026-11-20T02:00:00Z`.
    private var timeOfDay: String {
        String(TimeText.text(report.asOf).dropFirst(11).prefix(5))
    }

    // MARK: Parts

    func section(_ id: String, _ heading: String, _ content: String) -> String {
        """
        <section aria-labelledby="\(id)">
        <h2 id="\(id)">\(HTMLText.escaped(heading))</h2>
        \(content)</section>

        """
    }

    func paragraph(_ text: String) -> String { "<p>\(HTMLText.escaped(text))</p>\n" }

    func amount(_ minorUnits: Int128, _ currency: Currency) -> String {
        let text = DisplayText.amount(minorUnits, currency)
        return minorUnits < 0 ? "<span class=\"negative\">\(text)</span>" : text
    }

    /// An amount a line; a dash where there is none.
    func amounts(_ sums: CurrencySums) -> String {
        let lines = sums.entries.map { amount($0.sum, $0.currency) }
        guard lines.count != 1 else { return lines[0] }
        return lines.isEmpty ? "\u{2013}" : lines.map { "<div>\($0)</div>" }.joined()
    }

    func badge(_ severity: BreakSeverity) -> String {
        "<span class=\"badge \(severity.word)\">\(severity.word)</span>"
    }
}
