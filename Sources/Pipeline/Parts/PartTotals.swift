import Ingestion
import Money
import Reconciliation
import Records
import Reporting

/// What the records of a part come to, before anything of them is left out.
///
/// Sums of parts add up to the sums of all, in any order.
struct PartTotals: Sendable {
    /// By file, what the tables hold of its rows.
    var kept: FileTotals
    /// What completed lines settled, by currency.
    var settled = MoneySums()
    /// The amounts of all payments.
    var amounts = MoneySums()
    /// The amounts of succeeded payments.
    var sold = MoneySums()

    /// No records, of no files.
    init() { kept = FileTotals(fileCount: 0) }

    init(_ result: RunResult) {
        let tables = result.ingested.tables
        kept = FileTotals(tables, fileCount: result.ingested.dumps.files.all.count)
        // What came to its end in an earlier run is not tied out again.
        for row in tables.settlements.rows where row.state == .completed && !row.isPayoutClosed {
            // A line of type payout moves money between the two; only what it cost is settled.
            let net = row.type == .payout ? -row.fee - row.tax : row.computedNet ?? 0
            settled.add(net, row.currency)
        }
        for (row, verdict) in zip(tables.payments.rows, result.verdicts) {
            amounts.add(row.amount, row.currency)
            if verdict.resolved == .succeeded { sold.add(row.amount, row.currency) }
        }
    }

    mutating func add(_ other: PartTotals) {
        kept.add(other.kept)
        settled.add(other.settled)
        amounts.add(other.amounts)
        sold.add(other.sold)
    }

    /// What the tables hold of each file.
    struct FileTotals: Sendable {
        var rows: [Int]
        var sums: [MoneySums]
        var energy: [Int128]

        init(fileCount: Int) {
            rows = Array(repeating: 0, count: fileCount)
            sums = Array(repeating: MoneySums(), count: fileCount)
            energy = Array(repeating: 0, count: fileCount)
        }

        init(_ tables: RecordTables, fileCount: Int) {
            self.init(fileCount: fileCount)
            for row in tables.payments.rows { add(row.place.file, row.amount, row.currency) }
            for row in tables.settlements.rows { add(row.place.file, row.gross, row.currency) }
            for row in tables.bookings.rows { add(row.place.file, row.amount, row.currency) }
            for row in tables.orders.rows { rows[row.place.file] += 1 }
            for row in tables.sessions.rows {
                rows[row.place.file] += 1
                energy[row.place.file] += Int128(row.energy ?? 0)
            }
        }

        mutating func set(_ file: Int, rows count: Int) { rows[file] = count }

        mutating func add(_ file: Int, _ amount: Int64, _ currency: Currency) {
            rows[file] += 1
            sums[file].add(amount, currency)
        }

        mutating func add(_ other: FileTotals) {
            for file in rows.indices {
                rows[file] += other.rows[file]
                sums[file].add(other.sums[file])
                energy[file] += other.energy[file]
            }
        }
    }
}
