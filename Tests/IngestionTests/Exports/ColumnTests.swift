import Ingestion
import Records
import Testing

/// What fields are made of, where no column gives them as they stand.
@Suite struct ColumnTests {
    @Test func feesStandInSeveralColumns() throws {
        let export = try Export(
            .settlements,
            """
            columns:
              fee: {sum: [Commission, Markup, Scheme], minus: [Rebate]}
            """,
            """
            id,reference,gross,Commission,Markup,Scheme,Rebate
            A,R1,10.00,0.10,0.20,,0.05
            B,R2,10.00,,,,
            C,R3,10.00,-0.10,,0.3000,
            """)
        #expect(try export.records("id", "fee") == ["A | 0.25", "B | ", "C | 0.2"])
        #expect(export.money[0] == "charge 1000 25 0 975 EUR")
        #expect(export.ingested.tables.settlements.rows[1].hasFee == false)
    }

    @Test func amountsComeInPairs() throws {
        let export = try Export(
            .settlements,
            """
            columns:
              gross: {credit: "Gross Credit (GC)", debit: ["Gross Debit (GC)", "Debit"]}
              type: kind
            """,
            """
            id,reference,kind,Gross Debit (GC),Gross Credit (GC)
            A,R1,charge,,12.50
            B,R2,refund,3.00,
            C,,adjustment,1.00,0.25
            D,R4,charge,,
            """)
        #expect(
            try export.records("id", "gross") == ["A | 12.5", "B | -3", "C | -0.75"])
        #expect(export.rejects == ["5 Gross Credit (GC) missing_value"])
        #expect(export.money[1] == "refund 300 0 0 -300 EUR")
    }

    @Test func aFlagGivesTheDirection() throws {
        let source = """
            columns:
              gross: {column: Gross, direction: {column: DR/CR, debit: [DR], credit: [CR, Credit]}}
              type: {constant: adjustment}
            """
        let export = try Export(
            .settlements, source,
            "id,reference,Gross,DR/CR\nA,,5,cr\nB,,5,DR\nC,,-5,Credit\nD,,5,\nE,,5,XX\nF,,,DR\n")
        #expect(try export.records("id", "gross") == ["A | 5", "B | -5", "C | 5"])
        #expect(
            export.rejects == [
                "5 Gross unknown_direction", "6 Gross unknown_direction", "7 Gross missing_value",
            ])
        let others = try Export(
            .bank,
            "columns: {amount: {column: Gross, direction: {column: Type, debit: [CASH_OUT]}}}",
            "id,date,Gross,Type\nA,2026-01-02,5,CASH_OUT\nB,2026-01-02,5,TRANSFER\n")
        #expect(try others.records("amount") == ["-5", "5"])
    }

    @Test func valuesStandInTheJSONOfAColumn() throws {
        let export = try Export(
            .payments,
            """
            columns:
              user: {column: metadata, path: customer.email}
              order: {column: metadata, path: order}
              created_at: created
            """,
            """
            id,amount,status,created,metadata
            A,10,succeeded,2026-01-02,"{""customer"": {""email"": ""ama@example.com""}, ""order"": 17}"
            B,10,succeeded,2026-01-02,"{""customer"": {}}"
            C,10,succeeded,2026-01-02,{oops
            D,10,succeeded,2026-01-02,
            """)
        #expect(try export.records("id", "user", "order") == ["A | ama@example.com | 17"])
        #expect(
            export.rejects == [
                "3 metadata missing_value", "4 metadata malformed_json", "5 metadata missing_value",
            ])
    }

    @Test func metadataColumnsAreCalledByTheirNames() throws {
        let export = try Export(
            .settlements,
            """
            columns:
              reference: ["order_id (metadata)", "payment_metadata[order_id]"]
            """,
            "id,gross,payment_metadata[order_id]\nA,1,R1\n")
        #expect(try export.records("reference") == ["R1"])
    }

    @Test func ofRepeatedHeadersOneIsCounted() throws {
        let text = "Id,reference,Amount,Currency,Fee,Currency\nA,R1,5,GHS,0.1,USD\n"
        let export = try Export(
            .settlements,
            "columns: {gross: Amount, fee: Fee, currency: {column: Currency, nth: 2}}", text)
        #expect(export.money == ["charge 500 10 0 490 USD"])
        let ambiguous = failure {
            try Export(.settlements, "columns: {gross: Amount, currency: Currency}", text)
        }
        #expect(ambiguous.contains("the header has `Currency` several times"), "\(ambiguous)")
        #expect(ambiguous.contains("export.csv:1"))
        let beyond = failure {
            try Export(
                .settlements, "columns: {gross: Amount, fee: {column: Currency, nth: 3}}", text)
        }
        #expect(beyond.contains("`Currency` for fee"), "\(beyond)")
    }

    @Test func theFirstFilledColumnCounts() throws {
        let export = try Export(
            .payments,
            "columns: {user: {first: [Customer Email, Customer ID]}, created_at: {join: [Date, Time]}}",
            """
            id,amount,status,Date,Time,Customer Email,Customer ID
            A,1,succeeded,2026-01-02,10:00:05,ama@example.com,cus_1
            B,1,succeeded,2026-01-02,,,cus_2
            """)
        #expect(
            try export.records("user", "created_at") == [
                "ama@example.com | 2026-01-02T10:00:05Z", "cus_2 | 2026-01-02T00:00:00Z",
            ])
    }

    @Test(arguments: [
        "Merchant ID,reference,Gross", "merchant id, REFERENCE ,GROSS",
        "\"Merchant Id \",Reference,gross",
    ])
    func namesIgnoreCaseAndBlanks(header: String) throws {
        let export = try Export(
            .settlements, "columns: {id: Merchant Id, gross: Gross}", header + "\nA,R1,7\n")
        #expect(try export.records("id", "reference", "gross") == ["A | R1 | 7"])
    }

    @Test func anExactNameGoesBeforeOneInAnotherCase() throws {
        let export = try Export(
            .settlements, "columns: {gross: amount}", "id,reference,Amount,amount\nA,R1,1,2\n")
        #expect(try export.records("gross") == ["2"])
        let ambiguous = failure {
            try Export(
                .settlements, "columns: {gross: AMOUNT}", "id,reference,Amount,amount\nA,R1,1,2\n")
        }
        #expect(ambiguous.contains("several times"))
    }

    @Test func aColumnOfASumMustBeThere() {
        let missing = failure {
            try Export(
                .settlements, "columns: {fee: {sum: [Fee, IGST]}}", "id,reference,gross,Fee\n")
        }
        #expect(missing.contains("`IGST` for fee"), "\(missing)")
    }

    @Test func aSumHoldsAmountsWithDirections() throws {
        let export = try Export(
            .settlements,
            """
            columns:
              gross: {column: Gross, direction: {column: Way, debit: [DR]}}
              type: {constant: adjustment}
              net:
                sum:
                  - {column: Gross, direction: {column: Way, debit: [DR]}}
                  - {column: Cost, direction: {column: Cost way, credit: [CR]}, currency: Of}
                minus: [{credit: Back, debit: Forth}]
            """,
            """
            id,reference,Gross,Way,Cost,Cost way,Of,Back,Forth
            A,,10.00,CR,0.30,DR,,,
            B,,10.00,DR,0.30,CR,EUR,1.00,0.25
            C,,10.00,CR,,,,,
            D,,10.00,CR,0.30,DR,USD,,
            E,,10.00,CR,oops,DR,,,
            """)
        #expect(try export.records("id", "net") == ["A | 9.7", "B | -10.45", "C | 10", "D | 10"])
        #expect(export.rejects == ["6 Gross malformed_amount"])
        let missing = failure {
            try Export(
                .settlements,
                "columns: {net: {sum: [Whole, {column: Cost, direction: {column: X, debit: [D]}}]}}",
                "id,reference,gross,Cost\n")
        }
        #expect(missing.contains("`Whole` for net, `X` for net"), "\(missing)")
    }

    @Test func rowsAreLeftOutByTheirWords() throws {
        let export = try Export(
            .settlements,
            """
            skip: {Balance Impact: Memo, Flag: ["", Void]}
            only: {Source: [card, Wallet]}
            """,
            """
            id,reference,gross,Balance Impact,Flag,Source
            A,R1,1,Credit,ok,Card
            B,R2,1,memo,ok,card
            C,R3,1,Credit,,card
            D,R4,1,Credit,VOID,card
            E,R5,1,Credit,ok,bank
            F,R6,x,Credit,ok,wallet
            G,R7,1,Memo
            """)
        #expect(try export.records("id") == ["A"])
        #expect(export.leftOut == 5)
        #expect(export.rejects == ["7 gross malformed_amount"])
        #expect(export.ingested.counts.map(\.records).reduce(0, +) == 7)
    }

    @Test func wordsMayLeaveAnAmountItsOwnSign() throws {
        let export = try Export(
            .settlements,
            """
            columns:
              type: {constant: adjustment}
              gross:
                column: Gross
                direction: {column: Kind, credit: [CREDIT], debit: [CHARGE], signed: [CORRECTION]}
            """,
            """
            id,reference,Gross,Kind
            A,,-5,CREDIT
            B,,5,charge
            C,,-5,Correction
            D,,5,CORRECTION
            E,,5,OTHER
            """)
        #expect(try export.records("id", "gross") == ["A | 5", "B | -5", "C | -5", "D | 5"])
        #expect(export.rejects == ["6 Gross unknown_direction"])
    }

    @Test func theBalanceGivesTheDirection() throws {
        let export = try Export(
            .settlements,
            """
            columns:
              type:
                sign: {sum: [After], minus: [Before]}
                of: Kind
                positive: in
                negative: out
              gross: {column: Amount, direction: {sum: [After], minus: [Before]}}
            values: {type: {charge: [TRANSFER in], adjustment: [TRANSFER out, FIX in]}}
            """,
            """
            id,reference,Kind,Amount,Before,After
            A,R1,Transfer,5,10,15
            B,,TRANSFER,4.5,15,10.4
            C,,FIX,-1,10.4,10.4
            D,R4,TRANSFER,1,,
            E,,FIX,1,11.4,10.4
            """)
        #expect(
            try export.records("id", "type", "gross") == [
                "A | Transfer in | 5", "B | TRANSFER out | -4.5", "C | FIX in | 1",
            ])
        #expect(export.rejects == ["5 Amount unknown_direction", "6 Kind unknown_type"])
        #expect(
            export.money == [
                "charge 500 0 0 500 EUR", "adjustment -450 0 0 -450 EUR",
                "adjustment 100 0 0 100 EUR",
            ])
    }

    @Test func columnsThatAFileHasAreJoined() throws {
        let source = "columns: {id: {present: [Line, Text, Balance]}, amount: Sum}"
        let export = try Export(
            .bank, source,
            "date,Sum,Text,Balance\n2026-01-02,5,x,10\n2026-01-02,5,x,15\n2026-01-02,5,,\n"
                + "2026-01-02,5,1.23E+22,\n")
        #expect(try export.records("id") == ["x 10", "x 15"])
        #expect(export.rejects == ["4 Text missing_value", "5 Text scientific_notation"])
        let missing = failure { try Export(.bank, source, "date,Sum\n2026-01-02,5\n") }
        #expect(missing.contains("`Line` or `Text` or `Balance` for id"), "\(missing)")
    }

    @Test func aValueStandsOnceAboveTheTable() throws {
        let source = """
            columns: {payout: {above: Payout}, settled_on: {above: [Paid, Paid on]}}
            format: {dates: {pattern: DD.MM.YYYY}}
            """
        let rows = "\nid,reference,gross\nA,R1,1\nB,R2,2\n"
        let export = try Export(
            .settlements, source, "A bank\nTotal, payout ,Paid on\n3.00,po_1,02.03.2026\n" + rows)
        #expect(
            try export.records("id", "payout", "settled_on") == [
                "A | po_1 | 2026-03-02", "B | po_1 | 2026-03-02",
            ])
        #expect(export.ingested.tables.payouts == ["po_1"])
        let damaged = try Export(
            .settlements, source, "Total,Payout,Paid on\n3.00,po_1,soon\n" + rows)
        #expect(
            damaged.rejects == ["5 Paid malformed_time", "6 Paid malformed_time"])
        let missing = failure { try Export(.settlements, source, "Paid on\n02.03.2026\n" + rows) }
        #expect(missing.contains("`Payout` for payout"), "\(missing)")
    }
}
