import Money
import Parallel
import Records
import Rules
import Time

/// What an unlinked record is for, as far as it is known: equal prints are the same thing.
public struct KnownSubject: Sendable {
    /// The item in the catalogue, or the free text that names it; `none` where it is not known.
    public var item: Fingerprint
    /// Everything that a booking would be made from: payments of equal content are
    /// interchangeable.
    public var content: Fingerprint

    /// Creates a subject.
    public init(item: Fingerprint, content: Fingerprint) {
        self.item = item
        self.content = content
    }
}

/// How many could pair up with each other, directly or through others.
public struct GroupSize: Sendable, Equatable {
    /// Payments.
    public var payments: Int
    /// Bookings.
    public var bookings: Int

    /// Creates a size.
    public init(payments: Int, bookings: Int) {
        self.payments = payments
        self.bookings = bookings
    }

    /// Whether an exact answer would cost too much.
    public var isTooLarge: Bool { max(payments, bookings) > AttributeMatcher.largestGroup }
}

/// Rule 3: pairs unlinked payments and bookings by user, currency, amount, time and item.
public struct AttributeMatcher: Sendable {
    /// Groups with more on either side than this are ambiguous as a whole: the exact answer would
    /// cost too much, and a guess is none.
    public static let largestGroup = 128

    /// A hundred years, in microseconds: no purchase is booked later, and the sums that are
    /// compared stay far below the range of 64 bits.
    private static let widestWindow: Int64 = 3_155_760_000_000_000

    let tables: RecordTables
    let rules: ReconciliationRules
    let workers: Workers
    /// The window, in microseconds.
    private let window: Int64

    /// Prepares the matching.
    public init(
        tables: RecordTables, rules: ReconciliationRules, workers: Workers = Workers(count: 1)
    ) {
        self.tables = tables
        self.rules = rules
        self.workers = workers
        window = min(rules.match.window.microseconds, AttributeMatcher.widestWindow)
    }

    /// The links so far and those that attributes add.
    ///
    /// - Parameters:
    ///   - match: What rules 1 and 2 found.
    ///   - payments: The succeeded payments without booking, and what each is for.
    ///   - bookings: The bookings without payment that name none, and what each is for.
    /// - Returns: All links, and the payments and bookings that are in doubt.
    public func extend(
        _ match: BookingMatch, payments: [(row: Int32, subject: KnownSubject)],
        bookings: [(row: Int32, subject: KnownSubject)]
    ) -> BookingMatch {
        guard !payments.isEmpty, !bookings.isEmpty else { return match }
        var subjects: [Int32: KnownSubject] = [:]
        var items: [Int32: Fingerprint] = [:]
        let index = FingerprintIndex(count: bookings.count) { bucket(booking: bookings[$0].row) }
        var byBucket: [Int: PairGroup] = [:]
        for (place, entry) in payments.enumerated() {
            if let block = Lookahead.block(at: place, of: payments.count) {
                index.fetch(block, wanted: { bucket(payment: payments[$0].row) }) {
                    bucket(booking: bookings[$0].row)
                }
            }
            let print = bucket(payment: entry.row)
            guard
                let first = index.first(print, key: { bucket(booking: bookings[$0].row) })
            else { continue }
            subjects[entry.row] = entry.subject
            byBucket[first, default: PairGroup()].payments.append(entry.row)
        }
        for (first, var group) in byBucket {
            group.bookings = sequence(first: first, next: { index.next(after: $0) })
                .map { bookings[$0].row }
            for member in sequence(first: first, next: { index.next(after: $0) }) {
                items[bookings[member].row] = bookings[member].subject.item
            }
            byBucket[first] = group
        }
        let found = assign(
            byBucket.sorted { $0.key < $1.key }.map(\.value), subjects, items)
        var links = match.links
        links.append(contentsOf: found.links)
        links.sort { ($0.payment, $0.booking) < ($1.payment, $1.booking) }
        var extended = BookingMatch(tables: tables, links: links)
        extended.ambiguousPayments = found.ambiguousPayments
        extended.ambiguousBookings = found.ambiguousBookings
        extended.trials = AttributeComparison(
            tables: tables, window: window, payments: payments, bookings: bookings,
            match: extended
        ).trials(workers)
        extended.sizesInDoubt = found.sizes
        for entry in payments where entry.subject.item.isPresent {
            extended.itemOfPayment[entry.row] = entry.subject.item
        }
        for entry in bookings where entry.subject.item.isPresent {
            extended.itemOfBooking[entry.row] = entry.subject.item
        }
        return extended
    }

    private struct Found {
        var links: [BookingLink] = []
        var ambiguousPayments: Set<Int32> = []
        var ambiguousBookings: Set<Int32> = []
        var sizes: [Int32: GroupSize] = [:]

