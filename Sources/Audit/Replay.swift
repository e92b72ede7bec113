import Diagnostics
import Pipeline
import RunStore
import Time

/// Makes a run again out of its archive alone, and compares every byte.
///
/// The archive is unpacked into a folder of its own; the run is made by the archived definition and
/// presets over the archived dumps, after what the run before handed on, under the archived as-of and
/// selection. Where it was made leaves no trace in a run, so what differs comes of the program, of
/// the zones' rules, or of somebody who changed the archive.
public struct Replay {
    /// The path of the archive.
    public var archive: String
    /// Where the unpacked archive and the run that is made again stay; nil removes them.
    public var folder: String?
    /// How many threads work at once.
    public var threads = 1
    /// Tells whether a signal has asked to stop.
    public var watch: SignalWatch

    /// Prepares the replay of an archive.
    public init(archive: String, watch: SignalWatch) {
        self.archive = archive
        self.watch = watch
    }

    /// What came of a replay.
    public struct Outcome: Sendable {
        /// What was compared, and every difference, in whole lines.
        public var text: String
        /// What is worth knowing although it is no difference.
        public var notes: [Finding]
        /// What is wrong with the archive itself, and that there are differences; none where every
        /// byte is equal.
        public var faults: [Finding]
    }

    /// Makes the run again.
    ///
    /// - Throws: `TrueupError` where the archive cannot be read, or the run cannot be made again.
    public func run(progress: any ProgressReporting) throws -> Outcome {
        guard (try? FileIdentity(path: archive)) != nil else {
            throw TrueupError.run(
                Finding(
                    "there is no archive of this name", at: SourcePosition(file: archive),
                    expected: "a file such as OUT/archive/20261120T020000Z-abcdef.tar.zst",
                    remedy: "see `trueup runs OUT` for the runs that have an archive"))
        }
        let archived = try ArchivedRun(archive: archive, into: folder, watch: watch)
        let (folder, content, manifest) = (archived.folder, archived.content, archived.manifest)
        var check = ContentCheck(place: archive)
        check.check(content, manifest)
        let report: PublishedRun
        do {
            report = try remake(archived, progress)
        } catch let error as TrueupError {
            if case .stopped = error { throw error }
            // What was changed in the archive may be why.
            return Outcome(
                text: "run \(manifest.run) could not be made again\n",
                notes: archived.notes,
                faults: check.faults + error.findings)
        }
        var comparison = try compare(content, report, in: folder)
        let remade = try compareManifests(&comparison, report, in: folder)
        var outcome = Outcome(
            text: "", notes: archived.notes, faults: check.faults)
        outcome.text = text(manifest, comparison, isPackedAlike: try isPackedAlike(remade))
        if !comparison.differences.isEmpty {
            outcome.faults.append(
                Finding(
                    "the run that was made again differs from its archive in "
                        + "\(comparison.differences.count) of "
                        + count(comparison.files, "file"),
                    at: SourcePosition(file: archive),
                    remedy: manifest.isOfThisProgram
                        ? "look for who changed the archive, with `trueup verify`"
                        : "make it again with \(manifest.program)"))
        }
        return outcome
    }

    private func remake(
        _ archived: ArchivedRun, _ progress: any ProgressReporting
    ) throws -> PublishedRun {
        let manifest = archived.manifest
        var request = try archived.request(
            archived.definition(), threads: threads, watch: watch)
        request.replayed = ReplayedRun(
            run: manifest.run, previousArchive: manifest.previousArchive,
            removedArchives: manifest.removedArchives, signedBy: manifest.signedBy,
            dependencies: archived.dependencies)
        let outcome = try Pipeline(request, progress: progress).run()
        guard let published = outcome.published else {
            preconditionFailure("only a dry run publishes nothing")
        }
        return published
    }

    private func compare(
        _ content: ArchiveContent, _ published: PublishedRun, in folder: ReplayFolder
    ) throws -> Comparison {
        let outputs = content.files.filter { $0.name.hasPrefix("outputs/") }
        let history = try RunHistory(path: folder.output)
        let remade = try history.entries(of: published.run).filter { $0.kind == .file }
            .map(\.name).filter { RunHistory.isCovered($0) || $0 == RunHistory.checksumsName }
        return try Comparison(
            outputs.map { $0.renamed(String($0.name.dropFirst("outputs/".count))) },
            in: folder.archivedRun, with: Set(remade), in: published.path
        ) { try watch.checkStopped() }
    }

    /// Compares what both archives say of themselves; gives the path of the new one.
    private func compareManifests(
        _ comparison: inout Comparison, _ published: PublishedRun, in folder: ReplayFolder
    ) throws -> String {
        guard let path = published.archivePath else {
            preconditionFailure("a replay makes an archive")
        }
        let remade = try ArchiveContent(path: path)
        let manifest = "\(folder.path)/manifest.json"
        try ReplayFolder.write(remade.manifest ?? [], to: manifest)
        try comparison.compareManifests("\(folder.unpacked)/manifest.json", manifest)
        return path
    }

    private func isPackedAlike(_ remade: String) throws -> Bool {
        try FileDifference(archive, remade) == nil
    }

    private func text(
        _ manifest: ArchiveManifest, _ comparison: Comparison, isPackedAlike: Bool
    ) -> String {
        var text = "run \(manifest.run) of \(manifest.pipeline), "
        text += "as of \(TimeText.text(manifest.asOf))\n"
        let differing = comparison.differences.count
        guard differing > 0 else {
            text += "Made again from the archive alone: \(count(comparison.files, "file")), "
            text += "\(comparison.bytes) bytes, all equal.\n"
            text +=
                isPackedAlike
                ? "The archive itself is the same to the byte, too.\n"
                : "The archive holds the same, and is packed otherwise.\n"
            return text + place
        }
        text += "Made again from the archive alone: \(differing) of "
        text += "\(count(comparison.files, "file")) differ.\n"
        for difference in comparison.differences {
            text += "\n\(Finding.printable(difference.file))\n"
            for line in difference.lines { text += "  \(line)\n" }
        }
        return text + (place.isEmpty ? "" : "\n") + place
    }

    /// Where both are, where they stay.
    private var place: String {
        folder.map { "Both are in \(Finding.printable($0)): unpacked/ and out/.\n" } ?? ""
    }
}
