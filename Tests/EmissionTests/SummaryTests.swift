import Money
import Reconciliation
import Records
import Rules
import TestKit
import Testing

@testable import Emission

/// Users' figures before and after a run, and what became of each payment.
@Suite struct SummaryTests {
    static var rules: DashboardRules {
        var rules = DashboardRules()
        rules.levels = [
            Level(name: "Bronze", from: 0), Level(name: "Silver", from: 100_000),
            Level(name: "Gold", from: 500_000),
        ]
        rules.pointsPer = 1_000
        rules.recent = 3
        return rules
    }

    /// The summaries of a world after everything that is due was booked.
    static func summaries(
        _ found: Reconciled, waiting: WaitingEmissions = WaitingEmissions(),
        sellers: [String: String] = [:]
    ) -> ContiguousArray<UserSummary> {
        let made = found.backfilled(waiting: waiting) { purchase(kind: $0.hasPrefix("T") ? 0 : 1) }
        var emissions = Emissions()
        emissions.bookings = made.bookings
        emissions.tickets = made.tickets
        emissions.transactions = found.settled(SettleTests.rules(), sellers: sellers).transactions
        return Summarizer(
            tables: found.world.tables, verdicts: found.verdicts,
            classification: found.classification, emissions: emissions, waiting: waiting,
            rules: rules, currency: Currency("GHS") ?? .none, asOf: found.world.rules.asOf
        ).summaries()
    }

    static func words(_ figures: UserFigures) -> String {
        let elsewhere = figures.spentElsewhere.sorted { $0.key < $1.key }
            .map { " \($0.key.code) \($0.value)" }.joined()
        return "\(figures.bookings) bookings, \(figures.tickets) tickets, "
            + "\(figures.pendingBookings) pending, spent \(figures.spent)\(elsewhere), "
            + "\(figures.pendingPayments) open \(figures.pendingAmount), "
            + "commission \(figures.commissionPaid)"
    }

