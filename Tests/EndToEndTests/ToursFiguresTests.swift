import Foundation
import Testing

/// The figures that the sample dumps of the tours are known to give.
@Suite struct ToursFiguresTests {
    let ending: Ending
    let night: Night
    let run: PublishedRun

    init() throws {
        night = try Night.tours()
        ending = try night.run()
        run = try night.latest()
    }

    @Test func criticalBreaksGiveExitCodeThree() {
        #expect(ending.code == 3)
        #expect(ending.errors == "")
        #expect(ending.output.contains("13 breaks are open"))
        #expect(ending.output.contains(run.name))
    }

    @Test func oneCustomersSummaryIsWholeAgain() throws {
        let ama = try #require(try run.dashboards()["ama@example.com"])
        let before = try #require(ama["before"] as? [String: Any])
        let names = ["bookings", "tickets", "spent", "level", "points"]
        #expect(
            names.map { text(of: before[$0]) } == ["11", "0", "10920.00", "Platinum", "1092"])
        #expect(names.map { text(of: ama[$0]) } == ["20", "0", "14620.00", "Platinum", "1462"])
        #expect(text(of: ama["currency"]) == "GHS")
        #expect(text(of: ama["open_breaks"]) == "0")
    }

    @Test(arguments: [
        ["PAY-1137", "D-01", "Cape Coast Castle Historical Tour", "650.00"],
        ["PAY-1151", "D-02", "Kumasi Cultural Heritage Tour", "380.00"],
        ["PAY-1164", "D-02", "Kumasi Cultural Heritage Tour", "380.00"],
        ["PAY-1184", "D-02", "Kumasi Cultural Heritage Tour", "380.00"],
        ["PAY-1197", "D-02", "Kumasi Cultural Heritage Tour", "380.00"],
        ["PAY-1217", "D-02", "Kumasi Cultural Heritage Tour", "380.00"],
        ["PAY-1225", "D-03", "Kakum Canopy Walk Adventure", "520.00"],
        ["PAY-1234", "D-04", "Manhyia Palace Cultural Tour", "350.00"],
        ["PAY-1246", "D-05", "Aburi Gardens Nature Escape", "280.00"],
    ])
    func herMissingBookingIsMade(facts: [String]) throws {
        let table = try run.table("new_bookings.csv")
        let rows = table.rows(where: "payment_id", is: facts[0])
        try #require(rows.count == 1)
        let names = ["item_id", "item_name", "amount"]
        #expect(names.map { table.value(rows[0], $0) } == Array(facts.dropFirst()))
        #expect(table.value(rows[0], "user") == "ama@example.com")
        #expect(table.value(rows[0], "kind") == "destination")
        #expect(table.value(rows[0], "participants") == "1")
        #expect(table.value(rows[0], "currency") == "GHS")
        #expect(table.value(rows[0], "status") == "confirmed")
        // Seven days after the day of the run.
        #expect(table.value(rows[0], "booking_date") == "2025-09-07")
        #expect(table.value(rows[0], "special_requests").contains(facts[0]))
        #expect(table.value(rows[0], "origin").contains("item=catalogue"))
        #expect(
            table.value(rows[0], "booking_id").wholeMatch(of: /BK-[0-9A-F]{8}/) != nil)
    }

    @Test func sheHasNineNewBookingsAndNoMore() throws {
        let rows = try run.table("new_bookings.csv").rows(where: "user", is: "ama@example.com")
        #expect(rows.count == 9)
        let tickets = try run.table("new_tickets.csv").rows(where: "user", is: "ama@example.com")
        #expect(tickets.isEmpty)
    }

    @Test func everyOtherMissingBookingIsMadeAndNothingElse() throws {
        let table = try run.table("new_bookings.csv")
        let others = table.columns("payment_id", "user", "item_id", "participants", "booking_date")
            .filter { $0[1] != "ama@example.com" }
        #expect(
            Set(others) == [
                ["PAY-1168", "kofi@example.com", "D-01", "2", "2025-09-14"],
                ["PAY-1177", "akosua@example.com", "D-06", "1", "2025-09-07"],
                ["PAY-1186", "selorm@example.com", "D-12", "1", "2025-09-07"],
                ["PAY-1202", "kwame@example.com", "D-08", "1", "2025-09-07"],
                ["PAY-1209", "abena@example.com", "D-10", "1", "2025-09-07"],
                ["PAY-1219", "yaa@example.com", "D-19", "1", "2025-09-07"],
                ["PAY-1242", "kwesi@example.com", "D-16", "1", "2025-09-07"],
            ])
        #expect(others.count == 7)
        let tickets = try run.table("new_tickets.csv")
            .columns("payment_id", "user", "item_id", "quantity", "event_date")
        #expect(
            tickets == [
                ["PAY-1228", "adwoa@example.com", "T-01", "1", "2025-09-07"],
                ["PAY-1239", "dzifa@example.com", "T-02", "3", "2025-09-06"],
            ])
    }

    @Test func everyPlantedBreakIsFoundAndNothingElse() throws {
        let breaks = try run.table("breaks.csv")
        let found = breaks.columns("code", "payment_id", "settlement_id", "booking_id", "at_risk")
        let planted: [[String]] = [
            ["stuck", "PAY-1254", "", "", "300.00"],
            ["false_failure", "PAY-1193", "25061011640", "", "420.00"],
            ["missing_settlement", "PAY-1203", "", "", "500.00"],
            ["settled_short", "PAY-1120", "", "", "50.00"],
            ["duplicate_settlement", "PAY-1174", "25060925251", "", "520.00"],
            ["unknown_settlement", "", "25061112356", "", "415.00"],
            ["duplicate_line", "", "25060830159", "", "0.00"],
            ["reused_reference", "PAY-1130", "", "", "350.00"],
            ["reused_reference", "PAY-1133", "", "", "440.00"],
            ["duplicate_booking", "PAY-1141", "", "BKG-5135", "960.00"],
            ["orphan_booking", "", "", "BKG-5201", "800.00"],
            ["unidentified_item", "PAY-1220", "", "", "430.00"],
            ["unidentified_item", "PAY-1230", "", "", "160.00"],
            ["unidentified_item", "PAY-1232", "", "", "275.00"],
        ]
        #expect(Set(found) == Set(planted))
        #expect(found.count == planted.count)
        #expect(Set(breaks["break_id"]).count == breaks.rows.count)
    }

    @Test func statusesFollowTheGateway() throws {
        let updates = try run.table("status_updates.csv")
            .columns("payment_id", "from_status", "to_status", "settlement_id")
        #expect(
            updates == [
                ["PAY-1241", "pending", "succeeded", "25061215651"],
                ["PAY-1242", "pending", "succeeded", "25061223257"],
                ["PAY-1251", "pending", "failed", "25061257560"],
            ])
    }

    @Test func bookingsWithoutReferenceAreLinkedToTheirPayments() throws {
        let links = try run.table("booking_links.csv")
        let payments = [
            1017, 1019, 1056, 1084, 1149, 1157, 1158, 1185, 1200, 1207, 1210, 1250,
        ]
        #expect(links["payment_id"] == payments.map { "PAY-\($0)" })
        #expect(Set(links["booking_id"]).count == payments.count)
        #expect(Set(links["match_rule"]) == ["attributes"])
    }

    @Test(arguments: [
        ("PAY-1257", "expected"), ("PAY-1256", "expected"), ("PAY-1106", "reconciled"),
        ("PAY-1206", "reconciled"), ("PAY-1089", "reconciled"), ("PAY-1204", "closed"),
        ("PAY-1137", "backfilled"), ("PAY-1241", "updated"), ("PAY-1203", "break"),
    ])
    func whatAgreesIsNoBreak(payment: String, outcome: String) throws {
        let payments = try run.table("payments.csv")
        let rows = payments.rows(where: "payment_id", is: payment)
        #expect(rows.map { payments.value($0, "outcome") } == [outcome])
    }

    @Test func unidentifiedItemsAreBookedWhereTheDefinitionSaysSo() throws {
        let other = try Night.tours()
        try other.redefine("unidentified: review", "unidentified: emit")
        let run = try other.publish()
        let bookings = try run.table("new_bookings.csv")
        let tickets = try run.table("new_tickets.csv")
        let unidentified = ["PAY-1220", "PAY-1230", "PAY-1232"]
        #expect(bookings["payment_id"].filter(unidentified.contains) == ["PAY-1220", "PAY-1232"])
        #expect(tickets["payment_id"].filter(unidentified.contains) == ["PAY-1230"])
        #expect(tickets.rows(where: "item_name", is: "VIP event ticket").count == 1)
        #expect(try run.table("breaks.csv").rows(where: "code", is: "unidentified_item").isEmpty)
    }
}
