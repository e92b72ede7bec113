import Definition
import Diagnostics
import Ingestion
import Records

/// Where a simulated gateway writes: one of the pipeline's sources of settlements, and a file that
/// the pipeline reads as that and as nothing else.
struct SimulatedSource {
    let input: InputDefinition
    let dump: SettlementDump
    let path: String

    /// Chooses the first source that gives a name to a file and that lines can be written for; a
    /// path that is given chooses the source whose globs find it, else the first.
    ///
    /// - Throws: `TrueupError.usage` where there is none, or where another input would read the file.
    init(
        _ definition: PipelineDefinition, folder: String, path: String?
    ) throws(TrueupError) {
        let sources = definition.inputs[.settlements] ?? []
        guard !sources.isEmpty else {
            throw .usage(
                Finding(
                    "the pipeline reads no settlements", expected: "inputs.settlements",
                    remedy: "add it to the definition: what a gateway says must be read, too"))
        }
        if let path {
            try SimulatedSource.requirePlain(path)
            let name = path.hasPrefix(folder + "/") ? String(path.dropFirst(folder.count + 1)) : nil
            let readers = name.map { InputFiles.inputs(of: definition, reading: $0) } ?? []
            try SimulatedSource.requireOne(readers, name ?? path)
            input = readers.first.map { sources[$0.index] } ?? sources[0]
            dump = try SettlementDump(input)
            self.path = path
            return
        }
        var refusal: TrueupError?
        for (index, source) in sources.enumerated() {
            // A file that the definition names by itself may be somebody else's.
            let globs = source.files.filter { $0.contains("*") }
            let literals = source.files.filter { !$0.contains("*") }
            for name in (globs + literals).compactMap(SimulatedSource.name) {
                let readers = InputFiles.inputs(of: definition, reading: name)
                guard readers.contains(where: { $0.kind == .settlements && $0.index == index })
                else { continue }
                do throws(TrueupError) {
                    try SimulatedSource.requireOne(readers, name)
                    dump = try SettlementDump(source)
                } catch {
                    refusal = refusal ?? error
                    continue
                }
                input = source
                self.path = folder + "/" + name
                return
            }
        }
        throw refusal
            ?? .usage(
                Finding(
                    "no name for the settlement dump follows from the definition",
                    expected: "a name or glob such as settlements*.csv",
                    found: sources.flatMap(\.files).joined(separator: ", "),
                    remedy: "name the file with --to, as plain CSV"))
    }

    /// Endings of files that are compressed, which a plain dump cannot have.
    private static let compressed = [".gz", ".zst", ".xz", ".bz2", ".zip"]

    private static func requirePlain(_ path: String) throws(TrueupError) {
        guard compressed.contains(where: path.lowercased().hasSuffix) else { return }
        throw .usage(
            Finding(
                "a simulated gateway writes no compressed dump", expected: "a name of plain CSV",
                found: path, remedy: "give a name such as settlements-simulated.csv"))
    }

    /// A name that a glob finds, such as `momo-simulated.csv` for `momo*.csv`; nil where none follows
    /// from it.
    private static func name(of glob: String) -> String? {
        guard !glob.contains(where: { "?[\\".contains($0) }),
            !compressed.contains(where: glob.lowercased().hasSuffix)
        else { return nil }
        guard let star = glob.firstIndex(of: "*") else { return glob }
        let head = glob[..<star]
        let joint = head.isEmpty || head.hasSuffix("/") || head.hasSuffix("-") ? "" : "-"
        let tail = glob[star...].filter { $0 != "*" }
        return head + joint + "simulated" + (tail.isEmpty || tail == "." ? ".csv" : tail)
    }

    /// A file that two inputs read would be two things at once.
    private static func requireOne(
        _ readers: [(kind: RecordKind, index: Int)], _ name: String
    ) throws(TrueupError) {
        let others = readers.count > 1 ? readers : readers.filter { $0.kind != .settlements }
        guard !others.isEmpty else { return }
        throw .usage(
            Finding(
                "the settlement dump would be read as something else, too",
                expected: "a file that one source of settlements reads",
                found: "\(name), which inputs."
                    + others.map(\.kind.rawValue).joined(separator: " and inputs.") + " reads",
                remedy: "name another file with --to, or narrow the globs of the definition"))
    }
}
