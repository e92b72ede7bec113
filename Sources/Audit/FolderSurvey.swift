import Diagnostics
import JSONText
import RunStore

/// Everything in an output folder, looked at once.
struct FolderSurvey {
    private(set) var runs: [RunID] = []
    private(set) var links: [ArchiveChain.Link] = []
    private(set) var faults: [Finding] = []
    /// What is told of a run and of its archive.
    private(set) var rows: [(run: RunID, folder: String, archive: String)] = []

    private let history: RunHistory
    private let keys: [VerifyingKey]
    /// The runs that were published with an archive, by their own word or by their archive's checksum.
    private var expected: Set<RunID> = []
    /// What each run says was before it.
    private var previous: [RunID] = []
    /// Each run's list of checksums.
    private var lists: [RunID: SHA256Digest] = [:]
    private var counts: [RunID: Int] = [:]
    private var archives: [RunID: ArchiveCheck] = [:]

    init(
        _ history: RunHistory, _ keys: [VerifyingKey],
        _ checkStopped: () throws(TrueupError) -> Void
    ) throws(TrueupError) {
        self.history = history
        self.keys = keys
        do throws(TrueupError) { _ = try history.latest() } catch { faults += error.findings }
        runs = try history.runs()
        for run in runs { try look(at: run, checkStopped) }
        try lookAtArchives(checkStopped)
        let chain = ArchiveChain(
            links: links, published: runs, expected: expected, path: history.archivePath)
        faults += chain.faults() + chain.lostRuns(previous)
        if !keys.isEmpty {
            let states = links.compactMap { link in
                archives[link.run].map { (link.run, $0.signature) }
            }
            faults += SignatureCheck.unsigned(among: states, path: history.archivePath)
        }
        tell(chain)
    }

    private mutating func look(
        at run: RunID, _ checkStopped: () throws(TrueupError) -> Void
    ) throws(TrueupError) {
        let folder = history.folder(of: run)
        var check = ContentCheck(place: folder)
        let (count, list) = try check.check(run, in: history, checkStopped: checkStopped)
        faults += check.faults
        lists[run] = list
        counts[run] = count
        // A run that is no longer whole has been told of.
        guard let bytes = try? RunHistory.bytes(of: "\(folder)/run.json", limit: 64 << 20),
            let document = JSONTree(bytes)
        else { return }
        if let name = document["run"]?.text, name != run.text {
            faults.append(
                Finding(
                    "the folder does not hold the run whose name it bears",
                    at: SourcePosition(file: folder), expected: run.text, found: name,
                    remedy: "give it its own name again, or restore it from its archive"))
        }
        if document["parameters"]?["archive"] == .bool(true) { expected.insert(run) }
        if let before = document["previous_run"]?.text.flatMap({ RunID($0) }) {
            previous.append(before)
        }
    }

    private mutating func lookAtArchives(
        _ checkStopped: () throws(TrueupError) -> Void
    ) throws(TrueupError) {
        let archived = try history.archivedRuns()
        for entry in try history.archiveEntries() {
            let run =
                RunHistory.run(ofArchiveChecksumNamed: entry.name)
                ?? RunHistory.run(ofArchiveSignatureNamed: entry.name)
            if entry.kind == .file, let run {
                expected.insert(run)
            } else if entry.kind != .file || RunHistory.run(ofArchiveNamed: entry.name) == nil {
                faults.append(
                    Finding(
                        "something that is no archive has been added to the archives",
                        at: SourcePosition(file: "\(history.path)/archive/\(entry.name)"),
                        remedy: "move it away"))
            }
        }
        for run in archived {
            let path = history.archivePath(of: run)
            let name = String(path.dropFirst(history.path.utf8.count + "/archive/".utf8.count))
            // What is no plain file has been told of.
            guard (try? FileIdentity(path: path)) != nil else { continue }
            let check: ArchiveCheck
            do throws(TrueupError) {
                check = try ArchiveCheck(
                    path: path, name: name, run: run, needsChecksum: true, keys: keys,
                    checkStopped)
            } catch {
                if case .stopped = error { throw error }
                // A run may have removed it at this moment, for its age.
                if (try? FileIdentity(path: path)) != nil { faults += error.findings }
                continue
            }
            faults += check.faults
            links.append(
                ArchiveChain.Link(run: run, digest: check.digest, manifest: check.manifest))
            archives[run] = check
            if let before = check.manifest?.previousRun { previous.append(before) }
            // The run's folder may have been written anew as a whole, with its checksums.
            if let ours = lists[run], let theirs = check.list, ours != theirs {
                faults.append(
                    Finding(
                        "the run's folder and its archive do not hold the same files",
                        at: SourcePosition(file: history.folder(of: run)), expected: theirs.hex,
                        found: ours.hex, remedy: "compare the folder with what the archive holds"))
            }
        }
    }

    private mutating func tell(_ chain: ArchiveChain) {
        let others = links.map(\.run).filter { counts[$0] == nil }
        let order = (runs + others).enumerated().sorted {
            ($0.element.asOf, $0.offset) < ($1.element.asOf, $1.offset)
        }
        for run in order.map(\.element) {
            let folder = counts[run].map { count($0, "file") } ?? "no folder"
            let archive =
                archives[run].map {
                    "archive of \(count($0.files, "file"))\($0.signature.words)"
                }
                ?? (expected.contains(run)
                    ? chain.isRemovedByAge(run)
                        ? "archive removed for its age" : "archive missing"
                    : "no archive")
            rows.append((run, folder, archive))
        }
    }
}
