import Diagnostics
import JSONText
import Reporting
import RunStore

/// Holds runs and archives against their checksums, and the archives of a folder against each other.
public struct Verification: Sendable {
    /// What was looked at, in whole lines.
    public private(set) var text = ""
    /// Everything that is wrong, in the order of the runs; none where all is as it was published.
    public private(set) var faults: [Finding] = []

    private let keys: [VerifyingKey]

    /// Verifies an output folder, or one archive, and where there are public keys that each archive
    /// is signed by one of them.
    ///
    /// `checkStopped` is asked between files, and throws where somebody asks to stop.
    ///
    /// - Throws: `TrueupError.run` where there is nothing of that name, or nothing to verify.
    public init(
        path: String, keys: [VerifyingKey] = [], checkStopped: () throws(TrueupError) -> Void
    ) throws(TrueupError) {
        self.keys = keys
        if (try? FileIdentity(path: path)) != nil {
            try verify(archive: path, checkStopped)
        } else {
            try verify(folder: path, checkStopped)
        }
    }

    private mutating func verify(
        archive path: String, _ checkStopped: () throws(TrueupError) -> Void
    ) throws(TrueupError) {
        let name = String(
            path[(path.lastIndex(of: "/").map(path.index(after:)) ?? path.startIndex)...])
        let check = try ArchiveCheck(
            path: path, name: name, run: RunHistory.run(ofArchiveNamed: name),
            needsChecksum: false, keys: keys, checkStopped)
        faults = check.faults
        if !keys.isEmpty, check.signature == .unsigned {
            faults.append(SignatureCheck.missing(archive: path))
        }
        let run = check.manifest.map { " of run \($0.run), by \($0.program)" } ?? ""
        text = "\(Finding.printable(path)): an archive\(run), \(files(check.files))"
        text += "\(check.signature.words)\n"
        if let before = check.manifest?.previousArchive {
            text +=
                "The archive before it is that of \(before.run), of which it holds the checksum "
            text += "\(before.digest)\n"
        }
        text += verdict
    }

    private mutating func verify(
        folder path: String, _ checkStopped: () throws(TrueupError) -> Void
    ) throws(TrueupError) {
        let history = try RunHistory(path: path)
        let survey = try Verification.survey(history, keys, checkStopped)
        faults = survey.faults
        guard !survey.runs.isEmpty || !survey.links.isEmpty || !faults.isEmpty else {
            throw .run(
                Finding(
                    "there is neither a run nor an archive to verify",
                    at: SourcePosition(file: path),
                    remedy: "name a folder in which runs are published, or an archive"))
        }
        let rows = survey.rows
        text = "\(Finding.printable(path)): \(count(survey.runs.count, "run")), "
        text += "\(count(survey.links.count, "archive"))\n"
        for row in rows { text += "  \(row.run)  \(row.folder)  \(row.archive)\n" }
        text += verdict
    }

    /// Looks at a folder in which nothing is published meanwhile: a run holds nobody up by verifying,
    /// and nobody who verifies holds up a run.
    private static func survey(
        _ history: RunHistory, _ keys: [VerifyingKey],
        _ checkStopped: () throws(TrueupError) -> Void
    ) throws(TrueupError) -> FolderSurvey {
        var latest = try? history.latest()
        var survey = try FolderSurvey(history, keys, checkStopped)
        for _ in 0..<attempts where !survey.faults.isEmpty {
            let newest = try? history.latest()
            guard newest != latest else { break }
            latest = newest
            survey = try FolderSurvey(history, keys, checkStopped)
        }
        return survey
    }

    /// How often a folder is looked at again because a run was published meanwhile.
    private static let attempts = 5

    private var verdict: String {
        faults.isEmpty
            ? "Everything is as it was published.\n"
            : "\(count(faults.count, "fault")): not everything is as it was published.\n"
    }
}

/// A count with its word, in the singular or the plural.
func count(_ count: Int, _ word: String) -> String { "\(count) \(word)\(count == 1 ? "" : "s")" }

private func files(_ number: Int) -> String { count(number, "file") }

/// One archive, held against what it says of itself.
struct ArchiveCheck {
    private(set) var faults: [Finding] = []
    private(set) var manifest: ArchiveManifest?
    private(set) var digest: SHA256Digest
    private(set) var files = 0
    private(set) var signature = SignatureCheck.State.unsigned
    /// The checksum of the list of the outputs' checksums.
    private(set) var list: SHA256Digest?

    /// Reads an archive.
    ///
    /// `name` is the file's, by which its checksum names it; `run` the one whose archive it is by that
    /// name, nil for a name of somebody else's; `needsChecksum` says whether the file with its checksum
    /// must stand beside it; `keys` are those of which one must have signed it, where it is signed.
    ///
    /// - Throws: where the file cannot be read at all, and what `checkStopped` throws.
    init(
        path: String, name: String, run: RunID?, needsChecksum: Bool, keys: [VerifyingKey],
        _ checkStopped: () throws(TrueupError) -> Void
    ) throws(TrueupError) {
        try checkStopped()
        digest = try HashedFile(path: path).digest
        checkChecksum(path + ".sha256", name: name, isNeeded: needsChecksum)
        do throws(TrueupError) {
            let content = try ArchiveContent(path: path, checkStopped: checkStopped)
            files = content.files.count
            list = content.checksums.map { $0.withUnsafeBytes { SHA256Digest(of: $0) } }
            let manifest = try ArchiveManifest(content, archive: path)
            self.manifest = manifest
            if let run, run != manifest.run {
                faults.append(
                    Finding(
                        "the archive is not that of the run whose name it bears",
                        at: SourcePosition(file: path), expected: run.text,
                        found: manifest.run.text,
                        remedy: "give it its own name again, or restore both from a backup"))
            }
            var check = ContentCheck(place: path)
            check.check(content, manifest)
            faults += check.faults
            let signature = try SignatureCheck(
                archive: path, manifest, digest: digest, keys: keys)
            faults += signature.faults
            self.signature = signature.state
        } catch {
            if case .stopped = error { throw error }
            faults += error.findings
        }
    }

    private mutating func checkChecksum(_ path: String, name: String, isNeeded: Bool) {
        guard (try? FileIdentity(path: path)) != nil else {
            guard isNeeded else { return }
            faults.append(
                Finding(
                    "the archive's checksum is missing", at: SourcePosition(file: path),
                    expected: digest.hex, remedy: "restore it from a backup"))
            return
        }
        let text = try? RunHistory.bytes(of: path, limit: 1 << 16)
        let recorded = text.flatMap { ChecksumList(reading: $0) }?.files
        guard let recorded, recorded.count == 1, recorded[0].name == name else {
            faults.append(
                Finding(
                    "the archive's checksum cannot be read, or is that of another file",
                    at: SourcePosition(file: path), expected: "\(digest.hex)  \(name)",
                    remedy: "restore it from a backup"))
            return
        }
        guard recorded[0].digest != digest else { return }
        faults.append(
            Finding(
                "the archive has been changed, or its checksum", at: SourcePosition(file: path),
                expected: recorded[0].digest.hex, found: digest.hex,
                remedy: "restore it from a backup"))
    }
}
