import Diagnostics
import Testing
import Time

@testable import Watching

/// A world of its own time, in which a watcher lives for so many seconds.
final class FakeWorld {
    var second: Int64 = 1000
    var size: Int64 = 1
    var changedAt: Int64 = 0
    var runs: [Int64] = []
    var lines: [String] = []
    /// Seconds at which a run fails.
    var fails: (Int64) -> Bool = { _ in false }
    var failsToLook: (Int64) -> Bool = { _ in false }
    /// What happens in the world, by the second.
    var happens: [Int64: (FakeWorld) -> Void] = [:]

    func live(until end: Int64, interval: Int64 = 60, isJSON: Bool = false) -> Int32 {
        let lines = LineBox()
        let watcher = Watcher(
            WatchRules(interval: TimeSpan(seconds: interval)),
            log: EventLog(isJSON: isJSON) { lines.add($0) },
            surroundings: Watcher.Surroundings(
                now: { Instant(seconds: self.second) }, clock: { Instant(seconds: self.second) },
                look: {
                    if self.failsToLook(self.second) { throw Self.failure }
                    return snapshot(self.size, changedAt: self.changedAt)
                },
                run: {
                    self.runs.append(self.second)
                    if self.fails(self.second) { throw Self.failure }
                    return Event(.info, "published", "run published")
                },
                wait: { _ in
                    self.second += 1
                    self.happens[self.second]?(self)
                },
                stoppingSignal: { self.second >= end ? 15 : nil }))
        let signal = watcher.watch()
        self.lines = lines.all
        return signal
    }

    static let failure = TrueupError.run(
        Finding("the dump cannot be read", found: "\u{1B}[31mlocked", remedy: "wait"))
}

/// Lines that a closure gathers; used by one thread.
final class LineBox: @unchecked Sendable {
    private(set) var all: [String] = []
    func add(_ line: String) { all.append(line) }
}

@Suite struct WatcherTests {
    @Test func runsAtOnceAndThenWheneverTheIntervalHasPassed() {
        let world = FakeWorld()
        #expect(world.live(until: 1200) == 15)
        #expect(world.runs == [1000, 1060, 1120, 1180])
        #expect(world.lines.count == 6)
        #expect(world.lines.last?.contains("stopped by a signal") == true)
    }

    @Test func runsWhenADumpHasChangedAndIsLeftAlone() {
        let world = FakeWorld()
        for second in Int64(1010)...1014 {
            world.happens[second] = { world in
                world.size += 1
                world.changedAt = world.second
            }
        }
        _ = world.live(until: 1050)
        #expect(world.runs == [1000, 1016])
    }

    @Test func survivesRunsThatFail() {
        let world = FakeWorld()
        world.fails = { $0 < 1010 }
        _ = world.live(until: 1030)
        // After one, two, four and eight seconds, and then no more.
        #expect(world.runs == [1000, 1001, 1003, 1007, 1015])
        let failures = world.lines.filter { $0.contains(" error: ") }
        #expect(failures.count == 4)
        #expect(failures[1].contains("failures=2 retry_seconds=2"))
        #expect(!world.lines.joined().contains("\u{1B}"))
    }

    @Test func survivesADefinitionThatCannotBeRead() {
        let world = FakeWorld()
        world.failsToLook = { (1003..<1020).contains($0) }
        _ = world.live(until: 1100, interval: 30)
        #expect(world.runs.first == 1000)
        #expect(world.runs.contains { $0 >= 1020 })
        #expect(!world.runs.contains { (1003..<1020).contains($0) })
        #expect(world.lines.contains { $0.contains("failures=3") })
    }

    @Test func writesALineOfJSONForEachEvent() {
        let world = FakeWorld()
        world.fails = { $0 == 1060 }
        _ = world.live(until: 1100, isJSON: true)
        #expect(
            world.lines[0]
                == #"{"time":"1970-01-01T00:16:40Z","level":"info","event":"watching","message":"#
                + #""watching; a run comes when dumps change, and at the latest after the "#
                + #"interval","interval_seconds":"60"}"# + "\n")
        for line in world.lines {
            #expect(line.hasPrefix("{\"time\":") && line.hasSuffix("}\n"))
            #expect(line.dropLast().contains { $0.isNewline } == false)
        }
        #expect(world.lines.contains { $0.contains(#""level":"error","event":"failed""#) })
    }

    @Test func stopsBeforeTheFirstRunWhereItIsAskedTo() {
        let world = FakeWorld()
        #expect(world.live(until: 0) == 15)
        #expect(world.runs.isEmpty)
    }
}
