import Foundation
import Testing

/// Payouts of gateways and their fees, from dumps to report; every figure is reckoned by hand.
@Suite struct PayoutTests {
    static let asOf = "2026-03-10T08:00:00Z"

    static let definition = """
        name: shop
        currency: EUR
        timezone: UTC
        inputs:
          payments: {files: payments.csv}
          settlements:
            - {files: stripe.csv, columns: {gateway: {constant: stripe}}}
            - {files: momo.csv, columns: {gateway: {constant: momo}, method: {constant: wallet}}}
          bank: {files: bank.csv}
        match: {tolerance: "0.02"}
        fees:
          tolerance: "0.01"
          rates:
            - {gateway: stripe, method: card, percent: 1.5, fixed: "0.25", tax: 20}
            - {gateway: stripe, percent: 2.9, fixed: "0.30"}
            - {gateway: momo, currency: GHS, percent: 1, minimum: "0.50", maximum: "5"}

        """

    /// A payout with every step; one that is short, over, missing, and not yet due; one in two
    /// currencies; and what is not paid out yet.
    static let dumps = [
        "payments.csv": """
        id,user,amount,currency,status,created_at
        P1,ama@example.com,100.00,EUR,succeeded,2026-03-02T10:00:00Z
        P2,ama@example.com,50.00,EUR,succeeded,2026-03-02T11:00:00Z
        P3,kofi@example.com,200.00,EUR,succeeded,2026-03-03T10:00:00Z
        P4,kofi@example.com,80.00,EUR,succeeded,2026-03-03T12:00:00Z
        P5,esi@example.com,60.00,EUR,succeeded,2026-03-04T09:00:00Z
        P6,esi@example.com,40.00,EUR,succeeded,2026-03-06T09:00:00Z
        P7,esi@example.com,30.00,EUR,succeeded,2026-03-06T10:00:00Z
        P8,esi@example.com,10.00,GHS,succeeded,2026-03-04T10:00:00Z
        P9,esi@example.com,900.00,GHS,succeeded,2026-03-04T10:00:00Z

        """,
        "stripe.csv": """
        id,reference,type,gross,fee,tax,currency,occurred_at,settled_on,payout,method
        L1,P1,charge,100.00,1.75,0.35,EUR,2026-03-02T10:01:00Z,2026-03-03,po_100001,card
        L2,P2,charge,50.00,1.00,0.20,EUR,2026-03-02T11:01:00Z,2026-03-03,po_100001,card
        R1,P2,refund,-20.00,0.00,,EUR,2026-03-02T12:00:00Z,2026-03-03,po_100001,card
        C1,P1,chargeback,30.00,15.00,,EUR,2026-03-02T12:00:00Z,2026-03-03,po_100001,
        C2,P1,chargeback_reversal,30.00,,,EUR,2026-03-02T13:00:00Z,2026-03-03,po_100001,
        F1,,fee,-0.50,,,EUR,2026-03-02T12:00:00Z,2026-03-03,po_100001,
        V1,,reserve,-10.00,,,EUR,2026-03-02T12:00:00Z,2026-03-03,po_100001,
        A1,,adjustment,1.25,,,EUR,2026-03-02T12:00:00Z,2026-03-03,po_100001,
        O1,,payout,-102.45,,,EUR,2026-03-03T12:00:00Z,2026-03-03,po_100001,
        L3,P3,charge,200.00,6.10,,EUR,2026-03-03T10:01:00Z,2026-03-04,po_100002,wallet
        L4,P4,charge,80.00,0.00,,EUR,2026-03-03T12:01:00Z,2026-03-04,po_100003,wallet
        L5,P5,charge,60.00,2.05,,EUR,2026-03-04T09:01:00Z,2026-03-05,po_100004,
        L6,P6,charge,40.00,1.44,,EUR,2026-03-06T09:01:00Z,2026-03-06,po_100005,
        L7,P7,charge,30.00,1.17,,EUR,2026-03-06T10:01:00Z,,,

        """,
        "momo.csv": """
        id,reference,gross,fee,currency,occurred_at,payout
        M1,P8,10.00,0.50,GHS,2026-03-04T10:01:00Z,batch-7001
        M2,P9,900.00,9.00,GHS,2026-03-04T10:01:00Z,batch-7001
        M3,XX,5.00,0.00,EUR,2026-03-04T10:01:00Z,batch-7001

        """,
        "bank.csv": """
        id,payout,amount,currency,date,description
        B1,po_100001,102.45,EUR,2026-03-04,GATEWAY PAYOUT
        B2,,193.00,EUR,2026-03-05,"Gateway PO_100002, ref 9"
        B3,UTR77,80.05,EUR,2026-03-05,Gateway po_100003
        B4,,500.00,EUR,2026-03-05,rent
        B5,,-12.00,EUR,2026-03-05,bank fee
        B6,,900.50,GHS,2026-03-06,MOBILE MONEY
        B7,batch-7001,5.00,EUR,2026-03-06,
        B7,batch-7001,5.00,EUR,2026-03-06,

        """,
    ]

