import Diagnostics
import Glibc

/// A file that is replaced as a whole: readers find the old one or the new one, never half of one.
public struct ReplacedFile: Sendable {
    private let path: String
    private let folder: String
    private let name: String
    private let fileSystem: FileSystem

    /// Names the file.
    public init(path: String) { self.init(path: path, fileSystem: .system) }

    init(path: String, fileSystem: FileSystem) {
        self.path = path
        self.fileSystem = fileSystem
        let slash = path.lastIndex(of: "/")
        name = String(path[(slash.map(path.index(after:)) ?? path.startIndex)...])
        folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    }

    /// Whether there is anything of that name.
    public static func exists(_ path: String) -> Bool { FileSystem.exists(path) }

    /// Does something while nobody else replaces a file of the same folder in this way.
    ///
    /// The folder itself is locked, so that no file of ours stays in it; the system gives the lock
    /// back when the process ends in whatever way.
    ///
    /// - Throws: `TrueupError.run` where somebody else does, or where there is no such folder;
    ///   whatever `body` throws.
    public func alone<Value>(_ body: () throws -> Value) throws -> Value {
        let descriptor = try attempt("cannot open the folder", path: folder) {
            () throws(SystemError) in
            try fileSystem.open(folder, O_RDONLY | O_DIRECTORY, 0)
        }
        defer { try? fileSystem.close(descriptor) }
        // A file system without locks leaves the folder to whoever comes first.
        if flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK {
            throw TrueupError.run(
                Finding(
                    "another process writes into the folder", at: SourcePosition(file: folder),
                    remedy: "wait until it has ended, and try again"))
        }
        return try body()
    }

    /// Writes the bytes beside the file, and then takes its place.
    ///
    /// The name that it is written under begins with a dot, which no glob finds.
    ///
    /// - Parameters:
    ///   - bytes: All that the file is to hold.
    ///   - check: Is given the folder and the name of what was written before it takes the file's
    ///     place, which it does not where this throws.
    /// - Throws: `TrueupError.run` where the system refuses; the file is then as it was.
    public func write(
        _ bytes: [UInt8], check: (_ folder: String, _ name: String) throws -> Void = { _, _ in }
    ) throws {
        let partialName = ".\(name).partial"
        let partial = "\(folder == "/" ? "" : folder)/\(partialName)"
        try? fileSystem.removeFile(partial)
        do {
            var sink = try FileSink(creating: partial, hashing: false, fileSystem: fileSystem)
            try sink.write(bytes)
            try sink.close()
            try check(folder, partialName)
            try attempt("cannot write the file", path: path) { () throws(SystemError) in
                try fileSystem.synchronize(path: partial)
                try fileSystem.rename(partial, path)
                try fileSystem.synchronize(path: folder)
            }
        } catch {
            try? fileSystem.removeFile(partial)
            throw error
        }
    }
}
