import Foundation
import Testing

/// Dumps that are still being written while a run reads them.
@Suite struct ChangingInputTests {
    enum Change: String, CaseIterable { case grows, isTruncated, isRewritten, isReplaced, vanishes }

    @Test(arguments: Change.allCases)
    func aDumpThatChangesGivesAllOrNothing(change: Change) throws {
        let night = try Night.generated(payments: 3000, seed: 31)
        let path = night.dumps + "/bookings.csv"
        let whole = try Files.bytes(path)
        let begun = Date()
        let undisturbed = try night.publish(out: night.workspace.at("undisturbed"))
        let microseconds = Int(Date().timeIntervalSince(begun) * 1_000_000)
        var random = SplitMix(state: 5)
        var refused = 0
        for attempt in 0..<14 {
            let out = night.workspace.at("out-\(attempt)")
            let child = try night.launch(out: out).start()
            let delay = Int.random(in: 0...microseconds, using: &random)
            usleep(UInt32(delay))
            try disturb(path, whole, change)
            let changed = Files.exists(path) ? try Files.bytes(path) : nil
            let ending = try child.wait()
            try Files.remove(path)
            try Files.write(whole, to: path)
            let note: Comment = "after \(delay) µs: \(ending.errors)"
            if ending.code == 1 {
                refused += 1
                #expect(!Files.exists(out + "/latest"), note)
                #expect(
                    try FolderSnapshot(out).visible.entries.keys.sorted().filter { $0 != "archive" }
                        == [], note)
                #expect(ending.errors.contains("bookings.csv"), note)
                #expect(ending.errors.contains("to do: "), note)
                continue
            }
            #expect(ending.code == 3, note)
            try expectNoMixture(night.latest(in: out), whole, changed, undisturbed, note)
        }
        #expect(refused > 0, "no change came in time")
    }

    private func disturb(_ path: String, _ whole: Data, _ change: Change) throws {
        let handle = try #require(FileHandle(forUpdatingAtPath: path))
        defer { try? handle.close() }
        switch change {
        case .grows:
            try handle.seekToEnd()
            let rows = whole.split(separator: 0x0A).suffix(20)
            try handle.write(contentsOf: Data(rows.joined(separator: [0x0A])) + [0x0A])
        case .isTruncated: try handle.truncate(atOffset: UInt64(whole.count / 2))
        case .isRewritten:
            try handle.seek(toOffset: UInt64(whole.count / 2))
            try handle.write(contentsOf: whole.prefix(1000))
        case .isReplaced:
            try Files.write(whole.prefix(whole.count / 2), to: path + ".new")
            try #require(rename(path + ".new", path) == 0)
        case .vanishes: try Files.remove(path)
        }
    }

    /// Expects a run of the dump as it was before, or as it was afterwards.
    private func expectNoMixture(
        _ run: PublishedRun, _ whole: Data, _ changed: Data?, _ undisturbed: PublishedRun,
        _ note: Comment
    ) throws {
        let bytes = try Launch(
            program: "sh",
            arguments: [
                "-c", "tar --zstd -xOf \"$0\" inputs/bookings.csv | sha256sum", run.archive,
            ]
        ).run().output.prefix(64)
        let document = try Files.text(run.folder + "/run.json")
        #expect(document.contains(bytes), note)
        let isWhole = try sum(whole) == bytes
        let isChanged = try changed.map { try sum($0) == bytes } ?? false
        #expect(isWhole || isChanged, note)
        guard isWhole else { return }
        #expect(run.name == undisturbed.name, note)
        let differences = try FolderSnapshot(run.folder).reproducible
            .differences(FolderSnapshot(undisturbed.folder).reproducible)
        #expect(differences == [], note)
    }

    private func sum(_ bytes: Data) throws -> Substring {
        let workspace = try Workspace()
        try Files.write(bytes, to: workspace.at("bytes"))
        return try Launch(program: "sha256sum", arguments: [workspace.at("bytes")]).run()
            .output.prefix(64)
    }
}
