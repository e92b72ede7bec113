import Money
import Reconciliation
import Records
import Rules
import TestKit
import Testing

/// Payouts against the bank account.
@Suite struct PayoutTieOutTests {
    /// A payout of a single charge, settled on Monday, 2026-03-02, and so due by Wednesday.
    static func world(
        _ gross: Int64 = 10_000, payout: String = "po_100001", asOf: String = "2026-03-04T20:00:00Z"
    ) -> World {
        var world = World(asOf: asOf)
        world.tables.hasBank = true
        world.payment("P", gross)
        world.line("S", of: "P", gross, settledOn: "2026-03-02", payout: payout)
        return world
    }

    /// The amounts at the bank, whether the payout is due, and what comes of it at a tolerance of 3,
    /// which is for charges and has no say here.
    static let deposits: [([Int64], Bool, String, String)] = [
        ([10_000], false, "tied_out 0 none", ""), ([6_000, 4_000], true, "tied_out 0 none", ""),
        ([9_999], true, "short 1 unexplained", "payout_short 1"),
        ([10_001], true, "over -1 unexplained", "payout_over 1"),
        ([9_996], true, "short 4 unexplained", "payout_short 4"),
        ([10_004], true, "over -4 unexplained", "payout_over 4"),
        // Only a payout without any line is given time; a difference is one at once.
        ([10_004], false, "over -4 unexplained", "payout_over 4"),
        ([6_000], false, "short 4000 unexplained", "payout_short 4000"),
        ([6_000], true, "short 4000 unexplained", "payout_short 4000"),
        ([], false, "expected 10000 not_yet_due", ""),
        ([], true, "missing 10000 not_received", "payout_missing 10000"),
        // A payout that bounced came and went.
        ([10_000, -10_000], true, "short 10000 unexplained", "payout_short 10000"),
        ([10_000, -10_000, 10_000], true, "tied_out 0 none", ""),
    ]

