import Emission
import Reconciliation
import Records
import TestKit
import Testing
import Time

/// What may leave, and what must stay with what.
@Suite struct CloserTests {
    /// What stays of a world, as ids in alphabetical order; everything older than ten days may go.
    private func staying(
        _ world: World, payouts: [String: String] = [:], openPayouts: Set<String> = [],
        waiting: [WaitingEmission] = [], areBreaksDecided: Bool = false,
        change: (inout Emissions) -> Void = { _ in }
    ) throws -> [String] {
        var world = world
        let names = Set(payouts.values).sorted()
        world.tables.payouts = names
        world.tables.settlementLinks = ContiguousArray(
            world.tables.settlements.rows.indices.map { line in
                var links = SettlementLinks()
                let name = payouts[world.tables.settlements.id(line)]
                links.payout = name.flatMap { names.firstIndex(of: $0) }.map { Int32($0) } ?? -1
                return links
            })
        let reconciled = world.reconciled()
        var classification = reconciled.classification
        if areBreaksDecided { classification.remove(Array(classification.breaks.indices)) }
        let tables = world.tables
        var emissions = Emissions()
        change(&emissions)
        let waiting = WaitingEmissions(waiting)
        let outcomes = OutcomeJudge(
            tables: tables, verdicts: reconciled.verdicts,
            classification: classification, emissions: emissions, unselected: [],
            waiting: waiting
        ).outcomes()
        let closer = Closer(
            tables: tables, settlements: reconciled.settlements, verdicts: reconciled.verdicts,
            bookings: reconciled.bookings, classification: classification,
            outcomes: outcomes, emissions: emissions, waiting: waiting,
            horizon: moment("2026-03-20T00:00:00Z"))
        let open = try closer.openRecords(
            Closer.Texts(
                openPayouts: Set(
                    names.indices.filter { openPayouts.contains(names[$0]) }.map { Int32($0) })
            ) { line in
                tables.settlements.rows[line].occurred
            } ofBooking: { booking in
                tables.bookings.rows[booking].created
            } ofOrder: { _ in
                .absent
            })
        let closed = tables.settlements.rows.indices.filter { open.hasClosedPayout[$0] }
            .map { "closed " + tables.settlements.id($0) }
        return
            (tables.payments.rows.indices.filter { open.payments[$0] }.map(tables.payments.id)
            + tables.settlements.rows.indices.filter { open.settlements[$0] }
            .map(tables.settlements.id)
            + tables.bookings.rows.indices.filter { open.bookings[$0] }.map(tables.bookings.id)
            + closed).sorted()
    }

    /// A purchase that came out even on the second of March.
    private func even() -> World {
        var world = World(asOf: "2026-03-30T00:00:00Z")
        world.payment("P1", reference: "R1")
        world.line("S1", of: "R1")
        world.booking("B1", payment: "P1")
        return world
    }

    @Test func whatCameOutEvenGoes() throws {
        #expect(try staying(even()) == [])
    }

    @Test func aYoungRecordKeepsAllThatBelongToIt() throws {
        var world = even()
        world.line("S2", of: "R1", 100, type: .refund, at: "2026-03-20T00:00:00Z")
        #expect(try staying(world) == ["B1", "P1", "S1", "S2"])
    }

    @Test func aBreakKeepsAllThatBelongToIt() throws {
        var world = even()
        world.line("S2", of: "R1", at: "2026-03-02T11:00:00Z")
        #expect(try staying(world) == ["B1", "P1", "S1", "S2"])
    }

    /// The decision may end, and the break is then open again.
    @Test func aBreakThatADecisionClosesKeepsAllThatBelongToIt() throws {
        var world = even()
        world.line("S2", of: "R1", at: "2026-03-02T11:00:00Z")
        #expect(try staying(world, areBreaksDecided: true) == ["B1", "P1", "S1", "S2"])
    }

    @Test func theEarlierOfTwoEqualPaymentsStaysWithTheLater() throws {
        var world = World(asOf: "2026-03-30T00:00:00Z")
        for (number, time) in [(1, "10:00"), (2, "10:05")] {
            world.payment(
                "P\(number)", at: "2026-03-02T\(time):00Z", reference: "R\(number)", subject: 7)
            world.line("S\(number)", of: "R\(number)")
            world.booking("B\(number)", payment: "P\(number)")
        }
        #expect(world.reconciled().breaks.map { $0.prefix(20) } == ["duplicate_payment P2"])
        #expect(try staying(world) == ["B1", "B2", "P1", "P2", "S1", "S2"])
    }

