import Money
import Reconciliation
import Records
import Rules
import TestKit
import Testing

/// What was captured against the amount, and fees and nets against themselves.
@Suite struct CaptureTests {
    /// A payment's amount, its completed charges, the tolerance, and its breaks with what is at
    /// risk.
    static let captures: [(Int64, [Int64], Int64, [String])] = [
        (10_000, [10_000], 0, []),
        (10_000, [4_000, 6_000], 0, []),
        (10_000, [2_500, 2_500, 2_500, 2_500], 0, []),
        (10_000, [9_999], 0, ["settled_short P - - 1"]),
        (10_000, [10_001], 0, ["settled_over P - - 1"]),
        (10_000, [9_998], 2, ["rounding P - - 2"]),
        (10_000, [10_002], 2, ["rounding P - - 2"]),
        (10_000, [9_997], 2, ["settled_short P - - 3"]),
        (10_000, [10_003], 2, ["settled_over P - - 3"]),
        (10_000, [5_000, 4_999], 1, ["rounding P - - 1"]),
        (10_000, [10_000, 10_000], 0, ["duplicate_settlement P S1 - 10000"]),
        (
            10_000, [10_000, 10_000, 10_000], 0,
            ["duplicate_settlement P S1 - 10000", "duplicate_settlement P S2 - 10000"]
        ),
        // A duplicate is one whatever the tolerance.
        (1, [1, 1], 5, ["duplicate_settlement P S1 - 1"]),
        // A split and a whole charge beside it are not each equal to the amount.
        (10_000, [4_000, 6_000, 10_000], 0, ["settled_over P - - 10000"]),
        (10_000, [10_000, 10_000, 5_000], 0, ["settled_over P - - 15000"]),
        (10_000, [5_000, 5_000, 5_000], 0, ["settled_over P - - 5000"]),
        (0, [0], 0, []),
        (0, [0, 0], 0, []),
        (0, [1], 0, ["settled_over P - - 1"]),
        (10_000, [0], 0, ["settled_short P - - 10000"]),
    ]

