/// Completions for zsh, to be read when a shell starts, or kept as `_trueup` in a folder of `fpath`.
enum ZshCompletions {
    static var script: String {
        """
        #compdef trueup
        # zsh completions of trueup; to use them: source <(trueup completions zsh)
        _trueup() {
            if (( CURRENT == 2 )); then
                local -a commands=(
        \(Commands.all.map(entry).joined(separator: "\n"))
                )
                _describe -t commands command commands
                _arguments \(Commands.globalOptions.map(specification).joined(separator: " "))
                return
            fi
            local name=$words[2]
            # From here on the command's own name is the first word.
            shift words
            (( CURRENT-- ))
            case $name in
        \(Commands.all.map(command).joined(separator: "\n"))
            esac
        }
        if [[ $funcstack[1] == _trueup ]]; then
            _trueup "$@"
        else
            compdef _trueup trueup
        fi

        """
    }

    private static func entry(_ command: CommandDescription) -> String {
        "            " + Shell.quoted("\(command.name):\(escaped(command.summary))")
    }

    private static func command(_ command: CommandDescription) -> String {
        let operands = command.operands.enumerated().map { index, operand in
            let optional = operand.isRequired ? "" : ":"
            let value = operand.value
            return Shell.quoted(
                "\(index + 1):\(optional)\(escaped(value.placeholder)):\(action(value.kind))")
        }
        let lines = (operands + command.options.map(specification)).map { "            \($0)" }
        return "    \(command.name))\n        _arguments \\\n"
            + lines.joined(separator: " \\\n") + " ;;"
    }

    private static func specification(_ option: OptionDescription) -> String {
        var text = option.isRepeatable ? "*" : ""
        text += option.spelling + (option.value == nil ? "" : "=") + "[\(escaped(option.help))]"
        if let value = option.value {
            text += ":\(escaped(value.placeholder)):\(action(value.kind))"
        }
        return Shell.quoted(text)
    }

    private static func action(_ kind: ValueKind) -> String {
        switch kind {
        case .folder: "_files -/"
        case .file(let endings): "_files -g \"*.(\(endings.joined(separator: "|")))\""
        case .word, .command: "(\((kind.words ?? []).joined(separator: " ")))"
        // A blank action offers nothing but shows what is wanted.
        case .text, .moment, .count, .span, .positiveSpan, .share, .size: " "
        }
    }

    /// The text with the marks escaped that divide a specification.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            if "\\:[]".contains(character) { result += "\\" }
            result.append(character)
        }
        return result
    }
}
