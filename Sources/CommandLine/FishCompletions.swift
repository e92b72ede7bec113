/// Completions for fish.
enum FishCompletions {
    static var script: String {
        let lines =
            Commands.all.map(entry) + Commands.globalOptions.map(globalOption)
            + Commands.all.flatMap(arguments)
        return """
            # fish completions of trueup; to use them: trueup completions fish | source
            function __trueup_at_command
                test (count (commandline -opc)) -eq 1
            end
            function __trueup_in
                set -l words (commandline -opc)
                test (count $words) -gt 1; and test $words[2] = $argv[1]
            end
            complete -c trueup -f

            """ + lines.joined(separator: "\n") + "\n"
    }

    private static func entry(_ command: CommandDescription) -> String {
        "complete -c trueup -n __trueup_at_command -a \(command.name) -d "
            + quoted(command.summary)
    }

    private static func globalOption(_ option: OptionDescription) -> String {
        "complete -c trueup -n __trueup_at_command -l \(option.name) -d \(quoted(option.help))"
    }

    private static func arguments(_ command: CommandDescription) -> [String] {
        let start = "complete -c trueup -n '__trueup_in \(command.name)'"
        let operands = command.operands.map { start + candidates($0.value.kind) }
        let options = command.options.map { option in
            let value = option.value.map { " -r" + candidates($0.kind) } ?? ""
            return "\(start) -l \(option.name)\(value) -d \(quoted(option.help))"
        }
        return operands + options
    }

    private static func candidates(_ kind: ValueKind) -> String {
        switch kind {
        case .folder: " -f -a '(__fish_complete_directories)'"
        case .file(let endings):
            " -f -a '(\(endings.map { "__fish_complete_suffix .\($0)" }.joined(separator: "; ")))'"
        case .word, .command: " -f -a \(quoted((kind.words ?? []).joined(separator: " ")))"
        case .text, .moment, .count, .span, .positiveSpan, .share, .size: " -f"
        }
    }

    private static func quoted(_ text: String) -> String {
        "'" + text.replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
    }
}
