import Diagnostics
import Foundation
import Glibc
import Testing
import Time

@testable import RunStore

@Suite struct OutputFolderTests {
    private let folder: TemporaryFolder
    private let out: String

    init() throws {
        folder = try TemporaryFolder()
        out = "\(folder.path)/out"
    }

    @Test func aMissingFolderIsCreatedAndHasNoRuns() throws {
        let output = try OutputFolder(path: "\(out)//")
        #expect(output.history.path == out)
        #expect(try output.history.latest() == nil)
        #expect(try output.history.runs().isEmpty)
        #expect(try output.history.latestArchive() == nil)
    }

    @Test func aFileInPlaceOfTheFolderIsRefused() throws {
        _ = try folder.write("out", "")
        let error = #expect(throws: TrueupError.self) { _ = try OutputFolder(path: out) }
        #expect(finding(of: error)?.summary == "the output folder is no folder")
        #expect(finding(of: error)?.position?.file == out)
    }

    @Test func aLinkToNothingIsRefused() throws {
        try FileManager.default.createSymbolicLink(
            atPath: out, withDestinationPath: "/nowhere/at/all")
        let error = #expect(throws: TrueupError.self) { _ = try OutputFolder(path: out) }
        #expect(finding(of: error)?.summary == "the output folder is a symbolic link to nothing")
        #expect(finding(of: error)?.found == "/nowhere/at/all")
    }

    @Test func aLinkToAFolderIsFollowed() throws {
        let target = try TemporaryFolder()
        try FileManager.default.createSymbolicLink(
            atPath: out, withDestinationPath: target.path)
        try publishRun(in: OutputFolder(path: out), asOf: night(20))
        #expect(FileManager.default.fileExists(atPath: "\(target.path)/latest/payments.csv"))
    }

