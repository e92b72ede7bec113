import Glibc

/// Text that can be read at any offset, by any thread: a regular file, or bytes in memory.
///
/// A file is read with `pread`, never mapped: when another program truncates a mapped file, the
/// process dies.
public final class TextSource: Sendable {
    /// The path as it was given; for bytes in memory, the name that stands for it.
    public let path: String
    /// The size in bytes, as it was at opening.
    public let size: Int
    /// Where the text begins: 3 after a UTF-8 byte order mark, else 0.
    public let textStart: Int

    private let storage: Storage

    private enum Storage {
        case file(descriptor: Int32, identity: FileIdentity)
        case memory([UInt8])
    }

    /// Opens a file for reading.
    ///
    /// - Throws: `system` where the file cannot be opened, `notRegularFile` where it is a folder, a
    ///   device, a pipe or a socket.
    public init(path: String) throws(TextSourceError) {
        // Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
        let descriptor = Self.retrying { open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
        guard descriptor >= 0 else { throw .system(.open, path: path, code: errno) }
        do throws(TextSourceError) {
            let identity = try FileIdentity(of: descriptor, path: path)
            textStart = try Self.lengthOfByteOrderMark { bytes throws(TextSourceError) in
                try Self.read(into: bytes, at: 0, of: descriptor, path: path)
            }
            size = identity.size
            storage = .file(descriptor: descriptor, identity: identity)
            self.path = path
        } catch {
            close(descriptor)
            throw error
        }
    }

    /// Makes a source of bytes in memory; `name` stands for the path in messages.
    public init(bytes: [UInt8], name: String) {
        path = name
        size = bytes.count
        textStart = bytes.starts(with: Self.byteOrderMark) ? Self.byteOrderMark.count : 0
        storage = .memory(bytes)
    }

    deinit {
        if case .file(let descriptor, _) = storage { close(descriptor) }
    }

    /// Reads the bytes from `offset` on, as many as fit into `buffer`.
    ///
    /// - Returns: how many bytes were read; fewer than fit only where the source ends.
    /// - Throws: `system` where the file cannot be read.
    public func read(
        into buffer: UnsafeMutableRawBufferPointer, at offset: Int
    ) throws(TextSourceError) -> Int {
        precondition(offset >= 0, "a source begins at offset 0")
        switch storage {
        case .file(let descriptor, _):
            return try Self.read(into: buffer, at: offset, of: descriptor, path: path)
        case .memory(let bytes):
            let count = min(buffer.count, max(0, bytes.count - offset))
            guard count > 0 else { return 0 }
            bytes.withUnsafeBytes { bytes in
                buffer.copyMemory(from: .init(rebasing: bytes[offset..<(offset + count)]))
            }
            return count
        }
    }

    /// Refuses a file that changed since it was opened.
    ///
    /// Size, inode and the times of the last change of content and of attributes are compared, so
    /// a file that was written to, truncated, or replaced under its name is noticed.
    ///
    /// - Throws: `changed`; `system` where the file cannot be inspected.
    public func verifyUnchanged() throws(TextSourceError) {
        guard case .file(let descriptor, let identity) = storage else { return }
        let now = try FileIdentity(of: descriptor, path: path)
        guard now == identity else { throw .changed(path: path) }
    }

    private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    private static func lengthOfByteOrderMark(
        read: (UnsafeMutableRawBufferPointer) throws(TextSourceError) -> Int
    ) throws(TextSourceError) -> Int {
        var first: (UInt8, UInt8, UInt8) = (0, 0, 0)
        var failure: TextSourceError?
        let isMark = withUnsafeMutableBytes(of: &first) { bytes in
            do throws(TextSourceError) {
                return try read(bytes) == 3 && bytes.elementsEqual(byteOrderMark)
            } catch {
                failure = error
                return false
            }
        }
        if let failure { throw failure }
        return isMark ? byteOrderMark.count : 0
    }

    private static func read(
        into buffer: UnsafeMutableRawBufferPointer, at offset: Int, of descriptor: Int32,
        path: String
    ) throws(TextSourceError) -> Int {
        guard let base = buffer.baseAddress else { return 0 }
        var total = 0
        while total < buffer.count {
            let count = retrying {
                pread(descriptor, base + total, buffer.count - total, off_t(offset + total))
            }
            guard count >= 0 else { throw .system(.read, path: path, code: errno) }
            guard count > 0 else { break }
            total += count
        }
        return total
    }

    /// Calls again while a signal interrupts the call.
    private static func retrying<Result: SignedInteger>(_ call: () -> Result) -> Result {
        while true {
            let result = call()
            guard result < 0, errno == EINTR else { return result }
        }
    }
}

/// What tells one state of a file from another.
private struct FileIdentity: Sendable, Equatable {
    let size: Int
    let device: UInt
    let inode: UInt
    let modified: (seconds: Int, nanoseconds: Int)
    let changed: (seconds: Int, nanoseconds: Int)

    init(of descriptor: Int32, path: String) throws(TextSourceError) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else {
            throw .system(.inspect, path: path, code: errno)
        }
        guard status.st_mode & S_IFMT == S_IFREG else { throw .notRegularFile(path: path) }
        size = Int(status.st_size)
        device = UInt(status.st_dev)
        inode = UInt(status.st_ino)
        modified = (status.st_mtim.tv_sec, status.st_mtim.tv_nsec)
        changed = (status.st_ctim.tv_sec, status.st_ctim.tv_nsec)
    }

    static func == (left: FileIdentity, right: FileIdentity) -> Bool {
        left.size == right.size && left.device == right.device && left.inode == right.inode
            && left.modified == right.modified && left.changed == right.changed
    }
}
