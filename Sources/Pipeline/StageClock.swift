import Glibc
import Reporting

/// How long each stage took: for `timings.json` and `metrics.prom`, which no checksum covers.
///
/// It also tells those who wait which stage has begun.
struct StageClock {
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private var stages: [(name: String, begun: ContinuousClock.Instant)] = []

    private let progress: any ProgressReporting

    init(_ progress: any ProgressReporting = NoProgress()) {
        self.progress = progress
        start = clock.now
    }

    /// Ends the stage before, and begins another.
    ///
    /// It stays a function of its own, since `Tests/Benchmarks/instructions.py` cuts its counts there.
    @inline(never)
    mutating func begin(_ stage: String) {
        stages.append((stage, clock.now))
        guard let words = StageClock.words[stage] else { return }
        progress.begin(stage: words, totalBytes: 0)
    }

    /// What stages are called on a terminal; reading and writing tell of themselves.
    private static let words = [
        "resolve": "finding out what was paid", "match": "matching payments and bookings",
        "classify": "looking for breaks", "backfill": "making what is missing",
        "settle": "settling with sellers", "summarize": "summing up each user",
        "join": "tying out payouts", "report": "counting everything again",
        "archive": "publishing",
    ]

    /// What the run has cost so far.
    var cost: RunCost {
        var ends = stages.dropFirst().map(\.begun)
        ends.append(clock.now)
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return RunCost(
            stages: totals(ends).map { ($0.name, StageClock.milliseconds($0.time)) },
            total: StageClock.milliseconds(clock.now - start),
            peakMemory: Int64(usage.ru_maxrss) * 1024, measuredAt: Int64(time(nil)))
    }

    /// How long each stage took, in the order in which they were first begun: of a divided run each
    /// part has the same ones.
    private func totals(
        _ ends: [ContinuousClock.Instant]
    ) -> [(name: String, time: Duration)] {
        var totals: [(name: String, time: Duration)] = []
        for (stage, end) in zip(stages, ends) {
            if let place = totals.firstIndex(where: { $0.name == stage.name }) {
                totals[place].time += end - stage.begun
            } else {
                totals.append((stage.name, end - stage.begun))
            }
        }
        return totals
    }

    private static func milliseconds(_ duration: Duration) -> Int64 {
        let (seconds, attoseconds) = duration.components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }
}

extension RunCost {
    /// `timings.json`: milliseconds by stage, and the peak of memory in bytes.
    func document(run: String) -> [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("run", run)
            json.field("stages_ms") { json in
                json.object { json in
                    for stage in stages { json.field(stage.name, stage.milliseconds) }
                }
            }
            json.field("total_ms", total)
            json.field("peak_memory_bytes", peakMemory)
        }
        return json.finish()
    }
}
