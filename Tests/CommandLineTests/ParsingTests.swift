import Foundation
import Testing
import Time

@testable import CommandLine

/// A command line, and what it changes in the options of a run of `p --in i --out o`.
struct RunLine: Sendable, CustomTestStringConvertible {
    var line: String
    var change: @Sendable (inout RunOptions) -> Void

    var testDescription: String { line }

    init(_ line: String, _ change: @escaping @Sendable (inout RunOptions) -> Void) {
        self.line = line
        self.change = change
    }
}

@Suite struct ParsingTests {
    static let runLines = [
        RunLine("run p --in i --out o") { _ in },
        RunLine("run --in=i --out=o p") { _ in },
        RunLine("run --out o --in i -- p") { _ in },
        RunLine("run --in i --out o -- --p") { $0.pipelinePath = "--p" },
        RunLine("run --in i --out o -") { $0.pipelinePath = "-" },
        RunLine("run p --in=-i --out=o=1") {
            $0.inputFolder = "-i"
            $0.outputFolder = "o=1"
        },
        RunLine("run p --in i --out o --as-of 2026-11-20T02:00:00Z") {
            $0.asOf = Instant(seconds: 1_795_140_000)
        },
        RunLine("run p --in i --out o --as-of 2026-11-20T02:00:00") {
            $0.asOf = Instant(seconds: 1_795_140_000)
        },
        RunLine("run p --in i --out o --as-of=2026-11-20T03:00:00+01:00") {
            $0.asOf = Instant(seconds: 1_795_140_000)
        },
        RunLine("run p --in i --out o --dry-run") { $0.isDryRun = true },
        RunLine("run p --in i --out o --quiet --quiet") { $0.isQuiet = true },
        RunLine("run p --in i --out o --no-archive") { $0.archives = false },
        RunLine("run p --user b --in i --user=a --out o --user b") { $0.users = ["b", "a", "b"] },
        RunLine("run p --payment 7 --payment=8 --in i --out o") { $0.payments = ["7", "8"] },
        RunLine("run p --in i --out o --threads 1") { $0.threads = 1 },
        RunLine("run p --in i --out o --threads=64") { $0.threads = 64 },
        RunLine("run p --in i --out o --fail-on info") { $0.failOn = .info },
        RunLine("run p --in i --out o --fail-on review") { $0.failOn = .review },
        RunLine("run p --in i --out o --fail-on critical") { $0.failOn = .critical },
        RunLine("run p --in i --out o --fail-on never") { $0.failOn = .never },
    ]

    @Test(arguments: runLines)
    func readsTheOptionsOfARun(_ sample: RunLine) throws {
        var expected = RunOptions(
            pipelinePath: "p", inputFolder: "i", outputFolder: "o", threads: Processors.online)
        sample.change(&expected)
        #expect(try request(sample.line) == .run(expected))
    }

    @Test func readsTheOptionsOfACheck() throws {
        #expect(try request("check p") == .check(CheckOptions(pipelinePath: "p")))
        #expect(
            try request("check --in i p")
                == .check(CheckOptions(pipelinePath: "p", inputFolder: "i")))
        var json = CheckOptions(pipelinePath: "p", inputFolder: "i")
        json.isJSON = true
        #expect(try request("check p --in i --json") == .check(json))
    }

    @Test(arguments: [
        "run --help", "run p --help", "run p --in i --help --nonsense", "help run",
    ])
    func showsACommandsHelpWhereverItIsAskedFor(_ line: String) throws {
        let command = try Commands.named("run")
        #expect(try request(line) == .show(HelpText.command(command)))
    }

    @Test func takesHelpBehindTwoHyphensForAFile() throws {
        #expect(try request("check -- --help") == .check(CheckOptions(pipelinePath: "--help")))
    }

    @Test(arguments: ["--help", "help", "--help run"])
    func showsTheOverview(_ line: String) throws {
        #expect(try request(line) == .show(HelpText.overview))
    }

    @Test func showsTheVersion() throws {
        #expect(try request("--version") == .show("trueup \(Program.version)\n"))
    }

    @Test func showsTheVersionsOfAllThatTheProgramRestsOn() throws {
        guard case .show(let text) = try request("--version --verbose") else {
            Issue.record("nothing is shown")
            return
        }
        let lines = text.split(separator: "\n")
        #expect(lines.first == "trueup \(Program.version)")
        // Each library that the package sees has a folder; the system's own have names of their own.
        let sources = URL(fileURLWithPath: #filePath + "/../../../Sources").standardized
        let seen = try FileManager.default.contentsOfDirectory(atPath: sources.path)
            .filter { $0.hasPrefix("CLib") }.map { $0.dropFirst().lowercased() }
            .map { ["libz": "zlib", "libmalloc": "glibc"][$0] ?? $0 }
        try #require(seen.count > 5)
        for name in ["archive", "report.json", "run.json", "swift"] + seen {
            let line = lines.first { $0.hasPrefix("  \(name) ") }
            let version = try #require(line, "\(name) is not told of").split(separator: " ").last
            #expect(version?.first?.isNumber == true, "\(name): \(version ?? "")")
        }
    }

    @Test func usesTheOnlineProcessorsWithinWhatThreadsAllows() {
        #expect((1...64).contains(Processors.online))
    }
}
