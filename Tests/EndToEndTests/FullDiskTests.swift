import Foundation
import Testing

/// A file system in memory of a fixed size, unmounted when nobody uses it any more.
private final class SmallDisk {
    let path: String

    /// Nil where this user may not mount.
    init?(_ path: String, kibibytes: Int) throws {
        self.path = path
        try Files.makeFolder(path)
        let ending = try Launch(
            program: "mount",
            arguments: ["-t", "tmpfs", "-o", "size=\(kibibytes)k", "end-to-end", path]
        ).run()
        guard ending.code == 0 else { return nil }
    }

    deinit { _ = try? Launch(program: "umount", arguments: [path]).run() }

    static let isPossible: Bool = {
        guard let workspace = try? Workspace() else { return false }
        return ((try? SmallDisk(workspace.at("disk"), kibibytes: 64)) ?? nil) != nil
    }()
}

/// A disk that is full ends a run before it is published, wherever that happens.
@Suite struct FullDiskTests {
    /// Sizes at which room ends while tables, the archive and the last documents are written.
    @Test(
        .enabled(if: SmallDisk.isPossible, "mounting a file system needs the rights of root"),
        arguments: [
            4, 12, 32, 64, 100, 140, 160, 180, 200, 204, 208, 212, 216, 220, 224, 236, 260, 280,
            320, 360, 400, 440, 480, 500, 520, 560, 640, 800,
        ])
    func aRunThatFindsNoRoomPublishesNothing(kibibytes: Int) throws {
        let night = try Night.tours()
        let before = night.workspace.at("before")
        try night.publish(out: before)
        let disk = try #require(try SmallDisk(night.out, kibibytes: 4096))
        try night.publish()
        let complete = try FolderSnapshot(disk.path)
        // What is free is as much as the test wants, the first run stands beside it.
        try fill(disk.path, leaving: kibibytes)
        let ending = try night.run()
        if ending.code == 1 {
            expectFailure(ending, saying: ["No space left on device".lowercased()])
            let now = try FolderSnapshot(disk.path).without { $0 == "filling" }
            #expect(complete.differences(now) == [], "something half made is left")
        } else {
            #expect(ending.code == 3, "\(ending.errors)")
            #expect(kibibytes > 400, "so little room cannot be enough")
        }
        // Emptied first: a program that another test started meanwhile may hold the file open, and
        // removing it would then free nothing.
        try #require(truncate(disk.path + "/filling", 0) == 0)
        try Files.remove(disk.path + "/filling")
        let next = try night.publish()
        // The first run is on the disk; where the second failed, the third takes its place.
        let runs = try Files.names(in: disk.path).filter { $0.hasPrefix("2025") }
        #expect(runs.count == (ending.code == 1 ? 2 : 3))
        #expect(try next.emitted() == [:])
        withExtendedLifetime(disk) {}
    }

    /// Takes up all room of a disk but so much.
    private func fill(_ disk: String, leaving kibibytes: Int) throws {
        var status = statvfs()
        try #require(statvfs(disk, &status) == 0)
        let free = Int(status.f_bavail) * Int(status.f_bsize)
        let filling = max(free - kibibytes * 1024, 0)
        try Files.write(Data(count: filling), to: disk + "/filling")
    }
}
