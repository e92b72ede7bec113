import Diagnostics
import Glibc

/// What tells one state of a file from another without reading it again.
///
/// A file that is written to while a run reads it changes at least one of these.
public struct FileIdentity: Hashable, Sendable {
    /// Bytes in the file.
    public let size: Int64
    private let device: UInt64
    private let inode: UInt64
    private let modified: Int64
    private let changed: Int64

    /// The present state of a file.
    ///
    /// - Throws: `TrueupError.run` where there is no such file, or it is no plain file.
    public init(path: String) throws(TrueupError) {
        var status = stat()
        guard stat(path, &status) == 0 else {
            throw .run(SystemError.last.finding("cannot read the file", path: path))
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw .run(Finding("not a plain file", at: SourcePosition(file: path)))
        }
        self.init(status)
    }

    /// The present state of an open file; nil where the system does not tell it.
    init?(descriptor: CInt) {
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            return nil
        }
        self.init(status)
    }

    private init(_ status: stat) {
        func nanoseconds(_ time: timespec) -> Int64 {
            Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
        }
        size = Int64(status.st_size)
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        modified = nanoseconds(status.st_mtim)
        changed = nanoseconds(status.st_ctim)
    }
}

/// A file's checksum, and the state in which it had it.
public struct HashedFile: Hashable, Sendable {
    /// The checksum of the whole content.
    public let digest: SHA256Digest
    /// The file's state while it was hashed.
    public let identity: FileIdentity

    /// Reads and hashes a file, one large block at a time.
    ///
    /// - Throws: `TrueupError.run` where the file cannot be read or changes meanwhile.
    public init(path: String) throws(TrueupError) {
        var hasher = SHA256Hasher()
        identity = try FileReader.readWhole(path) { hasher.update($0) }
        digest = hasher.finish()
    }
}

extension SHA256Digest {
    /// One checksum of several files: that of the text that `sha256sum` prints for them.
    ///
    /// The lines are sorted by name, so the order of `files` does not matter.
    public init(ofFiles files: [(name: String, digest: SHA256Digest)]) {
        var hasher = SHA256Hasher()
        hasher.update(ChecksumList(files).text)
        self = hasher.finish()
    }
}
