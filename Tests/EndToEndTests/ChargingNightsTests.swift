import Foundation
import Testing

/// Completed sessions from night to night: exactly once, as far as they were asked for, told why, and
/// loaded.
@Suite struct ChargingNightsTests {
    private let asOf = ChargingTests.asOf

    /// Does what an importer of the run's emissions would do.
    private func load(_ run: PublishedRun, into night: Night) throws {
        let done = Set(try run.table("session_updates.csv")["id"])
        var sessions = try night.dump("sessions.csv")
        sessions.update("status", by: "session_id") { done.contains($0) ? "FINISHED" : nil }
        try night.write(sessions, "sessions.csv")
        let paid = Set(try run.table("status_updates.csv")["payment_id"])
        var payments = try night.dump("payments.csv")
        payments.update("status", by: "payment_id") { paid.contains($0) ? "captured" : nil }
        try night.write(payments, "payments.csv")
        var bookings = try night.dump("bookings.csv")
        let made = try run.table("new_bookings.csv")
        bookings.rows += made.columns(
            "booking_id", "payment_id", "user", "item_name", "starts_at", "ends_at", "amount",
            "status"
        ).map { $0 + [asOf] }
        try night.write(bookings, "bookings.csv")
    }

    @Test func aSecondNightEmitsNothingAndTellsTheSame() throws {
        let night = try ChargingTests.night()
        let first = try night.publish(asOf: asOf)
        let second = try night.publish(asOf: "2025-11-12T22:00:00Z")
        #expect(try second.emitted() == [:])
        #expect(try second.table("carried/emissions.csv").rows.count == 10)
        // What the first night made waits to be loaded, and counts before the second one too.
        #expect(try ChargingTests.impacts(second) == ChargingTests.impacts(first))
        #expect(try ChargingTests.impacts(second, before: true) == ChargingTests.impacts(first))
    }

    @Test func loadingLeavesNothingToDoAndChangesNoFigure() throws {
        let night = try ChargingTests.night()
        let first = try night.publish(asOf: asOf)
        try load(first, into: night)
        let second = try night.publish(asOf: "2025-11-12T22:00:00Z")
        #expect(try second.emitted() == [:])
        #expect(try second.table("carried/emissions.csv").rows.isEmpty)
        #expect(try ChargingTests.impacts(second) == ChargingTests.impacts(first))
        #expect(try ChargingTests.impacts(second, before: true) == ChargingTests.impacts(first))
    }

    @Test func aSessionThatSomebodyCancelledMeanwhileWaitsNoLonger() throws {
        let night = try ChargingTests.night()
        try night.publish(asOf: asOf)
        try night.edit("sessions.csv") {
            $0.replacing(
                "CS-801,SLOT-501,asha@example.com,ACTIVE",
                with: "CS-801,SLOT-501,asha@example.com,CANCELLED")
        }
        let second = try night.publish(asOf: "2025-11-12T22:00:00Z")
        #expect(try second.table("carried/emissions.csv")["id"].contains("CS-801") == false)
        #expect(try second.table("session_updates.csv").rows.isEmpty)
    }

    @Test func theNextSessionIsCompletedOnceItsSlotIsOver() throws {
        let night = try ChargingTests.night()
        try night.publish(asOf: asOf)
        let during = try night.publish(asOf: "2025-11-12T23:29:59Z")
        #expect(try during.table("session_updates.csv").rows.isEmpty)
        let after = try night.publish(asOf: "2025-11-12T23:30:00Z")
        #expect(try after.table("session_updates.csv")["id"] == ["CS-808"])
    }

