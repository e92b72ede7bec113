import Money
import Reconciliation
import Records
import Rules
import TestKit
import Testing
import Time

@testable import Emission

/// The energy of bookings, what it stands for, and in whose summary it stands.
@Suite struct ImpactTests {
    static var rules: ImpactRules {
        var rules = ImpactRules()
        rules.co2PerKWh = 450_000
        rules.savedPerKWh = 9_500_000
        return rules
    }

    static func times(_ starts: String, _ ends: String) -> BookedTimes {
        BookedTimes(starts: moment(starts), ends: moment(ends))
    }

    /// The energy of a world's only booking, which is booked for two hours and a half.
    private func energy(
        _ world: World,
        _ booked: BookedTimes = ImpactTests.times("2026-03-02T10:00:00Z", "2026-03-02T12:30:00Z")
    ) -> EnergyTotal {
        EnergyBook(
            tables: world.tables, links: SessionLinks(world.tables), times: [booked], waiting: [],
            rules: Self.rules
        ).ofBooking(0)
    }

    private func world(_ status: BookingStatus = .confirmed, isTicket: Bool = false) -> World {
        var world = World(settlements: false)
        world.booking("B1", status: status, isTicket: isTicket)
        return world
    }

    @Test func hoursThatAreBookedAreTheEstimate() {
        #expect(energy(world()) == EnergyTotal(estimated: 2_500_000))
        #expect(energy(world(.completed)) == EnergyTotal(estimated: 2_500_000))
    }

    @Test func whatIsNotConfirmedHasNoImpact() {
        #expect(energy(world(.pending)) == EnergyTotal())
        #expect(energy(world(.cancelled)) == EnergyTotal())
        #expect(energy(world(isTicket: true)) == EnergyTotal())
        var measured = world(.cancelled)
        measured.session("S1", of: "B1", energy: 4_000_000, status: .completed)
        #expect(energy(measured) == EnergyTotal())
    }

    @Test func theSumOfWhatSessionsMeasuredTakesThePlaceOfTheEstimate() {
        var world = world()
        world.session("S1", of: "B1", energy: 4_200_000, status: .completed)
        world.session("S2", of: "B1", energy: 3_050_000)
        world.session("S3", of: "B1", status: .failed)
        world.session("S4", of: "B2", energy: 9_000_000)
        world.session("S5", energy: 9_000_000)
        #expect(energy(world) == EnergyTotal(measured: 7_250_000))
    }

    @Test func nothingMeasuredIsNoMeasurement() {
        var world = world()
        world.session("S1", of: "B1", energy: 0, status: .completed)
        #expect(energy(world) == EnergyTotal(estimated: 2_500_000))
    }

    @Test func sessionsThatContradictThemselvesMeasureNothing() {
        var world = world()
        world.session("S1", of: "B1", energy: 4_200_000, conflicting: true)
        #expect(energy(world) == EnergyTotal(estimated: 2_500_000))
    }

    @Test(
        arguments: [
            (BookedTimes(), Int64(0)),
            (BookedTimes(starts: moment("2026-03-02T10:00:00Z")), 0),
            (BookedTimes(ends: moment("2026-03-02T10:00:00Z")), 0),
            (ImpactTests.times("2026-03-02T10:00:00Z", "2026-03-02T10:00:00Z"), 0),
            (ImpactTests.times("2026-03-02T10:00:00Z", "2026-03-02T09:00:00Z"), 0),
            (ImpactTests.times("2026-03-02T10:00:00Z", "2026-03-02T10:00:01Z"), 278),
            (ImpactTests.times("2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z"), 744_000_000),
            (ImpactTests.times("2026-03-01T00:00:00Z", "2026-04-01T00:00:01Z"), 0),
        ] as [(BookedTimes, Int64)])
    func aSlotThatCannotBeGivesNoEstimate(booked: BookedTimes, estimated: Int64) {
        #expect(energy(world(), booked) == EnergyTotal(estimated: estimated))
    }

    /// Half of the last digit goes to the even one, upwards and downwards.
    @Test func whatEnergyStandsForIsRoundedHalfToEven() {
        let rupee = Currency("INR") ?? .none
        #expect(Self.rules.co2Grams(of: 20_650_000) == 9_292)
        #expect(Self.rules.co2Grams(of: 1_090_000) == 490)
        #expect(Self.rules.co2Grams(of: 1_110_000) == 500)
        #expect(Self.rules.saved(of: 20_650_000, in: rupee) == 19_618)
        #expect(Self.rules.saved(of: 10_000, in: rupee) == 10)
        #expect(Self.rules.saved(of: 30_000, in: rupee) == 28)
        #expect(Self.rules.saved(of: 1_000_000, in: Currency("JPY") ?? .none) == 10)
        #expect(Self.rules.saved(of: 3_000_000, in: Currency("JPY") ?? .none) == 28)
        #expect(Self.rules.saved(of: 1_000_000, in: Currency("KWD") ?? .none) == 9_500)
        #expect(ImpactRules().co2Grams(of: 1) == nil)
        var dear = ImpactRules()
        dear.savedPerKWh = 1_000_000_000_000
        #expect(dear.saved(of: .max, in: Currency("KWD") ?? .none) == .max)
    }

