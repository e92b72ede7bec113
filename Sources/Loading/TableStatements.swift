import Definition
import Diagnostics
import Records
import Rules
import RunStore
import Time

/// The SQL that takes the rows of one of a run's files into the table that a definition names.
struct TableStatements {
    let file: EmittedFile
    let table: LoadedTable
    let definition: PipelineDefinition
    let run: RunID

    private let name: String

    /// - Throws: `TrueupError.definition` where the name is none, which checking tells before a run.
    init(
        _ file: EmittedFile, _ table: LoadedTable, _ definition: PipelineDefinition, run: RunID
    ) throws(TrueupError) {
        guard let name = TableName(table.table) else {
            throw .definition(
                Findings([
                    Finding(
                        "load.\(file.rawValue).table is no table's name", found: table.table,
                        remedy: "correct the definition, and run again")
                ]))
        }
        self.file = file
        self.table = table
        self.definition = definition
        self.run = run
        self.name = SQLText.name(name)
    }

    // MARK: What is new

    /// One statement for several rows; a row that is there already stays as it is.
    func insert(_ rows: [String]) -> String {
        let columns = table.columns.map { SQLText.column($0.column) }.joined(separator: ", ")
        let key = table.key.map(SQLText.column).joined(separator: ", ")
        return "INSERT INTO \(name) (\(columns)) VALUES\n" + rows.joined(separator: ",\n")
            + "\nON CONFLICT (\(key)) DO NOTHING;\n"
    }

    /// A row of such a statement.
    ///
    /// - Throws: `TrueupError.run` where a column of the key would be empty.
    func row(_ values: [String: String]) throws(TrueupError) -> String {
        try requireKey(values)
        return "  ("
            + table.columns.map { SQLText.value(value(of: $0, values)) }.joined(separator: ", ")
            + ")"
    }

    // MARK: What changes

    /// Changes a row only where it still is what the run saw: what somebody has changed since is
    /// newer, and the second time nothing is left to change.
    ///
    /// - Throws: `TrueupError.run` where a column of the key would be empty.
    func update(_ values: [String: String]) throws(TrueupError) -> String {
        try requireKey(values)
        func equation(_ column: LoadedColumn) -> String {
            "\(SQLText.column(column.column)) = \(SQLText.value(value(of: column, values)))"
        }
        let changes = table.columns.filter { !table.key.contains($0.column) }
        let conditions =
            table.columns.filter { table.key.contains($0.column) }.map(equation)
            + changes.compactMap { unchanged($0, values) }
        return "UPDATE \(name) SET " + changes.map(equation).joined(separator: ", ") + " WHERE "
            + conditions.joined(separator: " AND ") + ";\n"
    }

    /// The condition that a column still has what the run saw; nil for what no run sees.
    ///
    /// Compared as text, so that a column with a type of its own needs none of the words, and as
    /// dumps are read: in any case, without blanks around.
    private func unchanged(_ column: LoadedColumn, _ values: [String: String]) -> String? {
        let text = "btrim(\(SQLText.column(column.column))::text)"
        switch column.value {
        case .field("to_status"):
            let words = words(before: values["from_status"] ?? "", column)
            // A status that the run saw empty is still unchanged while it is empty.
            guard !words.isEmpty else { return "coalesce(\(text), '') = ''" }
            return "lower(\(text)) IN (\(words.map(SQLText.value).joined(separator: ", ")))"
        case .field("payment_id") where file == .bookingLinks:
            // A booking that names a payment meanwhile is left alone.
            return "coalesce(\(text), '') = ''"
        default: return nil
        }
    }

    // MARK: Values

    /// Without its key a row would be put in once more each time, or never be found.
    private func requireKey(_ values: [String: String]) throws(TrueupError) {
        for column in table.columns
        where table.key.contains(column.column) && value(of: column, values).isEmpty {
            throw .run(
                Finding(
                    "a row of \(file.rawValue).csv has nothing for the key of its table",
                    expected: "a value for \(table.table).\(column.column)",
                    found: "an empty field",
                    remedy: "name columns under load.\(file.rawValue).key that every row fills, "
                        + "and run again"))
        }
    }

    private func value(of column: LoadedColumn, _ values: [String: String]) -> String {
        switch column.value {
        case .constant(let text): return text
        case .field("run"): return run.text
        case .field("as_of"): return TimeText.text(run.asOf)
        case .field(let field):
            let ours = values[field] ?? ""
            if let words = table.values[column.column] { return words[ours] ?? ours }
            // The dump's first word for one of ours.
            let isStatus = field == "status" || field == "to_status"
            return isStatus ? dumpWords(for: ours).first ?? ours : ours
        }
    }

    /// Every word, in lower case, by which the table may call the status that the run saw.
    private func words(before ours: String, _ column: LoadedColumn) -> [String] {
        guard !ours.isEmpty else { return [] }
        var words = dumpWords(for: ours)
        words.append(table.values[column.column]?[ours] ?? ours)
        var seen: Set<String> = []
        return words.map { $0.lowercased() }.filter { seen.insert($0).inserted }
    }

    private func dumpWords(for ours: String) -> [String] {
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
