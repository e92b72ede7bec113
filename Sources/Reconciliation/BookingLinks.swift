import Parallel
import Records

/// By which rule a payment and a booking belong together.
public enum MatchRule: UInt8, Sendable, CaseIterable, Worded {
    /// The words of outputs.
    public static let words = spelled()

    case none, linked, order, attributes, emitted, `override`
}

/// A payment and a booking that belong together.
public struct BookingLink: Sendable {
    /// The payment's row.
    public var payment: Int32
    /// The booking's row.
    public var booking: Int32
    /// The rule by which they belong together.
    public var rule: MatchRule

    /// A link between two rows.
    public init(payment: Int32, booking: Int32, rule: MatchRule) {
        self.payment = payment
        self.booking = booking
        self.rule = rule
    }
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
    /// For each of those, how large the group is in which it is in doubt.
    public var sizesInDoubt: [Int32: GroupSize] = [:]
    /// What payments were for that neither name nor order link to a booking, where that is known.
    public var itemOfPayment: [Int32: Fingerprint] = [:]
    /// What bookings are for that are linked to no payment so, where that is known.
    public var itemOfBooking: [Int32: Fingerprint] = [:]
    /// Bookings that would go to one or the other of those.
    public var ambiguousBookings: Set<Int32> = []
    /// What rule 3 compared each payment and booking with that it was tried on.
    public var trials = AttributeTrials()

    /// Arranges links found so far.
    init(tables: RecordTables, links: ContiguousArray<BookingLink>) {
        self.links = links
        linksOfPayment = Adjacency(
            count: tables.payments.count, owners: ContiguousArray(links.map(\.payment)))
        linksOfBooking = Adjacency(
            count: tables.bookings.count, owners: ContiguousArray(links.map(\.booking)))
    }

    /// The same with the links that earlier runs made, where neither side is linked by its own word.
    ///
    /// What was told once holds: it is not found out anew, perhaps differently, as long as the
    /// dumps say nothing else.
    public func adding(_ promised: [BookingLink], tables: RecordTables) -> BookingMatch {
        let open = promised.filter {
            linksOfPayment.count(Int($0.payment)) == 0 && linksOfBooking.count(Int($0.booking)) == 0
        }
        guard !open.isEmpty else { return self }
        var all = links
        all.append(contentsOf: open)
        all.sort { ($0.payment, $0.booking) < ($1.payment, $1.booking) }
        return BookingMatch(tables: tables, links: all)
    }

    /// The same with the links that people decided on.
    public func adding(decided: [BookingLink], tables: RecordTables) -> BookingMatch {
        guard !decided.isEmpty else { return self }
        var all = links
        all.append(contentsOf: decided)
        all.sort { ($0.payment, $0.booking) < ($1.payment, $1.booking) }
        return BookingMatch(tables: tables, links: all)
    }

    /// The bookings of a payment.
    public func bookings(ofPayment payment: Int) -> [Int] {
        linksOfPayment[payment].map { Int(links[Int($0)].booking) }
    }

    /// The payments of a booking.
    public func payments(ofBooking booking: Int) -> [Int] {
        linksOfBooking[booking].map { Int(links[Int($0)].payment) }
    }

    /// The rule by which a booking has its payment.
    public func rule(ofBooking booking: Int) -> MatchRule {
        linksOfBooking.first(booking).map { links[$0].rule } ?? .none
    }
}

/// Finds what payments and bookings say of each other: rules 1 (linked) and 2 (by order).
///
/// Links are evidence whatever became of the payment; only rule 3 asks for success.
public struct BookingLinker: Sendable {
    let tables: RecordTables
    let byID: FingerprintIndex
    let byReference: FingerprintIndex
    let workers: Workers

    /// Indexes the payments by id and by reference.
    public init(tables: RecordTables, workers: Workers = Workers(count: 1)) {
        self.tables = tables
        self.workers = workers
        let payments = tables.payments.rows
        (byID, byReference) = workers.both {
            FingerprintIndex(count: payments.count) { payments[$0].id }
        } and: {
            FingerprintIndex(count: payments.count) {
                payments[$0].reference == payments[$0].id ? .none : payments[$0].reference
            }
        }
    }

    /// Every link by name, in order of the payments.
    public func linked() -> BookingMatch {
        let named = bookingsNamedByPayments()
        let owners = paymentsNamedByBookings(named)
        var links = ContiguousArray<BookingLink>()
        var isLinked = ContiguousArray<Bool>(repeating: false, count: tables.bookings.count)
        for (booking, payment) in owners.enumerated() where payment >= 0 {
            links.append(BookingLink(payment: payment, booking: Int32(booking), rule: .linked))
            isLinked[booking] = true
        }
        // What payments name counts as well, unless the booking has said the same.
        for (payment, booking) in named where owners[Int(booking)] != payment {
            links.append(BookingLink(payment: payment, booking: booking, rule: .linked))
            isLinked[Int(booking)] = true
        }
        appendLinksByOrder(&links, isLinked)
        return BookingMatch(tables: tables, links: inOrder(links))
    }

