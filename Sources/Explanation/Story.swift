import Diagnostics
import Reporting

/// A line of a section: what is told, and the place or the name that it is about.
struct StoryLine: Sendable, Hashable {
    /// What stands before the text, such as `payments.csv:12`; empty for nothing.
    var label: String
    var text: String

    /// A line with a label.
    init(_ label: String, _ text: String) {
        self.label = label
        self.text = text
    }

    /// A sentence of its own.
    init(_ text: String) { self.init("", text) }
}

/// A part of a chapter under a heading of its own.
struct StorySection: Sendable, Hashable {
    let title: String
    let lines: [StoryLine]
}

/// All that is told of one payment, line, booking, order, session, transaction, payout or
/// break.
struct Chapter: Sendable, Hashable {
    /// The word for programs: `payment`, say.
    let kind: String
    let id: String
    /// The heading, without the id.
    let title: String
    /// Sections without lines are left out.
    var sections: [StorySection] = []

    init(_ kind: String, _ id: String, title: String) {
        self.kind = kind
        self.id = id
        self.title = title
    }

    /// Adds a section, unless it has no lines.
    mutating func add(_ title: String, _ lines: [StoryLine]) {
        if !lines.isEmpty { sections.append(StorySection(title: title, lines: lines)) }
    }
}

/// How stories are set for people: plain text of 80 columns.
enum StoryText {
    static let width = 80
    /// Labels longer than this have their text on the line below.
    private static let widestLabel = 26

    static func text(_ chapters: [Chapter], run: String) -> String {
        var lines: [String] = []
        for chapter in chapters {
            if !lines.isEmpty { lines.append("") }
            let heading = "\(chapter.title) \(Finding.printable(chapter.id))"
            lines += [heading, String(repeating: "=", count: min(heading.count, width))]
            for section in chapter.sections {
                lines += ["", section.title]
                let labels = section.lines.map { Finding.printable($0.label).count }
                let column = labels.filter { $0 <= widestLabel }.max() ?? 0
                for line in section.lines { lines += set(line, column) }
            }
        }
        lines += ["", "Told by run \(run)."]
        return lines.map { $0 + "\n" }.joined()
    }

    private static func set(_ line: StoryLine, _ column: Int) -> [String] {
        let label = Finding.printable(line.label)
        let indent = label.isEmpty ? 2 : column + 4
        let words = wrapped(Finding.printable(line.text), to: width - indent)
        let margin = String(repeating: " ", count: indent)
        if label.isEmpty { return words.map { margin + $0 } }
        if label.count > column { return ["  " + label] + words.map { margin + $0 } }
        let first = "  " + label + String(repeating: " ", count: indent - 2 - label.count)
        return words.enumerated().map { ($0.offset == 0 ? first : margin) + $0.element }
    }

    /// Lines of at most so many columns; a longer word has a line of its own.
    private static func wrapped(_ text: String, to width: Int) -> [String] {
        var lines: [String] = []
        var current = ""
        for word in text.split(separator: " ") {
            if !current.isEmpty, current.count + 1 + word.count > width {
                lines.append(current)
                current = ""
            }
            current += (current.isEmpty ? "" : " ") + word
        }
        lines.append(current)
        return lines
    }
}
