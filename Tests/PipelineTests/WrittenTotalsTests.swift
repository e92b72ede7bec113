import Diagnostics
import Emission
import Foundation
import Ingestion
import Money
import Records
import Reporting
import TestKit
import Testing
import Time

@testable import Pipeline

/// What was written must be what the result says, and what the report says.
@Suite struct WrittenTotalsTests {
    private static let cedi = Currency("GHS") ?? .none
    private static let dinar = Currency("KWD") ?? .none

    private func sums(_ cedis: Int128, dinars: Int128 = 0) -> MoneySums {
        MoneySums([Self.cedi: cedis, Self.dinar: dinars])
    }

    private func file(
        rows: Int = 3, _ written: [String: MoneySums], _ controls: [String: MoneySums]
    ) -> WrittenFile {
        WrittenFile(
            file: "payments.csv", rows: rows,
            sums: written.map { .init(column: $0.key, sums: $0.value) },
            controls: TableControls(rows: 3, sums: controls))
    }

    private func expectRefusal(
        _ what: String, expected: String, found: String,
        sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> Void
    ) throws {
        do {
            try body()
            Issue.record("not refused", sourceLocation: sourceLocation)
        } catch TrueupError.run(let finding) {
            #expect(
                finding.summary == "the run does not add up: " + what,
                sourceLocation: sourceLocation)
            #expect(finding.expected == expected, sourceLocation: sourceLocation)
            #expect(finding.found == found, sourceLocation: sourceLocation)
        }
    }

    // MARK: Files

    @Test func whatAddsUpPasses() throws {
        try ControlTotals.prove([
            file(["fee": sums(5), "net": sums(7)], ["net": sums(7), "fee": sums(5)])
        ])
    }

    @Test func aRowThatWasNotWrittenIsMissed() throws {
        try expectRefusal("payments.csv, rows", expected: "3", found: "2") {
            try ControlTotals.prove([file(rows: 2, [:], [:])])
        }
    }

    @Test func aSumThatDiffersIsToldWithItsColumnAndCurrency() throws {
        try expectRefusal(
            "payments.csv, the sum of fee", expected: "1.000 KWD", found: "1.001 KWD"
        ) {
            try ControlTotals.prove([
                file(["fee": sums(5, dinars: 1001)], ["fee": sums(5, dinars: 1000)])
            ])
        }
    }

    @Test func anAmountInAnotherCurrencyIsNotTheSame() throws {
        try expectRefusal("payments.csv, the sum of fee", expected: "0.05 GHS", found: "0.00 GHS") {
            try ControlTotals.prove([file(["fee": sums(0, dinars: 5)], ["fee": sums(5)])])
        }
    }

    @Test func aColumnThatWasNotWrittenIsMissed() throws {
        try expectRefusal("payments.csv, the sum of fee", expected: "0.05 GHS", found: "0.00 GHS") {
            try ControlTotals.prove([file([:], ["fee": sums(5)])])
        }
    }

    /// A new column of money cannot go without a control total.
    @Test func aColumnOfMoneyThatNothingSpeaksOfIsRefused() throws {
        try expectRefusal(
            "payments.csv, column tax", expected: "a control total", found: "none"
        ) { try ControlTotals.prove([file(["tax": sums(0)], [:])]) }
    }

    /// The columns of every table of the contract that hold money have sums that are not zero.
    @Test func everyColumnOfMoneyIsAddedUp() throws {
        let night = try SellersNight()
        try night.run()
        let value = try JSONSerialization.jsonObject(with: Data(night.text("run.json").utf8))
        let document = try #require(value as? [String: Any])
        let outputs = try #require(document["outputs"] as? [[String: Any]])
        var columns: [String: [String]] = [:]
        for output in outputs {
            let sums = try #require(output["sums"] as? [String: [String: String]])
            columns[try #require(output["file"] as? String)] = sums.keys.sorted()
        }
        let expected = [
            "payments.csv": ["amount", "captured", "fee", "net", "refunded"],
            "settlements.csv": ["fee", "gross", "net", "tax"], "bookings.csv": ["amount"],
            "new_bookings.csv": ["amount"], "new_tickets.csv": ["amount"],
            "transactions.csv": ["amount"], "payouts.csv": ["amount"],
            "payout_lines.csv": ["amount"], "breaks.csv": ["amount", "at_risk"],
            "carried/emissions.csv": ["amount"],
        ]
        for (file, names) in expected { #expect(columns[file] == names, "\(file)") }
        #expect((columns["ledger.journal"] ?? []).count > 10)
        let inputs = try #require(document["inputs"] as? [[String: Any]])
        #expect(inputs[0]["sums"] as? [String: String] == ["GHS": "655.00", "KWD": "30.000"])
        #expect(
            inputs[0]["record_sums"] as? [String: String] == ["GHS": "500.00", "KWD": "30.000"])
    }

    // MARK: Report and ledger

    /// The result of a night, and its report with a fault in it.
    private func faulted(
        _ fault: (inout RunReport) -> Void
    ) throws -> (ControlTotals, RunReport) {
        var result: RunResult?
        var report = try SellersNight().run { result = $0 }.report
        fault(&report)
        let found = try #require(result)
        return (ControlTotals(found, CarriedItems(), PartTotals(found)), report)
    }

    @Test func aReportWithoutFaultPasses() throws {
        let (totals, report) = try faulted { _ in }
        try totals.prove(report)
    }

    @Test func theReportMustBeOfAllPayments() throws {
        let (totals, report) = try faulted { $0.outcomes[0].value -= 1 }
        try expectRefusal(
            "report.json, payments by outcome", expected: "500.00 GHS", found: "499.99 GHS"
        ) { try totals.prove(report) }
    }

    @Test func theReportMustBeOfAllBreaks() throws {
        let (totals, report) = try faulted { $0.breaks.removeLast() }
        let count = report.breaks.reduce(0) { $0 + $1.count }
        try expectRefusal("report.json, breaks", expected: "\(count + 1)", found: "\(count)") {
            try totals.prove(report)
        }
    }

    @Test func debitsMustBeCredits() throws {
        let (totals, report) = try faulted { $0.ledger.debit(.rounding, 1, Self.cedi) }
        try expectRefusal(
            "ledger.journal, debits less credits", expected: "0.00 GHS", found: "0.01 GHS"
        ) { try totals.prove(report) }
    }

    /// A fault on one side of the report shows, whichever account is concerned.
    @Test(arguments: [
        (LedgerAccount.clearingPayments, "net, on assets:gateway:clearing:payments"),
        (.fees, "fees, on expenses:gateway:fees and expenses:gateway:taxes"),
        (.taxes, "fees, on expenses:gateway:fees and expenses:gateway:taxes"),
        (.refunds, "refunded, on revenue:refunds"),
        (.chargebacks, "charged back, on revenue:chargebacks"),
        (.sales, "what succeeded payments brought"),
        (.sellersPayable, "what succeeded payments brought"),
        (.commission, "what succeeded payments brought"),
        (.instalments, "assets:receivable:instalments"),
    ])
    func eachAccountMustBeItsTotal(account: LedgerAccount, what: String) throws {
        let (totals, report) = try faulted { report in
            report.ledger.debit(account, 1, Self.dinar)
            report.ledger.debit(.rounding, -1, Self.dinar)
        }
        do {
            try totals.prove(report)
            Issue.record("not refused")
        } catch TrueupError.run(let finding) {
            #expect(finding.summary == "the run does not add up: ledger.journal, " + what)
        }
    }

    /// The journal's postings are held against balances that were found without them.
    @Test func aJournalThatIsNotTheReportIsRefused() throws {
        let balances: [String: MoneySums] = [LedgerAccount.sales.name: sums(-5)]
        let written = WrittenFile(
            file: "ledger.journal", rows: 1,
            sums: [.init(column: LedgerAccount.sales.name, sums: sums(-6))],
            controls: TableControls(rows: nil, sums: balances))
        try expectRefusal(
            "ledger.journal, the sum of revenue:sales", expected: "-0.05 GHS", found: "-0.06 GHS"
        ) { try ControlTotals.prove([written]) }
    }
}
