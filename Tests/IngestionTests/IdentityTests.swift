import Definition
import Ingestion
import Money
import Records
import TestKit
import Testing
import Time

/// Which of several rows of one id counts.
@Suite struct IdentityTests {
    static let early = "P,R,ama@example.com,10.00,GHS,pending,2026-03-01T10:00:00Z,\n"
    static let late = "P,R,ama@example.com,10.00,GHS,succeeded,2026-03-02T10:00:00Z,\n"
    static let other = "P,R,ama@example.com,11.00,GHS,succeeded,2026-03-02T10:00:00Z,\n"

    @Test func aRepeatedRowCountsOnceInOneFileAndInTwo() throws {
        let row = IdentityTests.late
        let reading = try Reading([
            "payments-1.csv": Header.payments + row + row, "payments-2.csv": Header.payments + row,
        ])
        #expect(reading.tables.payments.count == 1)
        #expect(
            reading.repeats == [
                "payments-1.csv:3 P duplicate_line payments-1.csv:2",
                "payments-2.csv:2 P duplicate_line payments-1.csv:2",
            ])
        #expect(!reading.payment.isConflicting)
        #expect(reading.ingested.counts.map(\.repeated) == [1, 1])
        #expect(reading.isConserved)
    }

    /// Rows in some order, and of them the one that counts, whether it is in conflict, and why the
    /// others do not count.
    static let orders: [([String], String, Bool, [String])] = [
        ([early, late], "1000 succeeded", false, ["superseded"]),
        ([late, early], "1000 succeeded", false, ["superseded"]),
        ([late, other], "1000 succeeded", true, ["superseded"]),
        ([other, late], "1000 succeeded", true, ["superseded"]),
        ([early, late, other], "1000 succeeded", true, ["superseded", "superseded"]),
        ([other, early, late], "1000 succeeded", true, ["superseded", "superseded"]),
        ([late, early, late], "1000 succeeded", false, ["superseded", "duplicate_line"]),
        ([early, early, late], "1000 succeeded", false, ["superseded", "duplicate_line"]),
        ([late, other, late], "1000 succeeded", true, ["superseded", "duplicate_line"]),
        ([early, early], "1000 pending", false, ["duplicate_line"]),
    ]

    /// A row that is as late as the one that counts supersedes nothing and is not superseded.
    @Test func onlyAnEquallyLateRowContradicts() throws {
        let rows = [IdentityTests.early, IdentityTests.other, IdentityTests.late]
        let reading = try Reading(["payments.csv": Header.payments + (rows + rows).joined()])
        let repeats = reading.ingested.repeats.map { "\($0.line) \($0.reason) \($0.contradicts)" }
        #expect(
            repeats == [
                "2 superseded false", "3 superseded true", "5 duplicateLine false",
                "6 duplicateLine false", "7 duplicateLine false",
            ])
    }

    @Test(arguments: IdentityTests.orders.indices)
    func theLatestCountsWhateverTheOrder(index: Int) throws {
        let (rows, kept, isConflicting, reasons) = IdentityTests.orders[index]
        let inOneFile = ["payments.csv": Header.payments + rows.joined()]
        var inMany: [String: String] = [:]
        for (number, row) in rows.enumerated() {
            inMany["payments-\(number).csv"] = Header.payments + row
        }
        for files in [inOneFile, inMany] {
            let reading = try Reading(files)
            #expect(reading.tables.payments.count == 1)
            #expect("\(reading.payment.amount) \(reading.payment.status.word)" == kept)
            #expect(reading.payment.isConflicting == isConflicting)
            #expect(
                reading.ingested.repeats.map(\.reason.word).sorted() == reasons.sorted())
            #expect(reading.isConserved)
        }
    }

    /// Two ways of writing the same payment.
    @Test(arguments: [
        "'P,R,ama@example.com,10.00,GHS,succeeded,2026-03-02T10:00:00Z,",
        "P,'R,ama@example.com,10.00,GHS,succeeded,2026-03-02T10:00:00Z,",
        "P,R, AMA@Example.com ,10.00,GHS,succeeded,2026-03-02T10:00:00Z,",
        "P,R,ama@example.com,10,ghs,SUCCEEDED,2026-03-02T10:00:00Z,",
        "P,R,ama@example.com,10.0,GHS,succeeded,2026-03-02T10:00:00Z,",
        "P,R,ama@example.com,10.00,GHS,succeeded,2026-03-02T12:00:00.000+02:00,",
        "\"P\",\"R\",\"ama@example.com\",\"10.00\",GHS,succeeded,\"2026-03-02T10:00:00Z\",",
    ])
    func anotherHabitOfWritingIsNoContradiction(row: String) throws {
        let reading = try Reading([
            "payments.csv": Header.payments + IdentityTests.late + row + "\n"
        ])
        #expect(reading.repeats == ["payments.csv:3 P duplicate_line payments.csv:2"])
        #expect(!reading.payment.isConflicting)
    }

    @Test func tenIsNotAHundred() throws {
        let header = "id,user,amount,status,created_at\n"
        let reading = try Reading([
            "payments.csv": header + "P,a@example.com,10,succeeded,2026-03-02\n"
                + "P,a@example.com,100,succeeded,2026-03-02\n"
        ])
        #expect(reading.payment.isConflicting)
    }

    @Test func aRowWithoutTimeGivesWayToOneWithTime() throws {
        let reading = try Reading([
            "payments.csv": Header.payments,
            "settlements.csv": Header.settlements
                + "S,R,charge,completed,10.00,,,,GHS,2026-03-02T10:00:00Z\n"
                + "S,R,charge,pending,10.00,,,,GHS,\n",
        ])
        #expect(reading.line.state == .completed)
        #expect(!reading.line.isConflicting)
        #expect(reading.repeats == ["settlements.csv:3 S superseded settlements.csv:2"])
    }

    @Test func namesOfOneIdStandForPaymentsAndTheirLinksAlike() throws {
        let reading = try Reading([
            "payments-1.csv": "id,user,amount,status,created_at\n"
                + "P,a@example.com,1,succeeded,2026-03-01\nQ,a@example.com,1,failed,2026-03-01\n",
            "payments-2.csv": "id,user,amount,status,created_at,order\n"
                + "P,a@example.com,1,succeeded,2026-03-02,O1\n"
                + "T,a@example.com,1,succeeded,2026-03-02,O2\n",
            "payments-3.csv": "id,user,amount,status,created_at\n"
                + "U,a@example.com,1,succeeded,2026-03-02\n",
        ])
        let tables = reading.tables
        #expect(tables.payments.count == 4)
        #expect(tables.paymentLinks.count == 4)
        let orders = tables.payments.rows.indices.map { row in
            "\(tables.payments.id(row)) \(tables.links(ofPayment: row).order.isPresent)"
        }
        #expect(orders == ["Q false", "P true", "T true", "U false"])
        #expect(tables.links(ofPayment: 1).order == reading.ingested.key.idPrint("O1"))
    }

    /// Two rows of one order, and whether they contradict each other: a status only moves on.
    @Test(arguments: [
        ("O,ama@example.com,Castle,paid", "O,ama@example.com,Castle,open", false),
        ("O,ama@example.com,Castle,paid", "O,ama@example.com,Garden,paid", true),
        ("O,ama@example.com,Castle,paid", "O,ama@example.com,Castle,paid", false),
    ])
    func ordersContradictThemselvesInAllButTheirStatus(
        first: String, second: String, isConflicting: Bool
    ) throws {
        for rows in [[first, second], [second, first]] {
            let reading = try Reading([
                "payments.csv": Header.payments,
                "orders.csv": "id,user,item,status\n" + rows.joined(separator: "\n") + "\n",
            ])
            #expect(reading.tables.orders.rows.map(\.isConflicting) == [isConflicting])
            #expect(reading.repeats.count == 1)
        }
    }

    @Test func aBlankRefundIsNoneWhereTheDumpRecordsRefunds() throws {
        let header = "id,user,amount,status,created_at"
        let reading = try Reading([
            "payments-1.csv": header + ",refunded\nP,a@example.com,10,succeeded,2026-03-02,\n"
                + "Q,a@example.com,10,succeeded,2026-03-02,-4\n",
            "payments-2.csv": header + ",order\nR,a@example.com,10,succeeded,2026-03-02,O\n",
        ])
        #expect(reading.tables.paymentLinks.map(\.refunded) == [0, 400, nil])
    }

    @Test func aRepeatedItemOfTheCatalogueIsOneItem() throws {
        let header = "id,name,kind\n"
        let reading = try Reading([
            "payments.csv": Header.payments,
            "catalogue-1.csv": header + "C1,Castle,destination\nC1,Castle,destination\n",
            "catalogue-2.csv": header + "'C1,Castle,destination\nC2,Garden,destination\n"
                + "C2,Gardens,destination\n",
        ])
        #expect(reading.tables.catalogue.map(\.name) == ["Castle", "Garden"])
        #expect(
            reading.repeats == [
                "catalogue-1.csv:3 C1 duplicate_line catalogue-1.csv:2",
                "catalogue-2.csv:2 C1 duplicate_line catalogue-1.csv:2",
                "catalogue-2.csv:4 C2 superseded catalogue-2.csv:3",
            ])
        #expect(reading.isConserved)
    }

    @Test(arguments: 0..<60)
    func shuffledAndSplitRowsKeepTheSame(seed: Int) throws {
        var generator = SeededGenerator(UInt64(seed))
        let words = ["succeeded", "pending", "failed"]
        var rows = (0..<14).map { _ in
            "P\(Int.random(in: 0...4, using: &generator)),R,ama@example.com,"
                + "\(Int.random(in: 1...2, using: &generator)).00,GHS,"
                + "\(words[Int.random(in: 0...2, using: &generator)]),"
                + "2026-03-0\(Int.random(in: 1...2, using: &generator))T10:00:00Z,\n"
        }
        func kept(_ files: [String: String]) throws -> [String] {
            let reading = try Reading(files)
            #expect(reading.isConserved)
            let reasons = reading.ingested.repeats.map { "\($0.id) \($0.reason.word)" }
            return reading.tables.payments.rows.enumerated().map { index, row in
                "\(reading.tables.payments.id(index)) \(row.amount) \(row.status) "
                    + "\(row.created.seconds) \(row.isConflicting)"
            }.sorted() + reasons.sorted()
        }
        let expected = try kept(["payments.csv": Header.payments + rows.joined()])
        for _ in 0..<3 {
            rows.shuffle(using: &generator)
            let cut = Int.random(in: 0...rows.count, using: &generator)
            let found = try kept([
                "payments-1.csv": Header.payments + rows[..<cut].joined(),
                "payments-2.csv": Header.payments + rows[cut...].joined(),
            ])
            #expect(found == expected, "seed \(seed)")
        }
    }

    @Test func decisionsAboutOneBreakStandBesideEachOther() throws {
        let header = "break_id,action,reason,maker,checker,expires\n"
        let first = "BR-1,accept,seen,esi,yaw,2026-01-01\n"
        let second = "BR-1,accept,seen,esi,yaw,2026-12-31\n"
        let reading = try Reading(["overrides.csv": header + first + second + first])
        #expect(reading.tables.overrides.map(\.expires) == ["2026-01-01", "2026-12-31"])
        #expect(reading.repeats == ["overrides.csv:4 BR-1 duplicate_line overrides.csv:2"])
    }

    @Test func aDecisionNeedsItsPeopleAndItsReason() throws {
        let header = "break_id,reason,maker,checker\n"
        let reading = try Reading(["overrides.csv": header + "BR-1,,esi,yaw\nBR-2,seen,esi, \n"]) {
            // Too many rejects of any other kind would end the run.
            $0.maxRejects = Rate(millionthsOfPercent: 0)
        }
        #expect(reading.tables.overrides.isEmpty)
        #expect(
            reading.rejects == [
                "overrides.csv:2 reason missing_value", "overrides.csv:3 checker missing_value",
            ])
    }
}
