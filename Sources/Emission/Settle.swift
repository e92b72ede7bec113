import Money
import Reconciliation
import Records
import Rules
import Time

/// Commission and payout for payments with a seller, and what reversals take back (contract,
/// Settle).
public struct Settler {
    let tables: RecordTables
    let settlements: SettlementMatch
    let verdicts: ContiguousArray<PaymentVerdict>
    let rules: ReconciliationRules
    let settle: SettleRules
    let waiting: WaitingEmissions
    let identities: IdentityMaker

    /// Gathers what settling needs.
    public init(
        tables: RecordTables, settlements: SettlementMatch,
        verdicts: ContiguousArray<PaymentVerdict>, rules: ReconciliationRules,
        settle: SettleRules, waiting: WaitingEmissions, identities: IdentityMaker
    ) {
        self.tables = tables
        self.settlements = settlements
        self.verdicts = verdicts
        self.rules = rules
        self.settle = settle
        self.waiting = waiting
        self.identities = identities
    }

    /// The transactions of the payments that have a seller, in order of the payments.
    ///
    /// All of a payment's records appear, or none: one of them that was emitted before stands for
    /// all of that payment or of that reversal.
    public func transactions(
        sellers: [(payment: Int32, seller: String)], selection: Selection
    ) -> [Transaction] {
        var made: [Transaction] = []
        for (payment, seller) in sellers {
            let row = tables.payments.rows[Int(payment)]
            let verdict = verdicts[Int(payment)]
            guard verdict.resolved == .succeeded, verdict.isEvidenced, !seller.isEmpty,
                selection.includes(row)
            else { continue }
            let commission = settle.commissionPercent.share(of: row.amount)
            let due = due(after: row.moneyMoment, days: settle.holdDays)
            let id = tables.payments.id(Int(payment))
            append(
                [(.commission, commission), (.payout, row.amount - commission)],
                key: [id], of: payment, id, seller, due, to: &made)
            appendReversals(of: payment, id, commission, seller, due, to: &made)
        }
        return made
    }

    /// Each completed refund or chargeback takes back its share of both, so that all shares of a
    /// payment that was wholly reversed add up to what was given.
    ///
    /// Shares are of what was captured. What was captured beyond the amount goes back first: it was
    /// never shared with the seller.
    private func appendReversals(
        of payment: Int32, _ paymentID: String, _ commission: Int64, _ seller: String,
        _ due: CivilDate, to made: inout [Transaction]
    ) {
        let row = tables.payments.rows[Int(payment)]
        guard row.amount > 0 else { return }
        let captured = verdicts[Int(payment)].captured
        let basis = captured > 0 ? min(captured, row.amount) : row.amount
        let excess = max(0, captured - row.amount)
        var returned: Int64 = 0
        var reversed: Int64 = 0
        var takenBack: Int64 = 0
        for line in reversals(of: Int(payment), currency: row.currency) {
            let settlement = tables.settlements.rows[line]
            let isGivenBack = settlement.type == .chargebackReversal
            returned += isGivenBack ? -settlement.gross : settlement.gross
            let ofBasis = min(max(returned - excess, 0), basis)
            let total = Rate.roundHalfEven(row.amount, times: ofBasis, dividedBy: basis)
            let share = Rate.roundHalfEven(commission, times: ofBasis, dividedBy: basis)
            let ofCommission = share - takenBack
            let ofPayout = total - reversed - ofCommission
            reversed = total
            takenBack = share
            guard ofCommission != 0 || ofPayout != 0 else { continue }
            let moment = settlement.occurred.isPresent ? settlement.occurred : row.moneyMoment
            append(
                [(.commissionReversal, -ofCommission), (.payoutReversal, -ofPayout)],
                key: [paymentID, tables.settlements.id(line)], of: payment, paymentID, seller,
                max(due, self.due(after: moment, days: 0)), to: &made)
        }
    }

    private func reversals(of payment: Int, currency: Currency) -> [Int] {
        settlements.linesOfPayment[payment].map(Int.init).filter {
            let line = tables.settlements.rows[$0]
            let isReversal =
                line.type == .refund || line.type == .chargeback
                || line.type == .chargebackReversal
            return isReversal && line.state == .completed && line.currency == currency
        }.sorted { left, right in
            let first = tables.settlements.rows[left].occurred
            let second = tables.settlements.rows[right].occurred
            return first == second
                ? tables.settlements.idPrecedes(left, right) : first < second
        }
    }

    private func append(
        _ pair: [(kind: Transaction.Kind, amount: Int64)], key: [String], of payment: Int32,
        _ paymentID: String, _ seller: String, _ due: CivilDate, to made: inout [Transaction]
    ) {
        let new = pair.map { kind, amount in
            Transaction(
                id: identities.transactionID(kind, key: key), payment: payment, kind: kind,
                seller: seller, amount: amount, due: due)
        }
        let wasEmitted = new.contains {
            waiting.has($0.kind.emittedThing, id: $0.id, paymentID: paymentID)
        }
        if !wasEmitted { made.append(contentsOf: new) }
    }

    /// So many days later by the calendar of the pipeline's zone, moved to a business day.
    private func due(after moment: Instant, days: Int) -> CivilDate {
        rules.calendar.nextBusinessDay(onOrAfter: rules.zone.date(of: moment).adding(days: days))
    }

    /// The least payout is an amount of the pipeline's own currency.
    private func minimum(in currency: Currency) -> Int64 {
        currency == rules.currency ? settle.minimum : 0
    }

    /// One payout for each seller, currency and day; what is below the minimum or below zero waits
    /// for the seller's next one.
    public func payouts(_ transactions: [Transaction]) -> [Payout] {
        struct Account: Hashable {
            let seller: String
            let currency: Currency
        }
        var accounts: [Account: [CivilDate: [Int]]] = [:]
        for (index, transaction) in transactions.enumerated()
        where transaction.kind == .payout || transaction.kind == .payoutReversal {
            let currency = tables.payments.rows[Int(transaction.payment)].currency
            let account = Account(seller: transaction.seller, currency: currency)
            accounts[account, default: [:]][transaction.due, default: []].append(index)
        }
        var payouts: [Payout] = []
        for (account, days) in accounts {
            var handedOn: Int64 = 0
            for (due, members) in days.sorted(by: { $0.key < $1.key }) {
                let amount = members.reduce(handedOn) { $0 + transactions[$1].amount }
                let status: Payout.Status =
                    amount < 0
                    ? .carried
                    : amount < minimum(in: account.currency) ? .belowMinimum : .scheduled
                handedOn = status == .scheduled ? 0 : amount
                let first = members.map { transactions[$0].id }.min() ?? ""
                payouts.append(
                    Payout(
                        id: identities.wideID(
                            prefix: "PO", what: "payout",
                            key: [
                                account.seller, account.currency.code, TimeText.text(due), first,
                            ]),
                        seller: account.seller, currency: account.currency, amount: amount,
                        due: due, status: status, transactions: members))
            }
        }
        // In order of the first payment of each, so that nothing depends on the dictionary.
        return payouts.sorted {
            ($0.transactions[0], $0.due) < ($1.transactions[0], $1.due)
        }
    }
}

extension Transaction.Kind {
    /// The same, as one of the things that are handed from run to run.
    public var emittedThing: EmittedThing {
        switch self {
        case .commission: .commission
        case .payout: .payout
        case .commissionReversal: .commissionReversal
        case .payoutReversal: .payoutReversal
        }
    }
}
