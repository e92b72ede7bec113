import Emission
import Money
import Reconciliation
import Records
import Time

/// What a run cost, by the clock and the machine: the one part of its outputs that is never the same.
public struct RunCost: Sendable {
    /// Milliseconds by stage, in the order of the stages.
    public var stages: [(name: String, milliseconds: Int64)]
    /// Milliseconds from the beginning of the run.
    public var total: Int64
    /// The peak of memory in bytes.
    public var peakMemory: Int64
    /// Seconds since 1970, when it was measured.
    public var measuredAt: Int64

    /// Gathers what was measured.
    public init(
        stages: [(name: String, milliseconds: Int64)], total: Int64, peakMemory: Int64,
        measuredAt: Int64
    ) {
        self.stages = stages
        self.total = total
        self.peakMemory = peakMemory
        self.measuredAt = measuredAt
    }
}

/// `metrics.prom`: a run for monitoring, in Prometheus' text format.
///
/// Each sample has the pipeline as a label, so that one machine may collect those of several.
/// Counts are gauges, for each run begins to count anew. Words that stand for a finite set (outcomes,
/// codes, results) are all there, those of which there is nothing with 0, so that no series ends when
/// what it counts is gone.
public struct MetricsText: Sendable {
    private let report: RunReport
    private let cost: RunCost

    /// Prepares the file.
    public init(_ report: RunReport, cost: RunCost) {
        self.report = report
        self.cost = cost
    }

    /// The whole file.
    public var bytes: [UInt8] {
        var out = MetricsWriter(pipeline: report.pipeline)
        writeRun(to: &out)
        writeInputs(to: &out)
        writePayments(to: &out)
        writeBreaks(to: &out)
        writeEmissions(to: &out)
        writeCost(to: &out)
        return Array(out.text.utf8)
    }

    private func writeRun(to out: inout MetricsWriter) {
        out.family("run_info", "The latest run: its id and its verdict; always 1.") { out in
            out.sample(1, ["run": report.run, "verdict": report.verdict.word])
        }
        out.family("as_of_timestamp_seconds", "The moment as of which the run judged.") {
            $0.sample(report.asOf.seconds)
        }
        out.family(
            "auto_match_ratio", "Payments that needed nobody, of all whose outcome was due."
        ) { $0.sample(decimal: report.countRate, digits: 4) }
        out.family("users", "Users that the run knows.") { $0.sample(Int64(report.users)) }
    }

    private func writeInputs(to out: inout MetricsWriter) {
        out.family("input_rows", "Rows of the dumps, by kind and by what became of them.") { out in
            for kind in report.inputKinds {
                let inputs = report.inputs.filter { $0.kind == kind }
                let results: [(String, (RunReport.Input) -> Int)] = [
                    ("record", { $0.records }), ("repeated", { $0.repeated }),
                    ("replaced", { $0.replaced }), ("left_out", { $0.leftOut }),
                    ("rejected", { $0.rejected }),
                ]
                for (result, count) in results {
                    out.sample(
                        Int64(inputs.reduce(0) { $0 + count($1) }),
                        ["kind": kind.rawValue, "result": result])
                }
            }
        }
        out.family("input_bytes", "The size of the dumps, by kind.") { out in
            for kind in report.inputKinds {
                let bytes = report.inputs.reduce(0) { $0 + ($1.kind == kind ? $1.bytes : 0) }
                out.sample(Int64(bytes), ["kind": kind.rawValue])
            }
        }
        out.family("rejects", "Rows that are no records.") {
            $0.sample(Int64(report.rejectedRows))
        }
    }

    private func writePayments(to out: inout MetricsWriter) {
        out.family("payments", "Payments, by outcome.") { out in
            for outcome in PaymentOutcome.allCases {
                out.sample(Int64(report.payments(outcome).count), ["outcome": outcome.word])
            }
        }
        out.family("payments_value", "The amounts of payments, by outcome.") { out in
            for outcome in PaymentOutcome.allCases {
                out.samples(
                    report.payments(outcome).value, own: report.currency,
                    ["outcome": outcome.word])
            }
        }
        out.family("payouts", "Gateways' payouts, by what the bank account says.") { out in
            for status in PayoutTieOut.Status.allCases {
                out.sample(Int64(report.payoutCount(status)), ["status": status.word])
            }
        }
    }

