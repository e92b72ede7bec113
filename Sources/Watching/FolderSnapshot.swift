import Glibc
import Time

/// What the files that a run would read look like from outside: enough to tell that one of them
/// has changed.
public struct FolderSnapshot: Sendable, Hashable {
    /// One file.
    struct Entry: Sendable, Hashable {
        let path: String
        /// Nil where nothing of that name is there.
        let state: State?
    }

    /// What changes when a file does.
    struct State: Sendable, Hashable {
        let size: Int64
        let inode: UInt64
        /// Nanoseconds since 1970.
        let modified: Int64
        let changed: Int64
    }

    let entries: [Entry]

    init(entries: [Entry]) { self.entries = entries }

    /// Looks at the files.
    public init(paths: [String]) {
        entries = paths.map { path in
            var status = stat()
            guard stat(path, &status) == 0 else { return Entry(path: path, state: nil) }
            return Entry(
                path: path,
                state: State(
                    size: Int64(status.st_size), inode: UInt64(status.st_ino),
                    modified: FolderSnapshot.nanoseconds(status.st_mtim),
                    changed: FolderSnapshot.nanoseconds(status.st_ctim)))
        }
    }

    private static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// When any of the files was last written to or moved into place; long ago where there is none.
    var latestChange: Instant {
        let latest = entries.compactMap(\.state).map { max($0.modified, $0.changed) }.max() ?? 0
        return Instant(microseconds: latest / 1000)
    }
}
