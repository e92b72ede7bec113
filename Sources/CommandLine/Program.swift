import Diagnostics
import Pipeline

/// The command line as a whole: it reads arguments, calls the commands, and turns results and
/// errors into text and exit codes.
public struct Program: Sendable {
    /// The version of the program.
    public static let version = ProgramVersion.text

    private let perform: @Sendable (Request) throws -> CommandOutcome

    /// Creates the program out of what its commands do; texts it shows by itself.
    ///
    /// Errors are told by `TrueupError`; whatever else is thrown counts as failed.
    init(perform: @escaping @Sendable (Request) throws -> CommandOutcome) {
        self.perform = perform
    }

    /// Does what the arguments ask for, with this process's standard streams.
    ///
    /// - Parameter arguments: the process's arguments; the first one, its own name, is left out.
    /// - Returns: the exit code.
    public func main(arguments: [String]) -> Int32 {
        Console.prepare()
        MemoryLimit.tell()
        return main(Array(arguments.dropFirst()), on: .standard).code
    }

    /// Does what the arguments ask for; the program's own name is not among them.
    func main(_ arguments: [String], on console: Console) -> ExitStatus {
        var console = console
        do {
            let request = try Request(arguments)
            if let run = request.publishedRun { console.logsJSON = run.logsJSON }
            return try perform(request, on: console)
        } catch {
            findings(of: error).forEach(console.report)
            return ExitStatus(error)
        }
    }

    private func perform(_ request: Request, on console: Console) throws -> ExitStatus {
        if case .show(let text) = request {
            try console.write(text)
            return .success
        }
        let outcome = try perform(request)
        if !request.isQuiet {
            if request.publishedRun != nil {
                deliver(outcome, on: console)
            } else {
                outcome.warnings.forEach(console.report)
                try console.write(outcome.text)
            }
        }
        outcome.errors.forEach(console.report)
        guard outcome.errors.isEmpty else { return .failure }
        if let signal = outcome.stoppedBy { return .stopped(signal: signal) }
        return outcome.hasBreaksToFailOn ? .openBreaks : .success
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
    case initialize(InitOptions)
    case explain(ExplainOptions)
    case dashboard(DashboardOptions)
    case diff(DiffOptions)
    case loadSQL(LoadOptions)
    case simulate(SimulateOptions)
    case watch(WatchOptions)
    case runs(RunsOptions)
    case verify(VerifyOptions)
    case replay(ReplayOptions)
    case backtest(BacktestOptions)
    case redact(RedactOptions)
    case plan(PlanOptions)
    case keys(KeysOptions)
    case shard(ShardOptions)
    case merge(MergeOptions)

    /// What it is told of the run that it publishes; nil where it publishes none, or many.
    var publishedRun: RunOptions? {
        switch self {
        case .run(let options): options
        case .merge(let options): options.run
        default: nil
        }
    }

    /// Whether everything but errors is silenced.
    var isQuiet: Bool {
        switch self {
        case .run(let options): options.isQuiet
        case .simulate(let options): options.isQuiet
        case .watch(let options): options.run.isQuiet
        case .replay(let options): options.isQuiet
        case .backtest(let options): options.isQuiet
        case .show, .initialize, .check, .explain, .loadSQL, .runs, .verify, .redact: false
        case .dashboard, .diff, .plan, .keys, .shard: false
        case .merge(let options): options.run.isQuiet
        }
    }

    /// Reads the arguments behind the program's name.
    ///
    /// - Throws: `TrueupError.usage` for the first argument that does not fit.
    init(_ arguments: [String]) throws(TrueupError) {
        switch arguments.first {
        case OptionDescription.help.spelling: self = .show(HelpText.overview)
        case OptionDescription.version.spelling:
            let isVerbose = arguments.dropFirst().contains(OptionDescription.verboseSpelling)
            self = .show(isVerbose ? VersionText.verbose : VersionText.brief)
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
