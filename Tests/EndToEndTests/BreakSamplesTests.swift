import Foundation
import Reconciliation
import Records
import Testing

/// Every break code has small dumps that make it and nothing else; what they make is written down
/// beside them by hand.
@Suite struct BreakSamplesTests {
    @Test(arguments: BreakCode.allCases)
    func theSampleMakesExactlyItsBreak(_ code: BreakCode) throws {
        let workspace = try Workspace()
        let nights = try BreakSamples.nights(of: code)
        for (index, night) in nights.enumerated() {
            let expected = try CSVTable(path: night.folder + "/expected.csv")
            #expect(expected.header == BreakSamples.columns)
            let ending = try Launch(
                program: Project.trueup,
                arguments: [
                    "run", BreakSamples.definition, "--in", night.folder, "--out",
                    workspace.at("out"), "--as-of", night.asOf,
                ]
            ).run()
            #expect(ending.errors == "")
            let severities = Set(expected["code"].compactMap(BreakSamples.severity))
            #expect(ending.code == (severities.contains(.critical) ? 3 : 0), "\(ending.output)")
            let run = try PublishedRun(latestIn: workspace.at("out"), of: workspace)
            let breaks = try run.table("breaks.csv")
            #expect(breaks.reordered(BreakSamples.columns).rows == expected.rows)
            #expect(breaks["severity"] == expected["code"].map(BreakSamples.severityWord))
            if index == nights.count - 1 { #expect(expected["code"].contains(code.word)) }
        }
    }

    @Test func everyFolderIsACode() throws {
        let names = try Files.names(in: BreakSamples.root).filter { $0 != "README.md" }
        #expect(names == BreakCode.words.sorted())
    }

    /// The page that lists the samples names each once, with its severity, and the times that the
    /// runs here are given.
    @Test func thePageListsEverySample() throws {
        let page = try Files.text(BreakSamples.root + "/README.md")
        let lines = page.split(separator: "\n")
        for code in BreakCode.allCases {
            let rows = lines.filter { $0.hasPrefix("| [\(code.word)](\(code.word)) ") }
            #expect(rows.count == 1, "\(code.word)")
            #expect(rows.allSatisfy { $0.contains("| \(code.severity.word) ") }, "\(code.word)")
        }
        for asOf in BreakSamples.asOfs { #expect(page.contains("--as-of \(asOf)")) }
    }
}

/// Where the samples are, and how they are run.
enum BreakSamples {
    static let root = Project.root + "/samples/breaks"
    static let definition = Project.root + "/pipelines/breaks.yaml"
    /// What is written down of each break, in terms of `breaks.csv`.
    static let columns = [
        "code", "payment_id", "settlement_id", "booking_id", "payout", "at_risk",
    ]
    /// The logical times of the first and the second night.
    static let asOfs = ["2026-03-12T06:00:00Z", "2026-03-16T06:00:00Z"]

    /// The nights of a sample, most of which have one only.
    static func nights(of code: BreakCode) throws -> [(folder: String, asOf: String)] {
        let folder = root + "/" + code.word
        let nights = try Files.names(in: folder).filter { $0.hasPrefix("night-") }
        guard !nights.isEmpty else { return [(folder, asOfs[0])] }
        try #require(nights.count <= asOfs.count)
        return zip(nights, asOfs).map { (folder + "/" + $0, $1) }
    }

    static func severity(_ word: String) -> BreakSeverity? {
        BreakCode.allCases.first { $0.word == word }?.severity
    }

    static func severityWord(_ word: String) -> String {
        severity(word)?.word ?? "no severity: \(word) is no code"
    }
}
