import Reconciliation
import Records
import TestKit
import Testing
import Time

@testable import Emission

/// Which sessions are completed, and what holds the others back.
@Suite struct SessionCompleterTests {
    /// The world's own as-of.
    static let asOf = "2026-03-06T20:00:00Z"

    /// What is decided on each session, as `id decision`; every booking ends at the as-of.
    private func decisions(
        _ world: World, ends: String? = asOf, waiting: [WaitingEmission] = [],
        selection: Selection = Selection()
    ) -> [String] {
        let completer = self.completer(world, ends: ends, waiting: waiting)
        return completer.decisions(selection).enumerated().map {
            "\(world.tables.sessions.id($0.offset)) \($0.element.word)"
        }
    }

    private func completer(
        _ world: World, ends: String? = asOf, waiting: [WaitingEmission] = []
    ) -> SessionCompleter {
        let booked = BookedTimes(ends: ends.map(moment) ?? .absent)
        return SessionCompleter(
            tables: world.tables, links: SessionLinks(world.tables),
            times: ContiguousArray(repeating: booked, count: world.tables.bookings.count),
            bookings: world.reconciled().bookings, waiting: WaitingEmissions(waiting),
            asOf: world.rules.asOf)
    }

    private func world(_ status: BookingStatus = .confirmed) -> World {
        var world = World(asOf: Self.asOf, settlements: false)
        world.payment("P1", reference: "R1")
        world.booking("B1", payment: "P1", status: status)
        return world
    }

    @Test func openSessionsOfBookingsThatAreOverAreCompleted() {
        var world = world()
        world.session("S1", of: "B1")
        world.session("S2", of: "B1", status: nil)
        world.session("S3", of: "B1", status: .completed)
        world.session("S4", of: "B1", status: .cancelled)
        world.session("S5", of: "B1", status: .failed)
        #expect(
            decisions(world)
                == ["S1 completed", "S2 completed", "S3 is_over", "S4 is_over", "S5 is_over"])
    }

    @Test func aBookingThatIsCompletedMayHaveAnOpenSession() {
        var world = world(.completed)
        world.session("S1", of: "B1")
        #expect(decisions(world) == ["S1 completed"])
    }

    @Test(arguments: [BookingStatus.pending, .cancelled])
    func sessionsOfBookingsThatAreNotConfirmedStay(status: BookingStatus) {
        var world = world(status)
        world.session("S1", of: "B1", ended: "2026-03-06T19:00:00Z")
        #expect(decisions(world) == ["S1 not_confirmed"])
    }

    @Test func theBookingsEndOrTheSessionsOwnMustHavePassed() {
        var world = world()
        world.session("S1", of: "B1")
        world.session("S2", of: "B1", ended: "2026-03-06T20:00:00Z")
        world.session("S3", of: "B1", ended: "2026-03-06T20:00:01Z")
        let late = "2026-03-06T20:00:01Z"
        #expect(decisions(world, ends: late) == ["S1 not_ended", "S2 completed", "S3 not_ended"])
        #expect(decisions(world, ends: nil) == ["S1 not_ended", "S2 completed", "S3 not_ended"])
    }

    @Test func sessionsWithoutABookingStay() {
        var world = world()
        world.session("S1", ended: "2026-03-05T10:00:00Z")
        world.session("S2", of: "B9", ended: "2026-03-05T10:00:00Z")
        #expect(decisions(world) == ["S1 no_booking", "S2 unknown_booking"])
    }

    @Test func nothingIsDecidedOnContradictions() {
        var world = world()
        world.booking("B2", conflicting: true)
        world.session("S1", of: "B1", conflicting: true)
        world.session("S2", of: "B2")
        #expect(decisions(world) == ["S1 conflicting", "S2 conflicting"])
    }

    @Test func whatAnEarlierRunCompletedIsNotCompletedAgain() {
        var world = world()
        world.session("S1", of: "B1")
        // Another payment than then does not make it another session.
        let waiting = world.waiting(.sessionUpdate, "S1", of: "P9", status: "completed")
        #expect(decisions(world, waiting: [waiting]) == ["S1 emitted_earlier"])
        #expect(
            decisions(world, waiting: [world.waiting(.booking, "S1", of: "P1")]) == ["S1 completed"]
        )
    }

    @Test func aSelectionIsOfTheSessionsOrTheBookingsUserOrOfThePayment() {
        var world = world()
        world.session("S1", of: "B1", user: "kofi@example.com")
        func selected(users: [String] = [], payments: [String] = []) -> [String] {
            var selection = Selection()
            selection.users = Set(users.map { world.print($0) })
            selection.payments = Set(payments.map { world.print($0) })
            return decisions(world, selection: selection)
        }
        #expect(selected(users: ["kofi@example.com"]) == ["S1 completed"])
        #expect(selected(users: ["ama@example.com"]) == ["S1 completed"])
        #expect(selected(users: ["esi@example.com"]) == ["S1 not_selected"])
        #expect(selected(payments: ["P1"]) == ["S1 completed"])
        #expect(selected(payments: ["R1"]) == ["S1 completed"])
        #expect(selected(payments: ["P2"]) == ["S1 not_selected"])
    }

    /// Of several payments the one of the least id, whatever the order of the input.
    @Test func anUpdateNamesThePaymentOfItsBooking() {
        var world = World(asOf: Self.asOf, settlements: false)
        world.payment("P2", 5_000, booking: "B1")
        world.payment("P1", 5_000, booking: "B1")
        world.booking("B1")
        world.booking("B2", user: "kofi@example.com")
        world.session("S1", of: "B1")
        world.session("S2", of: "B2")
        let completer = completer(world)
        let updates = completer.updates(completer.decisions(Selection()))
        #expect(
            updates == [
                SessionUpdate(session: 0, booking: 0, payment: 1),
                SessionUpdate(session: 1, booking: 1, payment: -1),
            ])
    }
}
