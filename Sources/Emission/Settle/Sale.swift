/// A payment for something that a seller sold.
public struct Sale: Sendable, Hashable {
    /// The payment's row.
    public var payment: Int32
    /// The seller as the dumps name them, in lower case; never empty.
    public var seller: String
    /// The kind of what was bought, in lower case; empty where nothing tells it or nobody asks.
    public var kind: String

    /// Describes a sale.
    public init(payment: Int32, seller: String, kind: String = "") {
        self.payment = payment
        self.seller = seller
        self.kind = kind
    }
}
