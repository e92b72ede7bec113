import Money
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
    public init(_ tables: RecordTables) {
        let payments = tables.payments.rows
        let lines = tables.settlements.rows
        let index = FingerprintIndex(count: payments.count) { payments[$0].reference }
        var owners = ContiguousArray<Int32>(repeating: -1, count: lines.count)
        var shared: [Int32: [Int32]] = [:]
        for (line, row) in lines.enumerated() {
            if let block = Lookahead.block(at: line, of: lines.count) {
                index.fetch(block, wanted: { lines[$0].reference }) { payments[$0].reference }
            }
            guard let payment = index.first(row.reference, key: { payments[$0].reference })
            else { continue }
            if index.next(after: payment) == nil {
                owners[line] = Int32(payment)
            } else {
                shared[Int32(payment), default: []].append(Int32(line))
            }
        }
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
