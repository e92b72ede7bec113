import Definition
import Money
import Records

/// Writes a guessed definition, with a comment for each guess.
struct DraftText {
    let folder: String
    let inputs: [InputGuess]
    /// Files that look like no kind of record.
    let unused: [String]
    let passedOver: [(name: String, reason: String)]

    /// A line of the definition, and what is said of it.
    private struct Line {
        var text: String
        var comment: String?
    }

    /// The whole definition; it ends with a line feed.
    var text: String {
        var lines = [
            Line(text: "# A first definition, guessed from the dumps that were there."),
            Line(text: "#"),
            Line(
                text: "# Where it says `# ?`, the guess is unsure: look at it. `trueup check` then"),
            Line(text: "# tells what would be read."),
            Line(text: ""),
        ]
        lines += head
        lines.append(Line(text: "inputs:"))
        for kind in RecordKind.allCases {
            let ofKind = inputs.filter { $0.kind == kind }
            guard !ofKind.isEmpty else { continue }
            if lines.last?.text != "inputs:" { lines.append(Line(text: "")) }
            lines.append(Line(text: "  \(kind.rawValue):"))
            for input in ofKind { lines += DraftText.lines(of: input, isListed: ofKind.count > 1) }
        }
        lines += missingKinds + notRead + hints
        return DraftText.aligned(lines)
    }

    // MARK: Parts

    private var head: [Line] {
        [
            Line(
                text: "name: \(name)", comment: "part of every id that is made: choose it for good"),
            currency,
            Line(
                text: "timezone: UTC",
                comment: "? the zone of the business; times that state none are of it"),
        ]
    }

    private var name: String {
        let last = folder.split(separator: "/").last.map(String.init) ?? ""
        let words = HeaderWords.split(last).filter { $0.utf8.allSatisfy { $0 < 0x80 } }
        let name = words.joined(separator: "-").prefix(64)
        // A folder of one night is no name.
        return name.first?.isLetter ?? false ? String(name) : "payments"
    }

    /// The currency of most payments, else of most rows of any kind.
    private var currency: Line {
        let columns = inputs.flatMap { input in
            input.fields.filter { $0.field.text == "currency" }.map { (input.kind, $0.column) }
        }
        let best = columns.first { $0.0 == .payments } ?? columns.first
        var counts: [String: Int] = [:]
        for value in best?.1.values ?? [] { counts[value.uppercased(), default: 0] += 1 }
        let most = counts.max { ($0.value, $1.key) < ($1.value, $0.key) }
        guard let best, let most, Currency(most.key) != nil else {
            return Line(text: "currency: USD", comment: "? no column says it")
        }
        let share = most.value * 100 / best.1.values.count
        return Line(
            text: "currency: \(most.key)",
            comment: (share < 90 ? "? " : "") + "of \(share) % of the \(best.0.rawValue)")
    }

    private var missingKinds: [Line] {
        let kinds = Set(inputs.map(\.kind))
        var lines = unused.isEmpty && passedOver.isEmpty ? [] : [Line(text: "")]
        if !kinds.contains(.payments) {
            lines.append(
                Line(text: "  # ? payments: no file looks like them, and they are required"))
        }
        if kinds.isDisjoint(with: [.settlements, .bookings]) {
            lines.append(
                Line(text: "  # ? settlements: no file looks like them, nor like bookings"))
        }
        return lines
    }

    private var notRead: [Line] {
        (unused.map { ($0, "it looks like no kind of record") } + passedOver).map { name, reason in
            Line(text: "  # not read: \(YAMLText.comment(name)): \(reason)")
        }
    }

    private var hints: [Line] {
        let kinds = Set(inputs.map(\.kind))
        var lines = [Line(text: "")]
        if kinds.contains(.bookings) {
            lines += [
                Line(text: "# Books what was paid for and has no booking:"),
                Line(text: "# backfill:"), Line(text: "#   kinds: {booking: {emit: booking}}"),
                Line(text: "#   default_kind: booking"),
            ]
        }
        lines.append(Line(text: "# What the gateway may charge, which its fees are held against:"))
        lines.append(Line(text: "# fees: {percent: 2.9, fixed: \"0.30\", tolerance: \"0.01\"}"))
        return lines
    }

    // MARK: Inputs

    private static func lines(of input: InputGuess, isListed: Bool) -> [Line] {
        var lines: [Line] = [filesLine(input)]
        if let preset = input.preset {
            lines.append(
                Line(
                    text: "preset: \(preset.name)",
                    comment: (preset.isExperimental ? "? experimental: " : "") + preset.title))
            if let format = FormatGuess(input).unstated(by: preset) {
                lines.append(Line(text: format.text, comment: format.comment))
            }
            if let reference = input.reference {
                lines.append(
                    Line(
                        text: "columns: {reference: \(YAMLText.scalar(reference.column))}",
                        comment: reference.reason))
            }
        } else {
            lines +=
                columnLines(input) + valueLines(input)
                + FormatGuess(input).lines.map {
                    Line(text: $0.text, comment: $0.comment)
                }
        }
        return lines.enumerated().map { index, line in
            let indent = isListed ? (index == 0 ? "    - " : "      ") : "    "
            return Line(text: indent + line.text, comment: line.comment)
        }
    }

