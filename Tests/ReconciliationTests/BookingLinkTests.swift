import Reconciliation
import Records
import Rules
import TestKit
import Testing

/// Payments and bookings that name each other, or the same order.
@Suite struct BookingLinkTests {
    @Test func aBookingNamesItsPaymentByIdOrByReference() {
        var world = World(settlements: false)
        world.payment("P1", reference: "R1")
        world.payment("P2", reference: "R2", user: "kofi@example.com")
        world.booking("B1", payment: "P1")
        world.booking("B2", payment: "R2", user: "kofi@example.com")
        let found = world.reconciled()
        #expect(found.links == ["P1 B1 linked", "P2 B2 linked"])
        #expect(found.breaks.isEmpty)
        #expect(found.outcome(ofBooking: "B1") == .matched)
    }

    @Test func anIdComesBeforeAnothersReference() {
        var world = World(settlements: false)
        world.payment("X", reference: "R1", user: "kofi@example.com")
        world.payment("Y", reference: "X")
        world.booking("B", payment: "X", user: "kofi@example.com")
        #expect(world.reconciled().links == ["X B linked"])
    }

    @Test func aPaymentNamesItsBookingAndBothSayingTheSameIsOneLink() {
        var world = World(settlements: false)
        world.payment("P1", booking: "B1")
        world.payment("P2", user: "kofi@example.com", booking: "B2")
        world.payment("P3", user: "esi@example.com", booking: "none")
        world.booking("B1")
        world.booking("B2", payment: "P2", user: "kofi@example.com")
        #expect(world.reconciled().links == ["P1 B1 linked", "P2 B2 linked"])
    }

    /// Payments' and bookings' amounts of one group, the tolerance, and its breaks.
    static let groups: [([Int64], [Int64], Int64, [String])] = [
        ([10_000], [10_000], 0, []),
        ([10_000], [4_000, 6_000], 0, []),
        ([3_000, 7_000], [10_000], 0, []),
        ([10_000], [9_999], 0, ["booking_amount P0 - B0 1"]),
        ([10_000], [9_999], 1, []),
        ([10_000], [10_002], 1, ["booking_amount P0 - B0 2"]),
        ([10_000], [4_000, 5_000], 0, ["booking_amount P0 - B0 1000"]),
        ([3_000, 6_000], [10_000], 0, ["booking_amount P0 - B0 1000"]),
        ([10_000], [10_000, 10_000], 0, ["duplicate_booking P0 - B1 10000"]),
        (
            [10_000], [10_000, 10_000, 10_000], 0,
            ["duplicate_booking P0 - B1 10000", "duplicate_booking P0 - B2 10000"]
        ),
        ([10_000], [10_000, 10_000, 1], 0, ["booking_amount P0 - B0 10001"]),
        ([0], [0], 0, []),
    ]

    @Test(arguments: BookingLinkTests.groups.indices, [true, false])
    func theTotalsOfAGroupAreCompared(index: Int, isReversed: Bool) {
        let (payments, bookings, tolerance, breaks) = BookingLinkTests.groups[index]
        var world = World(settlements: false)
        world.rules.match.tolerance = tolerance
        let order = isReversed ? Array(payments.indices.reversed()) : Array(payments.indices)
        for number in order {
            world.payment(
                "P\(number)", payments[number], booking: payments.count > 1 ? "B0" : nil)
        }
        let bookingOrder = isReversed ? Array(bookings.indices.reversed()) : Array(bookings.indices)
        for number in bookingOrder {
            world.booking(
                "B\(number)", bookings[number], payment: payments.count > 1 ? nil : "P0")
        }
        let found = world.reconciled()
        #expect(found.breaks == breaks)
        for number in bookings.indices {
            let isDuplicate = breaks.contains { $0.contains("duplicate_booking P0 - B\(number)") }
            #expect(found.outcome(ofBooking: "B\(number)") == (isDuplicate ? .duplicate : .matched))
        }
    }

    /// Payments with what was given back of each, bookings, and the breaks.
    static let refunded: [([(Int64, Int64)], [Int64], [String])] = [
        // A courtesy, and a participant fewer.
        ([(10_000, 2_000)], [10_000], []),
        ([(10_000, 2_000)], [8_000], []),
        ([(10_000, 2_000)], [9_000], ["booking_amount P0 - B0 1000"]),
        ([(3_000, 1_000), (7_000, 1_000)], [8_000], []),
        ([(3_000, 1_000), (7_000, 1_000)], [4_000, 6_000], []),
        ([(3_000, 1_000), (7_000, 1_000)], [9_000], ["booking_amount P0 - B0 1000"]),
        // What was given back as a whole pays for nothing.
        ([(3_000, 3_000), (7_000, 0)], [10_000], ["booking_amount P1 - B0 3000"]),
        ([(3_000, 3_000), (7_000, 0)], [7_000], []),
    ]

