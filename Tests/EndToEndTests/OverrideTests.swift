import Foundation
import Testing

/// Decisions of two people about breaks: when they hold, and when they do not.
@Suite struct OverrideTests {
    static let thursday = OpenItemsTests.thursday
    static let friday = OpenItemsTests.friday
    static let monday = OpenItemsTests.monday

    /// A business with a settlement missing, which a run on Thursday found; and the break's id.
    private func business(
        timezone: String = "Africa/Accra"
    ) throws -> (business: SmallBusiness, id: String) {
        var business = try SmallBusiness(timezone: timezone)
        business.payment("P-1")
        let run = try business.publish(Self.thursday)
        return (business, try #require(try run.breaks("break_id").first))
    }

    @Test(arguments: ["accept", "write_off", "ignore", "Accept", ""])
    func aDecisionClosesItsBreakForAsLongAsItStands(action: String) throws {
        var (business, id) = try business()
        #expect(try business.night.run(["--no-archive"], asOf: Self.thursday).code == 3)
        business.override(id, action)
        try business.write()
        #expect(try business.night.run(["--no-archive"], asOf: Self.friday).code == 0)
        let run = try business.night.latest()
        #expect(try run.breaks("code") == [])
        let word = action.isEmpty ? "accept" : action.lowercased()
        #expect(
            try run.cleared() == [
                "missing_settlement 2026-03-05 override \(word) by esi@example.com/yaw@example.com"
            ])
        #expect(try run.roll() == [1, 0, 0, 1, 0])
        #expect(try run.effects() == ["closed"])
        #expect(try run.outcome("P-1") == "reconciled")
        #expect(try run.json("report.json")["verdict"] as? String == "clean")
        let next = try business.publish(Self.monday)
        #expect(try next.breaks("code") == [])
        #expect(try next.cleared() == [])
        #expect(try next.roll() == [0, 0, 0, 0, 0])
        #expect(try next.effects() == ["closed"])
        business.remove(id)
        let back = try business.publish("2026-03-10T02:00:00Z")
        #expect(
            try back.breaks("break_id", "first_seen", "age_days") == ["\(id) \(Self.thursday) 3"])
        #expect(try back.roll() == [0, 0, 1, 0, 1])
        #expect(try back.outcome("P-1") == "break")
    }

    @Test func aBreakOfTheVeryFirstRunCanBeClosed() throws {
        var business = try SmallBusiness()
        business.payment("P-1")
        business.override(try business.id("missing_settlement", Self.thursday))
        let run = try business.publish(Self.thursday)
        #expect(try run.breaks("code") == [])
        #expect(try run.roll() == [0, 1, 0, 1, 0])
        #expect(
            try run.cleared() == [
                "missing_settlement 2026-03-05 override accept by esi@example.com/yaw@example.com"
            ])
    }

    @Test(arguments: [
        ("same_person", "esi@example.com", " ESI@example.com", "accept", ""),
        ("expired", "esi", "yaw", "accept", "2026-03-05"),
        ("expired", "esi", "yaw", "accept", "2026-03-05T23:59:59Z"),
        ("unknown_action", "esi", "yaw", "close", ""),
        ("unreadable_expiry", "esi", "yaw", "accept", "next week"),
        ("not_matchable", "esi", "yaw", "match", ""),
    ])
    func whatDoesNotHoldIsToldOfAndClosesNothing(
        effect: String, maker: String, checker: String, action: String, expires: String
    ) throws {
        var business = try SmallBusiness()
        business.payment("P-1", status: "pending")
        let first = try business.publish(Self.thursday)
        let id = try #require(try first.breaks("break_id").first)
        business.override(id, action, maker: maker, checker: checker, expires: expires)
        let run = try business.publish(Self.friday)
        #expect(try run.breaks("break_id") == [id])
        #expect(try run.effects() == [effect])
        #expect(try run.roll() == [1, 0, 0, 0, 1])
        let page = try Files.text(run.folder + "/report.html")
        #expect(page.contains("without effect"))
    }

    @Test func aBreakThatNobodyKnowsIsToldOf() throws {
        var (business, _) = try business()
        business.override("BR-0000000000000000")
        let run = try business.publish(Self.friday)
        #expect(try run.effects() == ["unknown_break"])
        #expect(try run.roll() == [1, 0, 0, 0, 1])
    }

    @Test(arguments: ["2026-03-06", "2026-03-06T00:00:00Z", "2026-03-06T09:00:00+00:00"])
    func itHoldsThroughItsLastDayAndIsReopenedOnTheNext(expires: String) throws {
        var (business, id) = try business()
        business.override(id, expires: expires)
        let last = try business.publish("2026-03-06T23:59:59Z")
        #expect(try last.effects() == ["closed"])
        let next = try business.publish("2026-03-07T00:00:00Z")
        #expect(try next.effects() == ["expired"])
        #expect(try next.roll() == [0, 0, 1, 0, 1])
        #expect(try next.breaks("break_id", "first_seen") == ["\(id) \(Self.thursday)"])
    }

    @Test func theLastDayIsOneOfThePipelinesZone() throws {
        var (business, id) = try business(timezone: "Pacific/Auckland")
        business.override(id, expires: "2026-03-06")
        let last = try business.publish("2026-03-06T10:00:00Z")
        #expect(try last.effects() == ["closed"])
        let next = try business.publish("2026-03-06T11:00:00Z")
        #expect(try next.effects() == ["expired"])
    }

    @Test func itIsVoidWhileItsRowsSaySomethingElse() throws {
        var (business, id) = try business()
        business.override(id)
        let closed = try business.publish(Self.friday)
        #expect(try closed.effects() == ["closed"])
        business.payment("P-1", user: "kofi@example.com")
        let changed = try business.publish("2026-03-07T02:00:00Z")
        #expect(try changed.effects() == ["rows_changed"])
        #expect(try changed.breaks("break_id", "first_seen") == ["\(id) \(Self.thursday)"])
        #expect(try changed.roll() == [0, 0, 1, 0, 1])
        // To take the decision away for a night does not make it a new one.
        business.remove(id)
        try business.publish("2026-03-08T02:00:00Z")
        business.override(id)
        let again = try business.publish(Self.monday)
        #expect(try again.effects() == ["rows_changed"])
        // What the two approved stands there again.
        business.payment("P-1")
        let back = try business.publish("2026-03-10T02:00:00Z")
        #expect(try back.effects() == ["closed"])
        #expect(try back.roll() == [1, 0, 0, 1, 0])
    }

    @Test func aNewDecisionIsAboutTheRowsAsTheyAreNow() throws {
        var (business, id) = try business()
        business.override(id)
        try business.publish(Self.friday)
        business.payment("P-1", user: "kofi@example.com")
        business.override(id, reason: "seen again", name: "second")
        let run = try business.publish(Self.monday)
        #expect(try run.effects().sorted() == ["closed", "rows_changed"])
        #expect(try run.breaks("code") == [])
    }

    @Test(arguments: [
        ("100.0", "2026-03-02T10:00:00Z"), ("100", "2026-03-02 10:00:00"),
        ("100.00", "2026-03-02T12:00:00+02:00"),
    ])
    func anotherHabitOfWritingIsNoChange(amount: String, created: String) throws {
        var (business, id) = try business()
        business.override(id)
        try business.publish(Self.friday)
        business.payment("P-1", amount, status: "SUCCEEDED", at: created, user: "AMA@example.com")
        let run = try business.publish(Self.monday)
        #expect(try run.effects() == ["closed"])
    }

    @Test func moreMoneyInDoubtIsAChange() throws {
        var business = try SmallBusiness()
        business.payment("P-1")
        business.line("S-1", of: "P-1", "90.00")
        let first = try business.publish(Self.thursday)
        business.override(try #require(try first.breaks("break_id").first), "write_off")
        #expect(try business.publish(Self.friday).effects() == ["closed"])
        business.line("S-1", of: "P-1", "50.00")
        let run = try business.publish(Self.monday)
        #expect(try run.effects() == ["rows_changed"])
        #expect(try run.breaks("code", "at_risk") == ["settled_short 50.00"])
    }

    @Test func aPaymentKeepsTheBreaksThatNobodyClosed() throws {
        var business = try SmallBusiness()
        business.payment("P-1")
        business.line("S-1", of: "P-1", "90.00")
        business.booking("B-1", of: "P-1", "70.00")
        let first = try business.publish(Self.thursday)
        let table = try first.table("breaks.csv")
        let short = try #require(table.rows(where: "code", is: "settled_short").first)
        business.override(table.value(short, "break_id"))
        let run = try business.publish(Self.friday)
        #expect(try run.breaks("code") == ["booking_amount"])
        #expect(try run.table("payments.csv")["breaks"] == ["booking_amount"])
        #expect(try run.outcome("P-1") == "break")
    }

    @Test func anAcceptedUnidentifiedItemIsNotBooked() throws {
        var business = try SmallBusiness(
            "backfill: {kinds: {tour: {emit: booking, keywords: [tour]}}, default_kind: tour}\n")
        business.payment("P-1", description: "something")
        business.line("S-1", of: "P-1")
        business.override(try business.id("unidentified_item", Self.thursday))
        let run = try business.publish(Self.thursday)
        #expect(try run.emitted() == [:])
        #expect(try run.breaks("code") == [])
        #expect(try run.outcome("P-1") == "reconciled")
    }

    @Test func aDecisionWithoutACheckerIsRejectedAndTheRunGoesOn() throws {
        var (business, id) = try business()
        business.override(id, checker: " ")
        let run = try business.publish(Self.friday)
        #expect(
            try run.table("rejects.csv").columns("file", "column") == [
                ["overrides.csv", "checker"]
            ])
        #expect(try run.breaks("break_id") == [id])
        #expect(try run.effects() == [])
    }

    @Test func theOrderOfDecisionsHasNoSay() throws {
        var (business, id) = try business()
        business.override(id, "ignore", name: "c")
        business.override(id, "accept", name: "a")
        business.override(id, "accept", name: "b")
        business.override(id, "accept", expires: "2020-01-01", name: "d")
        business.override("BR-1", name: "e")
        try business.write()
        let one = business.night.workspace.at("one")
        let other = business.night.workspace.at("other")
        try Files.copy(business.night.out, to: one)
        try Files.copy(business.night.out, to: other)
        let first = try business.night.publish(asOf: Self.friday, out: one)
        try business.write(isReversed: true)
        let second = try business.night.publish(asOf: Self.friday, out: other)
        // The repetition counts once.
        #expect(
            try first.effects().sorted() == ["closed", "expired", "not_needed", "unknown_break"])
        #expect(try first.effects() == second.effects())
        #expect(try first.cleared() == second.cleared())
        #expect(
            try Files.bytes(first.folder + "/carried/overrides.csv")
                == Files.bytes(second.folder + "/carried/overrides.csv"))
    }
}
