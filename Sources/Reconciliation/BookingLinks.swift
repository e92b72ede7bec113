import Records

/// By which rule a payment and a booking belong together.
public enum MatchRule: UInt8, Sendable, CaseIterable, Worded {
    /// The words of outputs.
    public static let words = spelled()

    case none, linked, order, attributes, emitted
}

/// A payment and a booking that belong together.
public struct BookingLink: Sendable {
    /// The payment's row.
    public var payment: Int32
    /// The booking's row.
    public var booking: Int32
    /// The rule by which they belong together.
    public var rule: MatchRule
}

/// Which bookings belong to which payments, and what is wrong with it.
public struct BookingMatch: Sendable {
    /// In order of the payments, then of the bookings; each pair once.
    public var links: ContiguousArray<BookingLink>
    /// For each payment the links that concern it, as indices into `links`.
    public var linksOfPayment: Adjacency
    /// For each booking the links that concern it, as indices into `links`.
    public var linksOfBooking: Adjacency
    /// Succeeded payments for which equally good assignments differ; nothing is emitted for them.
    public var ambiguousPayments: Set<Int32> = []
    /// Bookings that would go to one or the other of those.
    public var ambiguousBookings: Set<Int32> = []

    /// Arranges links found so far.
    init(tables: RecordTables, links: ContiguousArray<BookingLink>) {
        self.links = links
        linksOfPayment = Adjacency(
            count: tables.payments.count, owners: ContiguousArray(links.map(\.payment)))
        linksOfBooking = Adjacency(
            count: tables.bookings.count, owners: ContiguousArray(links.map(\.booking)))
    }

    /// The bookings of a payment.
    public func bookings(ofPayment payment: Int) -> [Int] {
        linksOfPayment[payment].map { Int(links[Int($0)].booking) }
    }

    /// The payments of a booking.
    public func payments(ofBooking booking: Int) -> [Int] {
        linksOfBooking[booking].map { Int(links[Int($0)].payment) }
    }

    /// The rule by which a payment has its booking.
    public func rule(ofPayment payment: Int) -> MatchRule {
        linksOfPayment[payment].first.map { links[Int($0)].rule } ?? .none
    }

    /// The rule by which a booking has its payment.
    public func rule(ofBooking booking: Int) -> MatchRule {
        linksOfBooking[booking].first.map { links[Int($0)].rule } ?? .none
    }
}

/// Finds what payments and bookings say of each other: rules 1 (linked) and 2 (by order).
///
/// Links are evidence whatever became of the payment; only rule 3 asks for success.
public struct BookingLinker: Sendable {
    let tables: RecordTables
    let byID: FingerprintIndex
    let byReference: FingerprintIndex

    /// Indexes the payments by id and by reference.
    public init(tables: RecordTables) {
        self.tables = tables
        let payments = tables.payments.rows
        byID = FingerprintIndex(count: payments.count) { payments[$0].id }
        byReference = FingerprintIndex(count: payments.count) {
            payments[$0].reference == payments[$0].id ? .none : payments[$0].reference
        }
    }

    /// Every link by name, in order of the payments.
    public func linked() -> BookingMatch {
        var links = ContiguousArray<BookingLink>()
        var isLinked = ContiguousArray<Bool>(repeating: false, count: tables.bookings.count)
        for booking in tables.bookings.rows.indices {
            guard let payment = paymentNamed(by: booking) else { continue }
            links.append(
                BookingLink(payment: Int32(payment), booking: Int32(booking), rule: .linked))
            isLinked[booking] = true
        }
        appendLinksOfPayments(&links, &isLinked)
        appendLinksByOrder(&links, isLinked)
        links.sort { ($0.payment, $0.booking) < ($1.payment, $1.booking) }
        return BookingMatch(tables: tables, links: links)
    }

    /// The payment that a booking names: by id, else by reference.
    ///
    /// Of several payments with one reference the one of the booking's amount, else the earliest.
    private func paymentNamed(by booking: Int) -> Int? {
        let rows = tables.payments.rows
        let row = tables.bookings.rows[booking]
        if let payment = byID.first(row.payment, key: { rows[$0].id }) { return payment }
        let key = { (index: Int) in rows[index].reference }
        guard let first = byReference.first(row.payment, key: key) else { return nil }
        guard byReference.next(after: first) != nil else { return first }
        let group = sequence(first: first, next: { byReference.next(after: $0) })
        return group.min { left, right in
            let leftDiffers = rows[left].amount != row.amount
            let rightDiffers = rows[right].amount != row.amount
            if leftDiffers != rightDiffers { return rightDiffers }
            return rows[left].created == rows[right].created
                ? tables.payments.idPrecedes(left, right)
                : rows[left].created < rows[right].created
        }
    }

    /// Adds the bookings that payments name, unless the booking has said the same.
    private func appendLinksOfPayments(
        _ links: inout ContiguousArray<BookingLink>, _ isLinked: inout ContiguousArray<Bool>
    ) {
        guard !tables.paymentLinks.isEmpty else { return }
        let bookings = tables.bookings.rows
        let index = FingerprintIndex(count: bookings.count) { bookings[$0].id }
        for payment in tables.payments.rows.indices {
            let name = tables.paymentLinks[payment].booking
            guard let booking = index.first(name, key: { bookings[$0].id }) else { continue }
            if isLinked[booking], paymentNamed(by: booking) == payment { continue }
            links.append(
                BookingLink(payment: Int32(payment), booking: Int32(booking), rule: .linked))
            isLinked[booking] = true
        }
    }

    /// Adds the bookings that name the same order as a payment, where neither is linked by name.
    private func appendLinksByOrder(
        _ links: inout ContiguousArray<BookingLink>, _ isLinked: ContiguousArray<Bool>
    ) {
        guard !tables.paymentLinks.isEmpty else { return }
        var hasBooking = ContiguousArray<Bool>(repeating: false, count: tables.payments.count)
        for link in links { hasBooking[Int(link.payment)] = true }
        let bookings = tables.bookings.rows
        let index = FingerprintIndex(count: bookings.count) {
            isLinked[$0] ? .none : bookings[$0].order
        }
        var isUsed = isLinked
        for payment in tables.payments.rows.indices where !hasBooking[payment] {
            let order = tables.paymentLinks[payment].order
            var candidate = index.first(order, key: { bookings[$0].order })
            while let booking = candidate {
                candidate = index.next(after: booking)
                guard !isUsed[booking] else { continue }
                isUsed[booking] = true
                links.append(
                    BookingLink(payment: Int32(payment), booking: Int32(booking), rule: .order))
            }
        }
    }
}
