import Definition
import Diagnostics
import Glibc
import Ingestion
import Pipeline
import Reconciliation
import Records
import Reporting
import RunStore
import Time
import Watching

extension Program {
    /// The program with the commands that it ships with.
    public static var standard: Program {
        Program { request in
            switch request {
            case .show(let text): CommandOutcome(text: text)
            case .run(let options): try runAndTell(options)
            case .check(let options): try checkPipeline(options)
            case .initialize(let options): try initialize(options)
            case .explain(let options): try explain(options)
            case .dashboard(let options): try dashboard(options)
            case .diff(let options): try diff(options)
            case .loadSQL(let options): try loadSQL(options)
            case .simulate(let options): try simulate(options)
            case .watch(let options): try watch(options)
            case .runs(let options): try runs(options)
            case .verify(let options): try verify(options)
            case .replay(let options): try replay(options)
            case .backtest(let options): try backtest(options)
            case .redact(let options): try redact(options)
            case .plan(let options): try plan(options)
            case .keys(let options): try keys(options)
            case .shard(let options): try shard(options)
            case .merge(let options): try merge(options)
            }
        }
    }

    /// Runs once; `watch` tells whether somebody asks to stop.
    static func runPipeline(
        _ options: RunOptions, _ watch: SignalWatch
    ) throws -> (CommandOutcome, RunOutcome) {
        let definition = try PipelineDefinition.load(
            path: options.pipelinePath, isKnownZone: Zone.isKnown)
        var request = RunRequest(
            definition: definition, inputFolder: options.inputFolder,
            outputFolder: options.outputFolder, asOf: options.asOf ?? currentSecond(),
            watch: watch)
        request.isDryRun = options.isDryRun
        request.users = options.users
        request.payments = options.payments
        request.threads = options.threads
        request.waitsForWholeDumps = options.waitsForWholeDumps
        request.archives = options.archives
        if let memory = options.memory { request.division = .memory(MemoryBudget(bytes: memory)) }
        if let shards = options.shards { request.division = .parts(shards) }
        request.signingKey = try signingKey(options)
        let progress = progress(of: options)
        // A stage that fails leaves its line behind, and the error must not be written into it.
        defer { progress.end() }
        let outcome = try Pipeline(request, progress: progress).run()
        return (told(outcome, options), outcome)
    }

    /// What people are told of a run.
    private static func told(_ outcome: RunOutcome, _ options: RunOptions) -> CommandOutcome {
        CommandOutcome(
            text: TerminalSummary.text(
                outcome.report, places: places(of: outcome),
                isColoured: Console.mayColour(STDOUT_FILENO)),
            hasBreaksToFailOn: options.failOn.applies(to: outcome.report.breaks.map(\.code)),
            warnings: outcome.warnings)
    }

    /// Who is told how far a run is: a terminal, a log, or nobody.
    private static func progress(of options: RunOptions) -> any ProgressReporting {
        guard options.logsJSON else { return Progress(isQuiet: options.isQuiet) }
        return options.isQuiet
            ? NoProgress() : RunLog(.json(on: STDERR_FILENO)) { Console.now }
    }

    /// Runs once, and tells the result: to people, or to a log.
    static func runAndTell(_ options: RunOptions) throws -> CommandOutcome {
        tell(try runPipeline(options, SignalWatch.begin()).1, options)
    }

    /// Tells what a run came to.
    static func tell(_ outcome: RunOutcome, _ options: RunOptions) -> CommandOutcome {
        let told = told(outcome, options)
        if options.logsJSON, !options.isQuiet {
            EventLog.json(on: STDERR_FILENO).tell(event(of: outcome, told), at: Console.now)
        }
        return told
    }

    /// The key with which a run's archive is signed.
    static func signingKey(_ options: RunOptions) throws -> SigningKey? {
        guard let path = options.signingKeyPath else { return nil }
        guard options.archives else {
            throw TrueupError.usage(
                Finding(
                    "--sign and --no-archive exclude each other", expected: "one of the two",
                    remedy: "leave out --no-archive: the archive is what is signed"))
        }
        return try SigningKey(path: path)
    }

    /// Where the reader finds what a run left.
    private static func places(of outcome: RunOutcome) -> [TerminalSummary.Place] {
        guard let published = outcome.published else { return [] }
        var places = [
            TerminalSummary.Place(label: "report", path: published.path + "/report.html"),
            TerminalSummary.Place(label: "breaks", path: published.path + "/breaks.csv"),
            TerminalSummary.Place(label: "all files", path: published.path),
        ]
        if let archive = published.archivePath {
            places.append(TerminalSummary.Place(label: "archive", path: archive))
        }
        return places
    }

    /// Holds a definition against its own rules, and the dumps against the definition.
    private static func checkPipeline(_ options: CheckOptions) throws -> CommandOutcome {
        let definition = try PipelineDefinition.load(
            path: options.pipelinePath, isKnownZone: Zone.isKnown)
        guard let folder = options.inputFolder else {
            guard !options.isJSON else {
                throw TrueupError.usage(
                    Finding(
                        "--json tells what dumps hold, and no folder is named",
                        remedy: "name the folder that holds the dumps with --in"))
            }
            return CommandOutcome(text: "\(options.pipelinePath): nothing is wrong\n")
        }
        let survey = try DumpCheck.survey(
            definition, folder: folder, threads: Processors.online, watch: SignalWatch.begin(),
            progress: Progress(isQuiet: false))
        var outcome = CommandOutcome(
            text: options.isJSON
                ? survey.json() : survey.text(isColoured: Console.mayColour(STDOUT_FILENO)))
        outcome.errors = survey.obstacles.map(\.finding)
        return outcome
    }

    /// Now, to the second, which is how finely runs are told apart by name.
    static func currentSecond() -> Instant {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Instant(seconds: Int64(time.tv_sec))
    }
}

extension Progress: ProgressReporting {}

extension FailOn {
    /// Whether any of the codes is as severe as this.
    func applies(to codes: [BreakCode]) -> Bool {
        let least: BreakSeverity
        switch self {
        case .info: least = .info
        case .review: least = .review
        case .critical: least = .critical
        case .never: return false
        }
        return codes.contains { $0.severity >= least }
    }
}
