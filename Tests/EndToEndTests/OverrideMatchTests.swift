import Foundation
import Testing

/// Decisions that say what belongs together.
@Suite struct OverrideMatchTests {
    static let thursday = OpenItemsTests.thursday
    static let friday = OpenItemsTests.friday
    static let monday = OpenItemsTests.monday

    /// A paid payment, and a booking of another amount that nobody can match to it but a person.
    private func withOrphan() throws -> (business: SmallBusiness, id: String) {
        var business = try SmallBusiness()
        business.payment("P-1")
        business.line("S-1", of: "P-1")
        business.booking("B-1", user: "esi@example.com")
        return (business, try business.id("orphan_booking", Self.thursday))
    }

    @Test func aBookingIsGivenToItsPayment() throws {
        var (business, id) = try withOrphan()
        try business.publish(Self.thursday)
        business.override(id, "match", target: "P-1")
        let run = try business.publish(Self.friday)
        #expect(try run.effects() == ["matched"])
        #expect(try run.breaks("code") == [])
        #expect(
            try run.table("booking_links.csv").columns("payment_id", "booking_id", "match_rule")
                == [["P-1", "B-1", "override"]])
        #expect(
            try run.table("bookings.csv").columns("payment_ids", "match_rule", "outcome")
                == [["P-1", "override", "linked"]])
        #expect(try run.cleared().count == 1)
        // It is told of once, and still holds.
        let next = try business.publish("2026-03-07T02:00:00Z")
        #expect(try next.emitted() == [:])
        #expect(try next.breaks("code") == [])
        #expect(try next.roll() == [0, 0, 0, 0, 0])
        // Once it is loaded the decision has nothing left to do.
        business.booking("B-1", of: "P-1", user: "esi@example.com")
        let loaded = try business.publish(Self.monday)
        #expect(try loaded.effects() == ["not_needed"])
        #expect(try loaded.table("bookings.csv")["match_rule"] == ["linked"])
    }

    @Test func withoutTheDecisionTheBookingIsAnOrphanAgain() throws {
        var (business, id) = try withOrphan()
        try business.publish(Self.thursday)
        business.override(id, "match", target: "P-1", expires: "2026-03-06")
        try business.publish(Self.friday)
        let run = try business.publish("2026-03-07T02:00:00Z")
        #expect(try run.effects() == ["expired"])
        #expect(try run.breaks("break_id") == [id])
        #expect(try run.roll() == [0, 0, 1, 0, 1])
    }

    @Test func aChangedBookingIsNotTheOneThatWasDecidedOn() throws {
        var (business, id) = try withOrphan()
        business.override(id, "match", target: "P-1")
        #expect(try business.publish(Self.thursday).effects() == ["matched"])
        business.booking("B-1", "900.00", user: "esi@example.com")
        let run = try business.publish(Self.friday)
        #expect(try run.effects() == ["rows_changed"])
        #expect(try run.breaks("break_id", "at_risk") == ["\(id) 900.00"])
        #expect(try run.roll() == [0, 0, 1, 0, 1])
    }

    @Test func aSettlementLineIsGivenToItsPayment() throws {
        var business = try SmallBusiness()
        business.payment("P-1")
        business.line("S-1", of: "P-1", reference: "MISTYPED")
        business.booking("B-1", of: "P-1")
        let first = try business.publish(Self.thursday)
        #expect(try first.breaks("code").sorted() == ["missing_settlement", "unknown_settlement"])
        business.override(
            try business.id("unknown_settlement", Self.thursday), "match", target: "P-1")
        let run = try business.publish(Self.friday)
        #expect(try run.effects() == ["matched"])
        #expect(try run.breaks("code") == [])
        #expect(try run.table("settlements.csv")["payment_id"] == ["P-1"])
        #expect(
            try run.table("payments.csv").columns("captured", "outcome") == [
                ["100.00", "reconciled"]
            ])
        #expect(try run.roll() == [2, 0, 0, 2, 0])
        #expect(try run.cleared().contains("missing_settlement 2026-03-05 settlement S-1"))
    }

    @Test func aPaymentIsGivenItsSettlementLine() throws {
        var business = try SmallBusiness()
        business.payment("P-1")
        business.line("S-1", of: "P-1", reference: "MISTYPED")
        business.override(
            try business.id("missing_settlement", Self.thursday), "match", target: "S-1")
        let run = try business.publish(Self.thursday)
        #expect(try run.effects() == ["matched"])
        #expect(try run.breaks("code") == [])
        #expect(try run.table("settlements.csv")["payment_id"] == ["P-1"])
    }

    @Test func aPaymentInDoubtIsGivenItsBooking() throws {
        var business = try SmallBusiness(
            "backfill: {kinds: {tour: {emit: booking, keywords: [tour]}}, default_kind: tour, "
                + "unidentified: emit}\n")
        for payment in ["P-1", "P-2"] {
            business.payment(payment, description: "tour \(payment)")
            business.line("S-\(payment)", of: payment)
        }
        business.booking("B-1")
        let first = try business.publishAlone(Self.thursday)
        let table = try first.table("breaks.csv")
        let doubtful = table.rows(where: "code", is: "ambiguous_booking")
        #expect(doubtful.count == 2)
        let row = try #require(doubtful.first { table.value($0, "payment_id") == "P-2" })
        business.override(table.value(row, "break_id"), "match", target: "B-1")
        let run = try business.publish(Self.thursday)
        #expect(try run.effects() == ["matched"])
        #expect(try run.breaks("code").filter { $0 == "ambiguous_booking" } == [])
        #expect(
            try run.table("booking_links.csv").columns("payment_id", "booking_id") == [
                ["P-2", "B-1"]
            ])
        // The other one has no booking then, and gets one.
        #expect(try run.table("new_bookings.csv")["payment_id"] == ["P-1"])
    }

    @Test(arguments: [("P-9", "unknown_target"), ("", "unknown_target"), ("S-1", "unknown_target")])
    func aTargetThatIsNowhereIsToldOf(target: String, effect: String) throws {
        var (business, id) = try withOrphan()
        business.override(id, "match", target: target)
        let run = try business.publish(Self.thursday)
        #expect(try run.effects() == [effect])
        #expect(try run.breaks("break_id") == [id])
    }

    @Test func aLineThatHasItsPaymentIsNotTaken() throws {
        var business = try SmallBusiness()
        business.payment("P-1")
        business.payment("P-2")
        business.line("S-2", of: "P-2")
        business.override(
            try business.id("missing_settlement", Self.thursday), "match", target: "S-2")
        let run = try business.publish(Self.thursday)
        #expect(try run.effects() == ["target_taken"])
        #expect(try run.breaks("code", "payment_id") == ["missing_settlement P-1"])
    }

    @Test func aBreakOfAnotherCodeCannotBeMatched() throws {
        var business = try SmallBusiness()
        business.payment("P-1", status: "pending")
        business.override(try business.id("stuck", Self.thursday), "match", target: "P-1")
        #expect(try business.publish(Self.thursday).effects() == ["not_matchable"])
    }
}
