import Diagnostics
import Foundation
import Testing
import Time

@testable import RunStore

/// Archives that somebody else made, to be unpacked all the same.
@Suite struct HostileArchiveTests {
    /// Makes an archive by a script that puts its entries into `t.tar`.
    private func archive(_ script: String, in folder: TemporaryFolder) throws -> String {
        let (status, output) = try runProgram(
            "/bin/sh", ["-ec", script + "\nzstd -q t.tar"], in: folder.path)
        try #require(status == 0, "\(output)")
        return "\(folder.path)/t.tar.zst"
    }

    /// Unpacks an archive, and gives what was found wrong with it; each finding says what to do.
    private func refusal(_ path: String, in folder: TemporaryFolder) throws -> String? {
        let target = "\(folder.path)/target"
        try FileManager.default.createDirectory(atPath: target, withIntermediateDirectories: false)
        do {
            _ = try ArchiveContent(path: path, unpackingInto: target)
            return nil
        } catch {
            let finding = finding(of: error)
            #expect(finding?.position != nil && finding?.remedy != nil, "\(error)")
            return finding?.summary
        }
    }

    @Test(arguments: [
        ("mkdir inputs; ln -s /etc inputs/a; tar -cf t.tar inputs", "links and devices"),
        (
            """
            mkdir inputs; ln -s /tmp inputs/a; tar -cf t.tar inputs; rm inputs/a; mkdir inputs/a
            echo x > inputs/a/b; tar -rf t.tar inputs/a/b
            """, "links and devices"
        ),
        ("mkdir inputs; echo x > inputs/a; ln inputs/a inputs/b; tar -cf t.tar inputs", "links"),
        ("mkdir inputs; mkfifo inputs/a; tar -cf t.tar inputs", "links and devices"),
        ("echo x > a; tar -P --transform 's,^,/tmp/,' -cf t.tar a", "leads out"),
        ("echo x > a; tar -P --transform 's,^,inputs/../../,' -cf t.tar a", "leads out"),
        ("echo x > a; tar --transform 's,^,./inputs/,' -cf t.tar a", "leads out"),
        (
            "mkdir inputs; echo x > inputs/a; tar -cf t.tar inputs/a; tar -rf t.tar inputs/a",
            "it is there twice"
        ),
        ("echo x > a; tar -cf t.tar a", "no archive of a run holds it"),
        ("echo x > inputs; tar -cf t.tar inputs", "no archive of a run holds it"),
        ("mkdir manifest.json; tar -cf t.tar manifest.json", "no archive of a run holds it"),
        (
            """
            mkdir inputs; echo x > inputs/a; tar -cf t.tar inputs; rm inputs/a; mkdir inputs/a
            echo x > inputs/a/b; tar -rf t.tar inputs/a/b
            """, "cannot unpack the archive's folder"
        ),
        ("mkdir inputs; truncate -s 1M inputs/a; tar -cSf t.tar inputs", "content is not as long"),
        (
            "python3 -c \"import tarfile; t = tarfile.open('t.tar', 'w'); "
                + "m = tarfile.TarInfo('inputs/a'); m.type = tarfile.CHRTYPE; t.addfile(m)\"",
            "links and devices"
        ),
        (
            "python3 -c \"import tarfile; t = tarfile.open('t.tar', 'w'); "
                + "t.addfile(tarfile.TarInfo('inputs/' + 'n' * 300))\"", "file name too long"
        ),
        (
            "python3 -c \"import tarfile; t = tarfile.open('t.tar', 'w'); "
                + "t.addfile(tarfile.TarInfo('inputs/' + 'n' * 5000))\"",
            "an entry's name has more than 4096 bytes"
        ),
        ("head -c 4000 /dev/urandom > t.tar", "cannot read the archive"),
    ])
    func whatLeadsOutOrIsTwofoldIsRefused(script: String, reason: String) throws {
        let folder = try TemporaryFolder()
        let path = try archive(script, in: folder)
        let summary = try refusal(path, in: folder)
        #expect(summary?.contains(reason) == true, "\(summary ?? "taken")")
        let outside = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(!outside.contains("b"))
    }

