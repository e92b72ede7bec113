import Time

/// When a watcher runs.
public struct WatchRules: Sendable, Hashable {
    /// How long after a run the next one comes, whether or not a dump has changed: what is due
    /// depends on the time as well.
    public var interval: TimeSpan
    /// How long a file must have been left alone before it counts as written.
    public var settling: TimeSpan
    /// How long a run that failed waits before it is tried again, the first time.
    public var firstDelay: TimeSpan
    /// The longest that it waits; each delay is twice the one before.
    public var longestDelay: TimeSpan

    /// Runs this often, with two seconds of settling and delays from one second to five minutes.
    public init(interval: TimeSpan) {
        self.interval = interval
        settling = TimeSpan(seconds: 2)
        firstDelay = TimeSpan(seconds: 1)
        longestDelay = TimeSpan(seconds: 300)
    }
}

/// Decides, at each look at the dumps, whether to run: pure, so that every case can be tested
/// without waiting.
///
/// Moments are of a clock that never jumps, but for what the files say of themselves.
public struct WatchSchedule: Sendable {
    /// What to do now.
    public enum Step: Sendable, Hashable {
        /// Run.
        case run
        /// Nothing has changed, and nothing is due.
        case rest
        /// Something has changed, and is perhaps still being written.
        case settle
        /// The last run failed, and is not yet tried again.
        case delay
    }

    private let rules: WatchRules
    private var seen: FolderSnapshot?
    private var seenSince = Instant(microseconds: 0)
    private var tried: FolderSnapshot?
    private var triedAt = Instant(microseconds: 0)
    /// How many runs have failed, one after the other.
    public private(set) var failures = 0

    /// Nothing has been seen or tried yet.
    public init(_ rules: WatchRules) { self.rules = rules }

    /// Looks at the dumps.
    ///
    /// - Parameters:
    ///   - snapshot: What the files look like.
    ///   - now: The moment by the steady clock.
    ///   - clock: The moment by the clock that stamps files.
    /// - Returns: What to do now; whoever runs says so by `ran`.
    public mutating func look(
        _ snapshot: FolderSnapshot, now: Instant, clock: Instant
    ) -> Step {
        if snapshot != seen {
            seen = snapshot
            seenSince = now
        }
        let hasChanged = snapshot != tried
        guard hasChanged || now >= next else { return failures > 0 ? .delay : .rest }
        // Files that were left alone long ago need no watching; where the stamps cannot be
        // believed, what was seen counts.
        let isSettled =
            snapshot.latestChange.advanced(by: rules.settling) <= clock
            || seenSince.advanced(by: rules.settling) <= now
        return isSettled ? .run : .settle
    }

    /// When the next run comes if nothing changes.
    private var next: Instant {
        guard tried != nil else { return Instant(microseconds: .min) }
        return triedAt.advanced(by: failures > 0 ? delay : rules.interval)
    }

    /// How long a run that failed waits: twice as long each time, up to a limit.
    public var delay: TimeSpan {
        let doublings = min(max(failures - 1, 0), 30)
        let (wanted, over) = rules.firstDelay.microseconds
            .multipliedReportingOverflow(by: 1 << doublings)
        return TimeSpan(
            microseconds: over
                ? rules.longestDelay.microseconds : min(wanted, rules.longestDelay.microseconds))
    }

    /// Notes how a run over these files ended.
    public mutating func ran(over snapshot: FolderSnapshot, at now: Instant, succeeded: Bool) {
        tried = snapshot
        triedAt = now
        failures = succeeded ? 0 : failures + 1
    }
}
