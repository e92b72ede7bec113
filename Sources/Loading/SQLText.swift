import Diagnostics
import Rules

/// Names and values as PostgreSQL reads them, whatever they hold and however a session is set up.
///
/// Texts are gone through by their Unicode scalars: to Swift a quote with a combining accent behind
/// it is a character of its own, to the server it is the end of the text.
enum SQLText {
    /// A table's name with each part in double quotes.
    static func name(_ table: TableName) -> String {
        table.parts.map(column).joined(separator: ".")
    }

    /// A column's name in double quotes; a dot in it is part of the name.
    static func column(_ text: String) -> String { doubled(["\""], in: text, quote: "\"") }

    /// A value in single quotes, of which PostgreSQL makes the column's own type; NULL for nothing.
    ///
    /// Where it has a backslash it says that backslashes are escapes, so that it is read alike
    /// whether or not `standard_conforming_strings` is on. A character that would drive the terminal
    /// that shows the script, or deceive its reader, is written as an escape of its number. What no
    /// text of PostgreSQL can hold, NUL,
    /// is left out.
    static func value(_ text: String) -> String {
        let text = text.utf8.contains(0) ? text.withoutNUL : text
        if text.isEmpty { return "NULL" }
        let isEscaped = text.unicodeScalars.contains { $0 == "\\" || isHidden($0) }
        let doubled = doubled(["'", "\\"], in: text, quote: "'")
        return isEscaped ? "E" + shown(doubled) : doubled
    }

    /// Lines and tabs stand as they are: they harm nobody, and long texts are read by them.
    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isUnseen && scalar != "\n" && scalar != "\t"
    }

    /// The text with what is hidden as escapes, which count as the same characters.
    private static func shown(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            guard isHidden(scalar) else {
                result.unicodeScalars.append(scalar)
                continue
            }
            let digits = String(scalar.value, radix: 16)
            let isLong = digits.count > 4
            result += isLong ? "\\U" : "\\u"
            result += String(repeating: "0", count: (isLong ? 8 : 4) - digits.count) + digits
        }
        return result
    }

    private static func doubled(
        _ signs: Set<Unicode.Scalar>, in text: String, quote: Unicode.Scalar
    ) -> String {
        var result = String.UnicodeScalarView([quote])
        for scalar in text.unicodeScalars {
            if signs.contains(scalar) { result.append(scalar) }
            result.append(scalar)
        }
        result.append(quote)
        return String(result)
    }
}

extension String {
    fileprivate var withoutNUL: String {
        String(String.UnicodeScalarView(unicodeScalars.filter { $0 != "\0" }))
    }
}
