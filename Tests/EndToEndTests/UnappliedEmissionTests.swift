import Foundation
import Testing

/// What was emitted and is not loaded in time becomes a break, until the dumps show it.
@Suite struct UnappliedEmissionTests {
    static let backfill =
        "backfill: {kinds: {tour: {emit: booking, keywords: [tour]}}, default_kind: tour, "
        + "unidentified: emit}\n"

    private func business() throws -> SmallBusiness {
        var business = try SmallBusiness(Self.backfill)
        business.payment("P-1", description: "a tour")
        business.line("S-1", of: "P-1")
        return business
    }

    @Test func aBookingMayWaitThreeDaysAndNotLonger() throws {
        let business = try business()
        let first = try business.publish("2026-03-04T02:00:00Z")
        let made = try #require(try first.table("new_bookings.csv")["booking_id"].first)
        let waiting = try business.publish("2026-03-07T02:00:00Z")
        #expect(try waiting.breaks("code") == [])
        #expect(try waiting.outcome("P-1") == "backfilled")
        let late = try business.publish("2026-03-07T02:00:01Z")
        #expect(
            try late.breaks("code", "severity", "payment_id", "at_risk", "detail") == [
                "unapplied_emission review P-1 100.00 "
                    + "\(made) was emitted, and is not in the dumps 3 days later"
            ])
        #expect(try late.outcome("P-1") == "break")
        #expect(try late.emitted() == [:])
        #expect(try late.table("carried/open_items.csv")["other"] == [made])
        // Another day does not make it another break.
        let later = try business.publish("2026-03-09T02:00:00Z")
        #expect(try later.breaks("break_id") == late.breaks("break_id"))
        #expect(try later.roll() == [1, 0, 0, 0, 1])
    }

    @Test func loadingItClearsIt() throws {
        var business = try business()
        let first = try business.publish("2026-03-04T02:00:00Z")
        let made = try #require(try first.table("new_bookings.csv")["booking_id"].first)
        try business.publish("2026-03-09T02:00:00Z")
        business.booking(made, of: "P-1")
        let loaded = try business.publish("2026-03-10T02:00:00Z")
        #expect(try loaded.cleared() == ["unapplied_emission 2026-03-09 loaded \(made)"])
        #expect(try loaded.breaks("code") == [])
        #expect(try loaded.outcome("P-1") == "reconciled")
    }

    @Test func statusesAndLinksWaitAsWell() throws {
        var business = try SmallBusiness("carry: {unapplied_after: 1d}\n")
        business.payment("P-1", status: "pending")
        business.line("S-1", of: "P-1")
        business.booking("B-1")
        try business.publish("2026-03-04T02:00:00Z")
        let late = try business.publish("2026-03-05T02:00:01Z")
        #expect(try late.table("carried/open_items.csv")["other"].sorted() == ["B-1", "P-1"])
        #expect(
            try late.breaks("code", "payment_id")
                == ["unapplied_emission P-1", "unapplied_emission P-1"])
        business.payment("P-1")
        business.booking("B-1", of: "P-1")
        let loaded = try business.publish("2026-03-06T02:00:00Z")
        #expect(
            try loaded.cleared().sorted() == [
                "unapplied_emission 2026-03-05 loaded B-1",
                "unapplied_emission 2026-03-05 loaded P-1",
            ])
    }

    @Test func transactionsAreInNoDumpAndDoNotAge() throws {
        var business = try SmallBusiness("settle: {commission: {percent: 10}}\n")
        business.payment("P-1", seller: "esi@example.com")
        business.line("S-1", of: "P-1")
        let first = try business.publish("2026-03-04T02:00:00Z")
        #expect(
            try first.table("carried/emissions.csv")["thing"].sorted() == ["commission", "payout"])
        let later = try business.publish("2026-12-31T02:00:00Z")
        #expect(try later.breaks("code") == [])
        #expect(try later.table("carried/emissions.csv").rows.count == 2)
    }
}
