import Reconciliation
import Records
import Rules
import TestKit
import Testing
import Time

/// Payments and bookings that name nothing: matched by user, currency, amount, time and item.
@Suite struct AttributeMatchTests {
    @Test(arguments: [
        ("2026-03-05T10:00:00Z", true), ("2026-02-27T10:00:00Z", true),
        ("2026-03-05T10:00:00.000001Z", false), ("2026-02-27T09:59:59.999999Z", false),
        ("2026-03-02T10:00:00Z", true),
    ])
    func theWindowIncludesItsBounds(booked: String, isMatched: Bool) {
        var world = World(settlements: false)
        world.payment("P", at: "2026-03-02T10:00:00Z")
        world.booking("B", at: booked)
        let found = world.reconciled()
        #expect(found.links == (isMatched ? ["P B attributes"] : []))
        #expect(found.outcome(ofBooking: "B") == (isMatched ? .linked : .orphan))
    }

    @Test func userCurrencyAndAmountMustBeTheSame() {
        var world = World(settlements: false)
        world.payment("P")
        world.booking("B1", user: "kofi@example.com")
        world.booking("B2", currency: "USD")
        world.booking("B3", 10_001)
        #expect(world.reconciled().links.isEmpty)
    }

    @Test(arguments: [
        ("castle", "castle", true), ("castle", "garden", false), ("castle", nil, true),
        (nil, "garden", true), (nil, nil, true),
    ])
    func itemsMustNotContradictWhereBothAreKnown(
        paid: String?, booked: String?, isMatched: Bool
    ) {
        var world = World(settlements: false)
        world.payment("P")
        world.booking("B")
        world.itemOfPayment["P"] = paid
        world.itemOfBooking["B"] = booked
        #expect(world.reconciled().links == (isMatched ? ["P B attributes"] : []))
    }

    @Test(arguments: [PaymentStatus.failed, .cancelled, .pending])
    func onlySucceededPaymentsAreMatched(status: PaymentStatus) {
        var world = World(settlements: false)
        world.payment("P", status: status)
        world.booking("B")
        #expect(world.reconciled().links.isEmpty)
    }

    @Test func aPendingPaymentWithItsChargeIsMatched() {
        var world = World()
        world.payment("P", status: .pending)
        world.line("S", of: "P")
        world.booking("B")
        #expect(world.reconciled().links == ["P B attributes"])
    }

    @Test func aBookingThatNamesAnotherPaymentIsNotTaken() {
        var world = World(settlements: false)
        world.payment("P1")
        world.booking("B1", payment: "elsewhere")
        #expect(world.reconciled().links.isEmpty)
    }

    @Test func aPaymentThatHasItsBookingTakesNoOther() {
        var world = World(settlements: false)
        world.payment("P1")
        world.booking("B1", payment: "P1")
        world.booking("B2")
        #expect(world.reconciled().breaks == ["orphan_booking - - B2 10000"])
    }

    @Test func mostPairsComeBeforeTheLeastDifference() {
        var world = World(settlements: false)
        world.rules.match.window = TimeSpan(seconds: 3600)
        // P2 is nearest to B1, but then P1 would have nothing within its window.
        world.payment("P1", at: "2026-03-02T09:10:00Z")
        world.payment("P2", at: "2026-03-02T10:00:00Z")
        world.booking("B1", at: "2026-03-02T10:00:00Z")
        world.booking("B2", at: "2026-03-02T10:50:00Z")
        #expect(world.reconciled().links == ["P1 B1 attributes", "P2 B2 attributes"])
    }

    @Test func ofEquallyManyPairsTheLeastTotalDifferenceCounts() {
        var world = World(settlements: false)
        world.payment("P1", at: "2026-03-02T10:00:00Z")
        world.payment("P2", at: "2026-03-02T11:00:00Z")
        world.payment("P3", at: "2026-03-02T12:00:00Z")
        world.booking("B1", at: "2026-03-02T11:01:00Z")
        world.booking("B2", at: "2026-03-02T12:01:00Z")
        #expect(world.reconciled().links == ["P2 B1 attributes", "P3 B2 attributes"])
    }

