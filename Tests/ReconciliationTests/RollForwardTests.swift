import Money
import Reconciliation
import Records
import TestKit
import Testing
import Time

@Suite struct RollForwardTests {
    private static let first = moment("2026-03-02T02:00:00Z")
    private static let second = moment("2026-03-03T02:00:00Z")
    private static let third = moment("2026-03-04T02:00:00Z")
    private static let month = TimeSpan(seconds: 30 * 86_400)

    private func item(_ id: String, at moment: Instant, atRisk: Int64 = 100) throws -> OpenItem {
        OpenItem(
            id: id, code: .stuck, firstSeen: moment, currency: try #require(Currency("GHS")),
            atRisk: atRisk)
    }

    private func roll(
        _ carried: [OpenItem], found: [String] = [], overridden: [String] = [], at asOf: Instant,
        atRisk: Int64 = 100
    ) throws -> RollForward {
        RollForward(
            carried: carried, found: try found.map { try item($0, at: asOf, atRisk: atRisk) },
            overridden: try overridden.map { try item($0, at: asOf, atRisk: atRisk) }, asOf: asOf,
            closeAfter: Self.month)
    }

    @Test func whatIsFoundForTheFirstTimeIsNew() throws {
        let rolled = try roll([], found: ["b", "a"], at: Self.first)
        #expect(rolled.new.count == 2)
        #expect(rolled.reopened.count == 0 && rolled.cleared.isEmpty)
        #expect(rolled.firstSeen == [Self.first, Self.first])
        #expect(rolled.next.map(\.id) == ["a", "b"])
    }

    @Test func whatStaysKeepsItsFirstSeenAndIsRevalued() throws {
        let before = try roll([], found: ["a"], at: Self.first).next
        let rolled = try roll(before, found: ["a"], at: Self.second, atRisk: 130)
        #expect(rolled.firstSeen == [Self.first])
        #expect(rolled.new.count == 0 && rolled.reopened.count == 0 && rolled.cleared.isEmpty)
        #expect(rolled.revalued.atRisk.values.map { $0 } == [30])
        #expect(rolled.next.map(\.atRisk) == [130])
        #expect(rolled.next.map(\.since) == [Self.first])
    }

    @Test func whatIsGoneIsClearedOnceAndRemembered() throws {
        let before = try roll([], found: ["a"], at: Self.first).next
        let gone = try roll(before, at: Self.second)
        #expect(gone.cleared.map(\.id) == ["a"])
        #expect(gone.next.map(\.state) == [.cleared])
        let later = try roll(gone.next, at: Self.third)
        #expect(later.cleared.isEmpty)
        #expect(later.next == gone.next)
    }

    @Test func whatComesBackIsReopenedWithItsOldFirstSeen() throws {
        let before = try roll([], found: ["a"], at: Self.first).next
        let gone = try roll(before, at: Self.second).next
        let rolled = try roll(gone, found: ["a"], at: Self.third)
        #expect(rolled.reopened.count == 1 && rolled.new.count == 0)
        #expect(rolled.firstSeen == [Self.first])
        #expect(rolled.next.map(\.since) == [Self.third])
    }

    @Test(arguments: [(0, true), (30, true), (31, false)])
    func aClearedItemIsRememberedForAWhile(days: Int64, isRemembered: Bool) throws {
        let before = try roll([], found: ["a"], at: Self.first).next
        let gone = try roll(before, at: Self.second).next
        let later = Self.second.advanced(by: TimeSpan(seconds: days * 86_400))
        #expect(try roll(gone, at: later).next.isEmpty != isRemembered)
    }

    @Test func anOverrideClearsWhatWasOpenAndOnlyOnce() throws {
        let before = try roll([], found: ["a"], at: Self.first).next
        let closed = try roll(before, overridden: ["a"], at: Self.second)
        #expect(closed.cleared.map(\.firstSeen) == [Self.first])
        #expect(closed.next.map(\.state) == [.overridden])
        let later = try roll(closed.next, overridden: ["a"], at: Self.third)
        #expect(later.cleared.isEmpty && later.new.count == 0)
        #expect(later.next == closed.next)
        let back = try roll(later.next, found: ["a"], at: Self.third)
        #expect(back.reopened.count == 1)
        #expect(back.firstSeen == [Self.first])
    }

    @Test func whatIsFoundAndOverriddenAtOnceIsNewAndCleared() throws {
        let rolled = try roll([], overridden: ["a"], at: Self.first)
        #expect(rolled.new.count == 1)
        #expect(rolled.cleared.map(\.id) == ["a"])
        #expect(rolled.next.map(\.state) == [.overridden])
    }

    @Test func anOverriddenItemThatGoesAwayIsNotClearedAgain() throws {
        let closed = try roll([], overridden: ["a"], at: Self.first).next
        let rolled = try roll(closed, at: Self.second)
        #expect(rolled.cleared.isEmpty)
        #expect(rolled.next.map(\.state) == [.cleared])
    }

    @Test(arguments: 0..<40)
    func randomNightsAlwaysAddUp(seed: UInt64) throws {
        var generator = SeededGenerator(seed)
        let ids = (0..<12).map { "BR-\($0)" }
        var carried: [OpenItem] = []
        var open: [String: Int64] = [:]
        var seen: [String: Instant] = [:]
        var asOf = Self.first
        for _ in 0..<30 {
            asOf = asOf.advanced(by: TimeSpan(seconds: .random(in: 0...200_000, using: &generator)))
            var found: [OpenItem] = []
            var overridden: [OpenItem] = []
            for id in ids.shuffled(using: &generator) {
                let atRisk = Int64.random(in: 0...500, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0, 1: found.append(try item(id, at: asOf, atRisk: atRisk))
                case 2: overridden.append(try item(id, at: asOf, atRisk: atRisk))
                default: break
                }
            }
            let rolled = RollForward(
                carried: carried, found: found, overridden: overridden, asOf: asOf,
                closeAfter: Self.month)
            #expect(
                open.count + rolled.new.count + rolled.reopened.count - rolled.cleared.count
                    == found.count)
            let moved = [rolled.new, rolled.reopened, rolled.revalued]
                .flatMap(\.atRisk.values).reduce(0, +)
            let cleared = rolled.cleared.reduce(Int128(0)) { $0 + Int128($1.atRisk) }
            #expect(
                open.values.reduce(Int128(0)) { $0 + Int128($1) } + moved - cleared
                    == found.reduce(Int128(0)) { $0 + Int128($1.atRisk) })
            for (item, first) in zip(found, rolled.firstSeen) {
                #expect(first == seen[item.id, default: asOf], "\(item.id)")
            }
            for item in found + overridden where seen[item.id] == nil { seen[item.id] = asOf }
            // What has been forgotten may be seen for the first time again.
            let known = Set(rolled.next.map(\.id))
            seen = seen.filter { known.contains($0.key) }
            open = Dictionary(uniqueKeysWithValues: found.map { ($0.id, $0.atRisk) })
            carried = rolled.next
            #expect(carried.map(\.id) == carried.map(\.id).sorted())
        }
    }
}
