import Definition
import Diagnostics
import JSONText
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
        let folder = try ReplayFolder(path: folder)
        let content = try ArchiveContent(path: archive, unpackingInto: folder.unpacked) {
            () throws(TrueupError) in try watch.checkStopped()
        }
        let manifest = try ArchiveManifest(content, archive: archive)
        var check = ContentCheck(place: archive)
        check.check(content, manifest)
        let report: PublishedRun
        do {
            report = try remake(manifest, content, in: folder, progress)
        } catch let error as TrueupError {
            if case .stopped = error { throw error }
            // What was changed in the archive may be why.
            return Outcome(
                text: "run \(manifest.run) could not be made again\n",
                notes: notes(manifest, in: folder),
                faults: check.faults + error.findings)
        }
        var comparison = try compare(content, report, in: folder)
        let remade = try compareManifests(&comparison, report, in: folder)
        var outcome = Outcome(
            text: "", notes: notes(manifest, in: folder), faults: check.faults)
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
        _ manifest: ArchiveManifest, _ content: ArchiveContent, in folder: ReplayFolder,
        _ progress: any ProgressReporting
    ) throws -> PublishedRun {
        let path = "definition/\(manifest.pipeline).yaml"
        guard content.files.contains(where: { $0.name == path }) else {
            throw TrueupError.run(
                Finding(
                    "the archive has no definition", at: SourcePosition(file: archive),
                    expected: path, remedy: "take the archive from a backup"))
        }
        if let previous = manifest.previousRun {
            try folder.handOn(
                content.files.filter { $0.name.hasPrefix("carried/") }, from: previous)
        }
        let definition = try PipelineDefinition.load(
            path: "\(folder.unpacked)/\(path)", isKnownZone: Zone.isKnown)
        var request = RunRequest(
            definition: definition, inputFolder: "\(folder.unpacked)/inputs",
            outputFolder: folder.output, asOf: manifest.asOf, watch: watch)
        request.users = manifest.users
        request.payments = manifest.payments
        request.threads = threads
        request.replayed = ReplayedRun(
            run: manifest.run, previousArchive: manifest.previousArchive,
            removedArchives: manifest.removedArchives, signedBy: manifest.signedBy,
            dependencies: dependencies(in: folder))
        let outcome = try Pipeline(request, progress: progress).run()
        guard let published = outcome.published else {
            preconditionFailure("only a dry run publishes nothing")
        }
        return published
    }

    /// What the archived run rested on; nothing where its `run.json` does not tell.
    private func dependencies(in folder: ReplayFolder) -> [Dependency] {
        let path = "\(folder.unpacked)/outputs/run.json"
        let bytes = try? RunHistory.bytes(of: path, limit: 64 << 20)
        let members = bytes.flatMap { JSONTree($0) }?["dependencies"]?.members ?? []
        return members.compactMap { name, version in
            version.text.map { Dependency(name: name, version: $0) }
        }
    }

    /// A warning where the archived run rested on other libraries or tables of zones than this one.
    private func noteDependencies(_ archived: [Dependency]) -> Finding? {
        let here = Set(Dependency.all)
        let others = archived.filter { !here.contains($0) }
        guard !others.isEmpty else { return nil }
        let words = others.map { other in
            let version = here.first { $0.name == other.name }?.version ?? "none"
            return Finding.printable("\(other.name) \(other.version), here \(version)")
        }
        return Finding(
            "the archive was made with other versions of what the program rests on: what differs "
                + "may come of that",
            severity: .warning, at: SourcePosition(file: archive),
            found: words.joined(separator: "; "))
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
            in: "\(folder.unpacked)/outputs", with: Set(remade), in: published.path
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

    private func notes(_ manifest: ArchiveManifest, in folder: ReplayFolder) -> [Finding] {
        var notes: [Finding] = []
        if !manifest.isOfThisProgram {
            notes.append(
                Finding(
                    "the archive was made by \(manifest.program), and this is trueup "
                        + "\(ProgramVersion.text): what differs may come of that",
                    severity: .warning, at: SourcePosition(file: archive),
                    remedy: "for a replay to the byte use \(manifest.program)"))
        }
        if let note = noteDependencies(dependencies(in: folder)) { notes.append(note) }
        return notes
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
