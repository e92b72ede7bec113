import Money
import Reconciliation
import Records

/// Commission, payout and reversals of each payment, whether this run emitted them or an earlier
/// one: the whole state, as the ledger needs it.
///
/// Transactions of payments that are in no dump are left out.
public struct SellerShares: Sendable {
    /// One transaction of a payment.
    struct Share: Sendable {
        let id: String
        let kind: Transaction.Kind
        let amount: Int64
    }

    private let shares: [Share]
    private let ofPayment: Adjacency
    /// Payments that were sold for a seller, in rising order.
    private let sold: [Int32]
    /// Makes the ids of what is emitted.
    public let identities: IdentityMaker
    /// Whether there is none at all, so that nobody need ask for each payment.
    let isEmpty: Bool

    /// Gathers every transaction of the payments.
    public init(
        tables: RecordTables, emissions: Emissions, waiting: WaitingEmissions,
        identities: IdentityMaker
    ) {
        self.identities = identities
        var shares: [Share] = []
        var owners: ContiguousArray<Int32> = []
        let earlier = waiting.entries.filter { $0.thing.transactionKind != nil }
        let payments = tables.payments.rows
        let index = FingerprintIndex(count: earlier.isEmpty ? 0 : payments.count) {
            payments[$0].id
        }
        for entry in earlier {
            guard let kind = entry.thing.transactionKind,
                let payment = index.first(entry.payment, key: { payments[$0].id })
            else { continue }
            shares.append(Share(id: entry.id, kind: kind, amount: entry.amount))
            owners.append(Int32(payment))
        }
        for transaction in emissions.transactions {
            shares.append(
                Share(
                    id: transaction.id, kind: transaction.kind, amount: transaction.amount))
            owners.append(transaction.payment)
        }
        self.shares = shares
        sold = (emissions.paymentsWithSeller ?? []).sorted()
        isEmpty = shares.isEmpty && sold.isEmpty
        ofPayment = Adjacency(count: isEmpty ? 0 : payments.count, owners: owners)
    }

    /// The transactions of a payment: earlier ones first.
    func of(_ payment: Int) -> [Share] {
        isEmpty ? [] : ofPayment[payment].map { shares[Int($0)] }
    }

    /// The commission on a payment less what was taken back of it, in minor units; nil where there
    /// was none.
    public func commission(ofPayment payment: Int) -> Int64? {
        let commissions = of(payment).filter { $0.kind.isCommission }
        return commissions.isEmpty ? nil : commissions.reduce(0) { $0 + $1.amount }
    }

    /// Whether a payment was sold for a seller.
    func isSold(_ payment: Int) -> Bool {
        var low = 0
        var high = sold.count
        while low < high {
            let middle = (low + high) / 2
            if sold[middle] < Int32(payment) { low = middle + 1 } else { high = middle }
        }
        return low < sold.count && sold[low] == Int32(payment)
    }

    /// Whether a transaction is what a settlement line took back.
    func isReversal(_ share: Share, paymentID: String, lineID: String) -> Bool {
        share.id == identities.transactionID(share.kind, key: [paymentID, lineID])
    }
}

extension Transaction.Kind {
    /// Whether it takes something back.
    var isReversal: Bool { self == .commissionReversal || self == .payoutReversal }

    /// Whether it is the marketplace's own share.
    var isCommission: Bool { self == .commission || self == .commissionReversal }

    /// The account that it is credited to.
    var account: LedgerAccount {
        switch self {
        case .commission, .commissionReversal: .commission
        case .payout, .payoutReversal: .sellersPayable
        }
    }
}

extension EmittedThing {
    /// The kind of transaction that it is; nil for everything else.
    var transactionKind: Transaction.Kind? {
        switch self {
        case .commission: .commission
        case .payout: .payout
        case .commissionReversal: .commissionReversal
        case .payoutReversal: .payoutReversal
        case .statusUpdate, .bookingLink, .booking, .ticket, .orderUpdate, .sessionUpdate: nil
        }
    }
}
