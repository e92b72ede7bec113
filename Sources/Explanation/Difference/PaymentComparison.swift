import DelimitedText
import Diagnostics
import Emission
import Parallel
import Records
import Reporting

/// The payments of two runs, held against each other by their ids.
///
/// Both tables are read from front to back; of the first run's payments fingerprints are kept, about
/// a hundred bytes each, and no text.
struct PaymentComparison {
    /// How many ids of each group are kept.
    static let limit = 100

    /// Payments whose status or outcome is another, the largest group first.
    private(set) var groups: [RunDifference.PaymentGroup] = []
    /// Of the payments asked for, what differs in them.
    private(set) var causes: [Fingerprint: RunDifference.Cause] = [:]

    private let key: FingerprintKey
    private let wanted: Set<Fingerprint>
    private let isBookingsInputOther: Bool
    private var byChange: [Change: Int] = [:]

    /// How a payment stood, and stands; nil where it is not there.
    private struct Change: Hashable {
        var before: State?
        var after: State?
    }

    /// The places of the words of a status and an outcome.
    private struct State: Hashable {
        var resolved: UInt8
        var outcome: UInt8

        var words: String {
            func word(_ words: [String], _ place: UInt8) -> String {
                Int(place) < words.count ? words[Int(place)] : "unknown"
            }
            return word(PaymentStatus.words, resolved) + ", " + word(PaymentOutcome.words, outcome)
        }
    }

    private struct Entry: Sendable {
        var id: Fingerprint
        /// The payment's own row in the dumps.
        var dump: UInt64
        var settlement: UInt64
        var booking: UInt64
        var offset: Int
        var resolved: UInt8
        var outcome: UInt8

        var state: State { State(resolved: resolved, outcome: outcome) }
    }

    /// Compares two tables; `wanted` are ids whose differences are told whatever they are.
    init(
        _ before: PublishedTable, _ after: PublishedTable, wanted ids: Set<String>,
        isBookingsInputOther: Bool, _ workers: Workers
    ) throws {
        let key = FingerprintKey()
        self.key = key
        wanted = Set(ids.map { PaymentComparison.fingerprint($0, key) })
        self.isBookingsInputOther = isBookingsInputOther
        var known: [Fingerprint: Int] = [:]
        var entries: [Entry] = []
        try PaymentComparison.scan(before, key, workers) { entry in
            // An id that is there twice is told apart by how often it came.
            var entry = entry
            while known[entry.id] != nil { entry.id = entry.id.combined(with: 1) }
            known[entry.id] = entries.count
            entries.append(entry)
        }
        var isMet = [Bool](repeating: false, count: entries.count)
        try PaymentComparison.scan(after, key, workers) { entry in
            var id = entry.id
            while let place = known[id], isMet[place] { id = id.combined(with: 1) }
            guard let place = known[id] else {
                try add(Change(before: nil, after: entry.state), entry, .payments, after)
                return
            }
            isMet[place] = true
            let earlier = entries[place]
            let cause = cause(earlier, entry)
            if earlier.state != entry.state {
                let change = Change(before: earlier.state, after: entry.state)
                try add(change, entry, cause ?? .setting, after)
            } else if let cause, wanted.contains(entry.id) {
                causes[entry.id] = cause
            }
        }
        for (place, entry) in entries.enumerated() where !isMet[place] {
            try add(Change(before: entry.state, after: nil), entry, .payments, before)
        }
        groups.sort {
            ($1.count, $0.before ?? "", $0.after ?? "")
                < ($0.count, $1.before ?? "", $1.after ?? "")
        }
    }

    /// What differs in a payment that was asked for; nil where nothing does.
    func cause(of payment: String) -> RunDifference.Cause? {
        causes[PaymentComparison.fingerprint(payment, key)]
    }

