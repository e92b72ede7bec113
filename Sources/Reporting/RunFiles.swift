import Diagnostics
import Ingestion
import Parallel
import Records
import RunStore
import Synchronization

/// Writes every table of a run, several at once.
public struct RunFiles: Sendable {
    let result: RunResult

    /// Prepares the writing.
    public init(_ result: RunResult) { self.result = result }

    /// How many rows each file got, by name, in order of the names.
    public typealias RowCounts = [(file: String, rows: Int)]

    /// The contract's tables, the largest first.
    ///
    /// Each is written by one thread, so the largest must not be begun last.
    private var tables: [any OutputTable] {
        let all: [any OutputTable] = [
            PaymentsTable(result: result), SettlementsTable(result: result),
            BookingsTable(result: result), StatusUpdatesTable(result: result),
            BookingLinksTable(result: result), NewBookingsTable(result: result, isTickets: false),
            NewBookingsTable(result: result, isTickets: true), TransactionsTable(result: result),
            PayoutsTable(result: result), PayoutLinesTable(result: result),
            BreaksTable(result: result), RejectsTable(result: result), RepeatsTable(result: result),
            CarriedEmissionsTable(result: result),
            CarriedItemsTable(result: result), CarriedDecisionsTable(result: result),
            ClearedTable(result: result),
            EmptyTable(
                file: "order_updates.csv",
                columns: ["id", "payment_id", "from_status", "to_status"]),
            EmptyTable(
                file: "session_updates.csv",
                columns: ["id", "booking_id", "from_status", "to_status"]),
        ]
        return (all + carried).sorted { $0.weight > $1.weight }
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

    /// Writes all tables and the dashboards.
    ///
    /// - Parameters:
    ///   - create: Opens a file of the run by name.
    ///   - workers: The threads among which the files are shared out.
    /// - Returns: How many rows each file got.
    /// - Throws: The first failure; the run is then not to be published.
    public func write(
        create: @Sendable (String) throws -> FileSink, workers: Workers
    ) throws -> RowCounts {
        let tables = tables
        let state = Mutex<(counts: RowCounts, failure: (any Error)?)>(([], nil))
        workers.forEach(tables.count + 1) { task in
            if state.withLock({ $0.failure != nil }) { return }
            do {
                // The dashboards are the largest work beside the payments.
                let place = task == 1 ? tables.count : task > 1 ? task - 1 : 0
                let written: (String, Int)
                if place == tables.count {
                    let sink = try create(DashboardLines.file)
                    written = (DashboardLines.file, try DashboardLines(result).write(to: sink))
                } else {
                    let table = tables[place]
                    var out = RowWriter(sink: try create(table.file), columns: table.columns)
                    try table.write(to: &out)
                    written = (table.file, try out.close())
                }
                state.withLock { $0.counts.append(written) }
            } catch {
                state.withLock { $0.failure = $0.failure ?? error }
            }
        }
        let (counts, failure) = state.withLock { $0 }
        if let failure { throw failure }
        return counts.sorted { $0.file < $1.file }
    }
}
