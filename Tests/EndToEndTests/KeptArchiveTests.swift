import Foundation
import Testing

/// Archives that earlier versions made are read and replayed by every later one.
///
/// `Archives` holds two of each version. With `TRUEUP_RECORD=1` those of the present version are
/// made where they are missing; none is ever made anew.
@Suite struct KeptArchiveTests {
    private static let folder = Project.root + "/Tests/EndToEndTests/Archives"

    static var kept: [String] { (try? Files.names(in: folder)) ?? [] }

    @Test func thereIsOneOfThePresentVersion() throws {
        let version = try Launch(program: Project.trueup, arguments: ["--version"]).run().output
            .split(separator: "\n")[0].split(separator: " ")[1]
        for (name, make) in [("charging", Self.charging), ("month-end", Self.monthEnd)] {
            let path = "\(Self.folder)/\(version)-\(name).tar.zst"
            if ProcessInfo.processInfo.environment["TRUEUP_RECORD"] != nil, !Files.exists(path) {
                try Files.makeFolder(Self.folder)
                let run = try make()
                try withExtendedLifetime(run) { try Files.copy(run.archive, to: path) }
                Issue.record("recorded \(path)")
            }
            #expect(Files.exists(path), "record it with TRUEUP_RECORD=1")
        }
        #expect(Self.kept.count >= 2)
    }

    /// A later version may have more columns and more files, and must decide as it was decided.
    @Test(arguments: kept)
    func aKeptArchiveIsReplayed(name: String) throws {
        let archive = Self.folder + "/" + name
        let verified = try Archives.verify(archive)
        #expect(verified.code == 0, "\(verified.errors)")
        let workspace = try Workspace()
        let ending = try Archives.replay(archive, ["--to", workspace.at("both")]).run()
        #expect(ending.code == 0 || ending.code == 1, "\(ending.errors)")
        #expect(ending.output.contains("Made again from the archive alone"), "\(ending.errors)")
        let archived = workspace.at("both/unpacked/outputs")
        let remade = try PublishedRun(latestIn: workspace.at("both/out"), of: workspace)
        for file in ["payments.csv", "bookings.csv", "breaks.csv"] + PublishedRun.emissions {
            let before = try CSVTable(path: archived + "/" + file)
            let after = try remade.table(file)
            #expect(Set(before.header).isSubset(of: after.header), "\(file)")
            #expect(before.rows.count == after.rows.count, "\(file)")
            for column in before.header {
                #expect(
                    before.columns(column) == after.columns(column), "\(column) of \(file)")
            }
        }
    }

    private static func charging() throws -> PublishedRun {
        try Night.sample("charging").publish(["--fail-on", "never"], asOf: "2026-12-01T02:00:00Z")
    }

    /// The second of two nights, to which the first one handed on.
    private static func monthEnd() throws -> PublishedRun {
        let night = Night(try Workspace())
        try Files.copy(MonthEndTests.definition, to: night.definition)
        for day in ["2026-03-02", "2026-03-03"] {
            try Files.remove(night.dumps)
            try Files.copy("\(MonthEndTests.folder)/\(day)", to: night.dumps)
            try night.publish(["--fail-on", "never"], asOf: "\(day)T06:00:00Z")
        }
        return try night.latest()
    }
}
