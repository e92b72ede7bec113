import Diagnostics
import Emission
import Ingestion
import Money
import Reconciliation
import Records
import Reporting

/// Proves that no row and no money got lost on the way; a run that cannot is not published.
struct ControlTotals {
    let result: RunResult

    init(_ result: RunResult) { self.result = result }

    /// Counts and adds up everything anew.
    ///
    /// - Throws: `TrueupError.run` with what does not add up.
    func prove() throws {
        try proveRows()
        try proveCharges()
        try proveTransactions()
    }

    /// Law 1: each row of a file is a record, a repeated row or a reject; one that was handed on may
    /// have been replaced.
    private func proveRows() throws {
        let tables = result.ingested.tables
        var records = [Int](repeating: 0, count: result.ingested.counts.count)
        for row in tables.payments.rows { records[row.place.file] += 1 }
        for row in tables.settlements.rows { records[row.place.file] += 1 }
        for row in tables.bookings.rows { records[row.place.file] += 1 }
        for row in tables.orders.rows { records[row.place.file] += 1 }
        let files = result.ingested.dumps.files.all
        for (index, count) in result.ingested.counts.enumerated() {
            switch files[index].kind {
            case .catalogue, .users: continue
            case .payments, .settlements, .bookings, .orders: break
            }
            let found =
                records[index] + count.repeated + count.replaced + count.rejected
            try require(
                found == count.records, "rows of \(files[index].name)",
                expected: count.records, found: found)
        }
        try require(
            result.outcomes.count == tables.payments.count, "outcomes of payments",
            expected: tables.payments.count, found: result.outcomes.count)
    }

    /// Law 2: each completed charge is in a payment's captured amount, or is left over.
    private func proveCharges() throws {
        let tables = result.ingested.tables
        var charged: [Currency: Int64] = [:]
        var leftOver: [Currency: Int64] = [:]
        for (line, row) in tables.settlements.rows.enumerated()
        where row.type == .charge && row.state == .completed {
            charged[row.currency, default: 0] += row.gross
            let payment = result.settlements.paymentOfLine[line]
            if payment < 0 || tables.payments.rows[Int(payment)].currency != row.currency {
                leftOver[row.currency, default: 0] += row.gross
            }
        }
        var captured: [Currency: Int64] = [:]
        for (payment, row) in tables.payments.rows.enumerated() {
            captured[row.currency, default: 0] += result.verdicts[payment].captured
        }
        for (currency, total) in charged {
            let found = captured[currency, default: 0] + leftOver[currency, default: 0]
            try require(
                found == total, "captured and unmatched charges in \(currency)",
                expected: Int(total), found: Int(found))
        }
    }

    /// Law 2: commission and payout of a payment are its amount, and so are their reversals.
    private func proveTransactions() throws {
        var sums: [Int32: Int64] = [:]
        for transaction in result.emissions.transactions
        where transaction.kind == .commission || transaction.kind == .payout {
            sums[transaction.payment, default: 0] += transaction.amount
        }
        for (payment, sum) in sums {
            let amount = result.ingested.tables.payments.rows[Int(payment)].amount
            try require(
                sum == amount, "commission and payout of a payment", expected: Int(amount),
                found: Int(sum))
        }
    }

    private func require(
        _ holds: Bool, _ what: String, expected: Int, found: Int
    ) throws {
        guard !holds else { return }
        throw TrueupError.run(
            Finding(
                "the run does not add up: \(what)", expected: String(expected),
                found: String(found),
                remedy: "nothing was published; please report this with the run's definition"))
    }
}
