/// Names and values as PostgreSQL reads them, whatever they hold.
enum SQLText {
    /// A name in double quotes; a dot sets a schema apart from its table.
    static func name(_ text: String) -> String {
        text.split(separator: ".", omittingEmptySubsequences: false)
            .map { part($0) }.joined(separator: ".")
    }

    /// A column's name in double quotes; a dot in it is part of the name.
    static func column(_ text: String) -> String { part(text[...]) }

    private static func part(_ text: Substring) -> String {
        "\"" + text.replacing("\"", with: "\"\"") + "\""
    }

    /// A value in single quotes, of which PostgreSQL makes the column's own type; NULL for nothing.
    ///
    /// The script turns `standard_conforming_strings` on, so that a backslash is only that.
    static func value(_ text: String) -> String {
        text.isEmpty ? "NULL" : "'" + text.replacing("'", with: "''") + "'"
    }
}
