/// What a payment says of itself, or is found to be.
public enum PaymentStatus: UInt8, Sendable, CaseIterable {
    case pending, succeeded, failed, cancelled
}

/// What a settlement line is; the direction of its money follows from this alone.
public enum SettlementType: UInt8, Sendable, CaseIterable {
    case charge, refund, chargeback, chargebackReversal, fee, adjustment, reserve, payout
}

/// Whether a settlement line's money moved.
public enum SettlementState: UInt8, Sendable, CaseIterable {
    case completed, pending, failed
}

/// What a booking says of itself.
public enum BookingStatus: UInt8, Sendable, CaseIterable {
    case confirmed, pending, cancelled, completed
}

/// A word that dumps and outputs write for a value.
public protocol Worded: CaseIterable, Sendable {}

extension Worded {
    /// The case's own name, with underscores.
    public var word: String {
        var text = ""
        for character in String(describing: self) {
            text += character.isUppercase ? "_" + character.lowercased() : String(character)
        }
        return text
    }

    /// Every word of the type, in order of the cases.
    public static var words: [String] { allCases.map(\.word) }
}

extension PaymentStatus: Worded {}
extension SettlementType: Worded {}
extension SettlementState: Worded {}
extension BookingStatus: Worded {}
