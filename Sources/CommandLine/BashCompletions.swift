/// Completions for bash; it needs nothing but bash itself.
enum BashCompletions {
    static var script: String {
        let first = Commands.all.map(\.name) + Commands.globalOptions.map(\.spelling)
        return """
            # bash completions of trueup; to use them: source <(trueup completions bash)
            _trueup() {
                local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]}
                # bash takes the = of --option=value for a word of its own.
                if [[ $current == = ]]; then
                    current=
                elif [[ $previous == = ]]; then
                    previous=${COMP_WORDS[COMP_CWORD-2]}
                fi
                COMPREPLY=()
                if (( COMP_CWORD == 1 )); then
                    mapfile -t COMPREPLY < <(compgen -W \(words(first)) -- "$current")
                    return
                fi
                case ${COMP_WORDS[1]} in
            \(Commands.all.map(command).joined(separator: "\n"))
                esac
            }
            complete -F _trueup trueup

            """
    }

    private static func command(_ command: CommandDescription) -> String {
        let values = command.options.compactMap { option in
            option.value.map { value in
                """
                        \(option.spelling))
                            \(reply(to: value.kind))
                            return ;;
                """
            }
        }
        var lines = ["    \(command.name))"]
        if !values.isEmpty {
            lines.append("        case $previous in")
            lines += values
            lines.append("        esac")
        }
        let options = reply(withWords: command.options.map(\.spelling))
        lines.append("        if [[ $current == -* ]]; then")
        lines.append("            \(options)")
        if let operand = command.operands.first {
            lines.append("        else")
            lines.append("            \(reply(to: operand.value.kind))")
        }
        lines.append("        fi ;;")
        return lines.joined(separator: "\n")
    }

    private static func reply(to kind: ValueKind) -> String {
        switch kind {
        case .folder: "\(reply(with: "-d")); compopt -o filenames 2>/dev/null"
        case .file: "\(reply(with: "-f")); compopt -o filenames 2>/dev/null"
        case .word, .command: reply(withWords: kind.words ?? [])
        case .text, .moment, .count, .span, .positiveSpan, .share, .size: "COMPREPLY=()"
        }
    }

    private static func reply(withWords list: [String]) -> String {
        reply(with: "-W \(words(list))")
    }

    private static func reply(with action: String) -> String {
        "mapfile -t COMPREPLY < <(compgen \(action) -- \"$current\")"
    }

    private static func words(_ list: [String]) -> String {
        Shell.quoted(list.joined(separator: " "))
    }
}
