import Foundation
import Testing

/// Law 4: shuffled rows and split files give the same rows in every output.
@Suite(.enabled(if: isInstalled("python3", "--version"), "the dumps are written by python3"))
struct OrderLawTests {
    /// What says where a row stood, and so must follow the order of the input.
    static let places: Set<String> = ["file", "line", "kept_file", "kept_line", "raw"]
    /// Lists whose order is that of the input.
    static let lists: Set<String> = ["settlement_ids", "booking_ids", "payment_ids"]

    @Test(arguments: Night.lawSeeds.prefix(3), [1, 4])
    func shuffledAndSplitDumpsGiveTheSameRows(seed: Int, layout: Int) throws {
        let before = try Night.ofLaws(seed: seed).publishLaws()
        let after = try Night.ofLaws(seed: seed, layout: layout).publishLaws()
        let tables =
            try Files.names(in: before.folder).filter { $0.hasSuffix(".csv") }
            + Files.names(in: before.folder + "/carried").map { "carried/" + $0 }
        #expect(tables.count > 15)
        for file in tables {
            let what = "\(file) of seed \(seed)"
            let (left, right) = (try before.table(file), try after.table(file))
            #expect(left.header == right.header, "\(what)")
            expectSameRows(comparable(left), comparable(right), what)
        }
        let lines = try [before, after].map { run in
            try Files.text(run.folder + "/dashboards.jsonl").split(separator: "\n")
                .map { [String($0)] }
        }
        expectSameRows(lines[0], lines[1], "dashboards of seed \(seed)")
    }

    private func comparable(_ table: CSVTable) -> [[String]] {
        let kept = table.without(Self.places)
        let lists = kept.header.indices.filter { Self.lists.contains(kept.header[$0]) }
        return kept.rows.map { row in
            var row = row
            for column in lists {
                row[column] = row[column].split(separator: " ").sorted().joined(separator: " ")
            }
            return row
        }
    }
}
