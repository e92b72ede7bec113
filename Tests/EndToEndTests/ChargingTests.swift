import Foundation
import Testing

/// The sample of the charging network: drivers whose impact was zero have figures at once.
@Suite struct ChargingTests {
    static let asOf = "2025-11-12T21:30:00Z"
    static let folder = Project.root + "/samples/charging"
    /// The sessions that the sample's run completes.
    static let completed = ["CS-801", "CS-802", "CS-803", "CS-807", "CS-809", "CS-811", "CS-812"]

    static func night() throws -> Night {
        let night = Night(try Workspace())
        try Files.copy(folder, to: night.dumps)
        try Files.copy(Project.root + "/pipelines/charging.yaml", to: night.definition)
        return night
    }

    /// The impact of each user after the run, or before it, as the rows of the sample's page.
    static func impacts(_ run: PublishedRun, before: Bool = false) throws -> [String] {
        try run.dashboards().sorted { $0.key < $1.key }.map { user, dashboard in
            let figures = before ? dashboard["before"] as? [String: Any] : dashboard
            let impact = try #require(figures?["impact"] as? [String: Any], "\(user)")
            let share = (impact["measured_share"] as? NSNumber)
                .map { String(format: "%.4f", $0.doubleValue) }
            let rest = ["energy_kwh", "measured_kwh", "estimated_kwh"].map { text(of: impact[$0]) }
            return
                ([user] + rest + [
                    share ?? "none", text(of: impact["co2_kg"]), text(of: impact["saved"]),
                ])
                .joined(separator: " | ")
        }
    }

    @Test func thePageShowsTheFiguresOfTheRun() throws {
        let night = try Self.night()
        let ending = try night.run(asOf: Self.asOf)
        #expect(ending.code == 0, "\(ending.errors)")
        #expect(ending.output.contains("Session updates                                      7"))
        let run = try night.latest()
        let page = try Files.text(Self.folder + "/README.md")
        let impacts = try Self.impacts(run)
        #expect(impacts.count == 7)
        for row in impacts { #expect(page.contains("| \(row) |"), "\(row)") }
        #expect(page.contains("--as-of \(Self.asOf)"))
        #expect(
            try run.emitted() == [
                "session_updates.csv": 7, "status_updates.csv": 2, "new_bookings.csv": 1,
            ])
        for name in ["session_updates.csv", "status_updates.csv", "new_bookings.csv"] {
            #expect(page.contains("| `\(name)` | \(try run.table(name).rows.count) |"))
        }
        for name in ["payments", "gateway", "bookings", "sessions", "drivers"] {
            let rows = try night.dump(name + ".csv").rows.count
            #expect(page.contains("| `\(name).csv` | \(rows) |"), "\(name)")
        }
        #expect(try run.table("breaks.csv").rows.isEmpty)
    }

    @Test func aDriverWhosePaymentSettledTonightHasFiguresAtOnce() throws {
        let run = try Self.night().publish(asOf: Self.asOf)
        let before = try Self.impacts(run, before: true)
        let zero = "0.000000 | 0.000000 | 0.000000 | none | 0.000 | 0.00"
        #expect(before.contains("kabir@example.com | \(zero)"))
        // Nobody else's bookings change tonight.
        let others = { (rows: [String]) in rows.filter { !$0.hasPrefix("kabir") } }
        #expect(try others(before) == others(Self.impacts(run)))
    }

