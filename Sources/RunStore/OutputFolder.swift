import Diagnostics
import Glibc
import Time

/// An output folder, held by this run alone for as long as the object lives.
///
/// Opening it creates the folder where it is missing, takes the lock, and removes what runs left
/// that died before they were published. The system gives the lock back when a process ends in
/// whatever way, so there is no stale lock to clear by hand.
public final class OutputFolder: Sendable {
    /// The published runs.
    public let history: RunHistory
    let fileSystem: FileSystem
    private let lock: CInt

    /// Opens or creates an output folder and holds it.
    ///
    /// The folder above it must exist.
    ///
    /// - Throws: `TrueupError.busy` where another run holds the folder; `TrueupError.run` where
    ///   it is a file, a link to nothing or not writable, or where `latest` is broken.
    public convenience init(path: String) throws(TrueupError) {
        try self.init(path: path, fileSystem: .system)
    }

    init(path: String, fileSystem: FileSystem) throws(TrueupError) {
        let path = RunHistory.withoutTrailingSlashes(path)
        if !FileSystem.exists(path) {
            try attempt("cannot create the output folder", path: path) {
                () throws(SystemError) in
                do throws(SystemError) {
                    try fileSystem.createFolder(path)
                } catch {
                    // Another run may make it at the same moment: the lock tells the two apart.
                    guard error.code == EEXIST else { throw error }
                }
                try fileSystem.synchronize(path: "\(path)/..")
            }
        }
        history = try RunHistory(path: path)
        self.fileSystem = fileSystem
        lock = try OutputFolder.takeLock("\(path)/\(Layout.lock)", fileSystem)
        try checkArchives()
        try removeLeftovers()
        _ = try history.latest()
    }

    deinit { Glibc.close(lock) }

    /// Fails where a run of this as-of would stand before the latest run.
    ///
    /// An equal as-of is no error: the same night's run may be repeated.
    public func checkAsOf(_ asOf: Instant) throws(TrueupError) {
        guard let latest = try history.latest(), asOf.seconds < latest.asOf.seconds else { return }
        throw .run(
            Finding(
                "the as-of lies before that of the latest run",
                at: SourcePosition(file: history.path),
                expected: "\(RunID.stamp(latest.asOf)) or later", found: RunID.stamp(asOf),
                remedy: "give a later --as-of, or another --out for a run over the past"))
    }

    /// The name of the next run, made of these inputs by this definition after the latest run.
    ///
    /// `expected` is the name that a replayed run had. Names that met others in the folder in which
    /// it was made were passed over, and so they are here, where those others are not.
    ///
    /// - Throws: `TrueupError.run` where the as-of lies before that of the latest run.
    public func nextRun(
        asOf: Instant, inputs: SHA256Digest, definition: SHA256Digest, expected: RunID? = nil
    ) throws(TrueupError) -> RunID {
        try checkAsOf(asOf)
        let previous = try history.latest()
        if let expected {
            var passed = 0
            let found = RunID(
                asOf: asOf, inputs: inputs, definition: definition, previous: previous
            ) { candidate in
                passed += 1
                return candidate != expected && passed <= OutputFolder.mostNamesPassed
            }
            if found == expected { return found }
        }
        return RunID(
            asOf: asOf, inputs: inputs, definition: definition, previous: previous,
            isTaken: isTaken)
    }

    /// That a run met more names than these at one as-of can be left out of account.
    private static let mostNamesPassed = 1000

    /// Begins a run's folder, in which its files are then created.
    ///
    /// - Throws: `TrueupError.run` where the as-of lies before that of the latest run, or a run
    ///   or an archive of this name exists: `nextRun` gives a name that is free.
    public func stage(_ run: RunID) throws(TrueupError) -> RunStaging {
        try checkAsOf(run.asOf)
        guard !isTaken(run) else {
            throw .run(
                Finding(
                    "there is a run of this name already",
                    at: SourcePosition(file: history.folder(of: run)),
                    remedy: "run again; each run gets a name of its own"))
        }
        return try RunStaging(run: run, folder: self)
    }

