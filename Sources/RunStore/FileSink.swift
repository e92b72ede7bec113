import Diagnostics
import Glibc

/// A file that is being written from its beginning to its end, in blocks of the caller's making.
///
/// The caller gathers large blocks (a megabyte, say): each call of `write` is a system call. The
/// checksum is computed as the bytes pass, while they are still in the cache, so that publishing
/// need not read the files again. `close` must be called: only then does the file belong to the
/// run. A sink that goes away without it leaves a file that is never published.
public struct FileSink: ~Copyable {
    /// The bytes written so far.
    public private(set) var bytesWritten: Int64 = 0

    private let path: String
    private let fileSystem: FileSystem
    /// -1 once closed, and in a sink that discards what it is given.
    private var descriptor: CInt
    private var hasher: SHA256Hasher?
    private let whenClosed: (@Sendable (SHA256Digest?, Int64) -> Void)?

    /// Creates a new file; `whenClosed` learns of its checksum and size.
    init(
        creating path: String, hashing: Bool, fileSystem: FileSystem,
        whenClosed: (@Sendable (SHA256Digest?, Int64) -> Void)? = nil
    ) throws(TrueupError) {
        descriptor = try attempt("cannot create the file", path: path) {
            () throws(SystemError) in try fileSystem.createFile(path)
        }
        self.path = path
        self.fileSystem = fileSystem
        self.whenClosed = whenClosed
        hasher = hashing ? SHA256Hasher() : nil
    }

    /// Opens an existing device or file for writing, to which nothing is done but writing.
    init(existing path: String, fileSystem: FileSystem = .system) throws(TrueupError) {
        descriptor = try attempt("cannot open the file", path: path) {
            () throws(SystemError) in try fileSystem.open(path, O_WRONLY, 0)
        }
        self.path = path
        self.fileSystem = fileSystem
        whenClosed = nil
        hasher = nil
    }

    /// Writes on at the end of an open file, which it closes.
    init(appendingTo descriptor: CInt, path: String) {
        self.descriptor = descriptor
        self.path = path
        fileSystem = .system
        whenClosed = nil
        hasher = nil
    }

    /// Creates a new file that is none of a run's, with the permissions of one.
    public static func outside(path: String) throws(TrueupError) -> FileSink {
        try FileSink(creating: path, hashing: false, fileSystem: .system)
    }

    /// What writes to this process's standard output, where that stands.
    public static func standardOutput() throws(TrueupError) -> FileSink {
        let copy = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 0)
        guard copy >= 0 else {
            throw .run(SystemError.last.finding("cannot write to the file", path: "stdout"))
        }
        return FileSink(appendingTo: copy, path: "stdout")
    }

    private init(discarding: Void) {
        path = ""
        descriptor = -1
        fileSystem = .system
        whenClosed = nil
        hasher = nil
    }

    /// A sink that counts bytes and keeps none: for runs that publish nothing.
    public static func discarding() -> FileSink { FileSink(discarding: ()) }

    deinit {
        if descriptor >= 0 { try? fileSystem.close(descriptor) }
    }

    /// Writes the whole block after what was written before.
    ///
    /// - Throws: `TrueupError.run` where the system refuses: the device is full, say.
    public mutating func write(_ bytes: UnsafeRawBufferPointer) throws(TrueupError) {
        bytesWritten += Int64(bytes.count)
        guard descriptor >= 0 else { return }
        hasher?.update(bytes)
        var rest = bytes
        while !rest.isEmpty {
            let count = try attempt("cannot write to the file", path: path) {
                [descriptor, rest] () throws(SystemError) in
                try fileSystem.write(descriptor, rest)
            }
            rest = UnsafeRawBufferPointer(rebasing: rest[count...])
        }
    }

    /// Writes the UTF-8 bytes of a text; for small files.
    public mutating func write(_ text: String) throws(TrueupError) {
        try write(Array(text.utf8))
    }

    /// Writes some bytes; for small files.
    public mutating func write(_ bytes: [UInt8]) throws(TrueupError) {
        try bytes.withUnsafeBufferPointer { (buffer) throws(TrueupError) in
            try write(UnsafeRawBufferPointer(buffer))
        }
    }

    /// Ends the file and, where it is one of a run's, hands it to the run.
    ///
    /// - Throws: `TrueupError.run` where the system reports only now that bytes were lost.
    public consuming func close() throws(TrueupError) {
        let closing = descriptor
        descriptor = -1
        if closing >= 0 {
            try attempt("cannot write to the file", path: path) {
                () throws(SystemError) in try fileSystem.close(closing)
            }
        }
        whenClosed?(hasher?.finish(), bytesWritten)
    }
}
