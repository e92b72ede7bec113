/// How much an archive may hold, so that a hostile one fills neither memory nor device.
struct ArchiveLimits {
    /// Bytes of one name; no system takes a longer path.
    static let longestName = 4096

    /// Entries that may still come.
    var entries: Int
    /// Bytes of names that may still come; they are kept in memory.
    var nameBytes: Int
    /// Bytes of content that may still come.
    var contentBytes: Int64

    private let most: (entries: Int, nameBytes: Int, contentBytes: Int64)

    init(entries: Int, nameBytes: Int, contentBytes: Int64) {
        self.entries = entries
        self.nameBytes = nameBytes
        self.contentBytes = contentBytes
        most = (entries, nameBytes, contentBytes)
    }

    /// 100,000 entries with 16 MiB of names, and 1 GiB or 200 times the archive's own size.
    ///
    /// CSV rarely shrinks to a fiftieth. A file that is not there has the least limit: opening it
    /// says what is wrong.
    static func usual(for path: String) -> ArchiveLimits {
        let size = (try? FileIdentity(path: path))?.size ?? 0
        let (times, overflows) = size.multipliedReportingOverflow(by: 200)
        return ArchiveLimits(
            entries: 100_000, nameBytes: 16 << 20,
            contentBytes: max(1 << 30, overflows ? .max : times))
    }

    /// Counts an entry by its header, and says what there is too much of.
    mutating func excess(adding entry: ArchiveEntry) -> String? {
        entries -= 1
        nameBytes -= entry.name.utf8.count
        guard entries >= 0 else { return "it holds more than \(most.entries) entries" }
        guard nameBytes >= 0 else { return "its names are longer than \(most.nameBytes) bytes" }
        guard entry.size >= 0, entry.size <= contentBytes else {
            return
                "it holds more than \(most.contentBytes) bytes, far more than its size lets expect"
        }
        contentBytes -= entry.size
        return nil
    }
}
