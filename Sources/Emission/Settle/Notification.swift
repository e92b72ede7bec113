import Records

/// What somebody is told about a payment that was shared between a seller and the marketplace.
public struct Notification: Sendable {
    /// What happened.
    public enum Kind: UInt8, Sendable, CaseIterable, Worded {
        /// The words of outputs.
        public static let words = spelled()

        /// The buyer's payment has arrived.
        case paymentReceived
        /// The seller's share of it is to be paid out.
        case payoutScheduled
        /// The buyer was given money back.
        case paymentReversed
        /// The seller's share of that was taken back.
        case payoutReversed

        /// Whether the seller is told, and not the buyer.
        public var isForSeller: Bool { self == .payoutScheduled || self == .payoutReversed }
    }

    /// The notification's id, made from its content.
    public var id: String
    /// What happened.
    public var kind: Kind
    /// The payment's row.
    public var payment: Int32
    /// The seller, in lower case.
    public var seller: String
    /// What was paid or given back, in minor units, never negative where money went the usual way.
    public var amount: Int64
    /// The marketplace's part of it.
    public var commission: Int64
    /// The index of the payout that the seller's part goes into, or is taken from.
    public var payout: Int
}

extension Emissions {
    /// One notification for the buyer and one for the seller of each pair of transactions, in their
    /// order.
    ///
    /// Transactions are emitted once, and so nobody is told the same twice.
    public func notifications(_ identities: IdentityMaker) -> [Notification] {
        var payoutOfTransaction: [Int: Int] = [:]
        for (payout, members) in payouts.map(\.transactions).enumerated() {
            for member in members { payoutOfTransaction[member] = payout }
        }
        var made: [Notification] = []
        for (index, transaction) in transactions.enumerated() {
            let isReversal = transaction.kind == .payoutReversal
            guard isReversal || transaction.kind == .payout, index > 0,
                let payout = payoutOfTransaction[index]
            else { continue }
            // The two of a pair stand side by side, the commission first.
            let commission = transactions[index - 1].amount
            let sign: Int64 = isReversal ? -1 : 1
            let kinds: [Notification.Kind] =
                isReversal
                ? [.paymentReversed, .payoutReversed] : [.paymentReceived, .payoutScheduled]
            for kind in kinds {
                made.append(
                    Notification(
                        id: identities.wideID(
                            prefix: "NT", what: kind.word, key: [transaction.id]),
                        kind: kind, payment: transaction.payment, seller: transaction.seller,
                        amount: sign * (transaction.amount + commission),
                        commission: sign * commission, payout: payout))
            }
        }
        return made
    }
}
