import Money
import Reconciliation
import Records
import Rules
import Time

/// A small world of records, told tersely: every field has a plain default.
///
/// Amounts are minor units of GHS unless a currency is named; moments are texts in UTC.
public struct World {
    /// The records told so far, in the order in which they were told.
    public var tables = RecordTables()
    /// The secret of this world's fingerprints.
    public let key = FingerprintKey()
    /// What the stages are told.
    public var rules: ReconciliationRules
    /// What payments were for, by id; payments that are not named are for nothing known.
    public var itemOfPayment: [String: String] = [:]
    /// What a payment would be booked as, by id; the item where it is not named.
    public var contentOfPayment: [String: String] = [:]
    /// The references of payments and of lines, by their ids.
    var referenceOfPayment: [String: String] = [:]
    var referenceOfLine: [String: String] = [:]
    /// What bookings are for, by id.
    public var itemOfBooking: [String: String] = [:]

    /// A world in UTC, with Saturdays and Sundays free, on the evening of Friday, 2026-03-06.
    public init(
        asOf: String = "2026-03-06T20:00:00Z", settlements: Bool = true,
        holidays: Set<CivilDate> = []
    ) {
        guard let calendar = BusinessCalendar(weekend: [5, 6], holidays: holidays) else {
            preconditionFailure("five days of a week are worked")
        }
        rules = ReconciliationRules(
            asOf: moment(asOf), currency: Currency("GHS") ?? .none, zone: .utc,
            calendar: calendar, resolve: ResolveRules(), match: MatchRules(), fees: nil)
        tables.hasSettlements = settlements
    }

    /// The fingerprint of a text in this world; `none` for nil.
    public func print(_ text: String?) -> Fingerprint {
        guard var text else { return .none }
        return text.withUTF8 { key.fingerprint(UnsafeRawBufferPointer($0)) }
    }

    /// Adds a payment: succeeded, of 100.00, on Monday, 2026-03-02, at ten.
    public mutating func payment(
        _ id: String, _ amount: Int64 = 10_000, status: PaymentStatus = .succeeded,
        at created: String = "2026-03-02T10:00:00Z", completed: String? = nil,
        reference: String? = nil, user: String = "ama@example.com", currency: String = "GHS",
        order: String? = nil, booking: String? = nil, seller: String? = nil,
        refunded: Int64? = nil, gateway: String? = nil, subject: UInt64 = 0,
        conflicting: Bool = false
    ) {
        var row = PaymentRow(place: RowPlace(file: 0, offset: tables.payments.count))
        row.id = print(id)
        row.reference = print(reference ?? id)
        referenceOfPayment[id] = reference ?? id
        row.user = print(user)
        row.amount = amount
        row.created = moment(created)
        row.completed = completed.map(moment) ?? .absent
        row.subject = subject
        row.currency = Currency(currency) ?? .none
        row.status = status
        row.isConflicting = conflicting
        append(row, id, to: &tables.payments)
        var links = PaymentLinks()
        links.order = print(order)
        links.booking = print(booking)
        links.seller = print(seller)
        links.refunded = refunded
        links.gateway = number(gateway, FeeWords(rules.fees).gateways)
        tables.paymentLinks.append(links)
    }

    /// Adds a settlement line: a completed charge of 100.00, an hour after the payment.
    public mutating func line(
        _ id: String, of reference: String, _ gross: Int64 = 10_000,
        type: SettlementType = .charge, state: SettlementState = .completed,
        at occurred: String? = "2026-03-02T11:00:00Z", currency: String = "GHS", fee: Int64? = nil,
        tax: Int64 = 0, net: Int64? = nil, settledOn: String? = nil, conflicting: Bool = false,
        payout: String? = nil, gateway: String? = nil, method: String? = nil
    ) {
        var row = SettlementRow(place: RowPlace(file: 1, offset: tables.settlements.count))
        row.id = print(id)
        row.reference = print(reference)
        referenceOfLine[id] = reference
        row.gross = gross
        row.fee = fee ?? 0
        row.tax = tax
        row.hasFee = fee != nil
        row.occurred = occurred.map(moment) ?? .absent
        row.settledOn = settledOn.map(date) ?? .absent
        row.currency = Currency(currency) ?? .none
        row.type = type
        row.state = state
        row.hasNet = net != nil
        row.net = net ?? row.computedNet ?? 0
        row.isConflicting = conflicting
        append(row, id, to: &tables.settlements)
        var links = SettlementLinks()
        // Words that rates speak of are numbered, so that the agreed fees must be told first.
        links.gateway = number(gateway, FeeWords(rules.fees).gateways)
        links.method = number(method, FeeWords(rules.fees).methods)
        if let name = payout ?? (type == .payout ? reference : nil) {
            if !tables.payouts.contains(name) { tables.payouts.append(name) }
            links.payout = Int32(tables.payouts.firstIndex(of: name) ?? -1)
        }
        tables.settlementLinks.append(links)
    }

