import Foundation
import Testing

/// The page about old exports tells what really happens: its commands are run, and both ways end alike.
@Suite struct MigrationTests {
    static let page = Project.root + "/Sources/Pipeline/Pipeline.docc/Migration.md"
    let workspace: Workspace
    let endings: [(command: String, code: String)]

    /// Runs every command of the page, in its order, in one folder.
    init() throws {
        workspace = try Workspace()
        var commands: [String] = []
        for line in try Files.text(Self.page).split(separator: "\n") where line.hasPrefix("    ") {
            let text = line.trimmingCharacters(in: .whitespaces)
            if let last = commands.last, last.hasSuffix("\\") {
                commands[commands.count - 1] = last.dropLast() + text
            } else {
                commands.append(text)
            }
        }
        // There is no server here; a test of its own loads what runs emit.
        commands.removeAll { $0.hasPrefix("out=") || $0.hasPrefix("psql ") }
        var script = "out='\(workspace.path)'\ntrueup() { '\(Project.trueup)' \"$@\"; }\n"
        for command in commands { script += "\(command)\necho \"CODE $?\"\n" }
        let ending = try Launch(
            program: "bash", arguments: ["-c", script], folder: Project.root
        ).run()
        #expect(ending.errors == "")
        let codes = ending.output.split(separator: "\n").filter { $0.hasPrefix("CODE ") }
        try #require(codes.count == commands.count)
        endings = zip(commands, codes).map { ($0, String($1.dropFirst(5))) }
    }

    private func run(_ name: String) throws -> PublishedRun {
        try PublishedRun(latestIn: workspace.at(name), of: workspace)
    }

    /// Every run below a folder, in their order.
    private func runs(_ name: String) throws -> [PublishedRun] {
        let folder = workspace.at(name)
        return try Files.names(in: folder).filter { $0.first?.isNumber == true }
            .map { PublishedRun($0, in: folder, of: workspace) }
    }

    @Test func everyCommandWorks() throws {
        #expect(endings.count == 8)
        for (command, code) in endings {
            // Runs end with open breaks.
            #expect(code == (command.hasPrefix("trueup run") ? "3" : "0"), "\(command)")
        }
        #expect(!Files.exists(workspace.at("look")))
    }

    @Test func monthsAndOneRunEndAlike() throws {
        let once = try run("at-once")
        let months = try runs("months")
        #expect(months.count == 3)
        let last = try #require(months.last)
        for run in [once, last] {
            #expect(
                try run.table("breaks.csv").columns("code", "payment_id") == [
                    ["missing_settlement", "M-104"], ["unpaid_booking", "M-201"],
                    ["chargeback", "M-201"],
                ])
        }
        let days: Set<String> = ["booking_date", "event_date", "created_at"]
        for file in PublishedRun.emissions {
            let rows = try months.flatMap { try $0.table(file).without(days).rows }
            try expectSameRows(once.table(file).without(days).rows, rows, file)
        }
        #expect(
            try once.emitted() == [
                "new_bookings.csv": 3, "status_updates.csv": 1, "booking_links.csv": 1,
            ])
        #expect(try once.figures() == last.figures())
    }

    @Test func theHistoryIsToldByTheMonths() throws {
        let months = try runs("months")
        #expect(
            try months[1].table("cleared.csv").columns("code", "first_seen")
                == [["stuck", "2026-02-01T02:00:00Z"]])
        let breaks = try months[2].table("breaks.csv")
        #expect(
            breaks.rows(where: "code", is: "missing_settlement").map {
                breaks.value($0, "first_seen")
            } == ["2026-02-01T02:00:00Z"])
    }

    /// What is to be loaded is the same, too, whichever way was taken.
    @Test func bothWaysLoadTheSame() throws {
        func statements(_ file: String) throws -> Set<Substring> {
            // The moment of the run is that of the month.
            let text = try Files.text(workspace.at(file))
                .replacing(/\d{4}-\d{2}-\d{2}T02:00:00Z/, with: "AS-OF")
                .replacing(/'\d{4}-\d{2}-\d{2}'/, with: "DAY")
            return Set(
                text.split(separator: "\n").map { $0.hasSuffix(",") ? $0.dropLast() : $0 }
                    .filter { $0.contains("'M-") || $0.contains("'B") })
        }
        let once = try statements("load.sql")
        #expect(once.count == 5)
        #expect(try statements("load-months.sql") == once)
    }

    @Test func monthsCannotBeRunOutOfTheirOrder() throws {
        let ending = try Launch(
            program: Project.trueup,
            arguments: [
                "run", Project.root + "/pipelines/migration.yaml", "--in",
                Project.root + "/samples/migration/2026-01", "--out", workspace.at("months"),
                "--as-of", "2026-02-01T02:00:00Z",
            ]
        ).run()
        #expect(ending.code == 1)
        #expect(ending.errors.contains("as-of"))
    }
}