        mutating func add(_ other: Found) {
            links += other.links
            ambiguousPayments.formUnion(other.ambiguousPayments)
            ambiguousBookings.formUnion(other.ambiguousBookings)
            sizes.merge(other.sizes) { first, _ in first }
        }
    }

    private func bucket(payment: Int32) -> Fingerprint {
        let row = tables.payments.rows[Int(payment)]
        return row.user.combined(with: row.amount).combined(with: Int64(row.currency.rawValue))
    }

    private func bucket(booking: Int32) -> Fingerprint {
        let row = tables.bookings.rows[Int(booking)]
        return row.user.combined(with: row.amount).combined(with: Int64(row.currency.rawValue))
    }

    /// How far apart the two were created, or nil where they cannot be one purchase.
    ///
    /// A booking without a time of creation is taken to lie at the edge of the window: passing it
    /// over would book the purchase twice.
    private func cost(
        _ payment: Int32, _ booking: Int32, _ subjects: [Int32: KnownSubject],
        _ items: [Int32: Fingerprint]
    ) -> Int64? {
        let wanted = subjects[payment]?.item ?? .none
        let booked = items[booking] ?? .none
        if wanted.isPresent, booked.isPresent, wanted != booked { return nil }
        let paid = tables.payments.rows[Int(payment)].created
        let made = tables.bookings.rows[Int(booking)].created
        guard made.isPresent else { return window }
        let (span, over) = paid.microseconds.subtractingReportingOverflow(made.microseconds)
        guard !over, span.magnitude <= UInt64(window) else { return nil }
        return Int64(span.magnitude)
    }

    /// The parts of a bucket that have no pair in common.
    private func connected(
        _ bucket: PairGroup, _ subjects: [Int32: KnownSubject], _ items: [Int32: Fingerprint]
    ) -> [PairGroup] {
        if bucket.payments.count == 1, bucket.bookings.count == 1 { return [bucket] }
        let payments = bucket.payments.sorted { paymentPrecedes($0, $1) }
        let bookings = bucket.bookings.sorted { bookingPrecedes($0, $1) }
        var groups = PairGroups(tables, payments: payments, bookings: bookings, window: window)
        return groups.parts(
            paid: payments.map {
                (tables.payments.rows[Int($0)].created.microseconds, subjects[$0]?.item ?? .none)
            },
            items: bookings.map { items[$0] ?? .none })
    }

    private func paymentPrecedes(_ left: Int32, _ right: Int32) -> Bool {
        let rows = tables.payments.rows
        return rows[Int(left)].created == rows[Int(right)].created
            ? tables.payments.idPrecedes(Int(left), Int(right))
            : rows[Int(left)].created < rows[Int(right)].created
    }

    private func bookingPrecedes(_ left: Int32, _ right: Int32) -> Bool {
        let rows = tables.bookings.rows
        return rows[Int(left)].created == rows[Int(right)].created
            ? tables.bookings.idPrecedes(Int(left), Int(right))
            : rows[Int(left)].created < rows[Int(right)].created
    }

    /// Assigns the groups of all buckets, several buckets at once.
    private func assign(
        _ buckets: [PairGroup], _ subjects: [Int32: KnownSubject], _ items: [Int32: Fingerprint]
    ) -> Found {
        let parts = workers.mapRanges(of: buckets.count) { range in
            var found = Found()
            for bucket in buckets[range] {
                for group in connected(bucket, subjects, items) {
                    assign(group, subjects, items, into: &found)
                }
            }
            return found
        }
        return parts.dropFirst().reduce(into: parts.first ?? Found()) { $0.add($1) }
    }

    /// Assigns one group, or finds it in doubt.
    private func assign(
        _ group: PairGroup, _ subjects: [Int32: KnownSubject], _ items: [Int32: Fingerprint],
        into found: inout Found
    ) {
        let size = GroupSize(payments: group.payments.count, bookings: group.bookings.count)
        guard !size.isTooLarge else {
            found.ambiguousPayments.formUnion(group.payments)
            for payment in group.payments { found.sizes[payment] = size }
            found.ambiguousBookings.formUnion(group.bookings)
            return
        }
        let assignment = Assignment(
            leftCount: group.payments.count, rightCount: group.bookings.count
        ) { cost(group.payments[$0], group.bookings[$1], subjects, items) }
        var inDoubt: Set<Int> = []
        for choice in assignment.interchangeable {
            let contents = Set(choice.map { subjects[group.payments[$0]]?.content ?? .none })
            if contents.count > 1 { inDoubt.formUnion(choice) }
        }
        for (left, right) in assignment.partners.enumerated() {
            let payment = group.payments[left]
            if inDoubt.contains(left) {
                found.ambiguousPayments.insert(payment)
                found.sizes[payment] = size
                if let right { found.ambiguousBookings.insert(group.bookings[right]) }
            } else if let right {
                found.links.append(
                    BookingLink(
                        payment: payment, booking: group.bookings[right], rule: .attributes))
            }
        }
    }
}
