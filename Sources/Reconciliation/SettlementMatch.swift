import Money
import Parallel
import Records
import Time

/// Which settlement line belongs to which payment.
public struct SettlementMatch: Sendable {
    /// For each settlement line its payment, or -1.
    public var paymentOfLine: ContiguousArray<Int32>
    /// For each payment its lines, in the order of the input.
    public var linesOfPayment: Adjacency
    /// The payments that share their reference with another one.
    public var sharesReference: Set<Int32>

    /// Matches by reference.
    ///
    /// Several payments with one reference share its lines out: each line goes to the payment of
    /// equal amount, then to the nearest in time.
    public init(_ tables: RecordTables, workers: Workers = Workers(count: 1)) {
        let payments = tables.payments.rows
        let lines = tables.settlements.rows
        let index = FingerprintIndex(count: payments.count) { payments[$0].reference }
        let owned = workers.mapRanges(of: lines.count) { range in
            var owned = OwnedRows(range)
            for line in range {
                if let block = Lookahead.block(at: line, of: range.upperBound) {
                    index.fetch(block, wanted: { lines[$0].reference }) { payments[$0].reference }
                }
                let payment = index.first(
                    lines[line].reference, key: { payments[$0].reference })
                owned.add(payment, isShared: payment.map { index.next(after: $0) != nil } ?? false)
            }
            return owned
        }
        var (owners, shared) = OwnedRows.joined(owned)
        var sharing: Set<Int32> = []
        if index.hasRepeats {
            for payment in payments.indices {
                guard let next = index.next(after: payment) else { continue }
                sharing.insert(Int32(payment))
                sharing.insert(Int32(next))
            }
            for (first, itsLines) in shared {
                let group = Array(
                    sequence(first: Int(first), next: { index.next(after: $0) }))
                let sharer = ReferenceSharer(tables: tables, payments: group)
                for (line, payment) in sharer.owners(ofLines: itsLines) {
                    owners[Int(line)] = payment
                }
            }
        }
        paymentOfLine = owners
        sharesReference = sharing
        linesOfPayment = Adjacency(count: payments.count, owners: owners)
    }

    /// The row of the payment that a line belongs to; nil where there is none.
    @inline(__always)
    public func payment(ofLine line: Int) -> Int? {
        let payment = paymentOfLine[line]
        return payment < 0 ? nil : Int(payment)
    }

    /// The same with lines that people gave to a payment.
    public func adding(decided: [(line: Int32, payment: Int32)]) -> SettlementMatch {
        guard !decided.isEmpty else { return self }
        var match = self
        for (line, payment) in decided { match.paymentOfLine[Int(line)] = payment }
        match.linesOfPayment = Adjacency(
            count: linesOfPayment.ownerCount, owners: match.paymentOfLine)
        return match
    }
}

/// The payments of a run of lines or bookings, as far as their names alone tell them.
struct OwnedRows: Sendable {
    /// For each row its payment; -1 where it has none, or none of its own.
    private(set) var owners = ContiguousArray<Int32>()
    /// The rows whose name several payments carry, each with the first of those.
    private(set) var shared: [(row: Int32, first: Int32)] = []
    private let rows: Range<Int>

    init(_ rows: Range<Int>) {
        self.rows = rows
        owners.reserveCapacity(rows.count)
    }

    /// Notes the payment of the next row.
    mutating func add(_ payment: Int?, isShared: Bool) {
        if let payment, isShared {
            shared.append((Int32(rows.lowerBound + owners.count), Int32(payment)))
        }
        owners.append(isShared ? -1 : payment.map { Int32($0) } ?? -1)
    }

    /// The payments of all rows, and the rows that payments share, by the first of those.
    static func joined(
        _ parts: [OwnedRows]
    ) -> (owners: ContiguousArray<Int32>, shared: [Int32: [Int32]]) {
        var shared: [Int32: [Int32]] = [:]
        for (row, first) in parts.lazy.flatMap(\.shared) { shared[first, default: []].append(row) }
        return (ContiguousArray(parts.lazy.map(\.owners).joined()), shared)
    }
}

/// Shares the lines or bookings of one reference out among the payments that carry it.
struct ReferenceSharer {
    let tables: RecordTables
    /// In order of time; equal times by id, so that the input's order has no say.
    let payments: [Int]

    init(tables: RecordTables, payments: [Int]) {
        self.tables = tables
        let rows = tables.payments.rows
        self.payments = payments.sorted { left, right in
            rows[left].created == rows[right].created
                ? tables.payments.idPrecedes(left, right)
                : rows[left].created < rows[right].created
        }
    }

    /// What is shared out.
    struct Claim {
        /// The row of the line or booking.
        let row: Int32
        let currency: Currency
        let amount: Int64
        let moment: Instant
        /// Whether it takes its payment, so that the next equal one goes to another.
        let takes: Bool
    }

