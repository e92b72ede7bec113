import Money
import Time

/// What an order says of itself.
///
/// Shops have words of their own for what is still to be paid; whatever is none of the words for
/// something else is open.
public enum OrderStatus: UInt8, Sendable, CaseIterable, Worded {
    /// The words of outputs.
    public static let words = spelled()

    /// Still to be paid, by a word of the shop's own that the definition does not name.
    case other
    /// Still to be paid.
    case open
    /// Paid for.
    case paid
    /// Paid for, and delivered.
    case completed
    /// Given up.
    case cancelled

    /// Whether a payment would make it paid.
    public var isOpen: Bool { self == .open || self == .other }

    /// Those for which a definition may name words.
    public static var named: [OrderStatus] { allCases.filter { $0 != .other } }
}

/// An order, as far as matching needs it; its texts are read again where a payment needs them.
public struct OrderRow: TableRow {
    /// The id's fingerprint.
    public var id: Fingerprint
    /// Where the row begins in the dumps.
    public var place: RowPlace
    /// The id's text in the table.
    public var idText = TextSlice(offset: 0, count: 0)
    /// What it comes to, in minor units of the currency; nil where the dump does not say.
    public var amount: Int64?
    /// The line of its file on which the row begins, from 1.
    public var line: UInt32 = 0
    /// The currency of the amount; the pipeline's own where the dump names none.
    public var currency = Currency.none
    /// What the order says of itself; open where the dump does not say.
    public var status = OrderStatus.other
    /// Whether the dump says anything of its status: without that nothing is to be changed.
    public var hasStatus = false
    /// Whether another row of the same id says something else.
    public var isConflicting = false
    /// Orders have no time of their own.
    public var moment: Instant { .absent }

    /// A row without text; the id's text and the line are set when it enters a table.
    public init(place: RowPlace) {
        id = .none
        self.place = place
    }
}