    @Test func whatNobodyLoadsIsABreakUntilItIsLoaded() throws {
        let night = try ChargingTests.night()
        let first = try night.publish(asOf: asOf)
        let late = try night.publish(asOf: "2025-11-15T21:30:01Z")
        let breaks = try late.table("breaks.csv")
        let found = breaks.rows(where: "code", is: "unapplied_emission").filter {
            breaks.value($0, "detail").hasPrefix("CS-")
        }
        #expect(
            found.map { String(breaks.value($0, "detail").prefix(6)) } == ChargingTests.completed)
        #expect(breaks.value(found[0], "payment_id") == "PAY-301")
        #expect(breaks.value(found[0], "user") == "asha@example.com")
        #expect(breaks.value(found[0], "at_risk") == "120.00")
        try load(first, into: night)
        let loaded = try night.publish(asOf: "2025-11-15T22:00:00Z")
        #expect(
            try loaded.cleared().filter { $0.contains("loaded CS-") }.count
                == ChargingTests.completed.count)
    }

    // MARK: Selection

    @Test(arguments: [
        (["--user", "vikram@example.com"], ["CS-807"]),
        (["--user", "Leela@Example.com", "--user", "priya@example.com"], ["CS-811", "CS-812"]),
        (["--payment", "PAY-303"], ["CS-803"]), (["--payment", "ORD-9308"], ["CS-809"]),
        (["--payment", "PAY-309"], []),
    ])
    func onlyWhatWasAskedForIsCompleted(options: [String], sessions: [String]) throws {
        let night = try ChargingTests.night()
        let run = try night.publish(options, asOf: asOf)
        #expect(try run.table("session_updates.csv")["id"] == sessions)
        let rest = try night.publish(asOf: "2025-11-12T22:00:00Z")
        #expect(
            try (sessions + rest.table("session_updates.csv")["id"]).sorted()
                == ChargingTests.completed)
    }

    // MARK: Contradictions

    @Test func contradictingRowsOfASessionAreABreakOfItsBooking() throws {
        let night = try ChargingTests.night()
        try night.append(
            ["CS-804,SLOT-504,vikram@example.com,FINISHED,99,2025-11-06 17:02,2025-11-06 19:41"],
            to: "sessions.csv")
        let run = try night.publish(asOf: asOf)
        #expect(
            try run.breaks("code", "booking_id", "user", "at_risk", "detail") == [
                "conflicting_evidence SLOT-504 vikram@example.com 0.00 session CS-804: rows of the "
                    + "same id and time say different things"
            ])
        let page = try Files.text(run.folder + "/report.html")
        #expect(page.contains(#"<span class="soft small">session</span>"#))
        // Neither figure is believed: the hours that are booked count.
        let vikram = try #require(
            try ChargingTests.impacts(run).first { $0.hasPrefix("vikram") })
        #expect(vikram.hasPrefix("vikram@example.com | 12.250000 | 7.250000 | 5.000000 |"))
        let id = try #require(try run.table("breaks.csv")["break_id"].first)
        #expect(try night.story(id).contents.first == "break \(id)")
        #expect(try night.story("CS-804").section("Breaks", of: "CS-804").count == 5)
    }

    /// A decision about it holds until the session's rows say something else.
    @Test func aDecisionAboutContradictingSessionsHoldsWhileTheyStay() throws {
        let night = try ChargingTests.night()
        let row = "CS-804,SLOT-504,vikram@example.com,FINISHED,99,2025-11-06 17:02,2025-11-06 19:41"
        try night.append([row], to: "sessions.csv")
        try night.redefine("  users:\n", "  overrides: {files: overrides.csv}\n\n  users:\n")
        let header = "break_id,action,reason,maker,checker\n"
        try Files.write(header, to: night.dumps + "/overrides.csv")
        let first = try night.publish(asOf: asOf)
        let id = try #require(try first.table("breaks.csv")["break_id"].first)
        try Files.write(
            header + "\(id),accept,seen,esi@example.com,yaw@example.com\n",
            to: night.dumps + "/overrides.csv")
        let second = try night.publish(asOf: "2025-11-12T21:31:00Z")
        #expect(try second.table("breaks.csv").rows.isEmpty)
        #expect(try second.effects() == ["closed"])
        try night.edit("sessions.csv") { $0.replacing("FINISHED,99,", with: "FINISHED,1.5,") }
        let third = try night.publish(asOf: "2025-11-12T21:32:00Z")
        #expect(try third.table("breaks.csv")["break_id"] == [id])
        #expect(try third.effects() == ["rows_changed"])
    }

    // MARK: Explanation

    @Test func aSessionIsExplained() throws {
        let night = try ChargingTests.night()
        try night.publish(asOf: asOf)
        let story = try night.story("CS-801")
        #expect(story.contents == ["session CS-801", "payment PAY-301"])
        #expect(
            story.section("What the dumps say", of: "CS-801") == [
                "sessions.csv:2: session CS-801: active, 0.000000 kWh measured, from "
                    + "2025-11-06T12:34:00Z; booking SLOT-501; user asha@example.com"
            ])
        #expect(try night.line("sessions.csv:2").hasPrefix("CS-801,"))
        #expect(
            story.section("What was decided", of: "CS-801")
                == ["It is completed: its booking SLOT-501 is confirmed, and its time is over."])
        #expect(
            story.section("Emitted", of: "CS-801")
                == ["session_updates.csv: session CS-801: status from active to completed"])
        #expect(story.rows["trace/sessions.csv"]?.count == 1)
    }

    /// Where nobody paid for the booking, it is told for its own sake.
    @Test func theBookingOfASessionIsToldWithoutAPayment() throws {
        let night = try ChargingTests.night()
        try night.edit("bookings.csv") { $0.replacing("SLOT-501,PAY-301", with: "SLOT-501,") }
        try night.edit("payments.csv") { $0.replacing("SLOT-501", with: "") }
        try night.edit("payments.csv") {
            $0.replacing("PAY-301,ORD-9301,asha", with: "PAY-301,ORD-9301,esi")
        }
        try night.publish(asOf: asOf)
        #expect(try night.story("CS-801").contents == ["session CS-801", "booking SLOT-501"])
    }

    @Test func thePaymentOfASessionsBookingTellsOfIt() throws {
        let night = try ChargingTests.night()
        try night.publish(asOf: asOf)
        let update = "session_updates.csv: session CS-809: status from active to completed"
        #expect(try night.story("PAY-308").section("Emitted", of: "PAY-308") == [update])
        #expect(
            try night.story("SLOT-508").section("What the dumps say", of: "SLOT-508").contains {
                $0.hasPrefix("sessions.csv:10: session CS-809: active, 6.800000 kWh measured")
            })
        try night.publish(asOf: "2025-11-12T22:00:00Z")
        let later =
            "earlier run: session CS-809 completed, emitted as of \(asOf); no dump shows it yet"
        #expect(try night.story("PAY-308").section("Emitted", of: "PAY-308") == [later])
        #expect(try night.story("CS-809").section("Emitted", of: "CS-809") == [later])
    }

    @Test(arguments: [
        ("CS-808", "It is not completed: nothing says that it or its booking SLOT-507 has ended."),
        ("CS-810", "Nothing is to be done: it is cancelled."),
        ("CS-813", "It is not completed: its booking SLOT-513 is not confirmed."),
        ("CS-814", "It is not completed: its booking SLOT-499 is in no dump."),
        ("CS-815", "It is not completed: it names no booking."),
    ])
    func whatHoldsASessionBackIsTold(session: String, words: String) throws {
        let night = try ChargingTests.night()
        try night.publish(["--no-archive"], asOf: asOf)
        let story = try night.story(session)
        #expect(story.section("What was decided", of: session) == [words])
        #expect(
            story.section("Emitted", of: session) == ["Nothing was emitted for this session."])
    }

    // MARK: Loading

    @Test func sessionUpdatesAreLoadedWhereNobodyWasFaster() throws {
        let night = try ChargingTests.night()
        try night.publish(asOf: asOf)
        let script = try Launch(program: Project.trueup, arguments: ["load-sql", night.out]).run()
        #expect(script.code == 0, "\(script.errors)")
        #expect(
            script.output.contains(
                "UPDATE \"sessions\" SET \"status\" = 'FINISHED' WHERE \"session_id\" = 'CS-801' "
                    + "AND lower(btrim(\"status\"::text)) IN ('active');"))
        #expect(
            script.output.contains(
                "\"session_id\" = 'CS-812' AND lower(btrim(\"status\"::text)) "
                    + "IN ('suspended_ev');"))
        #expect(script.output.components(separatedBy: "UPDATE \"sessions\"").count == 8)
    }

    @Test func aSessionWithoutAStatusIsChangedOnlyWhereItStillHasNone() throws {
        let night = try ChargingTests.night()
        try night.edit("sessions.csv") {
            $0.replacing(
                "CS-801,SLOT-501,asha@example.com,ACTIVE", with: "CS-801,SLOT-501,asha@example.com,"
            )
        }
        let run = try night.publish(asOf: asOf)
        #expect(
            try run.table("session_updates.csv").rows[0] == ["CS-801", "SLOT-501", "", "completed"])
        let script = try Launch(program: Project.trueup, arguments: ["load-sql", night.out]).run()
        #expect(
            script.output.contains("= 'CS-801' AND coalesce(btrim(\"status\"::text), '') = '';"),
            "\(script.output)")
    }
}