    private struct Price: Hashable {
        let currency: Currency
        let amount: Int64
    }

    /// The payment of each line.
    ///
    /// A completed charge takes a payment of its amount that no charge has taken yet, as long as
    /// there is one: two equal payments and two equal charges are two pairs.
    func owners(ofLines lines: [Int32]) -> [(row: Int32, payment: Int32)] {
        let rows = tables.settlements.rows
        let inOrder = lines.sorted { left, right in
            let first = rows[Int(left)]
            let second = rows[Int(right)]
            return first.occurred == second.occurred
                ? tables.settlements.idPrecedes(Int(left), Int(right))
                : first.occurred < second.occurred
        }
        return owners(
            of: inOrder.map { line in
                let row = rows[Int(line)]
                return Claim(
                    row: line, currency: row.currency, amount: row.gross, moment: row.occurred,
                    takes: row.type == .charge && row.state == .completed)
            })
    }

    /// The payment of each booking; one that stands takes its payment, as a charge does.
    func owners(ofBookings bookings: [Int32]) -> [(row: Int32, payment: Int32)] {
        let rows = tables.bookings.rows
        let inOrder = bookings.sorted { left, right in
            let first = rows[Int(left)]
            let second = rows[Int(right)]
            return first.created == second.created
                ? tables.bookings.idPrecedes(Int(left), Int(right))
                : first.created < second.created
        }
        return owners(
            of: inOrder.map { booking in
                let row = rows[Int(booking)]
                return Claim(
                    row: booking, currency: row.currency, amount: row.amount, moment: row.created,
                    takes: row.status != .cancelled)
            })
    }

    /// The payment of each claim, given in order of time: of equal amount, then nearest in time.
    private func owners(of claims: [Claim]) -> [(row: Int32, payment: Int32)] {
        var everyone = NearestInTime(moments: payments.map { tables.payments.rows[$0].created })
        var byPrice: [Price: NearestInTime] = [:]
        var positions: [Price: [Int]] = [:]
        for (position, payment) in payments.enumerated() {
            let row = tables.payments.rows[payment]
            let price = Price(currency: row.currency, amount: row.amount)
            positions[price, default: []].append(position)
        }
        for (price, places) in positions {
            byPrice[price] = NearestInTime(
                moments: places.map { tables.payments.rows[payments[$0]].created })
        }
        return claims.map { claim in
            let price = Price(currency: claim.currency, amount: claim.amount)
            let position: Int
            if let places = positions[price],
                let nearest = byPrice[price]?.nearest(to: claim.moment, takes: claim.takes)
            {
                position = places[nearest]
            } else {
                position = everyone.nearest(to: claim.moment, takes: false)
            }
            return (claim.row, Int32(payments[position]))
        }
    }
}

/// Moments in rising order, of which the nearest free one can be taken.
///
/// Complexity: about logarithmic for each question, whatever was taken before.
struct NearestInTime {
    private let moments: [Instant]
    /// The next free position at or above, and at or below; one beyond the ends where none is.
    private var above: [Int]
    private var below: [Int]
    private var free: Int

    /// - Precondition: there is at least one moment, and they rise.
    init(moments: [Instant]) {
        precondition(!moments.isEmpty, "the nearest of none")
        self.moments = moments
        above = Array(0...moments.count)
        below = Array(0...moments.count)
        free = moments.count
    }

    /// The position of the nearest free moment, or of the nearest at all where none is free.
    ///
    /// Of two equally near the earlier one.
    mutating func nearest(to moment: Instant, takes: Bool) -> Int {
        var low = 0
        var high = moments.count
        while low < high {
            let middle = (low + high) / 2
            if moments[middle] < moment { low = middle + 1 } else { high = middle }
        }
        let ignoresTaken = free == 0 || !takes
        let later = ignoresTaken ? low : NearestInTime.root(&above, low)
        // `below` counts from one, so that 0 can mean that nothing is left below.
        let earlier = (ignoresTaken ? low : NearestInTime.root(&below, low)) - 1
        let chosen: Int
        if earlier < 0 {
            chosen = later
        } else if later >= moments.count {
            chosen = earlier
        } else {
            let back = NearestInTime.distance(moments[earlier], moment)
            let ahead = NearestInTime.distance(moment, moments[later])
            chosen = back <= ahead ? earlier : later
        }
        if takes, free > 0 {
            above[chosen] = chosen + 1
            below[chosen + 1] = chosen
            free -= 1
        }
        return chosen
    }

    private static func distance(_ from: Instant, _ to: Instant) -> UInt64 {
        let (span, over) = to.microseconds.subtractingReportingOverflow(from.microseconds)
        return over ? .max : span.magnitude
    }

    private static func root(_ links: inout [Int], _ start: Int) -> Int {
        var position = start
        while links[position] != position {
            links[position] = links[links[position]]
            position = links[position]
        }
        return position
    }
}