    @Test func whatSharesAReferenceStaysTogether() throws {
        var world = even()
        world.payment("P2", 500, reference: "R1")
        #expect(try staying(world) == ["B1", "P1", "P2", "S1"])
    }

    @Test func whatNamesOneOrderStaysTogether() throws {
        var world = even()
        world.payment("P2", reference: "R2", order: "O1")
        world.line("S2", of: "R2")
        world.payment("P3", at: "2026-03-25T10:00:00Z", reference: "R3", order: "O1")
        world.line("S3", of: "R3", at: "2026-03-25T10:00:00Z")
        #expect(try staying(world) == ["P2", "P3", "S2", "S3"])
    }

    @Test func anEmissionThatWaitsKeepsItsPayment() throws {
        let world = even()
        func entry(_ thing: EmittedThing) -> WaitingEmission {
            WaitingEmission(
                thing: thing, id: "X", paymentID: "P1", user: "ama@example.com", item: "",
                amount: 10_000, currency: world.rules.currency, status: "linked",
                emittedAt: moment("2026-03-03T00:00:00Z"), payment: world.print("P1"),
                userPrint: world.print("ama@example.com"))
        }
        for thing in EmittedThing.allCases {
            let stays = try staying(world, waiting: [entry(thing)])
            #expect(stays == (thing.isTransaction ? [] : ["B1", "P1", "S1"]), "\(thing)")
        }
        #expect(try staying(world) { $0.statusUpdates = [0] } == ["B1", "P1", "S1"])
    }

    @Test func aPayoutKeepsItsLinesAndTheirPaymentsUntilAllOfItIsOld() throws {
        var world = even()
        world.line("F1", of: "", 100, type: .fee)
        world.payment("P2", at: "2026-03-25T10:00:00Z", reference: "R2")
        world.line("S2", of: "R2", at: "2026-03-25T10:01:00Z")
        let young = ["S1": "PO1", "F1": "PO1", "S2": "PO1"]
        #expect(try staying(world, payouts: young) == ["B1", "F1", "P1", "P2", "S1", "S2"])
        // Another payout has come to its end, whatever becomes of this one.
        let old = ["S1": "PO1", "F1": "PO1", "S2": "PO2"]
        #expect(try staying(world, payouts: old) == ["P2", "S2", "closed F1", "closed S1"])
        #expect(
            try staying(world, payouts: old, openPayouts: ["PO1"])
                == ["B1", "F1", "P1", "P2", "S1", "S2"])
    }

    /// Refunds in later payouts must not hold all payouts together for ever.
    @Test func payoutsDoNotHoldEachOther() throws {
        var world = World(asOf: "2026-03-30T00:00:00Z")
        var payouts: [String: String] = [:]
        for number in 1...9 {
            let day = "2026-03-\(number + 12 < 10 ? "0" : "")\(number + 12)"
            world.payment("P\(number)", at: day + "T10:00:00Z", reference: "R\(number)")
            world.line("S\(number)", of: "R\(number)", at: day + "T10:00:00Z")
            payouts["S\(number)"] = "PO\(number)"
            // A part of each goes back with the next payout, a day later.
            let next = "2026-03-\(number + 13)"
            world.line("T\(number)", of: "R\(number)", 100, type: .refund, at: next + "T10:00:00Z")
            payouts["T\(number)"] = "PO\(number + 1)"
        }
        let stays = try staying(world, payouts: payouts)
        #expect(!stays.contains("P1") && !stays.contains("P5"))
        #expect(stays.contains("P7") && stays.contains("P9"))
    }

    @Test func aClosedPayoutHoldsNothingAnyMore() throws {
        var world = even()
        world.tables.settlements.rows[0].isPayoutClosed = true
        world.line("S2", of: "R9", at: "2026-03-25T10:01:00Z")
        let stays = try staying(world, payouts: ["S1": "PO1", "S2": "PO1"])
        #expect(stays == ["S2", "closed S1"])
    }
}
