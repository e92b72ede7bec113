import Glibc
import Testing

@testable import CommandLine

@Suite struct GoldenTests {
    static let texts =
        Commands.all.map { [$0.name, "--help"] } + [
            ["--help"], ["completions", "bash"], ["completions", "zsh"], ["completions", "fish"],
            ["man"],
        ]

    /// Set `TRUEUP_RECORD=1` to write the files anew; the run then fails, so that no recording
    /// passes for a test.
    @Test(arguments: texts)
    func writesTheRecordedText(_ arguments: [String]) throws {
        let ending = try call(echoing, arguments)
        #expect(ending.code == 0)
        let name = arguments.joined(separator: "_").replacing("--", with: "")
        let path = "\(testFolder)/Golden/\(name).txt"
        if getenv("TRUEUP_RECORD") != nil {
            let file = try #require(fopen(path, "w"))
            fputs(ending.output, file)
            fclose(file)
            Issue.record("recorded \(path)")
            return
        }
        let recorded = try bash("cat '\(path)'")
        #expect(
            recorded.output == ending.output,
            "run the tests with TRUEUP_RECORD=1 and look at the difference")
    }

    @Test func helpFitsEightyColumns() {
        let texts = [HelpText.overview] + Commands.all.map(HelpText.command)
        for line in texts.joined().split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    }

    /// What an example asks for is found by reading it, as a user would type it.
    @Test func everyExampleIsAValidCommandLine() throws {
        for command in Commands.all where !command.example.hasPrefix("source") {
            let line = programWords(command.example)
            #expect(line.first == "trueup")
            _ = try Request(Array(line.dropFirst()))
        }
    }
}
