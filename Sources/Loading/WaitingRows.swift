import Diagnostics
import Emission
import Records
import Reporting
import Rules
import RunStore
import Time

/// What runs emitted and no dump shows yet, as the latest run handed it on.
struct WaitingRows {
    private struct Row: Hashable {
        let thing: EmittedThing
        let id: String
        /// The as-of of the run that emitted it: a later finding takes the place of an earlier one.
        let emitted: String
    }

    private let rows: Set<Row>

    /// Reads what a run handed on.
    ///
    /// - Throws: `TrueupError.run` where the file is not as a run wrote it.
    init(runFolder: String) throws {
        var rows: Set<Row> = []
        let file = EmittedRows(
            path: "\(runFolder)/\(CarriedEmissionsFile.name)", fields: CarriedEmissionsFile.columns,
            isCarried: true)
        let things = Dictionary(
            uniqueKeysWithValues: EmittedThing.allCases.map { ($0.word, $0) })
        try file.forEach { values in
            guard let thing = things[values["thing"] ?? ""] else { return }
            rows.insert(
                Row(
                    thing: thing, id: values["id"] ?? "", emitted: values["emitted_at"] ?? ""))
        }
        self.rows = rows
    }

    /// Whether a row of a run's file is still to be loaded, as far as anybody knows: of what no dump
    /// ever shows nobody does, and loading it again does no harm.
    func contains(_ values: [String: String], of file: EmittedFile, by run: RunID) -> Bool {
        guard let (thing, field) = file.shownByDumps else { return true }
        let row = Row(
            thing: thing, id: values[field] ?? "", emitted: TimeText.text(run.asOf))
        return rows.contains(row)
    }
}

extension EmittedFile {
    /// What a row of the file is, and which field says which; nil for what no dump shows.
    fileprivate var shownByDumps: (EmittedThing, String)? {
        switch self {
        case .newBookings: (.booking, "booking_id")
        case .newTickets: (.ticket, "ticket_id")
        case .bookingLinks: (.bookingLink, "booking_id")
        case .statusUpdates: (.statusUpdate, "payment_id")
        case .orderUpdates: (.orderUpdate, "id")
        case .sessionUpdates: (.sessionUpdate, "id")
        case .transactions, .payouts, .payoutLines: nil
        }
    }
}
