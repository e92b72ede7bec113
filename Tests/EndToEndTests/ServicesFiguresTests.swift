import Foundation
import Testing

/// Services: payments that stayed initiated, settled by the gateway's own word.
@Suite struct ServicesFiguresTests {
    static let asOf = "2025-11-06T20:35:00Z"
    static let stuck = ["PAY-04217", "PAY-04229", "PAY-04236"]
    let night: Night
    let run: PublishedRun

    init() throws {
        night = try Night.sample("services")
        run = try night.publish(asOf: Self.asOf)
    }

    @Test func thirtyNineAndFourBecomeFortyTwoAndOne() throws {
        let dump = try night.dump("payments.csv")
        #expect(tally(dump["status"]) == ["SUCCESS": 39, "INITIATED": 4])
        let payments = try run.table("payments.csv")
        #expect(tally(payments["status"]) == ["succeeded": 39, "pending": 4])
        #expect(tally(payments["resolved_status"]) == ["succeeded": 42, "pending": 1])
        #expect(try run.table("breaks.csv").rows.isEmpty)
    }

    @Test func threeBookingsAreMadeFromTheCartsOfTheirPayments() throws {
        let made = try run.table("new_bookings.csv")
        #expect(made["payment_id"] == Self.stuck)
        let carts = try night.dump("carts.csv")
        let payments = try night.dump("payments.csv")
        for row in made.rows {
            #expect(made.value(row, "booking_id").wholeMatch(of: /BK-[0-9A-F]{8}/) != nil)
            let payment = try #require(
                payments.rows(where: "payment_id", is: made.value(row, "payment_id")).first)
            let cart = try #require(
                carts.rows(where: "cart_id", is: payments.value(payment, "cart_id")).first)
            for (ours, theirs) in [
                ("item_name", "service"), ("kind", "category"), ("participants", "quantity"),
                ("amount", "amount"), ("user", "customer_email"), ("booking_date", "slot_date"),
            ] {
                #expect(made.value(row, ours) == carts.value(cart, theirs), "\(ours)")
            }
            #expect(made.value(row, "origin").contains("item=order"))
        }
        let updates = try run.table("order_updates.csv")
        #expect(updates["payment_id"] == Self.stuck)
        #expect(Set(updates["to_status"]) == ["paid"])
    }

    @Test func theSecondRunMakesNothing() throws {
        let second = try night.publish(asOf: "2025-11-06T20:36:00Z")
        #expect(try second.emitted() == [:])
        // Not when all of it has been loaded, either.
        try night.editLines("payments.csv") { line in
            Self.stuck.contains { line.hasPrefix($0) }
                ? line.replacing("INITIATED", with: "SUCCESS") : line
        }
        let made = try run.table("new_bookings.csv")
        try night.append(
            made.columns(
                "booking_id", "payment_id", "user", "item_name", "kind", "participants", "amount",
                "currency", "status", "booking_date"
            ).map { $0.map(CSVTable.quoted).joined(separator: ",") + ",2025-11-06T20:36:00Z" },
            to: "bookings.csv")
        let paid = Set(try run.table("order_updates.csv")["id"])
        try night.editLines("carts.csv") { line in
            paid.contains(String(line.prefix(10)))
                ? line.replacing("ACTIVE", with: "ORDERED") : line
        }
        let third = try night.publish(asOf: "2025-11-06T20:37:00Z")
        #expect(try third.emitted() == [:])
        #expect(try third.table("carried/emissions.csv").rows.isEmpty)
        #expect(try third.table("breaks.csv").rows.isEmpty)
    }

    /// The older word and the newer one mean the same.
    @Test func successAndCompletedAreOneState() throws {
        let words = tally(try night.dump("phonepe-transactions.csv")["Transaction Status"])
        #expect(words["SUCCESS"] != nil && words["COMPLETED"] != nil)
        #expect(
            tally(try run.table("settlements.csv")["state"]) == [
                "completed": 42, "pending": 1, "failed": 2,
            ])
    }

    @Test func aPaymentYoungerThanHalfAMinuteIsLeftAlone() throws {
        let early = night.workspace.at("early")
        try night.edit("phonepe-transactions.csv") { $0.replacing("PENDING", with: "COMPLETED") }
        // PAY-04243 was created at 20:20:12.
        let young = try night.publish(asOf: "2025-11-06T20:20:41Z", out: early)
        #expect(try young.table("status_updates.csv")["payment_id"] == Self.stuck)
        let told = try Launch(
            program: Project.trueup, arguments: ["explain", early, "MO251131731"]
        ).run()
        #expect(told.output.contains("too young"))
        let old = try night.publish(asOf: "2025-11-06T20:20:42Z", out: early)
        #expect(try old.table("status_updates.csv")["payment_id"] == ["PAY-04243"])
    }

    @Test func oneMerchantOrderIDIsVerifiedAtAnyTime() throws {
        let settled = try night.story("MO251131289")
        #expect(settled.contents == ["payment PAY-04217"])
        #expect(
            settled.section("What the dumps say", of: "PAY-04217").contains {
                $0.contains("completed charge of 1299.00 INR")
            })
        #expect(
            settled.section("Emitted", of: "PAY-04217").contains {
                $0.hasPrefix("order_updates.csv: order CART-70151: from open to paid")
            })
        let waiting = try night.story("MO251131731")
        #expect(
            waiting.section("How it was resolved", of: "PAY-04243")[0].contains(
                "still on its way"))
        // What the gateway has and the shop does not know is told as well.
        try night.append(
            [
                "DEMOSERVICES,MO999,T251,FORWARD_TRANSACTION,2025-11-06 10:00:00,10.00,UPI,"
                    + "COMPLETED,1"
            ], to: "phonepe-transactions.csv")
        try night.publish(asOf: "2025-11-06T20:38:00Z")
        let stray = try night.explain("MO999")
        #expect(stray.output.contains("What the gateway has"))
        #expect(stray.output.contains("completed charge of 10.00 INR"))
    }

    @Test func aCartTellsWhatBecameOfIt() throws {
        let story = try night.story("CART-70151")
        #expect(story.contents == ["order CART-70151", "payment PAY-04217"])
        #expect(
            story.section("Emitted", of: "CART-70151")
                == ["order_updates.csv: from open to paid, by payment PAY-04217"])
        try night.publish(asOf: "2025-11-06T20:36:00Z")
        let later = try night.story("CART-70151").section("Emitted", of: "CART-70151")
        #expect(later.count == 1 && later[0].hasPrefix("earlier run: paid by payment PAY-04217"))
    }
}
