import Money
import Time

/// Where a row begins in the dumps: a file and a byte.
@frozen
public struct RowPlace: Sendable, Hashable {
    /// The file's index in the run's list of inputs in the upper 16 bits, the byte offset below.
    public let packed: UInt64

    /// Creates a place; the offset must be below 2⁴⁸.
    @inlinable
    public init(file: Int, offset: Int) {
        packed = UInt64(file) << 48 | UInt64(offset)
    }

    /// The place that another one's `packed` tells.
    @inlinable
    public init(packed: UInt64) { self.packed = packed }

    /// The file's index in the run's list of inputs.
    @inlinable public var file: Int { Int(packed >> 48) }

    /// The byte at which the row begins, from 0.
    @inlinable public var offset: Int { Int(packed & 0xFFFF_FFFF_FFFF) }
}

/// A piece of a table's id text.
@frozen
public struct TextSlice: Sendable, Hashable {
    /// The offset in the upper 40 bits, the length in the lower 24.
    public let packed: UInt64

    /// Creates a slice.
    @inlinable
    public init(offset: Int, count: Int) {
        packed = UInt64(offset) << 24 | UInt64(count)
    }

    /// Where it begins, from 0.
    @inlinable public var offset: Int { Int(packed >> 24) }

    /// How many bytes it has.
    @inlinable public var count: Int { Int(packed & 0xFF_FFFF) }

    /// The same text in a store into which it was copied so many bytes further on.
    @inlinable
    public func moved(by distance: Int) -> TextSlice {
        TextSlice(offset: offset + distance, count: count)
    }
}

/// What every row of a table has: an id, and the place where its text is read again.
public protocol TableRow: Sendable {
    /// The id's fingerprint.
    var id: Fingerprint { get }
    /// The id's text in the table.
    var idText: TextSlice { get set }
    /// Where the row begins in the dumps.
    var place: RowPlace { get set }
    /// The line of its file on which the row begins, from 1.
    var line: UInt32 { get set }
    /// Decides which of several rows of one id is the latest.
    var moment: Instant { get }
    /// Whether another row of the same id and the same time says something else.
    var isConflicting: Bool { get set }
    /// How far it has come, where rows of one id and time may differ by that; nil where they may not.
    var stage: UInt8? { get }
}

/// Records of one kind, in the order of the input, as rows of fixed width.
///
/// Texts stay in the dumps and are read again where they are written; only ids are kept, because
/// rows of other tables name them.
public struct Table<Row: TableRow>: Sendable {
    /// The records.
    public var rows: ContiguousArray<Row> = []
    /// The ids' text, one after the other.
    public var idBytes: ContiguousArray<UInt8> = []

    /// An empty table.
    public init() {}

    /// How many records there are.
    public var count: Int { rows.count }

    /// Gives the bytes of a record's id to `body`.
    @inlinable
    public func withID<Result>(
        _ index: Int, _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result {
        let slice = rows[index].idText
        return idBytes.withUnsafeBytes { bytes in
            body(UnsafeRawBufferPointer(rebasing: bytes[slice.offset..<slice.offset + slice.count]))
        }
    }

    /// The id's text of the record at an index.
    public func id(_ index: Int) -> String {
        let slice = rows[index].idText
        return String(decoding: idBytes[slice.offset..<slice.offset + slice.count], as: UTF8.self)
    }

    /// Whether the id of one record comes before another's, byte by byte.
    ///
    /// Ids order equals, so that a result does not depend on the order of the input.
    public func idPrecedes(_ left: Int, _ right: Int) -> Bool {
        let first = rows[left].idText
        let second = rows[right].idText
        return idBytes[first.offset..<first.offset + first.count]
            .lexicographicallyPrecedes(idBytes[second.offset..<second.offset + second.count])
    }
}

/// A payment, as far as matching needs it.
public struct PaymentRow: TableRow {
    /// The id's fingerprint.
    public var id: Fingerprint
    /// The reference, or the id where there is none.
    public var reference: Fingerprint
    /// The fingerprint of the user, whose case does not matter.
    public var user: Fingerprint
    /// Minor units of the currency.
    public var amount: Int64
    /// When the payment was created; a row without it is rejected.
    public var created: Instant
    /// When it was completed; `absent` where the dump does not say.
    public var completed: Instant
    /// Where the row begins in the dumps.
    public var place: RowPlace
    /// The id's text in the table.
    public var idText: TextSlice
    /// A print of the description, or of the details where there is none; 0 for neither.
    public var subject: UInt64
    /// The line of its file on which the row begins, from 1.
    public var line: UInt32
    /// The currency of the amount; the pipeline's own where the dump names none.
    public var currency: Currency
    /// What the payment says of itself.
    public var status: PaymentStatus
    /// Whether another row of the same id and the same time says something else.
    public var isConflicting: Bool

