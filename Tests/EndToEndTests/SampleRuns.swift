import Foundation
import Reconciliation
import Records
import Testing

/// A run over each of the samples, as its README tells.
enum SampleRuns {
    /// Dumps below `samples`, run with a definition as of a moment.
    typealias Sample = (definition: String, dumps: String, asOf: String)

    /// Nights that follow each other in one output folder.
    static func histories() throws -> [[Sample]] {
        let systems: [[Sample]] = [
            [("tours", "tours", Night.asOf)],
            [("auctions", "auctions", "2025-08-25T02:00:00Z")],
            [("charging", "charging", "2025-11-12T21:30:00Z")],
            [("services", "services", "2025-11-06T20:35:00Z")],
            [("2026-03-02", "2026-03-02T06:00:00Z"), ("2026-03-03", "2026-03-03T06:00:00Z")]
                .map { ("month-end", "month-end/" + $0, $1) },
            [
                ("2026-01", "2026-02-01T02:00:00Z"), ("2026-02", "2026-03-01T02:00:00Z"),
                ("2026-03", "2026-04-01T02:00:00Z"),
            ].map { ("migration", "migration/" + $0, $1) },
        ]
        return try systems
            + BreakCode.allCases.map { code in
                try BreakSamples.nights(of: code).map { night in
                    ("breaks", String(night.folder.dropFirst(samples.count)), night.asOf)
                }
            }
    }

    static let samples = Project.root + "/samples/"

    /// Every run, the ones of a history in their order.
    static func all() throws -> [PublishedRun] {
        let workspace = try Workspace()
        var runs: [PublishedRun] = []
        for (place, history) in try histories().enumerated() {
            let out = workspace.at("out-\(place)")
            for (definition, dumps, asOf) in history {
                let ending = try Launch(
                    program: Project.trueup,
                    arguments: [
                        "run", "\(Project.root)/pipelines/\(definition).yaml", "--in",
                        samples + dumps, "--out", out, "--as-of", asOf, "--fail-on", "never",
                        "--no-archive",
                    ]
                ).run()
                try #require(ending.code == 0, "\(dumps): \(ending.errors)")
                runs.append(try PublishedRun(latestIn: out, of: workspace))
            }
        }
        return try runs + [simulated().publish(["--fail-on", "never"])]
    }

    /// The payments that wait for a gateway, once there is a simulated one.
    static func simulated() throws -> Night {
        let night = try Night.stuck()
        let ending = try Launch(
            program: Project.trueup,
            arguments: ["simulate", night.definition, "--in", night.dumps, "--seed", "4"]
        ).run()
        try #require(ending.code == 0, "\(ending.errors)")
        return night
    }

    /// The folders below `samples` over which there are runs.
    static func folders() throws -> Set<String> {
        Set(try histories().joined().map { String($0.dumps.prefix { $0 != "/" }) } + ["stuck"])
    }
}
