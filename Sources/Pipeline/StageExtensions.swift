import Emission
import Ingestion
import Reconciliation
import Records

extension Emissions {
    /// The changes of status and the links that the stages found and no earlier run has emitted.
    init(
        tables: RecordTables, verdicts: ContiguousArray<PaymentVerdict>, bookings: BookingMatch,
        waiting: WaitingEmissions, selection: Selection
    ) {
        self.init()
        for (payment, row) in tables.payments.rows.enumerated()
        where verdicts[payment].resolved != row.status && selection.includes(row) {
            if waiting.status(ofPayment: row.id) != verdicts[payment].resolved.word {
                statusUpdates.append(Int32(payment))
            }
        }
        for link in bookings.links where link.rule != .linked {
            // A booking of an order that was not paid is told of, and linked to nothing.
            guard verdicts[Int(link.payment)].resolved == .succeeded,
                selection.includes(tables.payments.rows[Int(link.payment)])
            else { continue }
            let payment = tables.payments.id(Int(link.payment))
            let booking = tables.bookings.id(Int(link.booking))
            if !waiting.has(.bookingLink, id: booking, paymentID: payment) {
                bookingLinks.append(link)
            }
        }
    }
}

/// Finds the records of the dumps that waiting emissions speak of.
struct ShownRecords: Sendable {
    private let tables: RecordTables
    private let key: FingerprintKey
    private let byPayment: FingerprintIndex
    private let byBooking: FingerprintIndex
    private let byOrder: FingerprintIndex
    private let bySession: FingerprintIndex

    /// Indexes payments, bookings and orders by id; where nothing waits, nobody will ask for any.
    init(_ ingested: IngestedDumps, for waiting: WaitingEmissions) {
        let tables = ingested.tables
        let isAsked = !waiting.entries.isEmpty
        self.tables = tables
        key = ingested.key
        byPayment = FingerprintIndex(count: isAsked ? tables.payments.count : 0) {
            tables.payments.rows[$0].id
        }
        byBooking = FingerprintIndex(count: isAsked ? tables.bookings.count : 0) {
            tables.bookings.rows[$0].id
        }
        byOrder = FingerprintIndex(count: isAsked ? tables.orders.count : 0) {
            tables.orders.rows[$0].id
        }
        bySession = FingerprintIndex(count: isAsked ? tables.sessions.count : 0) {
            tables.sessions.rows[$0].id
        }
    }

    /// The row of the payment that an emission is for, or nil.
    func payment(of entry: WaitingEmission) -> Int? {
        byPayment.first(entry.payment) { tables.payments.rows[$0].id }
    }

    /// The status that the dumps give to the payment that an emission is for, or nil.
    func status(of entry: WaitingEmission) -> PaymentStatus? {
        payment(of: entry).map { tables.payments.rows[$0].status }
    }

    /// Whether no dump shows that a session is over.
    func isOpen(session id: String) -> Bool {
        bySession.first(key.storedIDPrint(id)) { tables.sessions.rows[$0].id }
            .map { tables.sessions.rows[$0].isOpen } ?? true
    }

    /// The row of the booking that an emission made or linked, or nil.
    func booking(of entry: WaitingEmission) -> Int? { booking(id: entry.id) }

    /// The row of the booking of an id, or nil.
    func booking(id: String) -> Int? {
        byBooking.first(key.storedIDPrint(id)) { tables.bookings.rows[$0].id }
    }

    /// What the dumps say of the order that an emission changed; nil where no dump has it.
    func order(of entry: WaitingEmission) -> OrderStatus? {
        byOrder.first(key.storedIDPrint(entry.id)) { tables.orders.rows[$0].id }
            .map { tables.orders.rows[$0].status }
    }
}

extension WaitingEmissions {
    /// The links that earlier runs told of, and those of the bookings that they made: a booking that
    /// was loaded without naming its payment still belongs to it.
    func promisedLinks(in shown: ShownRecords) -> [BookingLink] {
        entries.compactMap { entry in
            let rule: MatchRule
            switch entry.thing {
            case .booking, .ticket: rule = .emitted
            case .bookingLink:
                rule = MatchRule.allCases.first { $0.word == entry.status } ?? .emitted
                // What people decided holds as long as their decision does, and not longer.
                if rule == .override { return nil }
            default: return nil
            }
            guard let payment = shown.payment(of: entry), let booking = shown.booking(of: entry)
            else { return nil }
            return BookingLink(payment: Int32(payment), booking: Int32(booking), rule: rule)
        }
    }

    /// Those that the dumps do not show yet; what no dump can show is kept for good.
    func stillWaiting(in shown: ShownRecords, linked: BookingMatch) -> WaitingEmissions {
        WaitingEmissions(
            entries.filter { entry in
                switch entry.thing {
                case .booking, .ticket:
                    return shown.booking(of: entry) == nil
                case .statusUpdate:
                    return shown.status(of: entry)?.word != entry.status
                case .bookingLink:
                    guard let booking = shown.booking(of: entry) else { return true }
                    return linked.rule(ofBooking: booking) != .linked
                case .orderUpdate:
                    return shown.order(of: entry)?.isOpen ?? true
                case .sessionUpdate: return shown.isOpen(session: entry.id)
                case .commission, .payout, .commissionReversal, .payoutReversal:
                    return true
                }
            })
    }
}

extension Classification {
    /// Adds what the identity of rows brought to light, one break for each id and reason.
    ///
    /// A row that contradicts the one that counts is no earlier version of it: the record is
    /// `conflicting_evidence`, and that is the break.
    mutating func add(repeats: [Repeat], tables: RecordTables) {
        struct Kept: Hashable {
            let kind: RecordKind
            let place: RowPlace
            let reason: Repeat.Reason
        }
        var counts: [Kept: Int64] = [:]
        var order: [Kept] = []
        for item in repeats where !item.contradicts {
            let kept = Kept(kind: item.kind, place: item.keptPlace, reason: item.reason)
            if counts[kept] == nil { order.append(kept) }
            counts[kept, default: 0] += 1
        }
        for kept in order {
            var item = Break(kept.reason == .duplicateLine ? .duplicateLine : .superseded)
            item.found = counts[kept] ?? 0
            switch kept.kind {
            case .payments: item.payment = tables.payments.row(at: kept.place)
            case .settlements: item.settlement = tables.settlements.row(at: kept.place)
            case .bookings: item.booking = tables.bookings.row(at: kept.place)
            case .bank:
                guard let line = tables.bank.first(where: { $0.place == kept.place }) else {
                    continue
                }
                item.concern(line)
            case .orders, .sessions, .catalogue, .users, .overrides: continue
            }
            add(item)
        }
    }

    /// Adds the payments of which nothing tells what they were for.
    mutating func add(unidentified backfill: Backfiller.Result?, tables: RecordTables) {
        for payment in backfill?.unidentified ?? [] {
            var item = Break(.unidentifiedItem)
            item.payment = payment
            item.atRisk = tables.payments.rows[Int(payment)].amount
            item.expected = item.atRisk
            item.nearMiss = backfill?.nearItems[payment]
            add(item)
        }
    }
}

extension Table {
    /// The record that begins at a place, or -1; records stand in the order of their places.
    fileprivate func row(at place: RowPlace) -> Int32 {
        var low = 0
        var high = rows.count
        while low < high {
            let middle = (low + high) / 2
            if rows[middle].place.packed < place.packed { low = middle + 1 } else { high = middle }
        }
        return low < rows.count && rows[low].place == place ? Int32(low) : -1
    }
}
