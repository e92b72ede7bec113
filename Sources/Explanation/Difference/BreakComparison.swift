import DelimitedText
import Diagnostics
import Parallel
import Reconciliation
import Records

/// The breaks of two runs, held against each other by their ids.
///
/// Of the first run's breaks a fingerprint of each is kept, and of the rows that are told only the
/// first ones, so that memory does not grow with texts.
struct BreakComparison {
    /// How many rows of each kind of change are kept.
    static let limit = 10_000

    /// Breaks of one kind of change.
    struct Group {
        var codes: [String: Int] = [:]
        var count: Int { codes.values.reduce(0, +) }
        /// The rows of the first ones.
        var rows: [FoundRow] = []
        /// The same breaks in the first run, where they are in both.
        var before: [FoundRow] = []
    }

    private(set) var opened = Group()
    private(set) var cleared = Group()
    private(set) var changed = Group()

    /// What makes a break another one although its id is the same; its age is not among it.
    static let content = ["code", "severity", "amount", "currency", "at_risk", "detail"]

    private struct Entry: Sendable {
        var id: Fingerprint
        var content: Fingerprint
        var code: Int16
        var offset: Int
    }

    private struct Known {
        var entry: Entry
        var isMet = false
    }

    init(_ before: PublishedTable, _ after: PublishedTable, _ workers: Workers) throws {
        let key = FingerprintKey()
        var known: [Fingerprint: Int] = [:]
        var entries: [Known] = []
        try BreakComparison.scan(before, key, workers) { entry in
            known[entry.id] = entries.count
            entries.append(Known(entry: entry))
        }
        try BreakComparison.scan(after, key, workers) { entry in
            guard let place = known[entry.id] else {
                try BreakComparison.add(entry, of: after, to: &opened)
                return
            }
            entries[place].isMet = true
            guard entries[place].entry.content != entry.content else { return }
            try BreakComparison.add(entry, of: after, to: &changed)
            if changed.before.count < changed.rows.count {
                changed.before.append(try before.row(at: entries[place].entry.offset))
            }
        }
        for known in entries where !known.isMet {
            try BreakComparison.add(known.entry, of: before, to: &cleared)
        }
    }

    private static func add(
        _ entry: Entry, of table: PublishedTable, to group: inout Group
    ) throws {
        let word = entry.code < 0 ? "unknown" : BreakCode.allCases[Int(entry.code)].word
        group.codes[word, default: 0] += 1
        if group.rows.count < limit { group.rows.append(try table.row(at: entry.offset)) }
    }

    private static func scan(
        _ table: PublishedTable, _ key: FingerprintKey, _ workers: Workers,
        _ body: (Entry) throws -> Void
    ) throws {
        let id = table.columns.firstIndex(of: "break_id") ?? -1
        let code = table.columns.firstIndex(of: "code") ?? -1
        let places = content.map { table.columns.firstIndex(of: $0) ?? -1 }
        let words = Dictionary(
            uniqueKeysWithValues: BreakCode.allCases.enumerated().map { ($1.word, Int16($0)) })
        try table.scan(workers) { tape, offset in
            var entries: [Entry] = []
            for record in 0..<tape.count {
                var content = Fingerprint.none
                for place in places {
                    content = content.combined(with: key.fingerprint(tape.field(record, place)))
                }
                let word = String(decoding: tape.field(record, code), as: UTF8.self)
                entries.append(
                    Entry(
                        id: key.fingerprint(tape.field(record, id)), content: content,
                        code: words[word] ?? -1, offset: offset + tape.start(of: record)))
            }
            return entries
        } deliver: {
            try $0.forEach(body)
        }
    }
}
