import Testing

@testable import CommandLine

@Suite struct CompletionTests {
    @Test(arguments: Shell.allCases)
    func theShellItselfAcceptsTheScript(_ shell: Shell) throws {
        let isInstalled = try bash("command -v \(shell.rawValue)").status == 0
        // Without bash nothing here works; the others are checked where they are installed.
        guard isInstalled || shell == .bash else { return }
        let checked = try bash("\(shell.rawValue) -n <('\(trueup)' completions \(shell.rawValue))")
        #expect(checked.output == "")
        #expect(checked.status == 0)
    }

    /// The last word is the one under the cursor; `''` stands for an empty one.
    @Test(arguments: [
        ("trueup ru", "run runs"),
        ("trueup rep", "replay"),
        ("trueup replay a --t", "--to --threads"),
        ("trueup ''", Commands.all.map(\.name).joined(separator: " ") + " --help --version"),
        ("trueup --v", "--version"),
        ("trueup run p --f", "--fail-on"),
        ("trueup run p --fail-on c", "critical"),
        ("trueup run p --fail-on ''", "info review critical never"),
        ("trueup run p --fail-on = n", "never"),
        ("trueup run p --fail-on =", "info review critical never"),
        ("trueup run p --user ''", ""),
        ("trueup check p --q", ""),
        ("trueup check p -", "--in --json --help"),
        ("trueup explain out REF --r", "--run"),
        ("trueup completions z", "zsh"),
        ("trueup help c", "check completions"),
        ("trueup unknown ''", ""),
    ])
    func bashCompletesWords(_ line: String, _ expected: String) throws {
        #expect(try completed(line, in: "/").output == expected)
    }

    @Test func bashCompletesFoldersForFoldersAndFilesForFiles() throws {
        let folder = "a=$(mktemp -d); mkdir $a/inner; touch $a/inner.yaml; cd $a"
        #expect(try completed("trueup run p --in in", after: folder).output == "inner")
        let files = try completed("trueup check in", after: folder).output.split(separator: " ")
        #expect(files.sorted() == ["inner", "inner.yaml"])
    }

    private func completed(
        _ line: String, in folder: String
    ) throws -> (status: Int32, output: String) {
        try completed(line, after: "cd \(folder)")
    }

    private func completed(
        _ line: String, after preparation: String
    ) throws -> (status: Int32, output: String) {
        try bash(
            """
            source <('\(trueup)' completions bash); \(preparation)
            COMP_WORDS=(\(line)); COMP_CWORD=$(( ${#COMP_WORDS[@]} - 1 ))
            _trueup; printf %s "${COMPREPLY[*]}"
            """)
    }
}
