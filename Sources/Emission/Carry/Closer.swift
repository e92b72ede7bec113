import Reconciliation
import Records
import Time

/// Finds the records to which nothing more can happen (contract, Carry forward).
///
/// A group of records that belong together leaves as a whole, once nothing about it is open and the
/// latest moment that any of them names lies before the horizon. Only times that records name
/// decide, so that many nights let the same records go as one run over the whole.
public struct Closer {
    let tables: RecordTables
    let settlements: SettlementMatch
    let verdicts: ContiguousArray<PaymentVerdict>
    let bookings: BookingMatch
    let classification: Classification
    let outcomes: ContiguousArray<PaymentOutcome>
    let emissions: Emissions
    let waiting: WaitingEmissions
    let horizon: Instant
    var groups: RecordGroups

    /// Gathers what a run found out.
    public init(
        tables: RecordTables, settlements: SettlementMatch,
        verdicts: ContiguousArray<PaymentVerdict>, bookings: BookingMatch,
        classification: Classification, outcomes: ContiguousArray<PaymentOutcome>,
        emissions: Emissions, waiting: WaitingEmissions, horizon: Instant
    ) {
        self.tables = tables
        self.settlements = settlements
        self.verdicts = verdicts
        self.bookings = bookings
        self.classification = classification
        self.outcomes = outcomes
        self.emissions = emissions
        self.waiting = waiting
        self.horizon = horizon
        groups = RecordGroups(tables)
    }

    /// What only the rows' texts tell.
    public struct Texts {
        /// The numbers of payouts of which something is still open.
        public var openPayouts: Set<Int32>
        /// The latest moment of a settlement line, a booking or an order, by its row.
        public var ofLine: (Int) throws -> Instant
        /// The same of a booking.
        public var ofBooking: (Int) throws -> Instant
        /// The same of an order.
        public var ofOrder: (Int) throws -> Instant
        /// The same of a session.
        public var ofSession: (Int) throws -> Instant

        /// Gathers them.
        public init(
            openPayouts: Set<Int32>,
            ofLine: @escaping (Int) throws -> Instant,
            ofBooking: @escaping (Int) throws -> Instant,
            ofOrder: @escaping (Int) throws -> Instant,
            ofSession: @escaping (Int) throws -> Instant = { _ in .absent }
        ) {
            self.openPayouts = openPayouts
            self.ofLine = ofLine
            self.ofBooking = ofBooking
            self.ofOrder = ofOrder
            self.ofSession = ofSession
        }
    }

    /// The records that stay.
    ///
    /// - Throws: What reading a row's texts throws.
    public consuming func openRecords(_ texts: Texts) throws -> OpenRecords {
        uniteByMatch()
        uniteByOrder()
        uniteSessions()
        holdOpenPayments()
        holdBreaks()
        holdEmissions()
        var open = OpenRecords(all: tables)
        try holdLines(texts, &open)
        try holdRecentBookingsAndOrders(texts)
        try holdSessions(texts)
        for row in open.payments.indices { open.payments[row] = groups.holds(.payment(row)) }
        for row in open.settlements.indices { open.settlements[row] = groups.holds(.line(row)) }
        for row in open.bookings.indices { open.bookings[row] = groups.holds(.booking(row)) }
        for row in open.orders.indices { open.orders[row] = groups.holds(.order(row)) }
        for row in open.sessions.indices { open.sessions[row] = groups.holds(.session(row)) }
        return open
    }

    // MARK: What belongs together

    private mutating func uniteByMatch() {
        for (line, payment) in settlements.paymentOfLine.enumerated() where payment >= 0 {
            groups.unite(.payment(Int(payment)), .line(line))
        }
        for link in bookings.links {
            groups.unite(.payment(Int(link.payment)), .booking(Int(link.booking)))
        }
        guard !settlements.sharesReference.isEmpty else { return }
        // Whoever is left would get the lines of those that went.
        let payments = tables.payments.rows
        let index = FingerprintIndex(count: payments.count) { payments[$0].reference }
        for payment in payments.indices {
            guard let next = index.next(after: payment) else { continue }
            groups.unite(.payment(payment), .payment(next))
        }
    }

    /// Payments, bookings and the order that all of them name.
    private mutating func uniteByOrder() {
        var numbering = FingerprintNumbering()
        var firsts: [RecordGroups.Member] = []
        func first(
            of order: Fingerprint, _ member: RecordGroups.Member
        ) -> RecordGroups.Member? {
            guard order.isPresent else { return nil }
            let number = numbering.number(order)
            if number < firsts.count { return firsts[number] }
            firsts.append(member)
            return nil
        }
        for (payment, links) in tables.paymentLinks.enumerated() {
            let member = RecordGroups.Member.payment(payment)
            if let other = first(of: links.order, member) { groups.unite(other, member) }
        }
        for (booking, row) in tables.bookings.rows.enumerated() {
            let member = RecordGroups.Member.booking(booking)
            if let other = first(of: row.order, member) { groups.unite(other, member) }
        }
        for (order, row) in tables.orders.rows.enumerated() {
            let member = RecordGroups.Member.order(order)
            if let other = first(of: row.id, member) { groups.unite(other, member) }
        }
    }