    /// Begins the archive of the next run, beside the work: see `RunArchive`.
    public func beginArchive(
        _ contents: ArchiveContents, asOf: Instant, threads: Int, signingKey: SigningKey? = nil
    ) throws(TrueupError) -> RunArchive {
        let archives = "\(history.path)/\(Layout.archiveFolder)"
        if !FileSystem.isFolder(archives) {
            try attempt("cannot create the folder of archives", path: archives) {
                () throws(SystemError) in try fileSystem.createFolder(archives)
            }
        }
        return RunArchive(
            contents, asOf: asOf, threads: threads, signingKey: signingKey, folder: self)
    }

    /// Removes archives, in this order; the newest archive stays whatever it is, for the next one
    /// is chained to it.
    public func removeArchives(_ runs: [RunID]) throws(TrueupError) {
        let newest = try history.archivedRuns().last
        for run in runs where run != newest {
            // The checksum goes last: without its archive it is no fault of anybody's to remove it.
            for path in [
                history.archivePath(of: run), history.archiveSignaturePath(of: run),
                history.archiveChecksumPath(of: run),
            ] {
                try attempt("cannot remove the archive", path: path) { () throws(SystemError) in
                    try fileSystem.removeTree(path)
                }
            }
        }
    }

    private func isTaken(_ run: RunID) -> Bool {
        FileSystem.exists(history.folder(of: run))
            || FileSystem.exists(history.archivePath(of: run))
    }

    private static func takeLock(
        _ path: String, _ fileSystem: FileSystem
    ) throws(TrueupError) -> CInt {
        let descriptor = try attempt("cannot write to the output folder", path: path) {
            () throws(SystemError) in
            try fileSystem.open(path, O_RDWR | O_CREAT | O_NOFOLLOW, FileSystem.fileMode)
        }
        do throws(TrueupError) {
            try attempt("cannot lock the output folder", path: path) { () throws(SystemError) in
                try fileSystem.setMode(descriptor, FileSystem.fileMode)
            }
            while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
                let error = SystemError.last
                if error.code == EINTR { continue }
                guard error.code == EWOULDBLOCK else {
                    throw .run(
                        error.finding("cannot lock the output folder", path: path))
                }
                throw .busy(
                    Finding(
                        "another run holds the output folder", at: SourcePosition(file: path),
                        remedy: "wait until it ends, or give another --out; "
                            + "fuser '\(path)' shows the process"))
            }
        } catch {
            try? fileSystem.close(descriptor)
            throw error
        }
        return descriptor
    }

    /// Fails where a link or a file stands in the place of the folder of archives: what is removed
    /// and written there would be something else's.
    private func checkArchives() throws(TrueupError) {
        let path = "\(history.path)/\(Layout.archiveFolder)"
        guard FileSystem.exists(path), !FileSystem.isFolder(path) else { return }
        let target = (try? FileSystem.target(ofLink: path)).flatMap { $0 }
        throw .run(
            Finding(
                "the folder of archives is no folder", at: SourcePosition(file: path),
                expected: "a folder of the output folder, or nothing",
                found: target.map { "a symbolic link to \($0)" } ?? "something else",
                remedy: "move it away; the output folder as a whole may be a link"))
    }

    /// Removes what runs left that were never published; only the holder of the lock may.
    private func removeLeftovers() throws(TrueupError) {
        var leftovers = try history.names(in: history.path).filter(Layout.isPartialFolder)
        leftovers += Layout.pendingArchiveFiles.map { "\(Layout.archiveFolder)/\($0)" }
        for name in leftovers {
            let path = "\(history.path)/\(name)"
            try attempt("cannot remove what an unfinished run left", path: path) {
                () throws(SystemError) in try fileSystem.removeTree(path)
            }
        }
        let pending = try history.pendingRun()
        try attempt("cannot remove what an unfinished run left", path: history.path) {
            () throws(SystemError) in try withdraw(pending)
        }
    }

    /// Removes a run that was renamed to its final name but not published, its archive, and at
    /// last the link that tells so.
    ///
    /// The link goes last, so that a withdrawal that is cut short is done again.
    func withdraw(_ run: RunID?) throws(SystemError) {
        if let run {
            try fileSystem.removeTree(history.folder(of: run))
            try fileSystem.removeTree(history.archivePath(of: run))
            try fileSystem.removeTree(history.archiveSignaturePath(of: run))
            try fileSystem.removeTree(history.archiveChecksumPath(of: run))
            try fileSystem.synchronize(path: history.path)
        }
        try fileSystem.removeTree("\(history.path)/\(Layout.pendingLatest)")
    }
}
