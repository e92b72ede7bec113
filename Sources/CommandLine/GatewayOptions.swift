import Simulation
import Time
import Watching

/// What `trueup simulate` is told on the command line.
struct SimulateOptions: Sendable, Hashable {
    /// The pipeline definition, as the user named it.
    var pipelinePath: String
    /// The folder of the dumps.
    var inputFolder: String
    /// Where the settlement dump goes; nil for beside the others.
    var path: String?
    /// Ids or references, as typed, of the only payments to be settled; all where it is empty.
    var references: [String] = []
    /// When, how and how well the gateway settles.
    var behaviour = GatewayBehaviour()
    /// The moment as of which payments are old enough; nil means the current time.
    var asOf: Instant?
    /// How long it waits before it looks again; nil means that it looks once.
    var interval: TimeSpan?
    /// Whether everything but errors is silenced.
    var isQuiet = false
}

/// What `trueup watch` is told on the command line.
struct WatchOptions: Sendable, Hashable {
    /// What each run is told; it has no time of its own.
    var run: RunOptions
    /// When runs come.
    var rules: WatchRules
    /// Whether what happens is told as a JSON object a line, on standard error.
    var logsJSON: Bool
}

/// What `trueup load-sql` is told on the command line.
struct LoadOptions: Sendable, Hashable {
    /// The folder in which runs are published.
    var outputFolder: String
    /// The run, as it was typed; nil means the latest.
    var run: String?
    /// Whether everything that no dump shows yet is loaded, whichever run emitted it.
    var isUnloaded = false
}
