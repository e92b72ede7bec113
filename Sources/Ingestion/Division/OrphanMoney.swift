import Money
import Records

/// Money that a gateway gave back of a payment that is in no dump.
public struct OrphanMoney: Hashable, Sendable {
    /// What the line is.
    public let type: SettlementType
    /// Minor units.
    public let gross: Int64
    /// The currency of the amount.
    public let currency: Currency

    /// Describes the money of a line.
    public init(type: SettlementType, gross: Int64, currency: Currency) {
        self.type = type
        self.gross = gross
        self.currency = currency
    }

    private static let words: [(type: SettlementType, word: String)] = [
        (.refund, "refund"), (.chargeback, "chargeback"),
    ]

    /// The money as processes tell each other of it, such as `refund.1250.EUR`.
    public var token: String {
        let word = OrphanMoney.words.first { $0.type == type }?.word ?? ""
        return "\(word).\(gross).\(currency.code)"
    }

    /// The money of a token; nil where it is none.
    public init?(token: some StringProtocol) {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let gross = Int64(parts[1]),
            let type = OrphanMoney.words.first(where: { $0.word == parts[0] })?.type,
            let currency = parts[2].isEmpty ? Currency.none : Currency(String(parts[2]))
        else { return nil }
        self.init(type: type, gross: gross, currency: currency)
    }
}
