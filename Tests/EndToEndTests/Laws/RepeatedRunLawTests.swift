import Foundation
import Testing

/// Law 6: what was emitted once is not emitted again, whether or not it was loaded.
@Suite(.enabled(if: isInstalled("python3", "--version"), "the dumps are written by python3"))
struct RepeatedRunLawTests {
    private func night(_ seed: Int) throws -> Night {
        let night = Night(try Workspace())
        // What is no record cannot be read, changed and written again.
        try night.tell(seed: seed, ["--rejects", "0"])
        return night
    }

    @Test(arguments: Night.lawSeeds.prefix(3))
    func runningAgainEmitsNothing(seed: Int) throws {
        let night = try night(seed)
        let first = try night.publishLaws()
        let second = try night.publishLaws()
        #expect(try first.emitted().count >= 7)
        #expect(try second.emitted() == [:])
        #expect(try second.figures() == first.figures())
        try expectSameRows(
            AccuracyTests.identities(first.table("breaks.csv")),
            AccuracyTests.identities(second.table("breaks.csv")), "open items of seed \(seed)")
    }

    @Test(arguments: Night.lawSeeds.prefix(3))
    func loadingEverythingLeavesNothingToDo(seed: Int) throws {
        let night = try night(seed)
        let first = try night.publishLaws()
        try load(first, into: night)
        for _ in 1...2 {
            let next = try night.publishLaws()
            #expect(try next.emitted() == [:])
            #expect(try next.figures() == first.figures())
            try expectSameRows(
                AccuracyTests.identities(first.table("breaks.csv")),
                AccuracyTests.identities(next.table("breaks.csv")), "open items of seed \(seed)")
            // Only what appears in no dump is remembered.
            let waiting = try next.table("carried/emissions.csv")
            let remembered: Set = [
                "commission", "payout", "commission_reversal", "payout_reversal",
            ]
            #expect(Set(waiting["thing"]).isSubset(of: remembered))
        }
    }

    /// A run into an empty folder that has never seen the emissions finds them loaded all the same.
    @Test(arguments: Night.lawSeeds.prefix(3))
    func whatWasLoadedIsThereForEverybody(seed: Int) throws {
        let night = try night(seed)
        let first = try night.publishLaws()
        try load(first, into: night)
        let other = try night.publishLaws(out: night.workspace.at("other"))
        let emitted = try other.emitted().filter {
            !["transactions.csv", "payouts.csv", "payout_lines.csv"].contains($0.key)
        }
        #expect(emitted == [:])
        try expectSameRows(
            AccuracyTests.identities(first.table("breaks.csv")),
            AccuracyTests.identities(other.table("breaks.csv")), "open items of seed \(seed)")
        try expectSameRows(
            first.table("transactions.csv").rows, other.table("transactions.csv").rows,
            "transactions of seed \(seed)")
    }

    /// Each status, link, booking and ticket that nobody loads is a break of its own once it has
    /// waited for longer than three days, until it is loaded.
    @Test(arguments: Night.lawSeeds.prefix(3))
    func whatNobodyLoadsIsABreakUntilItIsLoaded(seed: Int) throws {
        let night = try night(seed)
        let first = try night.publishLaws()
        let payments = try first.table("payments.csv")
        let amounts = payments.lookup("amount", by: "payment_id")
        let emitted = try night.truth("emissions.csv")["payment_id"].map {
            [$0, amounts[$0] ?? ""]
        }
        func unapplied(_ run: PublishedRun) throws -> [[String]] {
            let breaks = try run.table("breaks.csv")
            return breaks.rows(where: "code", is: "unapplied_emission").map {
                [breaks.value($0, "payment_id"), breaks.value($0, "at_risk")]
            }
        }
        #expect(try unapplied(first) == [])
        #expect(try unapplied(night.publishLaws(asOf: "2025-11-23T02:00:00Z")) == [])
        let late = try night.publishLaws(asOf: "2025-11-23T02:00:01Z")
        try expectSameRows(emitted, unapplied(late), "unapplied emissions of seed \(seed)")
        try load(first, into: night)
        let loaded = try night.publishLaws(asOf: "2025-11-23T02:00:02Z")
        #expect(try unapplied(loaded) == [])
        let cleared = try loaded.table("cleared.csv").rows(where: "code", is: "unapplied_emission")
        #expect(cleared.count == emitted.count)
    }

    /// Does to the dumps what an importer of the emissions would do to the system.
    private func load(_ run: PublishedRun, into night: Night) throws {
        var payments = try night.dump("payments.csv")
        let statuses = try run.table("status_updates.csv").lookup("to_status", by: "payment_id")
        payments.update("status", by: "id") { statuses[$0] }
        try night.write(payments, "payments.csv")

        var orders = try night.dump("orders.csv")
        let finished = try run.table("order_updates.csv").lookup("to_status", by: "id")
        orders.update("status", by: "id") { finished[$0] }
        try night.write(orders, "orders.csv")

        var bookings = try night.dump("bookings.csv")
        let links = try run.table("booking_links.csv").lookup("payment_id", by: "booking_id")
        bookings.update("payment", by: "id") { links[$0] }
        for (file, id, quantity) in [
            ("new_bookings.csv", "booking_id", "participants"),
            ("new_tickets.csv", "ticket_id", "quantity"),
        ] {
            let table = try run.table(file)
            for row in table.rows {
                let values = [
                    "id": table.value(row, id), "payment": table.value(row, "payment_id"),
                    "user": table.value(row, "user"), "item": table.value(row, "item_name"),
                    "quantity": table.value(row, quantity), "amount": table.value(row, "amount"),
                    "currency": table.value(row, "currency"),
                    "status": table.value(row, "status"), "created_at": Night.endOfLaws,
                    "kind": file == "new_tickets.csv" ? "ticket" : table.value(row, "kind"),
                ]
                bookings.rows.append(bookings.header.map { values[$0] ?? "" })
            }
        }
        try night.write(bookings, "bookings.csv")
    }
}
