import Emission
import Money
import Reconciliation
import Records
import Rules
import TestKit
import Testing
import Time

/// What sellers are still to be paid, and what they and their buyers are told.
@Suite struct SellerAgendaTests {
    private func emissions(
        _ world: World, _ rules: SettleRules, sellers: [String: String],
        balances: [SellerBalance] = [], earlier: [ScheduledPayout] = []
    ) -> (emissions: Emissions, agendas: SellerAgendas) {
        let reconciled = world.reconciled()
        let made = reconciled.settled(rules, sellers: sellers, balances: balances)
        var emissions = Emissions()
        emissions.transactions = made.transactions
        emissions.payouts = made.payouts
        emissions.balances = made.balances
        let settler = Settler(
            tables: world.tables, settlements: reconciled.settlements,
            verdicts: reconciled.verdicts, rules: world.rules, settle: rules,
            waiting: WaitingEmissions(), identities: identities())
        return (
            emissions,
            settler.agendas(
                emissions, earlier: earlier, balances: balances, print: { world.print($0) })
        )
    }

    private func words(_ payouts: [PendingPayout]) -> [String] {
        payouts.map {
            ($0.due.isPresent ? TimeText.text($0.due) : "waits")
                + " \($0.amount) \($0.currency.code) \($0.status.word)"
        }
    }

    @Test func payoutsOfOneDayAreOneAndWhatWaitsComesLast() throws {
        var rules = SettleTests.rules("0", hold: 7)
        rules.minimum = 500
        var world = World(settlements: false)
        world.payment("P1", 1_000, at: "2026-03-02T10:00:00Z")
        world.payment("P2", 400, at: "2026-03-03T10:00:00Z")
        let earlier = ScheduledPayout(
            id: "PO-1", seller: "esi", amount: 2_000, currency: world.rules.currency,
            due: date("2026-03-09"), emittedAt: moment("2026-03-03T02:00:00Z"))
        let agendas = emissions(
            world, rules, sellers: ["P1": "esi", "P2": "esi"], earlier: [earlier]
        ).agendas
        let esi = try #require(agendas.all.first)
        #expect(words(esi.before) == ["2026-03-09 2000 GHS scheduled"])
        #expect(
            words(esi.after) == [
                "2026-03-09 3000 GHS scheduled", "waits 400 GHS below_minimum",
            ])
        #expect(agendas.scheduled.map(\.amount).sorted() == [1_000, 2_000])
    }

    /// The run is on Friday, the 6th: by then, what an earlier run scheduled is made or is not.
    @Test(arguments: [
        ("2026-03-05", "2026-03-02T02:00:00Z", false),
        ("2026-03-06", "2026-03-02T02:00:00Z", true),
        // Scheduled late, on the day before: it is made on that day at the earliest.
        ("2026-02-10", "2026-03-05T02:00:00Z", false),
        ("2026-02-10", "2026-03-06T02:00:00Z", true),
    ])
    func aPayoutIsMadeOnceItsDayIsOver(due: String, emitted: String, isPending: Bool) {
        let world = World(settlements: false)
        let earlier = ScheduledPayout(
            id: "PO-1", seller: "esi", amount: 2_000, currency: world.rules.currency,
            due: date(due), emittedAt: moment(emitted))
        let agendas = emissions(world, SettleTests.rules(), sellers: [:], earlier: [earlier])
            .agendas
        #expect(agendas.scheduled == (isPending ? [earlier] : []))
        // Who sold something once stays a seller.
        #expect(agendas.all.map(\.name) == ["esi"])
        #expect(agendas.all[0].after.isEmpty == !isPending)
    }

    @Test func whatIsScheduledForADayThatIsOverIsStillToBeMade() {
        var world = World(settlements: false)
        world.payment("P", at: "2025-01-02T10:00:00Z")
        let agendas = emissions(world, SettleTests.rules("0", hold: 7), sellers: ["P": "esi"])
            .agendas
        #expect(words(agendas.all[0].after) == ["2025-01-09 10000 GHS scheduled"])
    }

    @Test func buyerAndSellerAreToldOnceForEachPair() {
        var world = World()
        world.payment("P")
        world.line("S", of: "P")
        world.line("R", of: "P", 5_000, type: .refund, at: "2026-03-03T11:00:00Z")
        let made = emissions(world, SettleTests.rules(), sellers: ["P": "esi"]).emissions
        let told = made.notifications(identities())
        #expect(
            told.map { "\($0.kind.word) \($0.amount) \($0.commission)" } == [
                "payment_received 10000 700", "payout_scheduled 10000 700",
                "payment_reversed 5000 350", "payout_reversed 5000 350",
            ])
        #expect(Set(told.map(\.id)).count == 4)
        #expect(told.allSatisfy { $0.seller == "esi" })
    }
}
