import Foundation
import Testing

/// A changed definition is tried over archived runs before it goes live.
@Suite struct BacktestTests {
    private func backtest(_ definition: String, _ out: String, _ options: [String] = []) throws
        -> Ending
    {
        try Launch(
            program: Project.trueup, arguments: ["backtest", definition, out] + options
        ).run()
    }

    private func json(_ ending: Ending) throws -> [String: Any] {
        let value = try JSONSerialization.jsonObject(with: Data(ending.output.utf8))
        return try #require(value as? [String: Any])
    }

    /// A changed copy of a night's definition.
    private func changed(_ night: Night, _ old: String, _ new: String) throws -> String {
        let text = try Files.text(night.definition)
        try #require(text.contains(old), "the definition does not say \(old)")
        let path = night.workspace.at("changed.yaml")
        try Files.write(text.replacing(old, with: new), to: path)
        return path
    }

    @Test func theSameDefinitionDecidesNothingOtherwise() throws {
        let night = try Night.tours()
        try night.publish(["--user", "ama@example.com"])
        try night.publish(asOf: "2025-09-01T02:00:00Z")
        let before = try FolderSnapshot(night.out, withTimes: true)
        let ending = try backtest(night.definition, night.out)
        #expect(ending.code == 0, "\(ending.errors)")
        #expect(ending.errors == "")
        #expect(
            ending.output
                == "tours, by another definition over 2 archived runs: "
                + "nothing would have been decided otherwise.\n")
        #expect(try FolderSnapshot(night.out, withTimes: true).differences(before) == [])
    }

    /// What is told is what a run by the changed definition would have published.
    @Test func whatIsToldIsWhatTheDefinitionDecides() throws {
        let night = try Night.tours()
        let old = try night.publish()
        let definition = try changed(night, "unidentified: review", "unidentified: emit")
        let ending = try backtest(definition, night.out, ["--json"])
        #expect(ending.code == 0, "\(ending.errors)")
        let document = try json(ending)
        let runs = try #require(document["runs"] as? [[String: Any]])
        #expect(runs.map { $0["run"] as? String } == [old.name])

        let live = try night.another()
        try Files.remove(live.definition)
        try Files.copy(definition, to: live.definition)
        let new = try live.publish()

        let total = try #require(document["total"] as? [String: Any])
        let breaks = try #require(total["breaks"] as? [String: [String: Int]])
        let (ids, newIDs) = (
            Set(try old.table("breaks.csv").columns("break_id", "code")),
            Set(try new.table("breaks.csv").columns("break_id", "code"))
        )
        #expect(breaks["vanishing"] == counts(ids.subtracting(newIDs)))
        #expect(breaks["appearing"] == counts(newIDs.subtracting(ids)))
        #expect(breaks["vanishing"]?["unidentified_item"] == 3)

        var groups: [[String]: (count: Int, value: Int)] = [:]
        let columns = ["payment_id", "resolved_status", "outcome", "amount"]
        func rows(_ run: PublishedRun) throws -> [[String]] {
            try run.table("payments.csv")
                .columns(columns[0], columns[1], columns[2], columns[3])
        }
        for (before, after) in zip(try rows(old), try rows(new)) where before != after {
            let key = ["\(before[1]), \(before[2])", "\(after[1]), \(after[2])"]
            groups[key, default: (0, 0)].count += 1
            groups[key, default: (0, 0)].value += try minorUnits(before[3])
        }
        let told = try #require(total["payments"] as? [[String: Any]])
        #expect(!groups.isEmpty && told.count == groups.count)
        for group in told {
            let key = [text(of: group["from"]), text(of: group["to"])]
            let value = (group["value"] as? [String: String])?["GHS"] ?? ""
            #expect(groups[key]?.count == group["count"] as? Int)
            #expect(try groups[key]?.value == minorUnits(value))
        }

        let emissions = try #require(total["emissions"] as? [String: [String: [String: Any]]])
        for (file, name) in [
            ("new_bookings.csv", "new_bookings"), ("new_tickets.csv", "new_tickets"),
            ("status_updates.csv", "status_updates"),
        ] {
            let before = Set(try old.table(file).rows)
            let after = Set(try new.table(file).rows)
            let (added, gone) = (emissions[name]?["added"], emissions[name]?["gone"])
            #expect(added?["count"] as? Int ?? 0 == after.subtracting(before).count, "\(file)")
            #expect(gone?["count"] as? Int ?? 0 == before.subtracting(after).count, "\(file)")
        }
        #expect(emissions["new_bookings"] != nil || emissions["new_tickets"] != nil)
    }

    private func counts(_ breaks: Set<[String]>) -> [String: Int] {
        Dictionary(breaks.map { ($0[1], 1) }, uniquingKeysWith: +)
    }

    /// A difference is told at the run where it arises, and added up.
    @Test func runsAreMadeEachForItselfAndAddedUp() throws {
        let night = try Night.tours()
        try night.publish(["--user", "ama@example.com"])
        try night.publish(asOf: "2025-09-01T02:00:00Z")
        try night.publish(asOf: "2025-09-02T02:00:00Z")
        let definition = try changed(night, "unidentified: review", "unidentified: emit")
        let document = try json(try backtest(definition, night.out, ["--json"]))
        func vanishing(_ value: Any?) -> Int {
            let breaks = (value as? [String: Any])?["breaks"] as? [String: [String: Int]]
            return breaks?["vanishing"]?["unidentified_item"] ?? 0
        }
        let runs = try #require(document["runs"] as? [[String: Any]])
        #expect(runs.map { vanishing($0) } == [3, 3, 3])
        #expect(vanishing(document["total"]) == 9)
        let second = try #require(runs[1]["run"] as? String)
        let one = try backtest(definition, night.out, ["--run", second])
        #expect(one.output.contains("over 1 archived run: 1 would have been decided otherwise.\n"))
        #expect(one.output.contains("breaks that would vanish: unidentified_item"))
        #expect(!one.output.contains("In total"))
        let all = try backtest(definition, night.out)
        #expect(all.output.contains("\nIn total\n"))
    }

    @Test func incrementalNightsAreTestedAfterWhatTheyWereHanded() throws {
        let night = try Night.tours()
        try night.redefine("dumps: full", "dumps: incremental")
        try night.publish()
        try night.publish(asOf: "2025-09-01T02:00:00Z")
        let same = try backtest(night.definition, night.out)
        #expect(same.code == 0, "\(same.errors)")
        #expect(same.output.contains("nothing would have been decided otherwise"))
    }

    @Test func whatCannotBeTestedIsTold() throws {
        let night = try Night.tours()
        let run = try night.publish()
        let other = try changed(night, "name: tours ", "name: walks ")
        expectFailure(
            try backtest(other, night.out), saying: ["no archived run of this pipeline", "walks"])
        expectFailure(
            try backtest(night.definition, night.out, ["--run", "20200101T000000Z-abcdef"]),
            code: 2, saying: ["has no archive here"])
        // A column that no archived dump has.
        let lacking = try changed(night, "id: payment_id\n", "id: nothing_like_it\n")
        expectFailure(
            try backtest(lacking, night.out),
            saying: [run.name, "could not be made again", "nothing_like_it"], output: nil)
        try Files.write("name: [\n", to: night.definition)
        expectFailure(try backtest(night.definition, night.out), code: 2, saying: ["tours.yaml"])
    }
}
