import Foundation
import Testing

/// `trueup load-sql`, held against a real PostgreSQL server.
@Suite struct LoadSQLTests {
    private func script(_ night: Night, _ options: [String] = []) throws -> Ending {
        try Launch(program: Project.trueup, arguments: ["load-sql", night.out] + options).run()
    }

    @Test func loadingTwiceAndExportingLeavesNothingToDo() throws {
        let night = try Night.tours()
        let server = try PostgresServer(night.workspace)
        try server.importTable("payments", night.dump("payments.csv"), key: "payment_id")
        try server.importTable("bookings", night.dump("bookings.csv"), key: "booking_id")
        let run = try night.publish()
        let sql = try script(night)
        #expect(sql.code == 0)
        #expect(sql.errors.isEmpty)
        try server.execute(sql.output)
        let once = try server.export("bookings", orderedBy: "booking_id")
        try server.execute(sql.output)
        #expect(try server.export("bookings", orderedBy: "booking_id") == once)

        let made = try run.table("new_bookings.csv").rows.count
        let tickets = try run.table("new_tickets.csv").rows.count
        #expect(made > 0 && tickets > 0)
        #expect(try once.rows.count == night.dump("bookings.csv").rows.count + made + tickets)
        try night.write(
            server.export("payments", orderedBy: "payment_id"), "payments.csv")
        try night.write(once, "bookings.csv")
        let second = try night.publish(asOf: "2025-09-01T02:00:00Z")
        for file in PublishedRun.emissions {
            #expect(try second.table(file).rows.isEmpty, "\(file)")
        }
        #expect(try second.table("carried/emissions.csv").rows.isEmpty)
    }

    @Test func whatSomebodyHasChangedSinceIsLeftAlone() throws {
        let night = try Night.tours()
        let server = try PostgresServer(night.workspace)
        try server.importTable("payments", night.dump("payments.csv"), key: "payment_id")
        try server.importTable("bookings", night.dump("bookings.csv"), key: "booking_id")
        let run = try night.publish()
        let update = try #require(try run.table("status_updates.csv").columns("payment_id").first)
        let link = try #require(try run.table("booking_links.csv").columns("booking_id").first)
        try server.execute(
            "UPDATE payments SET status = 'refunded by hand' WHERE payment_id = '\(update[0])';"
                + "UPDATE bookings SET payment_reference = 'by hand' "
                + "WHERE booking_id = '\(link[0])';")
        try server.execute(script(night).output)
        let payments = try server.export("payments", orderedBy: "payment_id")
        #expect(
            payments.rows(where: "payment_id", is: update[0]).map {
                payments.value($0, "status")
            } == ["refunded by hand"])
        let bookings = try server.export("bookings", orderedBy: "booking_id")
        #expect(
            bookings.rows(where: "booking_id", is: link[0]).map {
                bookings.value($0, "payment_reference")
            } == ["by hand"])
    }

    @Test func hostileTextsStayTexts() throws {
        let night = try Night.tours()
        let name = "x'); DROP TABLE bookings; --\\"
        try night.append(
            [
                "PAY-9001,TGH-9001,\"o'hara@example.com\",10.00,GHS,successful,"
                    + "2025-08-01T10:00:00Z,2025-08-01T10:01:00Z,Tour,"
                    + "\"{\"\"destination_name\"\": \"\"\(name)\\\"\"}\",mtn-momo"
            ], to: "payments.csv")
        try night.append(
            ["9001,TGH-9001,charge,SUCCESSFUL,10.00,0.10,GHS,2025-08-01T10:00:30Z"],
            to: "momo-2025-08.csv")
        try night.redefine("unidentified: review", "unidentified: emit")
        let server = try PostgresServer(night.workspace)
        try server.importTable("payments", night.dump("payments.csv"), key: "payment_id")
        try server.importTable("bookings", night.dump("bookings.csv"), key: "booking_id")
        let run = try night.publish()
        let booked = try run.table("new_bookings.csv")
            .rows(where: "payment_id", is: "PAY-9001")
        #expect(booked.count == 1)
        try server.execute(script(night).output)
        let bookings = try server.export("bookings", orderedBy: "booking_id")
        #expect(bookings["user_email"].contains("o'hara@example.com"))
    }

    @Test func aRunByItsNameAndWhatIsNoRun() throws {
        let night = try Night.tours()
        let first = try night.publish()
        try night.publish(asOf: "2025-09-01T02:00:00Z")
        let script = try script(night, ["--run", first.name])
        #expect(script.output.contains("-- What run \(first.name) "))
        #expect(script.output.contains("INSERT INTO \"bookings\""))
        #expect(try self.script(night).output.contains("INSERT") == false)
        let strange = try self.script(night, ["--run", "20200101T000000Z-abcdef"])
        #expect(strange.code == 1)
        #expect(strange.errors.contains("there is no such run"))
        #expect(try self.script(night, ["--run", "latest"]).code == 2)
    }

    @Test func aDefinitionWithoutTablesIsToldSo() throws {
        let night = try Night.tours()
        let text = try Files.text(night.definition)
        let head = try #require(text.range(of: "\nload:"))
        try Files.write(String(text[..<head.lowerBound]) + "\n", to: night.definition)
        try night.publish()
        let ending = try script(night)
        #expect(ending.code == 2)
        #expect(ending.errors.contains("a section load"))
    }
}
