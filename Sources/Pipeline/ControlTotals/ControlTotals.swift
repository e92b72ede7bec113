import Diagnostics
import Emission
import Ingestion
import Money
import Reconciliation
import Records
import Reporting

/// Proves that no row and no money got lost on the way; a run that cannot is not published.
///
/// Each check counts or adds up on its own, from other figures than those that it is held against.
struct ControlTotals {
    let result: RunResult
    let carried: CarriedItems

    init(_ result: RunResult, _ carried: CarriedItems) {
        self.result = result
        self.carried = carried
    }

    /// Counts and adds up everything that was read and found anew.
    ///
    /// - Throws: `TrueupError.run` with what does not add up.
    func prove() throws {
        try proveInputs()
        try proveOutcomes()
        try proveLines()
        try proveTransactions()
        try provePayouts()
        try proveTieOuts()
        try proveBookings()
        try proveOpenItems()
        try proveEnergy()
    }

    // MARK: Rows

    /// Law 1: each row of a file is a record, a repeated row or a reject, and so is its money; one that
    /// was handed on may have been replaced.
    private func proveInputs() throws {
        let tables = result.ingested.tables
        let files = result.ingested.dumps.files.all
        var kept = FileTotals(fileCount: files.count)
        for row in tables.payments.rows { kept.add(row.place.file, row.amount, row.currency) }
        for row in tables.settlements.rows { kept.add(row.place.file, row.gross, row.currency) }
        for row in tables.bookings.rows { kept.add(row.place.file, row.amount, row.currency) }
        for row in tables.orders.rows { kept.rows[row.place.file] += 1 }
        for row in tables.sessions.rows { kept.rows[row.place.file] += 1 }
        for line in tables.bank { kept.add(line.place.file, line.amount, line.currency) }
        var items = 0
        for (index, (file, count)) in zip(files, result.ingested.counts).enumerated() {
            switch file.kind {
            case .catalogue:
                kept.rows[index] = count.kept
                items += count.kept
            case .users, .overrides: kept.rows[index] = count.kept
            case .payments, .settlements, .bookings, .orders, .sessions, .bank: break
            }
            try require(
                file.name, "records, repeated, rejected and left out rows", count.records,
                found: kept.rows[index] + count.repeated + count.replaced + count.rejected
                    + count.leftOut)
            var sums = kept.sums[index]
            sums.add(MoneySums(count.repeatedSums))
            try ControlTotals.require(
                file.name, "the sum of records and repeated rows", MoneySums(count.sums),
                found: sums)
        }
        try require("the catalogue", "items", items, found: tables.catalogue.count)
        try require(
            "all inputs", "rejected rows",
            result.ingested.counts.reduce(0) { $0 + $1.rejected },
            found: result.ingested.rejects.count)
    }

    /// What the tables hold of each file.
    private struct FileTotals {
        var rows: [Int]
        var sums: [MoneySums]

        init(fileCount: Int) {
            rows = Array(repeating: 0, count: fileCount)
            sums = Array(repeating: MoneySums(), count: fileCount)
        }

        mutating func add(_ file: Int, _ amount: Int64, _ currency: Currency) {
            rows[file] += 1
            sums[file].add(amount, currency)
        }
    }

    /// Law 1: each record has an outcome.
    private func proveOutcomes() throws {
        let tables = result.ingested.tables
        let counts = [
            ("payments", tables.payments.count, result.outcomes.count),
            (
                "settlement lines", tables.settlements.count,
                result.classification.settlementOutcomes.count
            ),
            ("bookings", tables.bookings.count, result.classification.bookingOutcomes.count),
        ]
        for (what, expected, found) in counts {
            try require(what, "outcomes", expected, found: found)
        }
    }

    // MARK: Failing

    func require(_ file: String, _ what: String, _ expected: Int, found: Int) throws {
        try ControlTotals.require(file, what, expected, found: found)
    }

    static func require(_ file: String, _ what: String, _ expected: Int, found: Int) throws {
        guard expected != found else { return }
        throw failure(file, what, expected: String(expected), found: String(found))
    }

    /// Requires the same sum in every currency, and tells of the first in which they differ.
    static func require(
        _ file: String, _ what: String, _ expected: MoneySums, found: MoneySums
    ) throws {
        for currency in Set(expected.currencies + found.currencies).sorted()
        where expected[currency] != found[currency] {
            throw failure(
                file, what, expected: text(expected[currency], currency),
                found: text(found[currency], currency))
        }
    }

    static func failure(
        _ file: String, _ what: String, expected: String, found: String
    ) -> TrueupError {
        .run(
            Finding(
                "the run does not add up: \(file), \(what)", expected: expected, found: found,
                remedy: ControlTotalsText.remedy))
    }

    private static func text(_ sum: Int128, _ currency: Currency) -> String {
        Amount.text(sum: sum, digits: currency.digits) + " " + currency.code
    }
}
