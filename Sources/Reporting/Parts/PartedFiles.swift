import Diagnostics
import Emission
import Parallel
import Records
import RunStore

/// The files of a divided run that have something of each row of the dumps: each part writes its own
/// into scratch files, from which the whole is put together in the order of the input.
///
/// Everything else that a run leaves is about what somebody must look at or load, and is written from
/// the joined result.
public struct PartedFiles: Sendable {
    private var tables: [String: PartedFile] = [:]
    private var traces: [TraceFile: PartedFile] = [:]
    private var dashboards: PartedFile
    private var users: PartedFile
    private var ledger: PartedFile
    /// What was counted of each file, by its name.
    public private(set) var written: [String: WrittenFile] = [:]
    /// Whether there is anything to be written at all; else only the users are noted.
    private let isPublished: Bool
    private let folder: String

    /// Makes scratch files on the device of a folder.
    ///
    /// - Throws: `TrueupError.run` where the system refuses.
    public init(in folder: String, isPublished: Bool) throws {
        self.folder = folder
        self.isPublished = isPublished
        dashboards = try PartedFile(in: folder)
        users = try PartedFile(in: folder)
        ledger = try PartedFile(in: folder)
    }

    /// Writes one part's share of the files.
    ///
    /// - Throws: `TrueupError.run` where it cannot be written.
    public mutating func add(_ result: RunResult, ledger expected: LedgerBalances) throws {
        try addDashboards(result)
        guard isPublished else { return }
        for table in RunFiles.tablesOfRows(result) {
            var file = try tables[table.file] ?? PartedFile(in: folder)
            let part = try file.add { sink, marks in
                try RunFiles.write(table, to: sink, marks: marks)
            }
            tables[table.file] = file
            add(part)
        }
        for trace in TraceFile.allCases {
            var file = try traces[trace] ?? PartedFile(in: folder)
            let rows = try file.add { sink, marks in
                try RunTrace(result: result).write(trace, to: sink, marks: marks)
            }
            traces[trace] = file
            add(RunFiles.written(trace, rows: rows, of: result))
        }
        let (entries, balances) = try ledger.add { sink, marks in
            try JournalFile(result: result, expected: expected).write(to: sink, marks: marks)
        }
        add(RunFiles.written(entries: entries, balances, expected: expected))
    }

    private mutating func addDashboards(_ result: RunResult) throws {
        let noted = PieceMarks(try users.marks.sink())
        let lines = try dashboards.add { sink, marks in
            try DashboardLines(result).write(
                to: sink, marks: DashboardMarks(marks: marks, users: noted))
        }
        try users.end(noted)
        add(
            WrittenFile(
                file: DashboardLines.file, rows: lines, sums: [],
                controls: TableControls(rows: result.summaries.count)))
    }

    mutating func add(_ part: WrittenFile) {
        written[part.file, default: part.none].add(part)
    }

    // MARK: Files by name

    /// The names of all files of which there are pieces.
    var names: [String] {
        Array(tables.keys) + traces.keys.map(\.name)
            + [DashboardLines.file, JournalFile.file, PartedFiles.usersName]
    }

    /// The pieces of a file; nil for one that no part has written yet.
    subscript(name: String) -> PartedFile? {
        get {
            switch name {
            case DashboardLines.file: dashboards
            case JournalFile.file: ledger
            case PartedFiles.usersName: users
            default:
                tables[name] ?? TraceFile.allCases.first { $0.name == name }.flatMap { traces[$0] }
            }
        }
        set {
            guard let newValue else { return }
            switch name {
            case DashboardLines.file: dashboards = newValue
            case JournalFile.file: ledger = newValue
            case PartedFiles.usersName: users = newValue
            default:
                if let trace = TraceFile.allCases.first(where: { $0.name == name }) {
                    traces[trace] = newValue
                } else {
                    tables[name] = newValue
                }
            }
        }
    }

    /// A file without pieces.
    func made() throws -> PartedFile { try PartedFile(in: folder) }

    // MARK: Users

    /// Which of some users have a line of their own already.
    ///
    /// - Throws: `TrueupError.run` where a scratch file cannot be read.
    public func known(among sellers: Set<Fingerprint>) throws -> Set<Fingerprint> {
        var found: Set<Fingerprint> = []
        guard !sellers.isEmpty else { return found }
        for segment in users.segments {
            var numbers = ScratchReader(segment.marks, blockSize: 1 << 16)
            while let line = try numbers.nextUser() {
                if sellers.contains(line.user) { found.insert(line.user) }
            }
        }
        return found
    }

    // MARK: Whole files

    /// The names of the tables that are put together.
    var tableNames: Set<String> { Set(tables.keys) }

