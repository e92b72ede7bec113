import Audit
import Definition
import Diagnostics
import RunStore
import Time

extension Commands {
    static let backtest = CommandDescription(
        name: "backtest",
        summary: "try a changed definition over archived runs",
        discussion: """
            Makes each archived run of the pipeline again by the definition, with its archived \
            dumps, at its as-of and after what the run before it handed on, and tells what would \
            have been decided otherwise: payments with another status or outcome, breaks that \
            would appear or vanish, and what more or less would be emitted, by run and in total. \
            Nothing is written but below temporary folders, which are removed.
            """,
        operands: [
            pipeline,
            OperandDescription(
                value: ValueDescription(placeholder: "OUT", kind: .folder),
                help: "the folder in which runs are published"),
        ],
        ownOptions: [.testedRun, .json, .threads, .quiet],
        example: "trueup backtest pipelines/tours.yaml out",
        successMeaning: "every run was made again, whatever would have been decided",
        failureMeaning: "a run could not be made again, or there is none",
        otherExits: [.failure, .misuse] + ExitStatus.stops,
        files: [
            FileDescription(path: "PIPELINE", meaning: "the changed definition; it is read"),
            FileDescription(path: "OUT/archive/RUN-ID.tar.zst", meaning: "the archives; read"),
        ],
        request: { arguments in
            .backtest(
                BacktestOptions(
                    pipelinePath: arguments.required("PIPELINE"),
                    outputFolder: arguments.required("OUT"),
                    runs: arguments.texts(of: .testedRun), isJSON: arguments.has(.json),
                    threads: arguments.count(of: .threads) ?? Processors.online,
                    isQuiet: arguments.has(.quiet)))
        })
}

extension OptionDescription {
    static let testedRun = OptionDescription(
        name: "run", value: ValueDescription(placeholder: "ID", kind: .text),
        help: "a run to make again", isRepeatable: true,
        defaultText: "every run that has an archive")
}

/// What `trueup backtest` is told on the command line.
struct BacktestOptions: Sendable, Hashable {
    /// The changed definition, as the user named it.
    var pipelinePath: String
    /// The folder in which runs are published.
    var outputFolder: String
    /// The runs to make again, as typed; all where there are none.
    var runs: [String]
    /// Whether JSON is written, for programs.
    var isJSON: Bool
    /// How many threads work at once.
    var threads: Int
    /// Whether everything but errors is silenced.
    var isQuiet: Bool
}

extension Program {
    /// Tries a changed definition over archived runs.
    static func backtest(_ options: BacktestOptions) throws -> CommandOutcome {
        let named = try options.runs.compactMap { try runID($0) }
        let definition = try PipelineDefinition.load(
            path: options.pipelinePath, isKnownZone: Zone.isKnown)
        let progress = Progress(isQuiet: options.isQuiet)
        defer { progress.end() }
        let backtest = try Backtest(
            definition, outputFolder: options.outputFolder, only: named, threads: options.threads,
            watch: SignalWatch.begin(), progress: progress)
        var outcome = CommandOutcome(
            text: options.isJSON ? backtest.json : backtest.text, warnings: backtest.notes)
        outcome.errors = backtest.faults
        return outcome
    }
}
