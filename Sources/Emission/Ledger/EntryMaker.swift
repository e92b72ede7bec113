import Money
import Reconciliation
import Records
import Time

/// Makes the entries of one payment or line after the other, in memory that it keeps.
struct EntryMaker {
    let ledger: Ledger
    private var entry = LedgerEntry()
    private var lines: ContiguousArray<Int32> = []

    init(ledger: Ledger) { self.ledger = ledger }

    /// How far a payment's lines were gone through.
    private struct Progress {
        let payment: Int
        let row: PaymentRow
        let verdict: PaymentVerdict
        /// What the payment sold: its amount, or nothing where it did not succeed.
        let sold: Int64
        var captured: Int64 = 0
        var reversed: Int64 = 0

        /// What of a total captured belongs to the sale.
        func covered(_ total: Int64) -> Int64 { min(total, sold) }

        /// What of a total reversed was captured beyond the sale, which goes back first.
        func ofExcess(_ total: Int64) -> Int64 {
            min(max(total, 0), max(0, verdict.captured - sold))
        }

        /// What of a total reversed was never captured.
        func beyond(_ total: Int64) -> Int64 { max(0, total - verdict.captured) }
    }

    // MARK: Payments

    /// Makes the entries of a payment.
    mutating func make(
        payment: Int, _ body: (borrowing LedgerEntry) throws -> Void
    ) rethrows {
        gatherLines(of: payment)
        let row = ledger.tables.payments.rows[payment]
        let verdict = ledger.verdicts[payment]
        let isSale = verdict.resolved == .succeeded
        let shares = ledger.shares.isEmpty ? [] : ledger.shares.of(payment)
        // Without settlements a payment's own word is all there is, also of what went back.
        let isRefundedByItself = !ledger.tables.hasSettlements && verdict.refunded != 0
        guard isSale || !lines.isEmpty || !shares.isEmpty || isRefundedByItself else { return }
        var progress = Progress(
            payment: payment, row: row, verdict: verdict, sold: isSale ? row.amount : 0)
        var rest = shares.filter { $0.kind.isReversal }
        let first = lines.first { ledger.tables.settlements.rows[Int($0)].type == .charge }
        if isSale || shares.count > rest.count || isRefundedByItself {
            try makeSale(&progress, charge: first, shares, body)
        }
        for line in lines where !isSale || line != first {
            begin(progress, line: Int(line))
            post(line: Int(line), &progress)
            post(reversalsOf: Int(line), progress, &rest)
            if !entry.postings.isEmpty { try body(entry) }
        }
        guard !rest.isEmpty else { return }
        entry.begin(.shares, ledger.zone.date(of: row.moneyMoment), row.currency)
        entry.payment = Int32(payment)
        post(rest, against: .reversalsOfSellers)
        if !entry.postings.isEmpty { try body(entry) }
    }

    /// The completed lines that move the payment's money, in order of time, then of their ids.
    private mutating func gatherLines(of payment: Int) {
        lines.removeAll(keepingCapacity: true)
        let rows = ledger.tables.settlements.rows
        let currency = ledger.tables.payments.rows[payment].currency
        ledger.settlements.linesOfPayment.forEach(payment) { line in
            let row = rows[line]
            if row.state == .completed, row.type.isOfPayment, row.currency == currency {
                lines.append(Int32(line))
            }
        }
        guard lines.count > 1 else { return }
        let table = ledger.tables.settlements
        lines.sort { left, right in
            let first = rows[Int(left)].occurred
            let second = rows[Int(right)].occurred
            return first == second ? table.idPrecedes(Int(left), Int(right)) : first < second
        }
    }

