import Diagnostics
import Emission
import Ingestion
import Parallel
import Records
import RunStore

/// Writes every table of a run, several at once.
public struct RunFiles: Sendable {
    let result: RunResult
    let ledger: LedgerBalances
    /// The last runs and this one.
    let history: [RunReport.RunPoint]
    /// What the parts of a divided run wrote; nil where the run was not divided.
    let parts: PartedFiles?

    /// Prepares the writing; `ledger` is what the journal's accounts must hold.
    public init(
        _ result: RunResult, ledger: LedgerBalances, history: [RunReport.RunPoint] = [],
        parts: PartedFiles? = nil
    ) {
        self.result = result
        self.history = history
        self.ledger = ledger
        self.parts = parts
    }

    /// The tables that have a row for each row of the dumps.
    static func tablesOfRows(_ result: RunResult) -> [any OutputTable] {
        [
            PaymentsTable(result: result), SettlementsTable(result: result),
            BookingsTable(result: result), TracedOrdersTable(result: result),
            TracedSessionsTable(result: result),
        ]
    }

    /// The contract's tables, the largest first.
    ///
    /// Each is written by one thread, so the largest must not be begun last.
    private var tables: [any OutputTable] {
        let others: [any OutputTable] = [
            StatusUpdatesTable(result: result),
            BookingLinksTable(result: result), NewBookingsTable(result: result, isTickets: false),
            NewBookingsTable(result: result, isTickets: true), TransactionsTable(result: result),
            PayoutsTable(result: result), PayoutLinesTable(result: result),
            BreaksTable(result: result), RejectsTable(result: result), RepeatsTable(result: result),
            SellerBalancesTable(result: result), ScheduledPayoutsTable(result: result),
            CarriedEmissionsTable(result: result),
            CarriedItemsTable(result: result), CarriedDecisionsTable(result: result),
            ClearedTable(result: result),
            OrderUpdatesTable(result: result), SessionUpdatesTable(result: result),
            HistoryTable(points: history),
        ]
        return (RunFiles.tablesOfRows(result) + others + carried)
            .sorted { $0.weight > $1.weight }
    }

    /// How many rows the writing tells of: those of the tables that take longest.
    ///
    /// The parts of a divided run, which only need to be joined, tell of none.
    public var rowsToTell: Int {
        guard parts == nil else { return 0 }
        let tables = result.tables
        return tables.payments.count + tables.settlements.count + tables.bookings.count
            + tables.orders.count + tables.sessions.count
    }

    /// What only runs of incremental dumps hand on.
    private var carried: [any OutputTable] {
        guard let carry = result.carry else { return [] }
        return CarriedRecordsFile.kinds.map {
            CarriedRecordsTable(result: result, open: carry.open, kind: $0)
        } + [
            CarriedTotalsTable(result: result, totals: carry.totals),
            CarriedActivitiesTable(result: result, open: carry.open),
            TakenIDsTable(result: result, open: carry.open),
        ]
    }

    /// What is made of tables beside the others, as soon as they are written.
    public struct Sequel: Sendable {
        let tables: Set<String>
        let make: @Sendable ([WrittenFile]) throws -> Void

        /// `make` is given what was written of the tables with these names, once.
        public init(
            of tables: [String], make: @escaping @Sendable ([WrittenFile]) throws -> Void
        ) {
            self.tables = Set(tables)
            self.make = make
        }
    }

    /// What one thread writes at a time.
    private enum Work {
        case table(any OutputTable)
        case tables([any OutputTable], then: Sequel)
        case dashboards, ledger, notifications
        case trace(TraceFile)
    }

    /// Writes all tables, the dashboards, the ledger, and how the decisions came about.
    ///
    /// - Parameters:
    ///   - create: Opens a file of the run by name.
    ///   - workers: The threads among which the files are shared out.
    ///   - sequel: What is made of some of the tables, beside the others.
    ///   - tell: Told from time to time how many rows more were written, of `rowsToTell`.
    /// - Returns: What was written, in order of the names.
    /// - Throws: The first failure; the run is then not to be published.
    public func write(
        create: @Sendable (String) throws -> FileSink, workers: Workers, then sequel: Sequel,
        tell: @escaping @Sendable (Int) -> Void = { _ in }
    ) throws -> [WrittenFile] {
        let tables = tables
        var works = tables.filter { !sequel.tables.contains($0.file) }.map { Work.table($0) }
        works += TraceFile.allCases.map { .trace($0) }
        // All three are large work, beside the payments and the lines.
        works.insert(contentsOf: [.dashboards, .ledger], at: 1)
        works.insert(
            .tables(tables.filter { sequel.tables.contains($0.file) }, then: sequel), at: 0)
        works.append(.notifications)
        let state = Locked<(written: [WrittenFile], failure: (any Error)?)>(([], nil))
        workers.forEach(works.count) { [works] task in
            if state.withLock({ $0.failure != nil }) { return }
            do {
                let written = try write(works[task], create, tell)
                state.withLock { $0.written += written }
            } catch {
                state.withLock { $0.failure = $0.failure ?? error }
            }
        }
        let (written, failure) = state.withLock { $0 }
        if let failure { throw failure }
        return written.sorted { $0.file < $1.file }
    }

