import Diagnostics
import Glibc
import Time

/// An archive, by the run that it is of and by its bytes.
public struct ArchiveReference: Hashable, Sendable {
    /// The run.
    public var run: RunID
    /// The checksum of the archive.
    public var digest: SHA256Digest

    /// Names an archive.
    public init(run: RunID, digest: SHA256Digest) {
        self.run = run
        self.digest = digest
    }
}

/// The published runs of an output folder, for reading; nothing is locked or changed.
///
/// A run is published once `latest` has pointed to it. A run whose publication was cut short is
/// not listed, even while its folder still waits to be removed.
public struct RunHistory: Sendable {
    /// The path of the output folder, as the user named it, without a slash at its end.
    public let path: String

    /// Looks at an existing output folder.
    ///
    /// - Throws: `TrueupError.run` where there is no such folder.
    public init(path: String) throws(TrueupError) {
        self.path = RunHistory.withoutTrailingSlashes(path)
        try RunHistory.checkFolder(self.path)
    }

    /// The folder of a run, published or not.
    public func folder(of run: RunID) -> String { "\(path)/\(run)" }

    /// The names in a folder of a run, sorted by their bytes; empty where it has no such folder.
    public func files(in subfolder: String, of run: RunID) throws(TrueupError) -> [String] {
        let path = "\(folder(of: run))/\(subfolder)"
        return FileSystem.isFolder(path) ? try names(in: path) : []
    }

    /// The path of a run's archive, whether it exists or not.
    public func archivePath(of run: RunID) -> String {
        "\(path)/\(Layout.archiveFolder)/\(run)\(Layout.archiveSuffix)"
    }

    /// The path of the file that holds an archive's checksum, whether it exists or not.
    public func archiveChecksumPath(of run: RunID) -> String {
        archivePath(of: run) + Layout.archiveChecksumSuffix
    }

    /// The path of the file that holds an archive's signature, whether it exists or not.
    public func archiveSignaturePath(of run: RunID) -> String {
        archiveChecksumPath(of: run) + Layout.signatureSuffix
    }

    /// The latest published run; nil where there is none yet.
    ///
    /// - Throws: `TrueupError.run` where `latest` is missing although there are runs, is no link,
    ///   points to nothing, or points out of the folder.
    public func latest() throws(TrueupError) -> RunID? {
        let link = "\(path)/\(Layout.latest)"
        let position = SourcePosition(file: link)
        guard FileSystem.exists(link) else {
            guard let newest = try runs().last else { return nil }
            throw .run(
                Finding(
                    "the link to the latest run is missing, although there are runs",
                    at: position, expected: "a link to the run published last",
                    remedy: "ln -s \(newest) '\(link)' after making sure that it is the latest"))
        }
        let target = try attempt("'latest' is no symbolic link", path: link) {
            () throws(SystemError) in try FileSystem.target(ofLink: link)
        }
        guard let target, let run = RunID(target) else {
            throw .run(
                Finding(
                    "'latest' points to something that is no run of this folder", at: position,
                    expected: "the name of a run, such as 20261120T020000Z-abcdef",
                    found: target, remedy: "point it to the run published last: ln -sfn RUN-ID"))
        }
        guard FileSystem.isFolder(folder(of: run)) else {
            throw .run(
                Finding(
                    "'latest' points to a run that is not there", at: position, found: target,
                    remedy: "restore that run's folder, or point 'latest' to the run before it"))
        }
        return run
    }

    /// A published run, by its name or as the latest one.
    ///
    /// - Throws: `TrueupError.run` where there is none, or none of that name.
    public func existing(_ run: RunID?) throws(TrueupError) -> RunID {
        let runs = try runs()
        guard let run else {
            guard let latest = try latest() else {
                throw .run(
                    Finding(
                        "there is no run yet", at: SourcePosition(file: path),
                        remedy: "publish one with `trueup run`"))
            }
            return latest
        }
        guard runs.contains(run) else {
            let newest = runs.suffix(5).reversed().map(\.text).joined(separator: ", ")
            throw .run(
                Finding(
                    "there is no such run", at: SourcePosition(file: path),
                    expected: newest.isEmpty
                        ? "a run, of which there is none" : "such as \(newest)",
                    found: run.text, remedy: "name a run of this folder"))
        }
        return run
    }

    /// The published runs, oldest first: by as-of, and with equal as-of in the order in which
    /// they were published.
    public func runs() throws(TrueupError) -> [RunID] {
        let pending = try pendingRun()
        let runs = try names(in: path).compactMap { RunID($0) }
            .filter { $0 != pending && FileSystem.isFolder(folder(of: $0)) }
        let ranks = try ranks(of: runs)
        return sorted(runs, by: ranks)
    }

