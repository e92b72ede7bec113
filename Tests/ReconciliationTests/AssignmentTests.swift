import TestKit
import Testing

@testable import Reconciliation

/// The assignment compared with every possible one.
@Suite struct AssignmentTests {
    /// All best assignments of a table of costs, by trying every one.
    struct Exhaustive {
        var pairs = 0
        var cost: Int64 = 0
        /// Those on the left that each of the best leaves out.
        var leftOut: Set<Set<Int>> = []

        init(_ costs: [[Int64?]], rightCount: Int) {
            extend(costs, rightCount, left: 0, used: 0, pairs: 0, cost: 0, out: [])
        }

        private mutating func extend(
            _ costs: [[Int64?]], _ rightCount: Int, left: Int, used: Int, pairs: Int, cost: Int64,
            out: Set<Int>
        ) {
            guard left < costs.count else {
                if leftOut.isEmpty || pairs > self.pairs
                    || (pairs == self.pairs && cost < self.cost)
                {
                    self.pairs = pairs
                    self.cost = cost
                    leftOut = [out]
                } else if pairs == self.pairs, cost == self.cost {
                    leftOut.insert(out)
                }
                return
            }
            extend(
                costs, rightCount, left: left + 1, used: used, pairs: pairs, cost: cost,
                out: out.union([left]))
            for right in 0..<rightCount where used & (1 << right) == 0 {
                guard let price = costs[left][right] else { continue }
                extend(
                    costs, rightCount, left: left + 1, used: used | (1 << right), pairs: pairs + 1,
                    cost: cost + price, out: out)
            }
        }
    }

    /// Thirty-two seeds of 150 cases each, with few different costs, so that ties abound.
    @Test(arguments: 0..<32)
    func itIsOneOfTheBestAndTellsWhoCouldBeLeftOutInstead(seed: Int) {
        var generator = SeededGenerator(UInt64(seed))
        for _ in 0..<150 {
            let leftCount = Int.random(in: 0...5, using: &generator)
            let rightCount = Int.random(in: 0...5, using: &generator)
            let highest = Int64.random(in: 0...4, using: &generator)
            let density = Int.random(in: 1...4, using: &generator)
            let costs: [[Int64?]] = (0..<leftCount).map { _ in
                (0..<rightCount).map { _ in
                    Int.random(in: 0..<4, using: &generator) < density
                        ? Int64.random(in: 0...highest, using: &generator) : nil
                }
            }
            let best = Exhaustive(costs, rightCount: rightCount)
            let found = Assignment(leftCount: leftCount, rightCount: rightCount) { costs[$0][$1] }
            check(found, against: best, costs)
        }
    }

    private func check(_ found: Assignment, against best: Exhaustive, _ costs: [[Int64?]]) {
        let partners = found.partners.enumerated().compactMap { left, right in
            right.map { (left: left, right: $0) }
        }
        #expect(Set(partners.map(\.right)).count == partners.count, "\(costs)")
        let prices = partners.map { costs[$0.left][$0.right] }
        #expect(!prices.contains(nil), "\(costs)")
        #expect(partners.count == best.pairs, "\(costs)")
        #expect(prices.reduce(0) { $0 + ($1 ?? 0) } == best.cost, "\(costs)")
        let out = Set(found.partners.indices.filter { found.partners[$0] == nil })
        #expect(best.leftOut.contains(out), "\(costs)")
        // Each one left out is followed by all that an equally good assignment leaves out in its
        // place alone.
        for left in out {
            let instead = best.leftOut.filter { $0.symmetricDifference(out).count == 2 }
                .filter { !$0.contains(left) }.flatMap { $0.subtracting(out) }
            let group = found.interchangeable.first { $0.first == left }
            #expect(Set(group?.dropFirst() ?? []) == Set(instead), "\(costs)")
            #expect(group?.count != 1)
        }
        #expect(found.interchangeable.isEmpty == (best.leftOut.count == 1), "\(costs)")
        // Whoever any of the best leaves out is found by single exchanges.
        let inDoubt = Set(found.interchangeable.flatMap(\.self))
        #expect(best.leftOut.allSatisfy { $0.subtracting(out).isSubset(of: inDoubt) }, "\(costs)")
    }

    @Test func aGroupOfTheLargestSizeIsAssignedQuickly() {
        let size = AttributeMatcher.largestGroup
        let clock = ContinuousClock()
        let start = clock.now
        let found = Assignment(leftCount: size, rightCount: size) { left, right in
            Int64((left * 7919 + right * 104_729) % 1_000_003) * 250_000
        }
        #expect(clock.now - start < .seconds(10))
        #expect(Set(found.partners.compactMap(\.self)).count == size)
    }
}
