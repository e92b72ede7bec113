import Foundation
import Reconciliation
import Testing

/// `ledger.journal`, held against hledger itself and against the report beside it.
///
/// hledger is among the packages that the tests install; without it these tests fail.
@Suite struct LedgerTests {
    /// The balances that hledger finds, by account and currency, in minor units of two decimals or
    /// whatever decimals the currency has; accounts at zero are left out.
    private func balances(_ run: PublishedRun, locale: String = "C.UTF-8") throws
        -> [String: [String: String]]
    {
        let journal = run.folder + "/ledger.journal"
        for check in [["check", "--strict"], ["check", "parseable", "autobalanced"]] {
            var launch = Launch(program: "hledger", arguments: ["-f", journal] + check)
            launch.environment = ["LC_ALL": locale]
            let ending = try launch.run()
            try #require(ending.code == 0, "\(ending.errors.prefix(2000))")
        }
        var launch = Launch(
            program: "hledger",
            arguments: ["-f", journal, "balance", "-O", "csv", "--layout=bare", "--no-total"])
        launch.environment = ["LC_ALL": locale]
        let ending = try launch.run()
        try #require(ending.code == 0, "\(ending.errors.prefix(2000))")
        let table = try CSVTable(bytes: Array(ending.output.utf8), name: "hledger")
        var found: [String: [String: String]] = [:]
        for row in table.columns("account", "commodity", "balance")
        where row[2].contains(where: { $0 != "0" && $0 != "." }) {
            found[row[0], default: [:]][row[1]] = row[2]
        }
        return found
    }

    /// Expects hledger to accept the journal, and to find what the report says.
    @discardableResult
    private func expectAgreement(
        _ run: PublishedRun, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> [String: [String: String]] {
        let found = try balances(run)
        let report = try run.json("report.json")
        let ledger = try #require(report["ledger"] as? [String: Any])
        let told = try #require(ledger["balances"] as? [String: [String: String]])
        let reported = told.mapValues { $0.filter { $0.value.contains { $0 != "0" && $0 != "." } } }
        #expect(found == reported, sourceLocation: sourceLocation)
        #expect(!found.isEmpty, sourceLocation: sourceLocation)
        try expectTotals(found, report, sourceLocation)
        return found
    }

    /// The totals that the report gives elsewhere are the balances of their accounts.
    private func expectTotals(
        _ found: [String: [String: String]], _ report: [String: Any],
        _ sourceLocation: SourceLocation
    ) throws {
        let totals = try #require(report["totals"] as? [String: Any])
        let accounts = [
            "net": ["assets:gateway:clearing:payments"], "refunded": ["revenue:refunds"],
            "charged_back": ["revenue:chargebacks"],
            "fees": ["expenses:gateway:fees", "expenses:gateway:taxes"],
        ]
        for (name, accounts) in accounts {
            let total = try #require(totals[name] as? [String: String])
            for (currency, text) in total {
                let sum = accounts.reduce(Decimal(0)) { sum, account in
                    sum + (Decimal(string: found[account]?[currency] ?? "0") ?? .nan)
                }
                #expect(
                    sum == Decimal(string: text), "\(name) in \(currency)",
                    sourceLocation: sourceLocation)
            }
        }
    }

    /// How many entries have a payment's id as their code.
    private func entries(_ run: PublishedRun) throws -> [Substring] {
        try Files.text(run.folder + "/ledger.journal").split(separator: "\n").filter {
            $0.first?.isNumber == true
        }
    }

    @Test func theSamplesLedgerIsTheReports() throws {
        let run = try Night.tours().publish()
        let found = try expectAgreement(run)
        #expect(found["assets:suspense:duplicate_settlement"] == ["GHS": "-520.00"])
        #expect(found["assets:suspense:unknown_settlement"] == ["GHS": "-415.00"])
        #expect(found["assets:suspense:missing_settlement"] == ["GHS": "500.00"])
        #expect(found["revenue:refunds"] == ["GHS": "1180.00"])
        let codes = Set(try entries(run).compactMap { $0.split(separator: " ").dropFirst(2).first })
        let payments = try run.table("payments.csv")
        for row in payments.rows where payments.value(row, "resolved_status") == "succeeded" {
            #expect(codes.contains("(\(payments.value(row, "payment_id")))"))
        }
    }

