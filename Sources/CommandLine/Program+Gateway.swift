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
        func settle() throws -> String {
            let outcome = try simulation.settle(asOf: options.asOf ?? currentSecond())
            return "settled \(outcome.succeeded + outcome.failed) payments: "
                + "\(outcome.succeeded) succeeded, \(outcome.failed) failed; "
                + "\(outcome.waiting) not old enough yet\n"
        }
        guard let interval = options.interval else {
            return CommandOutcome(text: try settle() + "written to \(simulation.path)\n")
        }
        let watch = SignalWatch.begin()
        while true {
            try watch.checkStopped()
            do {
                let text = try settle()
                if !options.isQuiet { try Console.standard.write(text) }
            } catch let error as TrueupError {
                // A dump may be there, or readable, at the next look.
                error.findings.forEach(Console.standard.report)
            }
            try watch.checkStopped()
            pause(interval)
        }
    }

    /// Runs whenever dumps have changed or the interval has passed, until it is stopped.
    static func watch(_ options: WatchOptions) throws -> CommandOutcome {
        let signals = SignalWatch.begin()
        // A definition that is wrong from the start is no failure to wait for.
        _ = try PipelineDefinition.load(
            path: options.run.pipelinePath, isKnownZone: Zone.isKnown)
        let log = EventLog(isJSON: options.logsJSON) { line in
            _ = Console.writeAll(line, to: STDERR_FILENO)
        }
        let watcher = Watcher(
            options.rules, log: log,
            surroundings: Watcher.Surroundings(
                now: { moment(of: CLOCK_MONOTONIC) }, clock: { moment(of: CLOCK_REALTIME) },
                look: { try look(options.run) },
                run: {
                    let (told, outcome) = try runPipeline(options.run, signals)
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

    private static func event(of outcome: RunOutcome, _ told: CommandOutcome) -> Event {
        let report = outcome.report
        let made = report.emissions.reduce(0) { $0 + $1.count }
        return Event(
            told.hasBreaksToFailOn ? .warning : .info, "published",
            "run \(report.run) published: \(made) emissions, \(report.openBreaks) open breaks",
            fields: [
                Event.Field("run", report.run),
                Event.Field("verdict", report.verdict.word),
                Event.Field("emissions", String(made)),
                Event.Field("open_breaks", String(report.openBreaks)),
            ])
    }

    private static func moment(of clock: clockid_t) -> Instant {
        var time = timespec()
        clock_gettime(clock, &time)
        return Instant(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }

    /// Waits; a signal ends the waiting.
    private static func pause(_ span: TimeSpan) {
        let (seconds, rest) = span.microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        var time = timespec(tv_sec: Int(seconds), tv_nsec: Int(rest) * 1000)
        nanosleep(&time, nil)
    }
}
