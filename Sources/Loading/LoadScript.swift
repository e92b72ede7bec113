import Definition
import DelimitedText
import Diagnostics
import Records
import Rules
import RunStore
import Time

/// SQL for PostgreSQL that loads what a run emitted, in one transaction, and that does nothing when
/// it is run again.
public struct LoadScript: Sendable {
    private let definition: PipelineDefinition
    private let run: RunID
    private let folder: String

    /// How many rows one statement inserts.
    private static let rowsPerStatement = 500

    /// Prepares the script of a published run, by the definition that the run itself was told.
    ///
    /// - Parameters:
    ///   - output: The output folder.
    ///   - run: The run; nil for the latest.
    /// - Throws: `TrueupError.run` where there is no such run, `TrueupError.definition` where its
    ///   definition says nothing of loading.
    public init(output: String, run: RunID?) throws(TrueupError) {
        let history = try RunHistory(path: output)
        self.run = try history.existing(run)
        folder = history.folder(of: self.run)
        let path = folder + "/definition.yaml"
        definition = try PipelineDefinition.load(path: path, isKnownZone: Zone.isKnown)
        guard !definition.load.tables.isEmpty else {
            throw .definition(
                Findings([
                    Finding(
                        "the definition does not say into which tables to load",
                        at: SourcePosition(file: path), expected: "a section load",
                        remedy: "add load: {new_bookings: {table: bookings, key: booking_id, "
                            + "columns: {booking_id: booking_id}}} and run again")
                ]))
        }
    }

    /// Writes the script, piece by piece.
    ///
    /// - Throws: `TrueupError.run` where a file of the run cannot be read; whatever `write` throws.
    public func write(_ write: (String) throws -> Void) throws {
        try write(
            """
            -- What run \(run) of the pipeline \(definition.name) emitted.
            -- Loading it twice changes nothing the second time.
            BEGIN;
            SET LOCAL standard_conforming_strings = on;
            SET LOCAL client_encoding = 'UTF8';

            """)
        for file in EmittedFile.allCases {
            guard let table = definition.load.tables[file] else { continue }
            try self.write(file, table, write)
        }
        try write("COMMIT;\n")
    }

    private func write(
        _ file: EmittedFile, _ table: LoadedTable, _ write: (String) throws -> Void
    ) throws {
        var pending: [String] = []
        try EmittedRows(path: "\(folder)/\(file.rawValue).csv", fields: file.fields).forEach {
            values in
            if file.changesRows {
                try write(update(file, table, values))
                return
            }
            pending.append("  (" + row(file, table, values) + ")")
            guard pending.count == LoadScript.rowsPerStatement else { return }
            try write(insert(table, pending))
            pending.removeAll()
        }
        if !pending.isEmpty { try write(insert(table, pending)) }
    }

    // MARK: Statements

    private func insert(_ table: LoadedTable, _ rows: [String]) -> String {
        let columns = table.columns.map { SQLText.column($0.column) }.joined(separator: ", ")
        let key = table.key.map(SQLText.column).joined(separator: ", ")
        return "INSERT INTO \(SQLText.name(table.table)) (\(columns)) VALUES\n"
            + rows.joined(separator: ",\n") + "\nON CONFLICT (\(key)) DO NOTHING;\n"
    }

    private func row(
        _ file: EmittedFile, _ table: LoadedTable, _ values: [String: String]
    ) -> String {
        table.columns.map { SQLText.value(value(of: $0, file, table, values)) }
            .joined(separator: ", ")
    }

    /// A status is changed only where it still is what the run saw: what somebody has changed since
    /// is newer, and the second time nothing is left to change.
    private func update(
        _ file: EmittedFile, _ table: LoadedTable, _ values: [String: String]
    ) -> String {
        func equation(_ column: LoadedColumn) -> String {
            "\(SQLText.column(column.column)) = "
                + SQLText.value(value(of: column, file, table, values))
        }
        let changes = table.columns.filter { !table.key.contains($0.column) }
        var conditions = table.columns.filter { table.key.contains($0.column) }.map(equation)
        for column in changes where column.value == .field("to_status") {
            let words = words(before: values["from_status"] ?? "", file, table, column)
            guard !words.isEmpty else {
                conditions.append("\(SQLText.column(column.column)) IS NULL")
                continue
            }
            conditions.append(
                "\(SQLText.column(column.column)) IN (\(words.map(SQLText.value).joined(separator: ", ")))"
            )
        }
        if file == .bookingLinks {
            // A booking that names a payment meanwhile is left alone.
            conditions += changes.map { "\(SQLText.column($0.column)) IS NULL" }
        }
        return "UPDATE \(SQLText.name(table.table)) SET "
            + changes.map(equation).joined(separator: ", ") + " WHERE "
            + conditions.joined(separator: " AND ") + ";\n"
    }

    // MARK: Values

    private func value(
        of column: LoadedColumn, _ file: EmittedFile, _ table: LoadedTable,
        _ values: [String: String]
    ) -> String {
        switch column.value {
        case .constant(let text): return text
        case .field("run"): return run.text
        case .field("as_of"): return TimeText.text(run.asOf)
        case .field(let field):
            let ours = values[field] ?? ""
            if let words = table.values[column.column] { return words[ours] ?? ours }
            // The dump's first word for one of ours.
            let isStatus = field == "status" || field == "to_status"
            return isStatus ? dumpWords(for: ours, file).first ?? ours : ours
        }
    }

    /// Every word by which the table may call the status that the run saw.
    private func words(
        before ours: String, _ file: EmittedFile, _ table: LoadedTable, _ column: LoadedColumn
    ) -> [String] {
        guard !ours.isEmpty else { return [] }
        var words = dumpWords(for: ours, file)
        words.append(table.values[column.column]?[ours] ?? ours)
        var seen: Set<String> = []
        return words.filter { seen.insert($0).inserted }
    }

    private func dumpWords(for ours: String, _ file: EmittedFile) -> [String] {
        guard let kind = file.kindOfStatus else { return [] }
        return (definition.inputs[kind] ?? []).flatMap { $0.values["status"]?[ours] ?? [] }
    }
}

extension EmittedFile {
    /// The kind of dump whose words a status of the file has; nil where no dump has it.
    fileprivate var kindOfStatus: RecordKind? {
        switch self {
        case .statusUpdates: .payments
        case .newBookings, .newTickets: .bookings
        case .orderUpdates: .orders
        case .sessionUpdates: .sessions
        case .bookingLinks, .transactions, .payouts, .payoutLines: nil
        }
    }
}
