import Diagnostics
import Glibc

/// A file that is replaced as a whole: readers find the old one or the new one, never half of one.
public struct ReplacedFile: Sendable {
    private let path: String
    private let fileSystem: FileSystem

    /// Names the file.
    public init(path: String) { self.init(path: path, fileSystem: .system) }

    init(path: String, fileSystem: FileSystem) {
        self.path = path
        self.fileSystem = fileSystem
    }

    /// Whether there is anything of that name.
    public static func exists(_ path: String) -> Bool { FileSystem.exists(path) }

    /// Writes the bytes beside the file, and then takes its place.
    ///
    /// The name that it is written under begins with a dot, which no glob finds.
    ///
    /// - Throws: `TrueupError.run` where the system refuses; the file is then as it was.
    public func write(_ bytes: [UInt8]) throws(TrueupError) {
        let folder: Substring
        let name: Substring
        if let slash = path.lastIndex(of: "/") {
            folder = path[...slash]
            name = path[path.index(after: slash)...]
        } else {
            folder = ""
            name = path[...]
        }
        let partial = "\(folder).\(name).partial"
        try? fileSystem.removeFile(partial)
        do {
            var sink = try FileSink(creating: partial, hashing: false, fileSystem: fileSystem)
            try sink.write(bytes)
            try sink.close()
            try attempt("cannot write the file", path: path) { () throws(SystemError) in
                try fileSystem.synchronize(path: partial)
                try fileSystem.rename(partial, path)
                try fileSystem.synchronize(path: folder.isEmpty ? "." : String(folder))
            }
        } catch {
            try? fileSystem.removeFile(partial)
            throw error
        }
    }
}
