import Definition
import Ingestion
import Money
import Records
import Rules
import TestKit
import Testing
import Time

/// Lines of the bank account, and what settlement lines name besides.
@Suite struct BankTests {
    static let header = "id,payout,amount,currency,date,description\n"

    static func reading(_ bank: String) throws -> Reading {
        try Reading(["payments.csv": Header.payments, "bank.csv": header + bank])
    }

    @Test func aBankLineIsReadWithItsTexts() throws {
        let reading = try BankTests.reading(
            "'007, 'po_1 ,-12.50,,2026-03-02,\"fee, monthly\"\nB2,,9.000,JPY,2026-03-03T23:30:00Z,\n"
        )
        let lines = reading.tables.bank
        #expect(lines.map(\.id) == ["007", "B2"])
        #expect(lines.map(\.payout) == ["po_1", ""])
        #expect(lines.map(\.amount) == [-1_250, 9])
        #expect(lines.map(\.currency.code) == ["GHS", "JPY"])
        #expect(lines.map(\.date) == [date("2026-03-02"), date("2026-03-03")])
        #expect(lines.map(\.description) == ["fee, monthly", ""])
        #expect(reading.tables.hasBank)
        #expect(reading.isConserved)
        let sums = reading.ingested.counts[1].sums
        #expect(sums[try #require(Currency("GHS"))] == -1_250)
        #expect(sums[try #require(Currency("JPY"))] == 9)
    }

    @Test(arguments: [
        (",,1,,2026-03-02,", "id missing_value"), ("B,,,,2026-03-02,", "amount missing_value"),
        ("B,,x,,2026-03-02,", "amount malformed_amount"),
        ("B,,1.005,,2026-03-02,", "amount too_many_decimals"),
        ("B,,1,XYZ,2026-03-02,", "currency unknown_currency"),
        ("B,,1,,,", "date missing_value"), ("B,,1,,soon,", "date malformed_time"),
        ("B,,1,,2026-02-30,", "date no_such_time"), ("B,,1,,2026-03-02", "- too_few_fields"),
    ])
    func aLineThatCannotBeOneIsRejected(row: String, reject: String) throws {
        let reading = try BankTests.reading(row + "\n")
        #expect(reading.rejects == ["bank.csv:2 " + reject])
        #expect(reading.tables.bank.isEmpty)
        #expect(reading.isConserved)
    }

    @Test func theLatestOfSeveralLinesOfAnIdCounts() throws {
        let reading = try BankTests.reading(
            """
            A,,1.00,,2026-03-02,x
            A,,1,,2026-03-02,x
            B,,1,,2026-03-03,x
            B,,2,,2026-03-04,x
            C,,2,,2026-03-03,y
            C,,1,,2026-03-03,y

            """)
        #expect(reading.tables.bank.map(\.amount) == [100, 200, 100])
        #expect(reading.tables.bank.map(\.isConflicting) == [false, false, true])
        #expect(reading.ingested.repeats.map(\.contradicts) == [false, false, true])
        #expect(
            reading.repeats == [
                "bank.csv:3 A duplicate_line bank.csv:2", "bank.csv:4 B superseded bank.csv:5",
                "bank.csv:6 C superseded bank.csv:7",
            ])
        #expect(reading.isConserved)
    }

    @Test func withoutABankInputThereIsNone() throws {
        let reading = try Reading(["payments.csv": Header.payments])
        #expect(!reading.tables.hasBank)
    }

    // MARK: What settlement lines name

    @Test func linesOfOnePayoutHaveItsNumber() throws {
        let reading = try Reading([
            "payments.csv": Header.payments,
            "settlements-1.csv": "id,reference,gross\nA,P,1\nB,P,1\n",
            "settlements-2.csv": """
            id,reference,gross,type,payout
            C,P,1,,po_1
            D,P,1,,
            E,P,1,refund,'po_2
            F,po_1,1,payout,
            G,,1,payout,
            H,x,1,payout,po_2
            C,P,1,,po_1

            """, "settlements-3.csv": "id,reference,gross\nI,P,1\n",
        ])
        let tables = reading.tables
        let names = (0..<tables.settlements.count).map { line in
            let number = tables.links(ofLine: line).payout
            return tables.settlements.id(line) + " "
                + (number < 0 ? "-" : tables.payouts[Int(number)])
        }
        #expect(
            names == [
                "A -", "B -", "C po_1", "D -", "E po_2", "F po_1", "G G", "H po_2", "I -",
            ])
        #expect(reading.isConserved)
    }

    @Test func filesWithoutSuchColumnsCostNothing() throws {
        let reading = try Reading([
            "payments.csv":
                "id,user,amount,status,created_at,gateway\nP,a,1,failed,2026-03-02,momo\n",
            "settlements.csv": "id,reference,gross,gateway,method\nA,P,1,momo,card\n",
        ])
        #expect(reading.tables.settlementLinks.isEmpty)
        #expect(reading.tables.paymentLinks.isEmpty)
    }

    @Test func gatewaysAndMethodsAreNumberedByTheWordsOfTheRates() throws {
        var fees = FeeRules()
        for (gateway, method) in [("Momo", "card"), ("étoile", nil), ("momo", "Wallet")]
            as [(String, String?)]
        {
            var rate = FeeRate()
            rate.gateway = gateway
            rate.method = method
            fees.rates.append(rate)
        }
        let reading = try Reading([
            "payments.csv": """
            id,user,amount,status,created_at,gateway
            P,a,1,failed,2026-03-02,MOMO
            Q,a,1,failed,2026-03-02,

            """,
            "settlements.csv": """
            id,reference,gross,gateway,method
            A,P,1,momo,WALLET
            B,P,1,Étoile,cards
            C,P,1,, card\u{20}
            D,P,1,paypal,

            """,
        ]) { $0.fees = fees }
        let lines = (0..<4).map { reading.tables.links(ofLine: $0) }
        #expect(lines.map(\.gateway) == [1, 2, FeeWords.unnamed, FeeWords.other])
        #expect(lines.map(\.method) == [2, FeeWords.other, 1, FeeWords.unnamed])
        #expect((0..<2).map { reading.tables.links(ofPayment: $0).gateway } == [1, 0])
    }
}
