import Foundation
import Testing

/// Waits until something has come about; for programs that are left running.
func waitUntil(_ what: String, _ holds: () throws -> Bool) throws {
    let deadline = Date(timeIntervalSinceNow: 60)
    while try !holds() {
        try #require(Date() < deadline, "\(what) did not come about")
        usleep(20_000)
    }
}

/// `trueup watch` over a folder that changes.
@Suite struct WatchTests {
    private func watch(_ night: Night, _ options: [String]) throws -> Child {
        try Launch(
            program: Project.trueup,
            arguments: ["watch", night.definition, "--in", night.dumps, "--out", night.out]
                + options
        ).start()
    }

    /// How many runs stand in the output folder.
    private func runs(_ night: Night) -> Int {
        ((try? Files.names(in: night.out)) ?? []).filter {
            $0.first?.isNumber == true
        }.count
    }

    private func events(_ ending: Ending) throws -> [[String: String]] {
        try ending.errors.split(separator: "\n").map { line in
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
            return try #require(object as? [String: String], "\(line)")
        }
    }

    @Test func runsAtOnceAndAgainWhenADumpHasChanged() throws {
        let night = try Night.tours()
        let child = try watch(
            night, ["--interval", "1h", "--settling", "1s", "--log", "json", "--no-archive"])
        try waitUntil("the first run") { runs(night) == 1 }
        // Nothing changes, and nothing happens.
        usleep(1_500_000)
        #expect(runs(night) == 1)
        try night.append(
            [
                "PAY-9001,TGH-9001,ama@example.com,380.00,GHS,pending,2026-01-01T00:00:00Z,,"
                    + "Kumasi Cultural Heritage Tour,,mtn-momo"
            ], to: "payments.csv")
        try waitUntil("the second run") { runs(night) == 2 }
        child.send(SIGTERM)
        let ending = try child.wait()
        #expect(ending.code == 143)
        #expect(ending.output.isEmpty)
        let events = try events(ending).compactMap { $0["event"] }
        #expect(events.first == "watching")
        #expect(events.filter { $0 == "published" }.count == 2)
        #expect(events.contains("stopped"))
        let table = try night.latest().table("payments.csv")
        #expect(table["payment_id"].contains("PAY-9001"))
    }

    @Test func survivesADumpThatCannotBeRead() throws {
        let night = try Night.tours()
        let payments = night.dumps + "/payments.csv"
        let text = try Files.text(payments)
        try Files.write("nothing,of,use\n1,2,3\n", to: payments)
        let child = try watch(
            night, ["--interval", "1h", "--settling", "0", "--log", "json", "--no-archive"])
        usleep(2_500_000)
        #expect(runs(night) == 0)
        try Files.write(text, to: payments)
        try waitUntil("a run") { runs(night) == 1 }
        child.send(SIGINT)
        let ending = try child.wait()
        #expect(ending.code == 130)
        let failures = try events(ending).filter { $0["event"] == "failed" }
        #expect(failures.count >= 2)
        #expect(failures.prefix(2).compactMap { $0["retry_seconds"] } == ["1", "2"])
        #expect(failures.first?["message"]?.contains("payments.csv") == true)
    }

    @Test func aDefinitionThatIsWrongFromTheStartIsNotWaitedFor() throws {
        let night = try Night.tours()
        try night.redefine("currency: GHS", "currency: cedis")
        let ending = try watch(night, ["--interval", "60s"]).wait()
        #expect(ending.code == 2)
        #expect(!Files.exists(night.out))
    }

    @Test func theUnitsForSystemdAreValid() throws {
        for name in try Files.names(in: Project.root + "/pipelines/systemd") {
            let ending = try Launch(
                program: "systemd-analyze",
                arguments: ["verify", Project.root + "/pipelines/systemd/" + name]
            ).run()
            // Where the program is not installed at its place, that alone is said.
            let complaints = (ending.errors + ending.output).split(separator: "\n").filter {
                $0.contains("trueup") && !$0.contains("is not executable")
            }
            #expect(complaints.isEmpty, "\(name): \(ending.errors)")
        }
    }
}
