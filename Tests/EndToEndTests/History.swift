import Foundation
import Testing

/// Records as they came into being and changed, to be delivered night by night.
///
/// A record is one id of one dump; a version of it is its rows from some moment on.
struct History {
    /// A dump that is delivered night by night.
    struct Dump {
        let file: String
        let id: String
        let header: [String]
    }

    private struct Version {
        let moment: Date
        let rows: [[String]]
    }

    let dumps: [Dump]
    /// By dump, in the order in which ids are first met.
    private var order: [[String]]
    private var versions: [[String: [Version]]]

    init(_ dumps: [Dump]) {
        self.dumps = dumps
        order = dumps.map { _ in [] }
        versions = dumps.map { _ in [:] }
    }

    /// What a record is from a moment on; of several versions of one moment the last counts.
    mutating func add(_ file: String, _ id: String, from moment: Date, _ rows: [[String]]) {
        guard let place = dumps.firstIndex(where: { $0.file == file }) else {
            Issue.record("no dump \(file)")
            return
        }
        if versions[place][id] == nil { order[place].append(id) }
        var all = versions[place][id] ?? []
        let next = all.firstIndex { $0.moment > moment } ?? all.count
        all.insert(Version(moment: moment, rows: rows), at: next)
        versions[place][id] = all
    }

    /// Lets a record be the same all its life, which begins at a moment.
    mutating func replace(_ file: String, _ id: String, from moment: Date, _ rows: [[String]]) {
        if let place = dumps.firstIndex(where: { $0.file == file }) {
            versions[place][id] = []
        }
        add(file, id, from: moment, rows)
    }

    /// The rows of a record at a moment; empty before it came into being.
    func rows(_ file: String, _ id: String, at moment: Date = .distantFuture) -> [[String]] {
        guard let place = dumps.firstIndex(where: { $0.file == file }) else { return [] }
        return versions[place][id]?.last { $0.moment <= moment }?.rows ?? []
    }

    /// Writes every record as it is at a moment.
    func deliverAll(at moment: Date, into folder: String) throws {
        try deliver(into: folder) { $0.last { $0.moment <= moment } }
    }

    /// Writes the records that are new or changed since a moment.
    func deliverChanges(after before: Date, at moment: Date, into folder: String) throws {
        try deliver(into: folder) { $0.last { $0.moment <= moment && $0.moment > before } }
    }

    private func deliver(into folder: String, choose: ([Version]) -> Version?) throws {
        for (place, dump) in dumps.enumerated() {
            var table = CSVTable(header: dump.header, rows: [])
            for id in order[place] {
                table.rows += versions[place][id].flatMap(choose)?.rows ?? []
            }
            try Files.write(table.text, to: folder + "/" + dump.file)
        }
    }

    /// Every row of dumps with their times: rows of one id come with the earliest of them.
    static func of(
        _ files: [(file: String, id: String, time: String)], in folder: String
    ) throws -> History {
        let tables = try files.map { try CSVTable(path: folder + "/" + $0.file) }
        var history = History(
            zip(files, tables).map {
                Dump(file: $0.file, id: $0.id, header: $1.header)
            })
        for (entry, table) in zip(files, tables) {
            let ids = table[entry.id]
            let byID = Dictionary(grouping: zip(ids, table.rows), by: \.0)
            var seen: Set<String> = []
            for id in ids where seen.insert(id).inserted {
                let rows = (byID[id] ?? []).map(\.1)
                let first = rows.map { Night.moment(table.value($0, entry.time)) }.min()
                history.add(entry.file, id, from: try #require(first), rows)
            }
        }
        return history
    }
}

extension Night {
    /// The moment that a text such as `2025-08-31T02:00:00Z` names.
    static func moment(_ text: String) -> Date {
        guard let date = try? Date(text, strategy: .iso8601) else {
            Issue.record("\(text) is no time")
            return .distantPast
        }
        return date
    }

    /// The text of a moment.
    static func text(_ moment: Date) -> String { moment.formatted(.iso8601) }
}

/// Two businesses of the same history: one gives every night everything so far, the other what is
/// new or changed.
struct TwoBusinesses {
    let full: Night
    let incremental: Night

