import Diagnostics
import JSONText
import Pipeline
import RunStore
import Time

/// What an archive's `manifest.json` says: of what it is the archive, and which came before it.
struct ArchiveManifest: Sendable {
    /// A file by the checksum that it had.
    struct File: Sendable {
        let name: String
        let digest: SHA256Digest
    }

    /// The program that made the archive, as `trueup 1.2.3`.
    let program: String
    let pipeline: String
    let run: RunID
    /// Nil for the first run of its folder.
    let previousRun: RunID?
    /// Nil where there was none.
    let previousArchive: ArchiveReference?
    /// What was removed for its age once the run was published.
    let removedArchives: [ArchiveReference]
    /// The key by which the archive was signed; nil where it was not.
    let signedBy: SHA256Digest?
    let asOf: Instant
    let definition: SHA256Digest
    /// By name, without folder and ending.
    let presets: [File]
    let users: [String]
    let payments: [String]
    /// As the run named them: below the input folder, or `carried/…`.
    let inputs: [File]
    /// What the run before handed on, by its path in the archive.
    let carried: [File]

    /// The latest form that this program reads.
    static let latestFormat = 1

    /// Reads a manifest; `archive` is what messages call it.
    ///
    /// - Throws: `TrueupError.run` where there is none, where it is no manifest, or one of a later
    ///   version.
    init(_ content: ArchiveContent, archive: String) throws(TrueupError) {
        guard let bytes = content.manifest else {
            throw ArchiveManifest.fault("the archive has no manifest.json", archive)
        }
        guard let json = JSONTree(bytes), let format = json["format"]?.integer else {
            throw ArchiveManifest.fault("the archive's manifest.json cannot be read", archive)
        }
        guard format <= ArchiveManifest.latestFormat else {
            throw .run(
                Finding(
                    "the archive is of a later form than this program knows",
                    at: SourcePosition(file: archive),
                    expected: "\(ArchiveManifest.latestFormat) or earlier",
                    found: "\(format), by \(json["program"]?.text ?? "an unknown program")",
                    remedy: "use the program that made it, or a later one"))
        }
        do throws(Missing) {
            self = try ArchiveManifest(json)
        } catch {
            throw ArchiveManifest.fault(
                "the archive's manifest.json does not say '\(error.key)' as a run writes it",
                archive)
        }
    }

    private struct Missing: Error {
        let key: String
    }

    private init(_ json: JSONTree) throws(Missing) {
        func text(_ key: String) throws(Missing) -> String {
            guard let text = json[key]?.text else { throw Missing(key: key) }
            return text
        }
        func texts(_ key: String) throws(Missing) -> [String] {
            guard let values = json[key]?.values else { throw Missing(key: key) }
            let texts = values.compactMap(\.text)
            guard texts.count == values.count else { throw Missing(key: key) }
            return texts
        }
        func optionalRun(_ key: String) throws(Missing) -> RunID? {
            guard let name = json[key]?.text, !name.isEmpty else { return nil }
            guard let run = RunID(name) else { throw Missing(key: key) }
            return run
        }
        func files(_ key: String, named name: String) throws(Missing) -> [File] {
            var files: [File] = []
            for value in json[key]?.values ?? [] {
                guard let name = value[name]?.text, let digest = value["sha256"]?.text,
                    let digest = SHA256Digest(hex: digest)
                else { throw Missing(key: key) }
                files.append(File(name: name, digest: digest))
            }
            return files
        }
        program = try text("program")
        pipeline = try text("pipeline")
        guard let run = RunID(try text("run")) else { throw Missing(key: "run") }
        self.run = run
        previousRun = try optionalRun("previous_run")
        let previousDigest = try text("previous_archive_sha256")
        if previousDigest.isEmpty {
            previousArchive = nil
        } else {
            guard let digest = SHA256Digest(hex: previousDigest),
                let name = try optionalRun("previous_archive")
            else { throw Missing(key: "previous_archive") }
            previousArchive = ArchiveReference(run: name, digest: digest)
        }
        var removed: [ArchiveReference] = []
        for file in try files("removed_archives", named: "run") {
            guard let run = RunID(file.name) else { throw Missing(key: "removed_archives") }
            removed.append(ArchiveReference(run: run, digest: file.digest))
        }
        removedArchives = removed
        if let key = json["signed_by"]?.text {
            guard let digest = SHA256Digest(hex: key) else { throw Missing(key: "signed_by") }
            signedBy = digest
        } else {
            signedBy = nil
        }
        guard case .success(let asOf) = TimeText.instant(try text("as_of"), in: .utc),
            asOf.seconds == run.asOf.seconds
        else { throw Missing(key: "as_of") }
        self.asOf = asOf
        guard let definition = SHA256Digest(hex: try text("definition_sha256")) else {
            throw Missing(key: "definition_sha256")
        }
        self.definition = definition
        presets = try files("presets", named: "name")
        users = try texts("users")
        payments = try texts("payments")
        inputs = try files("inputs", named: "file")
        carried = try files("carried", named: "file")
    }

    private static func fault(_ summary: String, _ archive: String) -> TrueupError {
        .run(
            Finding(
                summary, at: SourcePosition(file: archive),
                remedy: "take the archive from a backup; trueup verify tells which are whole"))
    }

    /// Whether this program made the archive, by its version.
    var isOfThisProgram: Bool { program == "trueup \(ProgramVersion.text)" }
}
