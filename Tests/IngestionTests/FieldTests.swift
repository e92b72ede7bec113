import Definition
import Diagnostics
import Ingestion
import Money
import Records
import Testing
import Time

/// What fields become, and which rows cannot be records.
@Suite struct FieldTests {
    static func payment(
        id: String = "P", user: String = "ama@example.com", amount: String = "10.00",
        currency: String = "GHS", status: String = "succeeded",
        created: String = "2026-03-02T10:00:00Z", refunded: String = ""
    ) -> String {
        Header.payments + "\(id),R,\(user),\(amount),\(currency),\(status),\(created),\(refunded)\n"
    }

    @Test(arguments: [
        ("10.00", "GHS", Int64(1_000)), ("10", "GHS", 1_000), ("10.5", "GHS", 1_050),
        ("0", "GHS", 0), ("0.01", "GHS", 1), ("+10.00", "GHS", 1_000), ("10.5000", "GHS", 1_050),
        (" 10.00 ", "GHS", 1_000),
        ("1500", "JPY", 1_500), ("1500.00", "JPY", 1_500), ("1.234", "KWD", 1_234),
        ("10000000000000.00", "GHS", 1_000_000_000_000_000),
    ])
    func amountsAreMinorUnitsOfTheirCurrency(
        text: String, currency: String, amount: Int64
    ) throws {
        let reading = try Reading([
            "payments.csv": FieldTests.payment(amount: text, currency: currency)
        ])
        #expect(reading.rejects.isEmpty)
        #expect(reading.payment.amount == amount)
        #expect(reading.payment.currency.code == currency)
    }

    @Test(arguments: [
        ("10.001", "GHS", "too_many_decimals"), ("1.5", "JPY", "too_many_decimals"),
        ("-1", "GHS", "negative_amount"), ("", "GHS", "missing_value"),
        ("\"1,000.00\"", "GHS", "malformed_amount"), ("1e3", "GHS", "malformed_amount"),
        ("+-5", "GHS", "malformed_amount"), ("+", "GHS", "malformed_amount"),
        ("++5", "GHS", "malformed_amount"), ("5.", "GHS", "malformed_amount"),
        (".5", "GHS", "malformed_amount"), ("NaN", "GHS", "malformed_amount"),
        ("GHS 5", "GHS", "malformed_amount"), ("--5", "GHS", "malformed_amount"),
        ("10000000000000.01", "GHS", "amount_out_of_range"),
        ("99999999999999999999", "GHS", "amount_out_of_range"),
    ])
    func whatIsNoAmountIsRejected(text: String, currency: String, reason: String) throws {
        let reading = try Reading([
            "payments.csv": FieldTests.payment(amount: text, currency: currency)
        ])
        #expect(reading.rejects == ["payments.csv:2 amount \(reason)"])
        #expect(reading.isConserved)
    }

    @Test(arguments: [
        ("GHS", "GHS"), ("ghs", "GHS"), (" usd ", "USD"), ("", "GHS"),
    ])
    func currenciesIgnoreCaseAndTheirAbsenceMeansThePipelines(text: String, code: String) throws {
        let reading = try Reading(["payments.csv": FieldTests.payment(currency: text)])
        #expect(reading.payment.currency.code == code)
    }

    /// A row's fields that are wrong, and the column and reason of its reject.
    static let wrong: [(String, String)] = [
        (payment(id: ""), "id missing_value"), (payment(id: "'"), "id missing_value"),
        (payment(user: ""), "user missing_value"), (payment(user: "   "), "user missing_value"),
        (payment(currency: "ABC"), "currency unknown_currency"),
        (payment(currency: "GH"), "currency unknown_currency"),
        (payment(status: "done"), "status unknown_status"),
        (payment(status: ""), "status missing_value"),
        (payment(created: ""), "created_at missing_value"),
        (payment(created: "yesterday"), "created_at malformed_time"),
        (payment(created: "2026-02-30T10:00:00Z"), "created_at no_such_time"),
        (payment(created: "2026-02-20T25:00:00Z"), "created_at no_such_time"),
        (payment(created: "02/03/2026"), "created_at malformed_time"),
        (payment(refunded: "some"), "refunded malformed_amount"),
        (payment(user: String(repeating: "a", count: 4_097)), "user value_too_long"),
        (payment(id: "P,extra"), "- too_many_fields"),
        (Header.payments + "P,R\n", "- too_few_fields"),
        (payment(id: "P\u{0}"), "- nul_byte"),
        (payment(id: "\"P\"x"), "- text_after_closing_quote"),
        (payment(id: "\"P"), "- unclosed_quote"),
    ]

