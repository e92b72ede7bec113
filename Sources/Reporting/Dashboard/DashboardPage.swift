import Money

extension UserDashboard {
    /// The summary as a page of its own, with a line feed at its end.
    ///
    /// It has no scripts and loads nothing from elsewhere. It is HTML that is well-formed XML too,
    /// and holds nothing of any other user.
    public var page: [UInt8] { Array(html.utf8) }

    private var html: String {
        HTMLPage.html(
            title: "\(HTMLText.escaped(name ?? user)), \(HTMLText.escaped(pipeline))",
            isPersonal: true, sheet: UserDashboard.sheet,
            body: """
                <header>
                <h1>\(HTMLText.isolated(name ?? user))</h1>
                <p class="soft">\(name == nil ? "" : "\(HTMLText.isolated(user)), ")\
                \(HTMLText.isolated(pipeline)) as of <time datetime="\(HTMLText.escaped(asOf))">\
                \(UserDashboard.moment(asOf))</time></p>
                </header>
                <main>
                \(overview)\(levelSection)\(payoutSection)\(activitySection)\(impactSection)\
                \(beforeSection)</main>
                <footer>
                <dl><dt>Run</dt><dd class="mono">\(HTMLText.isolated(run))</dd></dl>
                </footer>

                """)
    }

    /// What the sheet of every page does not have.
    static let sheet = """
        progress { width: 100%; max-width: 30rem; height: 0.75rem; accent-color: var(--good); }
        h1, .soft { overflow-wrap: anywhere; }
        @media print { progress { display: none; } }
        """

    private static func section(_ id: String, _ heading: String, _ content: String) -> String {
        """
        <section aria-labelledby="\(id)">
        <h2 id="\(id)">\(heading)</h2>
        \(content)</section>

        """
    }

    /// `2026-11-20T02:00:00Z` as `2026-11-20, 02:00 UTC`.
    static func moment(_ text: String) -> String {
        guard text.utf8.count >= 16 else { return HTMLText.escaped(text) }
        let date = text.prefix(10)
        let time = text.dropFirst(11).prefix(5)
        return HTMLText.escaped("\(date), \(time) UTC")
    }

    private static func lines(_ texts: [String]) -> String {
        let cells = texts.map(HTMLText.isolated)
        return cells.count == 1 ? cells[0] : cells.map { "<div>\($0)</div>" }.joined()
    }

    private var overview: String {
        let figures = rows(minus: .typographic).map { row in
            "<div><dt>\(HTMLText.escaped(row.name))</dt>"
                + "<dd>\(UserDashboard.lines(row.after))</dd></div>\n"
        }
        return UserDashboard.section(
            "now", "At a glance", "<dl class=\"figures\">\n\(figures.joined())</dl>\n")
    }

    private var levelSection: String {
        guard let sentence = levelSentence(minus: .typographic) else { return "" }
        var content = "<p id=\"way\">\(HTMLText.escaped(sentence))</p>\n"
        if let next = nextLevel {
            // A purse that was refunded more than it spent is at the beginning of the way.
            content += """
                <progress aria-labelledby="way" value="\(max(spent, 0))" \
                max="\(next.from)"></progress>

                """
        }
        let level = after.level.map { "Level: \(HTMLText.isolated($0))" } ?? "Level"
        return UserDashboard.section("level", level, content)
    }

    private var payoutSection: String {
        guard let payouts = after.payouts else { return "" }
        guard !payouts.schedule.isEmpty else {
            return UserDashboard.section(
                "payouts", "Payouts due", "<p>No payout is due.</p>\n")
        }
        var table = HTMLTable(
            id: "payout-table", caption: "What is to be paid out, by day",
            columns: [.text("Due"), .text("Status"), .number("Amount")])
        for payout in payouts.schedule {
            table.add([
                HTMLText.escaped(payout.dueDate ?? "no day yet"),
                HTMLText.escaped(payout.statusWords), payout.sum.markup,
            ])
        }
        table.addTotal([
            "All", "", UserDashboard.lines(payouts.total.map { $0.text(minus: .typographic) }),
        ])
        return UserDashboard.section("payouts", "Payouts due", table.html)
    }

    private var activitySection: String {
        guard !recent.isEmpty else {
            return UserDashboard.section(
                "recent", "Recent activity", "<p>There was none.</p>\n")
        }
        var table = HTMLTable(
            id: "recent-table", caption: "The newest first",
            columns: [.text("What"), .text("When"), .text("Status"), .number("Amount")])
        for activity in recent {
            let commission = activity.commission.map { amount in
                let sum = Sum(amount, activity.sum.currency)
                return "<p class=\"about\">of which \(sum.markup) commission</p>"
            }
            table.add([
                "\(HTMLText.escaped(DisplayText.heading(activity.type))) "
                    + "<span class=\"mono id\">\(HTMLText.isolated(activity.id))</span>",
                activity.moment.isEmpty
                    ? ""
                    : "<time datetime=\"\(HTMLText.escaped(activity.moment))\">"
                        + "\(UserDashboard.moment(activity.moment))</time>",
                HTMLText.escaped(activity.status),
                "<div>\(activity.sum.markup)\(commission ?? "")</div>",
            ])
        }
        return UserDashboard.section("recent", "Recent activity", table.html)
    }

    private var impactSection: String {
        guard let impact = after.impact else { return "" }
        let rows = impactRows(minus: .typographic, co2: "CO\u{2082}")
        let sentence: String
        switch impact.measuredShare {
        case nil: sentence = "There is no energy yet."
        case let share?:
            sentence =
                "\(DisplayText.percent(share)) of the energy was measured, the rest is estimated."
        }
        return UserDashboard.section(
            "impact", "Impact",
            "<p>\(HTMLText.escaped(sentence))</p>\n"
                + comparison("impact-table", "Before this run and now", rows))
    }

    private var beforeSection: String {
        UserDashboard.section(
            "before", "What has changed",
            comparison(
                "before-table", "The figures before what this run added, and now",
                rows(minus: .typographic)))
    }

    private func comparison(_ id: String, _ caption: String, _ rows: [Row]) -> String {
        var table = HTMLTable(
            id: id, caption: caption, columns: [.text("Figure"), .number("Before"), .number("Now")])
        for row in rows {
            table.add([
                HTMLText.escaped(row.name), UserDashboard.lines(row.before),
                UserDashboard.lines(row.after),
            ])
        }
        return table.html
    }
}

extension UserDashboard.Sum {
    /// The amount for a page.
    fileprivate var markup: String {
        let text = HTMLText.escaped(text(minus: .typographic))
        return amount < 0 ? "<span class=\"negative\">\(text)</span>" : text
    }
}
