import DelimitedText
import Emission
import Money
import Parallel
import Records

/// What two runs emit, held against each other row by row.
struct EmissionComparison {
    private(set) var added = DecisionComparison.Figure()
    private(set) var gone = DecisionComparison.Figure()

    private struct Entry: Sendable {
        var print: Fingerprint
        var offset: Int
    }

    /// Compares two tables by the columns that both have; a run without the table emitted nothing.
    init(_ before: PublishedTable?, _ after: PublishedTable?, _ workers: Workers) throws {
        let columns = (before ?? after)?.columns.filter { column in
            after?.columns.contains(column) ?? true
        }
        guard let columns else { return }
        let key = FingerprintKey()
        var open: [Fingerprint: [Int]] = [:]
        try EmissionComparison.scan(before, columns, key, workers) {
            open[$0.print, default: []].append($0.offset)
        }
        try EmissionComparison.scan(after, columns, key, workers) { entry in
            if open[entry.print]?.popLast() == nil, let row = try after?.row(at: entry.offset) {
                added.add(row)
            }
        }
        for offset in open.values.joined() {
            if let row = try before?.row(at: offset) { gone.add(row) }
        }
    }

    private static func scan(
        _ table: PublishedTable?, _ columns: [String], _ key: FingerprintKey, _ workers: Workers,
        _ body: (Entry) throws -> Void
    ) throws {
        guard let table else { return }
        let places = columns.map { table.columns.firstIndex(of: $0) ?? -1 }
        try table.scan(workers) { tape, offset in
            var entries: [Entry] = []
            entries.reserveCapacity(tape.count)
            for record in 0..<tape.count {
                var print = Fingerprint.none
                for place in places {
                    print = print.combined(with: key.fingerprint(tape.field(record, place)))
                }
                entries.append(Entry(print: print, offset: offset + tape.start(of: record)))
            }
            return entries
        } deliver: {
            try $0.forEach(body)
        }
    }
}

extension DecisionComparison.Figure {
    /// Counts a row, with its amount where it has one.
    mutating func add(_ row: FoundRow) {
        count += 1
        guard let (currency, amount) = row.amount else { return }
        value[currency, default: 0] += amount
    }
}

extension FoundRow {
    /// What the columns `amount` and `currency` say; nil where there are none.
    var amount: (currency: Currency, minorUnits: Int128)? {
        guard let currency = Currency(self["currency"]),
            case .success(let amount) = Amount.parse(self["amount"], digits: currency.digits)
        else { return nil }
        return (currency, Int128(amount))
    }
}