    @Test func whatComesByGzipIsNoArchiveOfOurs() throws {
        let folder = try TemporaryFolder()
        let (status, _) = try runProgram(
            "/bin/sh", ["-ec", "mkdir inputs; tar -czf t.tar.zst inputs"], in: folder.path)
        #expect(status == 0)
        #expect(throws: TrueupError.self) {
            try ArchiveContent(path: "\(folder.path)/t.tar.zst")
        }
    }

    @Test(arguments: [
        (ArchiveLimits(entries: 2, nameBytes: 1000, contentBytes: 1000), "more than 2 entries"),
        (ArchiveLimits(entries: 9, nameBytes: 20, contentBytes: 1000), "longer than 20 bytes"),
        (ArchiveLimits(entries: 9, nameBytes: 1000, contentBytes: 5), "more than 5 bytes"),
    ])
    func moreThanTheLimitsIsRefused(limits: ArchiveLimits, reason: String) throws {
        let folder = try TemporaryFolder()
        let path = try archive(
            "mkdir inputs; echo abc > inputs/a; echo def > inputs/b; tar -cf t.tar inputs",
            in: folder)
        var message = ""
        do {
            var reader = try ArchiveReader(path: path, limits: limits)
            while try reader.next() != nil {}
        } catch {
            message = error.message
        }
        #expect(message.contains(reason), "\(message)")
    }

    /// A file of zeros is packed to next to nothing: the header alone tells how much it is.
    @Test func aBombIsRefusedByItsHeader() throws {
        let folder = try TemporaryFolder()
        let path = try archive(
            "mkdir inputs; truncate -s 1100M inputs/a; tar -cf t.tar inputs; rm inputs/a",
            in: folder)
        let summary = try refusal(path, in: folder)
        #expect(summary?.contains("far more than its size lets expect") == true, "\(summary ?? "")")
        let taken = try FileManager.default.subpathsOfDirectory(atPath: folder.path + "/target")
        #expect(taken == ["inputs"])
    }

    @Test func permissionsAreOurOwnWhateverTheArchiveSays() throws {
        let folder = try TemporaryFolder()
        let path = try archive(
            """
            mkdir -p inputs/deep; echo x > inputs/a; echo y > inputs/deep/b
            chmod 7777 inputs inputs/a; chmod 000 inputs/deep/b; tar -cf t.tar inputs/a inputs/deep
            chmod 600 inputs/deep/b
            """, in: folder)
        #expect(try refusal(path, in: folder) == nil)
        #expect(
            try modes(below: folder.path + "/target") == [
                "inputs": 0o750, "inputs/a": 0o640, "inputs/deep": 0o750, "inputs/deep/b": 0o640,
            ])
    }

    @Test func aFolderForTheReplayMustBeEmpty() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("a", "x")
        let error = #expect(throws: TrueupError.self) { try ReplayFolder(path: folder.path) }
        #expect(finding(of: error)?.found == "a")
        let new = try ReplayFolder(path: folder.path + "/new/")
        #expect(new.output == folder.path + "/new/out")
    }

    @Test func aTemporaryFolderIsGoneWithItsReplay() throws {
        var folder: ReplayFolder? = try ReplayFolder(path: nil)
        let path = try #require(folder?.path)
        #expect(FileManager.default.fileExists(atPath: path + "/unpacked"))
        folder = nil
        #expect(folder == nil && !FileManager.default.fileExists(atPath: path))
    }

    @Test(arguments: [
        "0", "\n", "abc  a\n",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855 *a\n",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  \n",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a\n"
            + "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855  a\n",
    ])
    func aListOfChecksumsIsReadStrictly(text: String) {
        #expect(ChecksumList(reading: Array(text.utf8)) == nil)
    }

    @Test func theFirstDifferenceIsToldByLineAndByte() throws {
        let folder = try TemporaryFolder()
        let first = try folder.write("a", "one\ntwo three\nfour\n")
        #expect(try FileDifference(first, folder.write("b", "one\ntwo three\nfour\n")) == nil)
        let found = try #require(
            try FileDifference(first, folder.write("c", "one\ntwo thrice\n")))
        #expect(found.line == 2 && found.column == 8 && found.offset == 11)
        #expect(String(decoding: found.first, as: UTF8.self) == "ee")
        #expect(String(decoding: found.second, as: UTF8.self) == "ice")
        let shorter = try #require(try FileDifference(first, folder.write("d", "one\n")))
        #expect(shorter.line == 2 && shorter.second.isEmpty)
    }
}
