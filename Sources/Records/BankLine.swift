import Money
import Time

/// A line of the bank account; there are few enough of them to keep their texts.
public struct BankLine: Sendable, Hashable {
    /// The id's text.
    public var id: String
    /// The payout that it names; empty where it names none.
    public var payout: String
    /// What the bank says of it; empty where it says nothing.
    public var description: String
    /// Minor units of the currency, negative where money left the account.
    public var amount: Int64
    /// The currency of the amount; the pipeline's own where the dump names none.
    public var currency: Currency
    /// The day on which the bank booked it.
    public var date: CivilDate
    /// Where the row begins in the dumps.
    public var place: RowPlace
    /// Whether another row of the same id and the same day says something else.
    public var isConflicting = false

    /// Creates a line.
    public init(
        id: String, payout: String, description: String, amount: Int64, currency: Currency,
        date: CivilDate, place: RowPlace
    ) {
        self.id = id
        self.payout = payout
        self.description = description
        self.amount = amount
        self.currency = currency
        self.date = date
        self.place = place
    }
}

/// What a settlement line may name besides: kept beside the rows, only where a dump has such
/// columns.
public struct SettlementLinks: Sendable, Hashable {
    /// The number of the payout that it belongs to, its index in the tables' `payouts`; -1 for
    /// none.
    public var payout: Int32 = -1
    /// The gateway, by its number among the words of the agreed fees.
    public var gateway: UInt8 = 0
    /// The method of payment, likewise.
    public var method: UInt8 = 0

    /// A line that names nothing.
    public init() {}
}
