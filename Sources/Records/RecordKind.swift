/// The kinds of record that dumps hold.
public enum RecordKind: String, Sendable, CaseIterable, Comparable {
    case payments, settlements, bookings, catalogue, orders, users, sessions, bank, overrides

    /// The kind's fields, in the order of the documentation.
    public var fields: [FieldName] {
        switch self {
        case .payments: PaymentField.allCases.map(\.name)
        case .settlements: SettlementField.allCases.map(\.name)
        case .bookings: BookingField.allCases.map(\.name)
        case .catalogue: CatalogueField.allCases.map(\.name)
        case .orders: OrderField.allCases.map(\.name)
        case .users: UserField.allCases.map(\.name)
        case .sessions: SessionField.allCases.map(\.name)
        case .bank: BankField.allCases.map(\.name)
        case .overrides: OverrideField.allCases.map(\.name)
        }
    }

    /// Alphabetical order has no meaning; this is the order in which kinds are read.
    public static func < (left: RecordKind, right: RecordKind) -> Bool {
        left.rank < right.rank
    }

    private var rank: Int { RecordKind.allCases.firstIndex(of: self) ?? 0 }
}

/// A field's name in definitions and messages, and whether a record must have it.
public struct FieldName: Sendable, Hashable {
    /// The name as definitions write it.
    public let text: String
    /// Whether a row without it cannot be a record.
    public let isRequired: Bool
}

/// A kind's fields, as an enumeration whose raw value is the field's index.
public protocol RecordFieldSet: RawRepresentable, CaseIterable, Sendable where RawValue == Int {
    /// The fields that a record must have.
    static var required: [Self] { get }
}

extension RecordFieldSet where Self: Equatable {
    /// The name in definitions: the case's own, with underscores.
    public var name: FieldName {
        var text = ""
        for character in String(describing: self) {
            text += character.isUppercase ? "_" + character.lowercased() : String(character)
        }
        return FieldName(text: text, isRequired: Self.required.contains(self))
    }
}

/// The fields of a payment.
public enum PaymentField: Int, RecordFieldSet {
    case id, reference, user, amount, currency, status, createdAt, completedAt, description
    case details, kind, order, booking, seller, gateway, refunded

    /// What a payment cannot do without.
    public static let required: [PaymentField] = [.id, .user, .amount, .status, .createdAt]
}

/// The fields of a settlement line.
public enum SettlementField: Int, RecordFieldSet {
    case id, reference, type, state, gross, fee, tax, net, currency, occurredAt, settledOn, payout
    case gateway, method

    /// What a settlement line cannot do without.
    public static let required: [SettlementField] = [.id, .reference, .gross]
}

/// The fields of a booking.
public enum BookingField: Int, RecordFieldSet {
    case id, payment, user, item, kind, quantity, amount, currency, status, date, createdAt
    case startsAt, endsAt, order

    /// What a booking cannot do without.
    public static let required: [BookingField] = [.id, .user, .amount, .status]
}

/// The fields of something that is sold.
public enum CatalogueField: Int, RecordFieldSet {
    case id, name, kind, price, currency, aliases, seller

    /// What an item cannot do without.
    public static let required: [CatalogueField] = [.id, .name, .kind]
}

/// The fields of an order: a cart or a won bid, what a payment was for.
public enum OrderField: Int, RecordFieldSet {
    case id, user, item, kind, quantity, amount, currency, status, seller, date, startsAt, endsAt

    /// What an order cannot do without.
    public static let required: [OrderField] = [.id, .user]
}

/// The fields of a user.
public enum UserField: Int, RecordFieldSet {
    case id, email, name

    /// What a user cannot do without.
    public static let required: [UserField] = [.id]
}

/// The fields of a charging session.
public enum SessionField: Int, RecordFieldSet {
    case id, booking, user, status, energyKwh, startedAt, endedAt

    /// What a session cannot do without.
    public static let required: [SessionField] = [.id]
}

/// The fields of a line of the bank account.
public enum BankField: Int, RecordFieldSet {
    case id, payout, amount, currency, date, description

    /// What a bank line cannot do without.
    public static let required: [BankField] = [.id, .amount, .date]
}

/// The fields of a decision about a break.
public enum OverrideField: Int, RecordFieldSet {
    case breakId, action, target, reason, maker, checker, expires

    /// What a decision cannot do without.
    public static let required: [OverrideField] = [.breakId, .reason, .maker, .checker]
}
