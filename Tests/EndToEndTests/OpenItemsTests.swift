import Foundation
import Testing

/// Breaks from night to night: since when they are known, how old they are, what cleared them.
@Suite struct OpenItemsTests {
    /// Thursday, the first day on which a settlement of Monday's payment is missing.
    static let thursday = "2026-03-05T02:00:00Z"
    static let friday = "2026-03-06T02:00:00Z"
    static let monday = "2026-03-09T02:00:00Z"

    @Test func anItemKeepsItsIdAndFirstSeenAndAgesOnBusinessDays() throws {
        var business = try SmallBusiness()
        business.payment("P-1")
        let first = try business.publish(Self.thursday)
        let id = try #require(try first.breaks("break_id").first)
        #expect(
            try first.breaks("code", "first_seen", "age_days")
                == ["missing_settlement \(Self.thursday) 0"])
        #expect(try first.roll() == [0, 1, 0, 0, 1])
        let ages = [
            ("2026-03-05T23:59:59Z", 0), (Self.friday, 1), ("2026-03-07T02:00:00Z", 1),
            ("2026-03-08T23:00:00Z", 1), (Self.monday, 2), ("2026-03-16T02:00:00Z", 7),
        ]
        for (asOf, age) in ages {
            let run = try business.publish(asOf)
            #expect(
                try run.breaks("break_id", "first_seen", "age_days")
                    == ["\(id) \(Self.thursday) \(age)"], "as of \(asOf)")
            #expect(try run.roll() == [1, 0, 0, 0, 1])
            #expect(try run.cleared().isEmpty)
        }
        let items = try #require(
            try business.night.latest().json("report.json")["open_items"] as? [String: Any])
        let groups = try #require(items["by_age"] as? [[String: Any]])
        #expect(
            groups.map { $0["business_days"] as? String }
                == ["0-1", "2-5", "6-10", "11-30", "over 30"])
        #expect(groups.map { $0["count"] as? Int } == [0, 0, 1, 0, 0])
        #expect(groups[2]["at_risk"] as? [String: String] == ["GHS": "100.00"])
    }

    @Test func holidaysAndTheZoneDecideAboutTheAge() throws {
        var business = try SmallBusiness(
            timezone: "Pacific/Auckland", "settle: {holidays: [2026-03-06]}\n")
        business.payment("P-1", status: "pending")
        // Both moments lie on Thursday in UTC; in Auckland the second one on Friday, a holiday.
        try business.publish("2026-03-05T02:00:00Z")
        let night = try business.publish("2026-03-05T20:00:00Z")
        #expect(try night.breaks("code", "age_days") == ["stuck 0"])
        let sunday = try business.publish("2026-03-08T20:00:00Z")
        #expect(try sunday.breaks("age_days") == ["1"])
    }

    @Test func anItemIsClearedAndReopened() throws {
        var business = try SmallBusiness()
        business.payment("P-1")
        let first = try business.publish(Self.thursday)
        business.line("S-1", of: "P-1")
        let second = try business.publish(Self.friday)
        #expect(try second.breaks("code").filter { $0 != "late_settlement" } == [])
        #expect(try second.cleared() == ["missing_settlement 2026-03-05 settlement S-1"])
        #expect(try second.roll() == [1, 0, 0, 1, 0])
        business.remove("S-1")
        let third = try business.publish(Self.monday)
        #expect(
            try third.breaks("break_id", "first_seen", "age_days")
                == first.breaks("break_id").map { "\($0) \(Self.thursday) 2" })
        #expect(try third.roll() == [0, 0, 1, 0, 1])
        #expect(try third.cleared() == [])
    }

    /// What is done to a business with one open item, and what is then said to have cleared it.
    struct Clearing: Sendable, CustomTestStringConvertible {
        var code: String
        var cause: String
        var before: @Sendable (inout SmallBusiness) -> Void
        var after: @Sendable (inout SmallBusiness) -> Void

        var testDescription: String { "\(code) by \(cause)" }
    }

    static let clearings = [
        Clearing(code: "missing_settlement", cause: "status P-1 cancelled") {
            $0.payment("P-1")
        } after: {
            $0.payment("P-1", status: "cancelled")
        },
        Clearing(code: "missing_settlement", cause: "dump payment P-1") {
            $0.payment("P-1")
        } after: {
            $0.remove("P-1")
        },
        Clearing(code: "stuck", cause: "settlement S-1") {
            $0.payment("P-1", status: "pending")
        } after: {
            $0.line("S-1", of: "P-1")
        },
        Clearing(code: "stuck", cause: "status P-1 failed") {
            $0.payment("P-1", status: "pending")
        } after: {
            $0.payment("P-1", status: "failed")
        },
        Clearing(code: "false_failure", cause: "status P-1 succeeded") {
            $0.payment("P-1", status: "failed")
            $0.line("S-1", of: "P-1")
        } after: {
            $0.payment("P-1")
        },
        Clearing(code: "settled_short", cause: "settlement S-2") {
            $0.payment("P-1")
            $0.line("S-1", of: "P-1", "60.00")
        } after: {
            $0.line("S-2", of: "P-1", "40.00", at: "2026-03-03T11:00:00Z")
        },
        Clearing(code: "chargeback", cause: "settlement S-3") {
            $0.payment("P-1")
            $0.line("S-1", of: "P-1")
            $0.line("S-2", of: "P-1", type: "chargeback", at: "2026-03-03T11:00:00Z")
        } after: {
            $0.line("S-3", of: "P-1", type: "chargeback_reversal", at: "2026-03-05T11:00:00Z")
        },
        Clearing(code: "unknown_settlement", cause: "payment P-1") {
            $0.line("S-1", of: "P-1")
        } after: {
            $0.payment("P-1")
        },
        Clearing(code: "orphan_refund", cause: "dump settlement S-1") {
            $0.line("S-1", of: "P-9", type: "refund")
        } after: {
            $0.remove("S-1")
        },
        Clearing(code: "net_mismatch", cause: "settlement S-1") {
            $0.payment("P-1")
            $0.line("S-1", of: "P-1", net: "99.00")
        } after: {
            $0.line("S-1", of: "P-1", net: "100.00")
        },
        Clearing(code: "orphan_booking", cause: "payment P-1") {
            $0.booking("B-1")
        } after: {
            $0.payment("P-1")
            $0.line("S-1", of: "P-1")
        },
        Clearing(code: "orphan_booking", cause: "status B-1 cancelled") {
            $0.booking("B-1")
        } after: {
            $0.booking("B-1", status: "cancelled")
        },
        Clearing(code: "orphan_booking", cause: "dump booking B-1") {
            $0.booking("B-1")
        } after: {
            $0.remove("B-1")
        },
        Clearing(code: "duplicate_booking", cause: "status B-2 cancelled") {
            $0.payment("P-1")
            $0.line("S-1", of: "P-1")
            $0.booking("B-1", of: "P-1")
            $0.booking("B-2", of: "P-1", at: "2026-03-02T12:00:00Z")
        } after: {
            $0.booking("B-2", of: "P-1", status: "cancelled", at: "2026-03-02T12:00:00Z")
        },
        Clearing(code: "wrong_user", cause: "replaced booking_amount") {
            $0.payment("P-1")
            $0.line("S-1", of: "P-1")
            $0.booking("B-1", of: "P-1", user: "esi@example.com")
        } after: {
            $0.booking("B-1", of: "P-1", "70.00")
        },
    ]

    @Test(arguments: clearings)
    func theCauseOfAClearingIsTold(clearing: Clearing) throws {
        var business = try SmallBusiness()
        clearing.before(&business)
        let first = try business.publish(Self.thursday)
        #expect(try first.breaks("code", "first_seen") == ["\(clearing.code) \(Self.thursday)"])
        clearing.after(&business)
        let second = try business.publish(Self.friday)
        let cleared = try second.cleared()
        let expected = "\(clearing.code) 2026-03-05 \(clearing.cause)"
        #expect(cleared.count == 1)
        #expect(cleared.first?.hasPrefix(expected) == true, "\(cleared)")
        let ids = try second.table("cleared.csv")["break_id"]
        #expect(try ids == first.breaks("break_id"))
    }

    @Test func aReplacementNamesTheBreakInItsPlace() throws {
        var business = try SmallBusiness()
        business.payment("P-1")
        business.line("S-1", of: "P-1")
        business.booking("B-1", of: "P-1", user: "esi@example.com")
        try business.publish(Self.thursday)
        business.booking("B-1", of: "P-1", "70.00")
        let run = try business.publish(Self.friday)
        let id = try #require(try run.breaks("break_id").first)
        #expect(try run.cleared() == ["wrong_user 2026-03-05 replaced booking_amount \(id)"])
    }

    @Test func aBookingThatIsToldLaterClearsWhatWasNotIdentified() throws {
        var business = try SmallBusiness(
            "backfill: {kinds: {tour: {emit: booking, keywords: [tour]}}, default_kind: tour}\n")
        business.payment("P-1", description: "something")
        business.line("S-1", of: "P-1")
        let first = try business.publish(Self.thursday)
        #expect(try first.breaks("code") == ["unidentified_item"])
        business.booking("B-1", of: "P-1")
        let second = try business.publish(Self.friday)
        #expect(try second.cleared() == ["unidentified_item 2026-03-05 booking B-1"])
        #expect(try second.outcome("P-1") == "reconciled")
    }

    @Test func whatWasClearedIsRememberedNoLongerThanToldTo() throws {
        var business = try SmallBusiness("carry: {close_after: 5d}\n")
        business.payment("P-1")
        try business.publish(Self.thursday)
        business.line("S-1", of: "P-1")
        let cleared = try business.publish(Self.friday)
        #expect(try cleared.table("carried/open_items.csv")["state"] == ["cleared"])
        let kept = try business.publish("2026-03-11T02:00:00Z")
        #expect(try kept.table("carried/open_items.csv").rows.count == 1)
        let dropped = try business.publish("2026-03-11T02:00:01Z")
        #expect(try dropped.table("carried/open_items.csv").rows.isEmpty)
        business.remove("S-1")
        let back = try business.publish("2026-03-12T02:00:00Z")
        #expect(try back.roll() == [0, 1, 0, 0, 1])
        #expect(try back.breaks("first_seen") == ["2026-03-12T02:00:00Z"])
    }

    @Test func whatIsOnlyWorthKnowingIsNotCarried() throws {
        var business = try SmallBusiness("match: {tolerance: \"0.10\"}\n")
        business.payment("P-1")
        business.line("S-1", of: "P-1", "99.95")
        for asOf in [Self.thursday, Self.friday] {
            let run = try business.publish(asOf)
            #expect(try run.breaks("code", "first_seen", "age_days") == ["rounding \(asOf) 0"])
            #expect(try run.roll() == [0, 0, 0, 0, 0])
            #expect(try run.table("carried/open_items.csv").rows.isEmpty)
        }
    }

    @Test func aSelectionLimitsWhatIsEmittedAndNotWhatIsFound() throws {
        let night = try Night.tours()
        let all = try night.publish(out: night.workspace.at("all"))
        let some = try night.publish(
            ["--user", "ama@example.com", "--payment", "PAY-1017"], out: night.workspace.at("some"))
        #expect(
            try some.table("breaks.csv").columns("break_id", "code", "at_risk")
                == all.table("breaks.csv").columns("break_id", "code", "at_risk"))
        #expect(try some.emitted() != all.emitted())
        #expect(try some.roll() == all.roll())
    }

    @Test func aDryRunTellsOfTheRunBeforeAndChangesNothing() throws {
        var business = try SmallBusiness()
        business.payment("P-1")
        try business.publish(Self.thursday)
        let before = try FolderSnapshot(business.night.out)
        business.payment("P-2", status: "pending")
        try business.write()
        let ending = try business.night.run(["--dry-run"], asOf: Self.friday)
        #expect(ending.code == 3)
        #expect(ending.output.contains("2 breaks are open, 1 of them new"))
        #expect(before.differences(try FolderSnapshot(business.night.out)) == [])
    }
}
