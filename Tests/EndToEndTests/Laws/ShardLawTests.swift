import Foundation
import Testing

/// Law 5: a run that is divided by key and joined again gives the same rows as one that is not; and the
/// same bytes, as the rows stand in the order of the input either way.
@Suite(.enabled(if: isInstalled("python3", "--version"), "the dumps are written by python3"))
struct ShardLawTests {
    private static let nextNight = "2025-11-21T02:00:00Z"

    /// Two nights: the second knows what the first handed on, and reads dumps that have changed since.
    private func nights(seed: Int, _ options: [String]) throws -> FolderSnapshot {
        let night = try Night.ofLaws(seed: seed)
        try night.publish(options, asOf: Night.endOfLaws)
        // Half of the open items lose their records, so that what cleared them must be found.
        for file in try Files.names(in: night.dumps) where file.hasPrefix("settlements") {
            var lines = try night.dump(file)
            lines.rows = lines.rows.enumerated().filter { $0.offset.isMultiple(of: 2) }
                .map(\.element)
            try night.write(lines, file)
        }
        try night.publish(options, asOf: Self.nextNight)
        return try FolderSnapshot(night.out).reproducible
    }

    @Test(arguments: Night.lawSeeds.prefix(3))
    func aDividedRunGivesTheSameBytes(seed: Int) throws {
        let whole = try nights(seed: seed, [])
        #expect(whole.entries.count > 60)
        for shards in [2, 3, 8] {
            let divided = try nights(seed: seed, ["--shards", String(shards)])
            #expect(whole.differences(divided) == [], "seed \(seed), \(shards) shards")
        }
    }

    @Test(arguments: ["tours", "services", "auctions", "charging", "migration"])
    func everySampleMayBeDivided(system: String) throws {
        let whole = try Night.sample(system)
        try whole.publish([], asOf: Night.endOfLaws)
        let divided = try whole.another()
        try divided.publish(["--shards", "4"], asOf: Night.endOfLaws)
        let (left, right) = (try FolderSnapshot(whole.out), try FolderSnapshot(divided.out))
        #expect(left.reproducible.differences(right.reproducible) == [])
    }

    /// One user with everything is one part, beside others with nothing.
    @Test func whatCannotBeDividedStaysTogether() throws {
        var business = try SmallBusiness()
        for number in 1...40 {
            business.payment("P-\(number)")
            business.line("S-\(number)", of: "P-\(number)")
        }
        let whole = try business.publish(OpenItemsTests.thursday)
        let divided = try business.publish(
            OpenItemsTests.thursday, ["--shards", "16"], out: business.night.workspace.at("divided")
        )
        for file in ["payments.csv", "new_bookings.csv", "dashboards.jsonl", "breaks.csv"] {
            #expect(
                try Files.text(whole.folder + "/" + file)
                    == Files.text(divided.folder + "/" + file), "\(file)")
        }
    }

    /// A decision to match brings a booking of one user to a payment of another.
    @Test func whatADecisionBringsTogetherIsSeenTogether() throws {
        var business = try SmallBusiness()
        for number in 1...30 {
            business.payment("P-\(number)", user: "user\(number)@example.com")
            business.line("S-\(number)", of: "P-\(number)")
        }
        business.booking("B-1", user: "esi@example.com")
        let id = try business.id("orphan_booking", OpenItemsTests.thursday)
        business.override(id, "match", target: "P-7")
        let run = try business.publish(OpenItemsTests.friday, ["--shards", "20"])
        #expect(try run.effects() == ["matched"])
        #expect(
            try run.table("booking_links.csv").columns("payment_id", "booking_id", "match_rule")
                == [["P-7", "B-1", "override"]])
    }
}
