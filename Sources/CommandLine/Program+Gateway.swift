import Definition
import Diagnostics
import Glibc
import Ingestion
import Pipeline
import Records
import Reporting
import RunStore
import Simulation
import Time
import Watching

extension Program {
    /// Lets the simulated gateway settle once, or again and again until it is stopped.
    static func simulate(_ options: SimulateOptions) throws -> CommandOutcome {
        let definition = try PipelineDefinition.load(
            path: options.pipelinePath, isKnownZone: Zone.isKnown)
        let simulation = try Simulation(
            definition, folder: options.inputFolder, path: options.path,
            references: options.references, behaviour: options.behaviour)
        let signals = SignalWatch.begin()
        func settle() throws -> Simulation.Outcome {
            try simulation.settle(asOf: options.asOf ?? currentSecond()) {
                try signals.checkStopped()
            }
        }
        guard let interval = options.interval else {
            return CommandOutcome(
                text: try sentence(settle()) + "written to \(simulation.path)\n")
        }
        var told: [Finding]?
        while true {
            do {
                try signals.checkStopped()
                let outcome = try settle()
                // A look that finds nothing to do is worth a word only after another kind of news.
                let isNews = told != [] || outcome.succeeded + outcome.failed > 0
                if !options.isQuiet, isNews { try Console.standard.write(sentence(outcome)) }
                told = []
            } catch TrueupError.stopped(let signal) {
                throw TrueupError.stopped(signal: signal)
            } catch let error as TrueupError {
                // A dump may be there, or readable, or have the payment, at the next look.
                if told != error.findings { error.findings.forEach(Console.standard.report) }
                told = error.findings
            }
            wait(interval, signals)
        }
    }

    private static func sentence(_ outcome: Simulation.Outcome) -> String {
        let settled = outcome.succeeded + outcome.failed
        return "settled \(settled) payment\(settled == 1 ? "" : "s"): "
            + "\(outcome.succeeded) succeeded, \(outcome.failed) failed; "
            + "\(outcome.waiting) not old enough yet"
            + (outcome.decided > 0 ? "; \(outcome.decided) decided before" : "") + "\n"
    }

    /// Waits in short steps: a signal that comes just before one of them is noticed after it.
    private static func wait(_ span: TimeSpan, _ signals: SignalWatch) {
        let end = Console.moment(of: CLOCK_MONOTONIC).microseconds + span.microseconds
        while signals.stoppingSignal == nil {
            let left = end - Console.moment(of: CLOCK_MONOTONIC).microseconds
            guard left > 0 else { return }
            pause(TimeSpan(microseconds: min(left, 250_000)))
        }
    }

    /// Runs whenever dumps have changed or the interval has passed, until it is stopped.
    static func watch(_ options: WatchOptions) throws -> CommandOutcome {
        let signals = SignalWatch.begin()
        // A definition that is wrong from the start is no failure to wait for.
        _ = try PipelineDefinition.load(
            path: options.run.pipelinePath, isKnownZone: Zone.isKnown)
        let isJournal = Journal.takes(
            STDERR_FILENO, named: getenv("JOURNAL_STREAM").map { String(cString: $0) })
        let log = EventLog(
            isJSON: options.logsJSON, mark: { isJournal ? Journal.mark(of: $0) : "" }
        ) { line in
            _ = Console.writeAll(line, to: STDERR_FILENO)
        }
        var run = options.run
        run.waitsForWholeDumps = true
        let watcher = Watcher(
            options.rules, log: log,
            surroundings: Watcher.Surroundings(
                now: { Console.moment(of: CLOCK_MONOTONIC) }, clock: { Console.now },
                look: { try look(run) },
                run: {
                    let (told, outcome) = try runPipeline(run, signals)
                    return event(of: outcome, told)
                },
                wait: pause, stoppingSignal: { signals.stoppingSignal }))
        // The log has told of the signal.
        var outcome = CommandOutcome(text: "")
        outcome.stoppedBy = watcher.watch()
        return outcome
    }

    /// The present state of everything that a run would read.
    private static func look(_ options: RunOptions) throws -> FolderSnapshot {
        let definition = try PipelineDefinition.load(
            path: options.pipelinePath, isKnownZone: Zone.isKnown)
        let dumps = InputFiles.names(of: definition, in: options.inputFolder)
        return FolderSnapshot(
            paths: [options.pipelinePath] + dumps.map { options.inputFolder + "/" + $0 })
    }

    static func event(of outcome: RunOutcome, _ told: CommandOutcome) -> Event {
        let report = outcome.report
        let made = report.emissions.reduce(0) { $0 + $1.count }
        return Event(
            told.hasBreaksToFailOn ? .warning : .info,
            outcome.published == nil ? "dry_run" : "published",
            "run \(report.run) \(outcome.published == nil ? "not published, as a dry run" : "published"): \(made) emissions, \(report.openBreaks) open breaks",
            fields: [
                Event.Field("run", report.run),
                Event.Field("verdict", report.verdict.word),
                Event.Field("emissions", String(made)),
                Event.Field("open_breaks", String(report.openBreaks)),
            ])
    }

    /// Waits; a signal ends the waiting.
    private static func pause(_ span: TimeSpan) {
        let (seconds, rest) = span.microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(rest) * 1000)
        nanosleep(&time, nil)
    }
}