    @Test(arguments: FieldTests.wrong.indices)
    func aRowThatCannotBeARecordSaysWhereAndWhy(index: Int) throws {
        let (text, reject) = FieldTests.wrong[index]
        let reading = try Reading(["payments.csv": text])
        #expect(reading.rejects == ["payments.csv:2 " + reject])
        #expect(reading.tables.payments.count == 0)
        #expect(reading.isConserved)
    }

    @Test(arguments: [1, 3])
    func linesAreCountedThroughQuotedLineEnds(threads: Int) throws {
        let header = "id,user,amount,status,created_at,description\n"
        let good = "a@example.com,1,succeeded,2026-03-02,\"one\ntwo\r\nthree\"\n"
        let reading = try Reading(
            [
                "payments.csv": header + "P1,\(good)" + "\n" + "P2,\(good)"
                    + "P3,a@example.com,x,succeeded,2026-03-02,\"a\nb\"\n" + "P4,\(good)"
                    + "P5,a@example.com,1,what,2026-03-02,plain\n"
            ], threads: threads)
        #expect(
            reading.rejects == [
                "payments.csv:9 amount malformed_amount", "payments.csv:14 status unknown_status",
            ])
        #expect(reading.tables.payments.rows.map(\.line) == [2, 6, 11])
        #expect(reading.isConserved)
    }

    @Test func usersIgnoreCaseAndSpaceAndIdsDoNot() throws {
        let header = "id,user,amount,status,created_at\n"
        let rows = [
            "p1,Ama@Example.COM,1,succeeded,2026-03-02",
            "P1,\" ama@example.com\t\",1,failed,2026-03-02",
            "'007,ÉMILE@example.com,1,failed,2026-03-02",
            "008,émile@example.com,1,failed,2026-03-02",
            "\" ' 009 \",x@example.com,1,failed,2026-03-02",
        ]
        let reading = try Reading(["payments.csv": header + rows.joined(separator: "\n")])
        let payments = reading.tables.payments
        #expect(payments.rows.indices.map(payments.id) == ["p1", "P1", "007", "008", "009"])
        #expect(payments.rows[0].user == payments.rows[1].user)
        #expect(payments.rows[0].id != payments.rows[1].id)
        #expect(payments.rows[2].user == payments.rows[3].user)
        #expect(payments.rows[2].user == reading.ingested.key.userPrint("  Émile@EXAMPLE.com "))
        #expect(payments.rows[2].id == reading.ingested.key.idPrint(" '007"))
        #expect(payments.rows[0].reference == payments.rows[0].id)
    }

    @Test func wordsAreTheDefinitionsOwnWhateverTheirCase() throws {
        var rows = Header.payments
        for (number, word) in [
            "Réussi", "RÉUSSI", "succeeded", "EN ATTENTE", "failed", "cancelled",
        ]
        .enumerated() {
            rows += "P\(number),,a@example.com,1,,\(word),2026-03-02,\n"
        }
        let reading = try Reading(["payments.csv": rows]) { definition in
            definition.inputs[.payments]?[0].values = [
                "status": [
                    "succeeded": ["Réussi"], "pending": ["en attente"],
                    // A word of ours may mean something else in a dump.
                    "cancelled": ["failed", "cancelled"],
                ]
            ]
        }
        #expect(reading.rejects.isEmpty)
        #expect(
            reading.tables.payments.rows.map(\.status)
                == [.succeeded, .succeeded, .succeeded, .pending, .cancelled, .cancelled])
    }

    /// A line's type, gross, fee, tax and net as the file has them; then gross, fee, tax, net.
    static let signs: [(String, [String], [Int64])] = [
        ("charge", ["10.00", "0.30", "0.02", ""], [1_000, 30, 2, 968]),
        ("charge", ["10.00", "-0.30", "-0.02", ""], [1_000, 30, 2, 968]),
        ("", ["10.00", "", "", ""], [1_000, 0, 0, 1_000]),
        ("refund", ["10.00", "", "", ""], [1_000, 0, 0, -1_000]),
        ("refund", ["-10.00", "0.30", "", ""], [1_000, 30, 0, -1_030]),
        ("refund", ["-10.00", "", "", "-10.00"], [1_000, 0, 0, -1_000]),
        ("chargeback", ["-10.00", "15.00", "", ""], [1_000, 1_500, 0, -2_500]),
        ("chargeback_reversal", ["10.00", "", "", ""], [1_000, 0, 0, 1_000]),
        ("adjustment", ["-5.00", "", "", ""], [-500, 0, 0, -500]),
        ("reserve", ["-5.00", "", "", ""], [-500, 0, 0, -500]),
        ("fee", ["5.00", "", "", ""], [500, 0, 0, -500]),
        ("fee", ["-5.00", "", "", ""], [500, 0, 0, -500]),
        ("CHARGE", ["10.00", "0", "", "9.00"], [1_000, 0, 0, 900]),
    ]

    @Test(arguments: FieldTests.signs.indices)
    func everyFilesHabitOfSignsMeansTheSame(index: Int) throws {
        let (type, texts, values) = FieldTests.signs[index]
        let reading = try Reading([
            "payments.csv": Header.payments,
            "settlements.csv": Header.settlements
                + "S,R,\(type),,\(texts.joined(separator: ",")),,2026-03-02\n",
        ])
        #expect(reading.rejects.isEmpty)
        let line = reading.line
        #expect([line.gross, line.fee, line.tax, line.net] == values)
        #expect(line.hasFee == !texts[1].isEmpty)
        #expect(line.hasNet == !texts[3].isEmpty)
        #expect(line.state == .completed)
    }

    @Test(arguments: [
        ("S,,charge,,1,,,,,", "reference missing_value"),
        ("S,,refund,,1,,,,,", "reference missing_value"),
        ("S,R,charge,,-1,,,,,", "gross negative_amount"),
        ("S,R,charge,,,,,,,", "gross missing_value"), ("S,R,gift,,1,,,,,", "type unknown_type"),
        ("S,R,charge,lost,1,,,,,", "state unknown_state"),
        ("S,R,charge,,1,x,,,,", "fee malformed_amount"),
        ("S,R,charge,,1,,,,,noon", "occurred_at malformed_time"),
    ])
    func aLineThatCannotBeOneIsRejected(row: String, reject: String) throws {
        let reading = try Reading([
            "payments.csv": Header.payments, "settlements.csv": Header.settlements + row + "\n",
        ])
        #expect(reading.rejects == ["settlements.csv:2 " + reject])
    }

    @Test func feesAndPayoutsNeedNoReference() throws {
        let rows = ["fee", "adjustment", "reserve", "payout"].map { "S-\($0),,\($0),,1,,,,,\n" }
        let reading = try Reading([
            "payments.csv": Header.payments, "settlements.csv": Header.settlements + rows.joined(),
        ])
        #expect(reading.tables.settlements.count == 4)
    }

    @Test func aRefundThatAPaymentRecordsIsPositiveWhateverItsSign() throws {
        for text in ["4.00", "-4.00"] {
            let reading = try Reading(["payments.csv": FieldTests.payment(refunded: text)])
            #expect(reading.tables.links(ofPayment: 0).refunded == 400)
        }
        let reading = try Reading(["payments.csv": FieldTests.payment()])
        #expect(reading.tables.links(ofPayment: 0).refunded == 0)
    }

    @Test func whatARecordMustHaveIsAskedOfEveryKind() throws {
        let reading = try Reading([
            "payments.csv": Header.payments, "orders.csv": "id,user\nO1,a@example.com\nO2,\n,x\n",
            "catalogue.csv": "id,name,kind\nC1,Castle,destination\nC2,,destination\nC3,Park,\n",
            "bookings.csv": Header.bookings + "B,,a@example.com,,-1,,confirmed,\n"
                + "B,,a@example.com,,1,,maybe,\nB,,a@example.com,,1,,confirmed,\n",
        ])
        #expect(
            reading.rejects.sorted() == [
                "bookings.csv:2 amount negative_amount", "bookings.csv:3 status unknown_status",
                "catalogue.csv:3 name missing_value", "catalogue.csv:4 kind missing_value",
                "orders.csv:3 user missing_value", "orders.csv:4 id missing_value",
            ])
        #expect(reading.isConserved)
    }

    @Test(arguments: [(Int64(1_000_000), false), (999_999, true)])
    func oneRejectInAHundredIsAllowed(millionths: Int64, isRefused: Bool) {
        var rows = Header.payments
        for number in 1...100 {
            rows += "P\(number),,a@example.com,\(number == 7 ? "x" : "1"),,failed,2026-03-02,\n"
        }
        let reading = Result {
            try Reading(["payments.csv": rows]) {
                $0.maxRejects = Rate(millionthsOfPercent: millionths)
            }
        }
        switch reading {
        case .success(let reading):
            #expect(!isRefused)
            #expect(reading.rejects == ["payments.csv:8 amount malformed_amount"])
        case .failure(let error):
            #expect(isRefused)
            #expect(error is TrueupError)
        }
    }
}
