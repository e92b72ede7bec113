import Reconciliation
import Records
import Rules
import TestKit
import Testing
import Time

/// Small random worlds, told in different orders.
@Suite struct RowOrderTests {
    static func world(_ seed: Int) -> World {
        var generator = SeededGenerator(UInt64(seed))
        func pick<Element>(_ elements: [Element]) -> Element {
            elements[Int.random(in: 0..<elements.count, using: &generator)]
        }
        var world = World(asOf: pick(["2026-03-03T00:00:00Z", "2026-03-09T00:00:00Z"]))
        world.rules.match.tolerance = pick([0, 1])
        world.rules.match.window = TimeSpan(seconds: pick([60, 600, 100_000]))
        let amounts: [Int64] = [0, 5_000, 5_001, 10_000]
        func time() -> String { "2026-03-02T10:\(pick(["00", "05", "10", "11", "40"])):00Z" }
        func user() -> String { pick(["ama@example.com", "kofi@example.com"]) }
        for number in 0..<Int.random(in: 1...7, using: &generator) {
            world.payment(
                "P\(number)", pick(amounts), status: pick(PaymentStatus.allCases + [.succeeded]),
                at: time(), reference: pick([nil, nil, "R", "Q", "P1"]), user: user(),
                order: pick([nil, "O1", "O2"]), booking: pick([nil, nil, nil, "B1", "B2"]),
                refunded: pick([nil, 0, 5_000]), subject: pick([0, 1, 2]))
            world.itemOfPayment["P\(number)"] = pick([nil, "castle", "garden"])
        }
        for number in 0..<Int.random(in: 0...8, using: &generator) {
            world.line(
                "S\(number)", of: pick(["R", "Q", "P0", "P1", "P2", "P3"]), pick(amounts),
                type: pick([.charge, .charge, .charge, .refund, .chargeback, .chargebackReversal]),
                state: pick([.completed, .completed, .failed, .pending]), at: pick([nil, time()]),
                currency: pick(["GHS", "GHS", "GHS", "USD"]), net: pick([nil, nil, 10_000]))
        }
        for number in 0..<Int.random(in: 0...6, using: &generator) {
            world.booking(
                "B\(number)", pick(amounts), payment: pick([nil, nil, "P0", "P1", "R", "nobody"]),
                status: pick(BookingStatus.allCases + [.confirmed]), at: pick([nil, time()]),
                user: user(), order: pick([nil, nil, "O1", "O2"]))
            world.itemOfBooking["B\(number)"] = pick([nil, nil, "castle", "garden"])
        }
        return world
    }

    @Test(arguments: 0..<400)
    func shuffledRowsGiveTheSame(seed: Int) {
        let world = RowOrderTests.world(seed)
        let expected = world.reconciled().summary
        var generator = SeededGenerator(UInt64(seed) ^ 0xABCD)
        for _ in 0..<4 {
            let found = world.shuffled(by: &generator).reconciled(threads: 2).summary
            #expect(found == expected, "seed \(seed)")
        }
    }

    @Test(arguments: 0..<400)
    func everyLineAndBookingHasOneOutcomeThatItsBreaksExplain(seed: Int) {
        let found = RowOrderTests.world(seed).reconciled()
        for line in found.world.tables.settlements.rows.indices {
            let id = found.world.tables.settlements.id(line)
            let isBroken = found.breaks.contains {
                $0.hasPrefix("unknown_settlement - \(id) ")
                    || $0.hasPrefix("orphan_refund - \(id) ")
                    || $0.hasPrefix("orphan_chargeback - \(id) ")
            }
            let outcome = found.classification.settlementOutcomes[line]
            #expect(isBroken == (outcome == .unknown || outcome == .orphan))
        }
        for booking in found.world.tables.bookings.rows.indices {
            let id = found.world.tables.bookings.id(booking)
            let codes: [(String, String)] = [
                ("orphan_booking", "orphan"), ("unpaid_booking", "unpaid"),
                ("duplicate_booking", "duplicate"),
            ]
            for (code, outcome) in codes {
                let isBroken = found.breaks.contains {
                    $0.hasPrefix(code + " ") && $0.contains(" \(id) ")
                }
                let word = found.classification.bookingOutcomes[booking].word
                #expect(isBroken == (word == outcome), "\(id) \(code) seed \(seed)")
            }
        }
        #expect(found.classification.breaks.allSatisfy { $0.atRisk >= 0 })
    }

    /// What must hold whatever the world: nothing is matched twice, and no money counts twice.
    @Test(arguments: 0..<400)
    func nothingIsMatchedOrCountedTwice(seed: Int) {
        let found = RowOrderTests.world(seed).reconciled()
        let tables = found.world.tables
        // A link by name may form groups; a match by attributes is one to one and takes only what
        // nothing else has.
        let pairs = found.bookings.links.map { [$0.payment, $0.booking] }
        #expect(Set(pairs).count == pairs.count)
        for link in found.bookings.links where link.rule == .attributes {
            #expect(found.bookings.linksOfPayment.count(Int(link.payment)) == 1)
            #expect(found.bookings.linksOfBooking.count(Int(link.booking)) == 1)
            #expect(found.verdicts[Int(link.payment)].resolved == .succeeded)
            #expect(!found.bookings.ambiguousPayments.contains(link.payment))
        }
        for link in found.bookings.links where link.rule == .order {
            #expect(
                !tables.bookings.rows[Int(link.booking)].payment.isPresent
                    || found.bookings.rule(ofBooking: Int(link.booking)) == .order)
        }
        // Each completed line in its payment's currency moves its money once.
        var captured = [Int64](repeating: 0, count: tables.payments.count)
        var givenBack = captured
        for (line, row) in tables.settlements.rows.enumerated() {
            let payment = Int(found.settlements.paymentOfLine[line])
            guard payment >= 0, row.state == .completed,
                row.currency == tables.payments.rows[payment].currency
            else { continue }
            switch row.type {
            case .charge: captured[payment] += row.gross
            case .refund, .chargeback: givenBack[payment] += row.gross
            case .chargebackReversal: givenBack[payment] -= row.gross
            case .fee, .adjustment, .reserve, .payout: continue
            }
        }
        for (payment, verdict) in found.verdicts.enumerated() {
            #expect(verdict.captured == captured[payment])
            #expect(verdict.refunded + verdict.chargedBack == givenBack[payment])
            // Some pair of a group says what is wrong of it once.
            let id = tables.payments.id(payment)
            let breaks = found.breaks.filter { $0.contains(" \(id) - - ") }
            #expect(Set(breaks).count == breaks.count, "\(id) seed \(seed)")
        }
        let duplicates = found.breaks.filter { $0.hasPrefix("duplicate_settlement") }
        #expect(Set(duplicates).count == duplicates.count)
    }
}
