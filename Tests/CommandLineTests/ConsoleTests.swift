import Diagnostics
import Glibc
import Testing

@testable import CommandLine

@Suite struct ConsoleTests {
    @Test(arguments: [
        (Severity.error, "\u{1B}[1;31merror:\u{1B}[0m"),
        (.warning, "\u{1B}[1;33mwarning:\u{1B}[0m"), (.info, "\u{1B}[1;36minfo:\u{1B}[0m"),
    ])
    func coloursTheSeverityAlone(_ severity: Severity, _ coloured: String) throws {
        let position = SourcePosition(file: "error: odd.csv", line: 3)
        for place in [position, nil] {
            let errors = try ScratchFile()
            let finding = Finding("error: here", severity: severity, at: place)
            Console(errors: errors.descriptor, isColoured: true).report(finding)
            let start = place == nil ? "trueup: " : "error: odd.csv:3: "
            #expect(errors.text == start + coloured + " error: here\n")
        }
    }

    @Test func leavesErrorsPlainWhereTheyAreNotColoured() throws {
        let ending = try call(failing(with: Finding("bare")), ["check", "p"], isColoured: true)
        #expect(ending.errors.contains("\u{1B}["))
        let plain = try call(failing(with: Finding("bare")), ["check", "p"])
        #expect(!plain.errors.contains("\u{1B}"))
    }

    @Test func aReaderThatHasGoneIsNoError() throws {
        #expect(try bash("'\(trueup)' help run | true; echo ${PIPESTATUS[0]}").output == "0\n")
        let late = "{ sleep 0.2; '\(trueup)' help run; echo $? >&2; } | true"
        #expect(try bash(late).output == "0\n")
    }

    @Test(arguments: [">&-", "<&-", "2>&-", "<&- >&- 2>&-"])
    func closedStreamsAreNoError(_ closing: String) throws {
        #expect(try bash("'\(trueup)' help run \(closing) >/dev/null").status == 0)
        #expect(try bash("'\(trueup)' nonsense \(closing)").status == 2)
    }

    @Test func aFullDiskIsAnError() throws {
        let ending = try bash("'\(trueup)' help run >/dev/full")
        #expect(ending.status == 1)
        #expect(ending.output.contains("standard output cannot be written"))
        #expect(ending.output.contains("No space left on device"))
    }

    @Test func aPublishedRunStaysPublishedOnAFullDisk() throws {
        let full = open("/dev/full", O_WRONLY)
        try #require(full >= 0)
        defer { close(full) }
        let errors = try ScratchFile()
        let console = Console(output: full, errors: errors.descriptor, isColoured: false)
        let status = echoing.main(["run", "p", "--in", "i", "--out", "o"], on: console)
        #expect(status == .success)
        #expect(errors.text.hasPrefix("trueup: warning: standard output cannot be written\n"))
    }

    @Test func theProgramTellsItsVersion() throws {
        let ending = try bash("'\(trueup)' --version")
        #expect(ending.status == 0)
        #expect(ending.output == "trueup \(Program.version)\n")
    }
}
