import Definition
import Diagnostics
import Emission
import Ingestion
import Records
import Reporting
import RunStore
import Time

/// What a run is asked to do.
public struct RunRequest: Sendable {
    /// What the pipeline file says.
    public var definition: PipelineDefinition
    /// The folder that holds the dumps.
    public var inputFolder: String
    /// The folder that holds the runs.
    public var outputFolder: String
    /// The run's logical time.
    public var asOf: Instant
    /// Whether to find out only, and write nothing.
    public var isDryRun = false
    /// The users for whom something may be emitted; with `payments`, all where both are empty.
    public var users: [String] = []
    /// The payments, by id or reference, for which something may be emitted.
    public var payments: [String] = []
    /// How many threads work at once.
    public var threads = 1
    /// Into how many parts the run is divided, so that one of them at a time is in memory.
    public var division = DivisionSize.whole
    /// Whether an archive is written.
    public var archives = true
    /// With what the archive is signed; nil for no signature.
    public var signingKey: SigningKey?
    /// Whether a dump that ends in the middle of a record fails the run, since it may still be on its
    /// way; else that row is a reject like any other.
    public var waitsForWholeDumps = false
    /// What a run that is made again takes over from its archive; nil for any other run.
    public var replayed: ReplayedRun?
    /// Tells whether a signal has asked the run to stop.
    public var watch: SignalWatch

    /// From here on, the year 9900, days that follow from the as-of could leave the calendar.
    static let latestAsOf = Instant(seconds: 250_246_627_200)

    /// A run of everything on one thread, with its archive.
    public init(
        definition: PipelineDefinition, inputFolder: String, outputFolder: String, asOf: Instant,
        watch: SignalWatch
    ) {
        self.definition = definition
        self.inputFolder = inputFolder
        self.outputFolder = outputFolder
        self.asOf = asOf
        self.watch = watch
    }

    /// The users and payments that were named, as the tables know them.
    func selection(_ key: FingerprintKey) -> Selection {
        var selection = Selection()
        selection.users = Set(users.map { key.userPrint($0) })
        selection.payments = Set(payments.map { key.idPrint($0) })
        return selection
    }
}

/// What a run that is made again takes over from its archive, since the folder in which it was made
/// is not there: it is part of the run's name and of the archive's manifest.
public struct ReplayedRun: Sendable {
    /// The run's name.
    public var run: RunID
    /// The archive before it.
    public var previousArchive: ArchiveReference?
    /// The archives that it removed for their age.
    public var removedArchives: [ArchiveReference]
    /// The key by which its archive was signed; nil where it was not.
    public var signedBy: SHA256Digest?
    /// What the run rested on; empty where it does not tell.
    public var dependencies: [Dependency]

    /// Names what is taken over.
    public init(
        run: RunID, previousArchive: ArchiveReference?, removedArchives: [ArchiveReference],
        signedBy: SHA256Digest?, dependencies: [Dependency]
    ) {
        self.run = run
        self.previousArchive = previousArchive
        self.removedArchives = removedArchives
        self.signedBy = signedBy
        self.dependencies = dependencies
    }
}

/// What a run came to.
public struct RunOutcome: Sendable {
    /// What was found and made.
    public let report: RunReport
    /// Where it was published; nil for a dry run.
    public let published: PublishedRun?
    /// What did not work out, although the run succeeded.
    public internal(set) var warnings: [Finding]
}

/// Whom a run tells how far it is; called from several threads.
public protocol ProgressReporting: Sendable {
    /// A stage begins that will read so many bytes, or write so many rows; 0 where nobody knows.
    func begin(stage: String, totalBytes: Int, totalRows: Int)
    /// So much more has been read or written.
    func advance(bytes: Int, rows: Int)
    /// The stage has ended.
    func end()
}

extension ProgressReporting {
    /// A stage begins that will read so many bytes.
    public func begin(stage: String, totalBytes: Int) {
        begin(stage: stage, totalBytes: totalBytes, totalRows: 0)
    }

    /// A stage begins that will write so many rows.
    func begin(stage: String, totalRows: Int) {
        begin(stage: stage, totalBytes: 0, totalRows: totalRows)
    }
}

/// Tells nobody.
public struct NoProgress: ProgressReporting {
    /// Creates it.
    public init() {}
    /// Does nothing.
    public func begin(stage: String, totalBytes: Int, totalRows: Int) {}
    /// Does nothing.
    public func advance(bytes: Int, rows: Int) {}
    /// Does nothing.
    public func end() {}
}