    @Test(arguments: PayoutTieOutTests.deposits.indices)
    func theBankIsHeldAgainstThePayout(index: Int) {
        let (amounts, isDue, expected, code) = PayoutTieOutTests.deposits[index]
        var world = PayoutTieOutTests.world(
            asOf: isDue ? "2026-03-05T00:00:00Z" : "2026-03-04T23:59:59Z")
        world.rules.match.tolerance = 3
        for (number, amount) in amounts.enumerated() {
            world.bank("B\(number)", amount, payout: "po_100001")
        }
        let found = world.reconciled()
        let lines = amounts.indices.map { "B\($0)" }.joined(separator: "+")
        #expect(found.payouts == ["po_100001 GHS 10000 \(expected) \(lines)"])
        let words = code.split(separator: " ")
        #expect(
            found.payoutBreaks == (words.isEmpty ? [] : ["\(words[0]) po_100001 GHS \(words[1])"]))
        // A payout's break is none of its payments.
        #expect(found.codes("P") == [])
    }

    @Test func withoutABankInputNothingIsHeldAgainstThePayouts() {
        var world = PayoutTieOutTests.world(asOf: "2026-06-01T00:00:00Z")
        world.tables.hasBank = false
        let found = world.reconciled()
        #expect(found.payouts == ["po_100001 GHS 10000 not_compared - none "])
        #expect(found.payoutBreaks == [])
    }

    @Test func aPayoutOfNothingNeedsNoBankLine() {
        var world = PayoutTieOutTests.world(asOf: "2026-06-01T00:00:00Z")
        world.line("R", of: "P", 10_000, type: .refund, payout: "po_100001")
        #expect(world.reconciled().payouts == ["po_100001 GHS 0 tied_out 0 none "])
    }

    @Test func aPayoutWithoutAnyDayIsDueAtOnce() {
        var world = World()
        world.tables.hasBank = true
        world.line("S", of: "P", at: nil, payout: "po_1")
        #expect(world.reconciled().payoutBreaks == ["payout_missing po_1 GHS 10000"])
    }

    @Test func theLatestLineDecidesWhenAPayoutIsDue() {
        // Friday's line, so that two business days later is Tuesday.
        for (asOf, status) in [
            ("2026-03-10T23:59:59Z", "expected"), ("2026-03-11T00:00:00Z", "missing"),
        ] {
            var world = PayoutTieOutTests.world(asOf: asOf)
            world.line("T", of: "Q", 500, at: "2026-03-06T12:00:00Z", payout: "po_100001")
            #expect(world.reconciled().payouts[0].contains(" \(status) "), "\(asOf)")
        }
    }

    /// The gateway's own word, the net that the line states, the bank, and what explains the rest.
    static let origins: [(Int64?, Int64?, Int64, String)] = [
        (nil, nil, 9_000, "unexplained"), (9_000, nil, 9_000, "lines_against_payout"),
        (10_000, nil, 9_000, "bank_against_payout"), (9_500, nil, 9_000, "unexplained"),
        (nil, 9_000, 9_000, "line_nets"), (9_000, 9_000, 9_000, "line_nets"),
        (10_000, 9_500, 9_000, "bank_against_payout"),
    ]

    @Test(arguments: PayoutTieOutTests.origins.indices)
    func aResidualIsNamed(index: Int) throws {
        let (claim, net, amount, reason) = PayoutTieOutTests.origins[index]
        var world = World(asOf: "2026-03-10T00:00:00Z")
        world.line("S", of: "P", net: net, settledOn: "2026-03-02", payout: "po_1")
        if let claim { world.line("O", of: "po_1", claim, type: .payout) }
        world.bank("B", amount, payout: "po_1")
        let payout = try #require(world.reconciled().tieOuts.payouts.first)
        #expect(payout.reason.word == reason)
        #expect(payout.residual == 1_000)
        let parts = (payout.linesResidual ?? 0, try #require(payout.bankResidual))
        #expect(parts.0 + parts.1 == payout.residual)
    }

    // MARK: Which payout a bank line is of

    /// What a bank line names and says, and whether that finds the payout whatever its amount.
    static let names: [(String, String, Bool)] = [
        ("po_100001", "", true), ("po_1000012", "", false), ("PO_100001", "", false),
        ("UTR-9", "STRIPE PO_100001", true), ("", "po_100001", true),
        ("", "ref:po_100001, thanks", true), ("", "po_100001/7", true),
        ("", "xpo_100001", false), ("", "po_1000012", false), ("", "po_10000", false),
        ("", "po 100001", false), ("", "", false), ("", "épo_100001", false),
        // Two payouts could be meant.
        ("", "po_100001 po_200002", false),
    ]

    @Test(arguments: PayoutTieOutTests.names.indices)
    func aBankLineNamesItsPayout(index: Int) {
        let (payout, description, isFound) = PayoutTieOutTests.names[index]
        var world = PayoutTieOutTests.world()
        world.line("T", of: "Q", 70, settledOn: "2026-03-02", payout: "po_200002")
        world.bank("B", 9_000, payout: payout, saying: description)
        let found = world.reconciled()
        #expect(found.tieOuts.payouts[0].bankLines == (isFound ? [0] : []))
        let code = isFound ? "payout_short po_100001 GHS 1000" : "unknown_deposit B GHS 9000"
        #expect(found.payoutBreaks == [code])
    }

    @Test func aShortIdInADescriptionCouldBeAnyNumber() {
        for id in ["42", "12345", "batches"] {
            var world = PayoutTieOutTests.world(payout: id)
            world.bank("B", 9_000, saying: "payout \(id)")
            #expect(world.reconciled().payoutBreaks == ["unknown_deposit B GHS 9000"], "\(id)")
        }
    }

    /// Days of the bank line, with whether the amount alone finds the payout: from the day before
    /// Monday, 2026-03-02, to seven days after Wednesday, 2026-03-04.
    @Test(
        arguments: [
            ("2026-02-28", false), ("2026-03-01", true), ("2026-03-11", true),
            ("2026-03-12", false),
        ])
    func anEqualAmountInTimeIsThePayout(day: String, isFound: Bool) {
        var world = PayoutTieOutTests.world(asOf: "2026-04-01T00:00:00Z")
        world.bank("B", on: day)
        world.bank("C", 10_001, on: "2026-03-03")
        world.bank("D", currency: "USD")
        let found = world.reconciled().payouts
        #expect(
            found == [
                "po_100001 GHS 10000 "
                    + (isFound ? "tied_out 0 none B" : "missing 10000 not_received ")
            ])
    }

    @Test func betweenTwoNothingIsGuessed() {
        var lines = PayoutTieOutTests.world()
        lines.bank("B1")
        lines.bank("B2")
        #expect(lines.reconciled().tieOuts.payoutOfBankLine == [-1, -1])
        var payouts = PayoutTieOutTests.world()
        payouts.line("T", of: "Q", 10_000, settledOn: "2026-03-02", payout: "po_200002")
        payouts.bank("B")
        #expect(payouts.reconciled().tieOuts.payoutOfBankLine == [-1])
        // Once one of them has its own line, the other is the only choice.
        payouts.bank("C", payout: "po_200002")
        #expect(payouts.reconciled().tieOuts.payoutOfBankLine == [0, 1])
        // Of two that a description names, the amount decides.
        var named = PayoutTieOutTests.world()
        named.line("T", of: "Q", 70, settledOn: "2026-03-02", payout: "po_200002")
        named.bank("B", 70, saying: "po_100001 or po_200002")
        #expect(named.reconciled().tieOuts.payoutOfBankLine == [1])
    }

    @Test func theGatewaysOwnWordIsTheAmountThatIsLookedFor() {
        var world = PayoutTieOutTests.world()
        world.line("O", of: "po_100001", 9_900, type: .payout)
        world.bank("B", 9_900)
        #expect(
            world.reconciled().payouts == [
                "po_100001 GHS 10000 short 100 lines_against_payout B"
            ])
    }

    @Test func aPayoutInAnotherCurrencyIsNoPayout() throws {
        var world = PayoutTieOutTests.world(asOf: "2026-04-01T00:00:00Z")
        world.bank("B", 800, payout: "po_100001", currency: "USD")
        let found = world.reconciled()
        #expect(
            found.payoutBreaks == [
                "payout_missing po_100001 GHS 10000", "unknown_deposit B USD 800",
            ])
        let missing = try #require(found.classification.breaks.first { $0.code == .payoutMissing })
        #expect(missing.nearMiss == NearMiss(candidate: .bankLine, row: 0, condition: .currency))
    }

    @Test func aDepositThatCameTooLateIsANearMiss() throws {
        var world = PayoutTieOutTests.world(asOf: "2026-04-01T00:00:00Z")
        world.bank("B", on: "2026-03-14")
        let found = world.reconciled().classification.breaks
        let missing = try #require(found.first { $0.code == .payoutMissing })
        #expect(
            missing.nearMiss
                == NearMiss(
                    candidate: .bankLine, row: 0, condition: .time, distance: 3 * 86_400_000_000))
    }

    @Test func whatLeavesTheAccountIsNoDeposit() {
        var world = PayoutTieOutTests.world()
        world.bank("B", -500, saying: "bank fee")
        world.bank("C", 0)
        world.bank("D", 500, saying: "rent", conflicting: true)
        world.bank("E", -7, conflicting: true)
        #expect(
            world.reconciled().payoutBreaks == [
                "conflicting_evidence D GHS 500", "conflicting_evidence E GHS 7",
                "unknown_deposit D GHS 500",
            ])
    }

    @Test(arguments: UInt64(0)..<40)
    func theOrderOfTheRowsHasNoSay(seed: UInt64) {
        var generator = SeededGenerator(seed)
        var world = World(asOf: "2026-03-08T00:00:00Z")
        for number in 0..<24 {
            world.line(
                "S\(number)", of: "P", Int64.random(in: 1...4, using: &generator) * 100,
                at: "2026-03-0\(number % 6 + 1)T00:00:00Z", payout: "po_0000\(number / 3)")
        }
        for number in 0..<14 {
            world.bank(
                "B\(number)", Int64.random(in: 3...12, using: &generator) * 100,
                payout: number % 4 == 0 ? "po_0000\(number % 8)" : "",
                on: "2026-03-0\(number % 6 + 1)",
                saying: number % 5 == 0 ? "ref po_0000\(number % 8)" : "")
        }
        let found = world.reconciled()
        let shuffled = world.shuffled(by: &generator).reconciled()
        #expect(shuffled.payouts == found.payouts)
        #expect(shuffled.payoutBreaks == found.payoutBreaks)
    }
}
