import Diagnostics
import Glibc

/// A file without a name, for what a run must lay aside: it goes away with the process, however that
/// ends.
///
/// It is written from its beginning to its end, and may be read wherever it has been written. One
/// thread at a time writes; any number read.
public final class ScratchFile: Sendable {
    private let descriptor: CInt
    private let folder: String

    /// Makes an empty file on the device of a folder.
    ///
    /// - Throws: `TrueupError.run` where the system refuses.
    public init(in folder: String) throws(TrueupError) {
        self.folder = folder
        descriptor = try attempt("cannot create a scratch file", path: folder) {
            () throws(SystemError) in try ScratchFile.open(folder)
        }
    }

    /// Opens a file that was written before, for reading.
    ///
    /// - Throws: `TrueupError.run` where it cannot be opened.
    public init(reading path: String) throws(TrueupError) {
        folder = path
        descriptor = try attempt("cannot read the file", path: path) {
            () throws(SystemError) in try FileSystem.system.open(path, O_RDONLY, 0)
        }
    }

    deinit { close(descriptor) }

    /// By what name this process opens the file once more, though it has none.
    public var path: String { "/proc/self/fd/\(descriptor)" }

    /// Not every file system makes files without a name; then the name is taken away at once.
    private static func open(_ folder: String) throws(SystemError) -> CInt {
        let mode = FileSystem.fileMode
        // Linux's O_TMPFILE, which Glibc's module does not show: a bit of its own, and O_DIRECTORY.
        let nameless = O_RDWR | O_CLOEXEC | 0o20_000_000 | O_DIRECTORY
        let made = Glibc.open(folder, nameless, mode)
        if made >= 0 { return made }
        let path = "\(folder)/.scratch-\(getpid())"
        let named = Glibc.open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode)
        guard named >= 0 else { throw .last }
        unlink(path)
        return named
    }

    /// How many bytes it has by now.
    ///
    /// - Throws: `TrueupError.run` where the system refuses.
    public func size() throws(TrueupError) -> Int64 {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw .run(SystemError.last.finding("cannot read the file", path: folder))
        }
        return Int64(status.st_size)
    }

    /// What writes behind everything that was written before.
    ///
    /// - Throws: `TrueupError.run` where the system refuses.
    public func sink() throws(TrueupError) -> FileSink {
        let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else {
            throw .run(
                SystemError.last.finding("cannot open the scratch file again", path: folder))
        }
        return FileSink(appendingTo: copy, path: folder)
    }

    /// Reads as many bytes as there are room and file from an offset on; returns how many.
    ///
    /// - Throws: `TrueupError.run` where the system refuses.
    public func read(
        at offset: Int64, into memory: UnsafeMutableRawBufferPointer
    ) throws(TrueupError) -> Int {
        var count = 0
        while count < memory.count {
            let read = pread(
                descriptor, memory.baseAddress?.advanced(by: count), memory.count - count,
                off_t(offset) + off_t(count))
            if read > 0 {
                count += read
            } else if read == 0 {
                break
            } else if errno != EINTR {
                throw .run(SystemError.last.finding("cannot read the scratch file", path: folder))
            }
        }
        return count
    }
}

/// Some of a file's bytes.
public struct StoredRange: Sendable {
    /// The file.
    public let file: ScratchFile
    /// From which byte on, and up to which.
    public let bytes: Range<Int64>

    /// The bytes of a file.
    public init(_ file: ScratchFile, _ bytes: Range<Int64>) {
        self.file = file
        self.bytes = bytes
    }
}
