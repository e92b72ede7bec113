import CLibArchive
import Diagnostics
import Glibc
import Time

/// What stands in an archive under one name.
public struct ArchiveEntry: Hashable, Sendable {
    /// The kinds that an archive of ours has.
    public enum Kind: Hashable, Sendable {
        /// A file with content.
        case file
        /// A folder.
        case folder
    }

    /// The name, relative, without a slash at its end.
    public let name: String
    /// Whether it is a file or a folder.
    public let kind: Kind
    /// Bytes of content; 0 for a folder.
    public let size: Int64
    /// The permissions, as in 0o640.
    public let mode: UInt32
    /// The time that the archive gives it.
    public let modificationTime: Instant
}

/// Reads an archive of ours, entry by entry, trusting nothing in it.
///
/// Absolute names, names with `..`, links, devices and every format but tar within zstd are
/// refused, so that unpacking what it gives stays inside one folder. It owns a libarchive handle
/// and belongs to one task.
public struct ArchiveReader: ~Copyable {
    private let handle: OpaquePointer
    private let path: String
    private var current: ArchiveEntry?

    /// Opens an archive.
    public init(path: String) throws(ArchiveError) {
        self.path = path
        guard let handle = archive_read_new() else {
            throw ArchiveError("read the archive", archive: path, message: "out of memory")
        }
        let steps = [
            { archive_read_support_format_tar(handle) },
            { archive_read_support_filter_zstd(handle) },
            { archive_read_open_filename(handle, path, FileReader.blockSize) },
        ]
        for step in steps {
            let status = step()
            guard status != ARCHIVE_OK else { continue }
            let error = ArchiveError(
                "read the archive", archive: path, handle: handle, status: status)
            archive_read_free(handle)
            throw error
        }
        self.handle = handle
    }

    deinit { archive_read_free(handle) }

    /// Goes to the next entry; nil after the last.
    ///
    /// - Throws: where the archive is damaged or cut short, or the entry is one that is refused.
    public mutating func next() throws(ArchiveError) -> ArchiveEntry? {
        var header: OpaquePointer?
        let status = archive_read_next_header(handle, &header)
        current = nil
        if status == ARCHIVE_EOF { return nil }
        guard status == ARCHIVE_OK, let header else {
            throw ArchiveError("read the archive", archive: path, handle: handle, status: status)
        }
        let entry = try checked(header)
        current = entry
        return entry
    }

    /// The content of the entry that `next` gave last.
    ///
    /// - Throws: where it has more bytes than `limit`, or cannot be read.
    public mutating func readContent(limit: Int) throws(ArchiveError) -> [UInt8] {
        guard let entry = current else { return [] }
        guard entry.size <= Int64(limit) else {
            throw ArchiveError(
                "read from the archive the", archive: path, entry: entry.name,
                message: "\(entry.size) bytes are more than the \(limit) allowed")
        }
        var content: [UInt8] = []
        content.reserveCapacity(Int(entry.size))
        try readBlocks { content.append(contentsOf: $0) }
        return content
    }

    /// Hands the content of the entry that `next` gave last to `body`, block by block.
    ///
    /// A block is valid only within the call of `body`.
    ///
    /// - Throws: where the content cannot be read or is not as long as its header says.
    public mutating func readBlocks(
        _ body: (UnsafeRawBufferPointer) -> Void
    ) throws(ArchiveError) {
        guard let entry = current else { return }
        current = nil
        var position: Int64 = 0
        while true {
            var block: UnsafeRawPointer?
            var count = 0
            var offset: Int64 = 0
            let status = archive_read_data_block(handle, &block, &count, &offset)
            if status == ARCHIVE_EOF { break }
            guard status == ARCHIVE_OK else {
                throw ArchiveError(
                    "read from the archive the", archive: path, entry: entry.name,
                    handle: handle, status: status)
            }
            // A gap would be a sparse file, of which no archive of ours consists.
            guard offset == position, Int64(count) <= entry.size - position else { break }
            body(UnsafeRawBufferPointer(start: block, count: count))
            position += Int64(count)
        }
        guard position == entry.size else {
            throw ArchiveError(
                "read from the archive the", archive: path, entry: entry.name,
                message: "its content is not as long as its header says")
        }
    }

    private func checked(_ header: OpaquePointer) throws(ArchiveError) -> ArchiveEntry {
        guard let text = archive_entry_pathname(header) else {
            throw ArchiveError(
                "read the archive", archive: path, message: "an entry has no readable name")
        }
        var name = String(cString: text)
        let kind: ArchiveEntry.Kind? =
            switch archive_entry_filetype(header) {
            case Glibc.S_IFREG where archive_entry_hardlink(header) == nil: .file
            case Glibc.S_IFDIR: .folder
            default: nil
            }
        if kind == .folder, name.hasSuffix("/") { name.removeLast() }
        guard let kind, ArchiveName.isSafe(name) else {
            throw ArchiveError(
                "read from the archive the", archive: path, entry: name,
                message: kind == nil
                    ? "links and devices are refused" : "a name that leads out is refused")
        }
        return ArchiveEntry(
            name: name, kind: kind, size: kind == .file ? archive_entry_size(header) : 0,
            mode: UInt32(archive_entry_perm(header)),
            modificationTime: Instant(seconds: Int64(archive_entry_mtime(header))))
    }
}
