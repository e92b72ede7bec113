import Diagnostics
import Foundation
import Testing
import Time

@testable import RunStore

@Suite struct ArchiveTests {
    private func writeSample(
        _ path: String, threads: Int, large: String, rawNames: Bool = false
    ) throws {
        try ArchiveWriter.withArchive(
            path: path, modificationTime: try night(20), threads: threads, rawNames: rawNames
        ) { (writer) throws(ArchiveError) in
            try writer.addFolder("inputs")
            try writer.addFile("inputs/large.csv", path: large)
            if rawNames { try writer.addFile("inputs/été 1.csv", content: Array("id\n".utf8)) }
            try writer.addFile("manifest.json", content: Array("{}\n".utf8))
        }
    }

    private func largeFile(in folder: TemporaryFolder) throws -> String {
        var text = ""
        for row in 0..<400_000 { text += "PAY-\(row &* 2_654_435_761 % 1_000_003),succeeded\n" }
        return try folder.write("large.csv", text)
    }

    @Test(arguments: [1, 2, 4])
    func theSameEntriesGiveTheSameBytesWithAnyNumberOfThreads(threads: Int) throws {
        let folder = try TemporaryFolder()
        let large = try largeFile(in: folder)
        let paths = ["a", "b"].map { "\(folder.path)/\($0).tar.zst" }
        try writeSample(paths[0], threads: 2, large: large)
        // A later modification of the input must not show.
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSince1970: 1)], ofItemAtPath: large)
        try writeSample(paths[1], threads: threads, large: large)
        let (first, second) = try (HashedFile(path: paths[0]), HashedFile(path: paths[1]))
        #expect(first.digest == second.digest)
    }

    @Test func fewerThanOneThreadCountsAsOne() throws {
        let folder = try TemporaryFolder()
        let large = try largeFile(in: folder)
        try writeSample("\(folder.path)/0", threads: 0, large: large)
        try writeSample("\(folder.path)/1", threads: 1, large: large)
        let (zero, one) = try (
            HashedFile(path: "\(folder.path)/0"), HashedFile(path: "\(folder.path)/1")
        )
        #expect(zero.digest == one.digest)
    }

    @Test func whatWasWrittenIsReadBack() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/a.tar.zst"
        let large = try folder.write("large.csv", "id\nP1\n")
        try writeSample(path, threads: 2, large: large, rawNames: true)
        let found = try entries(of: path)
        #expect(
            found.map(\.entry.name) == [
                "inputs", "inputs/large.csv", "inputs/été 1.csv", "manifest.json",
            ])
        #expect(found.map(\.content) == ["", "id\nP1\n", "id\n", "{}\n"])
        #expect(found.map(\.entry.mode) == [0o750, 0o640, 0o640, 0o640])
        #expect(try found.allSatisfy { $0.entry.modificationTime == (try night(20)) })
    }

    @Test func otherToolsReadTheArchive() throws {
        let folder = try TemporaryFolder()
        let large = try folder.write("large.csv", "id\nP1\n")
        try writeSample("\(folder.path)/a.tar.zst", threads: 2, large: large)
        let (status, output) = try runProgram(
            "/bin/sh", ["-c", "zstd -dc a.tar.zst | tar -tv --numeric-owner -f -"],
            in: folder.path)
        #expect(status == 0)
        #expect(output.split(separator: "\n").count == 3)
        #expect(output.split(separator: "\n").allSatisfy { $0.contains(" 0/0 ") })
    }

    @Test(arguments: [
        ["b", "a"], ["a", "a"], ["/a"], ["a/../b"], ["../a"], ["a/"], [""], ["./a"],
    ])
    func namesThatFallOrLeadOutAreRefused(names: [String]) throws {
        let folder = try TemporaryFolder()
        #expect(throws: ArchiveError.self) {
            try ArchiveWriter.withArchive(
                path: "\(folder.path)/a", modificationTime: try night(20)
            ) { (writer) throws(ArchiveError) in
                for name in names { try writer.addFile(name, content: []) }
            }
        }
    }

    @Test func namesBeyondASCIIMustBeAnnounced() throws {
        let folder = try TemporaryFolder()
        #expect(throws: ArchiveError.self) {
            try ArchiveWriter.withArchive(
                path: "\(folder.path)/a", modificationTime: try night(20)
            ) { (writer) throws(ArchiveError) in try writer.addFile("é", content: []) }
        }
    }

    @Test func aFileThatIsNoLongerInTheStateInWhichItWasHashedIsRefused() throws {
        let folder = try TemporaryFolder()
        let source = try folder.write("in.csv", "id\nP1\n")
        let hashed = try HashedFile(path: source)
        _ = try folder.write("in.csv", "id\nP2 and more\n")
        let error = #expect(throws: ArchiveError.self) {
            try ArchiveWriter.withArchive(
                path: "\(folder.path)/a", modificationTime: try night(20)
            ) { (writer) throws(ArchiveError) in
                try writer.addFile("in.csv", path: source, identity: hashed.identity)
            }
        }
        #expect(finding(of: error?.asTrueupError)?.summary.contains("changed") == true)
        #expect(finding(of: error?.asTrueupError)?.position?.file == source)
    }

    @Test func aFullDeviceShowsAtTheLatestWhenTheArchiveIsClosed() throws {
        var writer = try ArchiveWriter(
            sink: FileSink(existing: "/dev/full"), path: "/dev/full",
            modificationTime: try night(20), threads: 2, rawNames: false)
        // So little that it is held back until the end.
        try writer.addFile("a", content: Array("id\n".utf8))
        let error: ArchiveError?
        do {
            try writer.close()
            error = nil
        } catch let thrown {
            error = thrown
        }
        let found = finding(of: error?.asTrueupError)
        #expect(found?.summary.contains("no space left on device") == true)
        #expect(found?.remedy?.contains("free space") == true)
    }

    @Test(arguments: ["evil", "-P \"$PWD/plain\"", "-P ../outside", "fifo"])
    func archivesOfOthersThatLeadOutAreRefused(arguments: String) throws {
        let folder = try TemporaryFolder()
        let script = """
            mkdir work && cd work && echo x > plain && ln -s /etc/passwd evil && mkfifo fifo
            echo y > ../outside && tar -cf ../a.tar \(arguments) && zstd -q ../a.tar
            """
        let (status, output) = try runProgram("/bin/sh", ["-ec", script], in: folder.path)
        #expect(status == 0, "\(output)")
        #expect(throws: ArchiveError.self) { try entries(of: "\(folder.path)/a.tar.zst") }
    }

    @Test func aHardLinkIsRefused() throws {
        let folder = try TemporaryFolder()
        let script = "echo x > a && ln a b && tar -cf t.tar a b && zstd -q t.tar"
        let (status, _) = try runProgram("/bin/sh", ["-ec", script], in: folder.path)
        #expect(status == 0)
        #expect(throws: ArchiveError.self) { try entries(of: "\(folder.path)/t.tar.zst") }
    }

    @Test(arguments: [0.1, 0.5, 0.9, 0.99])
    func anArchiveThatWasCutShortIsAnError(share: Double) throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/a.tar.zst"
        try writeSample(path, threads: 2, large: try largeFile(in: folder))
        let whole = try Data(contentsOf: URL(fileURLWithPath: path))
        let cut = "\(folder.path)/cut"
        try whole.prefix(Int(Double(whole.count) * share)).write(to: URL(fileURLWithPath: cut))
        #expect(throws: ArchiveError.self) {
            var reader = try ArchiveReader(path: cut)
            while try reader.next() != nil { try reader.readBlocks { _ in } }
        }
    }

    @Test func moreContentThanAllowedIsRefused() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/a.tar.zst"
        try ArchiveWriter.withArchive(path: path, modificationTime: try night(20)) {
            (writer) throws(ArchiveError) in
            try writer.addFile("a", content: [UInt8](repeating: 0, count: 1001))
        }
        var reader = try ArchiveReader(path: path)
        _ = try reader.next()
        var refused = false
        do {
            _ = try reader.readContent(limit: 1000)
        } catch {
            refused = error.message.contains("1001 bytes")
        }
        #expect(refused)
    }
}
