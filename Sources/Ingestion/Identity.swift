import Money
import Parallel
import Records
import Time

/// Leaves one row of each id (contract, Ingest: repeated, superseded and conflicting rows).
struct IdentitySettler {
    let dumps: Dumps
    private(set) var repeats: [Repeat] = []
    /// Carried rows whose id stands in tonight's dumps too.
    private(set) var replaced: [RowPlace] = []
    /// Tonight's rows that took the place of carried ones.
    private(set) var successors: Set<RowPlace> = []
    /// What the rows that do not count add up to, by file.
    private(set) var repeatedSums: [Int: [Currency: Int128]] = [:]
    /// The energy that such rows measured, in millionths of a kilowatt-hour, by file.
    private(set) var repeatedEnergy: [Int: Int128] = [:]

    init(dumps: Dumps) { self.dumps = dumps }

    /// Settles every table of rows.
    mutating func settle(_ tables: inout RecordTables, _ workers: Workers) throws {
        let indexes = IdentitySettler.indexes(tables, workers)
        let payments = try settle(&tables.payments, .payments, indexes[0]) {
            ($0.amount, $0.currency)
        }
        if !tables.paymentLinks.isEmpty { tables.paymentLinks.remove(at: payments) }
        let lines = try settle(&tables.settlements, .settlements, indexes[1]) {
            ($0.gross, $0.currency)
        }
        if !tables.settlementLinks.isEmpty { tables.settlementLinks.remove(at: lines) }
        try settle(&tables.bookings, .bookings, indexes[2]) { ($0.amount, $0.currency) }
        try settle(&tables.orders, .orders, indexes[3]) { _ in nil }
        let sessions = tables.sessions.rows
        for row in try settle(&tables.sessions, .sessions, indexes[4], money: { _ in nil }) {
            repeatedEnergy[sessions[row].place.file, default: 0] +=
                Int128(sessions[row].energy ?? 0)
        }
    }

    /// The rows of each table by id, several tables at once.
    private static func indexes(
        _ tables: RecordTables, _ workers: Workers
    ) -> [FingerprintIndex] {
        workers.map(5) { kind in
            switch kind {
            case 0: tables.payments.indexByID
            case 1: tables.settlements.indexByID
            case 2: tables.bookings.indexByID
            case 3: tables.orders.indexByID
            default: tables.sessions.indexByID
            }
        }
    }

    /// A row of an id that stands several times, with what it says.
    private struct Claim {
        let row: Int
        let content: [UInt8]
        /// What of the content contradicts another row that says otherwise.
        let lasting: [UInt8]
        let moment: Instant
        /// Of equally late rows the one that has come further counts.
        var stage: UInt8 = 0
    }

    /// Drops the rows that do not count, and returns their numbers in rising order.
    ///
    /// `money` gives the amount of a row that the file's control totals count; nil for none.
    @discardableResult
    private mutating func settle<Row>(
        _ table: inout Table<Row>, _ kind: RecordKind, _ index: FingerprintIndex,
        money: (Row) -> (amount: Int64, currency: Currency)?
    ) throws -> [Int] {
        guard index.hasRepeats else { return [] }
        var texts = RowTexts(dumps)
        let habits = FieldHabit.ofFields(kind)
        let lastingHabits = FieldHabit.ofLastingFields(kind)
        var isSeen = ContiguousArray<Bool>(repeating: false, count: table.count)
        var found: [(row: Int, repetition: Repeat)] = []
        var givenUp: [Int] = []
        for first in 0..<table.count where !isSeen[first] && index.next(after: first) != nil {
            var claims: [Claim] = []
            let everyone = Array(sequence(first: first, next: { index.next(after: $0) }))
            let (carried, tonight) = claimants(everyone) { table.rows[$0].place }
            givenUp.append(contentsOf: carried)
            for row in everyone { isSeen[row] = true }
            for row in tonight {
                try texts.go(to: table.rows[row].place)
                let moment = table.rows[row].moment
                let content = texts.content(habits) + Array(String(moment.microseconds).utf8)
                claims.append(
                    Claim(
                        row: row, content: content,
                        lasting: table.rows[row].stage == nil
                            ? content : texts.content(lastingHabits),
                        moment: moment, stage: table.rows[row].stage ?? .max))
            }
            let (kept, isConflicting) = IdentitySettler.kept(of: claims)
            table.rows[kept.row].isConflicting = isConflicting
            if !carried.isEmpty { successors.insert(table.rows[kept.row].place) }
            for (claim, reason) in IdentitySettler.dropped(claims, kept) {
                found.append(
                    (
                        claim.row,
                        Repeat(
                            kind: kind, id: table.id(claim.row), reason: reason,
                            contradicts: reason == .superseded && claim.moment == kept.moment,
                            place: table.rows[claim.row].place, line: table.rows[claim.row].line,
                            keptPlace: table.rows[kept.row].place,
                            keptLine: table.rows[kept.row].line)
                    ))
            }
        }
        found.sort { $0.row < $1.row }
        repeats.append(contentsOf: found.map(\.repetition))
        for row in givenUp { replaced.append(table.rows[row].place) }
        let dropped = (found.map(\.row) + givenUp).sorted()
        for row in dropped {
            guard let money = money(table.rows[row]) else { continue }
            repeatedSums[table.rows[row].place.file, default: [:]][money.currency, default: 0] +=
                Int128(money.amount)
        }
        table.rows.remove(at: dropped)
        return dropped
    }

