import Diagnostics
import Time

/// Runs a pipeline again and again: when its dumps have changed, or when the interval has passed.
public struct Watcher {
    /// What a watcher sees and does; tests put their own clock and folder in its place.
    public struct Surroundings {
        /// The moment by a clock that never jumps.
        public var now: () -> Instant
        /// The moment by the clock that stamps files and runs.
        public var clock: () -> Instant
        /// The present state of the files that a run would read.
        ///
        /// Throws where the definition cannot be read, say.
        public var look: () throws -> FolderSnapshot
        /// Runs once, and tells what came of it.
        public var run: () throws -> Event
        /// Waits so long, or less where a signal comes.
        public var wait: (TimeSpan) -> Void
        /// The signal that asks to stop; nil where none came.
        public var stoppingSignal: () -> Int32?

        /// Gathers them.
        public init(
            now: @escaping () -> Instant, clock: @escaping () -> Instant,
            look: @escaping () throws -> FolderSnapshot, run: @escaping () throws -> Event,
            wait: @escaping (TimeSpan) -> Void, stoppingSignal: @escaping () -> Int32?
        ) {
            self.now = now
            self.clock = clock
            self.look = look
            self.run = run
            self.wait = wait
            self.stoppingSignal = stoppingSignal
        }
    }

    /// How often the dumps are looked at, at least; looking costs next to nothing.
    private static let longestPause = TimeSpan(seconds: 1)

    private let rules: WatchRules
    private let log: EventLog
    private let surroundings: Surroundings
    private var schedule: WatchSchedule

    /// Prepares a watcher.
    public init(_ rules: WatchRules, log: EventLog, surroundings: Surroundings) {
        self.rules = rules
        self.log = log
        self.surroundings = surroundings
        schedule = WatchSchedule(rules)
    }

    /// Watches until a signal comes, which ends a run under way at its next safe point.
    ///
    /// - Returns: The signal.
    public consuming func watch() -> Int32 {
        tell(
            Event(
                .info, "watching",
                "watching; a run comes when dumps change, and at the latest after the interval",
                fields: [Event.Field("interval_seconds", String(rules.interval.wholeSeconds))]))
        while true {
            if let signal = surroundings.stoppingSignal() { return stop(signal) }
            lookOnce()
            if let signal = surroundings.stoppingSignal() { return stop(signal) }
            surroundings.wait(min(Watcher.longestPause, rules.interval, rules.firstDelay))
        }
    }

    private func stop(_ signal: Int32) -> Int32 {
        tell(Event(.info, "stopped", "stopped by a signal; nothing was left half done"))
        return signal
    }

    private mutating func lookOnce() {
        var snapshot = FolderSnapshot(entries: [])
        do {
            snapshot = try surroundings.look()
            let step = schedule.look(
                snapshot, now: surroundings.now(), clock: surroundings.clock())
            guard step == .run else { return }
            let event = try surroundings.run()
            schedule.ran(over: snapshot, at: surroundings.now(), succeeded: true)
            tell(event)
        } catch TrueupError.stopped {
            // The loop sees the signal itself.
        } catch {
            fail(error, over: snapshot)
        }
    }

    /// A run that failed is told of, and tried again later: a file may be readable then.
    private mutating func fail(_ error: any Error, over snapshot: FolderSnapshot) {
        guard
            schedule.look(snapshot, now: surroundings.now(), clock: surroundings.clock()) == .run
        else { return }
        schedule.ran(over: snapshot, at: surroundings.now(), succeeded: false)
        let findings = (error as? TrueupError)?.findings ?? [Finding("\(error)")]
        for finding in findings {
            tell(
                Event(
                    .error, "failed", finding.description,
                    fields: [
                        Event.Field("failures", String(schedule.failures)),
                        Event.Field("retry_seconds", String(schedule.delay.wholeSeconds)),
                    ]))
        }
    }

    private func tell(_ event: Event) { log.tell(event, at: surroundings.clock()) }
}