    @Test func whatTheRunMakesCountsAfterItOnly() {
        var world = World(settlements: false)
        world.payment("P1")
        world.payment("T1", 5_000)
        world.payment("F1", 2_000, currency: "USD")
        world.booking("B1", 700, status: .completed)
        world.booking("B2", 300, isTicket: true)
        world.booking("B3", 900, status: .cancelled)
        world.booking("B4", 800, status: .pending)
        world.booking("B5", 60, currency: "USD")
        let summaries = SummaryTests.summaries(
            world.reconciled(), sellers: ["P1": "s", "F1": "s"])
        #expect(summaries.count == 1)
        #expect(
            SummaryTests.words(summaries[0].before)
                == "2 bookings, 1 tickets, 1 pending, spent 1000 USD 60, 0 open 0, commission 0")
        #expect(
            SummaryTests.words(summaries[0].after)
                == "4 bookings, 2 tickets, 1 pending, spent 16000 USD 2060, 0 open 0, "
                + "commission 700")
        // The confirmed bookings that nothing explains.
        #expect(summaries[0].openBreaks == 2)
    }

    @Test func pendingPaymentsAreOpenUntilTheEvidenceSettlesThem() {
        var world = World()
        world.payment("P1", status: .pending)
        world.line("S1", of: "P1")
        world.payment("P2", 3_000, status: .pending)
        world.payment("P3", 2_000, status: .pending, currency: "USD")
        let summary = SummaryTests.summaries(world.reconciled())[0]
        #expect(summary.before.pendingPayments == 3)
        #expect(summary.before.pendingAmount == 13_000)
        #expect(summary.after.pendingPayments == 2)
        #expect(summary.after.pendingAmount == 3_000)
        #expect(summary.after.bookings == 1)
        #expect(summary.openBreaks == 2)
    }

    @Test func whatAnEarlierRunMadeCountsBeforeAndAfter() {
        var world = World(settlements: false)
        world.payment("P1")
        let waiting = WaitingEmissions([
            world.waiting(.booking, "BK-1", of: "P1"),
            world.waiting(.commission, "TX-1", of: "P1", amount: 700),
        ])
        let summary = SummaryTests.summaries(world.reconciled(), waiting: waiting)[0]
        let expected =
            "1 bookings, 0 tickets, 0 pending, spent 10000, 0 open 0, commission 700"
        #expect(SummaryTests.words(summary.before) == expected)
        #expect(SummaryTests.words(summary.after) == expected)
    }

    @Test(arguments: [
        (Int64(0), "Bronze", Int64(0)), (999, "Bronze", 0), (1_000, "Bronze", 1),
        (99_999, "Bronze", 99), (100_000, "Silver", 100), (499_999, "Silver", 499),
        (500_000, "Gold", 500), (9_000_000, "Gold", 9_000),
    ])
    func levelsBeginAtTheirBoundAndPointsAreWhole(spent: Int64, level: String, points: Int64) {
        var figures = UserFigures()
        figures.spent = spent
        #expect(figures.level(SummaryTests.rules) == level)
        #expect(figures.points(SummaryTests.rules) == points)
        #expect(figures.level(DashboardRules()) == nil)
    }

    @Test func theNewestActivitiesStandFirstWhateverTheOrderOfRows() {
        var world = World(settlements: false)
        world.payment("P1", at: "2026-03-01T10:00:00Z")
        world.payment("P3", at: "2026-03-02T10:00:00Z")
        world.payment("P2", at: "2026-03-02T10:00:00Z")
        world.booking("B1", payment: "P1", at: "2026-03-02T10:00:00Z")
        world.booking("B2", payment: "P2", at: "2026-03-01T09:00:00Z")
        world.booking("B3", payment: "P3", at: "2026-02-01T09:00:00Z")
        var generator = TestKit.SeededGenerator(1)
        for _ in 0..<8 {
            let shuffled = world.shuffled(by: &generator)
            let recent = SummaryTests.summaries(shuffled.reconciled())[0].recent.map {
                $0.kind == .payment
                    ? shuffled.tables.payments.id(Int($0.index))
                    : shuffled.tables.bookings.id(Int($0.index))
            }
            #expect(recent == ["P2", "P3", "B1"])
        }
    }

    /// What is told of a payment, and its outcome: the first that applies.
    static let outcomes: [(String, @Sendable (inout World) -> Void, PaymentOutcome)] = [
        ("missing", { _ in }, .break),
        ("made and rounded", { $0.line("S", of: "P", 9_999) }, .backfilled),
        (
            "updated and made",
            {
                $0.tables.payments.rows[0].status = .pending
                $0.line("S", of: "P")
            }, .backfilled
        ),
        (
            "updated",
            {
                $0.tables.payments.rows[0].status = .pending
                $0.line("S", of: "P")
                $0.booking("B", payment: "P")
            }, .updated
        ),
        (
            "failed by evidence",
            {
                $0.tables.payments.rows[0].status = .pending
                $0.line("S", of: "P", state: .failed)
            }, .updated
        ),
        (
            "expected",
            {
                $0.rules.asOf = moment("2026-03-03T00:00:00Z")
                $0.booking("B", payment: "P")
            }, .expected
        ),
        (
            "reconciled",
            {
                $0.line("S", of: "P")
                $0.booking("B", payment: "P")
            }, .reconciled
        ),
        (
            "given back",
            {
                $0.line("S", of: "P")
                $0.line("R", of: "P", type: .refund)
            }, .reconciled
        ),
        ("failed", { $0.tables.payments.rows[0].status = .failed }, .closed),
        (
            "failed with money",
            {
                $0.tables.payments.rows[0].status = .failed
                $0.line("S", of: "P")
            }, .break
        ),
        (
            "booked for another amount",
            {
                $0.line("S", of: "P")
                $0.booking("B", 9_000, payment: "P")
            }, .break
        ),
    ]

    @Test(arguments: SummaryTests.outcomes.indices)
    func theFirstOutcomeThatAppliesIsAPaymentsOutcome(index: Int) {
        let (name, tell, outcome) = SummaryTests.outcomes[index]
        var world = World()
        world.rules.match.tolerance = 1
        world.payment("P")
        tell(&world)
        let found = world.reconciled()
        let made = found.backfilled()
        var emissions = Emissions()
        emissions.bookings = made.bookings
        let outcomes = OutcomeJudge(
            tables: world.tables, verdicts: found.verdicts, classification: found.classification,
            emissions: emissions, unselected: made.unselected, waiting: WaitingEmissions()
        ).outcomes()
        #expect(Array(outcomes) == [outcome], "\(name)")
    }
}
