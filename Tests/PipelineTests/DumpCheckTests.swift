import Definition
import Diagnostics
import Foundation
import Ingestion
import Records
import Reporting
import TestKit
import Testing
import Time

@testable import Pipeline
@testable import RunStore

/// What a check tells of dumps, figure by figure.
@Suite struct DumpCheckTests {
    /// The survey of a night that has something of everything, with some of its dumps replaced.
    private func survey(
        _ dumps: [String: String] = [:], definition: String = SellersNight.definition
    ) throws -> DumpSurvey {
        let folder = try DumpFolder()
        for (name, text) in SellersNight.dumps.merging(dumps, uniquingKeysWith: { $1 }) {
            try folder.write(name, text)
        }
        let watch = SignalWatch.begin()
        defer { SignalWatch.end() }
        return try DumpCheck.survey(
            try PipelineDefinition.parse(
                text: definition, file: "night.yaml", isKnownZone: Zone.isKnown),
            folder: folder.path, threads: 2, watch: watch, progress: NoProgress())
    }

    private func kind(_ name: String, of survey: DumpSurvey) throws -> [String: Any] {
        let json = try JSONSerialization.jsonObject(with: Data(survey.json().utf8))
        let inputs = try #require((json as? [String: Any])?["inputs"] as? [[String: Any]])
        return try #require(inputs.first { $0["kind"] as? String == name })
    }

    /// The groups of a kind, each as its words, its records and its sums.
    private func groups(_ name: String, of survey: DumpSurvey) throws -> [String] {
        let groups = try #require(try kind(name, of: survey)["groups"] as? [[String: Any]])
        return try groups.map { group in
            let words = ["type", "state", "status"].compactMap { group[$0] as? String }
            let sums = try #require(group["record_sums"] as? [String: String])
            let texts = sums.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            return "\(words.joined(separator: " ")): \(group["records"] ?? "") "
                + texts.joined(separator: " ")
        }
    }