    /// Carried rows of an id, which give way without a word to tonight's, and tonight's, among which
    /// the ordinary rules hold.
    ///
    /// What comes later says what is so by now, whatever times it names: with full dumps nobody
    /// would see the row of the night before at all. Carried rows stand alone among themselves.
    private func claimants(
        _ everyone: [Int], place: (Int) -> RowPlace
    ) -> (carried: [Int], tonight: [Int]) {
        guard dumps.files.carried != nil else { return ([], everyone) }
        let carried = everyone.filter { dumps.files.all[place($0).file].isCarried }
        guard carried.count < everyone.count else { return ([], everyone) }
        return (carried, everyone.filter { !dumps.files.all[place($0).file].isCarried })
    }

    /// The records of a kind that is kept as texts, each id once.
    ///
    /// Most have no time, so that of several that differ the least by its bytes counts.
    mutating func settle(_ records: [SmallRecord], _ kind: RecordKind) -> [SmallRecord] {
        // By bytes: letters that look the same to a reader are two ids all the same.
        settle(records, kind) { Array($0.id.utf8) }
    }

    /// The decisions about breaks, each once.
    ///
    /// Several that differ may concern one break: an earlier one that has expired, a later one that
    /// has not. Only what says the same in every field is a repetition.
    mutating func settle(overrides records: [SmallRecord]) -> [SmallRecord] {
        settle(records, .overrides) { IdentitySettler.content($0, .overrides) }
    }

    private mutating func settle(
        _ records: [SmallRecord], _ kind: RecordKind, sameAs key: (SmallRecord) -> [UInt8]
    ) -> [SmallRecord] {
        var firstRows: [[UInt8]: Int] = [:]
        var rowsAfter: [Int: [Int]] = [:]
        for (row, record) in records.enumerated() {
            let key = key(record)
            if let first = firstRows[key] {
                rowsAfter[first, default: []].append(row)
            } else {
                firstRows[key] = row
            }
        }
        // Mostly every id stands once, and there is nothing to be decided.
        var kept = firstRows.values.filter { rowsAfter[$0] == nil }.map {
            (row: $0, isConflicting: false)
        }
        var givenUp: [Int] = []
        var found: [(row: Int, repetition: Repeat)] = []
        for (first, others) in rowsAfter {
            let (carried, tonight) = claimants([first] + others) { records[$0].place }
            givenUp.append(contentsOf: carried)
            let claims = tonight.map { row in
                let content = IdentitySettler.content(records[row], kind)
                return Claim(
                    row: row, content: content, lasting: content, moment: records[row].moment)
            }
            let (counts, isConflicting) = IdentitySettler.kept(of: claims)
            kept.append((counts.row, isConflicting))
            for (claim, reason) in IdentitySettler.dropped(claims, counts) {
                let record = records[claim.row]
                found.append(
                    (
                        claim.row,
                        Repeat(
                            kind: kind, id: record.id, reason: reason,
                            contradicts: reason == .superseded && claim.moment == counts.moment,
                            place: record.place, line: record.line,
                            keptPlace: records[counts.row].place, keptLine: records[counts.row].line
                        )
                    ))
            }
        }
        for row in found.map(\.row) + givenUp {
            guard let money = records[row].figures else { continue }
            repeatedSums[records[row].place.file, default: [:]][money.currency, default: 0] +=
                Int128(money.amount)
        }
        repeats.append(contentsOf: found.sorted { $0.row < $1.row }.map(\.repetition))
        for row in givenUp { replaced.append(records[row].place) }
        return kept.sorted { $0.row < $1.row }.map { row, isConflicting in
            var record = records[row]
            // A carried row was in conflict with others of its own night.
            record.isConflicting = isConflicting || record.isConflicting
            return record
        }
    }

    /// What a record says, in every field.
    private static func content(_ record: SmallRecord, _ kind: RecordKind) -> [UInt8] {
        var content: [UInt8] = []
        for (text, habit) in zip(record.texts, FieldHabit.ofFields(kind)) {
            var text = text
            text.withUTF8 { habit.append(UnsafeRawBufferPointer($0), to: &content) }
            content.append(0x1F)
        }
        return content
    }

    /// The rows that do not count, with why: one that says what an earlier one said repeats that,
    /// whichever of them all counts.
    private static func dropped(
        _ claims: [Claim], _ kept: Claim
    ) -> [(claim: Claim, reason: Repeat.Reason)] {
        var told: Set<[UInt8]> = [kept.content]
        return claims.filter { $0.row != kept.row }.map {
            ($0, told.insert($0.content).inserted ? .superseded : .duplicateLine)
        }
    }

    /// The row that counts: the latest; of equally late ones that differ, the least by its bytes,
    /// so that the order of the input has no say, and then the evidence is conflicting.
    private static func kept(of claims: [Claim]) -> (Claim, isConflicting: Bool) {
        var kept = claims[0]
        var isConflicting = false
        for claim in claims.dropFirst() where claim.content != kept.content {
            if claim.moment > kept.moment {
                kept = claim
                isConflicting = false
            } else if claim.moment == kept.moment {
                if claim.lasting != kept.lasting { isConflicting = true }
                let isFurther = claim.stage > kept.stage
                let precedes = claim.content.lexicographicallyPrecedes(kept.content)
                if isFurther || claim.stage == kept.stage && precedes { kept = claim }
            }
        }
        return (kept, isConflicting)
    }
}

extension Table {
    fileprivate var indexByID: FingerprintIndex {
        FingerprintIndex(count: count) { rows[$0].id }
    }
}

extension ContiguousArray {
    /// Takes elements out, in place; their indices must rise.
    mutating func remove(at dropped: [Int]) {
        guard var end = dropped.first else { return }
        var next = 0
        for index in end..<count {
            if next < dropped.count, dropped[next] == index {
                next += 1
            } else {
                self[end] = self[index]
                end += 1
            }
        }
        removeLast(dropped.count)
    }
}
