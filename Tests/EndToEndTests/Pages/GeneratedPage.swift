import Foundation
import Testing

/// A page of the documentation whose tables are generated, each between two comments.
///
///     <!-- generated: NAME -->
///     the table
///     <!-- end -->
///
/// What stands outside them is written by people.
struct GeneratedPage {
    /// A table of a page: what the comment calls it, and its lines.
    struct Part {
        let name: String
        let text: String
    }

    let path: String

    init(_ name: String) { path = Project.root + "/Sources/Pipeline/Pipeline.docc/\(name).md" }

    private static let end = "<!-- end -->"

    /// The page as it stands.
    var text: String { get throws { try Files.text(path) } }

    /// Expects the page to have these tables and no others; `TRUEUP_RECORD=1` gives it them.
    ///
    /// A run that records fails, so that no recording passes for a test. A table of which the page
    /// does not know yet is put at its end, for somebody to move it and to write about it.
    func expect(_ parts: [Part], sourceLocation: SourceLocation = #_sourceLocation) throws {
        let text = try text
        var made = text
        for part in parts {
            let table = "\(Self.opening(part.name))\n\n\(part.text)\n\(Self.end)"
            if let place = Self.place(of: part.name, in: made) {
                made.replaceSubrange(place, with: table)
            } else {
                made += "\n## \(part.name)\n\n\(table)\n"
            }
        }
        let told = text.matches(of: #/<!-- generated: ([^>]+) -->/#).map { String($0.1) }
        #expect(
            Set(told).subtracting(parts.map(\.name)) == [], "tables of what is there no more",
            sourceLocation: sourceLocation)
        #expect(Set(told).count == told.count, "a table twice", sourceLocation: sourceLocation)
        if ProcessInfo.processInfo.environment["TRUEUP_RECORD"] != nil {
            try Files.write(made, to: path)
            Issue.record(
                "recorded \(path); look at the difference and run again without recording",
                sourceLocation: sourceLocation)
            return
        }
        let lines = zip(
            text.split(separator: "\n", omittingEmptySubsequences: false),
            made.split(separator: "\n", omittingEmptySubsequences: false))
        let first = lines.first { $0 != $1 }
        let isSame = text == made
        #expect(
            isSame,
            """
            run the tests with TRUEUP_RECORD=1 and look at the difference, which begins with
            \(first?.0 ?? "the end of the page")
            where this should stand
            \(first?.1 ?? "more, or less")
            """, sourceLocation: sourceLocation)
    }

    /// The blocks of the page that are fenced as this language, without their fences.
    func blocks(of language: String) throws -> [String] {
        try text.components(separatedBy: "\n```\(language)\n").dropFirst().map { part in
            part.components(separatedBy: "\n```")[0] + "\n"
        }
    }

    private static func opening(_ name: String) -> String { "<!-- generated: \(name) -->" }

    private static func place(of name: String, in text: String) -> Range<String.Index>? {
        guard let start = text.range(of: opening(name)),
            let end = text.range(of: end, range: start.upperBound..<text.endIndex)
        else { return nil }
        return start.lowerBound..<end.upperBound
    }
}

/// A table of Markdown.
struct MarkdownTable {
    private var lines: [String]

    init(_ columns: String...) {
        lines = [
            "| " + columns.joined(separator: " | ") + " |",
            "|" + String(repeating: "---|", count: columns.count),
        ]
    }

    mutating func add(_ cells: String...) {
        let escaped = cells.map { $0.replacing("|", with: "\\|") }
        lines.append("| " + escaped.joined(separator: " | ") + " |")
    }

    /// The table, with a line feed at its end.
    var text: String { lines.map { $0 + "\n" }.joined() }
}

/// Words as code, with commas and a last "or".
func choices(_ words: [String], _ last: String = "or") -> String {
    let codes = words.map { "`\($0)`" }
    guard codes.count > 1, let final = codes.last else { return codes.joined() }
    return codes.dropLast().joined(separator: ", ") + " \(last) " + final
}