    @Test func theFolderAboveMustExist() throws {
        let error = #expect(throws: TrueupError.self) {
            _ = try OutputFolder(path: "\(out)/deeper")
        }
        #expect(
            finding(of: error)?.summary
                == "cannot create the output folder: no such file or directory")
        #expect(finding(of: error)?.remedy != nil)
    }

    @Test func aFolderThatMayNotBeWrittenToIsRefused() throws {
        try FileManager.default.createDirectory(
            atPath: out, withIntermediateDirectories: false)
        var fileSystem = FileSystem.system
        // Permissions do not stop a test that is run by root.
        fileSystem.open = { (_, _, _) throws(SystemError) in throw SystemError(code: EACCES) }
        let refusing = fileSystem
        let error = #expect(throws: TrueupError.self) {
            _ = try OutputFolder(path: out, fileSystem: refusing)
        }
        let found = finding(of: error)
        #expect(found?.summary == "cannot write to the output folder: permission denied")
        #expect(found?.position?.file.hasPrefix(out) == true)
        #expect(found?.remedy?.contains("let the user") == true)
    }

    @Test func anotherProcessThatHoldsTheFolderMakesItBusy() throws {
        let waiting = Pipe()
        let ready = Pipe()
        _ = try OutputFolder(path: out)
        let holder = Process()
        holder.executableURL = URL(fileURLWithPath: "/usr/bin/flock")
        holder.arguments = ["\(out)/.lock", "/bin/sh", "-c", "echo held; read line"]
        holder.standardInput = waiting
        holder.standardOutput = ready
        try holder.run()
        _ = ready.fileHandleForReading.availableData

        let error = #expect(throws: TrueupError.self) { _ = try OutputFolder(path: out) }
        guard case .busy(let found)? = error else {
            Issue.record("expected the folder to be busy, found \(String(describing: error))")
            return
        }
        #expect(found.summary == "another run holds the output folder")
        #expect(found.remedy != nil)

        try waiting.fileHandleForWriting.close()
        holder.waitUntilExit()
        #expect(throws: Never.self) { _ = try OutputFolder(path: out) }
    }

    @Test func theFolderIsFreeAgainWhenOpeningFailedOrTheOwnerIsGone() throws {
        try publishRun(in: OutputFolder(path: out), asOf: night(20))
        try FileManager.default.removeItem(atPath: "\(out)/latest")
        for _ in 0..<3 {
            let error = #expect(throws: TrueupError.self) { _ = try OutputFolder(path: out) }
            #expect(finding(of: error)?.summary.contains("missing") == true)
        }
        let held = try OutputFolder(path: "\(folder.path)/second")
        #expect(throws: TrueupError.self) {
            _ = try OutputFolder(path: "\(folder.path)/second")
        }
        withExtendedLifetime(held) {}
    }

    @Test(arguments: ["/etc", "..", "20261120T020000Z-000000", "archive", "no-such-run"])
    func aLatestThatLeadsToNoRunOfTheFolderIsAnError(target: String) throws {
        try publishRun(in: OutputFolder(path: out), asOf: night(20))
        try FileManager.default.removeItem(atPath: "\(out)/latest")
        try FileManager.default.createSymbolicLink(
            atPath: "\(out)/latest", withDestinationPath: target)
        let error = #expect(throws: TrueupError.self) { _ = try OutputFolder(path: out) }
        #expect(finding(of: error)?.found == target)
        #expect(finding(of: error)?.remedy != nil)
    }

    @Test func aLatestThatIsNoLinkIsAnError() throws {
        _ = try OutputFolder(path: out)
        _ = try folder.write("out/latest", "20261120T020000Z-000000")
        let error = #expect(throws: TrueupError.self) { _ = try OutputFolder(path: out) }
        #expect(finding(of: error)?.summary.contains("no symbolic link") == true)
    }

    @Test func leftoversOfDeadRunsAreRemovedAndNothingElse() throws {
        let run = try publishRun(in: OutputFolder(path: out), asOf: night(20)).run
        let dead = "20261121T020000Z-abcdef"
        for path in [".\(dead).partial/carried", dead, "archive", "mine", ".mine.partial"] {
            try FileManager.default.createDirectory(
                atPath: "\(out)/\(path)", withIntermediateDirectories: true)
        }
        for path in [
            ".\(dead).partial/carried/a.csv", "archive/.next.tar.zst.partial",
            "archive/\(dead).tar.zst", "\(dead)/a.csv", "archive/mine.tar.zst",
        ] {
            _ = try folder.write("out/\(path)", "x")
        }
        try FileManager.default.createSymbolicLink(
            atPath: "\(out)/.latest.partial", withDestinationPath: dead)

        let reader = try RunHistory(path: out)
        #expect(try reader.runs() == [run], "a run that was not published is not listed")
        #expect(try reader.archivedRuns().isEmpty)

        let output = try OutputFolder(path: out)
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: out).sorted()
                == [".lock", ".mine.partial", run.text, "archive", "latest", "mine"])
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: "\(out)/archive")
                == ["mine.tar.zst"])
        #expect(try output.history.latest() == run)
    }

    @Test func removingLeftoversFollowsNoLinks() throws {
        _ = try OutputFolder(path: out)
        let kept = try folder.write("kept", "x")
        let partial = "\(out)/.20261121T020000Z-abcdef.partial"
        try FileManager.default.createDirectory(
            atPath: partial, withIntermediateDirectories: false)
        try FileManager.default.createSymbolicLink(
            atPath: "\(partial)/link", withDestinationPath: folder.path)
        _ = try OutputFolder(path: out)
        #expect(!FileManager.default.fileExists(atPath: partial))
        #expect(FileManager.default.fileExists(atPath: kept))
    }

    @Test func runsOfTheSameNightStandInTheOrderOfTheirPublication() throws {
        let output = try OutputFolder(path: out)
        var published: [RunID] = []
        for day in [20, 20, 20, 20, 20, 21, 21, 21] {
            published.append(try publishRun(in: output, asOf: night(day), inputs: []).run)
            #expect(try output.history.latest() == published.last)
        }
        #expect(Set(published).count == 8)
        #expect(try output.history.runs() == published)
        #expect(try output.history.archivedRuns() == published)
        #expect(try output.history.previous(of: published[3]) == published[2])
        #expect(try output.history.previous(of: published[0]) == nil)
    }

    @Test func anAsOfBeforeTheLatestRunsIsRefused() throws {
        let output = try OutputFolder(path: out)
        try publishRun(in: output, asOf: night(20))
        let error = #expect(throws: TrueupError.self) { try output.checkAsOf(night(19)) }
        #expect(finding(of: error)?.expected == "20261120T020000Z or later")
        #expect(finding(of: error)?.found == "20261119T020000Z")
        #expect(throws: Never.self) { try output.checkAsOf(night(20)) }
        #expect(throws: TrueupError.self) { try publishRun(in: output, asOf: night(19)) }
    }

    @Test func aRunOfAnExistingNameIsRefused() throws {
        let output = try OutputFolder(path: out)
        let run = try publishRun(in: output, asOf: night(20)).run
        let error = #expect(throws: TrueupError.self) { _ = try output.stage(run) }
        #expect(finding(of: error)?.summary.contains("of this name") == true)
    }
}
