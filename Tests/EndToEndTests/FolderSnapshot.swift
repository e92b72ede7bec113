import Foundation
import Testing

/// Everything below a folder, as it stood at one moment.
struct FolderSnapshot: Equatable {
    struct Entry: Equatable {
        /// `folder`, `file`, or where a link points to.
        var kind: String
        /// The permissions, in octal digits.
        var mode: String
        var bytes: Data?
        /// Nanoseconds since 1970; 0 where times do not matter.
        var modified: Int
    }

    /// By path below the folder.
    private(set) var entries: [String: Entry] = [:]

    /// Looks at a folder; where there is none, nothing is in it.
    ///
    /// With times, a file that was only touched counts as changed.
    init(_ folder: String, withTimes: Bool = false) throws {
        if Files.exists(folder) { try add(folder, "", withTimes) }
    }

    private mutating func add(_ path: String, _ name: String, _ withTimes: Bool) throws {
        var status = stat()
        try #require(lstat(path, &status) == 0, "\(path): \(String(cString: strerror(errno)))")
        var entry = Entry(
            kind: "file", mode: String(status.st_mode & 0o7777, radix: 8), bytes: nil,
            modified: withTimes
                ? status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec : 0)
        switch status.st_mode & S_IFMT {
        case S_IFLNK:
            entry.kind = "→ " + (try FileManager.default.destinationOfSymbolicLink(atPath: path))
        case S_IFDIR:
            entry.kind = "folder"
            for child in try Files.names(in: path) {
                try add(path + "/" + child, name.isEmpty ? child : name + "/" + child, withTimes)
            }
        default:
            entry.bytes = try Files.bytes(path)
        }
        entries[name.isEmpty ? "." : name] = entry
    }

    /// The same without what `isLeftOut` names.
    func without(_ isLeftOut: (String) -> Bool) -> FolderSnapshot {
        var copy = self
        copy.entries = entries.filter { !isLeftOut($0.key) }
        return copy
    }

    /// The same with each entry changed.
    func mapEntries(_ change: (Entry) -> Entry) -> FolderSnapshot {
        var copy = self
        copy.entries = entries.mapValues(change)
        return copy
    }

    /// Without what depends on the clock or the machine, and without the lock.
    var reproducible: FolderSnapshot {
        without { name in
            name == ".lock" || FolderSnapshot.machineDependent.contains { name.hasSuffix($0) }
        }
    }

    /// The files of a run that are never the same, and that no checksum covers.
    static let machineDependent = ["timings.json", "metrics.prom"]

    /// What a reader of the folder sees: names that do not begin with a period, and what they hold.
    var visible: FolderSnapshot {
        without { $0 == "." || $0.split(separator: "/").contains { $0.hasPrefix(".") } }
    }

    /// The names in which two snapshots differ; empty where they are equal.
    func differences(_ other: FolderSnapshot) -> [String] {
        Set(entries.keys).union(other.entries.keys).filter { entries[$0] != other.entries[$0] }
            .sorted()
    }
}