    private func night() throws -> Night { try Night.of(Self.definition, Self.dumps) }

    @Test func everyPayoutHasItsWholeWaterfall() throws {
        let report = try night().publish(asOf: Self.asOf).json("report.json")
        let payouts = try #require(report["payouts"] as? [[String: Any]])
        let keys = ["payout", "currency", "status", "net", "bank", "residual", "residual_reason"]
        #expect(
            payouts.map { payout in keys.map { payout[$0] as? String ?? "-" } } == [
                ["batch-7001", "EUR", "tied_out", "5.00", "5.00", "0.00", "none"],
                ["batch-7001", "GHS", "tied_out", "900.50", "900.50", "0.00", "none"],
                ["po_100001", "EUR", "tied_out", "102.45", "102.45", "0.00", "none"],
                ["po_100002", "EUR", "short", "193.90", "193.00", "0.90", "unexplained"],
                ["po_100003", "EUR", "over", "80.00", "80.05", "-0.05", "unexplained"],
                ["po_100004", "EUR", "missing", "57.95", "-", "57.95", "not_received"],
                ["po_100005", "EUR", "expected", "38.56", "-", "38.56", "not_yet_due"],
            ])
        let whole = payouts[2].compactMapValues { $0 as? String }
        // 100 + 50 gross; fees 1.75 + 1.00 + 15.00; taxes 0.35 + 0.20; the chargeback was reversed.
        for (key, value) in [
            "gross": "150.00", "fees": "17.75", "taxes": "0.55", "refunds": "20.00",
            "chargebacks": "0.00", "reserves": "-10.00", "adjustments": "1.25",
            "other_fees": "0.50", "from_balance": "0.00", "claimed": "102.45",
            "stated_beyond_figures": "0.00", "day": "2026-03-03", "due": "2026-03-05",
            "bank_date": "2026-03-04", "lines_residual": "0.00", "bank_residual": "0.00",
        ] {
            #expect(whole[key] == value, "\(key)")
        }
        #expect(payouts[2]["bank_lines"] as? [String] == ["B1"])
        #expect(payouts[2]["lines"] as? Int == 9)
        let unpaid = try #require(report["not_yet_paid_out"] as? [[String: Any]])
        #expect(unpaid.map { $0["net"] as? String } == ["28.83"])
    }

    @Test func breaksTellOfPayoutsDepositsAndFees() throws {
        let run = try night().publish(asOf: Self.asOf)
        let found = try run.table("breaks.csv").columns(
            "code", "payment_id", "payout", "amount", "currency", "at_risk", "detail")
        #expect(
            Set(found) == [
                [
                    "fee_missing", "P4", "po_100003", "80.00", "EUR", "2.62",
                    "no fee where 2.62 EUR was agreed",
                ],
                [
                    "fee_under", "P6", "po_100005", "40.00", "EUR", "0.02",
                    "a fee of 1.44 EUR where 1.46 EUR was agreed",
                ],
                [
                    "fee_over", "P9", "batch-7001", "900.00", "GHS", "4.00",
                    "a fee of 9.00 GHS where 5.00 GHS was agreed",
                ],
                [
                    "unknown_settlement", "", "batch-7001", "5.00", "EUR", "5.00",
                    "the gateway captured 5.00 EUR without a payment",
                ],
                [
                    "payout_short", "", "po_100002", "193.90", "EUR", "0.90",
                    "the bank received 193.00 EUR of 193.90 EUR",
                ],
                [
                    "payout_over", "", "po_100003", "80.00", "EUR", "0.05",
                    "the bank received 80.05 EUR for 80.00 EUR",
                ],
                [
                    "payout_missing", "", "po_100004", "57.95", "EUR", "57.95",
                    "paid out 57.95 EUR, and the bank has no line for it",
                ],
                [
                    "unknown_deposit", "", "", "500.00", "EUR", "500.00",
                    "the bank received 500.00 EUR by line B4, which no payout explains",
                ],
                [
                    "duplicate_line", "", "", "5.00", "EUR", "0.00",
                    "1 repeated rows of the same content, counted once",
                ],
            ])
    }

    @Test func aLineAgainstTheAgreedTaxSaysBoth() throws {
        let night = try night()
        try night.edit("stripe.csv") {
            $0.replacing("L1,P1,charge,100.00,1.75,0.35", with: "L1,P1,charge,100.00,1.80,0.30")
        }
        let breaks = try night.publish(asOf: Self.asOf).table("breaks.csv")
        let found = breaks.rows(where: "settlement_id", is: "L1")
        #expect(found.map { breaks.value($0, "code") } == ["fee_over"])
        #expect(found.map { breaks.value($0, "at_risk") } == ["0.10"])
        #expect(
            found.map { breaks.value($0, "detail") } == [
                "a fee of 1.80 EUR with tax of 0.30 EUR where 1.75 EUR with tax of 0.35 EUR was "
                    + "agreed"
            ])
    }

    @Test func withoutABankDumpPayoutsHaveTheirWaterfallAlone() throws {
        let night = try night()
        try night.redefine("  bank: {files: bank.csv}\n", "")
        let run = try night.publish(asOf: Self.asOf)
        let codes = Set(try run.table("breaks.csv")["code"])
        #expect(codes == ["fee_missing", "fee_over", "fee_under", "unknown_settlement"])
        let report = try run.json("report.json")
        let payouts = try #require(report["payouts"] as? [[String: Any]])
        #expect(payouts.count == 7)
        #expect(payouts.allSatisfy { $0["status"] as? String == "not_compared" })
        #expect(payouts.allSatisfy { $0["residual"] is NSNull && $0["bank"] is NSNull })
        #expect(payouts[2]["net"] as? String == "102.45")
    }

    @Test func thePageShowsTheLargestResidualFirst() throws {
        let run = try night().publish(asOf: Self.asOf)
        let page = try Files.text(run.folder + "/report.html")
        let section = try #require(page.range(of: "Gateway payouts"))
        let rest = page[section.upperBound...]
        let places = ["po_100004", "po_100005", "po_100002", "po_100003", "po_100001"].map {
            rest.range(of: $0)?.lowerBound
        }
        #expect(places.allSatisfy { $0 != nil })
        #expect(places.compactMap(\.self) == places.compactMap(\.self).sorted())
        let formula =
            "150.00 gross − 17.75 fees − 0.55 taxes − 20.00 refunds − 10.00 reserves "
            + "+ 1.25 adjustments − 0.50 other fees = 102.45"
        #expect(rest.replacing("\u{A0}", with: " ").contains(formula))
        #expect(rest.contains("7 payouts: 3 tied out, 1 expected, 1 short, 1 over, 1 missing."))
    }

    @Test func badBankLinesAreRejectedAndCounted() throws {
        let night = try night()
        try night.edit("bank.csv") { $0 + "B8,,x,EUR,2026-03-05,\nB9,,1.00,EUR,,\n" }
        try night.redefine("bank.csv}", "bank.csv, max_rejects: 50}")
        let run = try night.publish(asOf: Self.asOf)
        let rejects = try run.table("rejects.csv").columns("file", "line", "column", "reason")
        #expect(
            rejects == [
                ["bank.csv", "10", "amount", "not a decimal amount"],
                ["bank.csv", "11", "date", "a required value is empty"],
            ])
        let report = try run.json("report.json")
        let inputs = try #require(report["inputs"] as? [[String: Any]])
        let bank = try #require(inputs.first { $0["kind"] as? String == "bank" })
        #expect(bank["rows"] as? Int == 10)
        #expect(bank["records"] as? Int == 7)
        #expect(bank["repeated"] as? Int == 1)
        #expect(bank["rejected"] as? Int == 2)
        // 102.45 + 193.00 + 80.05 + 500.00 - 12.00 and twice the 5.00 of the repeated line.
        #expect(bank["sums"] as? [String: String] == ["EUR": "873.50", "GHS": "900.50"])
    }

    @Test func breaksOfPayoutsKeepTheirIDs() throws {
        let night = try night()
        let first = try night.publish(asOf: Self.asOf).table("breaks.csv")
        try night.edit("bank.csv") { $0.replacing("B2,,193.00", with: "B2,,193.10") }
        let second = try night.publish(asOf: "2026-03-10T09:00:00Z").table("breaks.csv")
        #expect(Set(first["break_id"]) == Set(second["break_id"]))
        #expect(Set(first["break_id"]).count == first.rows.count)
    }
}
