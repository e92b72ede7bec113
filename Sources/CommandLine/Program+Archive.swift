import Audit
import Diagnostics
import RunStore

extension Program {
    /// Lists the runs of an output folder.
    static func runs(_ options: RunsOptions) throws -> CommandOutcome {
        let list = try RunList(path: options.outputFolder)
        return CommandOutcome(
            text: options.isJSON ? list.json : list.text, warnings: list.warnings)
    }

    /// Holds runs and archives against their checksums.
    static func verify(_ options: VerifyOptions) throws -> CommandOutcome {
        let signals = SignalWatch.begin()
        let keys = try options.keys.map { try VerifyingKey(path: $0) }
        let verification = try Verification(path: options.path, keys: keys) {
            () throws(TrueupError) in try signals.checkStopped()
        }
        var outcome = CommandOutcome(text: verification.text)
        outcome.errors = verification.faults
        return outcome
    }

    /// Makes a run again from its archive.
    static func replay(_ options: ReplayOptions) throws -> CommandOutcome {
        var replay = Replay(archive: options.archive, watch: SignalWatch.begin())
        replay.folder = options.folder
        replay.threads = options.threads
        let progress = Progress(isQuiet: options.isQuiet)
        defer { progress.end() }
        let result = try replay.run(progress: progress)
        var outcome = CommandOutcome(text: result.text, warnings: result.notes)
        outcome.errors = result.faults
        return outcome
    }
}
