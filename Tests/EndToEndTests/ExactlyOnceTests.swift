import Foundation
import Testing

/// Running again repeats nothing, whether or not what was emitted has been loaded.
@Suite struct ExactlyOnceTests {
    @Test(arguments: [
        [Night.asOf, Night.asOf], ["2025-09-01T02:00:00Z", "2025-09-02T02:00:00Z"],
        [Night.asOf, "2025-09-01T02:00:00Z"],
    ])
    func runningAgainEmitsNothing(later: [String]) throws {
        let night = try Night.tours()
        let first = try night.publish()
        #expect(
            try first.emitted() == [
                "status_updates.csv": 3, "booking_links.csv": 12, "new_bookings.csv": 16,
                "new_tickets.csv": 2,
            ])
        for asOf in later {
            let next = try night.publish(asOf: asOf)
            #expect(try next.emitted() == [:], "as of \(asOf)")
            #expect(try next.figures() == first.figures(), "as of \(asOf)")
            #expect(next.name != first.name)
            #expect(
                try Files.bytes(next.folder + "/carried/emissions.csv")
                    == Files.bytes(first.folder + "/carried/emissions.csv"))
        }
    }

    @Test(arguments: [Night.asOf, "2025-09-01T02:00:00Z"])
    func loadingWhatWasEmittedLeavesNothingToDo(asOf: String) throws {
        let night = try Night.tours()
        let first = try night.publish()
        try load(first, into: night)
        let second = try night.publish(asOf: asOf)
        #expect(try second.emitted() == [:])
        #expect(try second.table("carried/emissions.csv").rows.isEmpty)
        #expect(try second.figures() == first.figures())
        let made = Set(
            try first.table("new_bookings.csv")["booking_id"]
                + first.table("new_tickets.csv")["ticket_id"])
        let bookings = try second.table("bookings.csv")
        let loaded = bookings.rows.filter { made.contains(bookings.value($0, "booking_id")) }
        #expect(loaded.count == made.count)
        #expect(Set(loaded.map { bookings.value($0, "outcome") }) == ["matched"])
        #expect(Set(bookings["outcome"]).isSubset(of: ["matched", "duplicate", "orphan", "open"]))
        let third = try night.publish(asOf: asOf)
        #expect(try third.emitted() == [:])
        #expect(try third.figures() == first.figures())
    }

    @Test func loadingHalfOfItLeavesTheOtherHalfWaiting() throws {
        let night = try Night.tours()
        let first = try night.publish()
        let made = try first.table("new_bookings.csv")
        let half = Array(made["booking_id"].prefix(8))
        try load(first, into: night) { half.contains($0) }
        let second = try night.publish()
        #expect(try second.emitted() == [:])
        #expect(try second.figures() == first.figures())
        let waiting = try second.table("carried/emissions.csv")
        let all = Set(made["booking_id"])
        #expect(Set(waiting["id"].filter(all.contains)) == all.subtracting(half))
    }

    @Test func aBookingLoadedWithoutItsPaymentStaysWithIt() throws {
        let night = try Night.tours()
        let first = try night.publish()
        let made = try first.table("new_bookings.csv")
        var bookings = try night.dump("bookings.csv")
        for row in made.rows {
            let value = { (column: String) in made.value(row, column) }
            bookings.rows.append([
                value("booking_id"), "", value("user"), value("item_name"), value("kind"),
                value("participants"), value("amount"), value("currency"), value("status"),
                value("booking_date"), Night.asOf,
            ])
        }
        try night.write(bookings, "bookings.csv")
        let second = try night.publish()
        #expect(try second.emitted() == ["booking_links.csv": made.rows.count])
        let links = try second.table("booking_links.csv")
        #expect(links["payment_id"].sorted() == made["payment_id"].sorted())
        #expect(links["booking_id"].sorted() == made["booking_id"].sorted())
        #expect(try second.figures() == first.figures())
        #expect(
            try second.table("breaks.csv")["code"] == first.table("breaks.csv")["code"])
        // And the link that was told of once is not told of again.
        let third = try night.publish()
        #expect(try third.emitted() == [:])
        #expect(try third.figures() == first.figures())
    }

    @Test func theSamePaymentGetsTheSameBookingInAnotherFolder() throws {
        let night = try Night.tours()
        let here = try night.publish()
        let there = try night.publish(
            ["--no-archive"], asOf: "2026-01-01T00:00:00Z", out: night.workspace.at("other"))
        #expect(try here.made() == there.made())
        #expect(!Files.exists(there.archive))
        #expect(Files.exists(here.archive))
    }

    /// Does to the dumps what an importer of the emissions would do to the system.
    private func load(
        _ run: PublishedRun, into night: Night, where isLoaded: (String) -> Bool = { _ in true }
    ) throws {
        var bookings = try night.dump("bookings.csv")
        let payments = try night.dump("payments.csv")
        let references = Dictionary(
            uniqueKeysWithValues: zip(payments["payment_id"], payments["reference"]))
        let links = try run.table("booking_links.csv")
        let linked = Dictionary(uniqueKeysWithValues: zip(links["booking_id"], links["payment_id"]))
        bookings.update("payment_reference", by: "booking_id") { id in
            linked[id].flatMap { references[$0] }
        }
        let made = [
            ("new_bookings.csv", "booking_id", "participants", "booking_date"),
            ("new_tickets.csv", "ticket_id", "quantity", "event_date"),
        ]
        for (file, id, quantity, date) in made {
            let table = try run.table(file)
            for row in table.rows where isLoaded(table.value(row, id)) {
                let value = { (column: String) in table.value(row, column) }
                bookings.rows.append([
                    value(id), references[value("payment_id")] ?? "", value("user"),
                    value("item_name"), file == "new_tickets.csv" ? "ticket" : value("kind"),
                    value(quantity), value("amount"), value("currency"), value("status"),
                    value(date), Night.asOf,
                ])
            }
        }
        try night.write(bookings, "bookings.csv")
        try loadStatuses(run, into: night)
    }

    private func loadStatuses(_ run: PublishedRun, into night: Night) throws {
        var payments = try night.dump("payments.csv")
        let updates = try run.table("status_updates.csv")
        let statuses = Dictionary(
            uniqueKeysWithValues: zip(updates["payment_id"], updates["to_status"]))
        let words = ["succeeded": "successful", "failed": "failed"]
        payments.update("status", by: "payment_id") { id in statuses[id].flatMap { words[$0] } }
        try night.write(payments, "payments.csv")
    }
}
