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
        // It is in doubt no more, but it was captured twice.
        ([10_000, 10_000], [10_000], [], [], ["duplicate_settlement P C1 - 0"], false),
        ([10_000, 10_000], [4_000], [], [], ["duplicate_settlement P C1 - 6000"], false),
        (
            [10_000, 10_000], [], [10_000], [],
            ["chargeback P - - 10000", "duplicate_settlement P C1 - 0"], false
        ),
        ([10_000, 10_000], [20_000], [], [], ["duplicate_settlement P C1 - 0"], true),
        (
            [10_000, 10_000, 10_000], [12_000], [], [],
            ["duplicate_settlement P C1 - 0", "duplicate_settlement P C2 - 8000"], false
        ),
        // What was captured beyond the amount goes back first.
        ([10_500], [500], [], [], ["settled_over P - - 0"], false),
        ([10_500], [200], [], [], ["settled_over P - - 300"], false),
        // A chargeback that was won, and then a refund after all.
        ([10_000], [10_000], [10_000], [10_000], [], true),
        // A reversal whose chargeback is in no dump gives nothing back and undoes no refund.
        ([10_000], [], [], [10_000], ["orphan_chargeback P - - 10000"], false),
        ([10_000], [10_000], [], [10_000], ["orphan_chargeback P - - 10000"], true),
        ([10_000], [], [4_000], [10_000], ["orphan_chargeback P - - 6000"], false),
        // Refunded beyond everything, and then charged back as well.
        (
            [10_000], [12_000], [10_000], [],
            ["chargeback P - - 10000", "double_reversal P - - 10000", "over_refund P - - 2000"],
            true
        ),
        (
            [10_000], [], [12_000], [], ["chargeback P - - 12000", "double_reversal P - - 2000"],
            true
        ),
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
        let found = world.reconciled()
        #expect(found.breaks.isEmpty)
        #expect(!found.verdict("P").isReversed(amount: 10_000))
    }

    @Test(arguments: [SettlementType.refund, .chargeback])
    func whatGoesBackInACurrencyThatNeverCameInIsAMismatch(type: SettlementType) {
        var world = World()
        world.payment("P")
        world.line("C", of: "P")
        world.line("U", of: "P", 1_000, type: type, currency: "USD")
        let found = world.reconciled()
        #expect(found.breaks == ["currency_mismatch P - - 10000"])
        #expect(!found.verdict("P").isEvidenced)
        world.line("D", of: "P", 1_000, currency: "USD")
        #expect(world.reconciled().breaks.isEmpty)
    }

    @Test func whatWentBackOfAFailedPaymentIsInDoubtNoMore() {
        for (refunded, left) in [(Int64(0), 10_000), (4_000, 6_000), (10_000, 0)] {
            var world = World()
            world.payment("P", status: .failed)
            world.line("C", of: "P")
            if refunded > 0 { world.line("R", of: "P", refunded, type: .refund) }
            #expect(world.reconciled().breaks == ["false_failure P C - \(left)"])
        }
    }

    @Test func aRefundOfAPaymentThatWasNeverCapturedIsOneTooMany() {
        var world = World()
        world.payment("P", status: .failed)
        world.line("C", of: "P", state: .failed)
        world.line("R", of: "P", 4_000, type: .refund)
        #expect(world.reconciled().breaks == ["over_refund P - - 4000"])
    }

    @Test func aPaymentOfNothingNeedsNoSettlement() {
        var world = World()
        world.payment("P", 0)
        let found = world.reconciled()
        #expect(found.breaks.isEmpty)
        #expect(!found.verdict("P").isExpected)
        #expect(found.verdict("P").isEvidenced)
        world.line("F", of: "P", 0, state: .failed)
        #expect(world.reconciled().breaks == ["false_success P F - 0"])
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

    @Test(arguments: [(PaymentStatus.succeeded, ["over_refund P - - 2000"]), (.failed, [])])
    func withoutSettlementsNoMoreThanTheAmountCanBeRefunded(
        status: PaymentStatus, breaks: [String]
    ) {
        var world = World(settlements: false)
        world.payment("P", status: status, refunded: 12_000)
        let found = world.reconciled()
        #expect(found.breaks == breaks)
        #expect(found.classification.breaks.allSatisfy { $0.found == 10_000 })
    }

    @Test func anOrderThatContradictsItselfMakesItsPaymentsDoubtful() {
        var world = World(settlements: false)
        world.payment("P", order: "O1")
        world.payment("Q", order: "O2")
        world.order("O1", conflicting: true)
        world.order("O2")
        let found = world.reconciled()
        #expect(found.breaks == ["conflicting_evidence P - - 10000"])
        #expect(!found.verdict("P").isEvidenced)
        #expect(found.verdict("Q").isEvidenced)
    }
}