    @Test(arguments: [43, 44])
    func theLedgerOfGeneratedDumpsIsTheReports(seed: Int) throws {
        let run = try Night.generated(payments: 4000, seed: seed).publish()
        try expectAgreement(run)
        #expect(try entries(run).count > 3500)
    }

    /// Every kind of break there is, with the bank account where its sample has one.
    @Test func theLedgerOfEverySampleIsTheReports() throws {
        for code in BreakCode.allCases {
            let night = try Night.tours()
            try Files.write(
                try Files.text(BreakSamples.definition).replacing(
                    "  bookings:\n",
                    with: "  bank: {files: bank*.csv}\n  bookings:\n", maxReplacements: 1),
                to: night.definition)
            for (folder, asOf) in try BreakSamples.nights(of: code) {
                try Files.remove(night.dumps)
                try Files.copy(folder, to: night.dumps)
                _ = try night.publish(["--no-archive"], asOf: asOf)
                let found = try balances(night.latest())
                let report = try night.latest().json("report.json")
                let ledger = try #require(report["ledger"] as? [String: Any])
                let told = try #require(ledger["balances"] as? [String: [String: String]])
                #expect(found == told, "\(code)")
            }
        }
    }

    // MARK: Sellers, currencies, the bank

    private static let settled = """
        name: market
        currency: GHS
        timezone: Africa/Accra
        inputs:
          payments: {files: payments.csv}
          settlements: {files: lines.csv}
          bank: {files: bank.csv}
        settle: {commission: {percent: 7}, hold_days: 0}
        """

    private func market(payments: [String], lines: [String], bank: [String] = []) throws -> Night {
        let night = try Night.tours()
        try Files.remove(night.dumps)
        try Files.makeFolder(night.dumps)
        try Files.write(Self.settled, to: night.definition)
        let texts = [
            "payments.csv": ["id,user,amount,currency,status,created_at,seller"] + payments,
            "lines.csv": [
                "id,reference,type,gross,fee,tax,currency,occurred_at,payout"
            ] + lines,
            "bank.csv": ["id,payout,amount,currency,date"] + bank,
        ]
        for (name, rows) in texts {
            try Files.write(rows.map { $0 + "\n" }.joined(), to: night.dumps + "/" + name)
        }
        return night
    }

    private func reversed() throws -> Night {
        try market(
            payments: [
                "P1,a@example.com,100.00,GHS,succeeded,2025-08-04T10:00:00Z,kofi",
                "P2,b@example.com,5000,JPY,succeeded,2025-08-04T10:00:00Z,kofi",
                "P3,c@example.com,12.345,KWD,succeeded,2025-08-04T10:00:00Z,",
                "P4,d@example.com,80.00,GHS,failed,2025-08-04T10:00:00Z,",
            ],
            lines: [
                "S1,P1,charge,100.00,2.00,0.25,GHS,2025-08-04T10:01:00Z,PO1",
                "S2,P2,charge,5000,100,0,JPY,2025-08-04T10:01:00Z,PO2",
                "S3,P3,charge,12.345,0.100,0,KWD,2025-08-04T10:01:00Z,PO3",
                "R1,P1,refund,40.00,0,0,GHS,2025-08-05T10:01:00Z,PO1",
                "C1,P2,chargeback,5000,50,0,JPY,2025-08-06T10:01:00Z,PO2",
                "W1,P2,chargeback_reversal,5000,0,0,JPY,2025-08-07T10:01:00Z,PO2",
                "F1,,fee,3.00,0,0,GHS,2025-08-07T10:01:00Z,PO1",
                "A1,,adjustment,-1.00,0,0,GHS,2025-08-07T10:01:00Z,PO1",
                "H1,,reserve,-5.00,0,0,GHS,2025-08-07T10:01:00Z,PO1",
                "O1,,payout,-48.75,0.50,0,GHS,2025-08-08T10:01:00Z,PO1",
            ],
            bank: [
                "B1,PO1,40.00,GHS,2025-08-11", "B2,PO1,5.25,GHS,2025-08-12",
                "B3,PO2,4850,JPY,2025-08-11", "B4,,7.00,GHS,2025-08-11",
                "B5,,-9.00,GHS,2025-08-11",
            ])
    }

