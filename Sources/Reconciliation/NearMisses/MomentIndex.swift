import Parallel
import Records
import Time

/// Rows of one table under keys that somebody asks for, those of each key in order of time.
struct MomentIndex: Sendable {
    private struct Entry: Sendable {
        let row: Int32
        let moment: Instant
    }

    private var entries: [Fingerprint: [Entry]] = [:]

    /// Files rows under those of their keys that are wanted.
    ///
    /// `keys` adds each key of a row to its second argument, `moment` says when a row took place,
    /// `absent` where nobody knows, and `precedes` orders rows of the same moment by something in
    /// which the input's order has no say.
    init(
        count: Int, wanted: Set<Fingerprint>, workers: Workers,
        keys: @Sendable (Int, inout [Fingerprint]) -> Void, moment: (Int) -> Instant,
        precedes: (Int, Int) -> Bool
    ) {
        guard !wanted.isEmpty else { return }
        var entries: [Fingerprint: [Entry]] = [:]
        // Few keys are wanted: most are told by a part of them that no wanted one has.
        let mask: UInt64 = 1 << 18 - 1
        var isWanted = ContiguousArray<Bool>(repeating: false, count: Int(mask) + 1)
        for key in wanted { isWanted[Int(key.high & mask)] = true }
        let filed = workers.mapRanges(of: count) { [isWanted] range in
            var filed: [(key: Fingerprint, row: Int32)] = []
            var found: [Fingerprint] = []
            for row in range {
                keys(row, &found)
                for key in found where isWanted[Int(key.high & mask)] && wanted.contains(key) {
                    filed.append((key, Int32(row)))
                }
                found.removeAll(keepingCapacity: true)
            }
            return filed
        }
        for (key, row) in filed.joined() {
            entries[key, default: []].append(Entry(row: row, moment: moment(Int(row))))
        }
        self.entries = entries.mapValues { list in
            list.sorted { left, right in
                left.moment == right.moment
                    ? precedes(Int(left.row), Int(right.row)) : left.moment < right.moment
            }
        }
    }

    /// Every row that is filed, as often as it is.
    var rows: [Int32] { entries.values.flatMap { $0.map(\.row) } }

    /// The rows of a key nearest to a moment, the nearest first; of two equally near the earlier.
    func nearest(to moment: Instant, key: Fingerprint, limit: Int) -> [Int32] {
        guard let list = entries[key] else { return [] }
        var low = 0
        var high = list.count
        while low < high {
            let middle = (low + high) / 2
            if list[middle].moment < moment { low = middle + 1 } else { high = middle }
        }
        var found: [Int32] = []
        var earlier = low - 1
        var later = low
        while found.count < limit, earlier >= 0 || later < list.count {
            let isEarlier: Bool
            if earlier < 0 {
                isEarlier = false
            } else if later >= list.count {
                isEarlier = true
            } else {
                isEarlier =
                    list[earlier].moment.distance(to: moment)
                    <= moment.distance(to: list[later].moment)
            }
            found.append(list[isEarlier ? earlier : later].row)
            if isEarlier { earlier -= 1 } else { later += 1 }
        }
        return found
    }
}

extension Instant {
    /// Microseconds between two moments, whichever comes first; the most there is where one of them
    /// is absent.
    func distance(to other: Instant) -> Int64 {
        guard isPresent, other.isPresent else { return .max }
        let (span, over) = other.microseconds.subtractingReportingOverflow(microseconds)
        return over || span == .min ? .max : abs(span)
    }
}
