import Emission
import Money
import Reconciliation
import Records
import Rules
import TestKit
import Testing
import Time

/// Commission, payouts, and what reversals take back.
@Suite struct SettleTests {
    static func rules(_ percent: String = "7", hold: Int = 0, minimum: Int64 = 0) -> SettleRules {
        var rules = SettleRules()
        rules.commission.terms.percent = Rate(percent: percent)
        rules.hold = .days(hold)
        rules.minimum = minimum
        return rules
    }

    static func words(_ transactions: [Transaction]) -> [String] {
        transactions.map { "\($0.kind.word) \($0.amount)" }
    }

    @Test(arguments: [
        ("7", Int64(10_000), Int64(700)), ("7", 50, 4), ("5", 50, 2), ("5", 70, 4), ("5", 30, 2),
        ("5", 10, 0), ("15", 10, 2), ("0", 999, 0), ("100", 999, 999), ("12.5", 4, 0),
        ("12.5", 12, 2), ("33.333333", 100, 33), ("7", 0, 0),
    ])
    func commissionIsRoundedHalfToEven(percent: String, amount: Int64, commission: Int64) {
        var world = World(settlements: false)
        world.payment("P", amount)
        let made = world.reconciled().settled(SettleTests.rules(percent), sellers: ["P": "s"])
        #expect(
            SettleTests.words(made.transactions)
                == ["commission \(commission)", "payout \(amount - commission)"])
    }

    /// Random amounts, rates, refunds and chargebacks: nothing is lost, and what goes back as a
    /// whole takes back exactly what was given.
    @Test(arguments: 0..<200)
    func nothingIsLost(seed: Int) {
        var generator = TestKit.SeededGenerator(UInt64(seed))
        let amount = Int64.random(in: 0...1_000_000, using: &generator)
        let rate = Int64.random(in: 0...100_000_000, using: &generator)
        var rules = SettleTests.rules()
        rules.commission.terms.percent = Rate(millionthsOfPercent: rate)
        var world = World()
        world.payment("P", amount)
        world.line("S", of: "P", amount)
        var left = amount
        for number in 0..<Int.random(in: 0...4, using: &generator) where left > 0 {
            let part = number == 3 ? left : Int64.random(in: 0...left, using: &generator)
            world.line(
                "R\(number)", of: "P", part, type: number % 2 == 0 ? .refund : .chargeback,
                at: "2026-03-02T12:0\(number):00Z")
            left -= part
        }
        if Bool.random(using: &generator) {
            world.line("R9", of: "P", left, type: .refund, at: "2026-03-03T12:00:00Z")
            left = 0
        }
        var totals: [Transaction.Kind: Int64] = [:]
        for transaction in world.reconciled().settled(rules, sellers: ["P": "s"]).transactions {
            totals[transaction.kind, default: 0] += transaction.amount
            let isReversal = [.commissionReversal, .payoutReversal].contains(transaction.kind)
            #expect(isReversal ? transaction.amount <= 0 : transaction.amount >= 0)
        }
        let given = totals[.commission, default: 0]
        #expect(given == Rate(millionthsOfPercent: rate).share(of: amount))
        #expect(given + totals[.payout, default: 0] == amount)
        let takenBack = totals[.commissionReversal, default: 0]
        #expect(takenBack + totals[.payoutReversal, default: 0] == left - amount)
        if left == 0 { #expect(takenBack == -given) }
    }

    /// Charges, then reversals in their order; and what is taken back, commission and payout.
    static let reversals: [([Int64], [(SettlementType, Int64)], [String])] = [
        ([10_000], [(.refund, 5_000)], ["-350 -4650"]),
        ([10_000], [(.refund, 5_000), (.refund, 5_000)], ["-350 -4650", "-350 -4650"]),
        ([10_000], [(.chargeback, 10_000)], ["-700 -9300"]),
        (
            [10_000], [(.chargeback, 10_000), (.chargebackReversal, 10_000)],
            ["-700 -9300", "700 9300"]
        ),
        // Given back before it was taken: in the end nothing has changed.
        ([10_000], [(.chargebackReversal, 10_000), (.chargeback, 10_000)], []),
        // A reversal without its chargeback undoes no refund.
        ([10_000], [(.chargebackReversal, 10_000), (.refund, 10_000)], ["-700 -9300"]),
        // More than everything cannot go back.
        ([10_000], [(.refund, 12_000)], ["-700 -9300"]),
        // Refunded and charged back; winning the chargeback leaves the refund.
        (
            [10_000],
            [(.refund, 10_000), (.chargeback, 10_000), (.chargebackReversal, 10_000)],
            ["-700 -9300"]
        ),
        // The second of two charges was never shared with the seller.
        ([10_000, 10_000], [(.refund, 10_000)], []),
        ([10_000, 10_000], [(.refund, 10_000), (.refund, 10_000)], ["-700 -9300"]),
        // All that was captured went back.
        ([6_000], [(.refund, 6_000)], ["-700 -9300"]),
        ([6_000], [(.refund, 3_000)], ["-350 -4650"]),
    ]

    @Test(arguments: SettleTests.reversals.indices)
    func reversalsTakeBackInProportion(index: Int) {
        let (charges, reversals, expected) = SettleTests.reversals[index]
        var world = World()
        world.payment("P")
        for (number, amount) in charges.enumerated() { world.line("S\(number)", of: "P", amount) }
        for (number, reversal) in reversals.enumerated() {
            world.line(
                "R\(number)", of: "P", reversal.1, type: reversal.0,
                at: "2026-03-02T12:0\(number):00Z")
        }
        let made = world.reconciled().settled(SettleTests.rules(), sellers: ["P": "s"])
        let back = made.transactions.dropFirst(2)
        let pairs = stride(from: back.startIndex, to: back.endIndex, by: 2).map {
            "\(back[$0].amount) \(back[$0 + 1].amount)"
        }
        #expect(pairs == expected)
    }

    @Test func onlySucceededAndEvidencedPaymentsOfASellerAreSettled() {
        var world = World()
        world.payment("good")
        world.line("S1", of: "good")
        world.payment("failed", status: .failed)
        world.payment("missing")
        world.payment("nobody")
        world.line("S2", of: "nobody")
        let sellers = ["good": "s", "failed": "s", "missing": "s"]
        let made = world.reconciled().settled(SettleTests.rules(), sellers: sellers)
        #expect(made.transactions.map(\.payment) == [0, 0] as [Int32])
    }

    /// Completed, hold days, and when the payout falls due; Monday the 9th is a holiday.
    @Test(arguments: [
        ("2026-03-02T10:00:00Z", 0, "2026-03-02"), ("2026-03-02T10:00:00Z", 3, "2026-03-05"),
        ("2026-03-02T10:00:00Z", 5, "2026-03-10"), ("2026-03-06T10:00:00Z", 0, "2026-03-06"),
        ("2026-03-06T10:00:00Z", 1, "2026-03-10"), ("2026-03-06T10:00:00Z", 7, "2026-03-13"),
        ("2026-03-06T23:59:59Z", 4, "2026-03-10"),
    ])
    func payoutsFallDueOnABusinessDayAfterTheHold(completed: String, hold: Int, due: String) {
        var world = World(settlements: false, holidays: [date("2026-03-09")])
        world.payment("P", completed: completed)
        let made = world.reconciled().settled(SettleTests.rules(hold: hold), sellers: ["P": "s"])
        #expect(made.payouts.map(\.due) == [date(due)])
    }

    /// Payments by day and amount, the minimum, and the payouts as `day amount status`.
    static let payouts: [([(Int, Int64)], Int64, [String])] = [
        ([(2, 10_000), (2, 5_000)], 0, ["2 15000 scheduled"]),
        ([(2, 10_000), (3, 5_000)], 0, ["2 10000 scheduled", "3 5000 scheduled"]),
        ([(2, 999)], 1_000, ["2 999 below_minimum"]),
        ([(2, 1_000)], 1_000, ["2 1000 scheduled"]),
        ([(2, 600), (3, 600)], 1_000, ["2 600 below_minimum", "3 1200 scheduled"]),
        (
            [(2, 600), (3, 600), (4, 600)], 1_000,
            ["2 600 below_minimum", "3 1200 scheduled", "4 600 below_minimum"]
        ),
        ([(4, 600), (2, 600)], 1_000, ["2 600 below_minimum", "4 1200 scheduled"]),
    ]

    @Test(arguments: SettleTests.payouts.indices)
    func payoutsBelowTheMinimumWaitForTheNext(index: Int) {
        let (payments, minimum, expected) = SettleTests.payouts[index]
        var world = World(settlements: false)
        var sellers: [String: String] = [:]
        for (number, payment) in payments.enumerated() {
            world.payment("P\(number)", payment.1, at: "2026-03-0\(payment.0)T10:00:00Z")
            sellers["P\(number)"] = "s"
        }
        let made = world.reconciled().settled(
            SettleTests.rules("0", minimum: minimum), sellers: sellers)
        let words = made.payouts.sorted { $0.due < $1.due }.map {
            "\($0.due.parts.day) \($0.amount) \($0.status.word)"
        }
        #expect(words == expected)
        #expect(Set(made.payouts.map(\.id)).count == made.payouts.count)
    }

    @Test func aNegativeBalanceIsCarriedIntoTheNextPayout() {
        var world = World()
        world.payment("P1", at: "2026-03-02T10:00:00Z")
        world.line("S1", of: "P1", at: "2026-03-02T10:00:00Z")
        world.line("R1", of: "P1", type: .refund, at: "2026-03-03T10:00:00Z")
        world.payment("P2", 15_000, at: "2026-03-04T10:00:00Z")
        world.line("S2", of: "P2", 15_000, at: "2026-03-04T10:00:00Z")
        let made = world.reconciled().settled(
            SettleTests.rules("0"), sellers: ["P1": "s", "P2": "s"])
        let words = made.payouts.sorted { $0.due < $1.due }.map {
            "\($0.due.parts.day) \($0.amount) \($0.status.word)"
        }
        #expect(words == ["2 10000 scheduled", "3 -10000 carried", "4 5000 scheduled"])
    }

    @Test func sellersAndCurrenciesArePaidApart() {
        var world = World(settlements: false)
        world.payment("P1", 1_000)
        world.payment("P2", 2_000)
        world.payment("P3", 3_000, currency: "USD")
        let made = world.reconciled().settled(
            SettleTests.rules("0"), sellers: ["P1": "s", "P2": "t", "P3": "s"])
        #expect(
            made.payouts.map { "\($0.seller) \($0.currency.code) \($0.amount)" }
                == ["s GHS 1000", "t GHS 2000", "s USD 3000"])
    }

    @Test func whatWasEmittedIsNotEmittedAgain() {
        var world = World()
        world.payment("P")
        world.line("S", of: "P")
        let first = world.reconciled().settled(SettleTests.rules(), sellers: ["P": "s"])
        let waiting = WaitingEmissions(
            first.transactions.map {
                world.waiting($0.kind.emittedThing, $0.id, of: "P", amount: $0.amount)
            })
        world.line("R", of: "P", 5_000, type: .refund, at: "2026-03-03T11:00:00Z")
        let second = world.reconciled().settled(
            SettleTests.rules(), sellers: ["P": "s"], waiting: waiting)
        #expect(
            SettleTests.words(second.transactions)
                == ["commission_reversal -350", "payout_reversal -4650"])
    }

    /// Refunds told in any order over several nights take back what they take back in one.
    @Test(arguments: 0..<300)
    func reversalsToldOverSeveralNightsAddUpToTheSame(seed: Int) {
        var generator = TestKit.SeededGenerator(UInt64(seed))
        var world = World()
        let amount = Int64.random(in: 1...1_000, using: &generator)
        world.payment("P", amount)
        for charge in 0..<Int.random(in: 1...2, using: &generator) {
            world.line("S\(charge)", of: "P", amount)
        }
        let types: [SettlementType] = [.refund, .refund, .chargeback, .chargebackReversal]
        let lines = (0..<4).map { number in
            (
                id: "R\(number)", gross: Int64.random(in: 0...amount, using: &generator),
                type: types[Int.random(in: 0..<4, using: &generator)],
                time: "2026-03-03T10:0\(Int.random(in: 0...9, using: &generator)):00Z"
            )
        }
        var waiting: [WaitingEmission] = []
        var totals: [Transaction.Kind: Int64] = [:]
        for line in lines {
            world.line(line.id, of: "P", line.gross, type: line.type, at: line.time)
            for _ in 0..<2 {
                let made = world.reconciled().settled(
                    SettleTests.rules(), sellers: ["P": "s"], waiting: WaitingEmissions(waiting))
                for item in made.transactions {
                    totals[item.kind, default: 0] += item.amount
                    waiting.append(
                        world.waiting(
                            item.kind.emittedThing, item.id, of: "P", amount: item.amount))
                }
            }
        }
        #expect(Set(waiting.map { "\($0.thing) \($0.id)" }).count == waiting.count)
        var once: [Transaction.Kind: Int64] = [:]
        for item in world.reconciled().settled(SettleTests.rules(), sellers: ["P": "s"])
            .transactions
        { once[item.kind, default: 0] += item.amount }
        for kind in Transaction.Kind.allCases {
            #expect(totals[kind, default: 0] == once[kind, default: 0], "seed \(seed)")
        }
    }

    /// What the payment records as refunded night by night, and what is taken back each night.
    static let recorded: [([Int64], [[String]])] = [
        ([0], [[]]),
        ([10_000], [["commission_reversal -700", "payout_reversal -9300"]]),
        ([12_000], [["commission_reversal -700", "payout_reversal -9300"]]),
        (
            [5_000, 5_000, 10_000],
            [
                ["commission_reversal -350", "payout_reversal -4650"], [],
                ["commission_reversal -350", "payout_reversal -4650"],
            ]
        ),
        // A refund that did not happen after all, and then did.
        (
            [5_000, 0, 5_000],
            [
                ["commission_reversal -350", "payout_reversal -4650"],
                ["commission_reversal 350", "payout_reversal 4650"],
                ["commission_reversal -350", "payout_reversal -4650"],
            ]
        ),
    ]

    @Test(arguments: SettleTests.recorded.indices)
    func withoutSettlementsThePaymentsOwnRefundTakesBackInProportion(index: Int) {
        let (nights, expected) = SettleTests.recorded[index]
        var told: [(thing: EmittedThing, id: String, payment: String, amount: Int64)] = []
        for (night, refunded) in nights.enumerated() {
            var world = World(settlements: false)
            world.payment("P", refunded: refunded)
            world.payment("Q")
            let waiting = WaitingEmissions(
                told.map { world.waiting($0.thing, $0.id, of: $0.payment, amount: $0.amount) })
            let made = world.reconciled().settled(
                SettleTests.rules(), sellers: ["P": "s", "Q": "s"], waiting: waiting)
            let back = made.transactions.filter {
                $0.kind == .commissionReversal || $0.kind == .payoutReversal
            }
            #expect(SettleTests.words(back) == expected[night])
            #expect(made.transactions.count == back.count + (night == 0 ? 4 : 0))
            for item in made.transactions {
                let id = world.tables.payments.id(Int(item.payment))
                told.append((item.kind.emittedThing, item.id, id, item.amount))
            }
        }
        #expect(Set(told.map(\.id)).count == told.count)
    }
}
