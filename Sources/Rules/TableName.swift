/// A table's name as a definition writes it.
///
/// A dot sets a schema apart from its table. A part in double quotes may itself have dots, and a
/// quote in it is written twice, as in SQL.
public struct TableName: Sendable, Hashable {
    /// PostgreSQL cuts longer names off, and could then find another table.
    public static let longestPart = 63

    /// The parts without their quotes; the last is the table.
    public let parts: [String]

    /// Reads a name; nil where a part is empty, too long or has a NUL, where a quote is not closed or
    /// has something behind it, or where there are more parts than database, schema and table.
    public init?(_ text: String) {
        var parts: [String] = []
        var rest = Substring(text).unicodeScalars
        while true {
            guard let part = TableName.part(of: &rest), TableName.isName(part) else { return nil }
            parts.append(part)
            if rest.isEmpty { break }
            guard rest.removeFirst() == "." else { return nil }
        }
        guard parts.count <= 3 else { return nil }
        self.parts = parts
    }

    /// Whether PostgreSQL takes a text for a name as it stands.
    public static func isName(_ text: String) -> Bool {
        (1...longestPart).contains(text.utf8.count) && !text.utf8.contains(0)
    }

    /// Takes off the first part; nil where its quote is not closed.
    private static func part(of rest: inout Substring.UnicodeScalarView) -> String? {
        guard rest.first == "\"" else {
            let plain = rest.prefix { $0 != "." }
            rest.removeFirst(plain.count)
            return String(plain)
        }
        rest.removeFirst()
        var part = String.UnicodeScalarView()
        while let scalar = rest.popFirst() {
            if scalar == "\"" {
                guard rest.first == "\"" else { return String(part) }
                rest.removeFirst()
            }
            part.append(scalar)
        }
        return nil
    }
}
