import Money

/// What a seller is owed, or owes, that no payout has paid yet.
///
/// It is below the least payout, or below zero, or the seller is held; it is handed from run to run, and the seller's next
/// payout begins with it.
public struct SellerBalance: Sendable, Hashable {
    /// The seller, as the dumps name them.
    public var seller: String
    /// The currency of the amount.
    public var currency: Currency
    /// Minor units, never 0.
    public var amount: Int64
    /// The payout that was not paid, and from which the amount is brought forward.
    public var payoutID: String

    /// Creates a balance.
    public init(seller: String, currency: Currency, amount: Int64, payoutID: String) {
        self.seller = seller
        self.currency = currency
        self.amount = amount
        self.payoutID = payoutID
    }

    var account: SellerAccount { SellerAccount(seller: seller, currency: currency) }
}

/// A seller's money in one currency: what is paid together.
struct SellerAccount: Hashable {
    let seller: String
    let currency: Currency
}

/// The sellers' balances: what earlier runs handed on, then what each payout leaves.
public struct SellerBalances: Sendable {
    private var byAccount: [SellerAccount: SellerBalance] = [:]

    /// Takes over what the run before handed on.
    public init(_ balances: [SellerBalance] = []) {
        for balance in balances { byAccount[balance.account] = balance }
    }

    /// Every balance that is not nothing, in order of the sellers, then of the currencies.
    public var all: [SellerBalance] {
        byAccount.values.sorted { ($0.seller, $0.currency.code) < ($1.seller, $1.currency.code) }
    }

    /// What a seller's next payout begins with; nil for nothing.
    func balance(of seller: String, in currency: Currency) -> SellerBalance? {
        byAccount[SellerAccount(seller: seller, currency: currency)]
    }

    /// Notes what a payout left: nothing where it is paid, else all of it.
    mutating func note(_ payout: Payout) {
        let account = SellerAccount(seller: payout.seller, currency: payout.currency)
        guard payout.status != .scheduled, payout.amount != 0 else {
            byAccount[account] = nil
            return
        }
        byAccount[account] = SellerBalance(
            seller: payout.seller, currency: payout.currency, amount: payout.amount,
            payoutID: payout.id)
    }
}