    /// The sale with its first charge; what further charges bring waits as instalments.
    private mutating func makeSale(
        _ progress: inout Progress, charge: Int32?, _ shares: [SellerShares.Share],
        _ body: (borrowing LedgerEntry) throws -> Void
    ) rethrows {
        let verdict = progress.verdict
        let isSale = verdict.resolved == .succeeded
        if isSale, let charge {
            begin(progress, line: Int(charge))
            entry.event = .sale
            post(line: Int(charge), &progress)
        } else {
            let date = ledger.zone.date(of: progress.row.moneyMoment)
            entry.begin(
                isSale ? .sale : shares.isEmpty ? .refund : .shares, date, progress.row.currency)
            entry.payment = Int32(progress.payment)
        }
        // The charge has been credited to the instalments, and the sale takes them all.
        let covered = progress.covered(verdict.captured)
        entry.debit(.instalments, covered)
        var shortfall = progress.sold - covered
        if !ledger.tables.hasSettlements {
            entry.debit(.refunds, verdict.refunded)
            shortfall -= verdict.refunded
        }
        entry.debit(ledger.accountOfShortfall(verdict), shortfall)
        let emitted = shares.filter { !$0.kind.isReversal }
        if emitted.isEmpty {
            entry.credit(ledger.accountOfSale(progress.payment, verdict), progress.sold)
        } else {
            post(emitted, against: .unshared)
            entry.credit(.unshared, progress.sold)
        }
        if !entry.postings.isEmpty { try body(entry) }
    }

    private mutating func begin(_ progress: Progress, line: Int) {
        let row = ledger.tables.settlements.rows[line]
        entry.begin(
            row.type.event, ledger.date(row, else: progress.row.moneyMoment), row.currency)
        entry.payment = Int32(progress.payment)
        entry.line = Int32(line)
    }

    /// What a line of a payment moved.
    private mutating func post(line: Int, _ progress: inout Progress) {
        let row = ledger.tables.settlements.rows[line]
        let directed = row.type.directed(row.gross)
        entry.debit(.clearingPayments, row.net)
        entry.debit(.fees, row.fee)
        entry.debit(.taxes, row.tax)
        entry.debit(.netMismatch, directed - row.fee - row.tax - row.net)
        if row.type == .charge {
            let before = progress.covered(progress.captured)
            progress.captured += row.gross
            let covered = progress.covered(progress.captured) - before
            entry.credit(.instalments, covered)
            entry.credit(ledger.accountOfExcess(progress.verdict), row.gross - covered)
            return
        }
        let before = progress.reversed
        progress.reversed -= directed
        entry.debit(row.type == .refund ? .refunds : .chargebacks, -directed)
        let ofExcess = progress.ofExcess(progress.reversed) - progress.ofExcess(before)
        let beyond = progress.beyond(progress.reversed) - progress.beyond(before)
        entry.debit(ledger.accountOfExcess(progress.verdict), ofExcess)
        entry.debit(ledger.accountOfOverReversal(progress.verdict), beyond)
        entry.credit(.reversalsOfSuspense, ofExcess + beyond)
    }

    /// What commission and seller bear of a line, taken from those that are left.
    private mutating func post(
        reversalsOf line: Int, _ progress: Progress, _ rest: inout [SellerShares.Share]
    ) {
        guard !rest.isEmpty else { return }
        let paymentID = ledger.tables.payments.id(progress.payment)
        let lineID = ledger.tables.settlements.id(line)
        let shares = ledger.shares
        let ofLine = rest.filter {
            shares.isReversal($0, paymentID: paymentID, lineID: lineID)
        }
        guard !ofLine.isEmpty else { return }
        rest.removeAll { shares.isReversal($0, paymentID: paymentID, lineID: lineID) }
        post(ofLine, against: .reversalsOfSellers)
    }

    private mutating func post(
        _ shares: [SellerShares.Share], against account: LedgerAccount
    ) {
        for share in shares {
            entry.credit(share.kind.account, share.amount)
            entry.debit(account, share.amount)
        }
    }

    // MARK: Other lines

