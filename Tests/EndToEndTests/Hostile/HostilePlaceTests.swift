import Foundation
import Testing

/// Links, pipes, sockets and names that would lead a run out of its folders.
@Suite struct HostilePlaceTests {
    private func link(_ target: String, at path: String) throws {
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
    }

    /// A folder beside the others in which nothing may change.
    private func bystander(_ night: Night) throws -> (path: String, before: FolderSnapshot) {
        let path = night.workspace.at("bystander")
        try Files.makeFolder(path + "/20250830T020000Z-aaaaaa")
        try Files.write("keep\n", to: path + "/kept.csv")
        // What a run would remove from its own folder of archives.
        try Files.write("keep\n", to: path + "/.next.tar.zst.partial")
        return (path, try FolderSnapshot(path, withTimes: true))
    }

    // MARK: Definitions

    @Test(arguments: [
        "../*.csv", "/etc/passwd", "sub/../../users.csv", "*/../../secret.csv", "..", "./users.csv",
    ])
    func aGlobThatLeavesTheFolderIsRefused(glob: String) throws {
        let night = try Night.tours()
        try night.redefine("files: users.csv", "files: '\(glob)'")
        expectFailure(
            try night.run(), code: 2,
            saying: [
                "\(night.definition):", "inputs.users.files is not a path in the input folder",
                "expected: a file's path or glob inside the input folder", glob, "to do: ",
            ])
        #expect(!Files.exists(night.out))
    }

    @Test(arguments: ["../../x", "/etc/passwd", "a/b", "..", "x.yaml"])
    func aPresetThatLeavesTheFolderIsRefused(preset: String) throws {
        let night = try Night.tours()
        try night.redefine("files: momo*.csv", "files: momo*.csv\n    preset: '\(preset)'")
        expectFailure(
            try night.run(), code: 2,
            saying: [
                "\(night.definition):", "inputs.settlements.preset is not a preset's name",
                "expected: lower case letters, digits and hyphens", preset, "to do: ",
            ])
    }

    /// A pipe that nobody writes to must not be waited for.
    @Test(.timeLimit(.minutes(1)))
    func aPresetThatIsAPipeIsRefused() throws {
        let night = try Night.tours()
        let folder = night.workspace.at("gateways")
        try Files.makeFolder(folder)
        try #require(mkfifo(folder + "/till.yaml", 0o600) == 0)
        // Among all presets, one that cannot be read is passed over.
        try night.edit("users.csv") { $0.replacing("user_id", with: "person") }
        expectFailure(try night.run(), saying: ["`user_id` for id"])
        try night.redefine("files: momo*.csv", "files: momo*.csv\n    preset: till")
        expectFailure(
            try night.run(), code: 2, saying: ["\(folder)/till.yaml: error", "no regular file"])
    }

    // MARK: The input folder

    /// Where dumps lie elsewhere, links to them are common; they are read as what they lead to.
    @Test func linksInTheInputFolderAreReadAsTheirFiles() throws {
        let night = try Night.tours()
        let plain = try night.publish(out: night.workspace.at("plain"))
        try Files.copy(night.dumps + "/users.csv", to: night.workspace.at("elsewhere.csv"))
        try Files.remove(night.dumps + "/users.csv")
        try link("../elsewhere.csv", at: night.dumps + "/users.csv")
        let linked = try night.publish()
        #expect(linked.name == plain.name)
        #expect(
            try FolderSnapshot(linked.folder).reproducible
                .differences(FolderSnapshot(plain.folder).reproducible) == [])
        #expect(try Files.bytes(linked.archive) == Files.bytes(plain.archive))
    }

    @Test func aSocketInAFilesPlaceIsRefused() throws {
        let published = try PublishedNight(Night.tours())
        let night = published.night
        try Files.remove(night.dumps + "/users.csv")
        // The path of a socket is short, so it is made by its name.
        let script = "import socket; socket.socket(socket.AF_UNIX).bind('users.csv')"
        var python = Launch(program: "python3", arguments: ["-c", script])
        python.folder = night.dumps
        try #require(python.run().code == 0)
        expectFailure(
            try night.run(),
            saying: ["\(night.dumps)/users.csv: error: the dump cannot be read", "to do: "])
        try published.expectUntouched()
    }

    /// To Swift an accent belongs to the slash before it.
    @Test func aNameThatBeginsWithAnAccentIsFound() throws {
        let night = try Night.tours()
        try night.redefine("files: users.csv", "files: '*users.csv'")
        try FileManager.default.moveItem(
            atPath: night.dumps + "/users.csv", toPath: night.dumps + "/\u{301}users.csv")
        try night.publish()
    }

    // MARK: The output folder

    @Test func anOutputFolderThatIsALinkIsTheFolderItLeadsTo() throws {
        let night = try Night.tours()
        let real = night.workspace.at("real")
        try Files.makeFolder(real)
        try link("real", at: night.out)
        let run = try night.publish()
        #expect(try Files.names(in: real) == [".lock", run.name, "archive", "latest"])
    }

    @Test func aPartialFolderThatIsALinkIsRemovedAndNotWhatItLeadsTo() throws {
        let night = try Night.tours()
        let bystander = try bystander(night)
        try Files.makeFolder(night.out + "/archive")
        try link("../bystander", at: night.out + "/.20250830T020000Z-aaaaaa.partial")
        try link("../../bystander", at: night.out + "/.latest.partial")
        let run = try night.publish()
        #expect(
            try Files.names(in: night.out) == [".lock", run.name, "archive", "latest"])
        #expect(try FolderSnapshot(bystander.path, withTimes: true) == bystander.before)
    }

    @Test(arguments: [
        ("latest", "../bystander", "points to something that is no run"),
        ("latest", "/", "points to something that is no run"),
        ("archive", "../bystander", "the folder of archives is no folder"),
        ("archive", "nowhere", "the folder of archives is no folder"),
        (".lock", "../bystander/kept.csv", "symbolic link stands where none may be"),
    ])
    func aLinkThatLeavesTheOutputFolderIsRefused(
        name: String, target: String, reason: String
    ) throws {
        let night = try Night.tours()
        let bystander = try bystander(night)
        try Files.makeFolder(night.out)
        try link(target, at: night.out + "/" + name)
        expectFailure(try night.run(), saying: ["\(night.out)/\(name): error", reason, "to do: "])
        #expect(try FolderSnapshot(bystander.path, withTimes: true) == bystander.before)
        #expect(try Files.names(in: night.out).allSatisfy { [name, ".lock"].contains($0) })
    }

    @Test func aRunThatIsALinkIsNoRun() throws {
        let night = try Night.tours()
        let bystander = try bystander(night)
        let name = "20250830T020000Z-aaaaaa"
        try Files.makeFolder(night.out)
        try link("../bystander/\(name)", at: night.out + "/" + name)
        try link(name, at: night.out + "/latest")
        expectFailure(
            try night.run(), saying: ["/latest: error", "points to a run that is not there", name])
        #expect(try FolderSnapshot(bystander.path, withTimes: true) == bystander.before)
    }

    @Test(arguments: ["latest", ".latest.partial", "archive"])
    func somethingElseInALinksOrFoldersPlaceIsRefused(name: String) throws {
        let night = try Night.tours()
        try Files.makeFolder(night.out)
        let path = night.out + "/" + name
        if name == "archive" {
            try Files.write("", to: path)
        } else {
            try Files.makeFolder(path)
        }
        expectFailure(
            try night.run(), saying: ["\(path): error", "move it away"])
    }
}
