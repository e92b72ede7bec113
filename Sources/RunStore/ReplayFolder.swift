import Diagnostics
import Glibc

/// The folder in which an archive is unpacked and its run is made again.
///
///     unpacked/     what the archive holds
///     out/          the output folder of the run that is made again
///
/// One without a name of its own is removed with the value.
public final class ReplayFolder: Sendable {
    /// Its path.
    public let path: String
    private let isTemporary: Bool

    /// Where the archive is unpacked.
    public var unpacked: String { "\(path)/unpacked" }
    /// The files of the archived run.
    public var archivedRun: String { "\(unpacked)/outputs" }
    /// The output folder of the run that is made again.
    public var output: String { "\(path)/out" }

    /// Makes a folder among the system's temporary ones, or takes one that is empty or not there yet.
    ///
    /// - Throws: `TrueupError.run` where something stands there, or the system refuses.
    public init(path: String?) throws(TrueupError) {
        if let path {
            let path = RunHistory.withoutTrailingSlashes(path)
            isTemporary = false
            self.path = path
            try ReplayFolder.take(path)
        } else {
            isTemporary = true
            self.path = try ReplayFolder.makeTemporary()
        }
        for folder in [unpacked, output] {
            try attempt("cannot create the folder", path: folder) { () throws(SystemError) in
                try FileSystem.system.createFolder(folder)
            }
        }
    }

    deinit {
        if isTemporary { try? FileSystem.system.removeTree(path) }
    }

    /// Makes a folder, or takes one that is empty.
    ///
    /// - Throws: `TrueupError` where something stands there, or the system refuses.
    public static func take(_ path: String) throws(TrueupError) {
        guard FileSystem.exists(path) else {
            return try attempt("cannot create the folder", path: path) {
                () throws(SystemError) in try FileSystem.system.createFolder(path)
            }
        }
        let names = try attempt("cannot list the folder", path: path) { () throws(SystemError) in
            try FileSystem.names(in: path)
        }
        guard names.isEmpty else {
            throw .usage(
                Finding(
                    "the folder is not empty", at: SourcePosition(file: path),
                    expected: "an empty folder, or a name that is free", found: names[0],
                    remedy: "give another folder with --to"))
        }
    }

    private static func makeTemporary() throws(TrueupError) -> String {
        let parent = getenv("TMPDIR").map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
        var name = Array(((parent ?? "/tmp") + "/trueup-replay-XXXXXX").utf8CString)
        guard mkdtemp(&name) != nil else {
            throw .run(
                SystemError.last.finding(
                    "cannot create a temporary folder", path: parent ?? "/tmp"))
        }
        return String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Removes all that is in a folder, as far as that is possible.
    public static func empty(_ folder: String) {
        let names = (try? FileSystem.names(in: folder)) ?? []
        for name in names { try? FileSystem.system.removeTree("\(folder)/\(name)") }
    }

    /// Writes a new file.
    public static func write(_ bytes: [UInt8], to path: String) throws(TrueupError) {
        var sink = try FileSink(creating: path, hashing: false, fileSystem: .system)
        try sink.write(bytes)
        try sink.close()
    }

    /// Puts what the run before handed on where the run that is made again looks for it, as the
    /// latest run of the output folder.
    ///
    /// `files` are the unpacked ones below `carried/`.
    ///
    /// - Throws: `TrueupError.run` where the system refuses.
    public func handOn(_ files: [ArchivedFile], from run: RunID) throws(TrueupError) {
        let fileSystem = FileSystem.system
        let folder = "\(output)/\(run)"
        try attempt("cannot restore what the run before handed on", path: folder) {
            () throws(SystemError) in
            try fileSystem.createFolder(folder)
            if FileSystem.isFolder("\(unpacked)/carried") {
                try fileSystem.rename("\(unpacked)/carried", "\(folder)/carried")
            }
            try fileSystem.link(run.text, "\(output)/\(Layout.latest)")
        }
        var sink = try FileSink(
            creating: "\(folder)/\(Layout.checksums)", hashing: false, fileSystem: fileSystem)
        try sink.write(ChecksumList(files.map { ($0.name, $0.digest) }).text)
        try sink.close()
    }
}
