import Diagnostics
import Foundation
import TestKit
import Testing

/// What is handed from night to night where dumps are incremental, and what leaves.
@Suite struct CarryForwardTests {
    static let definition = """
        name: nights
        currency: GHS
        timezone: Africa/Accra
        dumps: incremental
        max_rejects: 100
        inputs:
          payments: {files: payments.csv}
          settlements: {files: settlements.csv}
          bookings: {files: bookings.csv}
          orders: {files: orders.csv}
        backfill:
          kinds: {tour: {emit: booking, keywords: [tour]}}
          unidentified: emit
        settle: {commission: {percent: 10}}
        dashboard: {recent: 3}
        """
    static let headers = [
        "payments.csv": "id,reference,user,amount,status,created_at,description,order,seller",
        "settlements.csv": "id,reference,type,gross,occurred_at",
        "bookings.csv": "id,payment,user,amount,status,created_at,date",
        "orders.csv": "id,user,item,kind,quantity",
    ]
    static let payment = "P1,R1,Ama@Example.com,100.00,succeeded,2026-03-02T10:00:00Z,tour,,"
    static let charge = "S1,R1,charge,100.00,2026-03-02T10:01:00Z"
    static let booking = "B1,P1,ama@example.com,100.00,completed,2026-03-02T10:05:00Z,2026-03-03"

    /// Dumps of these rows; a kind without any has its header alone.
    static func dumps(_ rows: [String: [String]] = [:]) -> [String: String] {
        headers.reduce(into: [:]) { dumps, entry in
            let lines = [entry.value] + (rows[entry.key] ?? [])
            dumps[entry.key] = lines.joined(separator: "\n") + "\n"
        }
    }

    /// A business whose first night brought one purchase that came out even.
    static func evenPurchase() throws -> Nights {
        let nights = try Nights(definition)
        try nights.run(
            dumps([
                "payments.csv": [payment], "settlements.csv": [charge], "bookings.csv": [booking],
            ]), asOf: "2026-03-03T02:00:00Z")
        return nights
    }

    @Test func aSettlementFiveNightsLaterFindsItsPayment() throws {
        let nights = try Nights(Self.definition)
        try nights.run(
            Self.dumps(["payments.csv": [Self.payment], "bookings.csv": [Self.booking]]),
            asOf: "2026-03-03T02:00:00Z")
        #expect(try nights.open() == [])
        for day in 4...7 {
            try nights.run(Self.dumps(), asOf: "2026-03-0\(day)T02:00:00Z")
            #expect(try nights.open() == (day < 5 ? [] : ["missing_settlement,P1,,"]))
        }
        try nights.run(
            Self.dumps(["settlements.csv": ["S1,R1,charge,100.00,2026-03-07T10:01:00Z"]]),
            asOf: "2026-03-08T02:00:00Z")
        #expect(try nights.open() == [])
        #expect(try nights.rows("payments.csv").first?.contains(",reconciled,100.00,") == true)
    }

    /// The dumps have no column for refunds, and what is handed on has one.
    @Test func whatNoDumpRecordsIsNotTakenForNothing() throws {
        let nights = try Self.evenPurchase()
        try nights.run(
            Self.dumps(["settlements.csv": ["S2,R1,refund,40.00,2026-03-03T10:00:00Z"]]),
            asOf: "2026-03-04T02:00:00Z")
        #expect(try nights.open() == [])
    }

    @Test func aLateRefundFindsItsPaymentAsLongAsItIsCarried() throws {
        let refund = "S2,R1,refund,100.00,2026-06-10T10:00:00Z"
        let inTime = try Self.evenPurchase()
        // Chargebacks and refunds may come for 120 days after all was even.
        try inTime.run(Self.dumps(["settlements.csv": [refund]]), asOf: "2026-06-10T12:00:00Z")
        #expect(
            try inTime.rows("payments.csv").first?.contains(",100.00,100.00,0.00,0.00,") == true)
        #expect(try !inTime.open().contains { $0.contains("orphan_refund") })

