/// The manual page, `man trueup`, out of the descriptions of the commands.
enum ManualPage {
    /// The page in the form that `man` reads.
    static var text: String {
        var page = Page()
        // Without a date, which would be another one for each day of building.
        page.request(".TH", "TRUEUP", "1", "", "trueup \(Program.version)", "User Commands")
        // Ragged and without hyphenation: options are found by searching for them.
        page.line(".ad l")
        page.line(".nh")
        page.section("NAME")
        page.line("trueup \\- reconcile payments with settlements and bookings")
        page.section("SYNOPSIS")
        for command in Commands.all {
            page.line(".br")
            page.text(HelpText.synopsis(of: command))
        }
        page.section("DESCRIPTION")
        page.text(HelpText.purpose)
        page.section("COMMANDS")
        for command in Commands.all { page.add(command) }
        page.section("OPTIONS")
        for option in Commands.globalOptions { page.item(option.spelling, option.help) }
        page.section("EXIT STATUS")
        page.item("0", "done; of a run: published, with no open break at or above --fail-on")
        for status in [.failure, .misuse, .openBreaks, .busy] + ExitStatus.stops {
            page.item("\(status.code)", status.meaning ?? "")
        }
        page.section("ENVIRONMENT")
        page.item("NO_COLOR", "where it is set, nothing is coloured")
        page.section("SEE ALSO")
        page.text("`trueup COMMAND --help` shows how a command is used.")
        return page.text
    }
}

/// A manual page while it is written.
private struct Page {
    private(set) var text = ""

    /// Adds a line that is the formatter's already.
    mutating func line(_ line: String) { text += line + "\n" }

    /// Adds a request with its words.
    mutating func request(_ name: String, _ words: String...) {
        line(([name] + words.map { "\"\(Page.escaped($0))\"" }).joined(separator: " "))
    }

    mutating func section(_ title: String) { request(".SH", title) }

    /// Adds sentences.
    mutating func text(_ sentences: String) { line(Page.escaped(sentences)) }

    /// Adds a label with its explanation.
    mutating func item(_ label: String, _ explanation: String) {
        line(".TP")
        line("\\fB\(Page.escaped(label))\\fR")
        text(explanation)
    }

    mutating func add(_ command: CommandDescription) {
        request(".SS", "trueup \(command.name)")
        text(command.discussion)
        for operand in command.operands { item(operand.value.placeholder, operand.help) }
        for option in command.ownOptions {
            item(HelpText.label(of: option), option.help + HelpText.remark(of: option))
        }
        if !command.files.isEmpty {
            line(".PP")
            line("Files:")
            for file in command.files { item(file.path, file.meaning) }
        }
        line(".PP")
        line("Example:")
        line(".PP")
        line(".nf")
        line(".RS")
        text(command.example)
        line(".RE")
        line(".fi")
    }

    /// A text in which nothing is a command of the formatter's, and hyphens are what is typed.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "\\": result += "\\e"
            case "-": result += "\\-"
            case "\"": result += "\\(dq"
            case "`": result += "\\(ga"
            case "'": result += "\\(aq"
            case "…": result += "..."
            default: result.append(character)
            }
        }
        // A period at the beginning would make the line a request.
        return result.hasPrefix(".") ? "\\&" + result : result
    }
}
