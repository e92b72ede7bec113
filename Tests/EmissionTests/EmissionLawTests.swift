import Emission
import Reconciliation
import Records
import Rules
import TestKit
import Testing
import Time

/// Small random worlds of payments with their money, what went back of it, and bookings; what is
/// made for them holds whatever happened and in whatever order it is told.
@Suite struct EmissionLawTests {
    static func world(_ seed: Int) -> World {
        var generator = TestKit.SeededGenerator(UInt64(seed))
        func pick<Element>(_ elements: [Element]) -> Element {
            elements[Int.random(in: 0..<elements.count, using: &generator)]
        }
        var world = World(settlements: pick([true, true, true, false]))
        func time() -> String { "2026-03-0\(pick([2, 3, 4]))T1\(pick([0, 1, 2])):00:00Z" }
        for number in 0..<Int.random(in: 1...6, using: &generator) {
            world.payment(
                "P\(number)", pick([0, 5_000, 10_000]),
                status: pick([.succeeded, .succeeded, .pending]),
                at: time(), reference: pick([nil, nil, "R"]), order: pick([nil, nil, "O"]),
                booking: pick([nil, nil, nil, "B1"]), refunded: pick([nil, nil, 0, 5_000, 10_000]))
            world.contentOfPayment["P\(number)"] = pick(["castle", "garden"])
        }
        guard world.tables.hasSettlements else { return world }
        for number in 0..<Int.random(in: 0...10, using: &generator) {
            world.line(
                "S\(number)", of: pick(["P0", "P1", "P2", "R"]), pick([5_000, 10_000]),
                type: pick([.charge, .charge, .charge, .refund, .chargeback, .chargebackReversal]),
                state: pick([.completed, .completed, .completed, .failed, .pending]), at: time(),
                currency: pick(["GHS", "GHS", "GHS", "GHS", "USD"]))
        }
        for number in 0..<Int.random(in: 0...4, using: &generator) {
            world.booking(
                "B\(number)", pick([5_000, 10_000]), payment: pick([nil, nil, "P0", "R"]),
                status: pick([.confirmed, .confirmed, .cancelled, .completed]), at: time(),
                order: pick([nil, nil, "O"]))
        }
        return world
    }

    @Test(arguments: 0..<400)
    func nobodyIsBookedTwiceAndNoCommissionIsLost(seed: Int) {
        let found = EmissionLawTests.world(seed).reconciled()
        let tables = found.world.tables
        let made = found.backfilled().bookings
        #expect(Set(made.map(\.payment)).count == made.count)
        #expect(Set(made.map(\.id)).count == made.count)
        for booking in made {
            let payment = Int(booking.payment)
            let verdict = found.verdicts[payment]
            #expect(found.bookings.linksOfPayment.count(payment) == 0)
            #expect(!found.bookings.ambiguousPayments.contains(booking.payment))
            #expect(verdict.resolved == .succeeded && verdict.isEvidenced)
            #expect(!verdict.isReversed(amount: tables.payments.rows[payment].amount))
        }
        var sellers: [String: String] = [:]
        for payment in tables.payments.rows.indices { sellers[tables.payments.id(payment)] = "s" }
        let settled = found.settled(SettleTests.rules(), sellers: sellers)
        #expect(Set(settled.transactions.map(\.id)).count == settled.transactions.count)
        for (payment, row) in tables.payments.rows.enumerated() {
            let own = settled.transactions.filter { $0.payment == Int32(payment) }
            func sum(_ kinds: [Transaction.Kind]) -> Int64 {
                own.filter { kinds.contains($0.kind) }.reduce(0) { $0 + $1.amount }
            }
            if own.isEmpty { continue }
            #expect(sum([.commission, .payout]) == row.amount)
            let left = [sum([.commission, .commissionReversal]), sum([.payout, .payoutReversal])]
            #expect(left.allSatisfy { $0 >= 0 }, "seed \(seed)")
            if found.verdicts[payment].isReversed(amount: row.amount) {
                #expect(left == [0, 0], "seed \(seed)")
            }
            if found.verdicts[payment].givenBack == 0 { #expect(left.reduce(0, +) == row.amount) }
        }
        let paidOut = settled.payouts.filter { $0.status == .scheduled }.reduce(0) {
            $0 + $1.amount
        }
        let waiting = settled.payouts.max { $0.due < $1.due }.map {
            $0.status == .scheduled ? 0 : $0.amount
        }
        let due = settled.transactions.filter { [.payout, .payoutReversal].contains($0.kind) }
            .reduce(0) { $0 + $1.amount }
        #expect(paidOut + (waiting ?? 0) == due, "seed \(seed)")
    }

    @Test(arguments: 0..<200)
    func shuffledRowsMakeTheSame(seed: Int) {
        func words(_ world: World) -> [String] {
            let found = world.reconciled()
            let ids = found.world.tables.payments
            var sellers: [String: String] = [:]
            for payment in ids.rows.indices { sellers[ids.id(payment)] = "s" }
            let settled = found.settled(SettleTests.rules(), sellers: sellers)
            return
                (found.backfilled().bookings.map { "\($0.id) \(ids.id(Int($0.payment)))" }
                + settled.transactions.map {
                    "\($0.id) \($0.kind.word) \($0.amount) \($0.due.days)"
                }
                + settled.payouts.map { "\($0.id) \($0.amount) \($0.status.word)" }).sorted()
        }
        let world = EmissionLawTests.world(seed)
        let expected = words(world)
        var generator = TestKit.SeededGenerator(UInt64(seed) + 9_000)
        for _ in 0..<3 {
            #expect(words(world.shuffled(by: &generator)) == expected, "seed \(seed)")
        }
    }
}