    @Test func sessionsOfBookingsThatAreOverAreCompleted() throws {
        let run = try Self.night().publish(asOf: Self.asOf)
        let updates = try run.table("session_updates.csv")
        #expect(updates.header == ["id", "booking_id", "from_status", "to_status"])
        #expect(updates["id"] == Self.completed)
        #expect(Set(updates["to_status"]) == ["completed"])
        #expect(updates["from_status"] == Array(repeating: "active", count: 6) + ["SUSPENDED_EV"])
        let traced = try run.table("trace/sessions.csv")
        let held = traced.rows.filter { traced.value($0, "decision") != "completed" }
        #expect(
            held.map { "\(traced.value($0, "session_id")) \(traced.value($0, "decision"))" } == [
                "CS-804 is_over", "CS-805 is_over", "CS-806 is_over", "CS-808 not_ended",
                "CS-810 is_over", "CS-813 not_confirmed", "CS-814 unknown_booking",
                "CS-815 no_booking",
            ])
        let emissions = try #require(try run.json("report.json")["emissions"] as? [String: Any])
        let told = try #require(emissions["session_updates"] as? [String: Any])
        #expect(text(of: told["count"]) == "7")
        #expect(try Files.text(run.folder + "/report.html").contains("Session updates"))
    }

    @Test func theInputsEnergyIsAControlTotal() throws {
        let night = try Self.night()
        try night.append(
            ["CS-804,SLOT-504,vikram@example.com,FINISHED,11.4,2025-11-06 17:02,2025-11-06 19:41"],
            to: "sessions.csv")
        try night.append(["CS-816,,,ACTIVE,-2,,"], to: "sessions.csv")
        try night.redefine("dumps: full", "max_rejects: 10\ndumps: full")
        let run = try night.publish(asOf: Self.asOf)
        let inputs = try #require(try run.json("run.json")["inputs"] as? [[String: Any]])
        let sessions = try #require(inputs.first { text(of: $0["kind"]) == "sessions" })
        #expect(
            ["rows", "records", "repeated", "rejected", "energy_kwh", "record_energy_kwh"].map {
                text(of: sessions[$0])
            } == ["17", "15", "1", "1", "43.475000", "32.075000"])
        #expect(inputs.filter { $0["energy_kwh"] != nil }.count == 1)
        #expect(
            try run.table("rejects.csv").columns("file", "line", "column")
                == [["sessions.csv", "18", "meter_kwh"]])
        #expect(try run.table("repeats.csv").columns("kind", "id") == [["sessions", "CS-804"]])
    }

    @Test func checkReadsSessionsToo() throws {
        let night = try Self.night()
        func check() throws -> Ending {
            try Launch(
                program: Project.trueup,
                arguments: ["check", night.definition, "--in", night.dumps]
            ).run()
        }
        let right = try check()
        #expect(right.code == 0, "\(right.errors)")
        #expect(right.output.contains("\n  sessions.csv\n    15 rows, 2025-11-01 to 2025-11-13\n"))
        #expect(right.output.contains("32.075000 kWh\n"))
        try night.edit("sessions.csv") { $0.replacing("meter_kwh", with: "kwh") }
        let wrong = try check()
        #expect(wrong.code == 1)
        #expect(wrong.output.contains("\n  sessions.csv\n    cannot be read\n"))
        #expect(wrong.errors.contains("`meter_kwh` for energy_kwh"), "\(wrong.errors)")
    }

    @Test func withoutImpactNothingOfItIsTold() throws {
        let night = try Self.night()
        let definition = try Files.text(night.definition)
        let section = try #require(definition.range(of: "impact:\n"))
        let rest = try #require(definition.range(of: "\ndashboard:"))
        try Files.write(
            definition.replacingCharacters(in: section.lowerBound..<rest.lowerBound, with: ""),
            to: night.definition)
        let run = try night.publish(asOf: Self.asOf)
        #expect(try Files.text(run.folder + "/dashboards.jsonl").contains("impact") == false)
        // Sessions are completed all the same.
        #expect(try run.table("session_updates.csv")["id"] == Self.completed)
    }

    // MARK: Order and threads

    @Test func neitherThreadsNorTheOrderOfTheRowsMatter() throws {
        let night = try Self.night()
        let first = try night.publish(["--threads", "1"], asOf: Self.asOf)
        let other = try night.another()
        let again = try other.publish(["--threads", "4"], asOf: Self.asOf)
        #expect(
            try FolderSnapshot(first.folder).reproducible
                .differences(FolderSnapshot(again.folder).reproducible) == [])

        let shuffled = try night.another()
        try shuffled.redefine("files: sessions.csv", "files: [part-*.csv, sessions.csv]")
        for file in ["payments.csv", "gateway.csv", "bookings.csv", "sessions.csv"] {
            var table = try shuffled.dump(file)
            table.rows.reverse()
            try shuffled.write(table, file)
        }
        var sessions = try shuffled.dump("sessions.csv")
        let part = CSVTable(header: sessions.header, rows: Array(sessions.rows.prefix(6)))
        sessions.rows.removeFirst(6)
        try shuffled.write(sessions, "sessions.csv")
        try shuffled.write(part, "part-1.csv")
        let third = try shuffled.publish(asOf: Self.asOf)
        #expect(try Self.impacts(third) == Self.impacts(first))
        expectSameRows(
            try third.table("session_updates.csv").rows,
            try first.table("session_updates.csv").rows, "session_updates.csv")
        expectSameRows(
            try third.table("carried/emissions.csv").rows,
            try first.table("carried/emissions.csv").rows, "carried/emissions.csv")
    }
}
