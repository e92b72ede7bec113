import Diagnostics
import JSONText
import Money
import Reporting
import RunStore
import Time

/// The published runs of an output folder, a line each, oldest first.
public struct RunList: Sendable {
    /// What is told of a run.
    struct Entry: Sendable {
        let run: RunID
        let isLatest: Bool
        let hasArchive: Bool
        /// What its report says; nil where it cannot be read.
        let figures: Figures?
    }

    /// What a run's report says of it.
    struct Figures: Sendable {
        let pipeline: String
        let verdict: String
        let payments: Int
        let emissions: Int
        /// Those that somebody must look at.
        let openBreaks: Int
        let criticalBreaks: Int
        /// What is at risk in them, by currency, the pipeline's own first.
        let atRisk: [(currency: Currency, sum: Int128)]
    }

    let entries: [Entry]
    private let history: RunHistory
    /// Reports that could not be read, as warnings.
    public private(set) var warnings: [Finding] = []

    /// Reads the history of an output folder; nothing is changed.
    ///
    /// - Throws: `TrueupError.run` where there is no such folder, or it cannot be read.
    public init(path: String) throws(TrueupError) {
        history = try RunHistory(path: path)
        let latest = try history.latest()
        let archived = Set(try history.archivedRuns())
        var entries: [Entry] = []
        for run in try history.runs() {
            let report = "\(history.folder(of: run))/report.json"
            let bytes = try? RunHistory.bytes(of: report, limit: 256 << 20)
            let figures = bytes.flatMap { JSONTree($0) }.flatMap { Figures($0) }
            if figures == nil {
                warnings.append(
                    Finding(
                        "the run's report cannot be read", severity: .warning,
                        at: SourcePosition(file: report),
                        remedy: "see what `trueup verify` says of the run"))
            }
            entries.append(
                Entry(
                    run: run, isLatest: run == latest, hasArchive: archived.contains(run),
                    figures: figures))
        }
        self.entries = entries
    }

    /// A table for people.
    public var text: String {
        guard !entries.isEmpty else {
            return "\(Finding.printable(history.path)): no run yet\n"
        }
        var rows = [
            [
                "run", "as of", "verdict", "payments", "emitted", "open", "critical", "at risk",
                "archive",
            ]
        ]
        for entry in entries {
            rows.append(
                [entry.run.text, TimeText.text(entry.run.asOf)]
                    + (entry.figures?.cells ?? ["unreadable", "", "", "", "", ""])
                    + [
                        (entry.hasArchive ? "yes" : "no") + (entry.isLatest ? "  (latest)" : "")
                    ])
        }
        let widths = rows[0].indices.map { column in
            rows.map { $0[column].count }.max() ?? 0
        }
        return rows.map { cells in
            let padded = cells.enumerated().map { column, cell in
                let blanks = String(repeating: " ", count: widths[column] - cell.count)
                // Numbers stand at the right, words at the left.
                return (3...7).contains(column) ? blanks + cell : cell + blanks
            }
            let line = padded.joined(separator: "  ")
            return line.withoutTrailingBlanks + "\n"
        }.joined()
    }

    /// The same as a JSON array, for programs.
    public var json: String {
        var json = JSONWriter()
        json.array { json in
            for entry in entries { write(entry, to: &json) }
        }
        return json.harmlessText()
    }

    private func write(_ entry: Entry, to json: inout JSONWriter) {
        json.object { json in
            json.field("run", entry.run.text)
            json.field("as_of", TimeText.text(entry.run.asOf))
            json.field("latest", entry.isLatest)
            json.key("archive")
            if entry.hasArchive {
                json.string(history.archivePath(of: entry.run))
            } else {
                json.null()
            }
            guard let figures = entry.figures else { return json.field("verdict") { $0.null() } }
            json.field("verdict", figures.verdict)
            json.field("pipeline", figures.pipeline)
            json.field("payments", figures.payments)
            json.field("emissions", figures.emissions)
            json.field("open_breaks", figures.openBreaks)
            json.field("critical_breaks", figures.criticalBreaks)
            json.field("at_risk") { json in
                json.object { json in
                    for (currency, sum) in figures.atRisk {
                        json.field(currency.code, Amount.text(sum: sum, digits: currency.digits))
                    }
                }
            }
        }
    }
}

extension RunList.Figures {
    /// Reads a run's `report.json`; nil where it is none.
    init?(_ report: JSONTree) {
        guard let pipeline = report["pipeline"]?.text, let verdict = report["verdict"]?.text,
            let payments = report["totals"]?["payments"]?["count"]?.integer,
            let breaks = report["breaks"]?.members, let emissions = report["emissions"]?.members
        else { return nil }
        self.pipeline = pipeline
        self.verdict = verdict
        self.payments = payments
        self.emissions = emissions.reduce(0) { $0 + ($1.value["count"]?.integer ?? 0) }
        var counts = (open: 0, critical: 0)
        var order: [Currency] = report["currency"]?.text.flatMap { Currency($0) }.map { [$0] } ?? []
        var sums: [Currency: Int128] = [:]
        for (_, figure) in breaks {
            guard let severity = figure["severity"]?.text, severity != "info" else { continue }
            let count = figure["count"]?.integer ?? 0
            counts.open += count
            if severity == "critical" { counts.critical += count }
            for (code, amount) in figure["at_risk"]?.members ?? [] {
                guard let currency = Currency(code), let text = amount.text,
                    case .success(let minor) = Amount.parse(text, digits: currency.digits)
                else { continue }
                if !order.contains(currency) { order.append(currency) }
                sums[currency, default: 0] += Int128(minor)
            }
        }
        openBreaks = counts.open
        criticalBreaks = counts.critical
        atRisk = order.map { ($0, sums[$0] ?? 0) }
    }

    /// The cells of the table for people.
    fileprivate var cells: [String] {
        let sums = atRisk.map { currency, sum in
            "\(Amount.text(sum: sum, digits: currency.digits)) \(currency.code)"
        }
        return [
            Finding.printable(verdict), String(payments), String(emissions), String(openBreaks),
            String(criticalBreaks), sums.joined(separator: ", "),
        ]
    }
}
