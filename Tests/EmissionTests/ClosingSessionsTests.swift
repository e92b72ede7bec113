import Money
import Reconciliation
import Records
import Rules
import TestKit
import Testing
import Time

@testable import Emission

/// Sessions leave with their bookings, and keep them while anything about them is open.
@Suite struct ClosingSessionsTests {
    /// A purchase that came out even on the second of March, with a session.
    private func even(_ session: (inout World) -> Void) -> World {
        var world = World(asOf: "2026-03-30T00:00:00Z")
        world.payment("P1", reference: "R1")
        world.line("S1", of: "R1")
        world.booking("B1", payment: "P1")
        session(&world)
        return world
    }

    /// Whether the booking, and which sessions, stay; everything older than ten days may go.
    private func staying(
        _ world: World, waiting: [WaitingEmission] = [], updates: [SessionUpdate] = []
    ) throws -> [String] {
        let found = world.reconciled()
        let tables = world.tables
        var emissions = Emissions()
        emissions.sessionUpdates = updates
        let waiting = WaitingEmissions(waiting)
        let outcomes = OutcomeJudge(
            tables: tables, verdicts: found.verdicts, classification: found.classification,
            emissions: emissions, unselected: [], waiting: waiting
        ).outcomes()
        let open = try Closer(
            tables: tables, settlements: found.settlements, verdicts: found.verdicts,
            bookings: found.bookings, classification: found.classification, outcomes: outcomes,
            emissions: emissions, waiting: waiting, horizon: moment("2026-03-20T00:00:00Z")
        ).openRecords(
            Closer.Texts(openPayouts: []) {
                tables.settlements.rows[$0].occurred
            } ofBooking: {
                tables.bookings.rows[$0].created
            } ofOrder: { _ in
                .absent
            } ofSession: { session in
                let row = tables.sessions.rows[session]
                return max(row.started, row.ended)
            })
        return tables.bookings.rows.indices.filter { open.bookings[$0] }.map(tables.bookings.id)
            + tables.sessions.rows.indices.filter { open.sessions[$0] }.map(tables.sessions.id)
    }

    @Test func aSessionThatIsOverGoesWithItsBooking() throws {
        let world = even { $0.session("C1", of: "B1", status: .completed) }
        #expect(try staying(world) == [])
    }

    @Test func aYoungSessionKeepsItsBooking() throws {
        let world = even {
            $0.session("C1", of: "B1", status: .completed, ended: "2026-03-20T00:00:00Z")
            $0.session("C2", of: "B1", status: .completed)
        }
        #expect(try staying(world) == ["B1", "C1", "C2"])
    }

    @Test func aCompletionKeepsThemUntilItIsLoaded() throws {
        let world = even { $0.session("C1", of: "B1") }
        let update = SessionUpdate(session: 0, booking: 0, payment: 0)
        #expect(try staying(world, updates: [update]) == ["B1", "C1"])
        let waiting = world.waiting(.sessionUpdate, "C1", of: "P9", status: "completed")
        #expect(try staying(world, waiting: [waiting]) == ["B1", "C1"])
    }

    @Test func aSessionOfNoBookingGoesWithItsTime() throws {
        let world = even {
            $0.session("C1", at: "2026-03-19T23:59:59Z")
            $0.session("C2", of: "B9", at: "2026-03-20T00:00:00Z")
        }
        #expect(try staying(world) == ["C2"])
    }

    @Test func theEnergyOfABookingThatLeavesStaysInItsUsersTotal() {
        var world = even { $0.session("C1", of: "B1", energy: 7_000_000, status: .completed) }
        world.booking("B2", currency: "USD")
        world.booking("B3")
        let tables = world.tables
        let hour = BookedTimes(
            starts: moment("2026-03-02T10:00:00Z"), ends: moment("2026-03-02T11:00:00Z"))
        let book = EnergyBook(
            tables: tables, links: SessionLinks(tables), times: [hour, hour, hour], waiting: [],
            rules: ImpactRules())
        var open = OpenRecords(all: tables)
        open.bookings = [false, false, true]
        var past = CarriedTotals()
        var before = UserTotal(user: -1, currency: Currency("GHS") ?? .none)
        before.energy = EnergyTotal(measured: 1, estimated: 2)
        past.add(before, user: "ama@example.com", print: world.print("ama@example.com"))
        let found = world.reconciled()
        let summaries = Summarizer(
            tables: tables, verdicts: found.verdicts, classification: found.classification,
            emissions: Emissions(), waiting: WaitingEmissions(), rules: SummaryTests.rules,
            currency: Currency("GHS") ?? .none, asOf: world.rules.asOf
        ).summaries()
        let totals = TotalsBuilder(
            tables: tables, open: open, waiting: WaitingEmissions(), emissions: Emissions(),
            past: past, energy: book, currency: Currency("GHS") ?? .none
        ).totals(for: summaries)
        #expect(totals.count == 1)
        #expect(totals[0].map(\.currency.code) == ["GHS", "USD"])
        #expect(
            totals[0].map(\.energy) == [
                EnergyTotal(measured: 7_000_001, estimated: 2), EnergyTotal(estimated: 1_000_000),
            ])
    }
}
