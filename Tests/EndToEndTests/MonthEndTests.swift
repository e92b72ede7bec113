import Foundation
import Testing

/// The page about closing a month tells what really happens, step by step.
@Suite struct MonthEndTests {
    static let folder = Project.root + "/samples/month-end"
    static let definition = Project.root + "/pipelines/month-end.yaml"
    static let page = Project.root + "/Sources/Pipeline/Pipeline.docc/MonthEnd.md"

    private func run(_ day: String, in workspace: Workspace) throws -> Ending {
        try Launch(
            program: Project.trueup,
            arguments: [
                "run", MonthEndTests.definition, "--in", "\(MonthEndTests.folder)/\(day)", "--out",
                workspace.at("out"), "--as-of", "\(day)T06:00:00Z",
            ]
        ).run()
    }

    @Test func theMonthIsClosedInTwoRuns() throws {
        let workspace = try Workspace()
        let first = try run("2026-03-02", in: workspace)
        #expect(first.code == 3, "\(first.errors)")
        let open = try PublishedRun(latestIn: workspace.at("out"), of: workspace)
        let breaks = try open.table("breaks.csv")
        #expect(
            breaks.columns("code", "payment_id", "payout", "at_risk").sorted {
                $0.lexicographicallyPrecedes($1)
            } == [
                ["duplicate_settlement", "PAY-203", "PO-0212", "95.00"],
                ["missing_settlement", "PAY-207", "", "140.00"],
                ["payout_short", "", "PO-0219", "9.00"],
                ["settled_short", "PAY-204", "", "10.00"],
                ["unknown_deposit", "", "", "41.90"],
            ])

        let second = try run("2026-03-03", in: workspace)
        #expect(second.code == 0, "\(second.output)")
        let closed = try PublishedRun(latestIn: workspace.at("out"), of: workspace)
        #expect(try closed.table("breaks.csv").rows.isEmpty)
        let cleared = try closed.table("cleared.csv")
        #expect(Set(cleared["break_id"]) == Set(breaks["break_id"]))
        let decided = cleared["cleared_by"].filter { $0.hasPrefix("override ") }
        #expect(
            decided.sorted() == [
                "override accept by m.byrne/t.walsh", "override write_off by m.byrne/t.walsh",
            ])
        let items = try #require(try closed.json("report.json")["open_items"] as? [String: Any])
        let counts = ["opening", "new", "reopened", "cleared", "closing"].map {
            text(of: items[$0])
        }
        #expect(counts == ["5", "0", "0", "5", "0"])
    }

    @Test func thePageShowsTheDecisionsOfTheSample() throws {
        let page = try Files.text(MonthEndTests.page)
        let rows = try Files.text(MonthEndTests.folder + "/2026-03-03/overrides.csv")
        for row in rows.split(separator: "\n") { #expect(page.contains("    \(row)\n")) }
        for day in ["2026-03-02", "2026-03-03"] {
            #expect(page.contains("--as-of \(day)T06:00:00Z"))
        }
    }
}