    private func writeBreaks(to out: inout MetricsWriter) {
        out.family("breaks", "Breaks, by code and severity.") { out in
            for code in BreakCode.allCases {
                let count = report.breaks.reduce(0) { $0 + ($1.code == code ? $1.count : 0) }
                out.sample(Int64(count), ["code": code.word, "severity": code.severity.word])
            }
        }
        out.family("at_risk", "The money in doubt, by currency and by the severity of its breaks.")
        {
            out in
            for severity in BreakSeverity.allCases {
                var sums = CurrencySums(own: report.currency)
                for total in report.breaks where total.code.severity == severity {
                    sums.add(Int128(total.atRisk), total.currency)
                }
                out.samples(sums, own: report.currency, ["severity": severity.word])
            }
        }
        let items = report.openItems ?? OpenItems(new: report.openBreaks)
        out.family("open_items", "From the open items of the run before to those of this one.") {
            out in
            let steps = [
                ("opening", items.opening), ("new", items.new), ("reopened", items.reopened),
                ("cleared", items.cleared), ("closing", items.closing),
            ]
            for (step, count) in steps { out.sample(Int64(count), ["step": step]) }
        }
    }

    private func writeEmissions(to out: inout MetricsWriter) {
        let figures = report.emissionFigures
        out.family(
            "waiting_emissions", "What earlier runs emitted and no dump shows yet, by output."
        ) { out in
            for (_, output) in RunReport.loadedOutputs {
                let count = report.waiting.reduce(0) { $0 + ($1.name == output ? $1.count : 0) }
                out.sample(Int64(count), ["output": output])
            }
        }
        out.family("emissions", "What the run emitted, by output.") { out in
            for (name, figure) in figures { out.sample(Int64(figure.count), ["output": name]) }
        }
        out.family("emissions_value", "The amounts of what the run emitted, by output.") { out in
            for (name, figure) in figures {
                out.samples(figure.value, own: report.currency, ["output": name])
            }
        }
    }

    private func writeCost(to out: inout MetricsWriter) {
        out.family("stage_duration_seconds", "How long each stage took.") { out in
            for (stage, milliseconds) in cost.stages {
                out.sample(decimal: milliseconds, digits: 3, ["stage": stage])
            }
        }
        out.family("duration_seconds", "How long the run took, up to its publishing.") {
            $0.sample(decimal: cost.total, digits: 3)
        }
        out.family("peak_memory_bytes", "The most memory that the run used.") {
            $0.sample(cost.peakMemory)
        }
        out.family("completed_timestamp_seconds", "When the run was about to be published.") {
            $0.sample(cost.measuredAt)
        }
    }
}

extension RunReport {
    /// The kinds of the inputs, in the order of the kinds.
    fileprivate var inputKinds: [RecordKind] {
        RecordKind.allCases.filter { kind in inputs.contains { $0.kind == kind } }
    }
}

/// Puts metrics into the text format.
private struct MetricsWriter {
    private(set) var text = ""
    private let pipeline: String
    private var name = ""

    init(pipeline: String) { self.pipeline = pipeline }

    /// A metric with all its samples; nothing where there are none.
    mutating func family(
        _ name: String, _ help: String, _ samples: (inout MetricsWriter) -> Void
    ) {
        self.name = "trueup_" + name
        let before = text
        let head = "# HELP \(self.name) \(help)\n# TYPE \(self.name) gauge\n"
        text += head
        samples(&self)
        if text.utf8.count == before.utf8.count + head.utf8.count { text = before }
    }

    mutating func sample(_ value: Int64, _ labels: KeyValuePairs<String, String> = [:]) {
        sample(decimal: value, digits: 0, labels)
    }

    mutating func sample(
        decimal value: Int64, digits: Int, _ labels: KeyValuePairs<String, String> = [:]
    ) {
        write(DisplayText.plain(Int128(value), digits: digits), labels.map { ($0.key, $0.value) })
    }

    /// Amounts in major units; the pipeline's own currency has a sample even where there is nothing.
    mutating func samples(
        _ sums: CurrencySums, own: Currency, _ labels: KeyValuePairs<String, String>
    ) {
        var sums = sums
        sums.add(0, own)
        for (currency, sum) in sums.entries {
            write(
                DisplayText.plain(sum, digits: currency.digits),
                labels.map { ($0.key, $0.value) } + [("currency", currency.reportCode)])
        }
    }

    private mutating func write(_ value: String, _ labels: [(String, String)]) {
        let all = ([("pipeline", pipeline)] + labels)
            .map { "\($0)=\"\(MetricsWriter.escaped($1))\"" }
        text += "\(name){\(all.joined(separator: ","))} \(value)\n"
    }

    /// A label's value, in which a backslash, a quote and a line feed need a backslash.
    private static func escaped(_ value: String) -> String {
        var result = String.UnicodeScalarView()
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\\": result.append(contentsOf: "\\\\".unicodeScalars)
            case "\"": result.append(contentsOf: "\\\"".unicodeScalars)
            case "\n": result.append(contentsOf: "\\n".unicodeScalars)
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}
