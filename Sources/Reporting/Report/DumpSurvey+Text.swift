import Diagnostics
import Money
import Reconciliation
import Records
import Time

extension DumpSurvey {
    /// The survey for a terminal, with a line feed at its end; what would end a run is counted and
    /// not told, as errors are told elsewhere.
    ///
    /// Colour is ANSI's and never the only bearer of a meaning.
    public func text(isColoured: Bool = false) -> String {
        let style = Style(isColoured: isColoured)
        let name = style.bold(Finding.printable(pipeline))
        var lines = ["\(name): the dumps in \(Finding.printable(folder))"]
        for kind in kinds {
            lines += [""] + DumpSurvey.table(kind).lines(style) + DumpSurvey.rejects(kind)
        }
        lines += ["", style.bold(style.colour(verdict, obstacles.isEmpty ? .info : .critical))]
        return lines.map { $0 + "\n" }.joined()
    }

    private var verdict: String {
        guard !obstacles.isEmpty else { return "Yes, a run would accept these dumps." }
        let count = DisplayText.count(obstacles.count, "error")
        return "No, a run would refuse these dumps: \(count)."
    }

    private static func table(_ kind: Kind) -> TextTable {
        var table = TextTable(
            header: [DisplayText.heading(kind.kind.rawValue), "", "records", measure(kind.kind)])
        for file in kind.files {
            let preset = file.preset.map { ", by preset \($0)" } ?? ""
            table.add(line: "  " + Finding.printable(file.name) + preset)
            if let figures = file.figures {
                add(figures, of: kind.kind, to: &table)
            } else {
                table.add(line: file.isMissing ? "    no such file" : "    cannot be read")
            }
        }
        let read = kind.files.count { $0.figures != nil }
        if read > 1 {
            table.add(line: "  All " + DisplayText.count(read, "file"))
            add(kind.figures, of: kind.kind, to: &table)
        }
        return table
    }

    /// What the amounts of a kind are called; empty where it has none.
    private static func measure(_ kind: RecordKind) -> String {
        switch kind {
        case .payments, .bookings, .orders, .bank: "amount"
        case .settlements: "gross"
        case .sessions: "energy"
        case .catalogue, .users, .overrides: ""
        }
    }

    private static func add(_ figures: Figures, of kind: RecordKind, to table: inout TextTable) {
        for line in DisplayText.wrapped(rows(figures), to: TerminalSummary.width - 4) {
            table.add(line: "    " + line)
        }
        guard figures.rows > 0 else { return }
        for (group, figure) in zip(SurveyGroup.of(kind), figures.groups) where figure.count > 0 {
            let words = group.words.map(\.word).joined(separator: ", ")
            table.add("  " + words, "", figure)
        }
        let energy = DisplayText.grouped(figures.energy, digits: 6, minus: .hyphen) + " kWh"
        table.add("  all", "", figures.records, measured: kind == .sessions ? energy : nil)
    }

    /// How many rows there are, of which days, and what becomes of those that are no records.
    private static func rows(_ figures: Figures) -> String {
        guard figures.rows > 0 else { return "no rows" }
        var text = DisplayText.count(figures.rows, "row")
        if figures.from.isPresent {
            text += ", \(TimeText.text(figures.from))"
            if figures.to > figures.from { text += " to \(TimeText.text(figures.to))" }
        }
        let others = [
            (figures.leftOut, "left out"), (figures.repeated, "repeated"),
            (figures.rejected, "rejected"),
        ].filter { $0.0 > 0 }.map { "\(DisplayText.count($0, minus: .hyphen)) \($1)" }
        return others.isEmpty ? text : text + "; " + others.joined(separator: ", ")
    }

    private static func rejects(_ kind: Kind) -> [String] {
        guard !kind.firstRejects.isEmpty else { return [] }
        let all = kind.figures.rejected
        let told = kind.firstRejects.count
        let heading =
            told < all ? "Rejected, the first \(told) of \(DisplayText.count(all)):" : "Rejected:"
        return ["  " + heading]
            + kind.firstRejects.flatMap { reject in
                let column = reject.column.isEmpty ? "" : ", in column `\(reject.column)`"
                let text = "\(reject.file):\(reject.line): \(reject.reason)\(column)"
                let lines = DisplayText.wrapped(
                    Finding.printable(text), to: TerminalSummary.width - 6)
                return lines.enumerated().map { ($0 == 0 ? "    " : "      ") + $1 }
            }
    }
}
