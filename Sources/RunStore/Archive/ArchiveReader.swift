import Diagnostics
import Packing
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
/// Absolute names, names with `..`, names that stand there twice, links, devices and every format
/// but tar within zstd are refused, so that unpacking what it gives stays inside one folder. What
/// it holds is bounded by `ArchiveLimits`. It belongs to one task.
public struct ArchiveReader: ~Copyable {
    private var entries: EntryReader
    /// The path that was given.
    let path: String
    private var current: ArchiveEntry?
    private var limits: ArchiveLimits
    private var names: Set<String> = []

    /// Opens an archive.
    public init(path: String) throws(ArchiveError) {
        try self.init(path: path, limits: ArchiveLimits.usual(for: path))
    }

    init(path: String, limits: ArchiveLimits) throws(ArchiveError) {
        self.path = path
        self.limits = limits
        do {
            entries = try EntryReader(archive: path, blockSize: FileReader.blockSize)
        } catch {
            throw ArchiveError(
                "read the archive", archive: path, error, remedy: ArchiveError.damaged)
        }
    }

    /// Goes to the next entry; nil after the last.
    ///
    /// - Throws: where the archive is damaged or cut short, or the entry is one that is refused.
    public mutating func next() throws(ArchiveError) -> ArchiveEntry? {
        current = nil
        let entry: PackedEntry?
        do {
            entry = try entries.next()
        } catch {
            throw ArchiveError(
                "read the archive", archive: path, error, remedy: ArchiveError.damaged)
        }
        guard let entry else { return nil }
        let checked = try checked(entry)
        if let excess = limits.excess(adding: checked) {
            throw ArchiveError(refusing: path, excess)
        }
        guard names.insert(checked.name).inserted else {
            throw ArchiveError(refusing: path, entry: checked.name, "it is there twice")
        }
        current = checked
        return checked
    }

    /// The content of the entry that `next` gave last.
    ///
    /// - Throws: where it has more bytes than `limit`, or cannot be read.
    public mutating func readContent(limit: Int) throws(ArchiveError) -> [UInt8] {
        guard let entry = current else { return [] }
        guard entry.size <= Int64(limit) else {
            throw ArchiveError(
                refusing: path, entry: entry.name,
                "\(entry.size) bytes are more than the \(limit) allowed")
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
        // A gap would be a sparse file, of which no archive of ours consists.
        var isWhole = true
        do {
            while isWhole,
                try entries.readBlock({ block, offset in
                    isWhole = offset == position && Int64(block.count) <= entry.size - position
                    guard isWhole else { return }
                    body(block)
                    position += Int64(block.count)
                })
            {}
        } catch {
            throw ArchiveError(
                "read from the archive the", archive: path, entry: entry.name, error,
                remedy: ArchiveError.damaged)
        }
        guard position == entry.size else {
            throw ArchiveError(
                refusing: path, entry: entry.name,
                "its content is not as long as its header says")
        }
    }

    private func checked(_ entry: PackedEntry) throws(ArchiveError) -> ArchiveEntry {
        guard var name = entry.name else {
            throw ArchiveError(refusing: path, "an entry has no readable name")
        }
        guard name.utf8.count <= ArchiveLimits.longestName else {
            throw ArchiveError(
                refusing: path,
                "an entry's name has more than \(ArchiveLimits.longestName) bytes")
        }
        let kind: ArchiveEntry.Kind? =
            switch entry.kind {
            case .file: .file
            case .folder: .folder
            case .other: nil
            }
        if kind == .folder, name.hasSuffix("/") { name.removeLast() }
        guard let kind, ArchiveName.isSafe(name) else {
            throw ArchiveError(
                refusing: path, entry: name,
                kind == nil
                    ? "links and devices are refused" : "a name that leads out is refused")
        }
        return ArchiveEntry(
            name: name, kind: kind, size: kind == .file ? entry.size : 0,
            mode: entry.permissions, modificationTime: Instant(seconds: entry.modified))
    }
}