    /// The runs that have an archive, oldest first; runs whose folder was removed included.
    public func archivedRuns() throws(TrueupError) -> [RunID] {
        let folder = "\(path)/\(Layout.archiveFolder)"
        guard FileSystem.isFolder(folder) else { return [] }
        let pending = try pendingRun()
        let runs = try names(in: folder).filter { $0.hasSuffix(Layout.archiveSuffix) }
            .compactMap { RunID($0.dropLast(Layout.archiveSuffix.count)) }
            .filter { $0 != pending }
        return sorted(runs, by: try ranks(of: self.runs()))
    }

    /// The newest archive with its checksum, read from the file; nil where there is none.
    ///
    /// A run's manifest holds it, so that archives form a chain.
    public func latestArchive() throws(TrueupError) -> ArchiveReference? {
        try archivedRuns().last.map { run throws(TrueupError) in try reference(to: run) }
    }

    /// The archives of runs whose as-of lies before a moment, oldest first.
    public func archives(before moment: Instant) throws(TrueupError) -> [ArchiveReference] {
        var old: [ArchiveReference] = []
        for run in try archivedRuns() where run.asOf < moment {
            old.append(try reference(to: run))
        }
        return old
    }

    /// The runs whose as-of lies before a moment and of whose archive only the checksum or the
    /// signature is left, since removing it was cut short.
    public func archiveRemains(before moment: Instant) throws(TrueupError) -> [RunID] {
        let remains = Set(
            try archiveEntries().compactMap { entry in
                RunHistory.run(ofArchiveChecksumNamed: entry.name)
                    ?? RunHistory.run(ofArchiveSignatureNamed: entry.name)
            })
        return remains.subtracting(try archivedRuns()).filter { $0.asOf < moment }
            .sorted { $0.text < $1.text }
    }

    private func reference(to run: RunID) throws(TrueupError) -> ArchiveReference {
        ArchiveReference(run: run, digest: try HashedFile(path: archivePath(of: run)).digest)
    }

    /// The run before a run, by the link in its folder; nil for the first.
    public func previous(of run: RunID) throws(TrueupError) -> RunID? {
        let link = "\(folder(of: run))/\(Layout.previous)"
        guard FileSystem.exists(link) else { return nil }
        let target = try attempt("cannot read the link to the run before", path: link) {
            () throws(SystemError) in try FileSystem.target(ofLink: link)
        }
        guard let target, target.hasPrefix("../"), let run = RunID(target.dropFirst(3)) else {
            throw .run(
                Finding(
                    "the link to the run before points elsewhere", at: SourcePosition(file: link),
                    expected: "../RUN-ID", found: target))
        }
        return run
    }

    /// The run whose publication has begun and not ended; nil as a rule.
    func pendingRun() throws(TrueupError) -> RunID? {
        let link = "\(path)/\(Layout.pendingLatest)"
        return try attempt("cannot read the link", path: link) {
            () throws(SystemError) in try FileSystem.target(ofLink: link)
        }.flatMap { RunID($0) }
    }

    /// The names in a folder of the store, sorted by their bytes.
    func names(in folder: String) throws(TrueupError) -> [String] {
        try attempt("cannot list the folder", path: folder) { () throws(SystemError) in
            try FileSystem.names(in: folder)
        }
    }

    /// How many of the runs with the same as-of came before each run.
    private func ranks(of runs: [RunID]) throws(TrueupError) -> [RunID: Int] {
        var previous: [RunID: RunID] = [:]
        for run in runs {
            guard let before = try self.previous(of: run), before.asOf == run.asOf else { continue }
            previous[run] = before
        }
        var ranks: [RunID: Int] = [:]
        for run in runs {
            var rank = 0
            var step = run
            // Links that a hand has bent into a circle end the count, not the program.
            while let before = previous[step], rank <= runs.count {
                rank += 1
                step = before
            }
            ranks[run] = rank
        }
        return ranks
    }

    private func sorted(_ runs: [RunID], by ranks: [RunID: Int]) -> [RunID] {
        runs.sorted {
            ($0.asOf, ranks[$0] ?? -1, $0.text) < ($1.asOf, ranks[$1] ?? -1, $1.text)
        }
    }

    static func withoutTrailingSlashes(_ path: String) -> String {
        var path = path[...]
        while path.count > 1, path.hasSuffix("/") { path = path.dropLast() }
        return String(path)
    }

    /// Fails, with what stands there instead, unless the path leads to a folder.
    static func checkFolder(_ path: String) throws(TrueupError) {
        var status = stat()
        if stat(path, &status) == 0 {
            guard status.st_mode & S_IFMT == S_IFDIR else {
                throw .run(
                    Finding(
                        "the output folder is no folder", at: SourcePosition(file: path),
                        found: "a file", remedy: "give the path of a folder"))
            }
            return
        }
        let error = SystemError.last
        if error.code == ENOENT, FileSystem.exists(path) {
            throw .run(
                Finding(
                    "the output folder is a symbolic link to nothing",
                    at: SourcePosition(file: path),
                    found: (try? FileSystem.target(ofLink: path)).flatMap { $0 },
                    remedy: "make the folder that it points to, or remove the link"))
        }
        throw .run(error.finding("cannot open the output folder", path: path))
    }
}