    /// Makes the entry of a line that moves no payment's money.
    mutating func make(
        line: Int, _ body: (borrowing LedgerEntry) throws -> Void
    ) rethrows {
        let row = ledger.tables.settlements.rows[line]
        guard row.state == .completed else { return }
        entry.begin(row.type.event, ledger.date(row, else: ledger.asOf), row.currency)
        entry.payment = ledger.settlements.paymentOfLine[line]
        entry.line = Int32(line)
        let (gross, net) = Ledger.movement(row)
        entry.debit(row.type.isOfPayment ? .clearingUnmatched : .clearingOther, net)
        entry.debit(row.type.isOfPayment ? .unmatchedFees : .otherFees, row.fee + row.tax)
        entry.debit(.netMismatch, gross - row.fee - row.tax - net)
        entry.credit(ledger.accountOfOther(line), gross)
        if !entry.postings.isEmpty { try body(entry) }
    }
}

// MARK: Payouts

extension EntryMaker {
    /// Makes the entries of one of the gateways' payouts: each of its bank lines, or what there is
    /// without any.
    mutating func make(payout place: Int, _ body: (borrowing LedgerEntry) throws -> Void) rethrows {
        let payout = ledger.tieOuts.payouts[place]
        let day = payout.day.isPresent ? payout.day : ledger.zone.date(of: ledger.asOf)
        if payout.status == .notCompared {
            let claimed = payout.waterfall.claimed ?? 0
            entry.begin(.payout, day, payout.currency)
            entry.payout = place
            entry.debit(.inTransit, claimed)
            entry.credit(.clearingPayouts, claimed)
            if !entry.postings.isEmpty { try body(entry) }
            return
        }
        let bank = ledger.tables.bank
        let lines = payout.bankLines.sorted {
            (bank[$0].date, bank[$0].id) < (bank[$1].date, bank[$1].id)
        }
        for (number, line) in lines.enumerated() {
            begin(bankLine: line)
            entry.payout = place
            entry.debit(.bank, bank[line].amount)
            entry.credit(.clearingPayouts, bank[line].amount)
            // What came of it is known with the last one.
            if number == lines.count - 1 { postResidual(of: payout) }
            if !entry.postings.isEmpty { try body(entry) }
        }
        guard lines.isEmpty else { return }
        entry.begin(.payoutMissing, payout.due.isPresent ? payout.due : day, payout.currency)
        entry.payout = place
        postResidual(of: payout)
        if !entry.postings.isEmpty { try body(entry) }
    }

    private mutating func postResidual(of payout: PayoutTieOut) {
        guard let account = Ledger.accountOfResidual(payout.status) else { return }
        let residual = payout.net - (payout.deposited ?? 0)
        entry.debit(account, residual)
        entry.credit(.clearingPayouts, residual)
    }

    private mutating func begin(bankLine: Int) {
        let line = ledger.tables.bank[bankLine]
        entry.begin(line.amount < 0 ? .withdrawal : .deposit, line.date, line.currency)
        entry.bankLine = bankLine
    }

    /// Makes the entry of a bank line of no payout.
    mutating func make(bankLine: Int, _ body: (borrowing LedgerEntry) throws -> Void) rethrows {
        let amount = ledger.tables.bank[bankLine].amount
        begin(bankLine: bankLine)
        entry.debit(.bank, amount)
        entry.credit(amount < 0 ? .withdrawals : .unknownDeposit, amount)
        if !entry.postings.isEmpty { try body(entry) }
    }

    /// Makes the entry of what gateways say they paid out without naming a payout.
    mutating func make(
        unpaid balance: UnpaidBalance, _ body: (borrowing LedgerEntry) throws -> Void
    ) rethrows {
        // Where a bank is read, its lines decide.
        guard !ledger.tables.hasBank, let claimed = balance.waterfall.claimed else { return }
        entry.begin(.payout, ledger.zone.date(of: ledger.asOf), balance.currency)
        entry.debit(.inTransit, claimed)
        entry.credit(.clearingPayouts, claimed)
        if !entry.postings.isEmpty { try body(entry) }
    }
}

extension SettlementType {
    fileprivate var event: LedgerEntry.Event {
        switch self {
        case .charge: .charge
        case .refund: .refund
        case .chargeback: .chargeback
        case .chargebackReversal: .chargebackReversal
        case .fee: .fee
        case .adjustment: .adjustment
        case .reserve: .reserve
        case .payout: .payout
        }
    }
}
