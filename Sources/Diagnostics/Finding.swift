/// How much a finding matters.
public enum Severity: String, Sendable, Comparable, CaseIterable {
    case info, warning, error

    /// `info` is the least.
    public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .info: 0
        case .warning: 1
        case .error: 2
        }
    }
}

/// A place in a file that a person can go to.
public struct SourcePosition: Sendable, Hashable {
    /// The path as the user named it.
    public var file: String
    /// The line, from 1; 0 means the file as a whole.
    public var line: Int
    /// The column in bytes, from 1; 0 means the line as a whole.
    public var column: Int

    /// Creates a position; leave `line` and `column` out to mean the whole file.
    public init(file: String, line: Int = 0, column: Int = 0) {
        self.file = file
        self.line = line
        self.column = column
    }
}

extension SourcePosition: CustomStringConvertible {
    /// `file`, `file:line` or `file:line:column`, as compilers write it; the name is made
    /// printable, since a hostile file chooses it.
    public var description: String {
        let name = Finding.printable(file)
        if line == 0 { return name }
        return column == 0 ? "\(name):\(line)" : "\(name):\(line):\(column)"
    }
}

/// One thing that is wrong, or worth knowing, with what to do about it.
///
/// The text of a finding never holds a whole row: rows hold personal data.
public struct Finding: Error, Sendable, Hashable {
    /// How much it matters.
    public var severity: Severity
    /// Where; nil where no file is concerned (a command line, say).
    public var position: SourcePosition?
    /// What is wrong, in one line without a full stop.
    public var summary: String
    /// What would have been right.
    public var expected: String?
    /// What stood there instead.
    public var found: String?
    /// What to do about it.
    public var remedy: String?

    /// Creates a finding; by default an error.
    public init(
        _ summary: String, severity: Severity = .error, at position: SourcePosition? = nil,
        expected: String? = nil, found: String? = nil, remedy: String? = nil
    ) {
        self.summary = summary
        self.severity = severity
        self.position = position
        self.expected = expected
        self.found = found
        self.remedy = remedy
    }
}

extension Finding: CustomStringConvertible {
    /// The one message format: `file:line:column: severity: summary`, then what was expected, what
    /// was found and what to do, each on a line of its own.
    public var description: String {
        var text = position.map { "\($0): " } ?? "trueup: "
        text += "\(severity.rawValue): \(Finding.shortened(summary))"
        for (label, value) in [("expected", expected), ("found", found), ("to do", remedy)] {
            guard let value else { continue }
            text += "\n    \(label): \(Finding.shortened(value))"
        }
        return text
    }

    /// What a reader takes in: a name in a hostile file may be a megabyte long.
    private static let mostCharacters = 2000

    /// A text made printable; of a very long one the beginning and the end, where the reason stands.
    private static func shortened(_ text: String) -> String {
        let characters = text.unicodeScalars
        guard text.utf8.count > mostCharacters, characters.count > mostCharacters else {
            return printable(text)
        }
        let kept = mostCharacters / 2
        return printable(String(characters.prefix(kept)))
            + " … \(characters.count - 2 * kept) more characters … "
            + printable(String(characters.suffix(kept)))
    }

    /// The text with control, invisible and direction-changing characters made visible, so that a
    /// hostile file can neither drive the terminal that shows it nor deceive its reader.
    ///
    /// Joiners are left alone, which names and emoji need.
    public static func printable(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar.isUnseen {
                result += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}

extension Unicode.Scalar {
    /// Whether it is invisible, drives a terminal, or changes the direction of what stands around it.
    public var isUnseen: Bool {
        switch value {
        case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200B, 0x200E, 0x200F, 0x2028...0x202E,
            0x2060...0x206F, 0xFEFF, 0xFFF9...0xFFFB, 0xE0000...0xE007F:
            true
        default: false
        }
    }
}

/// Several findings thrown as one error, in the order in which a reader meets them.
public struct Findings: Error, Sendable, CustomStringConvertible {
    /// Never empty.
    public let all: [Finding]

    /// Creates the error.
    ///
    /// - Precondition: there is at least one finding.
    public init(_ all: [Finding]) {
        precondition(!all.isEmpty, "an error without a finding says nothing")
        self.all = all
    }

    /// The findings, one below the other.
    public var description: String { all.map(\.description).joined(separator: "\n") }
}