    private static func filesLine(_ input: InputGuess) -> Line {
        let names = input.files.map(\.name)
        let glob = FileGlob.glob(for: names)
        let literal = names.map { YAMLText.scalar(FileGlob.literal($0)) }
        let text = glob ?? "[" + literal.joined(separator: ", ") + "]"
        let rows = input.files.reduce(0) { $0 + $1.rowCount }
        let isCut = input.files.contains(where: \.isCut)
        var comment = isCut ? "more than \(rows) rows" : "\(rows) rows"
        if let other = input.otherKind { comment = "? or \(other.rawValue); " + comment }
        return Line(
            text: "files: " + (glob.map(YAMLText.scalar) ?? text), comment: comment)
    }

    private static func columnLines(_ input: InputGuess) -> [Line] {
        var lines: [Line] = []
        for guess in input.fields {
            var comment = guess.reason
            if !guess.isSure { comment = comment.isEmpty ? "?" : "? " + comment }
            lines.append(
                Line(
                    text: "  \(guess.field.text): \(YAMLText.scalar(guess.column.name))",
                    comment: comment.isEmpty ? nil : comment))
        }
        let used = Set(input.fields.map(\.column.name))
        let rest = input.example.header.filter { !used.contains($0) }.map(YAMLText.comment)
        for field in input.missing {
            lines.append(
                Line(
                    text: "  # ? \(field.text): required, and no column looks like it"
                        + (rest.isEmpty ? "" : "; there are also " + rest.joined(separator: ", "))))
        }
        if input.missing.isEmpty, !rest.isEmpty {
            lines.append(Line(text: "  # not used: " + rest.joined(separator: ", ")))
        }
        return [Line(text: "columns:")] + lines
    }

    private static func valueLines(_ input: InputGuess) -> [Line] {
        var lines: [Line] = []
        for guess in input.fields {
            let words = WordGuess(guess, input.kind)
            guard !words.known.isEmpty || !words.unknown.isEmpty else { continue }
            if !words.known.isEmpty { lines.append(Line(text: "  \(guess.field.text):")) }
            for (ours, dumps) in words.known {
                let list = dumps.map(YAMLText.scalar).joined(separator: ", ")
                lines.append(Line(text: "    \(ours): [\(list)]"))
            }
            if !words.unknown.isEmpty {
                let list = words.unknown.map(YAMLText.comment).joined(separator: ", ")
                // An order in any other state is an open one.
                let without = input.kind == .orders ? "still to be paid" : "rejected"
                lines.append(
                    Line(
                        text: "  # ? \(guess.field.text): rows are \(without) "
                            + "until this is mapped: " + list))
            }
        }
        guard lines.contains(where: { !$0.text.hasPrefix("  #") }) else { return lines }
        return [Line(text: "values:")] + lines
    }

    // MARK: Text

    /// The lines with their comments below each other.
    private static func aligned(_ lines: [Line]) -> String {
        let widths = lines.filter { $0.comment != nil }.map(\.text.count).filter { $0 <= 44 }
        let width = (widths.max() ?? 0) + 2
        return lines.map { line in
            guard let comment = line.comment else { return line.text + "\n" }
            let padding = String(repeating: " ", count: max(2, width - line.text.count))
            return "\(line.text)\(padding)# \(comment)\n"
        }.joined()
    }
}

/// Texts that others chose, in YAML.
enum YAMLText {
    /// A text as a value, quoted where it would mean something else without.
    static func scalar(_ text: String) -> String {
        let words: Set<String> = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
        let isPlain =
            text.utf8.first.map { isLetter($0) } ?? false
            && text.utf8.last != UInt8(ascii: " ") && !words.contains(text.lowercased())
            && text.utf8.allSatisfy { isLetter($0) || isOther($0) }
        guard !isPlain else { return text }
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\" + String(scalar)
            case _ where scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value):
                quoted +=
                    "\\x" + (scalar.value < 0x10 ? "0" : "")
                    + String(scalar.value, radix: 16, uppercase: true)
            case "\u{2028}": quoted += "\\L"
            case "\u{2029}": quoted += "\\P"
            default: quoted += String(scalar)
            }
        }
        return quoted + "\""
    }

    /// A text in a comment: nothing in it ends the line.
    static func comment(_ text: String) -> String {
        var shown = ""
        for scalar in text.unicodeScalars.prefix(60) {
            let isControl =
                scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
                || scalar.value == 0x2028 || scalar.value == 0x2029
            shown += isControl ? "?" : String(scalar)
        }
        return shown
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    private static func isOther(_ byte: UInt8) -> Bool {
        byte &- 0x30 < 10 || " _-./*()".utf8.contains(byte)
    }
}