    private func number(_ word: String?, _ words: [String]) -> UInt8 {
        word.map { FeeWords.number(of: $0, in: words) } ?? FeeWords.unnamed
    }

    /// Adds a line of the bank account: of 100.00, on Tuesday, 2026-03-03.
    public mutating func bank(
        _ id: String, _ amount: Int64 = 10_000, payout: String = "", on day: String = "2026-03-03",
        currency: String = "GHS", saying description: String = "", conflicting: Bool = false
    ) {
        var line = BankLine(
            id: id, payout: payout, description: description, amount: amount,
            currency: Currency(currency) ?? .none, date: date(day),
            place: RowPlace(file: 3, offset: tables.bank.count))
        line.isConflicting = conflicting
        tables.bank.append(line)
        tables.hasBank = true
    }

    /// Adds a booking: confirmed, of 100.00, five minutes after the payment.
    public mutating func booking(
        _ id: String, _ amount: Int64 = 10_000, payment: String? = nil,
        status: BookingStatus = .confirmed, at created: String? = "2026-03-02T10:05:00Z",
        user: String = "ama@example.com", currency: String = "GHS", order: String? = nil,
        isTicket: Bool = false, conflicting: Bool = false
    ) {
        var row = BookingRow(place: RowPlace(file: 2, offset: tables.bookings.count))
        row.id = print(id)
        row.payment = print(payment)
        row.user = print(user)
        row.order = print(order)
        row.amount = amount
        row.created = created.map(moment) ?? .absent
        row.currency = Currency(currency) ?? .none
        row.status = status
        row.isTicket = isTicket
        row.isConflicting = conflicting
        append(row, id, to: &tables.bookings)
    }

    /// Adds an order: to be paid, of no amount, by a status of the shop's own.
    public mutating func order(
        _ id: String, _ amount: Int64? = nil, status: OrderStatus? = .other,
        currency: String = "GHS", conflicting: Bool = false
    ) {
        var row = OrderRow(place: RowPlace(file: 3, offset: tables.orders.count))
        row.id = print(id)
        row.amount = amount
        row.currency = Currency(currency) ?? .none
        row.status = status ?? .other
        row.hasStatus = status != nil
        row.isConflicting = conflicting
        append(row, id, to: &tables.orders)
    }

    func append<Row>(_ row: Row, _ id: String, to table: inout Table<Row>) {
        var row = row
        row.idText = TextSlice(offset: table.idBytes.count, count: id.utf8.count)
        row.line = UInt32(table.count + 2)
        table.idBytes.append(contentsOf: id.utf8)
        table.rows.append(row)
    }

    /// The same records, each kind in another order.
    public func shuffled(by generator: inout SeededGenerator) -> World {
        var world = self
        let order = Array(tables.payments.rows.indices).shuffled(using: &generator)
        world.tables.payments.rows = ContiguousArray(order.map { tables.payments.rows[$0] })
        world.tables.paymentLinks = ContiguousArray(order.map { tables.paymentLinks[$0] })
        let lines = Array(tables.settlements.rows.indices).shuffled(using: &generator)
        world.tables.settlements.rows = ContiguousArray(lines.map { tables.settlements.rows[$0] })
        world.tables.settlementLinks = ContiguousArray(lines.map { tables.settlementLinks[$0] })
        world.tables.bank.shuffle(using: &generator)
        world.tables.bookings.rows.shuffle(using: &generator)
        return world
    }
}

/// The moment that a text names, in UTC.
public func moment(_ text: String) -> Instant {
    guard case .success(let instant) = TimeText.instant(text, in: .utc) else {
        preconditionFailure("\(text) is no time")
    }
    return instant
}

/// The date that a text names.
public func date(_ text: String) -> CivilDate {
    guard case .success(let date) = TimeText.date(text, in: .utc) else {
        preconditionFailure("\(text) is no date")
    }
    return date
}