    @Test func rowsThatDoNotCountAreInNoSum() throws {
        let survey = try survey()
        #expect(
            try groups("payments", of: survey) == [
                "pending: 1 GHS 200.00", "succeeded: 4 GHS 230.00 KWD 30.000",
                "failed: 1 GHS 70.00",
            ])
        let payments = try kind("payments", of: survey)
        #expect(
            ["rows", "records", "repeated", "rejected", "left_out"].map { payments[$0] as? Int }
                == [9, 6, 2, 1, 0])
        #expect(payments["record_sums"] as? [String: String] == ["GHS": "500.00", "KWD": "30.000"])
    }

    @Test func linesAreToldApartByTypeAndState() throws {
        let lines = """
            id,reference,type,state,gross,occurred_at
            S1,P1,charge,completed,1.00,2026-03-02T10:01:00Z
            S2,P1,charge,failed,2.00,2026-03-02T10:01:00Z
            S3,P1,refund,completed,-4.00,2026-03-02T10:01:00Z
            S4,,payout,completed,-8.00,2026-03-02T10:01:00Z

            """
        let survey = try survey(["lines1.csv": lines, "lines2.csv": "id,reference,gross\n"])
        #expect(
            try groups("settlements", of: survey) == [
                "charge completed: 1 GHS 1.00", "charge failed: 1 GHS 2.00",
                "refund completed: 1 GHS 4.00", "payout completed: 1 GHS -8.00",
            ])
    }

    @Test func daysAreThoseOfThePipelinesZone() throws {
        let zone = "timezone: America/New_York"
        let survey = try survey(
            [:], definition: SellersNight.definition.replacing("timezone: UTC", with: zone))
        let header = "id,user,amount,status,created_at\n"
        let night = try self.survey(
            ["payments.csv": header + "P1,ama,1,pending,2026-03-02T04:59:59Z\n"],
            definition: SellersNight.definition.replacing("timezone: UTC", with: zone))
        #expect(try kind("payments", of: night)["from"] as? String == "2026-03-01")
        #expect(try kind("payments", of: night)["to"] as? String == "2026-03-01")
        #expect(try kind("payments", of: survey)["from"] as? String == "2026-03-02")
        #expect(try kind("payments", of: survey)["to"] as? String == "2026-03-05")
    }

    @Test func recordsWithoutATimeTellNoDay() throws {
        let survey = try survey()
        for name in ["bookings", "orders", "catalogue", "users"] {
            #expect(try kind(name, of: survey)["from"] is NSNull, "\(name)")
        }
        #expect(survey.text().contains("\n  bookings.csv\n    2 rows\n    confirmed"))
    }

    @Test func filesOfAKindAddUp() throws {
        let lines = try kind("settlements", of: survey())
        let files = try #require(lines["files"] as? [[String: Any]])
        #expect(files.map { $0["file"] as? String } == ["lines1.csv", "lines2.csv"])
        for key in ["rows", "records", "repeated", "rejected"] {
            let sum = try files.reduce(0) { try $0 + #require($1[key] as? Int) }
            #expect(lines[key] as? Int == sum)
        }
        #expect(lines["rows"] as? Int == 10)
        #expect(lines["repeated"] as? Int == 1)
    }

    @Test func noMoreThanTheFirstRejectsOfAKindAreTold() throws {
        let header = "id,user,amount,status,created_at\n"
        let rows = (1...7).map { "P\($0),ama,x,pending,2026-03-02\n" }.joined()
        let survey = try survey(["payments.csv": header + rows])
        let rejects = try #require(
            try kind("payments", of: survey)["first_rejects"] as? [[String: Any]])
        #expect(rejects.map { $0["line"] as? Int } == [2, 3, 4, 5, 6])
        #expect(rejects.allSatisfy { $0["column"] as? String == "amount" })
        #expect(survey.text().contains("\n  Rejected, the first 5 of 7:\n"))
        #expect(survey.obstacles.map(\.kind) == [.payments])
    }

    @Test func noLineIsLongerThanTheTerminal() throws {
        let name = String(repeating: "long", count: 20)
        let survey = try survey(
            [
                "payments.csv": """
                id,user,\(name),status,created_at
                P1,ama,x,pending,2026-03-02
                P2,ama,9999999999999.99,pending,2026-03-02

                """
            ],
            definition: SellersNight.definition.replacing(
                "payments.csv}", with: "payments.csv, columns: {amount: \(name)}}"))
        for line in survey.text().split(separator: "\n") where !line.contains(name) {
            #expect(line.count <= TerminalSummary.width, "\(line)")
            #expect(line.last != " ")
        }
    }

    @Test func colourChangesNothingButTheColour() throws {
        let survey = try survey()
        let coloured = survey.text(isColoured: true)
        #expect(coloured.contains("\u{1B}["))
        #expect(coloured.replacing(/\u{1B}\[[0-9]+m/, with: "") == survey.text())
    }

    @Test func hostileNamesCannotDriveTheTerminal() throws {
        let survey = try survey(
            [
                "lines\u{1B}[2J\u{202E}.csv":
                    "id,reference,gr\u{7}\u{202E}oss\nS7,P1,x\n"
            ],
            definition: SellersNight.definition.replacing(
                "lines*.csv}", with: "lines*.csv, columns: {gross: [gross, \"gr\\a\\u202Eoss\"]}}"))
        #expect(survey.text().contains("lines\\u{1b}[2J\\u{202e}.csv"))
        for text in [survey.text(), survey.json()] {
            #expect(text.utf8.allSatisfy { $0 == 0x0A || (0x20..<0x7F).contains($0) })
        }
    }

    @Test func aCalendarWithoutBusinessDaysIsRefusedAsByARun() throws {
        #expect(throws: TrueupError.self) {
            _ = try survey(
                definition: SellersNight.definition.replacing(
                    "hold_days: 0",
                    with: "hold_days: 0, weekend: [mon, tue, wed, thu, fri, sat, sun]"))
        }
    }
}
