import Diagnostics
import Foundation
import Glibc
import Synchronization
import Testing
import Time

@testable import RunStore

@Suite struct PublishingTests {
    private let folder: TemporaryFolder
    private let out: String

    init() throws {
        folder = try TemporaryFolder()
        out = "\(folder.path)/out"
    }

    @Test func thePublishedRunHoldsItsFilesAndSumsThatTheToolAccepts() throws {
        let run = try publishRun(in: OutputFolder(path: out), asOf: night(20))
        #expect(run.warnings.isEmpty)
        #expect(run.path == "\(out)/\(run.run)")
        let sums = try String(contentsOfFile: "\(run.path)/SHA256SUMS", encoding: .utf8)
        #expect(
            sums.split(separator: "\n").map { $0.dropFirst(66) }
                == ["breaks.csv", "carried/orders.csv", "payments.csv"])
        let (status, output) = try runProgram(
            "/usr/bin/sha256sum", ["-c", "--strict", "SHA256SUMS"], in: run.path)
        #expect(status == 0, "\(output)")
        #expect(
            try FileManager.default.destinationOfSymbolicLink(atPath: "\(out)/latest")
                == run.run.text)
    }

    @Test func filesOfOneFolderCanBeCreatedAtOnce() throws {
        let out = try OutputFolder(path: out)
        let empty = SHA256Digest(joining: "")
        for day in 1...20 {
            let staging = try out.stage(
                out.nextRun(asOf: night(day), inputs: empty, definition: empty))
            let failures = Mutex<[String]>([])
            DispatchQueue.concurrentPerform(iterations: 8) { file in
                do {
                    try staging.createFile("carried/\(file).csv").close()
                } catch {
                    failures.withLock { $0.append("\(error)") }
                }
            }
            #expect(failures.withLock { $0 } == [])
        }
    }

    @Test func aChangedByteIsNoticedByTheSums() throws {
        let run = try publishRun(in: OutputFolder(path: out), asOf: night(20))
        _ = try folder.write("out/\(run.run)/payments.csv", "payment_id\nP2\n")
        let (status, _) = try runProgram(
            "/usr/bin/sha256sum", ["-c", "--quiet", "SHA256SUMS"], in: run.path)
        #expect(status == 1)
    }

    @Test(arguments: [0o000, 0o022, 0o077, 0o777] as [mode_t])
    func permissionsDoNotDependOnTheUmask(mask: mode_t) throws {
        // Other tests set every permission themselves, or are run by the files' owner.
        let before = umask(mask)
        defer { umask(before) }
        try publishRun(in: OutputFolder(path: out), asOf: night(20), inputs: [])
        umask(before)
        var folders: Set<String> = []
        for (name, mode) in try modes(below: out) {
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: "\(out)/\(name)", isDirectory: &isFolder)
            if isFolder.boolValue { folders.insert(name) }
            #expect(mode == (isFolder.boolValue ? 0o750 : 0o640), "\(name)")
        }
        #expect(folders.count == 3)
        let attributes = try FileManager.default.attributesOfItem(atPath: out)
        #expect(attributes[.posixPermissions] as? Int == 0o750)
    }

    @Test func theArchiveHoldsInputsDefinitionManifestAndOutputs() throws {
        let input = try folder.write("momo été.csv", "id\nL1\n")
        let run = try publishRun(
            in: OutputFolder(path: out), asOf: night(20),
            inputs: [ArchivedInput(name: "gateways/momo été.csv", path: input)])
        let path = try #require(run.archivePath)
        let found = try entries(of: path)
        #expect(
            found.map(\.entry.name) == [
                "definition", "definition/tours.yaml", "inputs", "inputs/gateways",
                "inputs/gateways/momo été.csv", "manifest.json", "outputs",
                "outputs/SHA256SUMS", "outputs/breaks.csv", "outputs/carried",
                "outputs/carried/orders.csv", "outputs/payments.csv",
            ])
        #expect(found[1].content == "name: tours\n")
        #expect(found[4].content == "id\nL1\n")
        #expect(found[11].content == "payment_id\nP1\n")
    }

    @Test func archivesFormAChain() throws {
        let output = try OutputFolder(path: out)
        let first = try publishRun(in: output, asOf: night(20), inputs: [])
        try publishRun(in: output, asOf: night(21))
        let third = try publishRun(in: output, asOf: night(22), inputs: [])
        let digest = try HashedFile(path: try #require(first.archivePath)).digest
        let manifest = try entries(of: try #require(third.archivePath))
            .first { $0.entry.name == "manifest.json" }
        #expect(manifest?.content == "{\"before\": \"\(digest)\"}\n")
        #expect(try output.history.archivedRuns() == [first.run, third.run])
    }

    @Test(arguments: [1, 2, 3])
    func theSameRunGivesTheSameBytesInEveryFile(threads: Int) throws {
        let input = try folder.write("momo.csv", String(repeating: "L1,1.00\n", count: 100_000))
        let inputs = [ArchivedInput(name: "momo.csv", path: input)]
        var runs: [PublishedRun] = []
        for (name, threads) in [("a", 2), ("b", threads)] {
            let output = try OutputFolder(path: "\(folder.path)/\(name)")
            try publishRun(in: output, asOf: night(20), inputs: inputs, threads: threads)
            runs.append(
                try publishRun(in: output, asOf: night(21), inputs: inputs, threads: threads))
        }
        #expect(runs[0].run == runs[1].run)
        let (status, difference) = try runProgram(
            "/usr/bin/diff", ["-r", "--no-dereference", "a", "b"], in: folder.path)
        #expect(status == 0, "\(difference)")
    }

    @Test func aStagingThatIsNotPublishedLeavesNothing() throws {
        let output = try OutputFolder(path: out)
        do {
            let contents = ArchiveContents(pipeline: "tours", definition: [], inputs: [])
            let archive = try output.beginArchive(contents, asOf: night(20), threads: 2)
            let digest = SHA256Digest(joining: "")
            let staging = try output.stage(
                output.nextRun(asOf: night(20), inputs: digest, definition: digest))
            var sink = try staging.createFile("carried/orders.csv")
            try sink.write("id\n")
            try sink.close()
            #expect(FileManager.default.fileExists(atPath: staging.path))
            withExtendedLifetime((archive, staging)) {}
        }
        #expect(
            try FileManager.default.subpathsOfDirectory(atPath: out).sorted()
                == [".lock", "archive"])
    }

    @Test func anInputThatVanishedStopsThePublication() throws {
        let output = try OutputFolder(path: out)
        let latest = try publishRun(in: output, asOf: night(20), inputs: []).run
        let gone = "\(folder.path)/gone.csv"
        let error = #expect(throws: TrueupError.self) {
            try publishRun(
                in: output, asOf: night(21), inputs: [ArchivedInput(name: "gone.csv", path: gone)])
        }
        #expect(finding(of: error)?.position?.file == gone)
        #expect(try output.history.runs() == [latest])
        #expect(try output.history.archivedRuns() == [latest])
    }

    @Test func anArchiveThatIsForgottenLateTouchesNoOther() throws {
        let output = try OutputFolder(path: out)
        let digest = SHA256Digest(joining: "")
        let contents = ArchiveContents(pipeline: "tours", definition: [], inputs: [])
        var first: RunArchive? = try output.beginArchive(contents, asOf: night(20), threads: 1)
        var staging = try output.stage(
            output.nextRun(asOf: night(20), inputs: digest, definition: digest))
        try staging.publish(archive: first)
        let second = try output.beginArchive(contents, asOf: night(21), threads: 1)
        while !FileManager.default.fileExists(atPath: second.path) { usleep(1000) }
        // One that cannot be made, for the second's file stands there.
        var third: RunArchive? = try output.beginArchive(contents, asOf: night(21), threads: 1)
        _ = try output.stage(
            output.nextRun(asOf: night(21), inputs: digest, definition: digest))
        first = nil
        third = nil
        #expect(first == nil && third == nil)
        staging = try output.stage(
            output.nextRun(asOf: night(21), inputs: digest, definition: digest))
        let run = try staging.publish(archive: second)
        #expect(try entries(of: try #require(run.archivePath)).count > 3)
    }

    @Test func oldArchivesAreRemovedButNeverTheNewest() throws {
        let output = try OutputFolder(path: out)
        let runs = try [20, 21, 22].map {
            try publishRun(in: output, asOf: night($0), inputs: []).run
        }
        let old = try output.history.archives(before: night(21))
        #expect(try old == [ArchiveReference(run: runs[0], digest: digest(of: runs[0], output))])
        try output.removeArchives(old.map(\.run))
        #expect(try output.history.archivedRuns() == Array(runs.dropFirst()))
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: out + "/archive").count == 4)
        try output.removeArchives(output.history.archives(before: night(30)).map(\.run))
        #expect(try output.history.archivedRuns() == [runs[2]])
        #expect(try output.history.runs() == runs)
    }

    private func digest(of run: RunID, _ output: OutputFolder) throws -> SHA256Digest {
        try HashedFile(path: output.history.archivePath(of: run)).digest
    }

    @Test func sha256sumChecksTheArchives() throws {
        let output = try OutputFolder(path: out)
        for day in [20, 21] { try publishRun(in: output, asOf: night(day), inputs: []) }
        let (status, told) = try runProgram(
            "/bin/sh", ["-c", "sha256sum --strict -c *.sha256"], in: out + "/archive")
        #expect(status == 0)
        #expect(told.split(separator: "\n").filter { $0.hasSuffix(".tar.zst: OK") }.count == 2)
    }

    @Test func aReplayedRunGetsTheNameThatItHadEvenWhereOthersWereMet() throws {
        let output = try OutputFolder(path: out)
        let empty = SHA256Digest(joining: "")
        let plain = RunID(asOf: try night(20), inputs: empty, definition: empty, previous: nil)
        let second = RunID(
            asOf: try night(20), inputs: empty, definition: empty, previous: nil
        ) { $0 == plain }
        for expected in [plain, second] {
            #expect(
                try output.nextRun(
                    asOf: night(20), inputs: empty, definition: empty, expected: expected)
                    == expected)
        }
        // A name that these inputs never have is not taken over.
        let other = try #require(RunID("20261120T020000Z-ffffff"))
        #expect(
            try output.nextRun(asOf: night(20), inputs: empty, definition: empty, expected: other)
                == plain)
    }

    @Test func filesMayBeWrittenOnSeveralThreads() throws {
        let output = try OutputFolder(path: out)
        let digest = SHA256Digest(joining: "")
        let staging = try output.stage(
            output.nextRun(asOf: night(20), inputs: digest, definition: digest))
        let failures = FailureCount()
        // Neighbours ask for the same folder at the same moment.
        DispatchQueue.concurrentPerform(iterations: 400) { number in
            do {
                var sink = try staging.createFile("folder\(number / 4)/table\(number).csv")
                for row in 0..<50 { try sink.write("row \(row)\n") }
                try sink.close()
            } catch {
                failures.note(error)
            }
        }
        #expect(failures.all.isEmpty)
        let run = try staging.publish()
        let (status, output_) = try runProgram(
            "/usr/bin/sha256sum", ["-c", "--quiet", "SHA256SUMS"], in: run.path)
        #expect(status == 0, "\(output_)")
    }

    @Test(arguments: [
        "", ".hidden", "a/b/c", "../a", "a/", "/a", "a b", "é.csv", "SHA256SUMS", "previous",
        "a/.b", "a//b", "a\n",
    ])
    func namesThatAreNoFileNamesAreKnown(name: String) {
        #expect(!Layout.isFileName(name))
    }

    @Test(arguments: ["payments.csv", "carried/open_items.csv", "run.json", "a-b.c_d"])
    func plainNamesAreAllowed(name: String) {
        #expect(Layout.isFileName(name))
    }
}

/// What went wrong on several threads.
final class FailureCount: @unchecked Sendable {
    // Every access holds the lock.
    private let lock = NSLock()
    private var failures: [any Error] = []

    func note(_ error: any Error) { lock.withLock { failures.append(error) } }

    var all: [any Error] { lock.withLock { failures } }
}
