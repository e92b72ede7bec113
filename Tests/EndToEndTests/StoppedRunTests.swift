import Foundation
import Testing

/// Runs that are ended from outside, at any moment.
@Suite struct StoppedRunTests {
    /// How many payments the dumps have; a debugged program needs about half a second for so many.
    static let payments = 3000

    /// A signal, and with which exit code a run ends that is stopped by it.
    ///
    /// `TRUEUP_KILLS` asks for more kills than a test of every day has time for.
    static let signals: [(signal: Int32, times: Int)] = [
        (SIGKILL, ProcessInfo.processInfo.environment["TRUEUP_KILLS"].flatMap { Int($0) } ?? 60),
        (SIGTERM, 16), (SIGINT, 16),
    ]

    @Test(arguments: signals)
    func aStoppedRunLeavesNoTrace(signal: Int32, times: Int) throws {
        let stage = try Stage()
        var random = SplitMix(state: UInt64(signal))
        var moments = Moments(whole: stage.microseconds)
        var stopped: [Moments.Phase: Int] = [:]
        // Being published is too short for a signal that is waited upon: most such runs are published.
        let wanted: [Moments.Phase: Int] = [
            .reading: times / 6, .writing: times / 6,
            .publishing: signal == SIGKILL ? times / 20 : 0,
        ]
        func isEnough() -> Bool {
            wanted.allSatisfy { stopped[$0.key, default: 0] >= $0.value }
        }
        var attempt = 0
        // A machine that is busy with other things is tried more often, and no less is asked of it.
        while attempt < times || !isEnough() {
            try #require(attempt < times * 6, "runs cannot be stopped in time: \(stopped)")
            let phase = Moments.Phase.allCases[attempt % Moments.Phase.allCases.count]
            attempt += 1
            let isLeftOver = try stage.shows(phase)
            let child = try stage.night.launch(["--threads", "2"], asOf: Stage.later).start()
            try stage.wait(for: phase, isLeftOver: isLeftOver)
            let delay = moments.delay(in: phase, &random)
            usleep(UInt32(delay))
            child.send(signal)
            let ending = try child.wait()
            let note: Comment = "attempt \(attempt), \(delay) µs into \(phase): \(ending.errors)"
            moments.learn(phase, wasStopped: ending.code != 3)
            if ending.code == 3 {
                try stage.expectPublished(note)
                try stage.reset()
                continue
            }
            stopped[phase, default: 0] += 1
            #expect(ending.code == 128 + signal, note)
            if try stage.hasPublished {
                // Killed between the switch and its own end.
                #expect(signal == SIGKILL, note)
                try stage.expectPublished(note)
                try stage.reset()
                continue
            }
            try stage.expectUntouched(note)
            if signal != SIGKILL { try stage.expectClean(note) }
            // Leftovers of several dead runs must not be in the way either.
            guard stopped.values.reduce(0, +) % 5 == 0 else { continue }
            try stage.night.publish(["--threads", "1"], asOf: Stage.later)
            try stage.expectPublished(note)
            try stage.reset()
        }
        try stage.night.publish(asOf: Stage.later)
        try stage.expectPublished("at the end")
    }
}

/// When runs are stopped: at random moments of each part of a run that can be told from outside.
///
/// How long a part takes depends on what else the machine does, so it is learned from each attempt.
private struct Moments {
    enum Phase: CaseIterable {
        /// Nothing of the new run is there.
        case reading
        /// Its hidden folder is there.
        case writing
        /// It is announced.
        case publishing
    }

    private var lengths: [Phase: Int]

    init(whole microseconds: Int) {
        lengths = [
            .reading: microseconds / 2, .writing: microseconds / 2, .publishing: microseconds / 10,
        ]
    }

    func delay(in phase: Phase, _ random: inout SplitMix) -> Int {
        Int.random(in: 0...lengths[phase, default: 0], using: &random)
    }

    /// A run that was published in time ended its part earlier than thought.
    mutating func learn(_ phase: Phase, wasStopped: Bool) {
        let length = lengths[phase, default: 0]
        lengths[phase] = wasStopped ? min(length * 5 / 4 + 1, 10_000_000) : length * 3 / 5
    }
}

/// An output folder with one run, and what it looks like after a second one.
private struct Stage {
    /// The as-of of the run that is stopped.
    static let later = "2025-09-01T02:00:00Z"

    let night: Night
    /// How long an undisturbed run takes.
    let microseconds: Int
    private let first: FolderSnapshot
    private let second: FolderSnapshot
    private let backup: String

    init() throws {
        night = try Night.generated(payments: StoppedRunTests.payments, seed: 21)
        try night.publish(["--user", "u000001@example.com"])
        first = try FolderSnapshot(night.out)
        backup = night.workspace.at("backup")
        try Files.copy(night.out, to: backup)
        let begun = Date()
        try night.publish(asOf: Stage.later)
        microseconds = Int(Date().timeIntervalSince(begun) * 1_000_000)
        second = try FolderSnapshot(night.out)
        try reset()
    }

    /// Goes back to the folder with one run.
    func reset() throws {
        try Files.remove(night.out)
        try Files.copy(backup, to: night.out)
    }

    var hasPublished: Bool {
        get throws { try night.latest().folder.contains("20250901T") }
    }

    /// Waits until a part of a run has begun, as far as that can be seen, or is over.
    ///
    /// A run first removes what a dead one left over of the same part.
    func wait(for phase: Moments.Phase, isLeftOver: Bool) throws {
        let deadline = Date(timeIntervalSinceNow: Launch.longest)
        var isLeftOver = isLeftOver && phase != .reading
        while try !hasPublished {
            let isThere = try shows(phase)
            if isThere && !isLeftOver { return }
            if !isThere { isLeftOver = false }
            try #require(Date() < deadline, "the run never comes to \(phase)")
            usleep(100)
        }
    }

    /// Whether there is what a run has in a part of its life.
    func shows(_ phase: Moments.Phase) throws -> Bool {
        switch phase {
        case .reading: true
        case .writing: try Files.names(in: night.out).contains { $0.hasPrefix(".2025") }
        case .publishing: Files.exists(night.out + "/.latest.partial")
        }
    }

    /// Expects that readers see the first run and nothing else.
    func expectUntouched(_ note: Comment) throws {
        let now = try FolderSnapshot(night.out)
        for (name, entry) in first.entries { #expect(now.entries[name] == entry, note) }
        // Until the last moment a run may have its name and yet not be the latest.
        let strange = now.visible.differences(first.visible)
        let pending = try? FileManager.default.destinationOfSymbolicLink(
            atPath: night.out + "/.latest.partial")
        for name in strange {
            #expect(pending.map { name.contains($0) } ?? false, "\(name): \(note)")
        }
    }

    /// Expects that nothing is left, hidden or not.
    func expectClean(_ note: Comment) throws {
        #expect(try FolderSnapshot(night.out).differences(first) == [], note)
    }

    /// Expects the bytes of an undisturbed run.
    func expectPublished(_ note: Comment) throws {
        let now = try FolderSnapshot(night.out)
        #expect(now.reproducible.differences(second.reproducible) == [], note)
    }
}
