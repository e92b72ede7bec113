import Reconciliation
import Records
import TestKit
import Testing

/// Refunds and chargebacks against what was captured and what the payment records.
@Suite struct ReversalTests {
    /// A charge, refunds, chargebacks and their reversals; then the breaks, and whether all is
    /// gone.
    static let reversals: [([Int64], [Int64], [Int64], [Int64], [String], Bool)] = [
        ([10_000], [10_000], [], [], [], true),
        ([10_000], [9_999], [], [], [], false),
        ([10_000], [4_000, 6_000], [], [], [], true),
        ([10_000], [4_000, 3_000], [], [], [], false),
        ([10_000], [10_001], [], [], ["over_refund P - - 1"], true),
        ([10_000], [6_000, 6_000], [], [], ["over_refund P - - 2000"], true),
        ([10_000], [], [10_000], [], ["chargeback P - - 10000"], true),
        ([10_000], [], [4_000], [], ["chargeback P - - 4000"], false),
        ([10_000], [], [10_000], [10_000], [], false),
        ([10_000], [], [10_000], [4_000], ["chargeback P - - 6000"], false),
        (
            [10_000], [10_000], [10_000], [],
            ["chargeback P - - 10000", "double_reversal P - - 10000"], true
        ),
        ([10_000], [10_000], [10_000], [10_000], [], true),
        ([10_000], [4_000], [6_000], [], ["chargeback P - - 6000"], true),
        (
            [10_000], [4_000], [6_001], [],
            ["chargeback P - - 6001", "double_reversal P - - 1"], true
        ),
        // Of a payment that was captured short, what was captured is all there is.
        ([6_000], [6_000], [], [], ["settled_short P - - 4000"], true),
        // Of a payment that was captured twice, giving one back leaves the other.
        ([10_000, 10_000], [10_000], [], [], ["duplicate_settlement P C1 - 10000"], false),
    ]

    @Test(arguments: ReversalTests.reversals.indices)
    func whatGoesBackIsComparedWithWhatWasCaptured(index: Int) {
        let (charges, refunds, chargebacks, reversals, breaks, isReversed) =
            ReversalTests.reversals[index]
        var world = World()
        world.payment("P")
        let kinds: [(String, [Int64], SettlementType)] = [
            ("C", charges, .charge), ("R", refunds, .refund), ("B", chargebacks, .chargeback),
            ("V", reversals, .chargebackReversal),
        ]
        for (prefix, amounts, type) in kinds {
            for (number, amount) in amounts.enumerated() {
                world.line(
                    "\(prefix)\(number)", of: "P", amount, type: type,
                    at: "2026-03-02T11:0\(number):00Z")
            }
        }
        let found = world.reconciled()
        #expect(found.breaks == breaks)
        #expect(found.verdict("P").isReversed(amount: 10_000) == isReversed)
        #expect(found.verdict("P").refunded == refunds.reduce(0, +))
        let chargedBack = chargebacks.reduce(0, +) - reversals.reduce(0, +)
        #expect(found.verdict("P").chargedBack == chargedBack)
    }

    @Test func reversalsThatDidNotCompleteChangeNothing() {
        var world = World()
        world.payment("P")
        world.line("C", of: "P")
        world.line("R", of: "P", type: .refund, state: .pending)
        world.line("B", of: "P", type: .chargeback, state: .failed)
        world.line("U", of: "P", type: .refund, currency: "USD")
        let found = world.reconciled()
        #expect(found.breaks.isEmpty)
        #expect(!found.verdict("P").isReversed(amount: 10_000))
    }

    /// What the payment records as refunded, what the gateway refunded, and the break.
    static let records: [(Int64?, Int64, [String])] = [
        (nil, 4_000, []), (4_000, 4_000, []), (0, 0, []),
        (0, 4_000, ["refund_unrecorded P - - 4000"]),
        (3_000, 4_000, ["refund_unrecorded P - - 1000"]),
        (5_000, 4_000, ["refund_unsettled P - - 1000"]),
        (5_000, 0, ["refund_unsettled P - - 5000"]),
    ]

    @Test(arguments: ReversalTests.records.indices)
    func theGatewaysRefundsAreComparedWithThePaymentsOwn(index: Int) {
        let (recorded, refunded, breaks) = ReversalTests.records[index]
        var world = World()
        world.payment("P", refunded: recorded)
        world.line("C", of: "P")
        if refunded > 0 { world.line("R", of: "P", refunded, type: .refund) }
        #expect(world.reconciled().breaks == breaks)
    }

    @Test(arguments: [(Int64(10_000), true), (9_999, false), (0, false)])
    func withoutSettlementsThePaymentsOwnRecordTellsItsRefund(recorded: Int64, isReversed: Bool) {
        var world = World(settlements: false)
        world.payment("P", refunded: recorded)
        let found = world.reconciled()
        #expect(found.breaks.isEmpty)
        #expect(found.verdict("P").refunded == recorded)
        #expect(found.verdict("P").isReversed(amount: 10_000) == isReversed)
    }

    @Test func paymentsMadeTwiceWithinTenMinutesAreFound() {
        func world(
            _ second: String, user: String = "ama@example.com", subject: UInt64 = 7,
            reference: String = "Q", status: PaymentStatus = .succeeded
        ) -> [String] {
            var world = World()
            world.payment("P", reference: "P", subject: 7)
            world.payment(
                "Q", status: status, at: second, reference: reference, user: user,
                subject: subject)
            world.line("S1", of: "P", at: "2026-03-02T10:00:00Z")
            if reference != "P" {
                world.line(
                    "S2", of: reference,
                    state:
                        status == .failed ? .failed : .completed)
            }
            return world.reconciled().breaks.filter { $0.hasPrefix("duplicate_payment") }
        }
        #expect(world("2026-03-02T10:10:00Z") == ["duplicate_payment Q - - 10000"])
        #expect(world("2026-03-02T09:50:00Z") == ["duplicate_payment P - - 10000"])
        #expect(world("2026-03-02T10:10:00.000001Z").isEmpty)
        #expect(world("2026-03-02T10:01:00Z", user: "kofi@example.com").isEmpty)
        #expect(world("2026-03-02T10:01:00Z", subject: 8).isEmpty)
        #expect(world("2026-03-02T10:01:00Z", reference: "P").isEmpty)
        #expect(world("2026-03-02T10:01:00Z", status: .failed).isEmpty)
        #expect(world("2026-03-02T10:01:00Z", status: .pending).count == 1)
    }
}
