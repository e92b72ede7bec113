import Definition
import Diagnostics
import JSONText
import Pipeline
import RunStore
import Time

/// An archive that was unpacked, so that its run can be made again.
struct ArchivedRun {
    /// The path of the archive.
    let archive: String
    let folder: ReplayFolder
    let content: ArchiveContent
    let manifest: ArchiveManifest

    /// Unpacks an archive; `path` is the folder for it, nil a temporary one.
    init(archive: String, into path: String?, watch: SignalWatch) throws(TrueupError) {
        self.archive = archive
        folder = try ReplayFolder(path: path)
        content = try ArchiveContent(path: archive, unpackingInto: folder.unpacked) {
            () throws(TrueupError) in try watch.checkStopped()
        }
        manifest = try ArchiveManifest(content, archive: archive)
    }

    /// What makes the run again by a definition: with the archived dumps, after what the run before
    /// handed on, and by the archived as-of and selection.
    func request(
        _ definition: PipelineDefinition, threads: Int, watch: SignalWatch
    ) throws -> RunRequest {
        if let previous = manifest.previousRun {
            try folder.handOn(
                content.files.filter { $0.name.hasPrefix("carried/") }, from: previous)
        }
        var request = RunRequest(
            definition: definition, inputFolder: "\(folder.unpacked)/inputs",
            outputFolder: folder.output, asOf: manifest.asOf, watch: watch)
        request.users = manifest.users
        request.payments = manifest.payments
        request.threads = threads
        return request
    }

    /// The definition by which the run was made.
    func definition() throws -> PipelineDefinition {
        let path = "definition/\(manifest.pipeline).yaml"
        guard content.files.contains(where: { $0.name == path }) else {
            throw TrueupError.run(
                Finding(
                    "the archive has no definition", at: SourcePosition(file: archive),
                    expected: path, remedy: "take the archive from a backup"))
        }
        return try PipelineDefinition.load(
            path: "\(folder.unpacked)/\(path)", isKnownZone: Zone.isKnown)
    }

    /// What the archived run rested on; nothing where its `run.json` does not tell.
    var dependencies: [Dependency] {
        let path = "\(folder.archivedRun)/run.json"
        let bytes = try? RunHistory.bytes(of: path, limit: 64 << 20)
        let members = bytes.flatMap { JSONTree($0) }?["dependencies"]?.members ?? []
        return members.compactMap { name, version in
            version.text.map { Dependency(name: name, version: $0) }
        }
    }

    /// Warnings where another program made the archive, or one that rested on other libraries or
    /// tables of zones.
    var notes: [Finding] {
        var notes: [Finding] = []
        if !manifest.isOfThisProgram {
            notes.append(
                Finding(
                    "the archive was made by \(manifest.program), and this is trueup "
                        + "\(ProgramVersion.text): what differs may come of that",
                    severity: .warning, at: SourcePosition(file: archive),
                    remedy: "for a replay to the byte use \(manifest.program)"))
        }
        let here = Set(Dependency.all)
        let others = dependencies.filter { !here.contains($0) }
        guard !others.isEmpty else { return notes }
        let words = others.map { other in
            let version = here.first { $0.name == other.name }?.version ?? "none"
            return Finding.printable("\(other.name) \(other.version), here \(version)")
        }
        notes.append(
            Finding(
                "the archive was made with other versions of what the program rests on: what "
                    + "differs may come of that",
                severity: .warning, at: SourcePosition(file: archive),
                found: words.joined(separator: "; ")))
        return notes
    }
}
