import Emission
import Money
import Reconciliation
import Records

/// What a report says of records of which there are too many to be looked at: sums of parts add up to
/// the sums of all.
public struct RecordTotals: Sendable {
    /// What is counted of the payments in one currency.
    struct PaymentTotals: Sendable {
        var money: RunReport.MoneyTotal
        /// By the outcome's raw value.
        var counts = [Int](repeating: 0, count: PaymentOutcome.allCases.count)
        var values = [Int64](repeating: 0, count: PaymentOutcome.allCases.count)
    }

    /// In the order of the currencies.
    var payments: [PaymentTotals] = []
    /// How many users there are.
    public internal(set) var users: Int
    /// What each account of the ledger holds.
    public internal(set) var ledger: LedgerBalances

    /// No records.
    init() {
        users = 0
        ledger = LedgerBalances()
    }

    /// Counts a result's payments and users, and adds the entries of its records up.
    public init(_ result: RunResult) {
        ledger = LedgerBalances(ofRecordsOf: result.ledger)
        users = result.summaries.count
        var current = 0
        for (payment, row) in result.tables.payments.rows.enumerated() {
            // Payments of one currency mostly follow each other.
            if payments.isEmpty || payments[current].money.currency != row.currency {
                current = place(of: row.currency)
            }
            let outcome = Int(result.outcomes[payment].rawValue)
            payments[current].counts[outcome] += 1
            payments[current].values[outcome] += row.amount
            payments[current].money.add(result.verdicts[payment])
        }
    }

    /// Adds those of other records.
    public mutating func add(_ other: RecordTotals) {
        users += other.users
        ledger.add(other.ledger)
        for total in other.payments {
            let place = place(of: total.money.currency)
            payments[place].money.add(total.money)
            for outcome in total.counts.indices {
                payments[place].counts[outcome] += total.counts[outcome]
                payments[place].values[outcome] += total.values[outcome]
            }
        }
    }

    /// Adds what the joined result of several parts has beside them: users who only sell, and what the
    /// gateways' payouts leave on the ledger.
    public mutating func add(joined result: RunResult) {
        users += result.summaries.count
        addPayouts(of: result)
    }

    /// Adds what the gateways' payouts leave on the ledger.
    public mutating func addPayouts(of result: RunResult) {
        ledger.add(LedgerBalances(ofPayoutsOf: result.ledger))
    }

    private mutating func place(of currency: Currency) -> Int {
        if let place = payments.firstIndex(where: { $0.money.currency == currency }) {
            return place
        }
        let place = payments.firstIndex { $0.money.currency > currency } ?? payments.count
        payments.insert(
            PaymentTotals(money: RunReport.MoneyTotal(currency: currency)), at: place)
        return place
    }
}

extension RunReport.MoneyTotal {
    fileprivate mutating func add(_ verdict: PaymentVerdict) {
        captured += verdict.captured
        refunded += verdict.refunded
        chargedBack += verdict.chargedBack
        fees += verdict.fee
        net += verdict.net
    }

    fileprivate mutating func add(_ other: RunReport.MoneyTotal) {
        captured += other.captured
        refunded += other.refunded
        chargedBack += other.chargedBack
        fees += other.fees
        net += other.net
    }
}
