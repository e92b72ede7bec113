import Definition
import DelimitedText
import Money
import Records
import Time

/// Turns the records of one file into rows of a table.
protocol RowParser: Sendable {
    associatedtype Row: TableRow
    /// What a record may name besides, where a file has such columns.
    associatedtype Links: Sendable = NoLinks

    /// The index of the id's field.
    static var idField: Int { get }

    /// The row that a record makes.
    ///
    /// - Throws: The first thing that is wrong with it, by field.
    func row(
        _ record: Int, of tape: borrowing RecordTape, _ reader: borrowing FieldReader,
        _ place: RowPlace
    ) throws(RowFault) -> Row

    /// What the row's record adds to the table's links; nil where the file has no such columns.
    func links(
        _ record: Int, of tape: borrowing RecordTape, _ reader: borrowing FieldReader,
        _ row: Row
    ) throws(RowFault) -> Links?

    /// Notes everything by which a row belongs to others, where a run is divided.
    static func addKeys(
        of row: Row, id: UnsafeRawBufferPointer, _ links: Links?, to names: inout RowNames)
}

/// What records name besides, of kinds that name nothing.
enum NoLinks: Sendable {}

extension RowParser where Links == NoLinks {
    func links(
        _ record: Int, of tape: borrowing RecordTape, _ reader: borrowing FieldReader,
        _ row: Row
    ) throws(RowFault) -> NoLinks? { nil }
}

/// Reads payments.
struct PaymentParser: RowParser {
    static let idField = PaymentField.id.rawValue
    let binding: Binding
    let statuses: WordTable<PaymentStatus>
    let hasLinks: Bool

    init(binding: Binding, input: InputDefinition, rules: ReadingRules) {
        self.binding = binding
        statuses = WordTable(input: input, field: PaymentField.status.name.text)
        // Gateways are kept only where rules tell them apart.
        let linking: [PaymentField] =
            [.order, .booking, .seller, .refunded] + (rules.gateways.isEmpty ? [] : [.gateway])
        hasLinks = linking.contains { binding.has($0.rawValue) }
    }

    func row(
        _ record: Int, of tape: borrowing RecordTape, _ reader: borrowing FieldReader,
        _ place: RowPlace
    ) throws(RowFault) -> PaymentRow {
        var row = PaymentRow(place: place)
        typealias Field = PaymentField
        row.id = try reader.requiredKey(
            binding.text(Field.id.rawValue, tape, record), Field.id.rawValue)
        let reference = try reader.key(
            binding.text(Field.reference.rawValue, tape, record), Field.reference.rawValue)
        row.reference = reference.isPresent ? reference : row.id
        row.user = try reader.user(
            binding.text(Field.user.rawValue, tape, record), Field.user.rawValue)
        row.currency = try reader.currency(
            binding.text(Field.currency.rawValue, tape, record), Field.currency.rawValue)
        row.amount = try reader.unsignedAmount(
            binding.text(Field.amount.rawValue, tape, record), row.currency, Field.amount.rawValue)
        row.status = try reader.status(
            binding.text(Field.status.rawValue, tape, record), of: statuses, Field.status.rawValue)
        row.created = try reader.instant(
            binding.text(Field.createdAt.rawValue, tape, record), Field.createdAt.rawValue)
        guard row.created.isPresent else {
            throw RowFault(.missingValue, Field.createdAt.rawValue)
        }
        row.completed = try reader.instant(
            binding.text(Field.completedAt.rawValue, tape, record), Field.completedAt.rawValue)
        var subject = binding.text(Field.description.rawValue, tape, record)
        if subject.isEmpty { subject = binding.text(Field.details.rawValue, tape, record) }
        row.subject = reader.rules.key.fingerprint(subject).low
        return row
    }

