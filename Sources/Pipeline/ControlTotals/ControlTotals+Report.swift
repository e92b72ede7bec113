import Diagnostics
import Emission
import Ingestion
import Money
import Reconciliation
import Records
import Reporting

extension ControlTotals {
    /// Holds the report against the records, and the ledger against the report.
    ///
    /// - Throws: `TrueupError.run` with what does not add up.
    func prove(_ report: RunReport) throws {
        var outcomes = MoneySums()
        for total in report.outcomes { outcomes.add(total.value, total.currency) }
        try ControlTotals.require(
            "report.json", "payments by outcome", totals.amounts, found: outcomes)
        try require(
            "report.json", "breaks", result.classification.breaks.count,
            found: report.breaks.reduce(0) { $0 + $1.count })
        try ControlTotals.prove(report.ledger, against: report.money, sold: totals.sold)
        try ControlTotals.require(
            "ledger.journal", LedgerAccount.bank.name, result.recordSums(of: .bank),
            found: report.ledger[.bank])
    }

    /// Law 2: the ledger balances, and its accounts are the report's totals.
    static func prove(
        _ ledger: LedgerBalances, against money: [RunReport.MoneyTotal], sold: MoneySums
    ) throws {
        let file = "ledger.journal"
        try require(
            file, "debits less credits", MoneySums(), found: ledger.total(LedgerAccount.allCases))
        let totals: [(String, [LedgerAccount], (RunReport.MoneyTotal) -> Int64)] = [
            ("net", [.clearingPayments], { $0.net }),
            ("fees", [.fees, .taxes], { $0.fees }),
            ("refunded", [.refunds], { $0.refunded }),
            ("charged back", [.chargebacks], { $0.chargedBack }),
        ]
        for (what, accounts, measure) in totals {
            var expected = MoneySums()
            for total in money { expected.add(measure(total), total.currency) }
            try require(
                file, "\(what), on \(accounts.map(\.name).joined(separator: " and "))", expected,
                found: ledger.total(accounts))
        }
        // What payments brought is all that is credited for them, by whatever name.
        var credited = MoneySums()
        credited.subtract(
            ledger.total([
                .sales, .commission, .sellersPayable, .sellersUnallocated, .unprovenSales,
                .unshared, .reversalsOfSellers,
            ]))
        try require(file, "what succeeded payments brought", sold, found: credited)
        try require(
            file, LedgerAccount.instalments.name, MoneySums(), found: ledger[.instalments])
    }

    /// Holds each file against what it must hold by the run's result.
    ///
    /// - Throws: `TrueupError.run` with the file and the column that does not add up; also where
    ///   nothing says what a column of money must hold.
    static func prove(_ files: [WrittenFile]) throws {
        for file in files {
            if let rows = file.controls.rows {
                try require(file.file, "rows", rows, found: file.rows)
            }
            let written = Dictionary(uniqueKeysWithValues: file.sums.map { ($0.column, $0.sums) })
            for column in file.sums where file.controls.sums[column.column] == nil {
                throw failure(
                    file.file, "column \(column.column)", expected: "a control total",
                    found: "none")
            }
            for (column, sums) in file.controls.sums.sorted(by: { $0.key < $1.key }) {
                try require(
                    file.file, "the sum of \(column)", sums, found: written[column] ?? MoneySums())
            }
        }
    }
}
