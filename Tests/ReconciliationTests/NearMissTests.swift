import Records
import Rules
import TestKit
import Testing
import Time

@testable import Reconciliation

/// What comes closest to each break, and which condition failed by how much.
@Suite struct NearMissTests {
    @Test func moneyUnderAMiscopiedReferenceIsNamedOnBothSides() {
        var world = World()
        world.payment("P1", reference: "PAY-1001")
        world.payment("P2", reference: "PAY-2002", user: "kofi@example.com")
        world.line("S1", of: "PAY-10O1")
        world.line("S2", of: "PAY-2020")
        world.line("S3", of: "elsewhere", 777)
        #expect(
            world.reconciled().nearMisses == [
                "missing_settlement P1 - -: settlement S1 reference 1",
                "missing_settlement P2 - -: settlement S2 reference 2",
                "unknown_settlement - S1 -: payment P1 reference 1",
                "unknown_settlement - S2 -: payment P2 reference 2",
            ])
    }

    /// A payment's status and other lines, and the break whose near miss is a line nobody has.
    @Test func whateverWaitsForItsMoneyIsCompared() {
        for (status, hasFailed, code) in [
            (PaymentStatus.pending, false, "stuck"), (.succeeded, false, "missing_settlement"),
            (.succeeded, true, "false_success"),
        ] {
            var world = World()
            world.payment("P", status: status, reference: "R-1001")
            if hasFailed { world.line("F", of: "R-1001", state: .failed) }
            world.line("S", of: "R-1002")
            #expect(
                world.reconciled().nearMisses
                    == [
                        "\(code) P \(hasFailed ? "F" : "-") -: settlement S reference 1",
                        "unknown_settlement - S -: payment P reference 1",
                    ].sorted())
        }
    }

    @Test func aFalseSuccessHasItsFailedLineWhereNothingElseIsClose() {
        var world = World()
        world.payment("P")
        world.line("F", of: "P", state: .failed)
        #expect(world.reconciled().nearMisses == ["false_success P F -: settlement F status 0"])
    }

    @Test func capitalsAndPunctuationBringTogetherWhatNothingElseDoes() {
        var world = World()
        world.payment("P", reference: "INV 00-17")
        world.line("S", of: "inv/0017", 9_000, at: "2026-03-06T10:00:00Z")
        let found = world.reconciled().nearMisses
        #expect(
            found == [
                "missing_settlement P - -: settlement S reference 5",
                "unknown_settlement - S -: payment P reference 5",
            ])
    }

    @Test func theLeastDifferenceComesFirstAndThenTheNearestInTime() {
        var world = World()
        world.payment("P", at: "2026-03-02T10:00:00Z", reference: "R-1001")
        world.line("S1", of: "R-1022", at: "2026-03-02T10:00:01Z")
        world.line("S2", of: "R-1003", at: "2026-03-02T15:00:00Z")
        world.line("S3", of: "R-1004", at: "2026-03-02T13:00:00Z")
        world.line("S4", of: "R-1005", at: "2026-03-02T13:00:00Z")
        var generator = SeededGenerator(1)
        for _ in 0..<5 {
            world = world.shuffled(by: &generator)
            #expect(
                world.reconciled().nearMisses.contains(
                    "missing_settlement P - -: settlement S3 reference 1"))
        }
    }

    /// When the line came, its reference, amount and currency, and whether it is a near miss.
    @Test(arguments: [
        ("2026-03-05T10:00:00Z", "R-1002", Int64(10_000), "GHS", true),
        ("2026-03-05T10:00:01Z", "R-1002", 10_000, "GHS", false),
        ("2026-03-02T10:00:00Z", "R-1002", 10_001, "GHS", false),
        ("2026-03-02T10:00:00Z", "R-1002", 10_000, "USD", false),
        ("2026-03-02T11:00:00Z", "zzzzzzzz", 10_000, "GHS", true),
        ("2026-03-02T11:00:01Z", "zzzzzzzz", 10_000, "GHS", false),
    ])
    func onlyOneConditionMayFail(
        time: String, reference: String, gross: Int64, currency: String, isNear: Bool
    ) {
        var world = World()
        world.payment("P", at: "2026-03-02T10:00:00Z", reference: "R-1001")
        world.line("S", of: reference, gross, at: time, currency: currency)
        #expect(world.reconciled().nearMisses.isEmpty != isNear)
    }

    @Test func aPartThatIsMissingIsLookedForByItsAmount() {
        var world = World()
        world.payment("P", reference: "R-1001")
        world.line("S1", of: "R-1001", 6_000)
        world.line("S2", of: "R-1O01", 4_000)
        #expect(
            world.reconciled().nearMisses == [
                "settled_short P - -: settlement S2 reference 1",
                "unknown_settlement - S2 -: payment P reference 1",
            ])
    }

    @Test(arguments: [
        (Int64(9_000), "settled_short", Int64(1_000)), (10_300, "settled_over", 300),
        (10_002, "rounding", 2),
    ])
    func aDifferenceIsThatOfItsOwnLine(gross: Int64, code: String, difference: Int64) {
        var world = World()
        world.rules.match.tolerance = 2
        world.payment("P")
        world.line("S", of: "P", gross)
        #expect(
            world.reconciled().nearMisses == ["\(code) P - -: settlement S amount \(difference)"])
    }

    @Test func theSecondChargeMayBeAnotherPaymentsMoney() {
        var world = World()
        world.payment("P1", reference: "R-1001")
        world.payment("P2", at: "2026-03-02T11:00:00Z", reference: "R-1002")
        world.line("S1", of: "R-1001", at: "2026-03-02T10:01:00Z")
        world.line("S2", of: "R-1001", at: "2026-03-02T11:01:00Z")
        #expect(
            world.reconciled().nearMisses == [
                "duplicate_settlement P1 S2 -: payment P2 reference 1",
                "missing_settlement P2 - -: settlement S2 reference 1",
            ])
    }

    @Test func moneyThatWentBackUnderAnotherReferenceIsNamed() {
        var world = World()
        world.payment("P1", reference: "R-1001", refunded: 4_000)
        world.line("S1", of: "R-1001")
        world.line("R1", of: "R-1O01", 4_000, type: .refund)
        world.payment("P2", 20_000, reference: "R-2001", user: "kofi@example.com")
        world.line("S2", of: "R-2001", 20_000)
        world.line("B2", of: "R-2001", 20_000, type: .chargeback)
        world.line("V2", of: "R-2O01", 20_000, type: .chargebackReversal)
        world.payment("P3", 30_000, reference: "R-3001", user: "esi@example.com")
        world.line("S3", of: "R-3001", 30_000)
        world.line("R3", of: "R-3O01", 30_000, type: .refund)
        #expect(
            world.reconciled().nearMisses == [
                "chargeback P2 - -: settlement V2 reference 1",
                "orphan_chargeback - V2 -: payment P2 reference 1",
                "orphan_refund - R1 -: payment P1 reference 1",
                "orphan_refund - R3 -: payment P3 reference 1",
                "refund_unsettled P1 - -: settlement R1 reference 1",
            ])
    }

    @Test func aLineInAnotherCurrencyAndALateOneAreNamed() {
        var world = World(asOf: "2026-03-20T20:00:00Z")
        world.payment("P1")
        world.line("S1", of: "P1", currency: "USD")
        // Due on Wednesday the 4th; two days late.
        world.payment("P2", user: "kofi@example.com")
        world.line("S2", of: "P2", settledOn: "2026-03-06")
        #expect(
            world.reconciled().nearMisses == [
                "currency_mismatch P1 - -: settlement S1 currency 0",
                "late_settlement P2 - -: settlement S2 time 172800000000",
            ])
    }

    /// A booking left over beside one payment: how the payment differs, and what is told of it.
    @Test(arguments: [
        ("amount", "payment P amount 500"), ("time", "payment P time 3600000000"),
        ("item", "payment P item 0"), ("status", "payment P status 0"),
        ("currency", "payment P currency 0"), ("user", "payment P user 0"),
        ("taken", "payment P taken 0"), ("amount and time", ""), ("user and item", ""),
    ])
    func anOrphanBookingHasThePaymentThatFitsButForOneCondition(what: String, miss: String) {
        var world = World(settlements: false)
        world.payment(
            "P", what.contains("amount") ? 10_500 : 10_000,
            status: what == "status" ? .failed : .succeeded,
            at: what.contains("time") ? "2026-02-27T09:05:00Z" : "2026-03-02T10:00:00Z",
            user: what.contains("user") ? "kofi@example.com" : "ama@example.com",
            currency: what == "currency" ? "USD" : "GHS")
        world.itemOfPayment["P"] = what.contains("item") ? "garden" : "castle"
        if what == "taken" { world.booking("T", payment: "P") }
        world.booking("B")
        world.itemOfBooking["B"] = "castle"
        let found = world.reconciled()
        #expect(found.breaks == ["orphan_booking - - B 10000"])
        #expect(found.nearMisses == (miss.isEmpty ? [] : ["orphan_booking - - B: \(miss)"]))
    }

    @Test func whatStandsInTheWayOfSeveralConditionsComesInAnOrder() {
        var world = World(settlements: false)
        world.payment("P1", 10_500)
        world.payment("P2", 10_300)
        world.payment("P3", user: "kofi@example.com")
        world.booking("B")
        #expect(world.reconciled().nearMisses == ["orphan_booking - - B: payment P2 amount 300"])
        world.payment("P4", at: "2026-02-20T10:05:00Z")
        #expect(
            world.reconciled().nearMisses == [
                "orphan_booking - - B: payment P4 time 604800000000"
            ])
    }

    /// Bookings that hang on the wrong payment, beside one that has none.
    @Test func anotherPaymentThatFitsIsNamedWhereTheBookingNamesAWrongOne() {
        var world = World(settlements: false)
        world.payment("P1", status: .failed)
        world.payment("P2", at: "2026-03-02T10:03:00Z")
        world.booking("B", payment: "P1")
        #expect(world.reconciled().nearMisses == ["unpaid_booking P1 - B: payment P2 link 0"])

        world = World(settlements: false)
        world.payment("P1")
        world.payment("P2", at: "2026-03-02T11:00:00Z")
        world.booking("B1", payment: "P1")
        world.booking("B2", payment: "P1", at: "2026-03-02T11:05:00Z")
        #expect(world.reconciled().nearMisses == ["duplicate_booking P1 - B2: payment P2 link 0"])

        world = World(settlements: false)
        world.payment("P1", user: "kofi@example.com")
        world.payment("P2")
        world.booking("B", payment: "P1")
        #expect(world.reconciled().nearMisses == ["wrong_user P1 - B: payment P2 link 0"])
    }

    @Test func whatATotalLacksIsLookedForByItsAmount() {
        var world = World(settlements: false)
        world.payment("deposit", 3_000, booking: "B")
        world.payment("rest", 7_000)
        world.booking("B")
        #expect(
            world.reconciled().nearMisses == ["booking_amount deposit - B: payment rest link 0"])

        world = World(settlements: false)
        world.payment("cart", 10_000)
        world.booking("B1", 4_000, payment: "cart")
        world.booking("B2", 6_000, payment: "none")
        #expect(
            world.reconciled().nearMisses.contains(
                "booking_amount cart - B1: booking B2 link 0"))
    }

    @Test func doubtNamesTheBookingInDoubt() {
        var world = World(settlements: false)
        world.payment("P1", at: "2026-03-02T10:00:00Z")
        world.payment("P2", at: "2026-03-02T10:10:00Z")
        world.booking("B", at: "2026-03-02T10:05:00Z")
        world.itemOfPayment = ["P1": "castle", "P2": "garden"]
        #expect(
            world.reconciled().nearMisses == [
                "ambiguous_booking P1 - -: booking B doubt 0",
                "ambiguous_booking P2 - -: booking B doubt 0",
            ])
    }

    @Test func aDuplicatePaymentNamesTheOneBefore() {
        var world = World(settlements: false)
        world.payment("P1", subject: 1)
        world.payment("P2", at: "2026-03-02T10:01:00Z", subject: 1)
        #expect(
            world.reconciled().nearMisses == ["duplicate_payment P2 - -: payment P1 reference 0"])
    }

    /// Small random worlds with near misses of every kind, told in different orders.
    @Test(arguments: 0..<200)
    func shuffledRowsGiveTheSame(seed: Int) {
        let world = RowOrderTests.world(seed)
        let expected = world.reconciled().nearMisses
        var generator = SeededGenerator(UInt64(seed) + 5_000)
        for _ in 0..<3 {
            #expect(world.shuffled(by: &generator).reconciled().nearMisses == expected)
        }
    }

    /// Distances compared with the plain recursive definition.
    @Test(arguments: 0..<200)
    func distancesAreThoseOfTheDefinition(seed: Int) {
        var generator = SeededGenerator(UInt64(seed))
        func text() -> String {
            String(
                (0..<Int.random(in: 0...6, using: &generator)).map { _ in
                    ["a", "b", "é"][Int.random(in: 0..<3, using: &generator)]
                }.joined())
        }
        func plain(_ left: [Character], _ right: [Character]) -> Int {
            guard let first = left.first, let second = right.first
            else { return max(left.count, right.count) }
            let rest = Array(left.dropFirst())
            let others = Array(right.dropFirst())
            if first == second { return plain(rest, others) }
            return 1 + min(plain(rest, right), plain(left, others), plain(rest, others))
        }
        let (left, right) = (text(), text())
        #expect(
            ReferenceText(left).distance(to: ReferenceText(right))
                == plain(Array(left), Array(right)), "\(left) \(right)")
    }
}
