import Foundation
import Testing

/// A run whose parts are found by processes of their own: who moves the rows is told here anew, as
/// plainly as can be.
struct SharedOutRun {
    /// A row of a dump, or an emission that was handed on.
    struct Row {
        var place: UInt64
        var line: UInt32
        var bytes: [UInt8]
        /// One of the things that it names.
        var name: Int64
    }

    let night: Night
    /// The folder of the plan and of everything that goes with it.
    let work: String
    private(set) var rows: [Row] = []
    /// The dumps of which only the program knows where their rows are.
    private(set) var packed: [String] = []
    private var groups = NameGroups()

    var plan: String { work + "/run.plan" }
    var orphans: String { work + "/orphans" }

    /// Plans a run over the folder in which a night's runs are published, and lists its rows.
    init(_ night: Night, asOf: String, name: String = "work") throws {
        self.night = night
        work = night.workspace.at(name)
        try Files.makeFolder(work + "/surveys")
        let told = try Launch(
            program: Project.trueup,
            arguments: [
                "plan", night.definition, "--in", night.dumps, "--out", night.out, "--plan",
                work + "/run.plan", "--as-of", asOf,
            ]
        ).run()
        try #require(told.code == 0, "\(told.errors)")
        let plan = try JSONDecoder().decode(Told.self, from: Data(told.output.utf8))
        var ofPayments: Set<Int64> = []
        var givenBack: [(name: Int64, token: String)] = []
        for file in plan.files where !file.few {
            if file.packed { packed.append(file.name) }
            for line in try list(file) {
                let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
                let names = fields[4].split(separator: ",").compactMap { Int64($0) }
                let (offset, length) = (try number(fields[0]), try number(fields[1]))
                groups.unite(names)
                if file.kind == "payments" { ofPayments.formUnion(names) }
                if let colon = fields[3].firstIndex(of: ":"),
                    let name = Int64(fields[3][..<colon])
                {
                    let token = fields[3][fields[3].index(after: colon)...]
                    givenBack.append((name, String(token)))
                }
                let sent =
                    file.packed
                    ? Data(base64Encoded: String(fields[5]))
                    : dumps[file.index]?[offset..<(offset + length)]
                let bytes = try #require(sent, "\(file.name): \(line)")
                rows.append(
                    Row(
                        place: UInt64(file.index) << 48 | UInt64(offset),
                        line: UInt32(try number(fields[2])), bytes: Array(bytes),
                        name: names[0]))
            }
        }
        for (index, names) in plan.emissions.enumerated() {
            groups.unite(names)
            rows.append(
                Row(
                    place: 0xFFFF << 48 | UInt64(index), line: 0, bytes: [],
                    name: names.first ?? 0))
        }
        let tokens = Set(givenBack.filter { !ofPayments.contains($0.name) }.map(\.token))
        try Files.write(tokens.sorted().map { $0 + "\n" }.joined(), to: orphans)
    }

    private struct Told: Decodable {
        struct File: Decodable {
            let index: Int
            let name: String
            let kind: String
            let few: Bool
            let packed: Bool
        }
        let files: [File]
        let emissions: [[Int64]]
    }

    private var dumps: [Int: Data] = [:]

    /// The lines that `keys` writes of a dump; its survey goes to the others.
    private mutating func list(_ file: Told.File) throws -> [Substring] {
        let dump = night.dumps + "/" + file.name
        dumps[file.index] = try Files.bytes(dump)
        let ending = try SharedOutRun.pipe(
            ["keys", "--plan", plan, "--file", String(file.index)]
                + (file.packed ? ["--rows"] : []),
            from: dump, to: work + "/keys")
        try #require(ending.code == 0, "\(file.name): \(ending.errors)")
        var lines = try Files.text(work + "/keys").split(separator: "\n")
        let last = lines.popLast()
        let survey = try #require(last)
        try #require(survey.hasPrefix("#survey\t"))
        try Files.write(
            try #require(Data(base64Encoded: String(survey.dropFirst(8)))),
            to: work + "/surveys/" + String(format: "file-%05d.survey", file.index))
        return lines
    }

