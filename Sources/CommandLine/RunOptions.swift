import Diagnostics
import Time

/// What `trueup run` is told on the command line.
public struct RunOptions: Sendable, Hashable {
    /// The pipeline definition, as the user named it.
    public var pipelinePath: String
    /// The folder of the dumps.
    public var inputFolder: String
    /// The folder in which runs are published.
    public var outputFolder: String
    /// The logical time of the run; nil means the current time.
    public var asOf: Instant?
    /// Whether everything is done but publishing.
    public var isDryRun = false
    /// The users, as they were typed, for whose payments something may be emitted.
    ///
    /// With `payments`, everything may be where both are empty.
    public var users: [String] = []
    /// The payments, by id or reference as typed, for which something may be emitted.
    public var payments: [String] = []
    /// Whether a dump that ends in the middle of a record fails the run.
    public var waitsForWholeDumps = false
    /// How many threads work at once, 1 to 64.
    public var threads: Int
    /// How many bytes of memory the run may take; nil for as many as it takes.
    public var memory: Int64?
    /// How many parts the work is divided into; nil where nobody asks.
    public var shards: Int?
    /// Whether the run leaves an archive.
    public var archives = true
    /// The private key with which the archive is signed, as the user named its file; nil for no
    /// signature.
    public var signingKeyPath: String?
    /// The least severity of an open break that makes the exit code 3.
    public var failOn = FailOn.critical
    /// Whether everything but errors is silenced.
    public var isQuiet = false
    /// Whether standard error has a JSON object for each event, errors included.
    public var logsJSON = false

    /// Creates the options of a run of which only the places are given.
    public init(pipelinePath: String, inputFolder: String, outputFolder: String, threads: Int) {
        self.pipelinePath = pipelinePath
        self.inputFolder = inputFolder
        self.outputFolder = outputFolder
        self.threads = threads
    }
}

/// From which severity on open breaks make the exit code of a published run 3.
///
/// The raw values are the words of the command line.
public enum FailOn: String, Sendable, CaseIterable {
    case info, review, critical, never
}

/// What `trueup check` is told on the command line.
public struct CheckOptions: Sendable, Hashable {
    /// The pipeline definition, as the user named it.
    public var pipelinePath: String
    /// The folder of the dumps that are read; nil leaves them out.
    public var inputFolder: String?
    /// Whether what the dumps hold is told in JSON, for programs.
    public var isJSON = false

    /// Creates the options of a check.
    public init(pipelinePath: String, inputFolder: String? = nil) {
        self.pipelinePath = pipelinePath
        self.inputFolder = inputFolder
    }
}

/// What a command that succeeded leaves to the command line.
public struct CommandOutcome: Sendable, Hashable {
    /// The text for standard output, in whole lines; empty for none.
    public var text: String
    /// Whether breaks are open at or above `RunOptions.failOn`: the exit code is then 3, else 0.
    public var hasBreaksToFailOn: Bool

    /// The signal that ended a command which ends no other way; nil for all others.
    public var stoppedBy: Int32?

    /// What did not work out, although the command succeeded; for standard error.
    public var warnings: [Finding]

    /// What is wrong, although there is something to tell: it follows the text on standard error,
    /// and the exit code is 1 where there is any.
    public var errors: [Finding] = []

    /// Creates an outcome, by default one without such breaks and without warnings.
    public init(text: String, hasBreaksToFailOn: Bool = false, warnings: [Finding] = []) {
        self.text = text
        self.hasBreaksToFailOn = hasBreaksToFailOn
        self.warnings = warnings
    }
}