    /// Writes one of the tables.
    func write(
        _ table: any OutputTable, to sink: consuming FileSink
    ) throws -> WrittenFile {
        guard let file = tables[table.file], var whole = written[table.file] else {
            preconditionFailure("no part wrote \(table.file)")
        }
        try sink.write(RowWriter.header(table.columns))
        try PieceMerger(file).copy(to: &sink)
        try sink.close()
        whole.controls.add(table.inputControls)
        return whole
    }

    /// Writes the trace of the rows of a kind.
    func write(
        _ trace: TraceFile, of result: RunResult, to sink: consuming FileSink
    ) throws -> WrittenFile {
        guard let file = traces[trace], let whole = written[trace.name] else {
            preconditionFailure("no part wrote \(trace.name)")
        }
        let run = RunTrace(result: result)
        if trace == .trials {
            _ = try run.writeTrials(
                to: sink, count: whole.rows, merging: PieceMerger(file),
                payments: try numbers(of: .payments), bookings: try numbers(of: .bookings))
        } else {
            _ = try run.write(trace, to: sink, count: whole.rows, merging: PieceMerger(file))
        }
        return whole
    }

    /// For each part the numbers in the whole table of the rows of its own.
    private func numbers(of trace: TraceFile) throws -> [ContiguousArray<UInt32>] {
        guard let file = traces[trace] else { return [] }
        var numbers = file.segments.map { _ in ContiguousArray<UInt32>() }
        var next: UInt32 = 0
        var pieces = try PieceMerger(file)
        try pieces.forEach { part, _, _ in
            numbers[part].append(next)
            next += 1
        }
        return numbers
    }

    /// Writes the ledger: the parts' entries, then those of the payouts.
    func writeLedger(
        _ result: RunResult, expected: LedgerBalances, to sink: consuming FileSink
    ) throws -> WrittenFile {
        let (entries, balances) = try JournalFile(result: result, expected: expected)
            .write(to: sink, merging: PieceMerger(ledger))
        guard var whole = written[JournalFile.file] else {
            preconditionFailure("no part wrote the ledger")
        }
        whole.add(RunFiles.written(entries: entries, balances, expected: LedgerBalances()))
        whole.controls = RunFiles.written(entries: 0, LedgerBalances(), expected: expected).controls
        return whole
    }

    /// Writes the dashboards: the parts' lines, with what sellers are to be paid, then those of users
    /// who only sell.
    func writeDashboards(
        _ result: RunResult, to sink: consuming FileSink
    ) throws -> WrittenFile {
        guard var whole = written[DashboardLines.file] else {
            preconditionFailure("no part wrote the dashboards")
        }
        let lines = DashboardLines(result)
        let agendas = Dictionary(
            result.agendas.all.map { ($0.print, $0) }, uniquingKeysWith: { first, _ in first })
        let numbers = users.segments.map {
            NumberReader(
                ScratchReader($0.marks, blockSize: users.blockSize(atMost: 1 << 16)))
        }
        try PieceMerger(dashboards).write(to: &sink) { part, piece, out in
            let line = try numbers[part].next()
            guard let agenda = agendas[line.user] else { return out.append(contentsOf: piece) }
            let sales = lines.sales(of: agenda)
            out += piece[..<line.after]
            out += sales.after
            out += piece[line.after..<line.before]
            out += sales.before
            out += piece[line.before...]
        }
        let others = try lines.write(to: sink)
        whole.rows += others
        whole.controls.rows = (whole.controls.rows ?? 0) + result.summaries.count
        return whole
    }
}

/// What is noted of one line of the dashboards.
struct NotedUser {
    let user: Fingerprint
    /// Where a seller's figures stand after the run, and before it.
    let after: Int
    let before: Int
}

/// Reads what is noted of the lines of one part.
private final class NumberReader {
    private var numbers: ScratchReader

    init(_ numbers: consuming ScratchReader) { self.numbers = numbers }

    func next() throws -> NotedUser {
        guard let line = try numbers.nextUser() else {
            preconditionFailure("a line without its user")
        }
        return line
    }
}

extension ScratchReader {
    /// What is noted of the next line; nil at the end.
    mutating func nextUser() throws -> NotedUser? {
        let width = DashboardMarks.numbersOfLine * 8
        let bytes = try next(width)
        guard bytes.count == width else { return nil }
        let places = bytes.loadUnaligned(fromByteOffset: 16, as: UInt64.self)
        return NotedUser(
            user: Fingerprint(
                high: bytes.loadUnaligned(as: UInt64.self),
                low: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
            after: Int(places >> 32), before: Int(places & 0xFFFF_FFFF))
    }
}
