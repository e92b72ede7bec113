import Diagnostics
import Glibc
import Parallel

/// A run's files while they are written, in a folder that nobody looks into.
///
/// Files may be created and written on several threads, each file on one. Until `publish` has
/// switched `latest`, the latest published run is what it was. A staging that goes away without
/// having been published removes what was written.
public final class RunStaging: Sendable {
    /// The name under which the run will be published.
    public let run: RunID
    let folder: OutputFolder
    private let files = Locked(StagedFiles())

    /// Creates the hidden folder.
    init(run: RunID, folder: OutputFolder) throws(TrueupError) {
        self.run = run
        self.folder = folder
        let path = path
        try attempt("cannot create the run's folder", path: path) { () throws(SystemError) in
            try folder.fileSystem.createFolder(path)
        }
    }

    deinit {
        // Where this fails, the next run removes the leftovers, or says why it cannot.
        if !files.withLock({ $0.ended }) { try? folder.fileSystem.removeTree(path) }
    }

    /// The folder in which files are written before they are published.
    public var path: String { "\(folder.history.path)/\(Layout.partialFolder(of: run))" }

    /// Creates an empty file of the run, by name or `FOLDER/name`; it belongs to the run once its
    /// sink is closed.
    ///
    /// Names are made of letters, digits, `.`, `_` and `-`. `SHA256SUMS` and `previous` are
    /// written by `publish`. `timings.json` and `metrics.prom` are covered by no checksum and no
    /// archive.
    ///
    /// - Precondition: the name is of that form and was not given before.
    /// - Throws: `TrueupError.run` where the system refuses.
    public func createFile(_ name: String) throws(TrueupError) -> FileSink {
        precondition(Layout.isFileName(name), "no name for a file of a run: \(name)")
        let parts = name.split(separator: "/")
        if parts.count == 2 { try createSubfolder(String(parts[0])) }
        return try createListed(name, hashing: !Layout.uncovered.contains(name))
    }

    /// Makes a folder below the run's own, once; whoever comes second waits until it is there.
    private func createSubfolder(_ name: String) throws(TrueupError) {
        let path = "\(path)/\(name)"
        try files.withLock { files throws(TrueupError) in
            guard files.folders.insert(name).inserted else { return }
            try attempt("cannot create the folder", path: path) { () throws(SystemError) in
                try folder.fileSystem.createFolder(path)
            }
        }
    }

    /// Publishes the run: from here on `latest` points to it.
    ///
    /// Writes `SHA256SUMS` and the link `previous`, ends the archive with the manifest and the
    /// files, waits until all is on the device, gives run and archive their names, and switches
    /// `latest`. `watch` is asked while the archive is ended and until the first renaming; from
    /// then on the run is published whatever signal comes.
    ///
    /// - Parameters:
    ///   - archive: the run's archive, begun before; nil where there is to be none.
    ///   - manifest: the bytes of the archive's `manifest.json`.
    ///   - watch: tells whether a signal has asked the run to stop.
    /// - Returns: what was published; at most with a warning, where the switch of `latest` could
    ///   not be confirmed to be on the device.
    /// - Throws: `TrueupError.run` where anything fails before the switch, and
    ///   `TrueupError.stopped`; what was made is then removed, and the run before is the latest.
    /// - Precondition: all files are closed, and `publish` is called once.
    @discardableResult
    public func publish(
        archive: RunArchive? = nil, manifest: [UInt8] = [], watch: SignalWatch? = nil
    ) throws(TrueupError) -> PublishedRun {
        let staged = files.withLock { files in
            precondition(files.open.isEmpty, "files were left open: \(files.open.sorted())")
            precondition(!files.ended, "a run is published once")
            files.ended = true
            return files.closed
        }
        do {
            return try Publication(staging: self, archive: archive).run(
                staged, manifest: manifest, watch: watch)
        } catch {
            archive?.abandon()
            rollBack()
            throw error
        }
    }

    /// Creates a file whose closing is waited for and whose checksum is kept.
    func createListed(_ name: String, hashing: Bool) throws(TrueupError) -> FileSink {
        files.withLock { files in
            let isNew = files.closed[name] == nil && files.open.insert(name).inserted
            precondition(isNew, "the run has a file of this name already: \(name)")
        }
        return try FileSink(
            creating: "\(path)/\(name)", hashing: hashing, fileSystem: folder.fileSystem
        ) { [self] digest, bytes in
            files.withLock { files in
                files.open.remove(name)
                files.closed[name] = StagedFile(digest: digest, bytes: bytes)
            }
        }
    }

    /// The files that are written and closed, by name.
    public var closedFiles: [String: StagedFile] { files.withLock { $0.closed } }

    /// The folders below the run's own.
    var subfolders: [String] { files.withLock { $0.folders.sorted() } }

    /// Removes what was made; what cannot be removed is left to the next run.
    private func rollBack() {
        let fileSystem = folder.fileSystem
        try? fileSystem.removeTree(path)
        guard let pending = try? folder.history.pendingRun() else { return }
        try? folder.withdraw(pending)
    }
}

/// A file of a run that is written.
public struct StagedFile: Sendable {
    /// Its checksum; nil for a file that none covers.
    public let digest: SHA256Digest?
    /// Its size.
    public let bytes: Int64
}

/// The files of a run, by name.
private struct StagedFiles {
    var open: Set<String> = []
    var closed: [String: StagedFile] = [:]
    var folders: Set<String> = []
    var ended = false
}

/// A run that was published.
public struct PublishedRun: Sendable {
    /// Its name.
    public let run: RunID
    /// Its folder.
    public let path: String
    /// Its archive; nil where none was made.
    public let archivePath: String?
    /// What could not be made sure after the run was published.
    public var warnings: [Finding]
}
