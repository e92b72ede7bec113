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

/// A value that dumps and outputs write as a word.
///
/// A type says `public static let words = spelled()`: the words are then made once.
public protocol Worded: CaseIterable, Sendable, RawRepresentable where RawValue == UInt8 {
    /// Every word of the type, by raw value.
    static var words: [String] { get }
}

extension Worded {
    /// The case's own name, with underscores.
    public var word: String { Self.words[Int(rawValue)] }

    /// The names of the cases, with underscores.
    public static func spelled() -> [String] {
        allCases.map { value in
            var text = ""
            for character in String(describing: value) {
                text += character.isUppercase ? "_" + character.lowercased() : String(character)
            }
            return text
        }
    }
}

extension PaymentStatus: Worded {
    /// The words of outputs.
    public static let words = spelled()
}

extension SettlementType: Worded {
    /// The words of outputs.
    public static let words = spelled()
}

extension SettlementState: Worded {
    /// The words of outputs.
    public static let words = spelled()
}

extension BookingStatus: Worded {
    /// The words of outputs.
    public static let words = spelled()
}
