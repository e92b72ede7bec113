import Foundation
import Testing

/// Law 7: nights over a history end where one run over the whole of it ends.
@Suite(.enabled(if: isInstalled("python3", "--version"), "the dumps are written by python3"))
struct NightlyLawTests {
    /// What each night's dumps hold.
    enum Mode: String, Sendable, CaseIterable {
        /// Everything so far.
        case full
        /// What is new or changed since the night before.
        case incremental
    }

    /// The nights of the history; each day's rows are there by its night.
    static let nights = [
        "2025-10-11T02:00:00Z", "2025-10-14T02:00:00Z", "2025-11-06T02:00:00Z",
        "2025-11-15T02:00:00Z", "2025-11-18T02:00:00Z", Night.endOfLaws,
    ]

    @Test(arguments: Mode.allCases, Night.lawSeeds.prefix(3))
    func nightsEndWhereOneRunEnds(mode: Mode, seed: Int) throws {
        let whole = Night(try Workspace())
        try whole.tell(seed: seed, [])
        let once = try whole.publishLaws()

        let story = Night(try Workspace())
        var runs: [PublishedRun] = []
        for (index, night) in Self.nights.enumerated() {
            var options = ["--until", night]
            if mode == .incremental, index > 0 { options += ["--since", Self.nights[index - 1]] }
            try story.tell(seed: seed, options)
            // Nobody loads what is emitted here, however long it waits.
            try story.redefine("unapplied_after: 3d", "unapplied_after: 365d")
            if mode == .incremental {
                try story.redefine("name: laws\n", "name: laws\ndumps: incremental\n")
            }
            runs.append(try story.publishLaws(asOf: night))
        }
        let last = try #require(runs.last)
        try expectRollForward(runs)

        try expectSameRows(
            openItems(once, mode), openItems(last, mode), "open items of seed \(seed)")
        try expectSameEmissions(once, runs, seed)
        #expect(try owed([once]) == owed(runs), "what sellers are paid or still owed, seed \(seed)")
        let (left, right) = (try once.figures(), try last.figures())
        #expect(Set(left.keys) == Set(right.keys))
        for user in left.keys.sorted() {
            #expect(left[user] == right[user], "\(user) of seed \(seed)")
        }
    }

    /// What was open, and what came and went, is what is open; and each night takes over all of it.
    private func expectRollForward(_ runs: [PublishedRun]) throws {
        var closing = 0
        for run in runs {
            let value = try run.json("report.json")["open_items"]
            let items = try #require(value as? [String: Any])
            func count(_ name: String) throws -> Int {
                try #require((items[name] as? NSNumber)?.intValue, "\(name) of \(run.name)")
            }
            #expect(try count("opening") == closing)
            closing = try closing + count("new") + count("reopened") - count("cleared")
            #expect(try count("closing") == closing)
        }
        #expect(closing > 100)
    }

    /// The breaks of a run; a row that stands twice is a matter of the night whose files hold it.
    private func openItems(_ run: PublishedRun, _ mode: Mode) throws -> [[String]] {
        let ofFiles: Set = mode == .full ? [] : ["duplicate_line", "superseded"]
        return try AccuracyTests.identities(run.table("breaks.csv"))
            .filter { !ofFiles.contains($0[0]) }
    }

    /// All that the nights emitted together, against what one run emits.
    private func expectSameEmissions(
        _ once: PublishedRun, _ runs: [PublishedRun], _ seed: Int
    ) throws {
        // The days that are counted from the day of the run.
        let days: Set<String> = ["created_at", "booking_date", "event_date"]
        for file in PublishedRun.emissions where !file.hasPrefix("payout") {
            let whole = try once.table(file).without(days)
            var rows = try runs.flatMap { try $0.table(file).without(days).rows }
            if file == "status_updates.csv" {
                // A later finding about a payment takes the place of an earlier one.
                rows = Array(Dictionary(rows.map { ($0[0], $0) }) { $1 }.values)
            }
            expectSameRows(whole.rows, rows, "\(file) of seed \(seed)")
        }
    }

    /// What each seller is paid by all runs together, and what is still owed after the last one.
    private func owed(_ runs: [PublishedRun]) throws -> [String: Decimal] {
        var owed: [String: Decimal] = [:]
        func add(_ row: [String]) throws {
            let amount = try #require(Decimal(string: row[2]))
            owed[row[0] + " " + row[1], default: 0] += amount
        }
        for run in runs {
            let table = try run.table("payouts.csv")
            for row in table.rows where table.value(row, "status") == "scheduled" {
                try add([
                    table.value(row, "seller"), table.value(row, "currency"),
                    table.value(row, "amount"),
                ])
            }
        }
        let last = try #require(runs.last)
        for row in try last.table("carried/balances.csv").rows { try add(row) }
        return owed
    }
}
