import Foundation
import Testing

/// `trueup run --log json`: what happens is told to programs, errors included.
@Suite struct RunLogTests {
    private func events(_ ending: Ending) throws -> [[String: String]] {
        try ending.errors.split(separator: "\n").map { line in
            let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
            return try #require(value as? [String: String], "\(line)")
        }
    }

    @Test func aRunTellsOfItsStagesAndItsResult() throws {
        let night = try Night.tours()
        let events = try events(night.run(["--log", "json"]))
        #expect(events.map { $0["event"] } == ["stage", "stage", "published"])
        #expect(events[0]["bytes"] != nil && events[1]["rows"] != nil)
        let last = try #require(events.last)
        #expect(last["run"] == "20250831T020000Z-" + (last["run"]?.suffix(6) ?? ""))
        #expect(Files.exists(night.out + "/" + (last["run"] ?? "none") + "/run.json"))
        #expect(last["level"] == "warning")
        #expect(last["verdict"] == "critical")
        for event in events { #expect(event["time"]?.hasSuffix("Z") == true) }
    }

    @Test func aDryRunIsNotCalledPublished() throws {
        let events = try events(try Night.tours().run(["--log", "json", "--dry-run"]))
        #expect(events.last?["event"] == "dry_run")
    }

    @Test(arguments: [[], ["--quiet"]])
    func anErrorIsAnEvent(options: [String]) throws {
        let night = try Night.tours()
        try Files.write("payment_id\n", to: night.dumps + "/payments.csv")
        let ending = try night.run(["--log", "json"] + options)
        #expect(ending.code == 1)
        let last = try #require(try events(ending).last)
        #expect(last["event"] == "failed")
        #expect(last["level"] == "error")
        #expect(last["position"]?.contains("payments.csv") == true)
    }

    @Test func quietLeavesNothingToTell() throws {
        let ending = try Night.tours().run(["--log", "json", "--quiet"])
        #expect(ending.errors == "")
        #expect(ending.output == "")
    }
}
