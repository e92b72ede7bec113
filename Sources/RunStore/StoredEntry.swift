import Diagnostics
import Glibc

/// What stands in a folder of the store under one name.
public struct StoredEntry: Hashable, Sendable {
    /// What it is.
    public enum Kind: Hashable, Sendable {
        case file, folder
        /// A link, and where it points.
        case link(String)
        /// A device, a pipe or a socket.
        case other
    }

    /// The path below the folder.
    public let name: String
    /// What it is.
    public let kind: Kind
}

extension RunHistory {
    /// Files of a run of which its checksums do not tell: they depend on the clock or the machine.
    public static func isCovered(_ name: String) -> Bool {
        name != Layout.checksums && !Layout.uncovered.contains(name)
    }

    /// Whether a plain file of this name stands in a folder.
    public static func holds(_ name: String, in folder: String) throws(TrueupError) -> Bool {
        let path = "\(folder)/\(name)"
        guard FileSystem.exists(path) else { return false }
        _ = try FileIdentity(path: path)
        return true
    }

    /// The name of a run's list of checksums.
    public static let checksumsName = Layout.checksums
    /// The name of the link in a run's folder that leads to the run before.
    public static let previousName = Layout.previous

    /// Everything below a run's folder, in order of the names; links are not followed.
    public func entries(of run: RunID) throws(TrueupError) -> [StoredEntry] {
        try entries(in: folder(of: run))
    }

    /// Everything in the folder of archives but what a run is writing; nothing where there is no such
    /// folder.
    public func archiveEntries() throws(TrueupError) -> [StoredEntry] {
        let folder = "\(path)/\(Layout.archiveFolder)"
        guard FileSystem.isFolder(folder) else { return [] }
        let pending = try pendingRun()?.text
        return try entries(in: folder).filter { entry in
            !Layout.pendingArchiveFiles.contains(entry.name)
                && pending.map { !entry.name.hasPrefix($0) } ?? true
        }
    }

    /// The run whose archive has this file name; nil where it is no such name.
    public static func run(ofArchiveNamed name: String) -> RunID? {
        guard name.hasSuffix(Layout.archiveSuffix) else { return nil }
        return RunID(name.dropLast(Layout.archiveSuffix.count))
    }

    /// The run whose archive's checksum has this file name; nil where it is no such name.
    public static func run(ofArchiveChecksumNamed name: String) -> RunID? {
        guard name.hasSuffix(Layout.archiveChecksumSuffix) else { return nil }
        return run(ofArchiveNamed: String(name.dropLast(Layout.archiveChecksumSuffix.count)))
    }

    /// The run whose archive's signature has this file name; nil where it is no such name.
    public static func run(ofArchiveSignatureNamed name: String) -> RunID? {
        guard name.hasSuffix(Layout.signatureSuffix) else { return nil }
        return run(ofArchiveChecksumNamed: String(name.dropLast(Layout.signatureSuffix.count)))
    }

    /// A file's bytes, where there are not more than anybody would have written there.
    public static func bytes(of path: String, limit: Int) throws(TrueupError) -> [UInt8] {
        var bytes: [UInt8] = []
        let identity = try FileIdentity(path: path)
        guard identity.size <= Int64(limit) else {
            throw .run(
                Finding(
                    "the file is larger than any that a run writes there",
                    at: SourcePosition(file: path), expected: "at most \(limit) bytes",
                    found: "\(identity.size)"))
        }
        _ = try FileReader.readWhole(path) { bytes.append(contentsOf: $0) }
        return bytes
    }

    private func entries(in folder: String) throws(TrueupError) -> [StoredEntry] {
        var entries: [StoredEntry] = []
        for name in try names(in: folder) {
            let path = "\(folder)/\(name)"
            var status = stat()
            // Where it is gone again, it was none of a published run's.
            guard lstat(path, &status) == 0 else { continue }
            switch status.st_mode & S_IFMT {
            case S_IFREG: entries.append(StoredEntry(name: name, kind: .file))
            case S_IFDIR:
                entries.append(StoredEntry(name: name, kind: .folder))
                entries += try self.entries(in: path).map {
                    StoredEntry(name: "\(name)/\($0.name)", kind: $0.kind)
                }
            case S_IFLNK:
                let target = try attempt("cannot read the link", path: path) {
                    () throws(SystemError) in try FileSystem.target(ofLink: path)
                }
                entries.append(StoredEntry(name: name, kind: .link(target ?? "")))
            default: entries.append(StoredEntry(name: name, kind: .other))
            }
        }
        return entries
    }
}
