import Foundation
import Testing

extension Night {
    /// The logical time at which everything of the laws' dumps is there.
    static let endOfLaws = "2025-11-20T02:00:00Z"

    /// The seeds over which the laws are held.
    static let lawSeeds = [1, 2, 3, 4, 5]

    /// Dumps in which every kind of break is made at a place that the seed draws.
    ///
    /// With a layout above zero the rows are shuffled, each dump is cut into several files, and the
    /// columns of each stand in another order.
    static func ofLaws(seed: Int, layout: Int = 0) throws -> Night {
        let night = Night(try Workspace())
        try night.tell(seed: seed, ["--layout", String(layout)])
        return night
    }

    /// Writes the dumps as they are at a moment, or what of them is new since another.
    func tell(seed: Int, _ options: [String]) throws {
        let ending = try Launch(
            program: "python3",
            arguments: [
                Project.lawGenerator, "--seed", String(seed), "--out", dumps, "--pipeline",
                definition,
            ] + options
        ).run()
        try #require(ending.code == 0, "seed \(seed): \(ending.errors)")
    }

    /// Runs over the laws' dumps.
    func publishLaws(asOf: String = Night.endOfLaws, out: String? = nil) throws -> PublishedRun {
        try publish(["--no-archive"], asOf: asOf, out: out)
    }

    /// What must be found, emitted or rejected: `truth.csv`, `emissions.csv`, `rejected.csv`.
    func truth(_ file: String) throws -> CSVTable { try dump("truth/" + file) }
}

/// How often each element is there.
func tally<Element: Hashable>(_ elements: some Sequence<Element>) -> [Element: Int] {
    elements.reduce(into: [:]) { $0[$1, default: 0] += 1 }
}

/// What the first holds more of than the second, and how much more.
func excess<Element: Hashable>(_ left: [Element: Int], over right: [Element: Int])
    -> [Element: Int]
{
    left.reduce(into: [:]) { result, entry in
        let more = entry.value - (right[entry.key] ?? 0)
        if more > 0 { result[entry.key] = more }
    }
}

/// Expects the same rows in any order, and shows a few of those that differ.
func expectSameRows(
    _ left: [[String]], _ right: [[String]], _ what: String,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let (first, second) = (tally(left), tally(right))
    for (more, less, side) in [(first, second, "only before"), (second, first, "only after")] {
        let rows = excess(more, over: less).keys.sorted { $0.lexicographicallyPrecedes($1) }
        #expect(rows.prefix(4) == [], "\(what), \(side)", sourceLocation: sourceLocation)
    }
}

extension CSVTable {
    /// The table without some columns, which say what is not to be compared.
    func without(_ columns: Set<String>) -> CSVTable {
        let kept = header.filter { !columns.contains($0) }
        return kept == header ? self : reordered(kept)
    }

    /// Each row's value of the first column, by that of the second.
    func lookup(_ column: String, by key: String) -> [String: String] {
        Dictionary(zip(self[key], self[column]), uniquingKeysWith: { first, _ in first })
    }

    /// The rows in which a column has the same value, by that value.
    func grouped(by column: String) -> [String: [[String]]] {
        Dictionary(grouping: rows) { value($0, column) }
    }

    /// An amount in minor units, whatever the currency's digits; an empty one is nothing.
    func units(_ row: [String], _ column: String) throws -> Int {
        let text = value(row, column)
        if text.isEmpty { return 0 }
        return try #require(Int(text.replacing(".", with: "")), "\(text) is no amount")
    }
}
