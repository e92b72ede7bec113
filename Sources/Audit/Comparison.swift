import Diagnostics
import RunStore

/// The files of an archived run beside those of the run that was made again.
struct Comparison {
    /// A file that differs, with a line for each difference.
    struct Difference {
        let file: String
        let lines: [String]
    }

    /// In the order of the files' names.
    private(set) var differences: [Difference] = []
    private(set) var files = 0
    private(set) var bytes: Int64 = 0

    /// Compares every byte of the files of two folders: those that the archive holds, by name below
    /// its folder, and those of the run that was made again.
    ///
    /// - Throws: where a file cannot be read, and what `checkStopped` throws.
    init(
        _ archived: [ArchivedFile], in folder: String, with replayed: Set<String>,
        in other: String, checkStopped: () throws -> Void
    ) throws {
        let names = Set(archived.map(\.name))
        let sizes = Dictionary(uniqueKeysWithValues: archived.map { ($0.name, $0.size) })
        for name in names.union(replayed).sorted(by: {
            $0.utf8.lexicographicallyPrecedes($1.utf8)
        }) {
            try checkStopped()
            guard let size = sizes[name] else {
                differences.append(Difference(file: name, lines: ["only in the replay"]))
                continue
            }
            files += 1
            bytes += size
            guard replayed.contains(name) else {
                differences.append(Difference(file: name, lines: ["only in the archive"]))
                continue
            }
            try compare(name, "\(folder)/\(name)", "\(other)/\(name)")
        }
    }

    /// The manifests of both archives.
    mutating func compareManifests(_ archived: String, _ replayed: String) throws {
        files += 1
        bytes += try FileIdentity(path: archived).size
        try compare("manifest.json", archived, replayed)
    }

    private mutating func compare(_ name: String, _ ours: String, _ theirs: String) throws {
        guard let place = try FileDifference(ours, theirs) else { return }
        var lines: [String] = []
        if name.hasSuffix(".csv") {
            let table = try TableDifference(archived: ours, replayed: theirs)
            lines = table.lines
            if table.rows > TableDifference.mostRows {
                lines.append("… and \(table.rows - TableDifference.mostRows) more rows")
            }
        }
        // A table whose rows are all alike differs in what stands between them.
        if lines.isEmpty {
            let first = DifferenceText.cell(String(decoding: place.first, as: UTF8.self))
            let second = DifferenceText.cell(String(decoding: place.second, as: UTF8.self))
            lines = [
                "line \(place.line), byte \(place.column): archived \(first), replayed \(second)"
            ]
        }
        differences.append(Difference(file: name, lines: lines))
    }
}