    /// What differs in a payment; nil where nothing does but what was decided of it.
    private func cause(_ before: Entry, _ after: Entry) -> RunDifference.Cause? {
        if before.dump != after.dump { return .payments }
        if before.settlement != after.settlement { return .settlements }
        let emitted = [PaymentOutcome.backfilled, .updated].contains {
            before.outcome == $0.rawValue
        }
        if before.booking != after.booking, isBookingsInputOther { return .bookings }
        if before.state != after.state, emitted { return .emissions }
        return before.booking != after.booking ? .setting : nil
    }

    private mutating func add(
        _ change: Change, _ entry: Entry, _ cause: RunDifference.Cause, _ table: PublishedTable
    ) throws {
        let place: Int
        if let found = byChange[change] {
            place = found
        } else {
            place = groups.count
            byChange[change] = place
            groups.append(
                RunDifference.PaymentGroup(
                    before: change.before?.words, after: change.after?.words))
        }
        groups[place].count += 1
        groups[place].causes[cause, default: 0] += 1
        let row = try table.row(at: entry.offset)
        if let (currency, amount) = row.amount {
            groups[place].value[currency, default: 0] += amount
        }
        if groups[place].first.count < PaymentComparison.limit {
            groups[place].first.append(row["payment_id"])
        }
        if wanted.contains(entry.id) { causes[entry.id] = cause }
    }

    private static func fingerprint(_ text: String, _ key: FingerprintKey) -> Fingerprint {
        var text = text
        return text.withUTF8 { key.fingerprint(UnsafeRawBufferPointer($0)) }
    }

    private static func scan(
        _ table: PublishedTable, _ key: FingerprintKey, _ workers: Workers,
        _ body: (Entry) throws -> Void
    ) throws {
        let reader = EntryReader(table, key)
        try table.scan(workers) { tape, offset in
            reader.entries(of: tape, at: offset)
        } deliver: {
            try $0.forEach(body)
        }
    }

    /// Makes entries of rows.
    private struct EntryReader: Sendable {
        private let key: FingerprintKey
        private let dump: [Int]
        private let settlement: [Int]
        private let booking: [Int]
        private let id: Int
        private let resolved: Int
        private let outcome: Int
        private let statuses = PaymentStatus.words.map { Array($0.utf8) }
        private let outcomes = PaymentOutcome.words.map { Array($0.utf8) }

        init(_ table: PublishedTable, _ key: FingerprintKey) {
            self.key = key
            func place(_ column: String) -> Int { table.columns.firstIndex(of: column) ?? -1 }
            dump = ["reference", "user", "amount", "currency", "status"].map(place)
            settlement = ["captured", "refunded", "fee", "net", "settlement_ids"].map(place)
            booking = ["booking_ids"].map(place)
            id = place("payment_id")
            resolved = place("resolved_status")
            outcome = place("outcome")
        }

        func entries(of tape: borrowing RecordTape, at offset: Int) -> [Entry] {
            var entries: [Entry] = []
            entries.reserveCapacity(tape.count)
            for record in 0..<tape.count {
                let id = PublishedTable.withoutGuard(tape.field(record, id))
                entries.append(
                    Entry(
                        id: key.fingerprint(id), dump: digest(tape, record, dump),
                        settlement: digest(tape, record, settlement),
                        booking: digest(tape, record, booking),
                        offset: offset + tape.start(of: record),
                        resolved: place(of: tape.field(record, resolved), statuses),
                        outcome: place(of: tape.field(record, outcome), outcomes)))
            }
            return entries
        }

        private func digest(
            _ tape: borrowing RecordTape, _ record: Int, _ places: [Int]
        ) -> UInt64 {
            var print = Fingerprint.none
            for place in places {
                print = print.combined(with: key.fingerprint(tape.field(record, place)))
            }
            return print.low
        }

        private func place(of field: UnsafeRawBufferPointer, _ words: [[UInt8]]) -> UInt8 {
            words.firstIndex { $0.elementsEqual(field) }.map(UInt8.init) ?? .max
        }
    }
}
