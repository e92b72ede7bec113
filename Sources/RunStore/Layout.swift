/// The names in an output folder.
///
///     OUT/.lock                          held by the run at work
///     OUT/latest → RUN-ID                the latest published run
///     OUT/RUN-ID/                        a published run
///     OUT/RUN-ID/previous → ../RUN-ID    the run before it; absent in the first
///     OUT/RUN-ID/SHA256SUMS              checksums of its files
///     OUT/archive/RUN-ID.tar.zst         its archive
///     OUT/archive/RUN-ID.tar.zst.sha256  the archive's checksum, for `sha256sum -c`
///     OUT/archive/RUN-ID.tar.zst.sha256.sig   its signature, where a key was given
///
/// and, while a run is at work or after one has died:
///
///     OUT/.RUN-ID.partial/               the run's files as they are written
///     OUT/archive/.next.tar.zst.partial  its archive as it is written; its checksum and
///                                        its signature likewise
///     OUT/.latest.partial → RUN-ID       the intent to publish: RUN-ID may have been renamed to
///                                        its final name, but is not published before this link
///                                        is renamed to `latest`
enum Layout {
    static let lock = ".lock"
    static let latest = "latest"
    static let pendingLatest = ".latest.partial"
    static let previous = "previous"
    static let checksums = "SHA256SUMS"
    static let archiveFolder = "archive"
    static let archiveSuffix = ".tar.zst"
    static let archiveChecksumSuffix = ".sha256"
    static let signatureSuffix = ".sig"
    static let pendingArchive = ".next.tar.zst.partial"
    static let pendingArchiveChecksum = ".next.tar.zst.sha256.partial"
    static let pendingArchiveSignature = ".next.tar.zst.sha256.sig.partial"
    /// What a run that has died may have left among the archives.
    static let pendingArchiveFiles = [
        pendingArchive, pendingArchiveChecksum, pendingArchiveSignature,
    ]

    /// Files that depend on the clock or the machine: no checksum and no archive covers them.
    static let uncovered: Set<String> = ["timings.json", "metrics.prom"]

    /// The folder in which a run's files are written.
    static func partialFolder(of run: RunID) -> String { ".\(run)\(partialSuffix)" }

    /// Whether a name is that of a folder in which some run wrote its files.
    static func isPartialFolder(_ name: String) -> Bool {
        guard name.hasPrefix("."), name.hasSuffix(partialSuffix) else { return false }
        return RunID(name.dropFirst().dropLast(partialSuffix.count)) != nil
    }

    /// Whether a run may have a file of this name: letters, digits, `.`, `_` and `-`, no part
    /// beginning with a period, in the folder itself or in one below it.
    static func isFileName(_ name: String) -> Bool {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, name != checksums, parts[0] != previous else { return false }
        return parts.allSatisfy { part in
            part.utf8.first.map { $0 != UInt8(ascii: ".") } == true
                && part.utf8.count <= 200
                && part.utf8.allSatisfy { byte in
                    switch byte {
                    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
                    default: false
                    }
                }
        }
    }

    private static let partialSuffix = ".partial"
}
