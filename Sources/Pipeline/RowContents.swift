import Emission
import Ingestion
import Money
import Reconciliation
import Records
import RunStore
import Time

/// Tells whether what a decision was made about has changed since, by a checksum of it.
///
/// Figures, times and statuses are taken as they were understood, the other texts as they stand, so
/// that another habit of writing the same is no change. Fingerprints have no part in it: they differ
/// from run to run.
struct RowContents: ~Copyable {
    private let tables: RecordTables
    private let key: FingerprintKey
    private var texts: RowTexts
    private var hasher = SHA256Hasher()

    init(_ ingested: IngestedDumps) {
        tables = ingested.tables
        key = ingested.key
        texts = RowTexts(ingested.dumps)
    }

    /// The checksum of what a break concerns and of the money that it puts in doubt.
    mutating func digest(_ item: OpenItem, _ rows: ItemRows) throws -> String {
        var head = [
            "\(item.code.word) \(item.atRisk) \(item.currency.code)", item.payout, item.other,
        ]
        if !item.other.isEmpty, item.code == .conflictingEvidence, rows.booking != nil {
            try add(session: key.storedIDPrint(item.other), to: &head)
        } else if !item.other.isEmpty, item.code != .unappliedEmission,
            let line = tables.bank.first(where: { $0.id == item.other })
        {
            head += ["bank", line.payout, line.description, TimeText.text(line.date)]
            head.append("\(line.amount) \(line.currency.code)")
        }
        return try digest(head, rows)
    }

    /// The checksum of two records that are to be matched.
    mutating func digest(matching rows: ItemRows) throws -> String { try digest(["match"], rows) }

    /// The checksum of a decision: what tells one from another.
    mutating func digest(_ decision: Override) -> String {
        hasher.digest(joining: decision.fields).hex
    }

    private mutating func digest(_ head: [String], _ rows: ItemRows) throws -> String {
        var parts = head
        if let payment = rows.payment { try add(payment: payment, to: &parts) }
        if let line = rows.settlement { try add(line: line, to: &parts) }
        if let booking = rows.booking { try add(booking: booking, to: &parts) }
        return hasher.digest(joining: parts).hex
    }

    private mutating func add(payment: Int, to parts: inout [String]) throws {
        let row = tables.payments.rows[payment]
        let links = tables.links(ofPayment: payment)
        try texts.go(to: row.place)
        parts += ["payment", tables.payments.id(payment)]
        parts += ["\(row.amount) \(row.currency.code) \(row.status.word)"]
        parts += [row.created, row.completed].map(RowContents.text)
        parts.append(links.refunded.map(String.init) ?? "")
        parts.append(String(decoding: texts.user(PaymentField.user), as: UTF8.self))
        // A payment without a reference goes by its id.
        if row.reference != row.id { add([PaymentField.reference], to: &parts) }
        let fields: [PaymentField] = [
            .description, .details, .kind, .order, .booking, .seller, .gateway,
        ]
        add(fields, to: &parts)
    }

    private mutating func add(line: Int, to parts: inout [String]) throws {
        let row = tables.settlements.rows[line]
        try texts.go(to: row.place)
        parts += ["settlement", tables.settlements.id(line)]
        parts += ["\(row.type.word) \(row.state.word) \(row.currency.code)"]
        parts += ["\(row.gross) \(row.fee) \(row.tax) \(row.net)"]
        parts.append(RowContents.text(row.occurred))
        parts.append(row.settledOn.isPresent ? TimeText.text(row.settledOn) : "")
        add([SettlementField.reference, .payout, .gateway, .method], to: &parts)
    }

    private mutating func add(booking: Int, to parts: inout [String]) throws {
        let row = tables.bookings.rows[booking]
        try texts.go(to: row.place)
        parts += ["booking", tables.bookings.id(booking)]
        parts += ["\(row.amount) \(row.currency.code) \(row.status.word)"]
        parts.append(RowContents.text(row.created))
        parts.append(String(decoding: texts.user(BookingField.user), as: UTF8.self))
        let fields: [BookingField] = [
            .payment, .order, .item, .kind, .quantity, .date, .startsAt, .endsAt,
        ]
        add(fields, to: &parts)
    }

    private mutating func add(session id: Fingerprint, to parts: inout [String]) throws {
        guard let row = tables.sessions.rows.first(where: { $0.id == id }) else { return }
        try texts.go(to: row.place)
        parts += ["session", row.energy.map(String.init) ?? ""]
        parts += [row.started, row.ended].map(RowContents.text)
        parts.append(String(decoding: texts.user(SessionField.user), as: UTF8.self))
        add([SessionField.booking, .status], to: &parts)
    }

    /// The fields that say something, each with its name: fields that are empty, or that only later
    /// versions know, change nothing.
    private mutating func add<Field: RecordFieldSet & Equatable>(
        _ fields: [Field], to parts: inout [String]
    ) {
        for field in fields {
            let text = texts.id(field)
            guard !text.isEmpty else { continue }
            parts.append(field.name.text + "=" + String(decoding: text, as: UTF8.self))
        }
    }

    private static func text(_ moment: Instant) -> String {
        moment.isPresent ? TimeText.text(moment) : ""
    }
}

/// The rows of some records, found by their ids in one pass over each table.
struct RowFinder {
    private let key: FingerprintKey
    private var payments: [Fingerprint: Int] = [:]
    private var settlements: [Fingerprint: Int] = [:]
    private var bookings: [Fingerprint: Int] = [:]

    /// Looks for what these items concern, and for these ids besides.
    init(_ ingested: IngestedDumps, items: [OpenItem], targets: [String] = []) {
        key = ingested.key
        let tables = ingested.tables
        payments = RowFinder.rows(
            items.map(\.paymentID) + targets, of: tables.payments, key: key)
        settlements = RowFinder.rows(
            items.map(\.settlementID) + targets, of: tables.settlements, key: key)
        bookings = RowFinder.rows(
            items.map(\.bookingID) + targets, of: tables.bookings, key: key)
    }

    private static func rows<Row>(
        _ ids: [String], of table: Table<Row>, key: FingerprintKey
    ) -> [Fingerprint: Int] {
        var found: [Fingerprint: Int] = [:]
        for id in ids where !id.isEmpty { found[key.idPrint(id)] = -1 }
        guard !found.isEmpty else { return [:] }
        for (row, record) in table.rows.enumerated() where found[record.id] != nil {
            found[record.id] = row
        }
        return found.filter { $0.value >= 0 }
    }

    func payment(_ id: String) -> Int? { id.isEmpty ? nil : payments[key.idPrint(id)] }
    func settlement(_ id: String) -> Int? { id.isEmpty ? nil : settlements[key.idPrint(id)] }
    func booking(_ id: String) -> Int? { id.isEmpty ? nil : bookings[key.idPrint(id)] }

    /// The rows of what an item concerns.
    func rows(of item: OpenItem) -> ItemRows {
        var rows = ItemRows()
        rows.payment = payment(item.paymentID)
        rows.settlement = settlement(item.settlementID)
        rows.booking = booking(item.bookingID)
        return rows
    }
}