    func links(
        _ record: Int, of tape: borrowing RecordTape, _ reader: borrowing FieldReader,
        _ row: PaymentRow
    ) throws(RowFault) -> PaymentLinks? {
        guard hasLinks else { return nil }
        var links = PaymentLinks()
        typealias Field = PaymentField
        links.order = try reader.key(
            binding.text(Field.order.rawValue, tape, record), Field.order.rawValue)
        links.booking = try reader.key(
            binding.text(Field.booking.rawValue, tape, record), Field.booking.rawValue)
        links.seller = try reader.key(
            binding.text(Field.seller.rawValue, tape, record), Field.seller.rawValue)
        links.refunded = try reader.amount(
            binding.text(Field.refunded.rawValue, tape, record), row.currency,
            Field.refunded.rawValue
        ).map { abs($0) }
        // A dump that records refunds says of a row without one that there was none. What is handed
        // on keeps apart what no dump has recorded.
        if links.refunded == nil, !binding.isCarried, binding.has(Field.refunded.rawValue) {
            links.refunded = 0
        }
        links.gateway = reader.rules.gateways.number(
            binding.text(Field.gateway.rawValue, tape, record))
        return links
    }
}

/// Reads settlement lines.
struct SettlementParser: RowParser {
    static let idField = SettlementField.id.rawValue
    let binding: Binding
    let types: WordTable<SettlementType>
    let states: WordTable<SettlementState>
    let hasLinks: Bool

    init(binding: Binding, input: InputDefinition, rules: ReadingRules) {
        self.binding = binding
        types = WordTable(input: input, field: SettlementField.type.name.text)
        states = WordTable(input: input, field: SettlementField.state.name.text)
        // A line of type payout names its payout whatever columns there are.
        let linking: [SettlementField] =
            [.payout, .type] + (rules.gateways.isEmpty ? [] : [.gateway])
            + (rules.methods.isEmpty ? [] : [.method])
        hasLinks = linking.contains { binding.has($0.rawValue) }
    }

    func row(
        _ record: Int, of tape: borrowing RecordTape, _ reader: borrowing FieldReader,
        _ place: RowPlace
    ) throws(RowFault) -> SettlementRow {
        var row = SettlementRow(place: place)
        typealias Field = SettlementField
        row.id = try reader.requiredKey(
            binding.text(Field.id.rawValue, tape, record), Field.id.rawValue)
        row.reference = try reader.key(
            binding.text(Field.reference.rawValue, tape, record), Field.reference.rawValue)
        row.type =
            try reader.word(
                binding.text(Field.type.rawValue, tape, record), of: types, unknown: .unknownType,
                Field.type.rawValue) ?? .charge
        row.state =
            try reader.word(
                binding.text(Field.state.rawValue, tape, record), of: states,
                unknown: .unknownState, Field.state.rawValue) ?? .completed
        guard row.reference.isPresent || !row.type.needsReference else {
            throw RowFault(.missingValue, Field.reference.rawValue)
        }
        row.currency = try reader.currency(
            binding.text(Field.currency.rawValue, tape, record), Field.currency.rawValue)
        try readMoney(record, of: tape, reader, &row)
        row.occurred = try reader.instant(
            binding.text(Field.occurredAt.rawValue, tape, record), Field.occurredAt.rawValue)
        row.settledOn = try reader.date(
            binding.text(Field.settledOn.rawValue, tape, record), Field.settledOn.rawValue)
        row.isPayoutClosed = binding.says(.payoutClosed, tape, record)
        return row
    }

    func links(
        _ record: Int, of tape: borrowing RecordTape, _ reader: borrowing FieldReader,
        _ row: SettlementRow
    ) throws(RowFault) -> SettlementNames? {
        guard hasLinks else { return nil }
        typealias Field = SettlementField
        var names = SettlementNames()
        names.payout = try reader.key(
            binding.text(Field.payout.rawValue, tape, record), Field.payout.rawValue)
        if row.type == .payout, !names.payout.isPresent {
            names.payout = row.reference.isPresent ? row.reference : row.id
        }
        names.gateway = reader.rules.gateways.number(
            binding.text(Field.gateway.rawValue, tape, record))
        names.method = reader.rules.methods.number(
            binding.text(Field.method.rawValue, tape, record))
        return names
    }

