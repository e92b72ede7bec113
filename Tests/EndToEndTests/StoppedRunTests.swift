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
        var stopped = 0
        var published = 0
        for attempt in 0..<times {
            let child = try stage.night.launch(["--threads", "2"], asOf: Stage.later).start()
            let delay = Int.random(in: 0...stage.microseconds * 11 / 10, using: &random)
            usleep(UInt32(delay))
            child.send(signal)
            let ending = try child.wait()
            let note: Comment = "attempt \(attempt), after \(delay) µs: \(ending.errors)"
            if ending.code == 3 {
                published += 1
                try stage.expectPublished(note)
                try stage.reset()
                continue
            }
            stopped += 1
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
            guard stopped % 5 == 0 else { continue }
            try stage.night.publish(["--threads", "1"], asOf: Stage.later)
            try stage.expectPublished(note)
            try stage.reset()
        }
        #expect(stopped > times / 2, "only \(stopped) of \(times) were stopped in time")
        try stage.night.publish(asOf: Stage.later)
        try stage.expectPublished("at the end")
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
