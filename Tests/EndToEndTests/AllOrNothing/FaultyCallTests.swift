import Foundation
import Testing

/// Each call by which a run touches its dumps or its output folder fails, one after the other.
///
/// The run signs its archive; it has a run before it, an archive that has become too old, and what
/// three runs left that died: so every step is reached, those that clean up too.
///
/// Where everything is tested, a third of the calls fail, among them the first of each kind; all of
/// them do where `TRUEUP_FAULTS` is `all`.
@Suite struct FaultyCallTests {
    @Test(.enabled(if: FaultLibrary.isPossible, "needs a compiler for C"))
    func aCallThatFailsLeavesAllOrNothing() throws {
        let library = try FaultLibrary()
        let stage = try FaultStage()
        let calls = try library.calls(of: stage.launch, below: stage.folder)
        try stage.reset()
        var counts: [String: Outcomes] = [:]
        let all = ProcessInfo.processInfo.environment["TRUEUP_FAULTS"] == "all"
        for (index, call) in calls.enumerated()
        where all || index.isMultiple(of: 3) || counts[call.kind] == nil {
            let (ending, isReached) = try library.run(
                stage.launch, below: stage.folder, failing: call)
            let place = call.path.dropFirst(stage.folder.count + 1)
            let note: Comment = "\(call.kind) \(place), time \(call.number): \(ending.errors)"
            #expect(isReached, note)
            counts[call.kind, default: Outcomes()].calls += 1
            // What cannot be read of the definition counts as wrong in it.
            if ending.code == (call.path == stage.night.definition ? 2 : 1) {
                counts[call.kind]?.failed += 1
                try stage.expectUntouched(after: ending, note)
            } else {
                #expect(ending.code == 0, note)
                let isWarned = !ending.errors.isEmpty
                counts[call.kind]?.published += 1
                counts[call.kind]?.warned += isWarned ? 1 : 0
                // What is not heard of must not matter.
                let isScratch = call.path.contains("/.scratch")
                #expect(
                    isWarned || isScratch || ["close", "chmod", "list"].contains(call.kind), note)
                try stage.expectPublished(isWarned: isWarned, note)
            }
            try stage.reset()
        }
        for kind in ["create", "write", "sync", "rename", "mkdir", "unlink", "link", "close"] {
            #expect(counts[kind]?.calls ?? 0 > 0, "no call to \(kind) was reached")
        }
        #expect(counts.values.reduce(0) { $0 + $1.failed } > 100)
        for (kind, count) in counts.sorted(by: { $0.key < $1.key }) {
            print(
                "| \(kind) | \(count.calls) | \(count.failed) | \(count.published) "
                    + "| \(count.warned) |")
        }
    }

    private struct Outcomes {
        var calls = 0
        var failed = 0
        var published = 0
        var warned = 0
    }
}

/// An output folder before the run that meets a fault, and what it looks like after one without.
struct FaultStage {
    let night: Night
    /// What the faults are limited to.
    var folder: String { night.workspace.path }
    /// The run that meets the fault.
    var launch: Launch { FaultStage.launch(night) }

    private let backup: String
    /// The name of the run before.
    private let first: String
    private let before: FolderSnapshot
    private let after: FolderSnapshot

    /// A run that was announced, and not published.
    private static let announced = "20250831T120000Z-aaaaaa"

    init() throws {
        let night = try Night.tours()
        self.night = night
        try night.redefine("keep: 400d", "keep: 24h")
        let key = night.workspace.at("key.pem")
        let made = try Launch(
            program: "openssl", arguments: ["genpkey", "-algorithm", "ed25519", "-out", key]
        ).run()
        try #require(made.code == 0, "\(made.errors)")
        // Something is left to be emitted for the run that follows.
        first = try night.publish(["--user", "ama@example.com", "--sign", key]).name
        backup = night.workspace.at("backup")
        try FaultStage.leaveUnfinished(in: night.out)
        try Files.copy(night.out, to: backup)
        before = try FolderSnapshot(night.out).ofReaders
        let ending = try FaultStage.launch(night).run()
        try #require(ending.code == 0, "\(ending.errors)")
        after = try FolderSnapshot(night.out).reproducible
        try reset()
    }

    private static func launch(_ night: Night) -> Launch {
        night.launch(
            ["--threads", "1", "--fail-on", "never", "--sign", night.workspace.at("key.pem")],
            asOf: "2025-09-02T02:00:00Z")
    }

    /// What runs leave that die: one amidst its work, one before it was published.
    private static func leaveUnfinished(in out: String) throws {
        for folder in [".20250831T130000Z-bbbbbb.partial/carried", announced] {
            try Files.makeFolder(out + "/" + folder)
            try Files.write("half", to: out + "/" + folder + "/payments.csv")
        }
        for name in [
            ".next.tar.zst.partial", ".next.tar.zst.sha256.partial",
            ".next.tar.zst.sha256.sig.partial", announced + ".tar.zst",
            announced + ".tar.zst.sha256", announced + ".tar.zst.sha256.sig",
        ] {
            try Files.write("half", to: out + "/archive/" + name)
        }
        try FileManager.default.createSymbolicLink(
            atPath: out + "/.latest.partial", withDestinationPath: announced)
    }

    /// Goes back to the folder as it was before the run.
    func reset() throws {
        try Files.remove(night.out)
        try Files.copy(backup, to: night.out)
    }

    /// Expects that readers see the run before and nothing else, and that the next run works.
    func expectUntouched(after ending: Ending, _ note: Comment) throws {
        #expect(ending.errors.contains("error: ") && ending.errors.contains("to do: "), note)
        #expect(try night.latest().name == first, note)
        #expect(try FolderSnapshot(night.out).ofReaders.differences(before) == [], note)
        try expectVerified(note)
        let next = try launch.run()
        #expect(next.code == 0, "the next run: \(next.errors) \(note)")
        #expect(try FolderSnapshot(night.out).reproducible.differences(after) == [], note)
    }

    /// Expects a whole run; with a warning an archive may stand there that was to be removed.
    func expectPublished(isWarned: Bool, _ note: Comment) throws {
        let now = try FolderSnapshot(night.out).reproducible
        let differences = now.differences(after).filter {
            !isWarned || !$0.hasPrefix("archive/\(first)")
        }
        #expect(differences == [], note)
        try expectVerified(note)
        let next = try night.publish(["--fail-on", "never"], asOf: "2025-09-03T02:00:00Z")
        #expect(try next.emitted() == [:], note)
        #expect(try !Files.names(in: night.out + "/archive").contains { $0.contains(first) }, note)
    }

    private func expectVerified(_ note: Comment) throws {
        let ending = try Archives.verify(night.out)
        #expect(ending.code == 0, "\(ending.errors) \(note)")
    }
}

extension FolderSnapshot {
    /// What readers see: a run that was announced and has its name already is not published, and so
    /// is its archive.
    fileprivate var ofReaders: FolderSnapshot {
        let pending = entries[".latest.partial"]?.kind.dropFirst(2)
        return visible.without { name in
            pending.map { name.hasPrefix($0) || name.hasPrefix("archive/" + $0) } ?? false
        }
    }
}