    @Test(arguments: BookingLinkTests.refunded.indices)
    func aPartlyRefundedGroupIsComparedWithAndWithoutItsRefunds(index: Int) {
        let (payments, bookings, breaks) = BookingLinkTests.refunded[index]
        var world = World()
        for (number, payment) in payments.enumerated() {
            world.payment("P\(number)", payment.0, booking: "B0")
            world.line("S\(number)", of: "P\(number)", payment.0)
            if payment.1 > 0 {
                world.line("R\(number)", of: "P\(number)", payment.1, type: .refund)
            }
        }
        for (number, amount) in bookings.enumerated() {
            world.booking("B\(number)", amount, payment: number == 0 ? nil : "P0")
        }
        #expect(world.reconciled().breaks == breaks)
    }

    /// A booking that was paid for in part, its balance, and when the run is.
    @Test(arguments: [
        (Int64(7_000), "2026-03-02T10:10:00Z", [String]()),
        (
            7_000, "2026-03-06T20:00:00Z",
            ["booking_amount deposit - B 7000", "stuck rest - - 7000"]
        ),
        (6_000, "2026-03-02T10:10:00Z", ["booking_amount deposit - B 7000"]),
    ])
    func aBalanceThatIsNotDueYetIsNoDifference(rest: Int64, asOf: String, breaks: [String]) {
        var world = World(asOf: asOf, settlements: false)
        world.payment("deposit", 3_000, booking: "B")
        world.payment("rest", rest, status: .pending, booking: "B")
        world.booking("B")
        #expect(world.reconciled().breaks == breaks)
    }

    @Test func aGroupOfSeveralCurrenciesHasNoTotal() {
        var world = World(settlements: false)
        world.payment("P1", 5_000, booking: "B")
        world.payment("P2", 5_000, currency: "USD", booking: "B")
        world.booking("B")
        #expect(world.reconciled().breaks == ["booking_amount P1 - B 10000"])
    }

    @Test func theEarliestOfDuplicateBookingsStands() {
        var world = World(settlements: false)
        world.payment("P")
        world.booking("B1", payment: "P", at: "2026-03-02T12:00:00Z")
        world.booking("B2", payment: "P", at: "2026-03-02T11:00:00Z")
        #expect(world.reconciled().breaks == ["duplicate_booking P - B1 10000"])
    }

    @Test func aCancelledBookingIsNoDuplicateAndCountsNothing() {
        var world = World(settlements: false)
        world.payment("P")
        world.booking("B1", payment: "P", status: .cancelled)
        world.booking("B2", payment: "P")
        let found = world.reconciled()
        #expect(found.breaks.isEmpty)
        #expect(found.outcome(ofBooking: "B2") == .matched)
    }

    @Test func anotherCurrencyIsAnotherAmount() {
        var world = World(settlements: false)
        world.payment("P")
        world.booking("B", payment: "P", currency: "USD")
        #expect(world.reconciled().breaks == ["booking_amount P - B 10000"])
    }