    @Test func theMeasuredShareIsOfAllEnergy() {
        #expect(EnergyTotal().measuredShare == nil)
        #expect(EnergyTotal(measured: 18_650_000, estimated: 2_000_000).measuredShare == 9_031)
        #expect(EnergyTotal(measured: 1, estimated: 19_999).measuredShare == 0)
        #expect(EnergyTotal(measured: 3, estimated: 19_997).measuredShare == 2)
        #expect(EnergyTotal(measured: .max, estimated: .max).measuredShare == 5_000)
        #expect(EnergyTotal(measured: .max, estimated: .max).sum == .max)
    }

    // MARK: Summaries

    /// A payment whose booking exists, one whose booking waits, and one that is booked now.
    @Test func newBookingsCountAfterTheRunAndWaitingOnesBeforeToo() {
        var world = World(settlements: false)
        world.payment("P1")
        world.payment("P2")
        world.payment("P3")
        world.booking("B1", payment: "P1")
        world.session("S1", of: "B1", energy: 700_000)
        world.session("S2", of: "BK-2", energy: 5_000_000)
        let waiting = WaitingEmissions([world.waiting(.booking, "BK-2", of: "P2")])
        let found = world.reconciled()
        var emissions = Emissions()
        emissions.bookings =
            found.backfilled(waiting: waiting) { _ in
                var made = purchase()
                made.startsAt = moment("2026-03-02T10:00:00Z")
                made.endsAt = moment("2026-03-02T11:30:00Z")
                return made
            }.bookings
        #expect(emissions.bookings.count == 1)
        let hour = Self.times("2026-03-02T10:00:00Z", "2026-03-02T11:00:00Z")
        let summary = self.summary(found, emissions, waiting) { id in
            EnergyBook.WaitingBooking(entry: 0, id: id("BK-2"), times: hour)
        }
        #expect(summary.before.energy == EnergyTotal(measured: 5_700_000))
        #expect(summary.after.energy == EnergyTotal(measured: 5_700_000, estimated: 1_500_000))
    }

    @Test func aWaitingBookingWithoutMeasurementIsEstimated() {
        var world = World(settlements: false)
        world.payment("P2")
        let waiting = WaitingEmissions([world.waiting(.booking, "BK-2", of: "P2")])
        let hour = Self.times("2026-03-02T10:00:00Z", "2026-03-02T11:00:00Z")
        let summary = self.summary(world.reconciled(), Emissions(), waiting) { id in
            EnergyBook.WaitingBooking(entry: 0, id: id("BK-2"), times: hour)
        }
        #expect(summary.before.energy == EnergyTotal(estimated: 1_000_000))
        #expect(summary.after.energy == summary.before.energy)
    }

    /// What has left counts as it counted when it was there.
    @Test func whatHasLeftCountsBeforeAndAfter() {
        var world = World(settlements: false)
        world.payment("P1")
        var total = UserTotal(user: -1, currency: Currency("USD") ?? .none)
        total.bookings = 1
        total.energy = EnergyTotal(measured: 30, estimated: 4)
        var past = CarriedTotals()
        past.add(total, user: "ama@example.com", print: world.print("ama@example.com"))
        let summary = self.summary(world.reconciled(), Emissions(), past: past) { _ in nil }
        #expect(summary.before.energy == EnergyTotal(measured: 30, estimated: 4))
        #expect(summary.after.energy == summary.before.energy)
    }

    private func summary(
        _ found: Reconciled, _ emissions: Emissions,
        _ waiting: WaitingEmissions = WaitingEmissions(), past: CarriedTotals = CarriedTotals(),
        _ booking: ((String) -> Fingerprint) -> EnergyBook.WaitingBooking?
    ) -> UserSummary {
        let tables = found.world.tables
        let awaited = booking { found.world.print($0) }.map { [$0] } ?? []
        let book = EnergyBook(
            tables: tables, links: SessionLinks(tables),
            times: ContiguousArray(repeating: BookedTimes(), count: tables.bookings.count),
            waiting: awaited, rules: Self.rules)
        return Summarizer(
            tables: tables, verdicts: found.verdicts, classification: found.classification,
            emissions: emissions, waiting: waiting, past: past, energy: book,
            rules: SummaryTests.rules, currency: Currency("GHS") ?? .none,
            asOf: found.world.rules.asOf
        ).summaries()[0]
    }
}
