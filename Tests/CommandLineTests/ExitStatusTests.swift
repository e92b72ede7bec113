import Diagnostics
import Glibc
import Reconciliation
import Testing

@testable import CommandLine

private struct Surprise: Error, CustomStringConvertible {
    var description: String { "the unforeseen" }
}

@Suite struct ExitStatusTests {
    private static let line = ["run", "p", "--in", "i", "--out", "o"]
    private static let finding = Finding("it is so", expected: "otherwise")

    @Test func aPublishedRunWithoutBreaksIsZero() throws {
        let expected = Ending(code: 0, output: "ran p\n", errors: "")
        #expect(try call(echoing, ExitStatusTests.line) == expected)
    }

    @Test func openBreaksAreThree() throws {
        let program = Program { request in
            guard case .run = request else { return CommandOutcome(text: "checked\n") }
            return CommandOutcome(text: "ran\n", hasBreaksToFailOn: true)
        }
        #expect(
            try call(program, ExitStatusTests.line) == Ending(code: 3, output: "ran\n", errors: ""))
        #expect(
            try call(program, ExitStatusTests.line + ["--quiet"])
                == Ending(code: 3, output: "", errors: ""))
        #expect(
            try call(program, ["check", "p"]) == Ending(code: 0, output: "checked\n", errors: ""))
    }

    @Test(arguments: [
        (TrueupError.run(finding), Int32(1)), (.usage(finding), 2),
        (.definition(Findings([finding])), 2), (.dumps(Findings([finding])), 1),
        (.busy(finding), 4),
    ])
    func everyErrorHasItsCodeAndTheOneFormat(_ error: TrueupError, _ code: Int32) throws {
        let expected = Ending(
            code: code, output: "", errors: "trueup: error: it is so\n    expected: otherwise\n")
        #expect(try call(failing(with: error), ExitStatusTests.line) == expected)
        #expect(try call(failing(with: error), ["check", "p"]) == expected)
        #expect(try call(failing(with: error), ExitStatusTests.line + ["--quiet"]) == expected)
    }

    @Test func whatIsWrongBesideAResultFollowsItAndIsOne() throws {
        var outcome = CommandOutcome(text: "told\n")
        outcome.errors = [Finding("one"), Finding("two")]
        let program = Program { [outcome] _ in outcome }
        #expect(
            try call(program, ["check", "p"])
                == Ending(
                    code: 1, output: "told\n",
                    errors: "trueup: error: one\ntrueup: error: two\n"))
    }

    @Test(arguments: [(SIGINT, Int32(130), "SIGINT"), (SIGTERM, 143, "SIGTERM")])
    func aSignalIsItsNumberAnd128(_ signal: Int32, _ code: Int32, _ name: String) throws {
        let ending = try call(failing(with: TrueupError.stopped(signal: signal)), ["check", "p"])
        #expect(ending.code == code)
        #expect(ending.errors == "trueup: error: stopped by \(name); nothing was published\n")
    }

    @Test func everyFindingOfADefinitionIsToldInOrder() throws {
        let error = TrueupError.definition(Findings([Finding("one"), Finding("two")]))
        let ending = try call(failing(with: error), ["check", "p"])
        #expect(ending.errors == "trueup: error: one\ntrueup: error: two\n")
    }

    @Test func anUnexpectedErrorIsNamed() throws {
        let ending = try call(failing(with: Surprise()), ["check", "p"])
        #expect(ending.code == 1)
        #expect(ending.errors.contains("Surprise"))
        #expect(ending.errors.contains("the unforeseen"))
    }

    @Test func aBareFindingIsToldAsItIs() throws {
        let ending = try call(failing(with: Finding("bare")), ["check", "p"])
        #expect(ending == Ending(code: 1, output: "", errors: "trueup: error: bare\n"))
    }

    @Test func warningsOfAPublishedRunAreToldUnlessQuiet() throws {
        let warning = Finding("a folder could not be synced", severity: .warning)
        let program = Program { _ in CommandOutcome(text: "ran\n", warnings: [warning]) }
        let loud = try call(program, ExitStatusTests.line)
        #expect(loud == Ending(code: 0, output: "ran\n", errors: "\(warning)\n"))
        let quiet = try call(program, ExitStatusTests.line + ["--quiet"])
        #expect(quiet == Ending(code: 0, output: "", errors: ""))
    }

    @Test(arguments: [
        (FailOn.info, [BreakCode.rounding], true), (.info, [], false),
        (.review, [.rounding], false), (.review, [.rounding, .stuck], true),
        (.review, [.chargeback], true), (.critical, [.stuck], false),
        (.critical, [.stuck, .chargeback], true), (.never, [.chargeback], false),
    ])
    func failsOnBreaksOfAtLeastTheSeverity(
        _ failOn: FailOn, _ codes: [BreakCode], _ fails: Bool
    ) {
        #expect(failOn.applies(to: codes) == fails)
    }
}
