import Diagnostics
import Reconciliation

/// Rows of a name, a note, a count and amounts: the numbers at the right.
struct TextTable {
    private struct Row {
        var cells: [String]
        var severity: BreakSeverity?
        /// Stands in place of the cells.
        var line: String?
    }

    private let header: [String]
    private var rows: [Row] = []

    init(header: [String]) { self.header = header }

    /// Adds a row; each currency beyond the first takes a line of its own.
    ///
    /// `measured` stands before the amounts, in its own unit.
    mutating func add(
        _ name: String, _ note: String, _ figure: CountedValue, _ severity: BreakSeverity? = nil,
        measured: String? = nil
    ) {
        let sums = figure.value.entries.map {
            DisplayText.amount($0.sum, $0.currency, minus: .hyphen)
        }
        let amounts = (measured.map { [$0] } ?? []) + sums
        let count = DisplayText.count(figure.count, minus: .hyphen)
        rows.append(
            Row(
                cells: [Finding.printable(name), note, count, amounts.first ?? ""],
                severity: severity))
        for amount in amounts.dropFirst() { rows.append(Row(cells: ["", "", "", amount])) }
    }

    /// Adds a row of four texts that are fit to be shown.
    mutating func add(cells: [String]) {
        precondition(cells.count == header.count, "a cell for each column")
        rows.append(Row(cells: cells))
    }

    /// Adds a line of text between the rows, which takes no part in their columns.
    mutating func add(line: String) { rows.append(Row(cells: ["", "", "", ""], line: line)) }

    func lines(_ style: Style) -> [String] {
        var widths = header.map(\.count)
        for row in rows {
            for (place, cell) in row.cells.enumerated() {
                widths[place] = max(widths[place], cell.count)
            }
        }
        // Wide enough that the tables of one summary stand below each other.
        widths[1] = max(widths[1], 8)
        widths[2] = max(widths[2], 11)
        widths[3] = max(widths[3], 22)
        widths[0] = max(widths[0], TerminalSummary.width - 8 - widths[1] - widths[2] - widths[3])
        return [style.bold(line(header, widths, indent: ""))]
            + rows.map { row in
                if let text = row.line { return text }
                var cells = row.cells
                cells[1] = pad(cells[1], widths[1])
                if let severity = row.severity { cells[1] = style.colour(cells[1], severity) }
                return line(cells, widths, indent: "  ", isNotePadded: true)
            }
    }

    private func line(
        _ cells: [String], _ widths: [Int], indent: String, isNotePadded: Bool = false
    ) -> String {
        let name = pad(indent + cells[0], widths[0] + 2)
        let note = isNotePadded ? cells[1] : pad(cells[1], widths[1])
        let count = String(repeating: " ", count: widths[2] - cells[2].count) + cells[2]
        let value = String(repeating: " ", count: widths[3] - cells[3].count) + cells[3]
        let text = name + "  " + note + "  " + count + "  " + value
        return text.withoutTrailingBlanks
    }

    private func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }
}

/// Emphasis, where the terminal has it.
struct Style {
    let isColoured: Bool

    func bold(_ text: String) -> String { wrap(text, "1") }

    func dim(_ text: String) -> String { wrap(text, "2") }

    func colour(_ text: String, _ severity: BreakSeverity) -> String {
        switch severity {
        case .info: wrap(text, "32")
        case .review: wrap(text, "33")
        case .critical: wrap(text, "31")
        }
    }

    private func wrap(_ text: String, _ code: String) -> String {
        isColoured ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}

extension String {
    /// The text without the blanks at its end.
    public var withoutTrailingBlanks: String {
        guard let last = unicodeScalars.lastIndex(where: { $0 != " " }) else { return "" }
        return String(unicodeScalars[...last])
    }
}

extension DisplayText {
    /// A text in lines of at most so many characters; only a longer word takes a longer line.
    static func wrapped(_ text: String, to width: Int) -> [String] {
        var lines = [""]
        for word in text.split(separator: " ") {
            let line = lines[lines.count - 1]
            if line.isEmpty {
                lines[lines.count - 1] = String(word)
            } else if line.count + 1 + word.count <= width {
                lines[lines.count - 1] += " " + word
            } else {
                lines.append(String(word))
            }
        }
        return lines
    }
}
