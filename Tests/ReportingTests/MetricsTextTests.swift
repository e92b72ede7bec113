import Foundation
import Reconciliation
import Records
import Reporting
import Testing

/// `metrics.prom` is what a Prometheus reads, and tells the report's figures.
@Suite struct MetricsTextTests {
    /// A sample: the metric, its labels as they stand between the braces, and the value.
    struct Sample: Equatable {
        var name: String
        var labels: String
        var value: String
    }

    static let cost = RunCost(
        stages: [("ingest", 1500), ("report", 7)], total: 61_024, peakMemory: 1 << 27,
        measuredAt: 1_795_140_061)

    private func lines(_ report: RunReport) -> [String] {
        let text = String(decoding: MetricsText(report, cost: Self.cost).bytes, as: UTF8.self)
        #expect(text.hasSuffix("\n"))
        return text.dropLast().split(separator: "\n", omittingEmptySubsequences: false)
            .map(String.init)
    }

    private func samples(_ report: RunReport) throws -> [Sample] {
        try lines(report).filter { !$0.hasPrefix("#") }.map { line in
            let match = try #require(
                line.wholeMatch(
                    of:
                        /([a-z_]+)\{((?:[a-z]+="(?:[^"\\\n]|\\["\\n])*"(?:,(?!\})|(?=\})))+)\} (-?\d+(?:\.\d+)?)/
                ),
                "\(line)")
            return Sample(
                name: String(match.1), labels: String(match.2), value: String(match.3))
        }
    }

    private func value(_ samples: [Sample], _ name: String, _ labels: String) -> String? {
        let labels = labels.isEmpty ? "" : "," + labels
        return samples.first { $0.name == name && $0.labels == "pipeline=\"tours\"" + labels }?
            .value
    }

    @Test(arguments: [TestReports.empty, TestReports.busy, TestReports.carried])
    func everyMetricHasHelpAndTypeOnceAndItsSamplesBehindThem(
        _ make: @Sendable () throws -> RunReport
    ) throws {
        let report = try make()
        var current = ""
        var known: Set<String> = []
        var count = 0
        for line in lines(report) {
            if line.hasPrefix("# HELP ") {
                if !current.isEmpty { #expect(count > 0, "\(current) has no sample") }
                current = String(line.dropFirst(7).prefix { $0 != " " })
                #expect(current.hasPrefix("trueup_"))
                #expect(known.insert(current).inserted, "\(current) comes twice")
                #expect(line.utf8.count > "# HELP ".utf8.count + current.utf8.count + 1)
                count = 0
            } else if line.hasPrefix("# TYPE ") {
                #expect(line == "# TYPE \(current) gauge")
                #expect(count == 0)
            } else {
                #expect(line.hasPrefix(current + "{"), "\(line)")
                count += 1
            }
        }
        let samples = try samples(report)
        #expect(samples.allSatisfy { $0.labels.hasPrefix("pipeline=\"tours\"") })
        #expect(Set(samples.map { $0.name + $0.labels }).count == samples.count)
    }

    @Test func theFiguresAreTheReports() throws {
        let samples = try samples(TestReports.carried())
        let expected = [
            ("trueup_run_info", "run=\"20261120T020000Z-0a1b2c\",verdict=\"critical\"", "1"),
            ("trueup_as_of_timestamp_seconds", "", "1795140000"),
            ("trueup_users", "", "9041"),
            ("trueup_payments", "outcome=\"reconciled\"", "18533"),
            ("trueup_payments_value", "outcome=\"reconciled\",currency=\"GHS\"", "7714203.90"),
            ("trueup_payments_value", "outcome=\"reconciled\",currency=\"JPY\"", "4651200"),
            ("trueup_payments_value", "outcome=\"reconciled\",currency=\"KWD\"", "1234.567"),
            ("trueup_breaks", "code=\"missing_settlement\",severity=\"critical\"", "13"),
            ("trueup_breaks", "code=\"chargeback\",severity=\"critical\"", "0"),
            ("trueup_at_risk", "severity=\"critical\",currency=\"GHS\"", "10310.50"),
            ("trueup_at_risk", "severity=\"critical\",currency=\"JPY\"", "15000"),
            ("trueup_at_risk", "severity=\"info\",currency=\"GHS\"", "0.03"),
            ("trueup_open_items", "step=\"opening\"", "45"),
            ("trueup_open_items", "step=\"closing\"", "42"),
            ("trueup_emissions", "output=\"transactions\"", "74"),
            ("trueup_emissions_value", "output=\"transactions\",currency=\"GHS\"", "-1200.00"),
            ("trueup_payouts", "status=\"short\"", "1"),
            ("trueup_stage_duration_seconds", "stage=\"ingest\"", "1.500"),
            ("trueup_stage_duration_seconds", "stage=\"report\"", "0.007"),
            ("trueup_duration_seconds", "", "61.024"),
            ("trueup_peak_memory_bytes", "", "134217728"),
            ("trueup_completed_timestamp_seconds", "", "1795140061"),
        ]
        for (name, labels, figure) in expected {
            #expect(value(samples, name, labels) == figure, "\(name){\(labels)}")
        }
        let codes = samples.filter { $0.name == "trueup_breaks" }
        #expect(codes.count == BreakCode.allCases.count)
    }

    @Test func rowsOfTheDumpsAreCountedByKind() throws {
        let report = try TestReports.busy()
        let samples = try samples(report)
        for kind in Set(report.inputs.map(\.kind)) {
            let inputs = report.inputs.filter { $0.kind == kind }
            let results = [
                ("record", inputs.reduce(0) { $0 + $1.records }),
                ("repeated", inputs.reduce(0) { $0 + $1.repeated }),
                ("rejected", inputs.reduce(0) { $0 + $1.rejected }),
            ]
            for (result, count) in results {
                let labels = "kind=\"\(kind.rawValue)\",result=\"\(result)\""
                #expect(value(samples, "trueup_input_rows", labels) == String(count), "\(labels)")
            }
        }
        let rejects = report.inputs.reduce(0) { $0 + $1.rejected }
        #expect(rejects > 0)
        #expect(value(samples, "trueup_rejects", "") == String(rejects))
    }

    @Test func labelsAreEscaped() throws {
        var report = try TestReports.empty()
        report.pipeline = "a\\b\"c\nd"
        let samples = try samples(report)
        #expect(samples.first?.labels.hasPrefix(#"pipeline="a\\b\"c\nd","#) == true)
    }
}
