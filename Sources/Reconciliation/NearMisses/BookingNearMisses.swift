import Money
import Records
import Time

/// What comes closest to bookings without their payment, and to payments without their booking: the
/// same user, amount and currency within the window but for one condition.
struct BookingNearMisses: Sendable {
    /// So many of the nearest in time are compared.
    private static let candidateLimit = 16

    private let records: NearMissRecords
    private let payments: MomentIndex
    private let bookings: MomentIndex

    /// Which records are asked for together.
    private enum Scope: Int64 {
        case userAmountCurrency = 1
        case userCurrency, userAmount, amountCurrency
    }

    init(_ records: NearMissRecords, _ classification: Classification) {
        self.records = records
        let tables = records.tables
        var wantedPayments: Set<Fingerprint> = []
        var wantedBookings: Set<Fingerprint> = []
        for item in classification.breaks {
            switch item.code {
            case .orphanBooking, .unpaidBooking, .duplicateBooking, .wrongUser:
                guard item.booking >= 0 else { continue }
                let thing = BookingNearMisses.thing(tables.bookings.rows[Int(item.booking)])
                for scope in Thing.scopes { wantedPayments.insert(thing.key(scope)) }
            case .ambiguousBooking, .unidentifiedItem:
                guard item.payment >= 0 else { continue }
                let thing = BookingNearMisses.thing(tables.payments.rows[Int(item.payment)])
                for scope in Thing.scopes { wantedBookings.insert(thing.key(scope)) }
            case .bookingAmount:
                guard let thing = BookingNearMisses.difference(item, tables) else { continue }
                wantedPayments.insert(thing.key(.userAmountCurrency))
                wantedBookings.insert(thing.key(.userAmountCurrency))
            default: continue
            }
        }
        payments = BookingNearMisses.payments(wanted: wantedPayments, records)
        bookings = BookingNearMisses.bookings(wanted: wantedBookings, records)
    }

    /// The payments of which a break asks for one.
    var wantedPayments: [Int32] { payments.rows }

    /// The bookings of which a break asks for one.
    var wantedBookings: [Int32] { bookings.rows }

    // MARK: Keys

    /// What a payment and its booking have in common.
    private struct Thing {
        let user: Fingerprint
        let amount: Int64
        let currency: Currency
        let moment: Instant

        /// The narrowest first.
        static let scopes: [Scope] = [
            .userAmountCurrency, .userCurrency, .userAmount, .amountCurrency,
        ]

        func key(_ scope: Scope) -> Fingerprint {
            let base = Fingerprint(high: 2, low: 1).combined(with: scope.rawValue)
            let code = Int64(currency.rawValue)
            switch scope {
            case .userAmountCurrency:
                return base.combined(with: user).combined(with: amount).combined(with: code)
            case .userCurrency: return base.combined(with: user).combined(with: code)
            case .userAmount: return base.combined(with: user).combined(with: amount)
            case .amountCurrency: return base.combined(with: amount).combined(with: code)
            }
        }
    }

    private static func thing(_ row: PaymentRow) -> Thing {
        Thing(user: row.user, amount: row.amount, currency: row.currency, moment: row.created)
    }

    private static func thing(_ row: BookingRow) -> Thing {
        Thing(user: row.user, amount: row.amount, currency: row.currency, moment: row.created)
    }

    /// What the totals of a group lack.
    private static func difference(_ item: Break, _ tables: RecordTables) -> Thing? {
        guard item.payment >= 0 else { return nil }
        let row = tables.payments.rows[Int(item.payment)]
        return Thing(
            user: row.user, amount: abs(item.expected - item.found), currency: row.currency,
            moment: row.created)
    }

    // MARK: What there is

    /// Whether a payment waits for its booking.
    static func isOpen(_ payment: Int, _ records: NearMissRecords) -> Bool {
        records.verdicts[payment].resolved == .succeeded
            && records.bookings.linksOfPayment.count(payment) == 0
    }

    private static func payments(
        wanted: Set<Fingerprint>, _ records: NearMissRecords
    ) -> MomentIndex {
        let table = records.tables.payments
        return MomentIndex(
            count: table.count, wanted: wanted, workers: records.workers,
            keys: { payment, found in
                let thing = thing(table.rows[payment])
                // Whoever has its booking, or no money, is worth a look only where all else agrees.
                found.append(thing.key(.userAmountCurrency))
                guard isOpen(payment, records) else { return }
                for scope in [Scope.userCurrency, .userAmount, .amountCurrency] {
                    found.append(thing.key(scope))
                }
            },
            moment: { table.rows[$0].created }, precedes: { table.idPrecedes($0, $1) })
    }

    private static func bookings(
        wanted: Set<Fingerprint>, _ records: NearMissRecords
    ) -> MomentIndex {
        let table = records.tables.bookings
        return MomentIndex(
            count: table.count, wanted: wanted, workers: records.workers,
            keys: { booking, found in
                let row = table.rows[booking]
                guard row.status != .cancelled else { return }
                let thing = thing(row)
                found.append(thing.key(.userAmountCurrency))
                guard records.bookings.linksOfBooking.count(booking) == 0 else { return }
                for scope in [Scope.userCurrency, .userAmount, .amountCurrency] {
                    found.append(thing.key(scope))
                }
            },
            moment: { table.rows[$0].created }, precedes: { table.idPrecedes($0, $1) })
    }

    // MARK: The closest

