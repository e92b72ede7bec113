import Reconciliation
import Records
import TestKit
import Testing
import Time

/// The cell of the contract's table of statuses that each verdict remembers.
@Suite struct StatusDecisionTests {
    /// What the gateway says, and the column that it is.
    enum Said: CaseIterable {
        case nothing, pending, failed, completed, foreign, pendingAndFailed, failedAndCompleted
        case foreignAndCompleted

        var charges: ChargeEvidence {
            switch self {
            case .nothing: .nothing
            case .pending, .pendingAndFailed: .pending
            case .failed: .failed
            case .completed, .failedAndCompleted, .foreignAndCompleted: .completed
            case .foreign: .foreign
            }
        }
    }

    private func verdict(
        _ status: PaymentStatus, _ said: Said, isOld: Bool, settlements: Bool = true
    ) -> PaymentVerdict {
        var world = World(settlements: settlements)
        // A Monday morning, or ten minutes before the Friday evening of the run.
        world.payment(
            "P", status: status, at: isOld ? "2026-03-02T10:00:00Z" : "2026-03-06T19:50:00Z")
        let states: [(SettlementState, String)] =
            switch said {
            case .nothing: []
            case .pending: [(.pending, "GHS")]
            case .failed: [(.failed, "GHS")]
            case .completed: [(.completed, "GHS")]
            case .foreign: [(.completed, "USD")]
            case .pendingAndFailed: [(.pending, "GHS"), (.failed, "GHS")]
            case .failedAndCompleted: [(.failed, "GHS"), (.completed, "GHS")]
            case .foreignAndCompleted: [(.completed, "USD"), (.completed, "GHS")]
            }
        for (number, state) in states.enumerated() {
            world.line("L\(number)", of: "P", state: state.0, currency: state.1)
        }
        return world.reconciled().verdict("P")
    }

    @Test(arguments: Said.allCases)
    func theColumnIsWhatTheChargesSay(said: Said) {
        for status in PaymentStatus.allCases {
            #expect(verdict(status, said, isOld: true).charges == said.charges)
        }
    }

    @Test(arguments: [
        (PaymentStatus.pending, Said.completed, StatusDecision.succeeded, StatusDecision.succeeded),
        (.pending, .foreign, .currencyMismatch, .currencyMismatch),
        (.pending, .failed, .failed, .failed), (.pending, .pending, .stuck, .expected),
        (.pending, .nothing, .stuck, .expected), (.succeeded, .completed, .stays, .stays),
        (.succeeded, .foreign, .currencyMismatch, .currencyMismatch),
        (.succeeded, .failed, .falseSuccess, .falseSuccess),
        (.succeeded, .pending, .expected, .expected),
        (.succeeded, .nothing, .missingSettlement, .expected),
        (.failed, .completed, .falseFailure, .falseFailure),
        (.failed, .foreign, .falseFailure, .falseFailure), (.failed, .failed, .stays, .stays),
        (.cancelled, .nothing, .stays, .stays), (.cancelled, .pending, .stays, .stays),
        (.cancelled, .completed, .falseFailure, .falseFailure),
    ])
    func theCellDependsOnTheAge(
        status: PaymentStatus, said: Said, old: StatusDecision, young: StatusDecision
    ) {
        #expect(verdict(status, said, isOld: true).decision == old)
        #expect(verdict(status, said, isOld: false).decision == young)
    }

    @Test func withoutAGatewayNothingIsDecided() {
        let succeeded = verdict(.succeeded, .nothing, isOld: true, settlements: false)
        #expect(succeeded.decision == .withoutGateway && succeeded.breaks.isEmpty)
        #expect(verdict(.pending, .nothing, isOld: true, settlements: false).decision == .stuck)
        #expect(verdict(.failed, .nothing, isOld: true, settlements: false).decision == .stays)
    }

    /// What a decision comes to, whichever cell it stands in.
    @Test func decisionsHaveTheirConsequences() {
        for status in PaymentStatus.allCases {
            for said in Said.allCases {
                for isOld in [true, false] {
                    let found = verdict(status, said, isOld: isOld)
                    let changes = found.decision == .succeeded || found.decision == .failed
                    #expect(changes == (found.resolved != status))
                    #expect(found.isExpected == (found.decision == .expected))
                    let codes: [StatusDecision: BreakCode] = [
                        .stuck: .stuck, .falseSuccess: .falseSuccess, .falseFailure: .falseFailure,
                        .missingSettlement: .missingSettlement,
                        .currencyMismatch: .currencyMismatch,
                    ]
                    for (decision, code) in codes {
                        #expect(found.breaks.has(code) == (found.decision == decision))
                    }
                }
            }
        }
    }
}