    /// The links in order of the payments, then of the bookings.
    private func inOrder(
        _ links: ContiguousArray<BookingLink>
    ) -> ContiguousArray<BookingLink> {
        let count = tables.payments.count
        let lists = Adjacency(count: count, owners: ContiguousArray(links.map(\.payment)))
        var ordered = ContiguousArray<BookingLink>()
        ordered.reserveCapacity(links.count)
        for payment in 0..<count {
            let first = ordered.count
            lists.forEach(payment) { ordered.append(links[$0]) }
            if ordered.count - first > 1 { ordered[first...].sort { $0.booking < $1.booking } }
        }
        return ordered
    }

    /// The bookings that payments name, in order of the payments.
    private func bookingsNamedByPayments() -> ContiguousArray<(payment: Int32, booking: Int32)> {
        guard tables.paymentLinks.contains(where: \.booking.isPresent) else { return [] }
        let bookings = tables.bookings.rows
        let index = FingerprintIndex(count: bookings.count) { bookings[$0].id }
        var named = ContiguousArray<(payment: Int32, booking: Int32)>()
        for (payment, links) in tables.paymentLinks.enumerated() {
            guard let booking = index.first(links.booking, key: { bookings[$0].id })
            else { continue }
            named.append((Int32(payment), Int32(booking)))
        }
        return named
    }

    /// For each booking the payment that it names, by id, else by reference; -1 where it names none.
    ///
    /// Several payments with one reference share its bookings out as they share its lines. Those
    /// that say themselves that they failed get none, as long as there are others: a reference is
    /// used again where an attempt has failed. A payment that names the booking in turn has it.
    private func paymentsNamedByBookings(
        _ named: ContiguousArray<(payment: Int32, booking: Int32)>
    ) -> ContiguousArray<Int32> {
        let rows = tables.payments.rows
        let bookings = tables.bookings.rows
        let owned = workers.mapRanges(of: bookings.count) { range in
            var owned = OwnedRows(range)
            for booking in range {
                if let block = Lookahead.block(at: booking, of: range.upperBound) {
                    byID.fetch(block, wanted: { bookings[$0].payment }) { rows[$0].id }
                    byReference.fetch(block, wanted: { bookings[$0].payment }) {
                        rows[$0].reference
                    }
                }
                let name = bookings[booking].payment
                if let payment = byID.first(name, key: { rows[$0].id }) {
                    owned.add(payment, isShared: false)
                } else {
                    let first = byReference.first(name, key: { rows[$0].reference })
                    let next = first.flatMap { byReference.next(after: $0) }
                    owned.add(first, isShared: next != nil)
                }
            }
            return owned
        }
        var (owners, shared) = OwnedRows.joined(owned)
        guard !shared.isEmpty else { return owners }
        for (payment, booking) in named {
            let name = tables.bookings.rows[Int(booking)].payment
            if owners[Int(booking)] < 0, rows[Int(payment)].reference == name {
                owners[Int(booking)] = payment
            }
        }
        for (first, bookings) in shared {
            let everyone = Array(
                sequence(first: Int(first), next: { byReference.next(after: $0) }))
            let standing = everyone.filter { rows[$0].status.mayHaveMoney }
            let sharer = ReferenceSharer(
                tables: tables, payments: standing.isEmpty ? everyone : standing)
            let open = bookings.filter { owners[Int($0)] < 0 }
            for (booking, payment) in sharer.owners(ofBookings: open) {
                owners[Int(booking)] = payment
            }
        }
        return owners
    }

    /// Adds the bookings that name the same order as a payment, where neither is linked by name.
    private func appendLinksByOrder(
        _ links: inout ContiguousArray<BookingLink>, _ isLinked: ContiguousArray<Bool>
    ) {
        guard tables.paymentLinks.contains(where: \.order.isPresent) else { return }
        var hasBooking = ContiguousArray<Bool>(repeating: false, count: tables.payments.count)
        for link in links { hasBooking[Int(link.payment)] = true }
        let orders = tables.paymentLinks
        let bookings = tables.bookings.rows
        let payers = FingerprintIndex(count: orders.count) {
            hasBooking[$0] ? .none : orders[$0].order
        }
        let booked = FingerprintIndex(count: bookings.count) {
            isLinked[$0] ? .none : bookings[$0].order
        }
        for payment in orders.indices where !hasBooking[payment] {
            let order = orders[payment].order
            // Each order is dealt with once, at the first of its payments.
            guard let first = booked.first(order, key: { bookings[$0].order }),
                payers.first(order, key: { orders[$0].order }) == payment
            else { continue }
            let sharer = OrderSharer(
                tables: tables,
                payments: sequence(first: payment, next: { payers.next(after: $0) }),
                bookings: sequence(first: first, next: { booked.next(after: $0) }))
            links.append(contentsOf: sharer.links())
        }
    }
}

extension PaymentStatus {
    /// Whether it does not say of itself that it came to nothing.
    var mayHaveMoney: Bool { self == .succeeded || self == .pending }
}
