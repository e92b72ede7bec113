import Foundation
import Testing

/// What earlier nights emitted and nobody has loaded is told of, although it is not emitted again.
@Suite struct WaitingEmissionTests {
    private static let advice = "Load what earlier runs emitted and no dump shows yet, then close."

    /// A business whose payment hung, and whose booking is missing.
    private func business() throws -> SmallBusiness {
        var business = try SmallBusiness(UnappliedEmissionTests.backfill)
        business.payment("P-1", status: "pending", description: "a tour")
        business.line("S-1", of: "P-1")
        try business.write()
        return business
    }

    private func told(_ business: SmallBusiness, _ asOf: String) throws -> String {
        let ending = try business.night.run(["--no-archive"], asOf: asOf)
        #expect(ending.code == 0, "\(ending.errors)")
        return ending.output
    }

    @Test func aNightAfterOneThatWasNotLoadedTellsWhatWaits() throws {
        let business = try business()
        #expect(try told(business, "2026-03-04T02:00:00Z").contains("Load what was emitted, then"))
        let second = try told(business, "2026-03-05T02:00:00Z")
        #expect(second.contains(Self.advice))
        #expect(!second.contains("nothing to load"))
        let widths = second.split(separator: "\n").filter { $0.hasSuffix(" GHS") }.map(\.count)
        #expect(Set(widths) == [80], "the tables stand below each other")
        #expect(second.contains("\nEmitted\n  nothing\n\nWaiting to be loaded "))
        #expect(second.contains(/\n  Status updates +1 +100\.00 GHS\n  New bookings +1 +100\.00/))

        let run = try business.night.latest()
        let waiting = try #require(try run.json("report.json")["waiting"] as? [String: Any])
        #expect(Set(waiting.keys) == ["status_updates", "new_bookings"])
        let bookings = try #require(waiting["new_bookings"] as? [String: Any])
        #expect(bookings["count"] as? Int == 1)
        #expect(bookings["value"] as? [String: String] == ["GHS": "100.00"])
        #expect(try run.emitted() == [:])
        let metrics = try Files.text(run.folder + "/metrics.prom")
        #expect(
            metrics.contains(/trueup_waiting_emissions\{[^}]*output="new_bookings"\} 1\n/))
        #expect(
            metrics.contains(/trueup_waiting_emissions\{[^}]*output="booking_links"\} 0\n/))
        #expect(
            try Files.text(run.folder + "/report.html").contains("Emitted by earlier runs, by file")
        )
    }

    @Test func whatHasBeenLoadedWaitsNoLonger() throws {
        var business = try business()
        _ = try told(business, "2026-03-04T02:00:00Z")
        let made = try #require(
            try business.night.latest().table("new_bookings.csv")["booking_id"].first)
        business.payment("P-1", description: "a tour")
        business.booking(made, of: "P-1")
        try business.write()
        let loaded = try told(business, "2026-03-05T02:00:00Z")
        #expect(loaded.contains("Close; there is nothing to load."))
        #expect(!loaded.contains("Waiting to be loaded"))
        let waiting = try business.night.latest().json("report.json")["waiting"]
        #expect(try #require(waiting as? [String: Any]).isEmpty)
    }

    @Test func whatIsNewAndWhatWaitsAreToldApart() throws {
        var business = try business()
        _ = try told(business, "2026-03-04T02:00:00Z")
        business.payment("P-2", user: "bo@example.com", description: "a tour")
        business.line("S-2", of: "P-2")
        try business.write()
        let both = try told(business, "2026-03-05T02:00:00Z")
        #expect(both.contains("Load what was emitted, and what earlier runs emitted"))
        #expect(both.contains(/\nEmitted +count +value\n  New bookings +1 +100\.00 GHS\n/))
    }

    /// A divided run tells the same.
    @Test func partsOfARunTellTogetherWhatWaits() throws {
        let business = try business()
        _ = try told(business, "2026-03-04T02:00:00Z")
        let divided = try business.night.run(
            ["--no-archive", "--shards", "3"], asOf: "2026-03-05T02:00:00Z")
        #expect(divided.output.contains(Self.advice))
    }
}
