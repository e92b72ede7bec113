import Records
import Time

/// Payments and bookings that could pair up, directly or through others.
struct PairGroup {
    /// Rows, in order of time.
    var payments: [Int32] = []
    /// Rows, in order of time, those without any first.
    var bookings: [Int32] = []
}

/// Splits the payments and bookings of one user, currency and amount into the parts that have no
/// possible pair in common, so that each part is as small as it can be.
///
/// A payment can be paired with the bookings of its own item, or of none that is known, within the
/// window; those lie side by side in lists in order of time, of which each step is joined once. The
/// work is therefore about linear, however many pairs there are.
struct PairGroups {
    private let payments: [Int32]
    private let bookings: [Int32]
    /// The moments of the bookings, in microseconds; nil where they have none.
    private let moments: [Int64?]
    private let window: Int64
    /// For each payment, then each booking, another one of its part, or itself.
    private var parents: [Int]

    /// Bookings that follow each other in time, as positions.
    private struct Line {
        var positions: [Int] = []
        /// How many have no time; they come first.
        var timelessCount = 0
        /// For each place a later one, up to which all have been joined, or itself.
        var joined: [Int] = []
    }

    /// Takes rows of payments, in order of time, and of bookings, in order of time with those without
    /// any first; the two of a pair may lie as many microseconds apart as the window has.
    init(_ tables: RecordTables, payments: [Int32], bookings: [Int32], window: Int64) {
        self.payments = payments
        self.bookings = bookings
        self.window = window
        moments = bookings.map {
            let created = tables.bookings.rows[Int($0)].created
            return created.isPresent ? created.microseconds : nil
        }
        parents = Array(0..<(payments.count + bookings.count))
    }

    /// The parts that have both payments and bookings, in order of their first payment, from each
    /// payment's moment, in microseconds, and item, and from each booking's item.
    mutating func parts(paid: [(moment: Int64, item: Fingerprint)], items: [Fingerprint])
        -> [PairGroup]
    {
        var all = Line()
        var unknown = Line()
        var byItem: [Fingerprint: Line] = [:]
        for (position, item) in items.enumerated() {
            append(position, to: &all)
            if item.isPresent {
                append(position, to: &byItem[item, default: Line()])
            } else {
                append(position, to: &unknown)
            }
        }
        for (payment, entry) in paid.enumerated() {
            if entry.item.isPresent {
                join(payment, entry.moment, &unknown)
                if byItem[entry.item] != nil {
                    join(payment, entry.moment, &byItem[entry.item, default: Line()])
                }
            } else {
                join(payment, entry.moment, &all)
            }
        }
        return gathered()
    }

    private func append(_ position: Int, to line: inout Line) {
        line.joined.append(line.positions.count)
        line.positions.append(position)
        if moments[position] == nil { line.timelessCount += 1 }
    }

    /// Joins a payment with everything in a line that it can be paired with.
    private mutating func join(_ payment: Int, _ moment: Int64, _ line: inout Line) {
        let (earliest, isBeforeAll) = moment.subtractingReportingOverflow(window)
        let (latest, isAfterAll) = moment.addingReportingOverflow(window)
        let low = isBeforeAll ? line.timelessCount : first(in: line) { $0 >= earliest }
        let high = isAfterAll ? line.positions.count : first(in: line) { $0 > latest }
        join(payment, 0..<line.timelessCount, &line)
        if low < high { join(payment, low..<high, &line) }
    }

    /// The first place whose moment is as asked, where all later ones are as well.
    private func first(in line: Line, where isAsked: (Int64) -> Bool) -> Int {
        var low = line.timelessCount
        var high = line.positions.count
        while low < high {
            let middle = (low + high) / 2
            if let moment = moments[line.positions[middle]], isAsked(moment) {
                high = middle
            } else {
                low = middle + 1
            }
        }
        return low
    }

    private mutating func join(_ payment: Int, _ places: Range<Int>, _ line: inout Line) {
        guard !places.isEmpty else { return }
        unite(payment, payments.count + line.positions[places.lowerBound])
        var place = PairGroups.end(of: places.lowerBound, &line.joined)
        while place + 1 < places.upperBound {
            unite(
                payments.count + line.positions[place], payments.count + line.positions[place + 1])
            line.joined[place] = place + 1
            place = PairGroups.end(of: place, &line.joined)
        }
    }

    private mutating func unite(_ left: Int, _ right: Int) {
        let first = PairGroups.end(of: left, &parents)
        let second = PairGroups.end(of: right, &parents)
        parents[min(first, second)] = max(first, second)
    }

    private static func end(of start: Int, _ links: inout [Int]) -> Int {
        var place = start
        while links[place] != place {
            links[place] = links[links[place]]
            place = links[place]
        }
        return place
    }

    private mutating func gathered() -> [PairGroup] {
        var partOfRoot: [Int: Int] = [:]
        var parts: [PairGroup] = []
        for (index, payment) in payments.enumerated() {
            let root = PairGroups.end(of: index, &parents)
            let part = partOfRoot[root] ?? parts.count
            if part == parts.count {
                partOfRoot[root] = part
                parts.append(PairGroup())
            }
            parts[part].payments.append(payment)
        }
        for (index, booking) in bookings.enumerated() {
            let root = PairGroups.end(of: payments.count + index, &parents)
            if let part = partOfRoot[root] { parts[part].bookings.append(booking) }
        }
        return parts.filter { !$0.bookings.isEmpty }
    }
}
