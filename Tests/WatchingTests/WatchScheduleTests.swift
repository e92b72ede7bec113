import Testing
import Time

@testable import Watching

/// A folder as it was at a moment, in seconds.
func snapshot(_ size: Int64, changedAt seconds: Int64) -> FolderSnapshot {
    FolderSnapshot(entries: [
        FolderSnapshot.Entry(
            path: "payments.csv",
            state: FolderSnapshot.State(
                size: size, inode: 1, modified: seconds * 1_000_000_000,
                changed: seconds * 1_000_000_000))
    ])
}

@Suite struct WatchScheduleTests {
    let old = snapshot(10, changedAt: -1000)

    func at(_ seconds: Int64) -> Instant { Instant(seconds: seconds) }

    @Test func theFirstLookRuns() {
        var schedule = WatchSchedule(WatchRules(interval: TimeSpan(seconds: 60)))
        #expect(schedule.look(old, now: at(5), clock: at(5)) == .run)
    }

    @Test func withoutAChangeItRestsUntilTheIntervalHasPassed() {
        var schedule = WatchSchedule(WatchRules(interval: TimeSpan(seconds: 60)))
        schedule.ran(over: old, at: at(10), succeeded: true)
        for second in Int64(10)..<70 {
            #expect(schedule.look(old, now: at(second), clock: at(second)) == .rest)
        }
        #expect(schedule.look(old, now: at(70), clock: at(70)) == .run)
    }

    @Test func aChangedFileIsReadOnceItIsLeftAlone() {
        var schedule = WatchSchedule(WatchRules(interval: TimeSpan(seconds: 600)))
        schedule.ran(over: old, at: at(10), succeeded: true)
        #expect(schedule.look(snapshot(11, changedAt: 20), now: at(20), clock: at(20)) == .settle)
        #expect(schedule.look(snapshot(12, changedAt: 21), now: at(21), clock: at(21)) == .settle)
        #expect(schedule.look(snapshot(12, changedAt: 21), now: at(22), clock: at(22)) == .settle)
        #expect(schedule.look(snapshot(12, changedAt: 21), now: at(23), clock: at(23)) == .run)
    }

    @Test func aStampOfTheFutureDoesNotHoldItUpForEver() {
        var schedule = WatchSchedule(WatchRules(interval: TimeSpan(seconds: 600)))
        let strange = snapshot(11, changedAt: 90_000)
        #expect(schedule.look(strange, now: at(20), clock: at(20)) == .settle)
        #expect(schedule.look(strange, now: at(21), clock: at(21)) == .settle)
        #expect(schedule.look(strange, now: at(22), clock: at(22)) == .run)
    }

    @Test func theIntervalDoesNotReadAFileThatIsBeingWritten() {
        var schedule = WatchSchedule(WatchRules(interval: TimeSpan(seconds: 5)))
        schedule.ran(over: old, at: at(10), succeeded: true)
        for second in Int64(11)..<40 {
            let growing = snapshot(second, changedAt: second)
            #expect(schedule.look(growing, now: at(second), clock: at(second)) == .settle)
        }
    }

    @Test func delaysGrowUpToALimit() {
        var rules = WatchRules(interval: TimeSpan(seconds: 60))
        rules.longestDelay = TimeSpan(seconds: 20)
        var schedule = WatchSchedule(rules)
        var now: Int64 = 0
        for delay in [1, 2, 4, 8, 16, 20, 20, 20] as [Int64] {
            #expect(schedule.look(old, now: at(now), clock: at(now)) == .run)
            schedule.ran(over: old, at: at(now), succeeded: false)
            #expect(schedule.delay == TimeSpan(seconds: delay))
            #expect(schedule.look(old, now: at(now + delay - 1), clock: at(now)) == .delay)
            now += delay
        }
        for _ in 0..<200 { schedule.ran(over: old, at: at(now), succeeded: false) }
        #expect(schedule.delay == TimeSpan(seconds: 20))
        schedule.ran(over: old, at: at(now), succeeded: true)
        #expect(schedule.failures == 0)
        #expect(schedule.look(old, now: at(now + 59), clock: at(now)) == .rest)
        #expect(schedule.look(old, now: at(now + 60), clock: at(now)) == .run)
    }

    @Test func aChangeIsTriedAtOnceAfterAFailure() {
        var rules = WatchRules(interval: TimeSpan(seconds: 600))
        rules.firstDelay = TimeSpan(seconds: 100)
        var schedule = WatchSchedule(rules)
        schedule.ran(over: old, at: at(10), succeeded: false)
        #expect(schedule.look(old, now: at(12), clock: at(12)) == .delay)
        #expect(schedule.look(snapshot(11, changedAt: 5), now: at(13), clock: at(13)) == .run)
    }
}