    @Test func reversalsCurrenciesAndTheBankAreAccountedFor() throws {
        let found = try expectAgreement(reversed().publish())
        let expected = [
            "assets:bank": ["GHS": "43.25", "JPY": "4850"],
            "assets:gateway:reserve": ["GHS": "5.00"],
            "assets:suspense:payout_short": ["GHS": "3.00"],
            "assets:suspense:payout_missing": ["KWD": "12.245"],
            "assets:suspense:unknown_deposit": ["GHS": "-7.00"],
            "equity:withdrawals": ["GHS": "9.00"],
            "liabilities:sellers:payable": ["GHS": "-55.80", "JPY": "-4650"],
            "revenue:commission": ["GHS": "-4.20", "JPY": "-350"],
            "revenue:reversals:sellers": ["GHS": "-40.00"],
            "revenue:refunds": ["GHS": "40.00"], "revenue:sales": ["KWD": "-12.345"],
            "expenses:gateway:adjustments": ["GHS": "1.00"],
            "expenses:gateway:other": ["GHS": "3.50"],
        ]
        for (account, balance) in expected { #expect(found[account] == balance, "\(account)") }
        // What gateways owe is what they have not paid out: nothing is left of any payout.
        let clearing = found.filter { $0.key.hasPrefix("assets:gateway:clearing:") }
        for currency in ["GHS", "JPY", "KWD"] {
            let owed = clearing.values.reduce(Decimal(0)) {
                $0 + (Decimal(string: $1[currency] ?? "0") ?? .nan)
            }
            #expect(owed == 0, "\(currency)")
        }
    }

    /// The second night's journal is the whole state, though it emits nothing any more.
    @Test func theNextNightHoldsTheSameMoney() throws {
        let night = try reversed()
        let first = try expectAgreement(night.publish())
        let second = try night.publish(asOf: "2025-09-01T02:00:00Z")
        #expect(try second.emitted()["transactions.csv"] == nil)
        #expect(try expectAgreement(second) == first)
    }

    // MARK: Hostile ids

    /// Nothing in an id ends its line, begins a comment, closes the code or makes a posting.
    @Test func hostileIDsStayIDs() throws {
        let ids = [
            "P;1", "P  2", "P\t3", "P|4", "P)5", "(P6", "\"\"P\"\"7\"\"", "P 8 = 9", "Ωμέγα",
            "P\u{A0}\u{2003}10", "P%3B1", "2025-08-04 x", "  assets:bank  GHS 999.00",
            "P\n    assets:bank  GHS 5.00\n2025-01-01 x", "include /etc/passwd", "P\r14", "é",
            "e\u{301}",
            "comment", "@ GHS 1", "{1}", "!P", "*P", "P'",
        ]
        let night = try market(
            payments: ids.enumerated().map { number, id in
                "\"\(id)\",u\(number)@example.com,10.00,GHS,succeeded,2025-08-04T10:00:00Z,"
            },
            lines: ids.enumerated().map { number, id in
                "\"S\(number) \(id)\",\"\(id)\",charge,10.00,0.10,0,GHS,2025-08-04T10:01:00Z,"
                    + "\"\(id)\""
            },
            bank: ids.enumerated().map { number, id in
                "\"\(id)\",\"\(id)\",9.00,GHS,2025-08-05"
            })
        let run = try night.publish()
        #expect(try run.table("rejects.csv").rows.count == 0)
        let found = try expectAgreement(run)
        let count = ids.count
        #expect(found["revenue:sales"] == ["GHS": "-\(count * 10).00"])
        #expect(found["assets:bank"] == ["GHS": "\(count * 9).00"])
        #expect(Set(try entries(run)).count == 2 * count)
        let text = try Files.text(run.folder + "/ledger.journal")
        #expect(text.utf8.allSatisfy { $0 == 0x0A || ($0 >= 0x20 && $0 < 0x7F) })
        #expect(text.contains("(P%3B1) sale") && text.contains("(P%253B1) sale"))
        // A locale that knows nothing but ASCII reads the same.
        #expect(try balances(run, locale: "C") == found)
    }

    @Test func aNightWithoutMoneyHasAnAcceptableLedger() throws {
        let night = try market(payments: [], lines: [])
        #expect(try balances(night.publish()) == [:])
    }
}
