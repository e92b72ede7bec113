/// The texts of `--help`, at most 80 columns wide.
enum HelpText {
    private static let width = 80
    /// Where the explanations of options and files begin.
    private static let explanationColumn = 22

    /// What the program is for.
    static let purpose = """
        Reconciles payments with settlements and bookings, out of exported CSV dumps, and books \
        what is missing.
        """

    /// The text of `trueup --help`.
    static let overview: String = {
        let commands = Commands.all.map { row($0.name, $0.summary) }
        let options = Commands.globalOptions.map { row($0.spelling, $0.help) }
        let sections = [
            wrap("Usage: trueup COMMAND [ARGUMENT]…"),
            wrap(purpose),
            section("Commands", commands),
            section("Options", options),
            wrap("`trueup COMMAND --help` shows how a command is used."),
        ]
        return sections.joined(separator: "\n\n") + "\n"
    }()

    /// The text of `trueup COMMAND --help`.
    static func command(_ command: CommandDescription) -> String {
        var sections = [usage(of: command), wrap(command.discussion)]
        if !command.operands.isEmpty {
            sections.append(
                section("Arguments", command.operands.map { row($0.value.placeholder, $0.help) }))
        }
        sections.append(section("Options", command.options.map(row)))
        sections.append("Example:\n  \(command.example)")
        sections.append(section("Exit codes", exitCodes(of: command)))
        let files = command.files.map { row($0.path, $0.meaning) }
        sections.append(section("Files", files.isEmpty ? ["  none"] : files))
        return sections.joined(separator: "\n\n") + "\n"
    }

    private static func section(_ title: String, _ rows: [String]) -> String {
        ([title + ":"] + rows).joined(separator: "\n")
    }

    /// How the command is typed, in one line.
    static func synopsis(of command: CommandDescription) -> String {
        parts(of: command).joined(separator: " ")
    }

    private static func usage(of command: CommandDescription) -> String {
        var parts = parts(of: command)
        parts[0] = "Usage: " + parts[0]
        return fill(parts, indent: parts[0].count + 1)
    }

    /// The program with the command, and each argument.
    private static func parts(of command: CommandDescription) -> [String] {
        let operands = command.operands.map {
            $0.isRequired ? $0.value.placeholder : "[\($0.value.placeholder)]"
        }
        let options = command.ownOptions.map { option in
            let text = label(of: option)
            return (option.isRequired ? text : "[\(text)]") + (option.isRepeatable ? "…" : "")
        }
        return ["trueup \(command.name)"] + operands + options
    }

    /// An option with its value, as it is typed.
    static func label(of option: OptionDescription) -> String {
        ([option.spelling] + [option.value?.placeholder].compactMap(\.self)).joined(separator: " ")
    }

    private static func row(_ option: OptionDescription) -> String {
        row(label(of: option), option.help + remark(of: option))
    }

    /// What is to be known of an option beside what it does, in parentheses.
    static func remark(of option: OptionDescription) -> String {
        var notes: [String] = []
        if option.isRequired { notes.append("required") }
        if option.isRepeatable { notes.append("may be repeated") }
        if let text = option.defaultText { notes.append("default: \(text)") }
        return notes.isEmpty ? "" : " (\(notes.joined(separator: "; ")))"
    }

    private static func exitCodes(of command: CommandDescription) -> [String] {
        [row("\(ExitStatus.success.code)", command.successMeaning)]
            + command.otherExits.map { status in
                let own = status == .failure ? command.failureMeaning : nil
                return row("\(status.code)", own ?? status.meaning ?? "")
            }
    }

    /// A label and its explanation beside it, or below it where the label is too long.
    private static func row(_ label: String, _ explanation: String) -> String {
        let words = explanation.split(separator: " ").map(String.init)
        let start = "  " + label
        let margin = String(repeating: " ", count: explanationColumn)
        guard start.count + 2 <= explanationColumn else {
            return start + "\n" + margin + fill(words, indent: explanationColumn, isIndented: true)
        }
        return start + margin.dropFirst(start.count)
            + fill(words, indent: explanationColumn, isIndented: true)
    }

    private static func wrap(_ text: String) -> String {
        fill(text.split(separator: " ").map(String.init), indent: 0)
    }

    /// Puts as many words into each line as fit; lines after the first begin at `indent`, and so
    /// does the first where the caller has written up to there.
    private static func fill(_ words: [String], indent: Int, isIndented: Bool = false) -> String {
        var text = ""
        var column = isIndented ? indent : 0
        for word in words {
            if text.isEmpty {
                text = word
            } else if column + 1 + word.count <= width {
                text += " " + word
                column += 1
            } else {
                text += "\n" + String(repeating: " ", count: indent) + word
                column = indent
            }
            column += word.count
        }
        return text
    }
}
