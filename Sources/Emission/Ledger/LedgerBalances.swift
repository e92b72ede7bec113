import Money
import Reconciliation
import Records

/// What each account of the ledger holds, by currency.
public struct LedgerBalances: Sendable, Equatable {
    /// By the account's raw value.
    var sums = ContiguousArray(
        repeating: MoneySums(), count: LedgerAccount.allCases.count)

    /// Nothing on any account.
    public init() {}

    /// The balance of an account; debits are positive.
    public subscript(account: LedgerAccount) -> MoneySums { sums[Int(account.rawValue)] }

    /// Debits an account; a negative amount credits it.
    @inline(__always)
    public mutating func debit(_ account: LedgerAccount, _ amount: Int64, _ currency: Currency) {
        sums[Int(account.rawValue)].add(amount, currency)
    }

    /// Adds the postings of an entry.
    public mutating func add(_ entry: borrowing LedgerEntry) {
        for place in entry.postings.indices {
            debit(entry.postings[place].account, entry.postings[place].amount, entry.currency)
        }
    }

    /// Adds what other entries leave.
    public mutating func add(_ other: LedgerBalances) {
        for account in sums.indices { sums[account].add(other.sums[account]) }
    }

    /// The accounts that hold anything, in the order of the chart.
    public var accounts: [LedgerAccount] {
        LedgerAccount.allCases.filter { !self[$0].entries.isEmpty }
    }

    /// Every currency in which anything was posted, in order of the codes.
    public var currencies: [Currency] { Set(sums.flatMap(\.currencies)).sorted() }

    /// The sum over some accounts.
    public func total(_ accounts: some Sequence<LedgerAccount>) -> MoneySums {
        var total = MoneySums()
        for account in accounts { total.add(self[account]) }
        return total
    }
}

extension LedgerBalances {
    /// What the accounts must hold by the verdicts, the lines and the transactions as a whole.
    ///
    /// No entry is made for it, so that the journal's postings can be held against it.
    public init(of ledger: Ledger) {
        self.init(ofRecordsOf: ledger)
        add(LedgerBalances(ofPayoutsOf: ledger))
    }

    /// The same of the payments and lines alone.
    public init(ofRecordsOf ledger: Ledger) {
        self.init()
        for line in ledger.tables.settlements.rows.indices {
            ledger.fetchPayment(ofLine: line)
            add(line: line, ledger)
        }
        for payment in ledger.tables.payments.rows.indices { add(payment: payment, ledger) }
    }

    /// The same of the gateways' payouts and the bank lines alone.
    public init(ofPayoutsOf ledger: Ledger) {
        self.init()
        addPayouts(ledger)
    }

    private mutating func add(line: Int, _ ledger: Ledger) {
        let row = ledger.tables.settlements.rows[line]
        guard row.state == .completed else { return }
        let (gross, net) = Ledger.movement(row)
        let leftOut = gross - row.fee - row.tax - net
        if leftOut != 0 { debit(.netMismatch, leftOut, row.currency) }
        if ledger.movesPayment(line) {
            debit(.fees, row.fee, row.currency)
            debit(.taxes, row.tax, row.currency)
            return
        }
        debit(row.type.isOfPayment ? .clearingUnmatched : .clearingOther, net, row.currency)
        debit(row.type.isOfPayment ? .unmatchedFees : .otherFees, row.fee + row.tax, row.currency)
        debit(ledger.accountOfOther(line), -gross, row.currency)
    }

    /// What the bank received, what of payouts it did not, and what gateways say where there is no
    /// bank to be read.
    private mutating func addPayouts(_ ledger: Ledger) {
        for line in ledger.tables.bank { debit(.bank, line.amount, line.currency) }
        for (line, payout) in zip(ledger.tables.bank, ledger.tieOuts.payoutOfBankLine)
        where payout < 0 {
            debit(line.amount < 0 ? .withdrawals : .unknownDeposit, -line.amount, line.currency)
        }
        let unpaid = ledger.tieOuts.unpaid.map { ($0.waterfall.claimed, $0.currency) }
        var claims = ledger.tables.hasBank ? [] : unpaid
        for payout in ledger.tieOuts.payouts {
            let received = payout.deposited ?? 0
            if payout.status == .notCompared {
                claims.append((payout.waterfall.claimed, payout.currency))
            } else if let account = Ledger.accountOfResidual(payout.status) {
                debit(.clearingPayouts, -payout.net, payout.currency)
                debit(account, payout.net - received, payout.currency)
            } else {
                debit(.clearingPayouts, -received, payout.currency)
            }
        }
        for (claimed, currency) in claims {
            debit(.inTransit, claimed ?? 0, currency)
            debit(.clearingPayouts, -(claimed ?? 0), currency)
        }
    }

    private mutating func add(payment: Int, _ ledger: Ledger) {
        let row = ledger.tables.payments.rows[payment]
        let verdict = ledger.verdicts[payment]
        let sold = verdict.resolved == .succeeded ? row.amount : 0
        debit(.clearingPayments, verdict.net, row.currency)
        if verdict.refunded != 0 { debit(.refunds, verdict.refunded, row.currency) }
        if verdict.chargedBack != 0 { debit(.chargebacks, verdict.chargedBack, row.currency) }
        addSale(payment, sold, ledger)
        guard ledger.tables.hasSettlements else {
            debit(.recorded, sold - verdict.refunded, row.currency)
            return
        }
        let excess = max(0, verdict.captured - sold)
        let shortfall = max(0, sold - verdict.captured)
        let reversed = verdict.refunded + verdict.chargedBack
        if shortfall != 0 { debit(ledger.accountOfShortfall(verdict), shortfall, row.currency) }
        guard excess != 0 || reversed != 0 else { return }
        let ofExcess = min(max(reversed, 0), excess)
        let beyond = max(0, reversed - verdict.captured)
        debit(ledger.accountOfExcess(verdict), ofExcess - excess, row.currency)
        debit(ledger.accountOfOverReversal(verdict), beyond, row.currency)
        debit(.reversalsOfSuspense, -ofExcess - beyond, row.currency)
    }

    private mutating func addSale(_ payment: Int, _ sold: Int64, _ ledger: Ledger) {
        let currency = ledger.tables.payments.rows[payment].currency
        let shares = ledger.shares.isEmpty ? [] : ledger.shares.of(payment)
        var shared: Int64 = 0
        var isShared = false
        for share in shares {
            debit(share.kind.account, -share.amount, currency)
            if share.kind.isReversal {
                debit(.reversalsOfSellers, share.amount, currency)
            } else {
                shared += share.amount
                isShared = true
            }
        }
        if isShared {
            debit(.unshared, shared - sold, currency)
        } else if sold != 0 {
            debit(ledger.accountOfSale(payment, ledger.verdicts[payment]), -sold, currency)
        }
    }
}
