import Emission
import Reconciliation
import Records
import Rules
import TestKit
import Testing

/// Orders become paid once what was paid for them comes to their amount.
@Suite struct OrderUpdateTests {
    private func updates(
        _ world: World, waiting: WaitingEmissions = WaitingEmissions(),
        selection: Selection = Selection()
    ) -> [String] {
        let reconciled = world.reconciled()
        return OrderUpdater(
            tables: world.tables, verdicts: reconciled.verdicts, rules: world.rules,
            waiting: waiting
        ).updates(selection).map {
            world.tables.orders.id(Int($0.order)) + " " + world.tables.payments.id(Int($0.payment))
        }
    }

    /// What the order says, and whether a whole payment makes it paid.
    @Test(arguments: [
        (OrderStatus?.some(.other), true), (.open, true), (.paid, false), (.completed, false),
        (.cancelled, false), (nil, false),
    ])
    func onlyAnOpenOrderBecomesPaid(status: OrderStatus?, isPaid: Bool) {
        var world = World(settlements: false)
        world.order("O", 10_000, status: status)
        world.payment("P", order: "O")
        #expect(updates(world) == (isPaid ? ["O P"] : []))
    }

    @Test func aPaymentWithoutSuccessOrEvidencePaysNothing() {
        var world = World()
        for name in ["pending", "failed", "missing", "returned", "good"] { world.order(name) }
        world.payment("P1", status: .pending, order: "pending")
        world.payment("P2", status: .failed, order: "failed")
        world.payment("P3", order: "missing")
        world.payment("P4", order: "returned")
        world.line("S4", of: "P4")
        world.line("R4", of: "P4", type: .refund)
        world.payment("P5", status: .pending, order: "good")
        world.line("S5", of: "P5")
        #expect(updates(world) == ["good P5"])
    }

    @Test func severalPaymentsAddUp() {
        var world = World(settlements: false)
        world.order("O", 10_000)
        world.payment("late", 4_000, at: "2026-03-04T10:00:00Z", order: "O")
        world.payment("early", 6_000, at: "2026-03-03T10:00:00Z", order: "O")
        world.payment("more", 6_000, at: "2026-03-05T10:00:00Z", order: "O")
        #expect(updates(world) == ["O late"])
    }

    @Test func tooLittleOrAnotherCurrencyIsNotEnough() {
        var world = World(settlements: false)
        world.order("short", 10_001)
        world.payment("P1", order: "short")
        world.order("dollars", 10_000, currency: "USD")
        world.payment("P2", order: "dollars")
        #expect(updates(world) == [])
        world.rules.match.tolerance = 1
        #expect(updates(world) == ["short P1"])
    }

    @Test func whatWasEmittedIsNotEmittedAgainByAnotherPayment() {
        var world = World(settlements: false)
        world.order("O", 10_000)
        world.payment("P", at: "2026-03-03T10:00:00Z", order: "O")
        let waiting = WaitingEmissions([world.waiting(.orderUpdate, "O", of: "P", status: "paid")])
        #expect(updates(world, waiting: waiting) == [])
        world.payment("earlier", at: "2026-03-02T10:00:00Z", order: "O")
        #expect(updates(world, waiting: waiting) == [])
    }

    @Test func onlyWhatWasAskedForIsEmitted() {
        var world = World(settlements: false)
        for number in 1...2 {
            world.order("O\(number)")
            world.payment("P\(number)", order: "O\(number)")
        }
        var selection = Selection()
        selection.payments = [world.print("P2")]
        #expect(updates(world, selection: selection) == ["O2 P2"])
    }

    /// Rows that contradict each other tell nothing.
    @Test func aConflictingOrderIsLeftAlone() {
        var world = World(settlements: false)
        world.order("O", conflicting: true)
        world.payment("P", order: "O")
        #expect(updates(world) == [])
    }
}
