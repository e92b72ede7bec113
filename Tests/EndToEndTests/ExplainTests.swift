import Foundation
import Testing

/// `trueup explain` over the sample tours, each story held against the dumps.
@Suite struct ExplainTests {
    let night: Night

    init() throws {
        night = try Night.tours()
        try night.publish()
    }

    // MARK: Whole texts

    /// Set `TRUEUP_RECORD=1` to write the texts anew; the test then fails.
    @Test(arguments: ["PAY-1137", "PAY-1017", "PAY-1251", "PAY-1106"])
    func tellsTheRecordedStory(_ reference: String) throws {
        let ending = try night.explain(reference)
        #expect(ending.code == 0 && ending.errors == "")
        let latest = try night.latest()
        // Ids of breaks and runs depend on more than the story.
        let told = ending.output.replacing(latest.name, with: "RUN")
            .replacing(/BR-[0-9A-F]{16}/, with: "BR-0123456789ABCDEF")
        let path = "\(Project.goldens)/explain_\(reference).txt"
        if ProcessInfo.processInfo.environment["TRUEUP_RECORD"] != nil {
            try Files.write(told, to: path)
            Issue.record("recorded \(path)")
            return
        }
        #expect(told == (try Files.text(path)), "record anew with TRUEUP_RECORD=1")
        for line in told.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    }

    // MARK: Places

    /// Every place that a story names is the line on which the record begins.
    @Test func placesAreThoseOfTheDumps() throws {
        let files = [
            "payments.csv": "payment_id", "settlements.csv": "settlement_id",
            "bookings.csv": "booking_id",
        ]
        var seen: Set<String> = []
        // PAY-1012, PAY-1034 and PAY-1180 have descriptions of two lines.
        let payments = try night.dump("payments.csv")["payment_id"]
        let some = payments.enumerated().filter { $0.offset.isMultiple(of: 9) }.map(\.element)
        for payment in some + ["PAY-1012", "PAY-1034", "PAY-1035", "PAY-1180", "PAY-1106"] {
            let story = try night.story(payment)
            for (file, column) in files {
                for row in story.rows[file] ?? [] {
                    let place = try #require(row["place"])
                    let id = try #require(row[column])
                    #expect(try night.line(place).hasPrefix(id + ","), "\(place) for \(id)")
                    seen.insert(id)
                }
            }
        }
        #expect(seen.count > 80)
    }

    // MARK: Each kind of thing

