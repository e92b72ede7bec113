import Money
import Reconciliation
import Records
import Rules
import Time

extension Settler {
    /// One payout for each seller, currency and day.
    ///
    /// What is below the minimum, below zero, or for a seller who is held, waits for the seller's
    /// next payout, in this run or a later one. What has waited and may be paid by now has a payout
    /// of its own where no new one takes it along.
    ///
    /// - Parameters:
    ///   - transactions: What this run makes.
    ///   - balances: What earlier payouts left; on return, what these leave.
    /// - Returns: In order of the first transaction of each, those without any behind the others.
    public func payouts(
        _ transactions: [Transaction], balances: inout SellerBalances
    ) -> [Payout] {
        var accounts: [SellerAccount: [CivilDate: [Int]]] = [:]
        for (index, transaction) in transactions.enumerated()
        where transaction.kind == .payout || transaction.kind == .payoutReversal {
            let currency = tables.payments.rows[Int(transaction.payment)].currency
            let account = SellerAccount(seller: transaction.seller, currency: currency)
            accounts[account, default: [:]][transaction.due, default: []].append(index)
        }
        let released = balances.all.filter { balance in
            accounts[balance.account] == nil && balance.amount > 0
                && status(of: balance.amount, for: balance.account) == .scheduled
        }
        var payouts: [Payout] = []
        for (account, days) in accounts {
            for (due, members) in days.sorted(by: { $0.key < $1.key }) {
                payouts.append(
                    payout(to: account, due: due, members, of: transactions, &balances))
            }
        }
        let today = schedule.payoutDay(onOrAfter: rules.asOf)
        for balance in released {
            payouts.append(
                payout(to: balance.account, due: today, [], of: transactions, &balances))
        }
        // In order of the first payment of each, so that nothing depends on the dictionary.
        return payouts.sorted { left, right in
            let first = left.transactions.first ?? .max
            let second = right.transactions.first ?? .max
            return (first, left.due, left.seller, left.currency.code)
                < (second, right.due, right.seller, right.currency.code)
        }
    }

    /// A payout of some transactions and of what the seller's earlier ones left.
    private func payout(
        to account: SellerAccount, due: CivilDate, _ members: [Int],
        of transactions: [Transaction], _ balances: inout SellerBalances
    ) -> Payout {
        let brought = balances.balance(of: account.seller, in: account.currency)
        let amount = members.reduce(brought?.amount ?? 0) { $0 + transactions[$1].amount }
        let first = members.map { transactions[$0].id }.min() ?? brought?.payoutID ?? ""
        var payout = Payout(
            id: identities.wideID(
                prefix: "PO", what: "payout",
                key: [account.seller, account.currency.code, TimeText.text(due), first]),
            seller: account.seller, currency: account.currency, amount: amount,
            broughtForward: brought, due: due, status: .scheduled, transactions: members)
        payout.status = status(of: amount, for: account)
        balances.note(payout)
        return payout
    }

    /// Whether so much is paid, or why it waits.
    func status(of amount: Int64, for account: SellerAccount) -> Payout.Status {
        if amount < 0 { return .carried }
        if settle.held.contains(account.seller) { return .held }
        // The least payout is an amount of the pipeline's own currency.
        let minimum = account.currency == rules.currency ? settle.minimum : 0
        return amount < minimum ? .belowMinimum : .scheduled
    }
}