    @Test(arguments: CaptureTests.captures.indices)
    func capturedIsComparedWithTheAmount(index: Int) {
        let (amount, charges, tolerance, breaks) = CaptureTests.captures[index]
        for status in [PaymentStatus.succeeded, .pending] {
            var world = World()
            world.rules.match.tolerance = tolerance
            world.payment("P", amount, status: status)
            for (number, charge) in charges.enumerated() {
                world.line("S\(number)", of: "P", charge, at: "2026-03-02T11:0\(number):00Z")
            }
            let found = world.reconciled()
            #expect(found.breaks == breaks)
            #expect(found.verdict("P").captured == charges.reduce(0, +))
            #expect(found.verdict("P").resolved == .succeeded)
            for (number, _) in charges.enumerated() {
                let isDuplicate = breaks.contains { $0.contains("duplicate") && number > 0 }
                #expect(
                    found.outcome(ofLine: "S\(number)") == (isDuplicate ? .duplicate : .matched))
            }
        }
    }

    @Test func theFirstByTimeOfDuplicateChargesIsTheMatch() {
        var world = World()
        world.payment("P")
        world.line("S3", of: "P", at: "2026-03-02T11:00:00Z")
        world.line("S1", of: "P", at: "2026-03-02T12:00:00Z")
        world.line("S2", of: "P", at: "2026-03-02T11:00:00Z")
        let found = world.reconciled()
        #expect(found.outcome(ofLine: "S2") == .matched)
        #expect(found.outcome(ofLine: "S3") == .duplicate)
        #expect(found.outcome(ofLine: "S1") == .duplicate)
    }

    @Test func aChargeInAnotherCurrencyBesideThePaymentsOwnIsUnknown() {
        var world = World()
        world.payment("P")
        world.line("S1", of: "P")
        world.line("S2", of: "P", 7_000, currency: "USD")
        let found = world.reconciled()
        #expect(found.outcome(ofLine: "S1") == .matched)
        #expect(found.outcome(ofLine: "S2") == .unknown)
        #expect(found.breaks == ["unknown_settlement - S2 - 7000"])
        #expect(found.nearMisses == ["unknown_settlement - S2 -: payment P currency 0"])
        #expect(found.verdict("P").isEvidenced)
    }

    @Test func onlyCompletedChargesInThePaymentsCurrencyAreCaptured() {
        var world = World()
        world.payment("P")
        world.line("S1", of: "P")
        world.line("S2", of: "P", state: .failed)
        world.line("S3", of: "P", state: .pending)
        world.line("S4", of: "P", currency: "USD")
        world.line("S5", of: "P", 77, type: .adjustment)
        let found = world.reconciled()
        #expect(found.verdict("P").captured == 10_000)
        #expect(found.codes("P").isEmpty)
        let outcomes = ["S1", "S2", "S3", "S5"].map { found.outcome(ofLine: $0) }
        #expect(outcomes == [.matched, .other, .other, .other])
    }

    @Test(arguments: [
        (SettlementType.charge, "unknown_settlement", SettlementOutcome.unknown),
        (.refund, "orphan_refund", .orphan), (.chargeback, "orphan_chargeback", .orphan),
        (.chargebackReversal, "orphan_chargeback", .orphan),
    ])
    func completedLinesOfNoPaymentAreBreaks(
        type: SettlementType, code: String, outcome: SettlementOutcome
    ) {
        var world = World()
        world.line("S", of: "nobody", 4_200, type: type)
        world.line("F", of: "nobody", type: type, state: .failed)
        world.line("W", of: "nobody", type: type, state: .pending)
        let found = world.reconciled()
        #expect(found.breaks == ["\(code) - S - 4200"])
        #expect(found.outcome(ofLine: "S") == outcome)
        #expect(found.outcome(ofLine: "F") == .other)
    }

    @Test(arguments: [SettlementType.fee, .adjustment, .reserve, .payout])
    func whatBelongsToNoPaymentNeedsNone(type: SettlementType) {
        var world = World()
        world.line("S", of: "", -4_200, type: type)
        let found = world.reconciled()
        #expect(found.breaks.isEmpty)
        #expect(found.outcome(ofLine: "S") == .other)
    }

    /// A line's type, gross, fee, tax, net, and by how much the net is wrong.
    static let nets: [(SettlementType, Int64, Int64, Int64, Int64, Int64)] = [
        (.charge, 10_000, 290, 10, 9_700, 0),
        (.charge, 10_000, 290, 10, 9_710, 10),
        (.charge, 10_000, 290, 10, 9_690, 10),
        (.charge, 0, 0, 0, 0, 0),
        (.refund, 10_000, 0, 0, -10_000, 0),
        (.refund, 10_000, 50, 5, -10_055, 0),
        (.refund, 10_000, 0, 0, 10_000, 20_000),
        (.chargeback, 10_000, 1_500, 0, -11_500, 0),
        (.chargebackReversal, 10_000, 0, 0, 10_000, 0),
    ]

    @Test(arguments: CaptureTests.nets.indices)
    func theNetMustBeWhatTheLineAddsToThePayout(index: Int) {
        let (type, gross, fee, tax, net, difference) = CaptureTests.nets[index]
        var world = World()
        world.payment("P", max(gross, 1))
        world.line("C", of: "P", max(gross, 1), at: "2026-03-02T10:59:00Z")
        world.line("S", of: "P", gross, type: type, fee: fee, tax: tax, net: net)
        let mismatches = world.reconciled().breaks.filter { $0.hasPrefix("net_mismatch") }
        #expect(mismatches == (difference == 0 ? [] : ["net_mismatch P S - \(difference)"]))
    }

    @Test func anAbsentNetAndLinesThatDidNotCompleteAreNoMismatch() {
        var world = World()
        world.payment("P")
        world.line("S", of: "P", fee: 300)
        world.line("F", of: "P", state: .failed, net: 1)
        let found = world.reconciled()
        #expect(found.breaks.isEmpty)
        #expect(found.verdict("P").net == 9_700)
        #expect(found.verdict("P").fee == 300)
    }

    /// A charge, its fee, the tolerance, and the break: agreed are 2.9 % and 0.30.
    static let fees: [(Int64, Int64?, Int64, String?)] = [
        (10_000, 320, 0, nil), (10_000, 321, 0, "fee_over P S - 1"), (10_000, 321, 1, nil),
        (10_000, 319, 0, "fee_under P S - 1"), (10_000, 319, 1, nil),
        (10_000, nil, 0, "fee_missing P S - 320"), (10_000, 0, 0, "fee_missing P S - 320"),
        // 2.9 % of 5.00 is 14.5: half to even.
        (500, 44, 0, nil), (500, 45, 0, "fee_over P S - 1"),
        // 2.9 % of 15.00 is 43.5, which goes up.
        (1_500, 74, 0, nil), (1_500, 73, 0, "fee_under P S - 1"),
    ]

    @Test(arguments: CaptureTests.fees.indices)
    func feesAreComparedWithWhatWasAgreed(index: Int) throws {
        let (gross, fee, tolerance, expected) = CaptureTests.fees[index]
        var world = World()
        var agreed = FeeRules()
        agreed.terms.percent = Rate(percent: "2.9")
        agreed.terms.fixed = 30
        agreed.tolerance = tolerance
        world.rules.fees = agreed
        world.payment("P", gross)
        world.line("S", of: "P", gross, fee: fee)
        #expect(world.reconciled().breaks == [expected].compactMap(\.self))
    }

    @Test func refundsAndLinesOfNobodyOweNoFee() throws {
        var world = World()
        var agreed = FeeRules()
        agreed.terms.fixed = 30
        world.rules.fees = agreed
        world.payment("P")
        world.line("S", of: "P", fee: 30)
        world.line("R", of: "P", 5_000, type: .refund)
        world.line("U", of: "nobody")
        #expect(world.reconciled().breaks == ["unknown_settlement - U - 10000"])
    }
}
