import Records
import TestKit
import Testing
import Time

@testable import Reconciliation

/// One reference, several payments.
@Suite struct SharedReferenceTests {
    @Test func linesGoToThePaymentOfEqualAmount() {
        var world = World()
        world.payment("P1", 3_000, at: "2026-03-02T10:00:00Z", reference: "R")
        world.payment("P2", 7_000, at: "2026-03-02T12:00:00Z", reference: "R")
        world.line("S1", of: "R", 7_000, at: "2026-03-02T10:00:01Z")
        world.line("S2", of: "R", 3_000, at: "2026-03-02T12:00:01Z")
        world.line("S3", of: "R", 3_000, type: .refund, at: "2026-03-02T13:00:00Z")
        world.line("S4", of: "R", 7_000, state: .failed, at: "2026-03-02T09:00:00Z")
        let found = world.reconciled()
        #expect(found.owners == ["S1 P2", "S2 P1", "S3 P1", "S4 P2"])
        #expect(
            found.breaks == ["reused_reference P1 - - 3000", "reused_reference P2 - - 7000"])
    }

    @Test func equalAmountsGoToTheNearestInTimeAndEachPaymentTakesOneChargeFirst() {
        var world = World()
        for (id, time) in [("P1", "10:00"), ("P2", "11:00"), ("P3", "12:00")] {
            world.payment(id, at: "2026-03-02T\(time):00Z", reference: "R")
        }
        // The second charge is nearest to P2 as well, which is taken, and then to P1 and P3 alike:
        // the earlier one of the two.
        world.line("S1", of: "R", at: "2026-03-02T11:00:00Z")
        world.line("S2", of: "R", at: "2026-03-02T11:00:01Z")
        world.line("S3", of: "R", at: "2026-03-02T11:00:02Z")
        let found = world.reconciled()
        #expect(found.owners == ["S1 P2", "S2 P3", "S3 P1"])
        #expect(found.breaks.allSatisfy { $0.hasPrefix("reused_reference") })
    }

    @Test func ofTwoEquallyNearTheEarlierIsTaken() {
        var world = World()
        world.payment("P2", at: "2026-03-02T12:00:00Z", reference: "R")
        world.payment("P1", at: "2026-03-02T10:00:00Z", reference: "R")
        world.line("S", of: "R", at: "2026-03-02T11:00:00Z")
        #expect(world.reconciled().owners == ["S P1"])
    }

    @Test func chargesBeyondThePaymentsAreDuplicatesOfTheNearest() {
        var world = World()
        world.payment("P1", at: "2026-03-02T10:00:00Z", reference: "R")
        world.payment("P2", at: "2026-03-02T12:00:00Z", reference: "R")
        world.line("S1", of: "R", at: "2026-03-02T10:01:00Z")
        world.line("S2", of: "R", at: "2026-03-02T12:01:00Z")
        world.line("S3", of: "R", at: "2026-03-02T12:02:00Z")
        let found = world.reconciled()
        #expect(found.owners == ["S1 P1", "S2 P2", "S3 P2"])
        #expect(found.codes("P2") == ["duplicate_settlement", "reused_reference"])
        #expect(found.codes("P1") == ["reused_reference"])
    }

    @Test func aLineOfNoPaymentsAmountGoesToTheNearestOfAll() {
        var world = World()
        world.payment("P1", 3_000, at: "2026-03-02T10:00:00Z", reference: "R")
        world.payment("P2", 7_000, at: "2026-03-02T12:00:00Z", reference: "R")
        world.line("S1", of: "R", 500, type: .refund, at: "2026-03-02T11:30:00Z")
        world.line("S2", of: "R", 500, at: "2026-03-02T10:30:00Z")
        world.line("S3", of: "R", 7_000, at: "2026-03-02T10:00:00Z", currency: "USD")
        world.line("S4", of: "R", 500, at: nil)
        #expect(world.reconciled().owners == ["S1 P2", "S2 P1", "S3 P1", "S4 P1"])
    }

    @Test func anIdThatIsAnothersReferenceIsShared() {
        var world = World()
        world.payment("P1", reference: nil)
        world.payment("P2", at: "2026-03-02T12:00:00Z", reference: "P1")
        world.line("S", of: "P1", at: "2026-03-02T12:00:00Z")
        let found = world.reconciled()
        #expect(found.owners == ["S P2"])
        #expect(found.codes("P1").contains("reused_reference"))
    }

    /// Charges and payments of one price, compared with a plain search for the nearest free one.
    @Test(arguments: 0..<200)
    func takingTheNearestAgreesWithAPlainSearch(seed: Int) {
        var generator = SeededGenerator(UInt64(seed))
        let count = Int.random(in: 1...12, using: &generator)
        let moments = (0..<count).map { _ in Int64.random(in: 0...20, using: &generator) }.sorted()
        var nearest = NearestInTime(moments: moments.map { Instant(microseconds: $0) })
        var free = Set(0..<count)
        for _ in 0..<(count + 3) {
            let asked = Int64.random(in: -2...22, using: &generator)
            let takes = Bool.random(using: &generator)
            let chosen = nearest.nearest(to: Instant(microseconds: asked), takes: takes)
            let candidates = takes && !free.isEmpty ? free : Set(0..<count)
            let least = candidates.map { abs(moments[$0] - asked) }.min()
            let earliest = candidates.filter { abs(moments[$0] - asked) == least }
                .map { moments[$0] }.min()
            #expect(candidates.contains(chosen))
            #expect(moments[chosen] == earliest, "\(moments) asked \(asked) seed \(seed)")
            if takes { free.remove(chosen) }
        }
    }

    /// Twenty thousand payments, lines and bookings of one reference; work that grows with the
    /// square of that would take minutes.
    @Test func aReferenceOfThousandsOfPaymentsIsSharedOutQuickly() {
        var world = World()
        for number in 0..<20_000 {
            let time = Instant(seconds: 1_772_000_000 + Int64(number * 7 % 20_000) * 60)
            world.payment("P\(number)", Int64(10_000 + number % 3), reference: "R")
            world.tables.payments.rows[number].created = time
            world.line("S\(number)", of: "R", Int64(10_000 + number % 3))
            world.tables.settlements.rows[number].occurred = time.advanced(
                by: TimeSpan(seconds: 5))
            world.booking("B\(number)", Int64(10_000 + number % 3), payment: "R")
            world.tables.bookings.rows[number].created = time.advanced(by: TimeSpan(seconds: 9))
        }
        let clock = ContinuousClock()
        let start = clock.now
        let found = world.reconciled()
        #expect(clock.now - start < .seconds(20))
        let codes = Set(found.classification.breaks.map(\.code))
        #expect(codes == [.reusedReference])
        #expect(found.bookings.links.count == 20_000)
    }
}
