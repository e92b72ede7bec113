import Foundation
import Testing

/// Machines that run a pipeline twice at once, set their clock back, or have little memory.
@Suite struct AwkwardMachineTests {
    @Test func ofTwoRunsAtOnceOneIsToldThatTheOtherHoldsTheFolder() throws {
        let night = try Night.generated(payments: 1500, seed: 41)
        let undisturbed = night.workspace.at("undisturbed")
        try night.publish(["--threads", "1"], out: undisturbed)
        var refused = 0
        for _ in 0..<6 {
            let children = try (0..<2).map { _ in try night.launch(["--threads", "1"]).start() }
            let endings = try children.map { try $0.wait() }
            // Who comes after the other has ended repeats its night, and finds nothing to do.
            #expect(endings.contains { $0.code == 3 }, "\(endings.map(\.errors))")
            for ending in endings where ending.code != 3 {
                refused += 1
                expectFailure(
                    ending, code: 4, saying: ["another run holds the output folder", ".lock"])
            }
            let verified = try Archives.verify(night.out)
            #expect(verified.code == 0, "\(verified.errors)")
            if endings.contains(where: { $0.code == 4 }) {
                let differences = try FolderSnapshot(night.out).reproducible
                    .differences(FolderSnapshot(undisturbed).reproducible)
                #expect(differences == [])
            }
            try Files.remove(night.out)
        }
        #expect(refused > 0, "the runs never met")
    }

    @Test(.enabled(if: FaultLibrary.isPossible, "needs a compiler for C"))
    func aClockThatGoesBackChangesNoByte() throws {
        let library = try FaultLibrary()
        let night = try Night.tours()
        let other = night.workspace.at("other")
        try night.publish(out: other)
        let ending = try library.run(night.launch(), clockGoingBack: 86_400)
        #expect(ending.code == 3, "\(ending.errors)")
        let differences = try FolderSnapshot(night.out).reproducible
            .differences(FolderSnapshot(other).reproducible)
        #expect(differences == [])
    }

    /// Without `--as-of` the clock gives it: that of a machine that was set back may lie before the
    /// latest run's.
    @Test func aClockThatLiesBeforeTheLatestRunIsRefused() throws {
        let night = try Night.tours()
        try night.publish(asOf: "2120-01-01T00:00:00Z")
        let before = try FolderSnapshot(night.out)
        var launch = night.launch()
        launch.arguments.removeLast(2)
        expectFailure(try launch.run(), saying: ["the as-of lies before that of the latest run"])
        #expect(try FolderSnapshot(night.out).differences(before) == [])
    }

    /// Limits from one that does not let the program start to one that is enough.
    @Test func tooLittleMemoryEndsARunCleanly() throws {
        let night = try Night.generated(payments: 3000, seed: 42)
        try night.publish()
        let before = try FolderSnapshot(night.out).visible
        var failed = 0
        var mute = 0
        var hasSpoken = false
        var mebibytes = 16
        while true {
            let run = night.launch(asOf: "2025-09-01T02:00:00Z")
            let ending = try Launch(
                program: "sh",
                arguments: [
                    "-c", "ulimit -v \(mebibytes * 1024) && exec \"$@\"", "sh", run.program,
                ]
                    + run.arguments
            ).run()
            if ending.code == 3 { break }
            try #require(mebibytes < 8192, "no limit is enough")
            failed += 1
            #expect(try FolderSnapshot(night.out).visible.differences(before) == [])
            let verified = try Archives.verify(night.out)
            #expect(verified.code == 0, "\(verified.errors)")
            let note: Comment = "\(mebibytes) MiB: \(ending.errors)"
            // Where not even the system's own libraries find room, the loader says so.
            let isLoaders = ending.code == 127 && ending.errors.contains("shared librar")
            // A library that ends the process itself says why.
            let isLibrarys = ending.code == 1 && ending.errors.contains("Out of memory")
            // Where the language finds no room to set itself up, nothing of the program runs yet.
            let isMute = ending.code > 128 && !hasSpoken
            mute += isMute ? 1 : 0
            let hasTold = ending.code == 1 && ending.errors.contains("error: ")
            hasSpoken = hasSpoken || hasTold
            #expect(isLoaders || isLibrarys || isMute || hasTold, note)
            mebibytes += mebibytes < 256 ? 4 : 32
        }
        #expect(failed > 4)
        #expect(hasSpoken && mute <= 3, "most limits must be told of: \(mute) of \(failed)")
        try night.publish(asOf: "2025-09-02T02:00:00Z")
    }
}