    /// When the payment was created: of several rows of one id the latest counts.
    public var moment: Instant { created }

    /// A row without text; the id's text and the line are set when it enters a table.
    public init(place: RowPlace) {
        id = .none
        reference = .none
        user = .none
        amount = 0
        created = .absent
        completed = .absent
        self.place = place
        idText = TextSlice(offset: 0, count: 0)
        subject = 0
        line = 0
        currency = .none
        status = .pending
        isConflicting = false
    }
}

/// What a payment may name besides: kept beside the rows, only where a dump has such columns.
public struct PaymentLinks: Sendable {
    /// The order that it names; `none` where it names none.
    public var order = Fingerprint.none
    /// The booking that it names; `none` where it names none.
    public var booking = Fingerprint.none
    /// The seller that it names; `none` where it names none.
    public var seller = Fingerprint.none
    /// The gateway, by its number among the words of the agreed fees.
    public var gateway: UInt8 = 0
    /// The refunded amount that the payment records, in minor units; nil where it records none.
    public var refunded: Int64?

    /// A payment that names nothing.
    public init() {}
}

/// A settlement line, as far as matching needs it.
public struct SettlementRow: TableRow {
    /// The id's fingerprint.
    public var id: Fingerprint
    /// The reference of the payment that it belongs to; `none` where it names none.
    public var reference: Fingerprint
    /// The amount moved, negative for adjustments, reserves and payouts only; the direction of all
    /// others follows from the type.
    public var gross: Int64
    /// What the gateway kept, a positive cost.
    public var fee: Int64
    /// The tax on it, a positive cost.
    public var tax: Int64
    /// What the line adds to the payout.
    public var net: Int64
    /// When the money moved; `absent` where the dump does not say.
    public var occurred: Instant
    /// Where the row begins in the dumps.
    public var place: RowPlace
    /// The id's text in the table.
    public var idText: TextSlice
    /// The line of its file on which the row begins, from 1.
    public var line: UInt32
    /// The day of settlement; `absent` where the dump does not say.
    public var settledOn: CivilDate
    /// The currency of all amounts; the pipeline's own where the dump names none.
    public var currency: Currency
    /// What the line is; a charge where the dump does not say.
    public var type: SettlementType
    /// Whether its money moved; completed where the dump does not say.
    public var state: SettlementState
    /// Whether another row of the same id and the same time says something else.
    public var isConflicting: Bool
    /// Whether the dump itself gave the net amount.
    public var hasNet: Bool
    /// Whether the dump has a fee at all.
    public var hasFee: Bool
    /// Whether the payout that it names came to its end in an earlier run, so that lines of it may
    /// have left already.
    public var isPayoutClosed: Bool

    /// When the money moved: of several rows of one id the latest counts.
    public var moment: Instant { occurred }

    /// A row without text; the id's text and the line are set when it enters a table.
    public init(place: RowPlace) {
        id = .none
        reference = .none
        gross = 0
        fee = 0
        tax = 0
        net = 0
        occurred = .absent
        self.place = place
        idText = TextSlice(offset: 0, count: 0)
        line = 0
        settledOn = .absent
        currency = .none
        type = .charge
        state = .completed
        isConflicting = false
        hasNet = false
        hasFee = false
        isPayoutClosed = false
    }