    // MARK: What keeps them

    private mutating func holdOpenPayments() {
        for (payment, row) in tables.payments.rows.enumerated() {
            let isSettled = outcomes[payment] == .reconciled || outcomes[payment] == .closed
            if !isSettled || Swift.max(row.created, row.completed) >= horizon {
                groups.hold(.payment(payment))
            }
        }
        for payment in bookings.ambiguousPayments { groups.hold(.payment(Int(payment))) }
        for booking in bookings.ambiguousBookings { groups.hold(.booking(Int(booking))) }
        // A link that no dump shows yet is waiting to be loaded, or to be told of.
        for link in bookings.links
        where link.rule != .linked && verdicts[Int(link.payment)].resolved == .succeeded {
            groups.hold(.payment(Int(link.payment)))
        }
    }

    /// A break that a decision closed comes back when the decision ends: its records must be there.
    private mutating func holdBreaks() {
        let breaks = classification.breaks + classification.decided
        for item in breaks where item.code.severity > .info {
            if item.payment >= 0 { groups.hold(.payment(Int(item.payment))) }
            if item.settlement >= 0 { groups.hold(.line(Int(item.settlement))) }
            if item.booking >= 0 { groups.hold(.booking(Int(item.booking))) }
            // Of two payments for one thing the earlier is what makes the later a break.
            if item.code == .duplicatePayment { groups.hold(.payment(Int(item.expected))) }
        }
    }

    private mutating func holdEmissions() {
        for payment in emissions.statusUpdates { groups.hold(.payment(Int(payment))) }
        for update in emissions.orderUpdates { groups.hold(.payment(Int(update.payment))) }
        for booking in emissions.bookings { groups.hold(.payment(Int(booking.payment))) }
        for ticket in emissions.tickets { groups.hold(.payment(Int(ticket.payment))) }
        let entries = waiting.entries.filter { !$0.thing.isTransaction }
        guard !entries.isEmpty else { return }
        let payments = tables.payments.rows
        let index = FingerprintIndex(count: payments.count) { payments[$0].id }
        for entry in entries {
            if let payment = index.first(entry.payment, key: { payments[$0].id }) {
                groups.hold(.payment(payment))
            }
        }
    }

    /// Lines stay as long as they are young themselves, and as long as their payout is: it can be
    /// tied out only with all of its lines.
    ///
    /// Payouts do not join their lines into one group: refunds in later payouts would join all
    /// payouts of a year, and nothing would ever leave.
    private mutating func holdLines(_ texts: Texts, _ open: inout OpenRecords) throws {
        for number in texts.openPayouts { open.isPayoutOpen[Int(number)] = true }
        for (line, row) in tables.settlements.rows.enumerated()
        where try texts.ofLine(line) >= horizon {
            groups.hold(.line(line))
            let payout = tables.links(ofLine: line).payout
            if payout >= 0, !row.isPayoutClosed { open.isPayoutOpen[Int(payout)] = true }
        }
        for (line, row) in tables.settlements.rows.enumerated() where !row.isPayoutClosed {
            let payout = tables.links(ofLine: line).payout
            guard payout >= 0 else { continue }
            if open.isPayoutOpen[Int(payout)] {
                groups.hold(.line(line))
            } else {
                open.hasClosedPayout[line] = true
            }
        }
    }

    /// Texts are read only where everything else is over.
    private mutating func holdRecentBookingsAndOrders(_ texts: Texts) throws {
        for (booking, row) in tables.bookings.rows.enumerated() {
            if row.created >= horizon {
                groups.hold(.booking(booking))
            } else if !groups.holds(.booking(booking)), try texts.ofBooking(booking) >= horizon {
                groups.hold(.booking(booking))
            }
        }
        for order in tables.orders.rows.indices where !groups.holds(.order(order)) {
            if try texts.ofOrder(order) >= horizon { groups.hold(.order(order)) }
        }
    }
}

extension EmittedThing {
    /// Whether no dump can ever show it.
    public var isTransaction: Bool {
        switch self {
        case .commission, .payout, .commissionReversal, .payoutReversal: true
        case .statusUpdate, .bookingLink, .booking, .ticket, .orderUpdate, .sessionUpdate: false
        }
    }
}
