import Testing

@testable import CommandLine

/// A command line that is wrong, and parts of what is said of it.
struct Misuse: Sendable, CustomTestStringConvertible {
    var line: String
    var said: [String]

    var testDescription: String { line }

    init(_ line: String, _ said: String...) {
        self.line = line
        self.said = said
    }
}

@Suite struct MisuseTests {
    static let unknown = [
        Misuse("", "a command is missing", "one of run, check, "),
        Misuse("rnu p", "unknown command", "found: rnu", "perhaps run was meant"),
        Misuse("RUN p", "perhaps run was meant"),
        Misuse("chekc p", "perhaps check was meant"),
        Misuse("complet bash", "perhaps completions was meant"),
        Misuse("settle p", "unknown command", "to do: see `trueup --help`"),
        Misuse("--versoin", "unknown option", "perhaps --version was meant"),
        Misuse("-h", "perhaps --help was meant"),
        Misuse("--quiet run p", "a command, --help or --version", "to do: see `trueup --help`"),
        Misuse("run p --thread 4", "found: --thread", "perhaps --threads was meant"),
        Misuse("run p --fial-on=never", "found: --fial-on\n", "perhaps --fail-on was meant"),
        Misuse("run p --as_of x", "perhaps --as-of was meant"),
        Misuse("run p --dryrun", "perhaps --dry-run was meant"),
        Misuse("run p --no", "perhaps --no-archive was meant"),
        Misuse("run p -q", "perhaps --quiet was meant"),
        Misuse("run p --memory 0", "--memory does not take", "such as 512M or 2G"),
        Misuse("run p --memory 2g", "--memory does not take", "such as 512M or 2G"),
        Misuse("run p --memory 9999999999T", "--memory does not take", "such as 512M or 2G"),
        Misuse("run p --shards 0", "--shards does not take", "from 1 to 4096"),
        Misuse("run p --log xml", "--log does not take", "one of text, json"),
        Misuse("check p --out o", "unknown option", "expected: one of --in, --json, --help"),
        Misuse("help runn", "COMMAND does not take this value", "perhaps run was meant"),
        Misuse("completions fihs", "one of bash, zsh, fish", "perhaps fish was meant"),
    ]

    static let values = [
        Misuse("run p --out o --in", "--in needs a value", "found: the end of the command line"),
        Misuse("run p --in --out o", "--in needs a value", "found: --out", "write --in DIR"),
        Misuse("run p --in -- o", "--in needs a value", "found: --\n"),
        Misuse("run p --in= --out o", "--in does not take this value", "found: nothing"),
        Misuse("run p --in i --out ''", "--out does not take this value", "found: nothing"),
        Misuse("check ''", "PIPELINE does not take this value", "found: nothing"),
        Misuse("run p --threads 0", "a whole number from 1 to 64", "found: 0"),
        Misuse("run p --threads 65", "found: 65"),
        Misuse("run p --threads +2", "found: +2"),
        Misuse("run p --threads=-1", "found: -1"),
        Misuse("run p --threads 2.0", "found: 2.0"),
        Misuse("run p --threads=", "found: nothing"),
        Misuse("run p --threads 99999999999999999999", "a whole number from 1 to 64"),
        Misuse("run p --as-of yesterday", "a moment such as 2026-11-20T02:00:00Z"),
        Misuse("run p --as-of 2026-02-30T00:00:00Z", "found: 2026-02-30T00:00:00Z"),
        Misuse("run p --fail-on critcal", "info, review, critical, never", "perhaps critical was"),
        Misuse("run p --fail-on warning", "to do: see `trueup run --help`"),
        Misuse("run p --quiet=yes", "--quiet takes no value", "found: --quiet=yes"),
        Misuse("run p --help=run", "--help takes no value"),
    ]

    static let counts = [
        Misuse("run --in i --out o", "PIPELINE is missing", "the path of a file"),
        Misuse("run p --out o", "--in DIR is missing", "the path of a folder"),
        Misuse("run p --in i", "--out DIR is missing"),
        Misuse("check", "PIPELINE is missing"),
        Misuse("completions", "SHELL is missing", "one of bash, zsh, fish"),
        Misuse("run p q --in i --out o", "an argument too many", "only PIPELINE", "found: q"),
        Misuse("help run check", "an argument too many", "found: check"),
        Misuse("run p --in i --in=j --out o", "--in is given more than once", "found: --in=j"),
        Misuse("run p --fail-on info --fail-on never", "--fail-on is given more than once"),
        Misuse("run p --threads 2 --threads 2", "--threads is given more than once"),
        Misuse("run p --as-of 2026-01-01 --as-of 2026-01-01", "--as-of is given more than once"),
    ]

    @Test(arguments: unknown + values + counts)
    func saysWhatIsWrongAndWhatWasMeant(_ misuse: Misuse) throws {
        let text = try complaint(misuse.line)
        #expect(text.hasPrefix("trueup: error: "))
        for part in misuse.said { #expect(text.contains(part), "\(text)") }
        #expect(text.contains("to do: "))
        if !misuse.said.contains(where: { $0.contains("perhaps") }) {
            #expect(!text.contains("perhaps"), "\(text)")
        }
    }

    @Test func saysTheWholeOfAMisuseInTheOneFormat() throws {
        let expected = """
            trueup: error: --threads does not take this value
                expected: a whole number from 1 to 64
                found: many
                to do: see `trueup run --help`

            """
        #expect(try complaint("run p --threads many") == expected)
    }

    @Test func makesWhatWouldDriveATerminalVisible() throws {
        let text = try complaint("run p --threads \u{1B}[2J")
        #expect(text.contains("found: \\u{1b}[2J"))
    }

    @Test(arguments: [
        ("", nil), ("-", nil), ("x", nil), ("t", "threads"), ("th", "threads"), ("i", nil),
        ("thredas", "threads"), ("Threads", "threads"), ("three", nil), ("treat", nil),
        ("im", "in"), (String(repeating: "t", count: 1000), nil),
    ])
    func findsTheNearestName(_ typed: String, _ name: String?) {
        #expect(nearestName(to: typed, among: ["in", "input", "threads", "out"]) == name)
    }
}
