import Diagnostics
import Pipeline

/// The command line as a whole: it reads arguments, calls the commands, and turns results and
/// errors into text and exit codes.
public struct Program: Sendable {
    /// The version of the program.
    public static let version = ProgramVersion.text

    private let run: @Sendable (RunOptions) throws -> CommandOutcome
    private let check: @Sendable (CheckOptions) throws -> CommandOutcome
    private let explain: @Sendable (ExplainOptions) throws -> CommandOutcome

    /// Creates the program out of what its commands do.
    ///
    /// Errors are told by `TrueupError`; whatever else is thrown counts as failed.
    public init(
        run: @escaping @Sendable (RunOptions) throws -> CommandOutcome,
        check: @escaping @Sendable (CheckOptions) throws -> CommandOutcome,
        explain: @escaping @Sendable (ExplainOptions) throws -> CommandOutcome = Self.explainRun
    ) {
        self.run = run
        self.check = check
        self.explain = explain
    }

    /// Does what the arguments ask for, with this process's standard streams.
    ///
    /// - Parameter arguments: the process's arguments; the first one, its own name, is left out.
    /// - Returns: the exit code.
    public func main(arguments: [String]) -> Int32 {
        Console.prepare()
        return main(Array(arguments.dropFirst()), on: .standard).code
    }

    /// Does what the arguments ask for; the program's own name is not among them.
    func main(_ arguments: [String], on console: Console) -> ExitStatus {
        do {
            return try perform(Request(arguments), on: console)
        } catch {
            findings(of: error).forEach(console.report)
            return ExitStatus(error)
        }
    }

    private func perform(_ request: Request, on console: Console) throws -> ExitStatus {
        switch request {
        case .show(let text):
            try console.write(text)
            return .success
        case .run(let options):
            let outcome = try run(options)
            if !options.isQuiet { deliver(outcome, on: console) }
            return outcome.hasBreaksToFailOn ? .openBreaks : .success
        case .check(let options):
            let outcome = try check(options)
            outcome.warnings.forEach(console.report)
            try console.write(outcome.text)
            return outcome.hasBreaksToFailOn ? .openBreaks : .success
        case .explain(let options):
            try console.write(try explain(options).text)
            return .success
        }
    }

    /// Tells the result of a run, which is published whether or not anybody can be told: an exit
    /// code that calls it failed would be false.
    private func deliver(_ outcome: CommandOutcome, on console: Console) {
        outcome.warnings.forEach(console.report)
        do {
            try console.write(outcome.text)
        } catch {
            var finding = error
            finding.severity = .warning
            console.report(finding)
        }
    }
}

/// What a command line asks for.
enum Request: Sendable, Hashable {
    case show(String)
    case run(RunOptions)
    case check(CheckOptions)
    case explain(ExplainOptions)

    /// Reads the arguments behind the program's name.
    ///
    /// - Throws: `TrueupError.usage` for the first argument that does not fit.
    init(_ arguments: [String]) throws(TrueupError) {
        switch arguments.first {
        case OptionDescription.help.spelling: self = .show(HelpText.overview)
        case OptionDescription.version.spelling: self = .show("trueup \(Program.version)\n")
        case nil:
            throw .usage(
                Finding(
                    "a command is missing", expected: ValueKind.command.expectation,
                    remedy: hint(nil, help: "trueup --help")))
        case .some(let option) where option.hasPrefix("-"):
            let spellings = Commands.globalOptions.map(\.spelling)
            throw .usage(
                Finding(
                    "unknown option", expected: "a command, \(spellings.joined(separator: " or "))",
                    found: option,
                    remedy: hint(
                        nearestName(to: option, among: spellings), help: "trueup --help")))
        case .some(let name):
            let command = try Commands.named(name)
            let parsed = try ArgumentParser.parse(arguments.dropFirst(), of: command)
            self = parsed.map(command.request) ?? .show(HelpText.command(command))
        }
    }
}