    private func number(_ text: Substring) throws -> Int { try #require(Int(text)) }

    /// Starts the program with a file as standard input and one as standard output.
    static func pipe(
        _ arguments: [String], from input: String, to output: String
    ) throws -> Ending {
        try piped(arguments, from: input, to: output).run()
    }

    private static func piped(
        _ arguments: [String], from input: String, to output: String
    ) -> Launch {
        Launch(
            program: "/bin/sh",
            arguments: [
                "-c", "input=$1; output=$2; shift 2; exec \"$@\" < \"$input\" > \"$output\"", "sh",
                input, output, Project.trueup,
            ] + arguments)
    }

    // MARK: Parts

    /// The rows of each part: whatever is connected is in one.
    func shares(_ count: Int) -> [[Row]] {
        var shares = [[Row]](repeating: [], count: count)
        for row in rows {
            shares[Int(groups.leader(of: row.name).magnitude % UInt64(count))].append(row)
        }
        return shares.map { $0.sorted { $0.place < $1.place } }
    }

    /// The rows of a part as they are sent.
    static func frames(_ rows: [Row]) -> Data {
        var data = Data()
        func add(_ value: some FixedWidthInteger) {
            withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) }
        }
        for row in rows {
            add(row.place)
            add(row.line)
            add(UInt32(row.bytes.count))
            data.append(contentsOf: row.bytes)
        }
        add(UInt64.max)
        add(UInt32(0))
        add(UInt32(8))
        add(UInt64(rows.count))
        return data
    }

    /// Has one part found of what is sent.
    func find(_ part: Int, of count: Int, _ frames: Data, to path: String) throws -> Ending {
        let sent = work + "/rows"
        try Files.write(frames, to: sent)
        return try SharedOutRun.pipe(command(part, of: count), from: sent, to: path)
    }

    private func command(_ part: Int, of count: Int) -> [String] {
        [
            "shard", "--plan", plan, "--part", String(part), "--of", String(count), "--orphans",
            orphans,
        ]
    }

    /// Has all parts found, several at once, in a folder with the surveys.
    func parts(_ shares: [[Row]], name: String) throws -> String {
        let folder = work + "/" + name
        try Files.copy(work + "/surveys", to: folder)
        var children: [Child] = []
        for (part, rows) in shares.enumerated() {
            let sent = work + "/rows-\(part)"
            try Files.write(SharedOutRun.frames(rows), to: sent)
            if children.count == 4 { try expectSuccess(children.removeFirst()) }
            children.append(
                try SharedOutRun.piped(
                    command(part, of: shares.count), from: sent,
                    to: folder + "/" + SharedOutRun.file(ofPart: part)
                ).start())
        }
        for child in children { try expectSuccess(child) }
        return folder
    }

    private func expectSuccess(_ child: Child) throws {
        let ending = try child.wait()
        try #require(ending.code == 0, "\(ending.errors)")
    }

    static func file(ofPart part: Int) -> String { String(format: "part-%05d.part", part) }

    /// Joins the parts of a folder, and publishes the run.
    func merge(_ folder: String, out: String) throws -> Ending {
        try Launch(
            program: Project.trueup,
            arguments: [
                "merge", "--plan", plan, "--parts", folder, "--in", night.dumps, "--out", out,
                "--fail-on", "never", "--quiet",
            ]
        ).run()
    }

    /// Finds the parts and publishes the run, in a copy of the night's output folder.
    func published(parts count: Int) throws -> FolderSnapshot {
        let out = work + "/out-\(count)"
        if Files.exists(night.out) { try Files.copy(night.out, to: out) }
        let ending = try merge(try parts(shares(count), name: "parts-\(count)"), out: out)
        try #require(ending.code == 0, "\(ending.errors)")
        return try FolderSnapshot(out).reproducible
    }
}

/// What is connected by names, directly or through others.
private struct NameGroups {
    private var above: [Int64: Int64] = [:]

    func leader(of name: Int64) -> Int64 {
        var name = name
        while let next = above[name] { name = next }
        return name
    }

    mutating func unite(_ names: [Int64]) {
        guard let first = names.first else { return }
        var leader = leader(of: first)
        for name in names.dropFirst() {
            let other = self.leader(of: name)
            // The least name leads, so that whoever comes first does not matter.
            if other < leader {
                above[leader] = other
                leader = other
            } else if other > leader {
                above[other] = leader
            }
        }
        for name in names where name != leader { above[name] = leader }
    }
}