    /// What the line should add to the payout by its own figures, in minor units.
    ///
    /// That is the gross amount less fee and tax, or for reversals and fees what leaves; nil beyond
    /// 64 bits.
    public var computedNet: Int64? {
        let leaves = type == .refund || type == .chargeback || type == .fee
        let direction = leaves ? Int64(0).subtractingReportingOverflow(gross) : (gross, false)
        let first = direction.0.subtractingReportingOverflow(fee)
        let second = first.partialValue.subtractingReportingOverflow(tax)
        return direction.1 || first.overflow || second.overflow ? nil : second.partialValue
    }
}

/// A booking, as far as matching needs it.
public struct BookingRow: TableRow {
    /// The id's fingerprint.
    public var id: Fingerprint
    /// The payment that it names, by id or reference.
    public var payment: Fingerprint
    /// The fingerprint of the user, whose case does not matter.
    public var user: Fingerprint
    /// The order that it names.
    public var order: Fingerprint
    /// Minor units of the currency, never negative.
    public var amount: Int64
    /// When the booking was created; `absent` where the dump does not say.
    public var created: Instant
    /// Where the row begins in the dumps.
    public var place: RowPlace
    /// The id's text in the table.
    public var idText: TextSlice
    /// The line of its file on which the row begins, from 1.
    public var line: UInt32
    /// The currency of the amount; the pipeline's own where the dump names none.
    public var currency: Currency
    /// What the booking says of itself.
    public var status: BookingStatus
    /// Whether another row of the same id and the same time says something else.
    public var isConflicting: Bool
    /// Whether its kind is one that is sold as tickets.
    public var isTicket: Bool

    /// When the booking was created: of several rows of one id the latest counts.
    public var moment: Instant { created }

    /// A row without text; the id's text and the line are set when it enters a table.
    public init(place: RowPlace) {
        id = .none
        payment = .none
        user = .none
        order = .none
        amount = 0
        created = .absent
        self.place = place
        idText = TextSlice(offset: 0, count: 0)
        line = 0
        currency = .none
        status = .confirmed
        isConflicting = false
        isTicket = false
    }

    /// Whether the booking counts as made: confirmed, or completed since.
    public var isMade: Bool { status == .confirmed || status == .completed }
}

/// Something that is sold.
public struct CatalogueItem: Sendable, Hashable {
    /// The id by which orders, payments and bookings name it.
    public var id: String
    /// The name under which it is sold.
    public var name: String
    /// The kind that it settles, in lower case; empty where the catalogue names none.
    public var kind: String
    /// Other names, separated by `|` or `;`.
    public var aliases: String
    /// Who is to be paid out for it; empty where the catalogue names none.
    public var seller: String

    /// Creates an item.
    public init(id: String, name: String, kind: String, aliases: String, seller: String) {
        self.id = id
        self.name = name
        self.kind = kind
        self.aliases = aliases
        self.seller = seller
    }
}

/// Every record of a run that counts, by kind, each kind in the order of the input.
public struct RecordTables: Sendable {
    /// Payments, one row for each id.
    public var payments = Table<PaymentRow>()
    /// One entry for each payment, or none at all where no dump has such columns.
    public var paymentLinks: ContiguousArray<PaymentLinks> = []
    /// Lines of what the gateway settled, one row for each id.
    public var settlements = Table<SettlementRow>()
    /// One entry for each line, or none at all where no dump has such columns.
    public var settlementLinks: ContiguousArray<SettlementLinks> = []
    /// The ids of the gateways' payouts, by their numbers; some may have no line any more.
    public var payouts: [String] = []
    /// Bookings and tickets, one row for each id.
    public var bookings = Table<BookingRow>()
    /// Orders, one row for each id.
    public var orders = Table<OrderRow>()
    /// Charging sessions, one row for each id.
    public var sessions = Table<SessionRow>()
    /// What is sold; an item's number is its index here.
    public var catalogue: [CatalogueItem] = []
    /// The names of users, by the fingerprint of their id and of their address.
    public var userNames: [Fingerprint: String] = [:]
    /// Lines of the bank account, one for each id.
    public var bank: [BankLine] = []
    /// What people decided about breaks, in the order of the input.
    public var overrides: [Override] = []
    /// Whether the pipeline has a settlements input at all.
    public var hasSettlements = false
    /// Whether the pipeline has a bank input at all.
    public var hasBank = false

    /// No records.
    public init() {}

    /// What a payment names besides.
    public func links(ofPayment index: Int) -> PaymentLinks {
        paymentLinks.isEmpty ? PaymentLinks() : paymentLinks[index]
    }

    /// What a settlement line names besides.
    public func links(ofLine index: Int) -> SettlementLinks {
        settlementLinks.isEmpty ? SettlementLinks() : settlementLinks[index]
    }
}
