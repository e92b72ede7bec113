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

extension WaitingEmissions {
    /// The links that earlier runs told of, and those of the bookings that they made: a booking that
    /// was loaded without naming its payment still belongs to it.
    func promisedLinks(in tables: RecordTables, key: FingerprintKey) -> [BookingLink] {
        guard !entries.isEmpty else { return [] }
        let payments = tables.payments.rows
        let bookings = tables.bookings.rows
        let byPayment = FingerprintIndex(count: payments.count) { payments[$0].id }
        let byBooking = FingerprintIndex(count: bookings.count) { bookings[$0].id }
        return entries.compactMap { entry in
            let rule: MatchRule
            switch entry.thing {
            case .booking, .ticket: rule = .emitted
            case .bookingLink:
                rule = MatchRule.allCases.first { $0.word == entry.status } ?? .emitted
            default: return nil
            }
            guard let payment = byPayment.first(entry.payment, key: { payments[$0].id }),
                let booking = byBooking.first(key.idPrint(entry.id), key: { bookings[$0].id })
            else { return nil }
            return BookingLink(payment: Int32(payment), booking: Int32(booking), rule: rule)
        }
    }

    /// Those that the dumps do not show yet; what no dump can show is kept for good.
    func stillWaiting(
        in tables: RecordTables, linked: BookingMatch, key: FingerprintKey
    ) -> WaitingEmissions {
        guard !entries.isEmpty else { return self }
        let payments = tables.payments.rows
        let bookings = tables.bookings.rows
        let byPayment = FingerprintIndex(count: payments.count) { payments[$0].id }
        let byBooking = FingerprintIndex(count: bookings.count) { bookings[$0].id }
        return WaitingEmissions(
            entries.filter { entry in
                switch entry.thing {
                case .booking, .ticket:
                    return byBooking.first(key.idPrint(entry.id), key: { bookings[$0].id }) == nil
                case .statusUpdate:
                    guard let row = byPayment.first(entry.payment, key: { payments[$0].id })
                    else { return true }
                    return payments[row].status.word != entry.status
                case .bookingLink:
                    guard
                        let row = byBooking.first(key.idPrint(entry.id), key: { bookings[$0].id })
                    else { return true }
                    return linked.rule(ofBooking: row) != .linked
                case .commission, .payout, .commissionReversal, .payoutReversal:
                    return true
                }
            })
    }
}

extension Classification {
    /// Adds what the identity of rows brought to light, one break for each id and reason.
    mutating func add(repeats: [Repeat], tables: RecordTables) {
        struct Kept: Hashable {
            let kind: RecordKind
            let place: RowPlace
            let reason: Repeat.Reason
        }
        var counts: [Kept: Int64] = [:]
        var order: [Kept] = []
        for item in repeats {
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
            case .orders, .catalogue, .users: continue
            }
            add(item)
        }
    }

    /// Adds the payments of which nothing tells what they were for.
    mutating func add(unidentified: [Int32], tables: RecordTables) {
        for payment in unidentified {
            var item = Break(.unidentifiedItem)
            item.payment = payment
            item.atRisk = tables.payments.rows[Int(payment)].amount
            item.expected = item.atRisk
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