    /// `night` becomes the one of full dumps.
    init(_ night: Night, closeAfter: String) throws {
        full = night
        incremental = try night.another()
        let text = try Files.text(incremental.definition)
        try incremental.redefine(
            text.contains("\ndumps: full ") ? "\ndumps: full " : "\ncurrency:",
            text.contains("\ndumps: full ")
                ? "\ndumps: incremental " : "\ndumps: incremental\ncurrency:")
        let definition = try Files.text(incremental.definition)
        try Files.write(
            definition.contains("\ncarry:")
                ? definition.replacing("carry:", with: "carry:\n  close_after: \(closeAfter)")
                : definition + "carry: {close_after: \(closeAfter)}\n",
            to: incremental.definition)
    }

    /// Runs both, and expects that they tell the same.
    @discardableResult
    func publish(
        _ history: History, after before: Date, at moment: Date
    ) throws -> (full: PublishedRun, incremental: PublishedRun) {
        try history.deliverAll(at: moment, into: full.dumps)
        try history.deliverChanges(after: before, at: moment, into: incremental.dumps)
        let asOf = Night.text(moment)
        let runs = (
            full: try full.publish(["--no-archive"], asOf: asOf),
            incremental: try incremental.publish(["--no-archive"], asOf: asOf)
        )
        try runs.incremental.expectSame(as: runs.full, "as of \(asOf)")
        return runs
    }
}

extension PublishedRun {
    /// The columns by which the rows of each emission are known.
    static let known: [String: [String]] = [
        "status_updates.csv": ["payment_id", "from_status", "to_status", "settlement_id"],
        "booking_links.csv": ["payment_id", "booking_id", "match_rule"],
        "new_bookings.csv": [
            "booking_id", "payment_id", "user", "item_id", "item_name", "participants", "amount",
            "status", "booking_date", "origin",
        ],
        "new_tickets.csv": [
            "ticket_id", "payment_id", "user", "item_id", "item_name", "quantity", "amount",
            "status", "event_date", "origin",
        ],
        "transactions.csv": [
            "transaction_id", "payment_id", "type", "user", "seller", "amount", "currency",
        ],
    ]

    /// The rows of each emission, sorted.
    func emittedRows() throws -> [String: [[String]]] {
        try PublishedRun.known.reduce(into: [:]) { rows, entry in
            let table = try table(entry.key)
            rows[entry.key] = table.rows.map { row in entry.value.map { table.value(row, $0) } }
                .sorted { $0.lexicographicallyPrecedes($1) }
        }
    }

    /// The breaks that somebody must look at, sorted.
    func openItems() throws -> [[String]] {
        let table = try table("breaks.csv")
        return table.rows.filter { table.value($0, "severity") != "info" }.map { row in
            ["break_id", "code", "payment_id", "settlement_id", "booking_id", "amount", "at_risk"]
                .map { table.value(row, $0) }
        }.sorted { $0.lexicographicallyPrecedes($1) }
    }

    /// Expects the same open items, emissions and summaries as another run has.
    func expectSame(
        as other: PublishedRun, _ what: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let items = try openItems().difference(from: other.openItems())
        #expect(items.isEmpty, "\(what): \(items)", sourceLocation: sourceLocation)
        let (ours, theirs) = (try emittedRows(), try other.emittedRows())
        for file in PublishedRun.known.keys.sorted() where ours[file] != theirs[file] {
            let difference = (ours[file] ?? []).difference(from: theirs[file] ?? [])
            Issue.record("\(what): \(file): \(difference)", sourceLocation: sourceLocation)
        }
        try expectSameSummaries(as: other, what, sourceLocation: sourceLocation)
    }

    private func expectSameSummaries(
        as other: PublishedRun, _ what: String, sourceLocation: SourceLocation
    ) throws {
        let ours = try dashboards().mapValues { NSDictionary(dictionary: $0) }
        let theirs = try other.dashboards().mapValues { NSDictionary(dictionary: $0) }
        #expect(
            Set(ours.keys) == Set(theirs.keys), "\(what): users", sourceLocation: sourceLocation)
        let different = ours.keys.filter { ours[$0] != theirs[$0] }.sorted()
        if let first = different.first {
            let found = "\(ours[first] ?? [:]) is not \(theirs[first] ?? [:])"
            Issue.record(
                "\(what): \(different.count) summaries differ: \(found)",
                sourceLocation: sourceLocation)
        }
    }
}
