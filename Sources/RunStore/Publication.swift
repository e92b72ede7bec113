import Diagnostics
import Glibc

/// The steps that publish a run, in their order.
///
/// The link `.latest.partial` says from the first renaming to the last which run is neither
/// hidden nor published. Renaming it to `latest` publishes the run and withdraws that statement
/// in one step, so there is no moment at which a crash leaves doubt.
struct Publication {
    let staging: RunStaging
    let archive: RunArchive?

    private var fileSystem: FileSystem { staging.folder.fileSystem }
    private var history: RunHistory { staging.folder.history }
    private var pendingLink: String { "\(history.path)/\(Layout.pendingLatest)" }

    func run(
        _ files: [String: StagedFile], manifest: [UInt8], watch: SignalWatch?
    ) throws(TrueupError) -> PublishedRun {
        try linkPrevious()
        try writeChecksums(files)
        let covered = files.keys.filter { !Layout.uncovered.contains($0) } + [Layout.checksums]
        try archive?.end(
            manifest: manifest, outputs: covered, of: staging.path, unless: watch)
        try archive?.writeChecksum(of: staging.run)
        try synchronizeContents(files.keys + [Layout.checksums])
        try watch?.checkStopped()
        try announce()
        try moveIntoPlace()
        try switchLatest()
        return PublishedRun(
            run: staging.run, path: history.folder(of: staging.run),
            archivePath: archive.map { _ in history.archivePath(of: staging.run) },
            warnings: confirm())
    }

    /// Lets the history tell the order of runs with the same as-of.
    private func linkPrevious() throws(TrueupError) {
        guard let latest = try history.latest() else { return }
        let path = "\(staging.path)/\(Layout.previous)"
        try attempt("cannot link to the run before", path: path) { () throws(SystemError) in
            try fileSystem.link("../\(latest)", path)
        }
    }

    private func writeChecksums(_ files: [String: StagedFile]) throws(TrueupError) {
        let digests = files.compactMap { name, file in file.digest.map { (name, $0) } }
        var sink = try staging.createListed(Layout.checksums, hashing: false)
        try sink.write(ChecksumList(digests).text)
        try sink.close()
    }

    /// Files first, then the folders that list them.
    private func synchronizeContents(_ files: [String]) throws(TrueupError) {
        for name in files.sorted() + staging.subfolders {
            try synchronize("\(staging.path)/\(name)")
        }
        try synchronize(staging.path)
        if let archive {
            try synchronize(archive.path)
            for file in archive.companions(of: staging.run) { try synchronize(file.path) }
        }
    }

    private func announce() throws(TrueupError) {
        try attempt("cannot create the link", path: pendingLink) { () throws(SystemError) in
            try fileSystem.link(staging.run.text, pendingLink)
        }
        try synchronize(history.path)
    }

    private func moveIntoPlace() throws(TrueupError) {
        if let archive {
            for file in archive.companions(of: staging.run) {
                try rename(file.path, to: file.final)
            }
            try rename(archive.path, to: history.archivePath(of: staging.run))
            archive.release()
            try synchronize("\(history.path)/\(Layout.archiveFolder)")
        }
        try rename(staging.path, to: history.folder(of: staging.run))
        try synchronize(history.path)
    }

    private func switchLatest() throws(TrueupError) {
        try rename(pendingLink, to: "\(history.path)/\(Layout.latest)")
    }

    /// The switch is done and seen by everybody; only a power cut could still undo it.
    private func confirm() -> [Finding] {
        do {
            try fileSystem.synchronize(path: history.path)
            return []
        } catch {
            var finding = error.finding(
                "the run is published, but the device did not confirm it", path: history.path)
            finding.severity = .warning
            return [finding]
        }
    }

    private func synchronize(_ path: String) throws(TrueupError) {
        try attempt("cannot bring it onto the device", path: path) { () throws(SystemError) in
            try fileSystem.synchronize(path: path)
        }
    }

    private func rename(_ from: String, to: String) throws(TrueupError) {
        try attempt("cannot give it its name", path: to) { () throws(SystemError) in
            try fileSystem.rename(from, to)
        }
    }
}
