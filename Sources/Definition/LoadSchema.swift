import Diagnostics
import Rules

/// The section `load`: how what a run emitted goes into the business's own tables.
enum LoadSchema {
    static let load = Shape<[EmittedFile: LoadedTable]>.mapping(
        [:],
        EmittedFile.allCases.map { file in
            Key(file.rawValue, \.[file], table(of: file).optional, summary(of: file))
        }
    ).map { tables in
        var rules = LoadRules()
        rules.tables = tables
        return rules
    }

    private static func summary(of file: EmittedFile) -> String {
        file.changesRows
            ? "The table whose rows \(file.rawValue).csv changes."
            : "The table that takes the rows of \(file.rawValue).csv."
    }

    private static func table(of file: EmittedFile) -> Shape<LoadedTable> {
        .mapping(
            LoadedTable(table: ""),
            [
                .required(
                    "table", \.table, tableName,
                    example: "table: bookings",
                    "The table, perhaps with its schema before a dot; a name with a dot of its "
                        + "own stands in double quotes."),
                .required(
                    "key", \.key,
                    .oneOrList(
                        of: identifier("a column's name", example: "booking_id"), "columns",
                        example: "[booking_id]"),
                    example: "key: booking_id",
                    "The columns that tell its rows apart; the table has a unique constraint on "
                        + "them."),
                .required(
                    "columns", \.columns, columns(of: file),
                    example: "columns: {\(file.fields[0]): \(file.fields[0])}",
                    "For each column of the table a field of \(file.rawValue).csv, or run or "
                        + "as_of."),
                Key(
                    "values", \.values, values,
                    "For columns with words of their own: the table's word for each of ours; by "
                        + "default the first that the dump has for it."),
            ],
            check: { node, decoding in
                requireKeyAmongColumns(node, &decoding)
                requireNames(node, &decoding)
                requireChange(of: file, node, &decoding)
            })
    }

    private static let tableName = identifier("a table's name", example: "public.bookings")
        .checked { text, node, decoding in
            guard TableName(text) == nil else { return }
            decoding.report(
                "\(decoding.place) is not a table's name", at: node.position,
                expected: "a name, or a schema, a dot and a name, each of at most "
                    + "\(TableName.longestPart) bytes",
                found: node.shown, remedy: "write it like public.bookings")
        }

    private static func identifier(_ noun: String, example: String) -> Shape<String> {
        .text(noun, example: example)
    }

    private static func columns(of file: EmittedFile) -> Shape<[LoadedColumn]> {
        Shape.named(
            "columns", example: "\(file.fields[0]): \(file.fields[0])", value(of: file)
        ).map { columns in columns.map { LoadedColumn(column: $0.name, value: $0.value) } }
    }

    /// A field of the file, or the same in every row.
    private static func value(of file: EmittedFile) -> Shape<LoadedValue> {
        let field = Shape<String>.choice((file.fields + EmittedFile.ofTheRun).map { ($0, $0) })
        let constant = Shape<String>.mapping(
            "",
            [
                .required(
                    "constant", \.self, .text("a constant", example: "ticket"),
                    example: "constant: ticket", "The same value in every row.")
            ])
        return Shape<LoadedValue>(schema: ["anyOf": [field.schema, constant.schema]]) {
            node, decoding in
            if case .mapping = node.content {
                return constant.read(node, &decoding).map { .constant($0) }
            }
            return field.read(node, &decoding).map { .field($0) }
        }
    }

    private static let values = Shape.named(
        "columns", example: "status: {succeeded: paid}",
        Shape.named(
            "words", example: "succeeded: paid", Shape.text("a word of the table", example: "paid")
        ).map { words in Dictionary(words.map { ($0.name, $0.value) }) { $1 } }
    ).map { columns in Dictionary(columns.map { ($0.name, $0.value) }) { $1 } }

    /// Without its key among the columns no row could be found again.
    private static func requireKeyAmongColumns(_ node: YAMLNode, _ decoding: inout Decoding) {
        guard let keys = node["key"], let columns = node["columns"] else { return }
        let names = columns.entries.map(\.key)
        for key in keys.elements {
            guard case .scalar(let name, _) = key.content, !key.isNull, !names.isEmpty,
                !names.contains(name)
            else { continue }
            let nearest = nearestWord(to: name, among: names)
            decoding.report(
                "\(decoding.place).key is not one of the columns", at: key.position,
                expected: "one of " + listed(names.map { quoted($0) }, "or"), found: key.shown,
                remedy: nearest.map { "write \($0), if that is meant" } ?? "add it to the columns")
        }
    }

    /// PostgreSQL cuts off names that are too long, and could then mean another column.
    private static func requireNames(_ node: YAMLNode, _ decoding: inout Decoding) {
        for entry in node["columns"]?.entries ?? [] where !TableName.isName(entry.key) {
            decoding.report(
                "\(decoding.place).columns has a name that no column has", at: entry.position,
                expected: "a name of at most \(TableName.longestPart) bytes, without NUL",
                found: quoted(entry.key), remedy: "write the name that the table has")
        }
    }

    /// A file that changes rows is of no use without what it changes.
    private static func requireChange(
        of file: EmittedFile, _ node: YAMLNode, _ decoding: inout Decoding
    ) {
        guard let change = file.changedField, let columns = node["columns"],
            !columns.entries.isEmpty
        else { return }
        let keys = (node["key"]?.elements ?? []).compactMap(scalar)
        let isGiven = columns.entries.contains { entry in
            scalar(entry.value) == change && !keys.contains(entry.key)
        }
        guard !isGiven else { return }
        decoding.report(
            "\(decoding.place).columns changes nothing", at: columns.position,
            expected: "a column beside the key that is given \(change)",
            found: listed(columns.entries.prefix(12).map { quoted($0.key) }),
            remedy: "add \(file.changedColumn): \(change), by the name that the column has")
    }

    private static func scalar(_ node: YAMLNode) -> String? {
        guard case .scalar(let text, _) = node.content else { return nil }
        return text
    }
}

extension EmittedFile {
    /// The field that a row of the file changes in its table; nil where rows are added.
    fileprivate var changedField: String? {
        guard changesRows else { return nil }
        return self == .bookingLinks ? "payment_id" : "to_status"
    }

    /// What a table is likely to call it.
    fileprivate var changedColumn: String { self == .bookingLinks ? "payment_id" : "status" }
}
