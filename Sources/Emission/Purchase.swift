import Money
import Reconciliation
import Records
import Time

/// Where a fact about a purchase comes from.
public enum Origin: UInt8, Sendable, CaseIterable, Worded {
    /// The words of outputs.
    public static let words = spelled()

    case order, details, catalogue, keyword, `default`

}

/// What a payment without booking was for, and how that is known.
public struct Purchase: Sendable {
    /// The item's number in the catalogue, or -1.
    public var item: Int32 = -1
    /// The item's name, or the free text that names it; the description where nothing does.
    public var itemName = ""
    /// Whether an item was found at all.
    public var isIdentified = false
    /// The kind's number in the definition, or -1 where it is one that is not booked.
    public var kind: Int32 = -1
    /// The kind's name in lower case, also of one that is not booked; empty where nothing tells it.
    public var kindName = ""
    /// Participants or tickets, at least 1.
    public var quantity: Int64 = 1
    /// The day of the event; `absent` where nothing tells.
    public var date = CivilDate.absent
    /// When it begins; `absent` where nothing tells.
    public var startsAt = Instant.absent
    /// When it ends; `absent` where nothing tells.
    public var endsAt = Instant.absent
    /// Who is to be paid out, where the order or the item says so.
    public var seller = ""
    /// How the item is known.
    public var itemOrigin = Origin.default
    /// How the kind is known.
    public var kindOrigin = Origin.default
    /// How the quantity is known.
    public var quantityOrigin = Origin.default
    /// How the date is known.
    public var dateOrigin = Origin.default
    /// What the description comes closest to in the catalogue, where no item was found.
    public var nearMiss: NearMiss?
    /// What matching by attributes may know of it.
    public var subject = KnownSubject(item: .none, content: .none)

    /// Nothing is known.
    public init() {}

    /// The sources of all fields, as outputs list them.
    public var origins: String {
        "item=\(itemOrigin.word) kind=\(kindOrigin.word) quantity=\(quantityOrigin.word) "
            + "date=\(dateOrigin.word)"
    }
}

/// The texts from which a purchase is told; valid while their rows are.
public struct PurchaseTexts {
    /// What the payment says it is for.
    public var description = UnsafeRawBufferPointer(start: nil, count: 0)
    /// Its details, in JSON.
    public var details = UnsafeRawBufferPointer(start: nil, count: 0)
    /// Its kind.
    public var kind = UnsafeRawBufferPointer(start: nil, count: 0)
    /// What the order that it names says; nil where it names none.
    public var order: OrderTexts?

    /// No texts.
    public init() {}
}

/// The texts of an order.
public struct OrderTexts {
    /// What it names as bought: an id, a name or an alias of the catalogue, or free text.
    public var item = UnsafeRawBufferPointer(start: nil, count: 0)
    /// The kind that it names.
    public var kind = UnsafeRawBufferPointer(start: nil, count: 0)
    /// How many participants or tickets, as digits.
    public var quantity = UnsafeRawBufferPointer(start: nil, count: 0)
    /// The day of the event.
    public var date = UnsafeRawBufferPointer(start: nil, count: 0)
    /// When the event begins.
    public var startsAt = UnsafeRawBufferPointer(start: nil, count: 0)
    /// When the event ends.
    public var endsAt = UnsafeRawBufferPointer(start: nil, count: 0)
    /// Who is to be paid out.
    public var seller = UnsafeRawBufferPointer(start: nil, count: 0)

    /// No texts.
    public init() {}
}
