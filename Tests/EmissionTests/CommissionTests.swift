import Emission
import Money
import Reconciliation
import Records
import Rules
import TestKit
import Testing

/// What is taken of a payment: shares, tiers, fixed parts, and whose rate applies.
@Suite struct CommissionTests {
    static func terms(
        percent: String? = nil, fixed: Int64? = nil, tiers: [(Int64, String)] = [],
        apply: TierScope = .part
    ) -> CommissionTerms {
        var terms = CommissionTerms()
        terms.percent = percent.flatMap { Rate(percent: $0) }
        terms.fixed = fixed
        terms.tiers = tiers.map {
            CommissionTier(
                from: $0.0, percent: Rate(percent: $0.1) ?? Rate(millionthsOfPercent: 0))
        }
        terms.tiersApply = apply
        return terms
    }

    /// Amounts and commissions in minor units, with the arithmetic beside them.
    static let samples: [(CommissionTerms, Int64, Int64)] = [
        (terms(percent: "7"), 1_100_000, 77_000),
        (terms(), 10_000, 0),
        (terms(fixed: 300), 10_000, 300),
        // Never more than there is.
        (terms(fixed: 300), 200, 200),
        (terms(percent: "100", fixed: 1), 50, 50),
        (terms(percent: "2.9", fixed: 30), 10_000, 320),
        // 10 % of the first 1000.00, 7 % of the next 9000.00, 5 % of the rest.
        (terms(tiers: steps), 50_000, 5_000),
        (terms(tiers: steps), 100_000, 10_000),
        (terms(tiers: steps), 100_001, 10_000),
        (terms(tiers: steps), 1_000_000, 73_000),
        (terms(tiers: steps), 1_200_000, 83_000),
        // One rate for all of it: that of the tier in which the amount lies.
        (terms(tiers: steps, apply: .whole), 99_999, 10_000),
        (terms(tiers: steps, apply: .whole), 100_000, 7_000),
        (terms(tiers: steps, apply: .whole), 1_000_000, 50_000),
        (terms(fixed: 50, tiers: steps), 100_000, 10_050),
        (terms(tiers: steps), 0, 0),
        // The shares of tiers are added before they are rounded: 0.3 and 0.3 are one.
        (terms(tiers: [(0, "30"), (1, "30")]), 2, 1),
        (terms(tiers: [(0, "50"), (1, "50")]), 1, 0),
        (terms(tiers: [(0, "50"), (1, "50")]), 3, 2),
    ]

    static let steps: [(Int64, String)] = [(0, "10"), (100_000, "7"), (1_000_000, "5")]

    @Test(arguments: samples.indices)
    func isWhatWasAgreed(index: Int) {
        let (terms, amount, commission) = Self.samples[index]
        #expect(terms.commission(on: amount) == commission)
    }

    /// Whatever was agreed, commission and payout are the amount, and neither is negative.
    @Test(arguments: 0..<300)
    func isNeverMoreThanTheAmount(seed: Int) {
        var generator = TestKit.SeededGenerator(UInt64(seed))
        var starts: Set<Int64> = [0]
        for _ in 0..<3 { starts.insert(Int64.random(in: 1...1_000_000, using: &generator)) }
        var terms = CommissionTerms()
        terms.tiers = starts.sorted().map {
            CommissionTier(
                from: $0,
                percent: Rate(
                    millionthsOfPercent: .random(in: 0...100_000_000, using: &generator)))
        }
        terms.tiersApply = Bool.random(using: &generator) ? .part : .whole
        terms.fixed = Bool.random(using: &generator) ? .random(in: 0...500, using: &generator) : nil
        for _ in 0..<50 {
            let amount = Int64.random(in: 0...2_000_000, using: &generator)
            let commission = terms.commission(on: amount)
            #expect(commission >= 0 && commission <= amount)
        }
    }

    @Test func theFirstRateThatFitsApplies() {
        var rules = SettleRules()
        rules.hold = .days(0)
        rules.commission.terms = Self.terms(percent: "10")
        var gallery = CommissionRate()
        gallery.seller = "gallery"
        gallery.kind = "print"
        gallery.terms = Self.terms(percent: "3")
        var prints = CommissionRate()
        prints.kind = "print"
        prints.terms = Self.terms(percent: "5")
        var dollars = CommissionRate()
        dollars.currency = Currency("USD")
        dollars.terms = Self.terms(fixed: 100)
        rules.commission.rates = [gallery, prints, dollars]
        var world = World(settlements: false)
        for id in ["P1", "P2", "P3"] { world.payment(id) }
        world.payment("P4", currency: "USD")
        world.payment("P5", currency: "EUR")
        let made = world.reconciled().settled(
            rules,
            sellers: ["P1": "gallery", "P2": "gallery", "P3": "esi", "P4": "esi", "P5": "esi"],
            kinds: ["P1": "print", "P2": "painting", "P3": "print"])
        let commissions = made.transactions.filter { $0.kind == .commission }.map(\.amount)
        #expect(commissions == [300, 1_000, 500, 100, 1_000])
    }

    /// A fixed part is an amount of the pipeline's currency: it says nothing of another.
    @Test func amountsOfTheGeneralTermsAreOfThePipelinesCurrency() {
        var rules = SettleRules()
        rules.commission.terms = Self.terms(percent: "10", fixed: 50)
        var world = World(settlements: false)
        world.payment("P1")
        world.payment("P2", currency: "USD")
        let made = world.reconciled().settled(rules, sellers: ["P1": "s", "P2": "s"])
        let commissions = made.transactions.filter { $0.kind == .commission }.map(\.amount)
        #expect(commissions == [1_050, 1_000])
    }

    /// A refund takes back by the rate at which the money went, and from whom it went to.
    @Test func aRefundKnowsTheRateOfItsTime() {
        var world = World()
        world.payment("P")
        world.line("S", of: "P")
        let first = world.reconciled().settled(SettleTests.rules("10"), sellers: ["P": "esi"])
        let waiting = first.transactions.map { made in
            var entry = world.waiting(made.kind.emittedThing, made.id, of: "P", amount: made.amount)
            entry.item = made.seller
            return entry
        }
        world.line("R", of: "P", 5_000, type: .refund, at: "2026-03-03T11:00:00Z")
        let second = world.reconciled().settled(
            SettleTests.rules("20"), sellers: ["P": "yaw"], waiting: WaitingEmissions(waiting))
        #expect(
            SettleTests.words(second.transactions)
                == ["commission_reversal -500", "payout_reversal -4500"])
        #expect(Set(second.transactions.map(\.seller)) == ["esi"])
    }
}
