import DelimitedText
import Diagnostics
import Money
import Records

extension Binding {
    /// Makes the fields of a block that no column gives as it stands; nil where there are none.
    func makeFields(_ tape: inout RecordTape, at offset: Int) -> BlockTotals? {
        guard let recipe else { return nil }
        let maker = FieldMaker(recipe)
        maker.make(&tape, at: offset)
        return maker.totals
    }
}

/// What the columns of one file add up to, beside what its own row of totals says.
struct FileTotals {
    private let names: [String]
    private let hasTotals: Bool
    private var sums: [Int128]
    private var found: [(line: Int, sums: [Int128])] = []

    init(_ binding: Binding) {
        let sieve = binding.recipe?.sieve ?? RowSieve()
        names = sieve.totalled.map { binding.headers[$0] }
        hasTotals = !sieve.totals.isEmpty
        sums = Array(repeating: 0, count: names.count)
    }

    /// Takes in a block.
    mutating func add(_ block: BlockTotals?, _ place: BlockPlace) {
        guard hasTotals, let block else { return }
        for index in sums.indices { sums[index] += block.sums[index] }
        found += block.found.map { ($0.line + place.firstLine, $0.sums) }
    }

    /// What disagrees; nil where nothing does.
    func disagreement(file: String) -> Finding? {
        guard hasTotals else { return nil }
        guard !found.isEmpty else {
            return Finding(
                "the dump has no row of totals", at: SourcePosition(file: file),
                expected: "the row that format.totals tells of, below all others",
                remedy: "export the file again, as it may have been cut off")
        }
        for total in found {
            for (index, sum) in total.sums.enumerated() where sum != sums[index] {
                return Finding(
                    "the row of totals does not agree with the rows",
                    at: SourcePosition(file: file, line: total.line),
                    expected: "\(FileTotals.text(sums[index])) in `\(names[index])`, which is what "
                        + "the rows add up to",
                    found: FileTotals.text(sum),
                    remedy: "export the file again, as rows may be missing or damaged")
            }
        }
        return nil
    }

    private static func text(_ millionths: Int128) -> String {
        var text = Amount.text(sum: millionths, digits: AmountFormat.scale)
        // Two decimals are what readers of money expect.
        for _ in 2..<AmountFormat.scale where text.hasSuffix("0") { text.removeLast() }
        return text
    }
}

extension Ingester {
    /// Refuses a file that shows that rows of it are missing.
    ///
    /// - Throws: `TrueupError.run` where its row of totals disagrees.
    mutating func finish(_ index: Int, _ totals: FileTotals) throws {
        if let finding = totals.disagreement(file: files.all[index].path) {
            try refuse(finding, files.all[index].kind)
        }
    }
}
