import Reconciliation
import Records
import TestKit
import Testing

/// What rule 3 remembers of what it compared.
@Suite struct AttributeTrialTests {
    /// The trials as `payment closest candidates verdict difference`, in order of the payments.
    private func trials(_ world: World) -> [String] {
        let found = world.reconciled()
        return found.bookings.trials.payments.map {
            told($0, world.tables.payments, world.tables.bookings)
        }
    }

    private func told<Own, Other>(
        _ trial: AttributeTrial, _ own: Table<Own>, _ other: Table<Other>
    ) -> String {
        "\(own.id(Int(trial.row))) \(trial.closest < 0 ? "-" : other.id(Int(trial.closest))) "
            + "\(trial.candidates) \(trial.verdict) \(trial.difference)"
    }

    @Test func aMatchIsTold() {
        var world = World()
        world.payment("P")
        world.booking("B", at: "2026-03-02T10:00:02Z")
        #expect(trials(world) == ["P B 1 matched 2000000"])
    }

    @Test func theWindowRulesOutWhatLiesBeyondIt() {
        var world = World()
        world.payment("P")
        world.booking("B1", at: "2026-03-06T10:00:00Z")
        world.booking("B2", at: "2026-02-01T10:00:00Z")
        #expect(trials(world) == ["P B1 2 window 345600000000"])
    }

    @Test func anotherItemRulesOut() {
        var world = World()
        world.payment("P")
        world.booking("B", at: "2026-03-02T09:59:59Z")
        world.itemOfPayment["P"] = "castle"
        world.itemOfBooking["B"] = "garden"
        #expect(trials(world) == ["P B 1 item -1000000"])
    }

    @Test func anotherAmountIsTheClosestWhereNoAmountIsEqual() {
        var world = World()
        world.payment("P")
        world.booking("B1", 12_000)
        world.booking("B2", 9_500)
        world.booking("B3", 9_000, currency: "USD")
        #expect(trials(world) == ["P B2 0 amount -500"])
    }

    @Test func aBookingThatGoesToAnotherPaymentIsTaken() {
        var world = World()
        world.payment("P1", at: "2026-03-02T10:00:00Z")
        world.payment("P2", at: "2026-03-02T11:00:00Z")
        world.booking("B", at: "2026-03-02T11:00:00Z")
        world.contentOfPayment = ["P1": "same", "P2": "same"]
        #expect(trials(world) == ["P1 B 1 taken 3600000000", "P2 B 1 matched 0"])
    }

    @Test func paymentsInDoubtAreToldAsSuch() {
        var world = World()
        world.payment("P1", at: "2026-03-02T10:00:00Z")
        world.payment("P2", at: "2026-03-02T10:00:00Z")
        world.booking("B", at: "2026-03-02T10:00:00Z")
        world.contentOfPayment = ["P1": "one", "P2": "other"]
        #expect(world.reconciled().ambiguous == ["P1", "P2"])
        #expect(trials(world) == ["P1 B 1 inDoubt 0", "P2 B 1 inDoubt 0"])
    }

    @Test func otherUsersAreNoCandidates() {
        var world = World()
        world.payment("P")
        world.booking("B", user: "kofi@example.com")
        #expect(trials(world).isEmpty)
    }

    @Test func bookingsRememberThePaymentsInTurn() {
        var world = World()
        world.payment("P1")
        world.payment("P2", 500)
        world.booking("B1", at: "2026-03-02T10:00:01Z")
        world.booking("B2", 700, at: "2026-03-02T10:00:01Z")
        let found = world.reconciled().bookings.trials.bookings.map {
            told($0, world.tables.bookings, world.tables.payments)
        }
        #expect(found == ["B1 P1 1 matched 1000000", "B2 P2 0 amount 200"])
    }

    @Test func usersWithMoreOpenRecordsThanAreComparedAreToldSo() {
        for count in [128, 129] {
            var world = World()
            world.payment("P")
            for number in 0..<count { world.booking("B\(number)", 1 + Int64(number)) }
            #expect(
                trials(world)
                    == [count == 128 ? "P B127 0 amount -9872" : "P - 0 tooMany 0"])
        }
    }

    /// The order of the rows has no say in which candidate is the closest.
    @Test func theOrderOfTheRowsHasNoSay() {
        var generator = SeededGenerator(7)
        var world = World()
        for number in 0..<12 {
            let amount = [10_000, 10_000, 9_000][number % 3]
            world.payment("P\(number)", Int64(amount), at: "2026-03-0\(1 + number % 4)T10:00:00Z")
            world.booking("B\(number)", Int64(amount), at: "2026-03-0\(1 + number % 3)T10:00:00Z")
            world.itemOfBooking["B\(number)"] = number.isMultiple(of: 4) ? "castle" : "garden"
            world.itemOfPayment["P\(number)"] = number.isMultiple(of: 2) ? "castle" : nil
        }
        let expected = trials(world).sorted()
        #expect(expected.count == 12)
        for _ in 0..<20 {
            #expect(trials(world.shuffled(by: &generator)).sorted() == expected)
        }
    }
}