    /// Brings every file's habit of signs to ours: the type gives the direction of the gross
    /// amount, and fee and tax are costs whatever their sign.
    private func readMoney(
        _ record: Int, of tape: borrowing RecordTape, _ reader: borrowing FieldReader,
        _ row: inout SettlementRow
    ) throws(RowFault) {
        typealias Field = SettlementField
        let gross = try reader.requiredAmount(
            binding.text(Field.gross.rawValue, tape, record), row.currency, Field.gross.rawValue)
        let fee = try reader.amount(
            binding.text(Field.fee.rawValue, tape, record), row.currency, Field.fee.rawValue)
        let tax = try reader.amount(
            binding.text(Field.tax.rawValue, tape, record), row.currency, Field.tax.rawValue)
        let net = try reader.amount(
            binding.text(Field.net.rawValue, tape, record), row.currency, Field.net.rawValue)
        switch row.type {
        case .refund, .chargeback, .chargebackReversal, .fee: row.gross = abs(gross)
        case .charge:
            guard gross >= 0 else { throw RowFault(.negativeAmount, Field.gross.rawValue) }
            row.gross = gross
        case .adjustment, .reserve, .payout: row.gross = gross
        }
        row.hasFee = fee != nil
        row.fee = abs(fee ?? 0)
        row.tax = abs(tax ?? 0)
        row.hasNet = net != nil
        row.net = net ?? row.computedNet ?? 0
        if net != nil { row.takeBackCosts() }
    }
}

extension SettlementRow {
    /// Makes costs negative that were given back, as with a dispute that was won.
    ///
    /// Whatever sign the file writes, the line's own net tells. Nothing is given back of a charge.
    fileprivate mutating func takeBackCosts() {
        guard type != .charge, let computed = computedNet, computed != net else { return }
        var other = self
        (other.fee, other.tax) = (-fee, -tax)
        if other.computedNet == net {
            self = other
            return
        }
        guard type == .fee else { return }
        other = self
        other.gross = -gross
        if other.computedNet == net { self = other }
    }
}

extension SettlementType {
    /// Whether a line of this type belongs to a payment, and so must name one.
    fileprivate var needsReference: Bool {
        switch self {
        case .charge, .refund, .chargeback, .chargebackReversal: true
        case .fee, .adjustment, .reserve, .payout: false
        }
    }
}

/// Reads bookings.
struct BookingParser: RowParser {
    static let idField = BookingField.id.rawValue
    let binding: Binding
    let statuses: WordTable<BookingStatus>

    init(binding: Binding, input: InputDefinition) {
        self.binding = binding
        statuses = WordTable(input: input, field: BookingField.status.name.text)
    }

    func row(
        _ record: Int, of tape: borrowing RecordTape, _ reader: borrowing FieldReader,
        _ place: RowPlace
    ) throws(RowFault) -> BookingRow {
        var row = BookingRow(place: place)
        typealias Field = BookingField
        row.id = try reader.requiredKey(
            binding.text(Field.id.rawValue, tape, record), Field.id.rawValue)
        row.payment = try reader.key(
            binding.text(Field.payment.rawValue, tape, record), Field.payment.rawValue)
        row.user = try reader.user(
            binding.text(Field.user.rawValue, tape, record), Field.user.rawValue)
        row.order = try reader.key(
            binding.text(Field.order.rawValue, tape, record), Field.order.rawValue)
        row.currency = try reader.currency(
            binding.text(Field.currency.rawValue, tape, record), Field.currency.rawValue)
        row.amount = try reader.unsignedAmount(
            binding.text(Field.amount.rawValue, tape, record), row.currency, Field.amount.rawValue)
        row.status = try reader.status(
            binding.text(Field.status.rawValue, tape, record), of: statuses, Field.status.rawValue)
        row.created = try reader.instant(
            binding.text(Field.createdAt.rawValue, tape, record), Field.createdAt.rawValue)
        let kind = binding.text(Field.kind.rawValue, tape, record)
        row.isTicket =
            !kind.isEmpty && !reader.rules.ticketKinds.isEmpty
            && reader.rules.ticketKinds.contains(
                String(decoding: kind, as: UTF8.self).lowercased())
        return row
    }
}
