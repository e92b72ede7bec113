import Diagnostics

extension RunDifference {
    /// How many breaks of a kind are listed on a terminal; `--json` has more.
    private static let listed = 10

    /// The difference for a terminal, with a line feed at its end.
    ///
    /// Colour is ANSI's and never the only bearer of a meaning.
    public func text(isColoured: Bool = false) -> String {
        let style = Style(isColoured: isColoured)
        var lines = [
            style.bold("From \(before.run) to \(after.run)"),
            "as of \(before.asOf) and \(after.asOf)",
        ]
        if !between.isEmpty {
            lines.append(DisplayText.count(between.count, "run") + " in between")
        }
        lines += inputLines(style) + settingLines(style)
        lines += breakLines(style) + paymentLines(style) + causeLines(style)
        lines += figureLines("Emitted", emissions, style)
        lines += figureLines("Totals", totals, style)
        return lines.map { $0 + "\n" }.joined()
    }

    private func inputLines(_ style: Style) -> [String] {
        let changes = inputs
        guard !changes.isEmpty else { return ["", style.bold("Dumps"), "  the same"] }
        var table = TextTable(header: ["Dumps", "", "rows before", "rows now"])
        for change in changes {
            table.add(cells: [
                Finding.printable(change.file), Finding.printable(change.kind),
                change.before.map { DisplayText.count(Int($0.rows)) } ?? "none",
                change.after.map { DisplayText.count(Int($0.rows)) } ?? "none",
            ])
        }
        return [""] + table.lines(style)
    }

    /// What else went into the runs, as far as it differs.
    private func settingLines(_ style: Style) -> [String] {
        var lines: [String] = []
        if before.definition != after.definition {
            lines.append(
                "definition.yaml  \(before.definition.prefix(12)) -> "
                    + "\(after.definition.prefix(12))")
        }
        if before.presets != after.presets {
            func sums(_ side: Side) -> [String: String] {
                let pairs = side.presets.map { ($0.name, String($0.sha256.prefix(12))) }
                return Dictionary(pairs, uniquingKeysWith: { $1 })
            }
            lines += changes("preset", sums(before), sums(after))
        }
        if before.program != after.program {
            lines.append("program  \(before.program) -> \(after.program)")
        }
        lines += changes("library", before.dependencies, after.dependencies)
        if before.restriction != after.restriction {
            func words(_ side: Side) -> String {
                side.restriction.isEmpty ? "nothing" : side.restriction.joined(separator: " ")
            }
            lines.append("emissions restricted by  \(words(before)) -> \(words(after))")
        }
        guard !lines.isEmpty else { return [] }
        return ["", style.bold("Settings")] + lines.map { "  " + Finding.printable($0) }
    }

    /// A line for each name that stands for something else, or for nothing, in one of the two.
    private func changes(
        _ word: String, _ before: [String: String], _ after: [String: String]
    ) -> [String] {
        Set(before.keys).union(after.keys).sorted().filter { before[$0] != after[$0] }.map {
            "\(word) \($0)  \(before[$0] ?? "none") -> \(after[$0] ?? "none")"
        }
    }

    private func breakLines(_ style: Style) -> [String] {
        let groups = [("opened", opened), ("cleared", cleared), ("changed", changed)]
        guard groups.contains(where: { $0.1.count > 0 }) else {
            return ["", style.bold("Breaks"), "  none opened, cleared or changed"]
        }
        var lines: [String] = []
        for (word, group) in groups where group.count > 0 {
            var table = TextTable(header: ["Breaks \(word)", "", "", "at risk"])
            for change in group.first.prefix(RunDifference.listed) {
                RunDifference.add(change, to: &table)
                table.add(line: "    because of " + reason(change))
            }
            lines += [""] + table.lines(style)
            let more = group.count - min(group.first.count, RunDifference.listed)
            if more > 0 {
                lines.append("  and \(DisplayText.count(more)) more")
                let codes = group.codes.sorted { $0.key < $1.key }.map {
                    "\(DisplayText.count($0.value)) \($0.key)"
                }
                lines += DisplayText.wrapped(
                    "all: " + codes.joined(separator: ", "), to: TerminalSummary.width - 2
                ).map { "  " + $0 }
            }
        }
        return lines
    }

    private static func add(_ change: BreakChange, to table: inout TextTable) {
        func text(_ column: String) -> String { Finding.printable(change.row[column] ?? "") }
        let of = ["payment_id", "settlement_id", "booking_id", "payout"].map(text)
            .filter { !$0.isEmpty }
        table.add(line: "  \(text("break_id")) \(text("code")), \(text("severity"))")
        table.add(cells: [
            "  " + of.joined(separator: " "), "", "",
            (change.atRiskBefore.map { Finding.printable($0) + " -> " } ?? "")
                + "\(text("at_risk")) \(text("currency"))",
        ])
    }

    private func reason(_ change: BreakChange) -> String {
        var text = words(change.cause)
        if let clearedBy = change.clearedBy { text += ": \(Finding.printable(clearedBy))" }
        if !change.columns.isEmpty {
            text += " (\(change.columns.joined(separator: ", ")))"
        }
        return text
    }

    private func paymentLines(_ style: Style) -> [String] {
        guard !payments.isEmpty else {
            return ["", style.bold("Payments"), "  none has another status or outcome"]
        }
        var table = TextTable(header: ["Payments", "", "count", ""])
        for group in payments {
            let name = "\(group.before ?? "not there") -> \(group.after ?? "not there")"
            table.add(cells: [
                Finding.printable(name), "", DisplayText.count(group.count), "",
            ])
            let ids = group.first.prefix(5).joined(separator: " ")
            let more = group.count > min(group.first.count, 5) ? " ..." : ""
            for line in DisplayText.wrapped(
                Finding.printable(ids) + more, to: TerminalSummary.width - 4)
            {
                table.add(line: "    " + line)
            }
        }
        return [""] + table.lines(style)
    }

    private func causeLines(_ style: Style) -> [String] {
        var table = TextTable(header: ["Because of", "", "breaks", "payments"])
        var isEmpty = true
        for cause in Cause.allCases {
            let counts = counts(of: cause)
            let breaks = counts.opened + counts.cleared + counts.changed
            guard breaks + counts.payments > 0 else { continue }
            isEmpty = false
            let lines = DisplayText.wrapped(words(cause), to: 29)
            for (place, line) in lines.enumerated() {
                let isFirst = place == 0
                table.add(cells: [
                    Finding.printable(line), "", isFirst ? DisplayText.count(breaks) : "",
                    isFirst ? DisplayText.count(counts.payments) : "",
                ])
            }
        }
        return isEmpty ? [] : [""] + table.lines(style)
    }

    private func figureLines(_ title: String, _ figures: [Figure], _ style: Style) -> [String] {
        guard !figures.isEmpty else {
            return ["", style.bold(title), title == "Emitted" ? "  nothing" : "  the same"]
        }
        var table = TextTable(header: [title, "", "before", "now"])
        for figure in figures {
            table.add(cells: [
                Finding.printable(figure.name), "", Finding.printable(figure.before),
                Finding.printable(figure.after),
            ])
        }
        return [""] + table.lines(style)
    }
}