    @Test func aBackfilledPayment() throws {
        let story = try night.story("PAY-1168")
        #expect(story.contents == ["payment PAY-1168"])
        let made = try night.latest().table("new_bookings.csv")
        let row = try #require(made.rows(where: "payment_id", is: "PAY-1168").first)
        let told = story.section("Backfill", of: "PAY-1168")
        #expect(
            told == [
                "It succeeded, its money is evidenced, and it had no booking: one was made.",
                "booking: \(made.value(row, "booking_id")), confirmed",
                "item: Cape Coast Castle Historical Tour (D-01), from the payment's details",
                "kind: destination, from the catalogue, found by what the payment says",
                "participants: 2, from the payment's details",
                "date: 2025-09-14, from the payment's details",
                "amount: \(made.value(row, "amount")) GHS, the payment's own",
            ])
    }

    @Test func aPaymentMatchedByItsAttributes() throws {
        let booking = try #require(
            try night.dump("bookings.csv").rows(where: "booking_id", is: "BKG-5017").first)
        let bookings = try night.dump("bookings.csv")
        #expect(bookings.value(booking, "payment_reference") == "")
        let told = try night.story("PAY-1017").section("Booking", of: "PAY-1017")
        #expect(told.count == 3)
        #expect(told[0] == "1 linked: no: no booking names the payment, and it names none")
        #expect(told[1] == "2 by order: no: the payment names no order")
        #expect(told[2].hasPrefix("3 by attributes: yes: 1 open booking"))
        #expect(told[2].contains("booking BKG-5017 (bookings.csv:18)"))
    }

    @Test func aSettlementLineAndItsRepetition() throws {
        let story = try night.story("25060830159")
        #expect(story.contents == ["settlement 25060830159", "payment PAY-1155"])
        let said = story.section("What the dumps say", of: "25060830159")
        #expect(said.count == 2)
        for place in ["momo-2025-07.csv:161", "momo-2025-08.csv:2"] {
            #expect(said.contains { $0.hasPrefix(place + ": ") }, "\(said)")
            #expect(try night.line(place).hasPrefix("25060830159,"))
        }
        #expect(said[1].contains("counted once"))
        #expect(story.rows["repeats.csv"]?.count == 1)
        #expect(
            story.section("How it was matched", of: "25060830159").first
                == "Payment PAY-1155 is the only one with its reference TGH-250731-F2W8FU.")
    }

    /// A merchant's order id at the gateway: each line with state and amount, and its payment.
    @Test func aReferenceTellsWhatTheGatewayHas() throws {
        let payments = try night.dump("payments.csv")
        let row = try #require(payments.rows(where: "payment_id", is: "PAY-1047").first)
        let reference = payments.value(row, "reference")
        let story = try night.story(reference)
        #expect(story.contents == ["payment PAY-1047"])
        let said = story.section("What the dumps say", of: "PAY-1047")
        var count = 0
        for file in ["momo-2025-07.csv", "momo-2025-08.csv"] {
            let lines = try night.dump(file)
            for line in lines.rows(where: "external_id", is: reference) {
                count += 1
                let state = lines.value(line, "status") == "SUCCESSFUL" ? "completed" : "failed"
                let words =
                    "line \(lines.value(line, "transaction_id")): \(state) "
                    + "\(lines.value(line, "type")) of \(lines.value(line, "amount")) GHS, "
                #expect(said.contains { $0.contains(words) }, "\(words)")
            }
        }
        #expect(count > 1)
        #expect(
            story.section("How it was resolved", of: "PAY-1047")[0]
                == "The dump says succeeded. The gateway has \(count) lines for it, with a "
                + "completed charge, which outweighs all others.")
    }

    @Test func aReferenceOfSeveralPaymentsTellsAll() throws {
        let payments = try night.dump("payments.csv")
        let row = try #require(payments.rows(where: "payment_id", is: "PAY-1130").first)
        let story = try night.story(payments.value(row, "reference"))
        #expect(story.contents == ["payment PAY-1130", "payment PAY-1133"])
        for payment in ["PAY-1130", "PAY-1133"] {
            #expect(
                story.section("Booking", of: payment)[0].hasSuffix(", by its id"))
            #expect(
                story.section("Breaks", of: payment).contains { $0.contains("reused_reference") })
        }
    }

    @Test func aLineWithoutAPaymentIsToldByItsReference() throws {
        let lines = try night.dump("momo-2025-08.csv")
        let row = try #require(lines.rows(where: "transaction_id", is: "25061112356").first)
        let story = try night.story(lines.value(row, "external_id"))
        #expect(story.contents == ["reference \(lines.value(row, "external_id"))"])
        let told = story.section("What the gateway has", of: lines.value(row, "external_id"))
        #expect(told.count == 1)
        #expect(told[0].contains("completed charge of \(lines.value(row, "amount")) GHS"))
    }

    @Test func aRefundIsToldByItsLine() throws {
        let lines = try night.dump("momo-2025-08.csv")
        let row = try #require(lines.rows(where: "transaction_id", is: "25061080820").first)
        let told = try night.story("PAY-1206").section("Settlement", of: "PAY-1206")
        #expect(
            told.last == "Line 25061080820 gives \(lines.value(row, "amount")) GHS back to the "
                + "customer: a refund.")
    }

    @Test func aBookingAndItsPayment() throws {
        let story = try night.story("BKG-5017")
        #expect(story.contents == ["booking BKG-5017", "payment PAY-1017"])
        #expect(
            story.section("How it was matched", of: "BKG-5017").last?
                .contains("matched with payment PAY-1017 (payments.csv:19)") == true)
        let orphan = try night.story("BKG-5201")
        #expect(orphan.contents == ["booking BKG-5201"])
        #expect(orphan.section("Breaks", of: "BKG-5201")[0].contains("orphan_booking"))
    }

    @Test func aNewBookingAndATicket() throws {
        let run = try night.latest()
        for (file, column, kind) in [
            ("new_bookings.csv", "booking_id", "new_booking"),
            ("new_tickets.csv", "ticket_id", "new_ticket"),
        ] {
            let made = try run.table(file)
            for row in made.rows.prefix(3) {
                let id = made.value(row, column)
                let story = try night.story(id)
                #expect(
                    story.contents == ["\(kind) \(id)", "payment \(made.value(row, "payment_id"))"])
                let told = story.section("What was made", of: id).joined(separator: "\n")
                #expect(told.contains(made.value(row, "item_name")))
            }
        }
    }

    /// Each break tells of its code, detail and records, and what to do.
    @Test func everyBreakIsToldByItsID() throws {
        let breaks = try night.latest().table("breaks.csv")
        #expect(breaks.rows.count > 10)
        for row in breaks.rows {
            let id = breaks.value(row, "break_id")
            let story = try night.story(id)
            #expect(story.contents.first == "break \(id)")
            let told = story.section("What is wrong", of: id)
            #expect(told[0].contains("(\(breaks.value(row, "code")), "))
            #expect(told[1] == "found: \(breaks.value(row, "detail"))")
            #expect(told.last?.hasPrefix("to do: ") == true)
            for (column, kind) in [("payment_id", "payment"), ("booking_id", "booking")] {
                let concerned = breaks.value(row, column)
                if !concerned.isEmpty { #expect(story.contents.contains("\(kind) \(concerned)")) }
            }
            let line = breaks.value(row, "settlement_id")
            if !line.isEmpty {
                #expect(
                    story.rows["settlements.csv"]?.contains { $0["settlement_id"] == line } == true)
            }
        }
    }

    /// What the trace says agrees with the tables, for every payment that is told.
    @Test func heldBackPaymentsAreToldWhy() throws {
        for (payment, words) in [
            ("PAY-1203", "No booking is made: its money is not evidenced."),
            ("PAY-1206", "No booking is made: all of its money was given back."),
            ("PAY-1232", "No booking is made: nothing in the catalogue fits"),
            ("PAY-1193", "No booking is made: the payment is failed."),
            ("PAY-1001", "No booking is made: it has one."),
        ] {
            let told = try night.story(payment).section("Backfill", of: payment)
            #expect(told.first?.hasPrefix(words) == true, "\(payment): \(told)")
        }
        for (payment, words) in [
            ("PAY-1203", "its settlement is overdue"), ("PAY-1256", "is expected and not due yet"),
            ("PAY-1193", "false_failure"), ("PAY-1254", "stuck"),
            ("PAY-1257", "not older than a pending payment may become"),
            ("PAY-1241", "changes from pending to succeeded"),
            ("PAY-1251", "changes from pending to failed"),
        ] {
            let told = try night.story(payment).section("How it was resolved", of: payment)
            #expect(told.last?.contains(words) == true, "\(payment): \(told)")
        }
    }
}
