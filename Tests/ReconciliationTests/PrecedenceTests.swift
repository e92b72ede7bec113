import Reconciliation
import Records
import Rules
import TestKit
import Testing

/// Where two codes could say the same thing, only the more exact one is given; each case is shown
/// with the one that it is told apart from.
@Suite struct PrecedenceTests {
    /// The codes of every break in a world with the payment P of 100.00, on a Monday.
    private func codes(
        _ status: PaymentStatus = .succeeded, asOf: String = "2026-03-06T20:00:00Z",
        _ change: (inout World) -> Void
    ) -> [String] {
        var world = World(asOf: asOf)
        world.payment("P", status: status)
        change(&world)
        return world.reconciled().breaks.map { String($0.prefix { $0 != " " }) }
    }

    private func booked(_ amounts: Int64...) -> [String] {
        codes { world in
            world.line("S", of: "P")
            for (number, amount) in amounts.enumerated() {
                world.booking("B\(number)", amount, payment: "P")
            }
        }
    }

    private func captured(_ amounts: Int64..., tolerance: Int64 = 0) -> [String] {
        codes { world in
            world.rules.match.tolerance = tolerance
            for (number, amount) in amounts.enumerated() {
                world.line("S\(number)", of: "P", amount)
            }
        }
    }

    @Test func twoWholeBookingsAreADuplicateAndOthersAnAmount() {
        #expect(booked(10_000, 10_000) == ["duplicate_booking"])
        #expect(booked(10_000, 4_000) == ["booking_amount"])
        #expect(booked(6_000, 4_000) == [])
    }

    @Test func severalWholeChargesAreADuplicateAndOthersTooMuch() {
        #expect(captured(10_000, 10_000) == ["duplicate_settlement"])
        #expect(captured(10_000, 4_000) == ["settled_over"])
        #expect(captured(6_000, 4_000) == [])
    }

    @Test func aLittleOffIsRounding() {
        #expect(captured(9_998, tolerance: 2) == ["rounding"])
        #expect(captured(9_998, tolerance: 1) == ["settled_short"])
        #expect(captured(10_002, tolerance: 1) == ["settled_over"])
    }

    @Test(arguments: [PaymentStatus.succeeded, .pending, .failed])
    func aChargeInAnotherCurrencyIsNoMissingOne(status: PaymentStatus) {
        let foreign = codes(status) { $0.line("S", of: "P", currency: "USD") }
        let none = codes(status) { _ in }
        switch status {
        case .succeeded:
            #expect(foreign == ["currency_mismatch"])
            #expect(none == ["missing_settlement"])
        case .pending:
            #expect(foreign == ["currency_mismatch"])
            #expect(none == ["stuck"])
        default:
            #expect(foreign == ["false_failure"])
            #expect(none == [])
        }
    }

    @Test func whatTheGatewaySaysDecidesHowASettlementIsMissing() {
        #expect(codes { $0.line("S", of: "P", state: .failed) } == ["false_success"])
        #expect(codes { $0.line("S", of: "P", state: .pending) } == [])
        #expect(codes { $0.line("S", of: "P", settledOn: "2026-03-05") } == ["late_settlement"])
        #expect(codes { _ in } == ["missing_settlement"])
        #expect(codes(asOf: "2026-03-04T20:00:00Z") { _ in } == [])
    }

    @Test(
        arguments: zip(
            [SettlementType.charge, .refund, .chargeback, .chargebackReversal],
            ["unknown_settlement", "orphan_refund", "orphan_chargeback", "orphan_chargeback"]))
    func aLineWithoutAPaymentIsCalledByItsType(type: SettlementType, code: String) {
        var world = World()
        world.line("S", of: "Q", type: type)
        #expect(world.reconciled().breaks == ["\(code) - S - 10000"])
    }

    @Test func refundsAloneAreTooMuchAndWithAChargebackTwice() {
        func givenBack(_ refunds: Int64..., chargedBack: Int64 = 0) -> [String] {
            codes { world in
                world.line("S", of: "P")
                for (number, refund) in refunds.enumerated() {
                    world.line("R\(number)", of: "P", refund, type: .refund)
                }
                if chargedBack > 0 {
                    world.line("C", of: "P", chargedBack, type: .chargeback)
                }
            }
        }
        #expect(givenBack(10_000) == [])
        #expect(givenBack(10_000, 2_000) == ["over_refund"])
        #expect(givenBack(10_000, chargedBack: 2_000) == ["chargeback", "double_reversal"])
        #expect(givenBack(6_000, chargedBack: 4_000) == ["chargeback"])
    }

    @Test func aBookingOfAFailedPaymentIsNoOrphan() {
        #expect(codes(.failed) { $0.booking("B", payment: "P") } == ["unpaid_booking"])
        #expect(codes(.failed) { $0.booking("B") } == ["orphan_booking"])
    }

    @Test func aBookingInDoubtIsNoOrphan() {
        func bookedBetween(_ first: String, _ second: String) -> [String] {
            var world = World()
            world.payment("P", at: "2026-03-02T10:00:00Z")
            world.payment("Q", at: "2026-03-02T11:00:00Z")
            world.line("S", of: "P")
            world.line("T", of: "Q")
            world.contentOfPayment = ["P": first, "Q": second]
            world.booking("B", at: "2026-03-02T10:30:00Z")
            return world.reconciled().breaks
        }
        #expect(
            bookedBetween("tour", "concert") == [
                "ambiguous_booking P - - 10000", "ambiguous_booking Q - - 10000",
            ])
        #expect(bookedBetween("tour", "tour") == [])
    }
}
