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
    let schedule: PayoutSchedule

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
        schedule = PayoutSchedule(rules, settle)
    }

    /// The transactions of the payments that have a seller, in order of the payments.
    ///
    /// All of a payment's records appear, or none: one of them that was emitted before stands for
    /// all of that payment or of that reversal.
    public func transactions(
        sales: [Sale], selection: Selection
    ) -> [Transaction] {
        var made: [Transaction] = []
        for sale in sales {
            let row = tables.payments.rows[Int(sale.payment)]
            let verdict = verdicts[Int(sale.payment)]
            guard verdict.resolved == .succeeded, verdict.isEvidenced, selection.includes(row)
            else { continue }
            let id = tables.payments.id(Int(sale.payment))
            let shared = shared(sale, row)
            let commission = shared.commission
            let due = schedule.due(completed: row.moneyMoment)
            append(
                [(.commission, commission), (.payout, row.amount - commission)],
                key: [id], of: sale.payment, id, shared.seller, due, to: &made)
            appendReversals(of: sale.payment, id, commission, shared.seller, due, to: &made)
        }
        return made
    }

    /// Who a payment's money is shared with, and what of it is commission.
    ///
    /// What an earlier run emitted stays as it is, whatever the rules say by now: a refund takes back
    /// from whom the payment went to, by the rate at which it went.
    private func shared(_ sale: Sale, _ row: PaymentRow) -> (seller: String, commission: Int64) {
        if let earlier = waiting.commission(ofPayment: row.id) {
            return (earlier.item, earlier.amount)
        }
        let terms = settle.commission.terms(
            seller: sale.seller, kind: sale.kind, currency: row.currency,
            pipeline: rules.currency)
        return (sale.seller, terms.commission(on: row.amount))
    }

    /// Each completed refund or chargeback takes back its share of both, so that all shares of a
    /// payment that was wholly reversed add up to what was given.
    ///
    /// Shares are of what was captured. What was captured beyond the amount goes back first: it was
    /// never shared with the seller. What earlier runs took back counts first, so that a refund that
    /// is told late, with an earlier time, takes back no more than is left.
    private func appendReversals(
        of payment: Int32, _ paymentID: String, _ commission: Int64, _ seller: String,
        _ due: CivilDate, to made: inout [Transaction]
    ) {
        let row = tables.payments.rows[Int(payment)]
        guard row.amount > 0 else { return }
        let verdict = verdicts[Int(payment)]
        let basis = verdict.captured > 0 ? min(verdict.captured, row.amount) : row.amount
        let excess = max(0, verdict.captured - row.amount)
        let earlier = waiting.reversals(ofPayment: row.id)
        var takenBack = (commission: earlier.commission, payout: earlier.payout)
        /// The pair that makes up for what must have been taken back in the end.
        func takeBack(_ returned: Int64, key: [String], at moment: Instant) {
            let ofBasis = min(max(returned - excess, 0), basis)
            let total = Rate.roundHalfEven(row.amount, times: ofBasis, dividedBy: basis)
            let share = Rate.roundHalfEven(commission, times: ofBasis, dividedBy: basis)
            let ofCommission = share - takenBack.commission
            let ofPayout = total - share - takenBack.payout
            guard ofCommission != 0 || ofPayout != 0 else { return }
            takenBack = (share, total - share)
            append(
                [(.commissionReversal, -ofCommission), (.payoutReversal, -ofPayout)],
                key: [paymentID] + key, of: payment, paymentID, seller,
                max(due, schedule.payoutDay(onOrAfter: moment)), to: &made)
        }
        guard tables.hasSettlements else {
            // The payment's own record has no lines: what is new of it is told by how often it
            // changed, and by the sum that it comes to.
            takeBack(
                verdict.refunded, key: ["refunded", "\(earlier.count)", "\(verdict.refunded)"],
                at: row.moneyMoment)
            return
        }
        let lines = reversals(of: Int(payment), currency: row.currency)
        let isTold = lines.map { wasTakenBack($0, of: paymentID) }
        var returned = ReturnedMoney()
        for (line, isTold) in zip(lines, isTold) where isTold {
            returned.add(tables.settlements.rows[line])
        }
        for (line, isTold) in zip(lines, isTold) where !isTold {
            let settlement = tables.settlements.rows[line]
            returned.add(settlement)
            takeBack(
                returned.total, key: [tables.settlements.id(line)],
                at: settlement.occurred.isPresent ? settlement.occurred : row.moneyMoment)
        }
    }

    /// Whether an earlier run has emitted what a reversal takes back.
    private func wasTakenBack(_ line: Int, of paymentID: String) -> Bool {
        let key = [paymentID, tables.settlements.id(line)]
        return [Transaction.Kind.commissionReversal, .payoutReversal].contains { kind in
            waiting.has(
                kind.emittedThing,
                id: identities.wideID(prefix: "TX", what: kind.word, key: key),
                paymentID: paymentID)
        }
    }

    /// What went back so far, in minor units; a chargeback's reversal undoes chargebacks alone.
    private struct ReturnedMoney {
        var refunded: Int64 = 0
        var chargedBack: Int64 = 0

        var total: Int64 { refunded + max(chargedBack, 0) }

        mutating func add(_ line: SettlementRow) {
            switch line.type {
            case .refund: refunded += line.gross
            case .chargeback: chargedBack += line.gross
            case .chargebackReversal: chargedBack -= line.gross
            case .charge, .fee, .adjustment, .reserve, .payout: return
            }
        }
    }

    private func reversals(of payment: Int, currency: Currency) -> [Int] {
        settlements.linesOfPayment[payment].map(Int.init).filter {
            let line = tables.settlements.rows[$0]
            return line.type.isReversal && line.state == .completed && line.currency == currency
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
