import Records
import Rules
import TestKit
import Testing
import Time

@testable import Reconciliation

/// Matching by attributes compared with every possible way of pairing.
@Suite struct AttributeBruteForceTests {
    /// Payments and bookings of one user and amount.
    struct Case {
        var world = World(settlements: false)
        /// For each payment its minute, item and content.
        var payments: [(minute: Int, item: String?, content: String)] = []
        /// For each booking its minute and item.
        var bookings: [(minute: Int?, item: String?)] = []
        var window = 0

        init(_ generator: inout SeededGenerator) {
            func pick<Element>(_ elements: [Element]) -> Element {
                elements[Int.random(in: 0..<elements.count, using: &generator)]
            }
            window = pick([0, 1, 5, 20])
            world.rules.match.window = TimeSpan(seconds: Int64(window) * 60)
            let spread = pick([3, 10, 40])
            for number in 0..<Int.random(in: 1...5, using: &generator) {
                let item = pick([nil, "castle", "garden"])
                let minute = Int.random(in: 0...spread, using: &generator)
                let content = item ?? pick(["castle", "garden"])
                payments.append((minute, item, content))
                world.payment("P\(number)")
                world.tables.payments.rows[number].created = Case.time(minute)
                world.itemOfPayment["P\(number)"] = item
                world.contentOfPayment["P\(number)"] = content
            }
            for number in 0..<Int.random(in: 0...5, using: &generator) {
                let item = pick([nil, nil, "castle", "garden"])
                let minute =
                    pick([0, 1, 2, 3, 4]) == 0
                    ? nil : Int.random(in: 0...spread, using: &generator)
                bookings.append((minute, item))
                world.booking("B\(number)", at: nil)
                if let minute { world.tables.bookings.rows[number].created = Case.time(minute) }
                world.itemOfBooking["B\(number)"] = item
            }
        }

        static func time(_ minute: Int) -> Instant {
            Instant(seconds: 1_772_000_000 + Int64(minute) * 60)
        }

        /// What a pair costs, in minutes; nil where the two cannot be one purchase.
        func cost(_ payment: Int, _ booking: Int) -> Int? {
            let wanted = payments[payment].item
            let booked = bookings[booking].item
            if let wanted, let booked, wanted != booked { return nil }
            guard let made = bookings[booking].minute else { return window }
            let span = abs(made - payments[payment].minute)
            return span <= window ? span : nil
        }

        /// The number of pairs and the cost of the best, and what each of the best leaves.
        func best() -> (pairs: Int, cost: Int, leftovers: Set<[String]>) {
            var best = (pairs: -1, cost: 0, leftovers: Set<[String]>())
            func extend(
                _ payment: Int, _ used: Set<Int>, _ pairs: Int, _ cost: Int, _ left: [String]
            ) {
                guard payment < payments.count else {
                    if pairs > best.pairs || (pairs == best.pairs && cost < best.cost) {
                        best = (pairs, cost, [left.sorted()])
                    } else if pairs == best.pairs, cost == best.cost {
                        best.leftovers.insert(left.sorted())
                    }
                    return
                }
                extend(payment + 1, used, pairs, cost, left + [payments[payment].content])
                for booking in bookings.indices where !used.contains(booking) {
                    guard let price = self.cost(payment, booking) else { continue }
                    extend(payment + 1, used.union([booking]), pairs + 1, cost + price, left)
                }
            }
            extend(0, [], 0, 0, [])
            return best
        }
    }

