import Diagnostics

/// A file of an archive, by its name in there.
public struct ArchivedFile: Hashable, Sendable {
    /// The name in the archive.
    public let name: String
    /// Bytes of content.
    public let size: Int64
    /// The checksum of the content.
    public let digest: SHA256Digest

    /// The same file under another name.
    public func renamed(_ name: String) -> ArchivedFile {
        ArchivedFile(name: name, size: size, digest: digest)
    }
}

/// What an archive holds: its files with their checksums, and the texts that tell of them.
///
/// Everything was read once, and nothing of it was trusted.
public struct ArchiveContent: Sendable {
    /// Every file, in the order of the archive.
    public private(set) var files: [ArchivedFile] = []
    /// `manifest.json`; nil where there is none.
    public private(set) var manifest: [UInt8]?
    /// `outputs/SHA256SUMS`; nil where there is none.
    public private(set) var checksums: [UInt8]?

    private static let manifestName = "manifest.json"
    private static let checksumsName = "outputs/\(Layout.checksums)"

    /// The most bytes that a manifest or a list of checksums may have.
    private static let longestText = 64 << 20

    /// Reads an archive, and hashes all that it holds.
    ///
    /// - Throws: `TrueupError.run` where it cannot be read, holds what no archive of a run does, or
    ///   more than `ArchiveLimits` let pass; what `checkStopped` throws.
    public init(
        path: String, checkStopped: () throws(TrueupError) -> Void = { () throws(TrueupError) in }
    ) throws(TrueupError) {
        try self.init(path: path, folder: nil, checkStopped: checkStopped)
    }

    /// Reads an archive, and puts what it holds into an empty folder.
    public init(
        path: String, unpackingInto folder: String,
        checkStopped: () throws(TrueupError) -> Void = { () throws(TrueupError) in }
    ) throws(TrueupError) {
        try self.init(path: path, folder: folder, checkStopped: checkStopped)
    }

    private init(
        path: String, folder: String?, checkStopped: () throws(TrueupError) -> Void
    ) throws(TrueupError) {
        var reader = try ArchiveContent.reading { () throws(ArchiveError) in
            try ArchiveReader(path: path)
        }
        while true {
            try checkStopped()
            let entry = try ArchiveContent.reading { () throws(ArchiveError) in try reader.next() }
            guard let entry else { return }
            guard ArchiveContent.belongs(entry) else {
                throw ArchiveError(
                    refusing: path, entry: entry.name, "no archive of a run holds it"
                ).asTrueupError
            }
            if let folder { try ArchiveContent.makeFolders(for: entry, in: folder) }
            if entry.kind == .file { try take(entry, from: &reader, folder) }
        }
    }

    /// Whether an archive of a run has such an entry: see `RunArchive`.
    private static func belongs(_ entry: ArchiveEntry) -> Bool {
        if entry.name == manifestName { return entry.kind == .file }
        let parts = entry.name.split(separator: "/", maxSplits: 1)
        return ["carried", "definition", "inputs", "outputs"].contains(parts[0])
            && (parts.count == 2 || entry.kind == .folder)
    }

    /// Makes the folder of an entry, and those above it, where they are not there yet.
    private static func makeFolders(
        for entry: ArchiveEntry, in folder: String
    ) throws(TrueupError) {
        var parts = entry.name.split(separator: "/")
        if entry.kind == .file { parts.removeLast() }
        var path = folder
        for part in parts {
            path += "/\(part)"
            // Nothing but what was unpacked stands there, so no link can lead elsewhere.
            guard !FileSystem.isFolder(path) else { continue }
            try attempt("cannot unpack the archive's folder", path: path) {
                () throws(SystemError) in try FileSystem.system.createFolder(path)
            }
        }
    }

    /// Hashes a file, keeps its text where it tells of the others, and writes it to its place.
    private mutating func take(
        _ entry: ArchiveEntry, from reader: inout ArchiveReader, _ folder: String?
    ) throws(TrueupError) {
        let isText = [ArchiveContent.manifestName, ArchiveContent.checksumsName]
            .contains(entry.name)
        guard !isText || entry.size <= Int64(ArchiveContent.longestText) else {
            throw ArchiveError(
                refusing: reader.path, entry: entry.name,
                "\(entry.size) bytes are more than any run writes"
            ).asTrueupError
        }
        var sink =
            if let folder {
                try FileSink(
                    creating: "\(folder)/\(entry.name)", hashing: false, fileSystem: .system)
            } else {
                FileSink.discarding()
            }
        var hasher = SHA256Hasher()
        var text: [UInt8] = []
        var failure: TrueupError?
        try ArchiveContent.reading { () throws(ArchiveError) in
            try reader.readBlocks { block in
                hasher.update(block)
                if isText { text.append(contentsOf: block) }
                guard failure == nil else { return }
                do throws(TrueupError) { try sink.write(block) } catch { failure = error }
            }
        }
        if let failure { throw failure }
        try sink.close()
        if entry.name == ArchiveContent.manifestName { manifest = text }
        if entry.name == ArchiveContent.checksumsName { checksums = text }
        files.append(ArchivedFile(name: entry.name, size: entry.size, digest: hasher.finish()))
    }

    private static func reading<Value: ~Copyable>(
        _ body: () throws(ArchiveError) -> Value
    ) throws(TrueupError) -> Value {
        do { return try body() } catch { throw error.asTrueupError }
    }
}
