/// The shells that completions are written for; the raw values are the words of the command line.
enum Shell: String, Sendable, CaseIterable {
    case bash, zsh, fish

    /// The script that completes command lines of trueup.
    var completions: String {
        switch self {
        case .bash: BashCompletions.script
        case .zsh: ZshCompletions.script
        case .fish: FishCompletions.script
        }
    }

    /// The text in single quotes, as a word of bash or zsh.
    static func quoted(_ text: String) -> String {
        "'" + text.replacing("'", with: "'\\''") + "'"
    }
}
