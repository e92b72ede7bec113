import Money
import Reconciliation
import Records

/// What became of a payment, in the end.
///
/// The first that applies, in this order.
public enum PaymentOutcome: UInt8, Sendable, CaseIterable, Worded {
    /// The words of outputs.
    public static let words = spelled()

    case `break`, backfilled, updated, expected, reconciled, closed

}

/// Decides the outcome of each payment once everything has been found and made.
public struct OutcomeJudge: Sendable {
    let tables: RecordTables
    let verdicts: ContiguousArray<PaymentVerdict>
    let codes: ContiguousArray<BreakSet>
    let waiting: WaitingEmissions
    let made: Set<Int32>
    let unselected: Set<Int32>

    /// Gathers what the outcomes depend on.
    public init(
        tables: RecordTables, verdicts: ContiguousArray<PaymentVerdict>,
        classification: Classification, emissions: Emissions, unselected: Set<Int32>,
        waiting: WaitingEmissions
    ) {
        self.tables = tables
        self.verdicts = verdicts
        codes = classification.codes
        self.waiting = waiting
        self.unselected = unselected
        made = Set(emissions.bookings.map(\.payment) + emissions.tickets.map(\.payment))
    }

    /// The outcome of every payment, in the order of the input.
    public func outcomes() -> ContiguousArray<PaymentOutcome> {
        ContiguousArray(tables.payments.rows.indices.map(outcome))
    }

    private func outcome(of payment: Int) -> PaymentOutcome {
        let row = tables.payments.rows[payment]
        let verdict = verdicts[payment]
        if codes[payment].needsReview { return .break }
        // What an earlier run made and the dumps do not show yet was made all the same.
        if made.contains(Int32(payment)) || waiting.booking(ofPayment: row.id) != nil {
            return .backfilled
        }
        if verdict.resolved != row.status { return .updated }
        if verdict.isExpected || verdict.resolved == .pending { return .expected }
        if unselected.contains(Int32(payment)) { return .expected }
        return verdict.resolved == .succeeded ? .reconciled : .closed
    }
}
