import Records
import Rules

extension Classifier {
    /// Outcomes of all bookings, and the breaks of payments and bookings that belong together.
    mutating func classifyBookings() {
        for booking in tables.bookings.rows.indices {
            result.bookingOutcomes[booking] = outcome(ofBooking: booking)
            if tables.bookings.rows[booking].isConflicting {
                addBreak(.conflictingEvidence, booking: booking)
            }
        }
        addWrongUsers()
        var isSeen = ContiguousArray<Bool>(repeating: false, count: tables.payments.count)
        for payment in tables.payments.rows.indices where !isSeen[payment] {
            guard bookings.linksOfPayment.count(payment) > 0, !isPlainPair(payment)
            else { continue }
            let group = group(around: payment)
            for member in group.payments { isSeen[member] = true }
            classify(group)
        }
        for booking in tables.bookings.rows.indices
        where result.bookingOutcomes[booking] == .orphan {
            addBreak(.orphanBooking, booking: booking)
        }
    }

    private mutating func addBreak(_ code: BreakCode, booking: Int, payment: Int32 = -1) {
        let row = tables.bookings.rows[booking]
        var item = Break(code)
        item.payment = payment
        item.booking = Int32(booking)
        item.found = row.amount
        item.atRisk = row.amount < 0 ? -row.amount : row.amount
        result.add(item)
    }

    private func outcome(ofBooking booking: Int) -> BookingOutcome {
        switch bookings.rule(ofBooking: booking) {
        case .linked: return .matched
        case .order, .attributes, .emitted, .override: return .linked
        case .none:
            let isInDoubt = bookings.ambiguousBookings.contains(Int32(booking))
            let isLeftOver = tables.bookings.rows[booking].status == .confirmed && !isInDoubt
            return isLeftOver ? .orphan : .open
        }
    }

    private mutating func addWrongUsers() {
        // Who decided on a link has seen whose booking it is.
        for link in bookings.links where link.rule != .attributes && link.rule != .override {
            let payment = tables.payments.rows[Int(link.payment)]
            guard payment.user != tables.bookings.rows[Int(link.booking)].user else { continue }
            addBreak(.wrongUser, booking: Int(link.booking), payment: link.payment)
        }
    }

    /// Payments and bookings that belong together, directly or through others.
    private struct LinkedGroup {
        var payments: [Int] = []
        var bookings: [Int] = []
    }

    /// Whether a paid payment has one booking, of its own amount and nobody else's: the ordinary
    /// case, in which there is nothing to find.
    private func isPlainPair(_ payment: Int) -> Bool {
        guard bookings.linksOfPayment.count(payment) == 1,
            let link = bookings.linksOfPayment.first(payment)
        else { return false }
        let booking = Int(bookings.links[link].booking)
        let row = tables.payments.rows[payment]
        return bookings.linksOfBooking.count(booking) == 1
            && tables.bookings.rows[booking].amount == row.amount
            && tables.bookings.rows[booking].currency == row.currency && isPaid(payment)
    }

    private func group(around payment: Int) -> LinkedGroup {
        var payments: Set<Int> = [payment]
        var found: Set<Int> = []
        var queue = [payment]
        while let next = queue.popLast() {
            for booking in bookings.bookings(ofPayment: next)
            where found.insert(booking).inserted {
                for other in bookings.payments(ofBooking: booking)
                where payments.insert(other).inserted {
                    queue.append(other)
                }
            }
        }
        // By id, so that the input's order does not decide which of them a break names.
        return LinkedGroup(
            payments: payments.sorted(by: tables.payments.idPrecedes),
            bookings: found.sorted(by: tables.bookings.idPrecedes))
    }

    /// Whether a payment backs its bookings: it succeeded and not all of it went back.
    private func isPaid(_ payment: Int) -> Bool {
        verdicts[payment].resolved == .succeeded
            && !verdicts[payment].isReversed(amount: tables.payments.rows[payment].amount)
    }

    private mutating func classify(_ group: LinkedGroup) {
        // What was given back as a whole pays for nothing: another payment stands in its place.
        let paying = group.payments.filter(isPaid)
        let standing = group.bookings.filter { tables.bookings.rows[$0].status != .cancelled }
        if paying.isEmpty {
            // A payment that may still come is no reason to doubt its booking yet.
            let isAwaited = group.payments.contains { verdicts[$0].isExpected }
            for booking in standing
            where tables.bookings.rows[booking].status == .confirmed && !isAwaited {
                result.bookingOutcomes[booking] = .unpaid
                addBreak(.unpaidBooking, booking: booking, payment: Int32(group.payments[0]))
            }
            return
        }
        guard let first = paying.first, !standing.isEmpty else { return }
        let row = tables.payments.rows[first]
        let booked = standing.map { tables.bookings.rows[$0] }
        if paying.count == 1, booked.count > 1,
            booked.allSatisfy({ $0.amount == row.amount && $0.currency == row.currency })
        {
            addDuplicateBookings(standing, of: first)
            return
        }
        let paid = paying.reduce(0) { $0 + tables.payments.rows[$1].amount }
        let total = booked.reduce(0) { $0 + $1.amount }
        let isOneCurrency =
            booked.allSatisfy { $0.currency == row.currency }
            && paying.allSatisfy { tables.payments.rows[$0].currency == row.currency }
        guard !isOneCurrency || (paid - total).magnitude > rules.tolerance(in: row.currency)
        else { return }
        var item = Break(.bookingAmount)
        item.payment = Int32(first)
        item.booking = Int32(standing[0])
        item.expected = paid
        item.found = total
        item.atRisk = isOneCurrency ? Int64((paid - total).magnitude) : paid
        result.add(item)
    }

    /// The earliest booking stands; every further one is a duplicate.
    private mutating func addDuplicateBookings(_ standing: [Int], of payment: Int) {
        let rows = tables.bookings.rows
        let inOrder = standing.sorted { left, right in
            rows[left].created == rows[right].created
                ? tables.bookings.idPrecedes(left, right)
                : rows[left].created < rows[right].created
        }
        for booking in inOrder.dropFirst() {
            result.bookingOutcomes[booking] = .duplicate
            addBreak(.duplicateBooking, booking: booking, payment: Int32(payment))
        }
    }
}
