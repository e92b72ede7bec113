import Money
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
    /// The window, in microseconds.
    private let window: Int64

    /// Prepares the matching.
    public init(tables: RecordTables, rules: ReconciliationRules) {
        self.tables = tables
        self.rules = rules
        window = min(rules.match.window.microseconds, AttributeMatcher.widestWindow)
    }

    /// Payments and bookings that could pair up, directly or through others.
    private struct Group {
        var payments: [Int32] = []
        var bookings: [Int32] = []
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
        var byBucket: [Int: Group] = [:]
        for entry in payments {
            let print = bucket(payment: entry.row)
            guard
                let first = index.first(print, key: { bucket(booking: bookings[$0].row) })
            else { continue }
            subjects[entry.row] = entry.subject
            byBucket[first, default: Group()].payments.append(entry.row)
        }
        for (first, var group) in byBucket {
            group.bookings = sequence(first: first, next: { index.next(after: $0) })
                .map { bookings[$0].row }
            for member in sequence(first: first, next: { index.next(after: $0) }) {
                items[bookings[member].row] = bookings[member].subject.item
            }
            byBucket[first] = group
        }
        var found = Found()
        for first in byBucket.keys.sorted() {
            guard let bucket = byBucket[first] else { continue }
            for group in connected(bucket, subjects, items) {
                assign(group, subjects, items, into: &found)
            }
        }
        var links = match.links
        links.append(contentsOf: found.links)
        links.sort { ($0.payment, $0.booking) < ($1.payment, $1.booking) }
        var extended = BookingMatch(tables: tables, links: links)
        extended.ambiguousPayments = found.ambiguousPayments
        extended.ambiguousBookings = found.ambiguousBookings
        extended.trials = AttributeComparison(
            tables: tables, window: window, payments: payments, bookings: bookings,
            match: extended
        ).trials()
        return extended
    }

    private struct Found {
        var links: [BookingLink] = []
        var ambiguousPayments: Set<Int32> = []
        var ambiguousBookings: Set<Int32> = []
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
    ///
    /// Payments and bookings are walked in order of time, so the work is bounded by the pairs that
    /// lie within the window; beyond the largest group one part is as good as several.
    private func connected(
        _ bucket: Group, _ subjects: [Int32: KnownSubject], _ items: [Int32: Fingerprint]
    ) -> [Group] {
        let payments = bucket.payments.sorted { paymentPrecedes($0, $1) }
        let bookings = bucket.bookings.sorted { bookingPrecedes($0, $1) }
        var parts: [Group] = []
        var current = Group()
        var reach = Int64.min
        // One sweep over both, by time: a gap wider than the window ends a part.
        var nextPayment = 0
        var nextBooking = 0
        while nextPayment < payments.count || nextBooking < bookings.count {
            let paid =
                nextPayment < payments.count
                ? tables.payments.rows[Int(payments[nextPayment])].created.microseconds : .max
            let made =
                nextBooking < bookings.count
                ? tables.bookings.rows[Int(bookings[nextBooking])].created.microseconds : .max
            let moment = min(paid, made)
            let hasTimeless = bookings.first.map {
                !tables.bookings.rows[Int($0)].created.isPresent
            }
            if moment > reach, hasTimeless != true {
                if !current.payments.isEmpty, !current.bookings.isEmpty { parts.append(current) }
                current = Group()
            }
            reach = moment == .min ? .min : moment.addingReportingOverflow(window).partialValue
            if made <= paid, nextBooking < bookings.count {
                current.bookings.append(bookings[nextBooking])
                nextBooking += 1
            } else {
                current.payments.append(payments[nextPayment])
                nextPayment += 1
            }
        }
        if !current.payments.isEmpty, !current.bookings.isEmpty { parts.append(current) }
        return parts
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

    /// Assigns one group, or finds it in doubt.
    private func assign(
        _ group: Group, _ subjects: [Int32: KnownSubject], _ items: [Int32: Fingerprint],
        into found: inout Found
    ) {
        guard max(group.payments.count, group.bookings.count) <= AttributeMatcher.largestGroup
        else {
            found.ambiguousPayments.formUnion(group.payments)
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
                if let right { found.ambiguousBookings.insert(group.bookings[right]) }
            } else if let right {
                found.links.append(
                    BookingLink(
                        payment: payment, booking: group.bookings[right], rule: .attributes))
            }
        }
    }
}