    private func write(
        _ work: Work, _ create: (String) throws -> FileSink, _ tell: @escaping (Int) -> Void
    ) throws -> [WrittenFile] {
        switch work {
        case .table(let table):
            let isTold = RunFiles.tablesOfRows(result).contains { $0.file == table.file }
            return [try write(table, to: create(table.file), isTold ? tell : { _ in })]
        case .tables(let tables, then: let sequel):
            let written = try tables.map { try write($0, to: create($0.file), { _ in }) }
            try sequel.make(written)
            return written
        case .dashboards: return [try writeDashboards(to: create(DashboardLines.file))]
        case .notifications:
            return [try writeNotifications(to: create(NotificationLines.file))]
        case .ledger: return [try writeLedger(to: create(JournalFile.file))]
        case .trace(let file): return [try write(file, to: create(file.name))]
        }
    }

    private func write(
        _ table: any OutputTable, to sink: consuming FileSink, _ tell: @escaping (Int) -> Void
    ) throws -> WrittenFile {
        if let parts, parts.tableNames.contains(table.file) {
            return try parts.write(table, to: sink)
        }
        var written = try RunFiles.write(table, to: sink, marks: nil, tell: tell)
        written.controls = table.controls
        return written
    }

    /// Writes a table, or, with marks, a part of one, with the controls that its own rows give.
    static func write(
        _ table: any OutputTable, to sink: consuming FileSink, marks: PieceMarks?,
        tell: @escaping (Int) -> Void = { _ in }
    ) throws -> WrittenFile {
        var out = RowWriter(sink: sink, columns: table.columns, marks: marks, tell: tell)
        try table.write(to: &out)
        let (rows, sums) = try out.close()
        return WrittenFile(
            file: table.file, columns: table.columns, rows: rows, sums: sums,
            controls: table.rowControls)
    }

    private func writeDashboards(to sink: consuming FileSink) throws -> WrittenFile {
        if let parts { return try parts.writeDashboards(result, to: sink) }
        let lines = try DashboardLines(result).write(to: sink)
        return WrittenFile(
            file: DashboardLines.file, rows: lines, sums: [],
            controls: TableControls(rows: result.summaries.count))
    }

    private func writeNotifications(to sink: consuming FileSink) throws -> WrittenFile {
        let notifications = NotificationLines(result)
        return WrittenFile(
            file: NotificationLines.file, rows: try notifications.write(to: sink), sums: [],
            controls: notifications.controls)
    }

    private func write(
        _ file: TraceFile, to sink: consuming FileSink
    ) throws -> WrittenFile {
        if let parts { return try parts.write(file, of: result, to: sink) }
        let rows = try RunTrace(result: result).write(file, to: sink)
        return RunFiles.written(file, rows: rows, of: result)
    }

    /// A trace must have a record for each row.
    static func written(_ file: TraceFile, rows: Int, of result: RunResult) -> WrittenFile {
        let expected: Int? =
            switch file {
            case .payments: result.tables.payments.count
            case .settlements: result.tables.settlements.count
            case .bookings: result.tables.bookings.count
            case .trials: nil
            }
        return WrittenFile(
            file: file.name, rows: rows, sums: [], controls: TableControls(rows: expected))
    }

    private func writeLedger(to sink: consuming FileSink) throws -> WrittenFile {
        if let parts { return try parts.writeLedger(result, expected: ledger, to: sink) }
        let (entries, balances) = try JournalFile(result: result, expected: ledger).write(to: sink)
        return RunFiles.written(entries: entries, balances, expected: ledger)
    }

    /// The ledger's accounts are to it what columns of money are to a table.
    static func written(
        entries: Int, _ balances: LedgerBalances, expected: LedgerBalances
    ) -> WrittenFile {
        let accounts = LedgerAccount.allCases
        return WrittenFile(
            file: JournalFile.file, rows: entries,
            sums: accounts.map { .init(column: $0.name, sums: balances[$0]) },
            controls: TableControls(
                rows: nil,
                sums: Dictionary(uniqueKeysWithValues: accounts.map { ($0.name, expected[$0]) })))
    }
}
