import Diagnostics

/// Text for a page: nothing in it can become markup, hide itself or turn its neighbours around.
public enum HTMLText {
    /// The text with markup escaped and with every character that is invisible, or that changes
    /// the direction of others, shown by its number.
    public static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case _ where isUnseen(scalar):
                let digits = String(scalar.value, radix: 16, uppercase: true)
                let padding = String(repeating: "0", count: max(0, 4 - digits.count))
                result += "<span class=\"unseen\">U+\(padding)\(digits)</span>"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Text that comes from a dump, kept apart from the direction of what stands around it.
    static func isolated(_ text: String) -> String {
        text.isEmpty ? "" : "<bdi>\(escaped(text))</bdi>"
    }

    /// Control characters, line separators, direction marks, zero-width spaces, tags, and what
    /// XML does not allow.
    private static func isUnseen(_ scalar: Unicode.Scalar) -> Bool {
        scalar.isUnseen || scalar.value & 0xFFFE == 0xFFFE
    }
}

/// A table with a caption and headers.
///
/// Where the page is narrow, each row of a table of many columns becomes a block with a line for
/// each cell. Browsers then take it for no table any more, so its roles are written down.
struct HTMLTable {
    /// How a column is set.
    enum Column {
        case text(String)
        case number(String)
    }

    private let columns: [Column]
    private let id: String
    private let caption: String
    private var body = ""
    private var foot = ""

    /// A table without rows; `id` must be unique in the page.
    init(id: String, caption: String, columns: [Column]) {
        self.id = id
        self.caption = caption
        self.columns = columns
    }

    /// Adds a row whose first cell is its header; the cells are markup.
    mutating func add(_ cells: [String]) { body += row(cells) }

    /// Adds a row of totals at the foot; the cells are markup.
    mutating func addTotal(_ cells: [String]) { foot += row(cells) }

    private func row(_ cells: [String]) -> String {
        precondition(cells.count == columns.count, "a cell for each column")
        var html = "<tr\(role("row"))>"
        for (place, (column, cell)) in zip(columns, cells).enumerated() {
            let style = column.style
            html +=
                place == 0
                ? "<th scope=\"row\"\(role("rowheader"))\(style)>\(cell)</th>"
                : "<td\(role("cell"))\(style)\(label(column))>\(cell)</td>"
        }
        return html + "</tr>\n"
    }

    /// The markup, with a line feed at its end.
    var html: String {
        let group = role("rowgroup")
        var html = """
            <div class="scroll" role="region" tabindex="0" aria-labelledby="\(id)">
            <table\(isBroad ? " class=\"broad\"" : "")\(role("table"))>
            <caption id="\(id)">\(caption)</caption>
            <thead\(group)><tr\(role("row"))>
            """
        for column in columns {
            html += "<th scope=\"col\"\(role("columnheader"))\(column.style)>\(column.name)</th>"
        }
        html += "</tr></thead>\n<tbody\(group)>\n\(body)</tbody>\n"
        if !foot.isEmpty { html += "<tfoot\(group)>\n\(foot)</tfoot>\n" }
        return html + "</table>\n</div>\n"
    }

    private var isBroad: Bool { columns.count > 3 }

    private func role(_ name: String) -> String { isBroad ? " role=\"\(name)\"" : "" }

    /// The column's name beside the cell, for narrow pages.
    private func label(_ column: Column) -> String {
        isBroad ? " data-label=\"\(column.name)\"" : ""
    }
}

extension HTMLTable.Column {
    fileprivate var style: String {
        if case .number = self { return " class=\"number\"" }
        return ""
    }

    fileprivate var name: String {
        switch self {
        case .text(let name), .number(let name): HTMLText.escaped(name)
        }
    }
}
