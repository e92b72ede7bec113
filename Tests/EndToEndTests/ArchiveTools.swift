import Foundation
import Testing

/// What the tests about archives do with them, as somebody would by hand.
enum Archives {
    /// Unpacks an archive into a new folder.
    static func unpack(_ archive: String, into folder: String) throws {
        try Files.makeFolder(folder)
        let ending = try Launch(
            program: "tar", arguments: ["--zstd", "-xpf", archive, "-C", folder]
        ).run()
        try #require(ending.code == 0, "\(ending.errors)")
    }

    /// Packs a folder into an archive, in place of what is there.
    static func pack(_ folder: String, into archive: String) throws {
        try Files.remove(archive)
        let names = try Files.names(in: folder)
        let ending = try Launch(
            program: "tar", arguments: ["--zstd", "-cf", archive, "-C", folder] + names
        ).run()
        try #require(ending.code == 0, "\(ending.errors)")
    }

    /// Unpacks an archive, lets somebody change what it holds, and packs it again in its place.
    static func change(
        _ archive: String, in workspace: Workspace, _ change: (String) throws -> Void
    ) throws {
        let folder = workspace.at("unpacked-" + UUID().uuidString)
        try unpack(archive, into: folder)
        try change(folder)
        try pack(folder, into: archive)
    }

    /// Changes the text of a file.
    static func edit(_ path: String, _ old: String, _ new: String) throws {
        let text = try Files.text(path)
        try #require(text.contains(old), "\(path) does not say \(old)")
        try Files.write(text.replacing(old, with: new), to: path)
    }

    /// Changes one byte of a file.
    static func flip(_ path: String, at place: Int? = nil) throws {
        var bytes = try Files.bytes(path)
        bytes[place ?? bytes.count / 2] ^= 1
        try Files.write(bytes, to: path)
    }

    static func replay(_ archive: String, _ options: [String] = []) -> Launch {
        Launch(program: Project.trueup, arguments: ["replay", archive] + options)
    }

    static func verify(_ path: String) throws -> Ending {
        try Launch(program: Project.trueup, arguments: ["verify", path]).run()
    }
}