    @Test func aLinkBetweenDifferentUsersIsFoundByNameAndByOrder() {
        var world = World(settlements: false)
        world.payment("P1")
        world.payment("P2", order: "O")
        world.booking("B1", payment: "P1", user: "kofi@example.com")
        world.booking("B2", user: "kofi@example.com", order: "O")
        #expect(
            world.reconciled().breaks == ["wrong_user P1 - B1 10000", "wrong_user P2 - B2 10000"])
    }

    /// What became of a payment with a confirmed booking, and whether that is unpaid.
    static let unpaid: [(PaymentStatus, [(SettlementType, Int64)], String, Bool)] = [
        (.failed, [], "2026-03-06T20:00:00Z", true),
        (.cancelled, [], "2026-03-06T20:00:00Z", true),
        (.succeeded, [(.charge, 10_000)], "2026-03-06T20:00:00Z", false),
        (.succeeded, [(.charge, 10_000), (.refund, 10_000)], "2026-03-06T20:00:00Z", true),
        (.succeeded, [(.charge, 10_000), (.refund, 9_000)], "2026-03-06T20:00:00Z", false),
        (.succeeded, [(.charge, 10_000), (.chargeback, 10_000)], "2026-03-06T20:00:00Z", true),
        (.pending, [], "2026-03-02T10:10:00Z", false),
        (.pending, [], "2026-03-06T20:00:00Z", true),
        (.pending, [(.charge, 10_000)], "2026-03-06T20:00:00Z", false),
    ]

    @Test(arguments: BookingLinkTests.unpaid.indices)
    func aConfirmedBookingWithoutMoneyIsUnpaid(index: Int) {
        let (status, lines, asOf, isUnpaid) = BookingLinkTests.unpaid[index]
        for bookingStatus in BookingStatus.allCases {
            var world = World(asOf: asOf)
            world.payment("P", status: status)
            for (number, line) in lines.enumerated() {
                world.line(
                    "S\(number)", of: "P", line.1, type: line.0, at: "2026-03-02T11:0\(number):00Z")
            }
            world.booking("B", payment: "P", status: bookingStatus)
            let breaks = world.reconciled().breaks.filter { $0.hasPrefix("unpaid") }
            let expected = isUnpaid && bookingStatus == .confirmed
            #expect(breaks == (expected ? ["unpaid_booking P - B 10000"] : []))
        }
    }

    @Test func aGroupIsPaidByWhatWasNotGivenBack() {
        var world = World()
        world.payment("P1", at: "2026-03-02T09:00:00Z", booking: "B")
        world.payment("P2", booking: "B")
        world.line("S1", of: "P1", at: "2026-03-02T09:00:00Z")
        world.line("S2", of: "P1", type: .refund, at: "2026-03-02T09:30:00Z")
        world.line("S3", of: "P2")
        world.booking("B")
        #expect(world.reconciled().breaks.isEmpty)
    }

    @Test(arguments: BookingStatus.allCases)
    func onlyConfirmedBookingsLeftOverAreOrphans(status: BookingStatus) {
        var world = World(settlements: false)
        world.booking("B1", status: status)
        world.booking("B2", 77, payment: "nobody", status: status)
        let isOrphan = status == .confirmed
        let found = world.reconciled()
        #expect(
            found.breaks
                == (isOrphan ? ["orphan_booking - - B1 10000", "orphan_booking - - B2 77"] : []))
        #expect(found.outcome(ofBooking: "B1") == (isOrphan ? .orphan : .open))
    }

    @Test func theSameOrderLinksWhereNothingElseDoes() {
        var world = World(settlements: false)
        world.payment("P1", order: "O1")
        world.payment("P2", user: "kofi@example.com", order: "O2", booking: "B3")
        world.booking("B1", 4_000, order: "O1")
        world.booking("B2", 6_000, order: "O1")
        world.booking("B3", payment: "P2", user: "kofi@example.com", order: "O2")
        let found = world.reconciled()
        #expect(found.links == ["P1 B1 order", "P1 B2 order", "P2 B3 linked"])
        #expect(found.outcome(ofBooking: "B1") == .linked)
        #expect(found.breaks.isEmpty)
    }

    @Test(arguments: [true, false])
    func anOrderPaidAtTheSecondAttemptIsPaid(isFailureFirst: Bool) {
        var world = World(settlements: false)
        let attempts: [(String, PaymentStatus)] = [("P1", .failed), ("P2", .succeeded)]
        for (id, status) in isFailureFirst ? attempts : attempts.reversed() {
            world.payment(
                id, status: status, at: "2026-03-02T10:0\(id.dropFirst()):00Z", order: "O")
        }
        world.booking("B", order: "O")
        let found = world.reconciled()
        #expect(found.links == ["P2 B order"])
        #expect(found.breaks.isEmpty)
    }

    @Test func paymentsOfOneOrderShareItsBookings() {
        var world = World(settlements: false)
        world.payment("deposit", 3_000, at: "2026-03-02T09:00:00Z", order: "O")
        world.payment("rest", 7_000, order: "O")
        world.booking("B", order: "O")
        world.payment("one", 1_000, at: "2026-03-02T09:00:00Z", order: "Q")
        world.payment("two", 2_000, order: "Q")
        world.booking("second", 2_000, at: "2026-03-02T08:00:00Z", order: "Q")
        world.booking("first", 1_000, order: "Q")
        let found = world.reconciled()
        #expect(
            found.links == [
                "deposit B order", "one first order", "rest B order", "two second order",
            ])
        #expect(found.breaks.isEmpty)
    }

    @Test func bookingsOfASharedReferenceAreSharedOutLikeItsLines() {
        var world = World(settlements: false)
        world.payment("P1", at: "2026-03-02T10:00:00Z", reference: "R")
        world.payment("P2", at: "2026-03-02T12:00:00Z", reference: "R")
        world.booking("B2", payment: "R", at: "2026-03-02T12:05:00Z")
        world.booking("B1", payment: "R", at: "2026-03-02T10:05:00Z")
        let found = world.reconciled()
        #expect(found.links == ["P1 B1 linked", "P2 B2 linked"])
        #expect(found.breaks.allSatisfy { $0.hasPrefix("reused_reference") })
    }

    @Test func ofASharedReferenceTheAttemptThatFailedHasNoBooking() {
        var world = World(settlements: false)
        world.payment("P1", status: .failed, at: "2026-03-02T10:00:00Z", reference: "R")
        world.payment("P2", at: "2026-03-02T12:00:00Z", reference: "R")
        world.booking("B", payment: "R", at: "2026-03-02T10:05:00Z")
        let found = world.reconciled()
        #expect(found.links == ["P2 B linked"])
        #expect(!found.breaks.contains { $0.hasPrefix("unpaid") })
    }
}
