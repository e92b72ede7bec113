import Diagnostics
import Emission
import Ingestion
import Money
import Parallel
import Reconciliation
import Records
import Reporting

/// Proves that no row and no money got lost on the way; a run that cannot is not published.
///
/// Each check counts or adds up on its own, from other figures than those that it is held against.
struct ControlTotals: Sendable {
    let result: RunResult
    let carried: CarriedItems
    /// What the records come to, also those that a divided run has left out since.
    let totals: PartTotals
    /// Whether the result is what was joined of several parts, each of which was proven.
    let isDivided: Bool

    init(
        _ result: RunResult, _ carried: CarriedItems, _ totals: PartTotals, isDivided: Bool = false
    ) {
        self.result = result
        self.carried = carried
        self.totals = totals
        self.isDivided = isDivided
    }

    /// Counts and adds up everything that was read and found anew.
    ///
    /// - Throws: `TrueupError.run` with what does not add up.
    func prove(_ workers: Workers) throws {
        try proveInputs()
        try proveInputEnergy()
        if !isDivided { try proveRecords(workers) }
        try provePayouts()
        try proveTieOuts()
        try proveOpenItems()
    }

    /// The same of what is proven of each part on its own.
    func proveRecords(_ workers: Workers) throws {
        try proveOutcomes()
        _ = try workers.both(proveLines) {
            try proveTransactions()
            try proveBookings()
        }
        try proveEnergy()
    }

    // MARK: Rows

    /// Law 1: each row of a file is a record, a repeated row or a reject, and so is its money; one that
    /// was handed on may have been replaced.
    private func proveInputs() throws {
        let tables = result.ingested.tables
        let files = result.ingested.dumps.files.all
        var kept = totals.kept
        for line in tables.bank { kept.add(line.place.file, line.amount, line.currency) }
        var items = 0
        for (index, (file, count)) in zip(files, result.ingested.counts).enumerated() {
            switch file.kind {
            case .catalogue:
                kept.set(index, rows: count.kept)
                items += count.kept
            case .users, .overrides: kept.set(index, rows: count.kept)
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
