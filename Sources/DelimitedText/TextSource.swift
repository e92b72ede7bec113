import Glibc

/// Text that can be read at any offset, by any thread: a regular file, what a packed or otherwise
/// encoded file holds, or bytes in memory.
///
/// A file is read with `pread`, never mapped: when another program truncates a mapped file, the
/// process dies.
public final class TextSource: Sendable {
    /// The path as it was given; for bytes in memory, the name that stands for it.
    public let path: String
    /// The size of the text in bytes, as it was at opening.
    public let size: Int
    /// The size of the file in bytes, which is another than that of a text that was unpacked or
    /// decoded.
    public let fileSize: Int
    /// Where the text begins: 3 after a UTF-8 byte order mark, else 0.
    public let textStart: Int

    /// What the text was encoded in before it became UTF-8.
    public let encoding: TextEncoding

    private let storage: Storage

    private enum Storage {
        case file(descriptor: Int32, identity: FileIdentity)
        /// The text is what was unpacked from the file, or decoded.
        case decoded(DecodedText, descriptor: Int32, identity: FileIdentity)
        case memory([UInt8])
    }

    /// Opens a file for reading, as it is.
    ///
    /// - Throws: `system` where the file cannot be opened, `notRegularFile` where it is a folder, a
    ///   device, a pipe or a socket.
    public convenience init(path: String) throws(TextSourceError) {
        try self.init(path: path) { _, _ in nil }
    }

    /// Opens a dump for reading: one that is packed, or in another encoding than UTF-8, is unpacked
    /// and decoded into memory.
    ///
    /// - Parameters:
    ///   - path: where the file is; what it is called does not matter.
    ///   - encoding: what is said of its encoding; a byte order mark outweighs it.
    ///   - isStopped: asked now and then while a text is unpacked or decoded.
    /// - Throws: as for other files; `packed` where the text cannot be had, for the file is damaged,
    ///   say; `stopped` where it was given up.
    public convenience init(
        dump path: String, encoding: TextEncoding? = nil, isStopped: () -> Bool = { false }
    ) throws(TextSourceError) {
        try self.init(path: path) { (descriptor, size) throws(TextSourceError) in
            try DumpText(descriptor: descriptor, size: size, path: path, encoding: encoding)?
                .read(isStopped)
        }
    }

    private init(
        path: String, decode: (Int32, Int) throws(TextSourceError) -> DecodedText?
    ) throws(TextSourceError) {
        // Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
        let descriptor = Self.retrying { open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
        guard descriptor >= 0 else { throw .system(.open, path: path, code: errno) }
        do throws(TextSourceError) {
            let identity = try FileIdentity(of: descriptor, path: path)
            let text = try decode(descriptor, identity.size)
            textStart = try Self.lengthOfByteOrderMark { bytes throws(TextSourceError) in
                if let text { return text.read(into: bytes, at: 0) }
                return try Self.read(into: bytes, at: 0, of: descriptor, path: path)
            }
            size = text?.count ?? identity.size
            fileSize = identity.size
            encoding = text?.encoding ?? .utf8
            storage =
                text.map { .decoded($0, descriptor: descriptor, identity: identity) }
                ?? .file(descriptor: descriptor, identity: identity)
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
        fileSize = bytes.count
        encoding = .utf8
        textStart = bytes.starts(with: Self.byteOrderMark) ? Self.byteOrderMark.count : 0
        storage = .memory(bytes)
    }

    deinit {
        switch storage {
        case .file(let descriptor, _), .decoded(_, let descriptor, _): close(descriptor)
        case .memory: break
        }
    }

    /// Whether the text is not the file's bytes, but what they came to.
    public var isDecoded: Bool {
        if case .decoded = storage { true } else { false }
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
        case .decoded(let text, _, _): return text.read(into: buffer, at: offset)
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
        switch storage {
        case .file(let descriptor, let identity), .decoded(_, let descriptor, let identity):
            let now = try FileIdentity(of: descriptor, path: path)
            guard now == identity else { throw .changed(path: path) }
        case .memory: return
        }
    }

    private static let byteOrderMark = TextEncoding.utf8.byteOrderMark

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

    static func read(
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
