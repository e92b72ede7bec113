import Definition
import Diagnostics
import Explanation
import Pipeline
import RunStore

/// Makes archived runs again by another definition, and tells what it would have decided otherwise.
///
/// Each run is made for itself: of its archived dumps, at its as-of, after what the run before it
/// handed on in truth. So a difference is told at the run where it arises, and not at all that follow.
/// Nothing is written but below temporary folders, which are removed.
public struct Backtest: Sendable {
    /// What an archived run would have decided otherwise.
    public struct Run: Sendable {
        /// The archived run.
        public var run: RunID
        /// What differs.
        public var difference: DecisionComparison
    }

    /// The runs that were made again, oldest first.
    public private(set) var runs: [Run] = []
    /// What all of them would have decided otherwise.
    public private(set) var total = DecisionComparison()
    /// What is worth knowing although it is no fault.
    public private(set) var notes: [Finding] = []
    /// Runs that could not be made again, and why.
    public private(set) var faults: [Finding] = []
    /// The name of the pipeline.
    public let pipeline: String

    /// Tests a definition over archived runs of an output folder: those named, or all.
    ///
    /// - Throws: `TrueupError` where there is nothing to test it over, and where somebody asks to stop.
    public init(
        _ definition: PipelineDefinition, outputFolder: String, only named: [RunID], threads: Int,
        watch: SignalWatch, progress: any ProgressReporting
    ) throws {
        pipeline = definition.name
        let history = try RunHistory(path: outputFolder)
        let archived = try history.archivedRuns()
        if let absent = named.first(where: { !archived.contains($0) }) {
            throw TrueupError.usage(
                Finding(
                    "the run has no archive here", at: SourcePosition(file: outputFolder),
                    found: absent.text, remedy: "see `trueup runs` for the runs that have one"))
        }
        for run in archived where named.isEmpty || named.contains(run) {
            try watch.checkStopped()
            do {
                let difference = try test(
                    definition, archive: history.archivePath(of: run), threads, watch, progress)
                guard let difference else { continue }
                runs.append(Run(run: run, difference: difference))
                total.add(difference)
            } catch let error as TrueupError {
                if case .stopped = error { throw error }
                faults.append(
                    Finding(
                        "run \(run) could not be made again by the definition",
                        at: SourcePosition(file: history.archivePath(of: run)),
                        remedy: "see the next message"))
                faults += error.findings
            }
        }
        guard !runs.isEmpty || !faults.isEmpty else {
            throw TrueupError.run(
                Finding(
                    "there is no archived run of this pipeline",
                    at: SourcePosition(file: outputFolder), expected: definition.name,
                    remedy: "name a folder in which its runs were published with their archives"))
        }
    }

    /// What one run would have decided otherwise; nil where it is of another pipeline.
    private mutating func test(
        _ definition: PipelineDefinition, archive: String, _ threads: Int, _ watch: SignalWatch,
        _ progress: any ProgressReporting
    ) throws -> DecisionComparison? {
        let archived = try ArchivedRun(archive: archive, into: nil, watch: watch)
        guard archived.manifest.pipeline == definition.name else { return nil }
        notes += archived.notes
        var request = try archived.request(definition, threads: threads, watch: watch)
        request.archives = false
        let outcome = try Pipeline(request, progress: progress).run()
        guard let made = outcome.published else {
            preconditionFailure("only a dry run publishes nothing")
        }
        return try DecisionComparison(
            from: archived.folder.archivedRun, to: made.path, threads: threads)
    }
}
