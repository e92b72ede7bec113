import Definition
import DelimitedText
import Diagnostics
import Rules
import RunStore
import Time

/// SQL for PostgreSQL that loads what runs emitted, in one transaction, and that does nothing when
/// it is run again.
public struct LoadScript: Sendable {
    /// Of which runs.
    public enum Scope: Sendable, Hashable {
        /// Of one run; nil for the latest.
        case run(RunID?)
        /// Of all published runs, as far as no dump shows it yet.
        case unloaded
    }

    private let definition: PipelineDefinition
    private let history: RunHistory
    /// Oldest first; never empty.
    private let runs: [RunID]
    /// What is left out where it has been loaded; nil where nothing is.
    private let waiting: WaitingRows?

    /// How many rows one statement inserts.
    private static let rowsPerStatement = 500

    /// Prepares the script, by the definition that the newest of the runs was told.
    ///
    /// - Throws: `TrueupError.run` where there is no such run, `TrueupError.definition` where its
    ///   definition says nothing of loading.
    public init(output: String, _ scope: Scope) throws {
        history = try RunHistory(path: output)
        let newest: RunID
        switch scope {
        case .run(let run):
            newest = try history.existing(run)
            runs = [newest]
            waiting = nil
        case .unloaded:
            newest = try history.existing(nil)
            runs = try history.runs()
            waiting = try WaitingRows(runFolder: history.folder(of: newest))
        }
        let path = history.folder(of: newest) + "/definition.yaml"
        definition = try PipelineDefinition.load(path: path, isKnownZone: Zone.isKnown)
        guard !definition.load.tables.isEmpty else {
            throw TrueupError.definition(
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
    /// - Throws: `TrueupError.run` where a file of a run cannot be read, or where a row has nothing
    ///   for the key of its table; whatever `write` throws.
    public func write(_ write: (String) throws -> Void) throws {
        let what =
            waiting == nil
            ? "What run \(runs[0]) of the pipeline \(definition.name) emitted."
            : "What the pipeline \(definition.name) emitted and no dump shows yet."
        try write(
            """
            -- \(what)
            -- Loading it twice changes nothing the second time.
            BEGIN;
            SET LOCAL client_encoding = 'UTF8';
            SET LOCAL timezone = 'UTC';

            """)
        for run in runs {
            for file in EmittedFile.allCases {
                guard let table = definition.load.tables[file] else { continue }
                try self.write(TableStatements(file, table, definition, run: run), write)
            }
        }
        try write("COMMIT;\n")
    }

    private func write(
        _ statements: TableStatements, _ write: (String) throws -> Void
    ) throws {
        let (file, run) = (statements.file, statements.run)
        var pending: [String] = []
        let rows = EmittedRows(
            path: "\(history.folder(of: run))/\(file.rawValue).csv", fields: file.fields)
        try rows.forEach { values in
            if let waiting, !waiting.contains(values, of: file, by: run) { return }
            if file.changesRows {
                try write(statements.update(values))
                return
            }
            pending.append(try statements.row(values))
            guard pending.count == LoadScript.rowsPerStatement else { return }
            try write(statements.insert(pending))
            pending.removeAll()
        }
        if !pending.isEmpty { try write(statements.insert(pending)) }
    }
}
