import CLibArchive
import Glibc

/// What stands in a packed file under one name, as libarchive tells it.
public struct PackedEntry: Hashable, Sendable {
    /// The kinds that matter here.
    public enum Kind: Hashable, Sendable {
        /// A file with content of its own.
        case file
        /// A folder.
        case folder
        /// A link, a device, or whatever else there is.
        case other
    }

    /// The name as it stands there; nil where it cannot be read.
    public let name: String?
    /// Whether it is a file or a folder.
    public let kind: Kind
    /// Bytes of content, as the entry's header says.
    public let size: Int64
    /// The permissions, as in 0o640.
    public let permissions: UInt32
    /// Seconds since 1970.
    public let modified: Int64
    /// Whether a password is needed to read it.
    public let isEncrypted: Bool

    init(_ header: OpaquePointer) {
        let text = archive_entry_pathname(header) ?? archive_entry_pathname_utf8(header)
        name = text.map { String(cString: $0) }
        kind =
            switch archive_entry_filetype(header) {
            case Glibc.S_IFREG where archive_entry_hardlink(header) == nil: .file
            case Glibc.S_IFDIR: .folder
            default: .other
            }
        size = archive_entry_size(header)
        permissions = UInt32(archive_entry_perm(header))
        modified = Int64(archive_entry_mtime(header))
        isEncrypted = archive_entry_is_encrypted(header) != 0
    }
}

/// Reads what libarchive can, entry by entry; owns a handle and belongs to one task.
public struct EntryReader: ~Copyable {
    private let handle: OpaquePointer

    /// Opens a tar file within zstd.
    public init(archive path: String, blockSize: Int) throws(PackingError) {
        try self.init { handle in
            [
                { archive_read_support_format_tar(handle) },
                { archive_read_support_filter_zstd(handle) },
                { archive_read_open_filename(handle, path, blockSize) },
            ]
        }
    }

    /// Opens a zip file by the list of contents at its end.
    public init(zip path: String, blockSize: Int) throws(PackingError) {
        try self.init { handle in
            [
                { archive_read_support_format_zip_seekable(handle) },
                { archive_read_open_filename(handle, path, blockSize) },
            ]
        }
    }

    /// Reads an open file from its beginning.
    ///
    /// Both the place in the file and the handle are this reader's for as long as it lives; `support`
    /// says what libarchive is to look for, by its own functions.
    init(
        descriptor: CInt, blockSize: Int, support: [(OpaquePointer) -> CInt]
    ) throws(PackingError) {
        guard lseek(descriptor, 0, SEEK_SET) == 0 else {
            throw PackingError(String(cString: strerror(errno)))
        }
        try self.init { handle in
            support.map { function in { function(handle) } }
                + [{ archive_read_open_fd(handle, descriptor, blockSize) }]
        }
    }

    private init(_ steps: (OpaquePointer) -> [() -> CInt]) throws(PackingError) {
        guard let handle = archive_read_new() else { throw PackingError("out of memory") }
        for step in steps(handle) {
            let status = step()
            guard status != ARCHIVE_OK else { continue }
            let error = PackingError(handle, status: status)
            archive_read_free(handle)
            throw error
        }
        self.handle = handle
    }

    deinit { archive_read_free(handle) }

    /// Goes to the next entry; nil after the last.
    ///
    /// - Parameter strict: whether a reservation, about a name in another alphabet say, is an error.
    /// - Returns: What its header says.
    /// - Throws: where the file is damaged or cut short.
    public mutating func next(strict: Bool = true) throws(PackingError) -> PackedEntry? {
        var header: OpaquePointer?
        let status = archive_read_next_header(handle, &header)
        if status == ARCHIVE_EOF { return nil }
        guard status == ARCHIVE_OK || (!strict && status == ARCHIVE_WARN), let header else {
            throw PackingError(handle, status: status)
        }
        return PackedEntry(header)
    }

    /// Hands the next block of the entry's content and its place in it to `body`, which sees it only
    /// while it runs; false after the last.
    public mutating func readBlock(
        _ body: (UnsafeRawBufferPointer, Int64) -> Void
    ) throws(PackingError) -> Bool {
        var block: UnsafeRawPointer?
        var count = 0
        var offset: Int64 = 0
        let status = archive_read_data_block(handle, &block, &count, &offset)
        if status == ARCHIVE_EOF { return false }
        guard status == ARCHIVE_OK else { throw PackingError(handle, status: status) }
        body(UnsafeRawBufferPointer(start: block, count: count), offset)
        return true
    }

    /// Reads the next bytes of the entry's content, as many as fit; fewer only where it ends.
    mutating func read(
        into buffer: UnsafeMutableRawBufferPointer
    ) throws(PackingError) -> Int {
        let count = archive_read_data(handle, buffer.baseAddress, buffer.count)
        guard count >= 0 else { throw PackingError(handle, status: CInt(count)) }
        return count
    }

    /// How many bytes of the file have been used.
    var consumed: Int64 { archive_filter_bytes(handle, -1) }
}