    /// The closest candidate of a break of payments and bookings.
    func nearest(to item: Break) -> NearMiss? {
        let tables = records.tables
        switch item.code {
        case .orphanBooking: return nearestPayment(toBooking: item.booking)
        case .unpaidBooking, .duplicateBooking, .wrongUser:
            return otherPayment(forBooking: item.booking, than: item.payment)
        case .ambiguousBooking: return bookingInDoubt(ofPayment: item.payment)
        case .unidentifiedItem: return nearestBooking(toPayment: item.payment)
        case .bookingAmount:
            guard let thing = BookingNearMisses.difference(item, tables) else { return nil }
            return item.expected < item.found
                ? first(payments, thing, .payment) {
                    BookingNearMisses.isOpen($0, records)
                }
                : first(bookings, thing, .booking) {
                    records.bookings.linksOfBooking.count($0) == 0
                }
        default: return nil
        }
    }

    /// The nearest in time of the same user, amount and currency that belongs to nothing yet.
    private func first(
        _ index: MomentIndex, _ thing: Thing, _ kind: NearMiss.Candidate,
        where isFree: (Int) -> Bool
    ) -> NearMiss? {
        index.nearest(
            to: thing.moment, key: thing.key(.userAmountCurrency),
            limit: BookingNearMisses.candidateLimit
        ).first { row in
            let moment =
                kind == .payment
                ? records.tables.payments.rows[Int(row)].created
                : records.tables.bookings.rows[Int(row)].created
            return isFree(Int(row)) && beyondWindow(thing.moment, moment) == 0
        }.map { NearMiss(candidate: kind, row: $0, condition: .link) }
    }

    /// A payment without booking that this booking would fit, named or linked to another one.
    private func otherPayment(forBooking booking: Int32, than payment: Int32) -> NearMiss? {
        let thing = BookingNearMisses.thing(records.tables.bookings.rows[Int(booking)])
        return first(payments, thing, .payment) {
            $0 != Int(payment) && BookingNearMisses.isOpen($0, records)
        }
    }

    private func bookingInDoubt(ofPayment payment: Int32) -> NearMiss? {
        let thing = BookingNearMisses.thing(records.tables.payments.rows[Int(payment)])
        return bookings.nearest(
            to: thing.moment, key: thing.key(.userAmountCurrency),
            limit: BookingNearMisses.candidateLimit
        ).first {
            records.bookings.ambiguousBookings.contains($0) && !itemsDiffer(payment, $0)
        }.map { NearMiss(candidate: .booking, row: $0, condition: .doubt) }
    }

    private func nearestPayment(toBooking booking: Int32) -> NearMiss? {
        let tables = records.tables
        let thing = BookingNearMisses.thing(tables.bookings.rows[Int(booking)])
        return closest(thing, payments, .payment) { payment in
            var failed: [NearMiss.Condition] = []
            let row = tables.payments.rows[Int(payment)]
            if records.verdicts[Int(payment)].resolved != .succeeded { failed.append(.status) }
            if records.bookings.linksOfPayment.count(Int(payment)) > 0 { failed.append(.taken) }
            if itemsDiffer(payment, booking) { failed.append(.item) }
            return (BookingNearMisses.thing(row), failed)
        }
    }

    private func nearestBooking(toPayment payment: Int32) -> NearMiss? {
        let tables = records.tables
        let thing = BookingNearMisses.thing(tables.payments.rows[Int(payment)])
        return closest(thing, bookings, .booking) { booking in
            var failed: [NearMiss.Condition] = []
            let row = tables.bookings.rows[Int(booking)]
            if records.bookings.linksOfBooking.count(Int(booking)) > 0 { failed.append(.taken) }
            if row.payment.isPresent, failed.isEmpty { failed.append(.link) }
            if itemsDiffer(payment, booking) { failed.append(.item) }
            return (BookingNearMisses.thing(row), failed)
        }
    }

    /// Of the candidates of which one condition alone failed the closest: by the condition, in the
    /// order below, then by how far it failed, then by time.
    private func closest(
        _ thing: Thing, _ index: MomentIndex, _ kind: NearMiss.Candidate,
        facts: (Int32) -> (Thing, [NearMiss.Condition])
    ) -> NearMiss? {
        let order: [NearMiss.Condition] = [
            .link, .status, .item, .time, .amount, .taken, .currency, .user,
        ]
        var best: (rank: Int, miss: NearMiss)?
        for scope in Thing.scopes {
            for row in index.nearest(
                to: thing.moment, key: thing.key(scope), limit: BookingNearMisses.candidateLimit)
            {
                let (other, own) = facts(row)
                var failed = own
                if other.user != thing.user { failed.append(.user) }
                if other.currency != thing.currency { failed.append(.currency) }
                let difference = abs(other.amount - thing.amount)
                if difference != 0 { failed.append(.amount) }
                let beyond = beyondWindow(thing.moment, other.moment)
                if beyond > 0 { failed.append(.time) }
                guard failed.count == 1, let rank = order.firstIndex(of: failed[0])
                else { continue }
                let distance = failed[0] == .amount ? difference : failed[0] == .time ? beyond : 0
                if let best, (best.rank, best.miss.distance) <= (rank, distance) { continue }
                best = (
                    rank,
                    NearMiss(
                        candidate: kind, row: row, condition: failed[0], distance: distance)
                )
            }
        }
        return best?.miss
    }

    /// By how much two moments lie further apart than the window; not at all where one is absent.
    private func beyondWindow(_ left: Instant, _ right: Instant) -> Int64 {
        guard left.isPresent, right.isPresent else { return 0 }
        return max(0, left.distance(to: right) - records.window)
    }

    private func itemsDiffer(_ payment: Int32, _ booking: Int32) -> Bool {
        guard let wanted = records.bookings.itemOfPayment[payment],
            let booked = records.bookings.itemOfBooking[booking]
        else { return false }
        return wanted.isPresent && booked.isPresent && wanted != booked
    }
}