    /// Forty seeds of a hundred cases each.
    @Test(arguments: 0..<40)
    func itIsTheBestAndInDoubtOnlyWhereTheBestDifferInWhatTheyLeave(seed: Int) {
        var generator = SeededGenerator(UInt64(seed))
        for number in 0..<100 {
            let example = Case(&generator)
            let best = example.best()
            let found = example.world.reconciled()
            let links = found.bookings.links.map { (Int($0.payment), Int($0.booking)) }
            #expect(Set(links.map(\.0)).count == links.count)
            #expect(Set(links.map(\.1)).count == links.count)
            let costs = links.map { example.cost($0.0, $0.1) }
            #expect(!costs.contains(nil), "\(seed) \(number)")
            #expect(found.ambiguous.isEmpty == (best.leftovers.count <= 1), "\(seed) \(number)")
            guard found.ambiguous.isEmpty else {
                // Who is in doubt is linked to nothing, and neither is what is in doubt.
                #expect(
                    links.allSatisfy { !found.bookings.ambiguousPayments.contains(Int32($0.0)) })
                #expect(
                    links.allSatisfy { !found.bookings.ambiguousBookings.contains(Int32($0.1)) })
                continue
            }
            #expect(links.count == max(best.pairs, 0), "\(seed) \(number)")
            #expect(costs.reduce(0) { $0 + ($1 ?? 0) } == best.cost, "\(seed) \(number)")
        }
    }

    /// Two payments are of one part exactly where a chain of possible pairs leads from one to the
    /// other.
    @Test(arguments: 0..<40)
    func partsAreWhatPairsConnect(seed: Int) {
        var generator = SeededGenerator(UInt64(seed) + 1_000)
        for _ in 0..<50 {
            let example = Case(&generator)
            var parts = Array(0..<(example.payments.count + example.bookings.count))
            for payment in example.payments.indices {
                for booking in example.bookings.indices where example.cost(payment, booking) != nil
                {
                    let from = parts[payment]
                    let into = parts[example.payments.count + booking]
                    for index in parts.indices where parts[index] == from { parts[index] = into }
                }
            }
            var expected: Set<Set<String>> = []
            for part in Set(parts) {
                let members = parts.indices.filter { parts[$0] == part }.map {
                    $0 < example.payments.count ? "P\($0)" : "B\($0 - example.payments.count)"
                }
                if members.contains(where: { $0.hasPrefix("P") }), members.count > 1 {
                    expected.insert(Set(members))
                }
            }
            let tables = example.world.tables
            let payments = tables.payments.rows.indices.map { Int32($0) }.sorted {
                tables.payments.rows[Int($0)].created < tables.payments.rows[Int($1)].created
            }
            let bookings = tables.bookings.rows.indices.map { Int32($0) }.sorted {
                tables.bookings.rows[Int($0)].created < tables.bookings.rows[Int($1)].created
            }
            var groups = PairGroups(
                tables, payments: payments, bookings: bookings,
                window: Int64(example.window) * 60_000_000)
            let found = groups.parts(
                paid: payments.map {
                    (
                        tables.payments.rows[Int($0)].created.microseconds,
                        example.world.print(example.payments[Int($0)].item)
                    )
                },
                items: bookings.map { example.world.print(example.bookings[Int($0)].item) })
            let words = found.map { part in
                Set(part.payments.map { "P\($0)" } + part.bookings.map { "B\($0)" })
            }
            #expect(Set(words) == expected)
            #expect(words.count == expected.count)
        }
    }

    /// One guest account buys ten thousand tickets of two hundred shows at one price within three
    /// days: far more than a group may have, but no group of one show has as many.
    @Test func manyPurchasesOfOneAccountAreToldApartByTheirItems() {
        var world = World(settlements: false)
        for number in 0..<10_000 {
            let show = number % 200
            world.payment("P\(number)")
            world.booking("B\(number)", at: nil)
            world.tables.payments.rows[number].created = Case.time(number % 4_000)
            world.tables.bookings.rows[number].created = Case.time(number % 4_000)
            world.itemOfPayment["P\(number)"] = "show \(show)"
            world.itemOfBooking["B\(number)"] = "show \(show)"
        }
        let clock = ContinuousClock()
        let start = clock.now
        let found = world.reconciled()
        #expect(clock.now - start < .seconds(60))
        #expect(found.links.count == 10_000)
        #expect(found.ambiguous.isEmpty)
    }

    @Test func aGroupThatIsTooLargeSaysHowLargeItIs() {
        var world = World(settlements: false)
        for number in 0..<200 { world.payment("P\(number)") }
        for number in 0..<3 { world.booking("B\(number)") }
        let found = world.reconciled()
        let doubts = found.classification.breaks.filter { $0.code == .ambiguousBooking }
        #expect(doubts.count == 200)
        #expect(doubts.allSatisfy { $0.expected == 200 && $0.found == 3 })
    }
}
