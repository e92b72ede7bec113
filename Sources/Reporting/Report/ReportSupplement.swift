import Money

/// One payout of a gateway against the bank account.
public struct PayoutTieOut: Sendable, Equatable {
    /// The gateway's id of the payout.
    public var payout: String
    /// The currency of its amounts.
    public var currency: Currency
    /// What its lines add up to, in minor units.
    public var net: Int64
    /// What the bank received, in minor units; nil where no bank line is found.
    public var deposited: Int64?

    /// Creates a tie-out.
    public init(payout: String, currency: Currency, net: Int64, deposited: Int64?) {
        self.payout = payout
        self.currency = currency
        self.net = net
        self.deposited = deposited
    }

    /// What is missing at the bank, in minor units; negative where too much came.
    public var residual: Int64 { net - (deposited ?? 0) }
}
