import Diagnostics
import RunStore

/// The archives of an output folder, each of which holds the checksum of the one before it.
///
/// An archive belongs to the chain where its run is published in the folder, or where one that
/// belongs to it names it as the one before. Which archives retention removed stands in the manifest
/// of the run that removed them; as it removes from the beginning, whatever is older is gone too, and
/// the manifest that says so is newer than every archive that is left.
struct ArchiveChain {
    /// An archive as it was found.
    struct Link {
        /// The run by which the file is named.
        let run: RunID
        let digest: SHA256Digest
        /// Nil where it could not be read.
        let manifest: ArchiveManifest?
    }

    /// In the order of the runs.
    let links: [Link]
    /// The runs of the folder.
    let published: [RunID]
    /// The runs that say that they were published with an archive.
    let expected: Set<RunID>
    /// The path of a run's archive.
    let path: (RunID) -> String

    private let byRun: [RunID: Link]
    private let byDigest: [SHA256Digest: Link]
    private let belonging: Set<RunID>
    /// What retention removed, as the manifests of the chain's own archives say.
    private let removedByAge: Set<RunID>
    private let newestRemoved: RunID?

    init(
        links: [Link], published: [RunID], expected: Set<RunID>,
        path: @escaping (RunID) -> String
    ) {
        self.links = links
        self.published = published
        self.expected = expected
        self.path = path
        let byRun = Dictionary(links.map { ($0.run, $0) }) { first, _ in first }
        let byDigest = Dictionary(links.map { ($0.digest, $0) }) { first, _ in first }
        let belonging = ArchiveChain.belonging(links, published, byRun, byDigest)
        let manifests = links.filter { belonging.contains($0.run) }.compactMap(\.manifest)
        self.byRun = byRun
        self.byDigest = byDigest
        self.belonging = belonging
        removedByAge = Set(manifests.flatMap { $0.removedArchives.map(\.run) })
        newestRemoved = removedByAge.max { $0.asOf < $1.asOf }
    }

    /// Everything that is wrong with the chain, in the order of the runs.
    func faults() -> [Finding] {
        var faults: [(run: RunID, finding: Finding)] = []
        var missing = expected.filter { byRun[$0] == nil && !isRemovedByAge($0) }
        var followers: [SHA256Digest: RunID] = [:]
        for (place, link) in links.enumerated() {
            guard belonging.contains(link.run) else {
                faults.append((link.run, added(link)))
                continue
            }
            guard let manifest = link.manifest else { continue }
            guard let before = manifest.previousArchive else {
                if let earlier = links[..<place].last(where: { belonging.contains($0.run) }) {
                    faults.append((link.run, unchained(link, after: earlier)))
                }
                continue
            }
            if let found = byDigest[before.digest] {
                if found.run.asOf > link.run.asOf || found.run == link.run {
                    faults.append((link.run, reordered(link, before: found)))
                }
                if let other = followers.updateValue(link.run, forKey: before.digest) {
                    faults.append((link.run, forked(link, other, before)))
                }
            } else if let found = byRun[before.run] {
                faults.append((found.run, changed(found, before, link)))
            } else if !isRemovedByAge(before.run) {
                missing.insert(before.run)
            }
        }
        faults += missing.map { ($0, removed($0)) }
        return faults.sorted { ($0.run.asOf, $0.run.text) < ($1.run.asOf, $1.run.text) }
            .map(\.finding)
    }

    /// The runs that neither their folder nor their archive tells of any more, though a later one
    /// came after them.
    func lostRuns(_ previous: [RunID]) -> [Finding] {
        // Of the archives that others name, `faults` tells.
        let named = links.compactMap { $0.manifest?.previousArchive?.run }
        return Set(previous).subtracting(published).subtracting(links.map(\.run))
            .subtracting(expected).subtracting(named)
            .filter { !isRemovedByAge($0) }
            .sorted { ($0.asOf, $0.text) < ($1.asOf, $1.text) }
            .map { run in
                Finding(
                    "run \(run) has been removed: it has neither folder nor archive any more, "
                        + "and a later run came after it",
                    at: SourcePosition(file: path(run)), remedy: "restore it from a backup")
            }
    }

    /// Whether the archive of a run may be gone because it was as old as the definition keeps them.
    func isRemovedByAge(_ run: RunID) -> Bool {
        removedByAge.contains(run) || newestRemoved.map { run.asOf < $0.asOf } ?? false
    }

    /// The runs whose archives belong here; all, where no run is left to tell.
    private static func belonging(
        _ links: [Link], _ published: [RunID], _ byRun: [RunID: Link],
        _ byDigest: [SHA256Digest: Link]
    ) -> Set<RunID> {
        guard !published.isEmpty else { return Set(links.map(\.run)) }
        var belonging: Set<RunID> = []
        var open = published.filter { byRun[$0] != nil }
        while let run = open.popLast() {
            guard belonging.insert(run).inserted else { continue }
            guard let before = byRun[run]?.manifest?.previousArchive else { continue }
            if let found = byDigest[before.digest] ?? byRun[before.run] { open.append(found.run) }
        }
        return belonging
    }

    private func added(_ link: Link) -> Finding {
        Finding(
            "the archive has been added: no run and no archive of this folder knows it",
            at: SourcePosition(file: path(link.run)),
            remedy: "move it away, or find out where it belongs")
    }

    private func removed(_ run: RunID) -> Finding {
        Finding(
            "the archive has been removed, and not for its age",
            at: SourcePosition(file: path(run)), remedy: "restore it from a backup")
    }

    private func changed(_ link: Link, _ before: ArchiveReference, _ next: Link) -> Finding {
        Finding(
            "the archive has been changed, or another one stands in its place: that of \(next.run) "
                + "holds another checksum of it",
            at: SourcePosition(file: path(link.run)), expected: before.digest.hex,
            found: link.digest.hex, remedy: "restore it from a backup")
    }

    private func unchained(_ link: Link, after earlier: Link) -> Finding {
        Finding(
            "the archive begins a chain of its own, although there is one before it",
            at: SourcePosition(file: path(link.run)),
            expected: "the checksum of the archive of \(earlier.run)", found: "none",
            remedy: "restore it from a backup")
    }

    private func reordered(_ link: Link, before: Link) -> Finding {
        Finding(
            "the archives stand in another order: this one follows that of \(before.run)",
            at: SourcePosition(file: path(link.run)), remedy: "restore both from a backup")
    }

    private func forked(_ link: Link, _ other: RunID, _ before: ArchiveReference) -> Finding {
        Finding(
            "the chain is forked: this archive and that of \(other) both follow that of "
                + "\(before.run)",
            at: SourcePosition(file: path(link.run)),
            remedy: "find out which of them belongs here, and move the other away")
    }
}