        let tooLate = try Self.evenPurchase()
        try tooLate.run(Self.dumps(), asOf: "2026-07-02T12:00:00Z")
        #expect(try tooLate.rows("payments.csv").count == 1)
        try tooLate.run(
            Self.dumps(["settlements.csv": ["S2,R1,refund,100.00,2026-07-10T10:00:00Z"]]),
            asOf: "2026-07-10T12:00:00Z")
        #expect(try tooLate.open() == ["orphan_refund,,S2,"])
        #expect(try tooLate.rows("payments.csv").isEmpty)
    }

    @Test func whatIsReconciledLeavesAndItsUserKeepsTheFigures() throws {
        let nights = try Self.evenPurchase()
        let first = try nights.lines("dashboards.jsonl")
        #expect(try nights.rows("carried/totals.csv") == [])
        // The last of its times is the booking's day, the third of March.
        try nights.run(Self.dumps(), asOf: "2026-07-01T00:00:00Z")
        #expect(try nights.rows("carried/payments.csv").count == 1)
        try nights.run(Self.dumps(), asOf: "2026-07-01T00:00:01Z")
        for kind in ["payments", "settlements", "bookings", "orders"] {
            #expect(try nights.rows("carried/\(kind).csv") == [], "\(kind)")
        }
        #expect(
            try nights.rows("carried/totals.csv") == [
                "ama@example.com,GHS,1,0,0,100.00,0.00,0.000000,0.000000"
            ])
        #expect(try nights.rows("carried/recent.csv").count == 2)
        for day in 2...3 {
            try nights.run(Self.dumps(), asOf: "2026-07-0\(day)T02:00:00Z")
            #expect(try nights.lines("dashboards.jsonl") == first)
            #expect(
                try nights.rows("carried/totals.csv") == [
                    "ama@example.com,GHS,1,0,0,100.00,0.00,0.000000,0.000000"
                ])
        }
        // The same user comes again, in other capitals.
        try nights.run(
            Self.dumps([
                "payments.csv": ["P2,R2,AMA@example.com,5.00,failed,2026-07-03T10:00:00Z,,,"],
                "bookings.csv": [
                    "B2,,ama@EXAMPLE.com,7.00,completed,2026-07-03T10:00:00Z,2026-07-03"
                ],
            ]), asOf: "2026-07-04T02:00:00Z")
        let line = try #require(try nights.lines("dashboards.jsonl").first)
        #expect(try nights.lines("dashboards.jsonl").count == 1)
        #expect(line.contains("\"spent\":\"107.00\",\"bookings\":2,"))
        let ids = ["P2", "B2", "B1"].map { line.range(of: "\"id\":\"\($0)\"")?.lowerBound }
        let places = try ids.map { try #require($0) }
        #expect(places == places.sorted())
    }

    @Test func commissionOfWhatHasLeftIsPaidAndNotEmittedAgain() throws {
        let nights = try Nights(Self.definition)
        try nights.run(
            Self.dumps([
                "payments.csv": [Self.payment + "kojo@example.com"],
                "settlements.csv": [Self.charge], "bookings.csv": [Self.booking],
            ]), asOf: "2026-03-03T02:00:00Z")
        #expect(try nights.rows("transactions.csv").count == 2)
        #expect(try nights.rows("carried/emissions.csv").count == 2)
        let paid = "\"commission_paid\":\"10.00\""
        for day in ["2026-03-04", "2026-07-20", "2026-07-21", "2026-07-22"] {
            try nights.run(Self.dumps(), asOf: day + "T02:00:00Z")
            #expect(try nights.rows("transactions.csv") == [], "\(day)")
            #expect(try nights.text("dashboards.jsonl").contains(paid), "\(day)")
        }
        #expect(try nights.rows("carried/emissions.csv") == [])
        #expect(
            try nights.rows("carried/totals.csv") == [
                "ama@example.com,GHS,1,0,0,100.00,10.00,0.000000,0.000000",
                "kojo@example.com,GHS,0,0,0,0.00,0.00,0.000000,0.000000",
            ])
    }

    @Test func aChangedRowTakesThePlaceOfTheCarriedOneWithoutAWord() throws {
        let nights = try Nights(Self.definition)
        let pending = Self.payment.replacing("succeeded", with: "pending")
        try nights.run(
            Self.dumps(["payments.csv": [pending, Self.payment.replacing("P1", with: "P0")]]),
            asOf: "2026-03-02T10:10:00Z")
        for rows in [[Self.payment], [Self.payment], []] {
            try nights.run(
                Self.dumps([
                    "payments.csv": rows, "settlements.csv": [Self.charge],
                    "bookings.csv": [Self.booking],
                ]), asOf: "2026-03-03T02:00:00Z")
            #expect(try nights.rows("repeats.csv") == [])
            #expect(try nights.rows("carried/payments.csv").count == 2)
            #expect(try !nights.text("breaks.csv").contains("conflicting_evidence"))
            #expect(
                try nights.text("payments.csv").contains("P1,R1,ama@example.com,100.00,GHS,succ"))
        }
    }

    @Test func evidenceThatConflictedStaysInConflict() throws {
        let nights = try Nights(Self.definition)
        try nights.run(
            Self.dumps([
                "payments.csv": [Self.payment, Self.payment.replacing("100.00", with: "90.00")],
                "settlements.csv": [Self.charge],
            ]), asOf: "2026-03-03T02:00:00Z")
        let open = try nights.open()
        #expect(open.contains("conflicting_evidence,P1,,"))
        for day in 4...5 {
            try nights.run(Self.dumps(), asOf: "2026-03-0\(day)T02:00:00Z")
            #expect(try nights.open() == open)
            #expect(try nights.rows("new_bookings.csv") == [])
        }
        // One row that comes anew says what is so by now.
        try nights.run(Self.dumps(["payments.csv": [Self.payment]]), asOf: "2026-03-06T02:00:00Z")
        #expect(try !nights.open().contains("conflicting_evidence,P1,,"))
    }

    @Test func anOrderWaitsForItsPayment() throws {
        let nights = try Nights(Self.definition)
        try nights.run(
            Self.dumps(["orders.csv": ["O1,ama@example.com,Ada Tour,tour,4"]]),
            asOf: "2026-03-01T02:00:00Z")
        try nights.run(Self.dumps(), asOf: "2026-06-01T02:00:00Z")
        try nights.run(
            Self.dumps([
                "payments.csv": ["P1,R1,ama@example.com,9.00,succeeded,2026-06-02T10:00:00Z,,O1,"],
                "settlements.csv": ["S1,R1,charge,9.00,2026-06-02T10:01:00Z"],
            ]), asOf: "2026-06-03T02:00:00Z")
        #expect(try nights.rows("new_bookings.csv").first?.contains("Ada Tour,tour,4,9.00") == true)
        #expect(
            try nights.rows("carried/orders.csv").first?.hasSuffix("2026-03-01T02:00:00Z") == true)
        // An order that nobody pays goes after the same time.
        let unpaid = try Nights(Self.definition)
        try unpaid.run(
            Self.dumps(["orders.csv": ["O1,ama@example.com,Ada Tour,tour,4"]]),
            asOf: "2026-03-01T02:00:00Z")
        try unpaid.run(Self.dumps(), asOf: "2026-06-29T02:00:00Z")
        #expect(try unpaid.rows("carried/orders.csv").count == 1)
        try unpaid.run(Self.dumps(), asOf: "2026-06-29T02:00:01Z")
        #expect(try unpaid.rows("carried/orders.csv") == [])
    }

    @Test func aRecordThatComesAgainAfterItHasLeftIsRefused() throws {
        let nights = try Self.evenPurchase()
        try nights.run(Self.dumps(), asOf: "2026-07-02T02:00:00Z")
        let figures = try nights.lines("dashboards.jsonl")
        try nights.run(
            Self.dumps(["payments.csv": [Self.payment], "bookings.csv": [Self.booking]]),
            asOf: "2026-07-03T02:00:00Z")
        let rejects = try nights.rows("rejects.csv")
        #expect(rejects.count == 2)
        #expect(
            rejects.first?.hasPrefix(
                "payments.csv,2,created_at,\"older than carry.close_after") == true)
        #expect(try nights.rows("new_bookings.csv") == [])
        #expect(try nights.lines("dashboards.jsonl") == figures)
    }

    @Test func nothingLeavesWhatWasNotAskedFor() throws {
        let nights = try Self.evenPurchase()
        try nights.run(
            Self.dumps(), asOf: "2026-07-02T02:00:00Z", users: ["kofi@example.com"])
        #expect(try nights.rows("carried/payments.csv").count == 1)
        try nights.run(Self.dumps(), asOf: "2026-07-02T02:00:00Z")
        #expect(try nights.rows("carried/payments.csv").isEmpty)
    }

    @Test func whatIsOpenStaysForGood() throws {
        let nights = try Nights(Self.definition)
        let waiting = "P2,R2,esi@example.com,50.00,succeeded,2026-03-02T11:00:00Z,tour,,"
        try nights.run(
            Self.dumps([
                "payments.csv": [Self.payment, waiting],
                "settlements.csv": [
                    "S2,R2,charge,50.00,2026-03-02T11:01:00Z",
                    "S3,R3,charge,30.00,2026-03-02T11:01:00Z",
                ],
                "bookings.csv": [
                    "B3,,efua@example.com,20.00,confirmed,2026-03-02T10:05:00Z,2026-03-03"
                ],
            ]), asOf: "2026-03-03T02:00:00Z")
        for year in 2027...2028 {
            try nights.run(Self.dumps(), asOf: "\(year)-03-03T02:00:00Z")
            let open = Set(try nights.open())
            #expect(
                open.isSuperset(of: [
                    "missing_settlement,P1,,", "unknown_settlement,,S3,", "orphan_booking,,,B3",
                ]), "\(open)")
            // P2's booking still waits to be loaded.
            #expect(try nights.rows("carried/payments.csv").count == 2)
        }
    }

    @Test(arguments: ["payments", "settlements", "bookings", "orders", "totals", "taken_ids"])
    func whatWasHandedOnMustBeThereAndWhole(file: String) throws {
        let name = "carried/\(file).csv"
        let gone = try Self.evenPurchase()
        try gone.remove(name)
        #expect(throws: TrueupError.self) {
            try gone.run(Self.dumps(), asOf: "2026-03-04T02:00:00Z")
        }
        let cut = try Self.evenPurchase()
        try cut.damage(name, try cut.text(name) + "x\n")
        #expect(throws: TrueupError.self) {
            try cut.run(Self.dumps(), asOf: "2026-03-04T02:00:00Z")
        }
    }

    @Test func aNightWithoutAFileFails() throws {
        let nights = try Nights(Self.definition)
        var dumps = Self.dumps()
        dumps["orders.csv"] = nil
        #expect(throws: TrueupError.self) {
            try nights.run(dumps, asOf: "2026-03-04T02:00:00Z")
        }
    }

    @Test func fullDumpsHandNoRecordsOnAndMayBeFollowedByIncrementalOnes() throws {
        let full = Self.definition.replacing("incremental", with: "full")
        let nights = try Nights(full)
        let first = Self.dumps(["payments.csv": [Self.payment], "settlements.csv": [Self.charge]])
        try nights.run(first, asOf: "2026-03-03T02:00:00Z")
        #expect(throws: (any Error).self) { try nights.text("carried/payments.csv") }
        let made = try nights.rows("new_bookings.csv")
        #expect(made.count == 1)
        let after = try nights.continued(under: Self.definition)
        try after.run(first, asOf: "2026-03-04T02:00:00Z")
        #expect(try after.rows("new_bookings.csv") == [])
        try after.run(Self.dumps(), asOf: "2026-03-05T02:00:00Z")
        #expect(try after.rows("payments.csv").count == 1)
        #expect(try after.rows("new_bookings.csv") == [])
    }
}