    @Test func aBookingWithoutTimeIsTakenLast() {
        var world = World(settlements: false)
        world.payment("P1")
        world.booking("B0", at: nil)
        world.booking("B1", at: "2026-03-02T12:00:00Z")
        #expect(world.reconciled().links == ["P1 B1 attributes"])
        world.payment("P2", at: "2026-12-24T10:00:00Z")
        #expect(world.reconciled().links == ["P1 B1 attributes", "P2 B0 attributes"])
    }

    @Test func differentThingsLeftToBeBookedAreAmbiguous() {
        var world = World(settlements: false)
        world.payment("P1", at: "2026-03-02T10:00:00Z")
        world.payment("P2", at: "2026-03-02T10:10:00Z")
        world.booking("B", at: "2026-03-02T10:05:00Z")
        world.itemOfPayment = ["P1": "castle", "P2": "garden"]
        let found = world.reconciled()
        #expect(found.links.isEmpty)
        #expect(found.ambiguous == ["P1", "P2"])
        #expect(
            found.breaks == ["ambiguous_booking P1 - - 10000", "ambiguous_booking P2 - - 10000"])
        #expect(found.outcome(ofBooking: "B") == .open)
    }

    @Test func theSameThingIsChosenByTimeAndId() {
        var world = World(settlements: false)
        world.payment("P2", at: "2026-03-02T10:10:00Z")
        world.payment("P1", at: "2026-03-02T10:00:00Z")
        world.booking("B", at: "2026-03-02T10:05:00Z")
        world.contentOfPayment = ["P1": "castle for two", "P2": "castle for two"]
        var generator = SeededGenerator(5)
        let chosen = world.reconciled().links
        #expect(chosen.count == 1)
        for _ in 0..<10 {
            #expect(world.shuffled(by: &generator).reconciled().links == chosen)
        }
    }

    @Test func doubtInOneGroupLeavesOthersAlone() {
        var world = World(settlements: false)
        world.payment("P1", at: "2026-03-02T10:00:00Z")
        world.payment("P2", at: "2026-03-02T10:10:00Z")
        world.booking("B", at: "2026-03-02T10:05:00Z")
        world.itemOfPayment = ["P1": "castle", "P2": "garden"]
        // The same user and amount a month later.
        world.payment("P3", at: "2026-04-02T10:10:00Z")
        world.booking("B3", at: "2026-04-02T10:11:00Z")
        let found = world.reconciled()
        #expect(found.links == ["P3 B3 attributes"])
        #expect(found.ambiguous == ["P1", "P2"])
    }

    @Test func unlikeTimesSettleWhatWouldBeLeft() {
        var world = World(settlements: false)
        world.payment("P1", at: "2026-03-02T10:00:00Z")
        world.payment("P2", at: "2026-03-02T10:10:00Z")
        world.booking("B", at: "2026-03-02T10:04:59Z")
        world.itemOfPayment = ["P1": "castle", "P2": "garden"]
        let found = world.reconciled()
        #expect(found.ambiguous.isEmpty)
        #expect(found.links == ["P1 B attributes"])
    }

    @Test(arguments: [AttributeMatcher.largestGroup, AttributeMatcher.largestGroup + 1])
    func groupsBeyondTheBoundAreAmbiguousAsAWhole(size: Int) {
        var world = World(settlements: false)
        for number in 0..<size {
            let minute = number % 60 < 10 ? "0\(number % 60)" : "\(number % 60)"
            world.payment("P\(number)", at: "2026-03-02T1\(number / 60):\(minute):00Z")
            world.booking("B\(number)", at: "2026-03-02T1\(number / 60):\(minute):30Z")
        }
        let found = world.reconciled()
        let isWithin = size <= AttributeMatcher.largestGroup
        #expect(found.links.count == (isWithin ? size : 0))
        #expect(found.ambiguous.count == (isWithin ? 0 : size))
    }

    @Test func aWindowOfCenturiesDoesNotOverflow() {
        var world = World(settlements: false)
        world.rules.match.window = TimeSpan(seconds: 3_155_760_000_000)
        world.payment("P1", at: "0002-01-01T00:00:00Z")
        world.payment("P2")
        world.booking("B1", at: "9998-01-01T00:00:00Z")
        world.booking("B2")
        world.booking("B3", at: nil)
        #expect(world.reconciled().links.contains("P2 B2 attributes"))
    }
}
