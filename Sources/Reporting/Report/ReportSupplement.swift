import Money

/// How the breaks that somebody must look at changed since the run before.
public struct OpenItems: Sendable, Equatable {
    /// Open at the end of the run before.
    public var opening: Int
    /// Found for the first time.
    public var new: Int
    /// Closed before, and back again.
    public var reopened: Int
    /// Gone with their cause, or closed by a decision.
    public var cleared: Int

    /// Creates the counts; a first run only has new ones.
    public init(opening: Int = 0, new: Int, reopened: Int = 0, cleared: Int = 0) {
        self.opening = opening
        self.new = new
        self.reopened = reopened
        self.cleared = cleared
    }

    /// Open at the end of this run: opening + new + reopened − cleared.
    public var closing: Int { opening + new + reopened - cleared }
}

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
