import Diagnostics
import Parallel
import Reporting
import RunStore

/// The tables and traces of one published run.
struct RunReader: Sendable {
    /// The run's name.
    let name: String
    let payments: TraceReader<PaymentTrace>?
    let lines: TraceReader<LineTrace>?
    let bookings: TraceReader<BookingTrace>?
    let trials: TraceReader<TrialTrace>?
    private let tables: [TableName: PublishedTable]
    private let workers: Workers

    /// Opens the latest run of an output folder, or the one of this name.
    ///
    /// - Throws: `TrueupError.usage` where there is no run of this name; `TrueupError.run` where
    ///   there is none at all, or where it cannot be read.
    init(outputFolder: String, run: String?, threads: Int) throws {
        let history = try RunHistory(path: outputFolder)
        let id = try RunReader.run(named: run, in: history)
        let folder = history.folder(of: id)
        name = id.text
        var tables: [TableName: PublishedTable] = [:]
        for table in TableName.allCases {
            tables[table] = try PublishedTable(table, folder: folder)
        }
        guard tables[.payments] != nil else {
            throw TrueupError.run(
                Finding(
                    "the run has no payments.csv", at: SourcePosition(file: folder),
                    remedy: "restore the run's folder from its archive"))
        }
        self.tables = tables
        workers = Workers(count: threads)
        payments = try TraceReader(.payments, folder: folder)
        lines = try TraceReader(.settlements, folder: folder)
        bookings = try TraceReader(.bookings, folder: folder)
        trials = try TraceReader(.trials, folder: folder)
    }

    /// The run of this name, or the latest.
    ///
    /// - Throws: `TrueupError.usage` where there is no run of this name, with the newest ones.
    static func run(
        named name: String?, in history: RunHistory,
        remedy: String = "give --run one of these, or leave it out for the latest run"
    ) throws -> RunID {
        let runs = try history.runs()
        guard let name else {
            if let latest = try history.latest() { return latest }
            throw TrueupError.run(
                Finding(
                    "nothing has been published here yet",
                    at: SourcePosition(file: history.path),
                    remedy: "run a pipeline with --out first"))
        }
        if let run = runs.first(where: { $0.text == name }) { return run }
        let shown = runs.suffix(10).map(\.text).reversed().joined(separator: ", ")
        throw TrueupError.usage(
            Finding(
                "there is no run of this name", at: SourcePosition(file: history.path),
                expected: runs.isEmpty
                    ? "nothing has been published here yet"
                    : runs.count > 10 ? "one of \(runs.count) runs, the newest: \(shown)" : shown,
                found: name, remedy: remedy))
    }

    /// The rows of a table for which any of the conditions holds, in their order.
    func rows(_ table: TableName, where conditions: [Condition]) throws -> [FoundRow] {
        try tables[table]?.rows(where: conditions, workers) ?? []
    }
}
