import Diagnostics
import Testing

@Suite struct FindingTests {
    @Test func allPartsStandInTheOneFormat() {
        let finding = Finding(
            "unknown key 'matchh'", at: SourcePosition(file: "tours.yaml", line: 7, column: 3),
            expected: "one of match, resolve", found: "matchh", remedy: "write match")
        #expect(
            finding.description == """
                tours.yaml:7:3: error: unknown key 'matchh'
                    expected: one of match, resolve
                    found: matchh
                    to do: write match
                """)
    }

    @Test func whatIsNotKnownIsLeftOut() {
        #expect(Finding("no such command").description == "trueup: error: no such command")
        let warning = Finding(
            "empty file", severity: .warning, at: SourcePosition(file: "a.csv"),
            remedy: "ask for it")
        #expect(warning.description == "a.csv: warning: empty file\n    to do: ask for it")
    }

    @Test(arguments: [
        (0, 0, "a.csv"), (12, 0, "a.csv:12"), (12, 34, "a.csv:12:34"), (0, 34, "a.csv"),
    ])
    func positionsAreWrittenAsCompilersDo(line: Int, column: Int, text: String) {
        #expect(SourcePosition(file: "a.csv", line: line, column: column).description == text)
    }

    /// The reason often stands behind a name that somebody else chose.
    @Test func aVeryLongTextIsToldByItsBeginningAndItsEnd() {
        let name = String(repeating: "é", count: 1_000_000)
        let finding = Finding("cannot read \(name): it leads out", found: name)
        let text = finding.description
        #expect(text.utf8.count < 10_000)
        #expect(text.hasPrefix("trueup: error: cannot read éé"))
        #expect(text.contains("… 998026 more characters … é"))
        #expect(text.contains("é: it leads out\n    found: é"))
        let most = String(repeating: "é", count: 2000)
        #expect(Finding(most).description == "trueup: error: \(most)")
    }

    @Test func severitiesAreOrdered() {
        #expect(Severity.allCases.sorted() == [.info, .warning, .error])
        #expect(Severity.info < .error)
    }

    @Test func severalFindingsStandBelowEachOtherInTheirOrder() {
        let findings = Findings([Finding("second", remedy: "b"), Finding("first")])
        #expect(
            findings.description == """
                trueup: error: second
                    to do: b
                trueup: error: first
                """)
    }

    @Test func anErrorWithoutAFindingTraps() async {
        await #expect(processExitsWith: .failure) { _ = Findings([]) }
    }
}

@Suite struct PrintableTextTests {
    @Test(arguments: [
        ("\u{1B}[2J", "\\u{1b}[2J"), ("a\nb", "a\\u{a}b"), ("a\r\nb", "a\\u{d}\\u{a}b"),
        ("\t", "\\u{9}"), ("\0", "\\u{0}"), ("\u{7}", "\\u{7}"), ("\u{7F}", "\\u{7f}"),
        ("\u{9B}31m", "\\u{9b}31m"), ("\u{80}", "\\u{80}"), ("\u{9F}", "\\u{9f}"),
        ("abc\u{202E}cba", "abc\\u{202e}cba"), ("\u{2066}x\u{2069}", "\\u{2066}x\\u{2069}"),
        ("\u{200E}\u{200F}", "\\u{200e}\\u{200f}"), ("\u{202A}", "\\u{202a}"),
        ("\u{61C}", "\\u{61c}"), ("\u{2028}", "\\u{2028}"), ("\u{200B}", "\\u{200b}"),
        ("\u{FEFF}", "\\u{feff}"), ("\u{E0041}", "\\u{e0041}"),
    ])
    func whatDrivesATerminalIsMadeVisible(text: String, printable: String) {
        #expect(Finding.printable(text) == printable)
    }

    @Test(arguments: ["", "Kofi Mensah", "₵ 12.30", "Ålesund", "観光", "e\u{301}", "👩‍👧", " ~"])
    func ordinaryTextIsLeftAsItIs(text: String) {
        #expect(Array(Finding.printable(text).unicodeScalars) == Array(text.unicodeScalars))
    }

    @Test func noPartOfAFindingReachesTheTerminalRaw() {
        let hostile = "\u{1B}]0;owned\u{7}\u{202E}"
        let finding = Finding(
            hostile, at: SourcePosition(file: hostile, line: 1), expected: hostile, found: hostile,
            remedy: hostile)
        let raw = finding.description.unicodeScalars.filter {
            $0.value < 0x20 && $0 != "\n" || $0.value == 0x202E
        }
        #expect(raw.isEmpty)
        #expect(finding.description.split(separator: "\n").count == 4)
    }
}
