import Foundation
import Testing

/// What a run leaves for programs is accepted by the programs that it is for.
///
/// The programs are installed with what the tests need; where one cannot be had, its test is skipped.
@Suite struct AcceptedFilesTests {
    /// The Python that has frictionless and jsonschema, where they were installed.
    static let validators: String? = {
        let ending = try? Launch(
            program: Project.root + "/Tests/Validators/install", arguments: ["--check"]
        ).run()
        guard let ending, ending.code == 0 else { return nil }
        return ending.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }()

    private func judge(_ runs: [PublishedRun]) throws -> Ending {
        try Launch(
            program: try #require(Self.validators),
            arguments: [Project.root + "/Tests/Validators/validate.py"] + runs.map(\.folder)
        ).run()
    }

    @Test func everySampleIsRun() throws {
        let folders = try Files.names(in: Project.root + "/samples").filter { $0 != "run" }
        #expect(try SampleRuns.folders() == Set(folders))
    }

    @Test(.enabled(if: validators != nil, "NOT TESTED: Tests/Validators/install failed"))
    func everySamplesTablesAndDocumentsAreAsDescribed() throws {
        let runs = try SampleRuns.all()
        #expect(runs.count > 40)
        let ending = try judge(runs)
        #expect(ending.code == 0, "\(ending.output.prefix(4000))\(ending.errors.suffix(2000))")
    }

    @Test(.enabled(if: validators != nil, "NOT TESTED: Tests/Validators/install failed"))
    func whatIsNotAsDescribedIsFoundOut() throws {
        for (file, old, new) in [
            ("payments.csv", #/,\d+\.\d\d,/#, ",many,"), ("report.json", #/"verdict"/#, "\"word\""),
            ("run.json", #/"rows": /#, "\"rows\": -1"),
            ("dashboards.jsonl", #/"points":/#, "\"x\":"),
        ] {
            let run = try Night.tours().publish()
            let text = try Files.text(run.folder + "/" + file)
            try Files.write(
                text.replacing(old, with: new, maxReplacements: 1), to: run.folder + "/" + file)
            let ending = try judge([run])
            #expect(ending.code == 1, "\(file)")
            #expect(ending.output.contains(file), "\(file): \(ending.output)")
        }
    }

    @Test func thePageListsEveryMetric() throws {
        let page = try Files.text(
            Project.root + "/Sources/Pipeline/Pipeline.docc/ProgramFiles.md")
        let run = try Night.tours().publish()
        let metrics = try Files.text(run.folder + "/metrics.prom")
        let told = metrics.matches(of: #/# TYPE (trueup_[a-z_]+)/#).map { $0.1 }
        #expect(told.count > 15)
        #expect(Set(page.matches(of: #/`(trueup_[a-z_]+)`/#).map { $0.1 }) == Set(told))
    }

    @Test(
        .enabled(
            if: isInstalled("promtool", "--version"),
            "NOT TESTED: Debian's package prometheus is not installed"))
    func prometheusAcceptsTheMetrics() throws {
        for (system, asOf) in [
            ("tours", Night.asOf), ("auctions", Night.asOf), ("charging", "2025-11-12T21:30:00Z"),
        ] {
            let run = try Night.sample(system).publish(["--fail-on", "never"], asOf: asOf)
            let ending = try Launch(
                program: "sh",
                arguments: [
                    "-c", "promtool check metrics < \"$1\"", "sh", run.folder + "/metrics.prom",
                ]
            ).run()
            #expect(ending.code == 0, "\(ending.output)\(ending.errors)")
            #expect(ending.output + ending.errors == "", "\(system)")
        }
    }
}
