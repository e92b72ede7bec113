import Definition
import DelimitedText
import Diagnostics
import Parallel
import Records
import Time

/// Something about dumps that ends a run.
public struct Obstacle: Sendable {
    /// The kind of records that it keeps from being read.
    public let kind: RecordKind
    /// What is wrong.
    public let finding: Finding
}

/// Dumps of which not even the rows can be counted, by their places among the files.
struct UnreadableDumps: Error {
    let all: [(file: Int, finding: Finding)]
}

extension Ingester {
    /// Ends the reading, or notes what would end a run.
    mutating func refuse(_ finding: Finding, _ kind: RecordKind) throws {
        guard gathersObstacles else { throw TrueupError.run(finding) }
        obstacles.append(Obstacle(kind: kind, finding: finding))
    }
}

/// Dumps read wholly, as a run reads them, with everything that would end the run gathered in place
/// of the first such thing thrown.
public struct TolerantReading: Sendable {
    /// A file that was not read.
    public struct UnreadFile: Sendable {
        /// What its rows would have been.
        public let kind: RecordKind
        /// The path below the input folder; the globs of an input that no file matches.
        public let name: String
        /// Whether there is no such file.
        public let isMissing: Bool
    }

    /// What those files hold that can be read.
    public let ingested: IngestedDumps
    /// All others, in the order of kinds and names.
    public let unread: [UnreadFile]
    /// Everything that would end a run, in the order of kinds; empty where it would go on.
    public let obstacles: [Obstacle]

    /// Reads the dumps.
    ///
    /// - Parameters:
    ///   - folder: The input folder, as the user named it.
    ///   - definition: What the pipeline file says.
    ///   - zone: The pipeline's.
    ///   - workers: Who reads.
    ///   - begin: Told how many bytes there are to read; again, where a file turned out to be
    ///     unreadable and the others are read anew.
    ///   - observe: Shown every byte.
    ///   - checkStopped: Asked after each block; what it throws ends the reading.
    /// - Throws: `TrueupError.run` where the folder cannot be read, or a dump changes meanwhile.
    public init(
        folder: String, definition: PipelineDefinition, zone: Zone, workers: Workers,
        begin: (_ totalBytes: Int) -> Void,
        observe: @escaping @Sendable (UnsafeRawBufferPointer) -> Void,
        checkStopped: @escaping () throws -> Void
    ) throws {
        var unread: [UnreadFile] = []
        var obstacles: [Obstacle] = []
        var files = try InputFiles(
            folder: folder, definition: definition, workers: workers
        ) { file, finding in
            unread.append(file)
            obstacles.append(Obstacle(kind: file.kind, finding: finding))
        }
        // A file that cannot be read has no say about the others: they are read without it.
        while true {
            do {
                var ingester = Ingester(
                    definition: definition, files: files, zone: zone, key: FingerprintKey(),
                    workers: workers)
                ingester.gathersObstacles = true
                try ingester.findHeaders()
                begin(files.textSize)
                let read = try ingester.ingestRows(
                    observe: { _ in observe }, checkStopped: checkStopped)
                try files.verifyUnchanged()
                ingested = read
                self.unread = unread.sorted { ($0.kind, $0.name) < ($1.kind, $1.name) }
                self.obstacles = RecordKind.allCases.flatMap { kind in
                    (obstacles + read.obstacles).filter { $0.kind == kind }
                }
                return
            } catch let dumps as UnreadableDumps {
                for dump in dumps.all {
                    let file = files.all[dump.file]
                    unread.append(
                        UnreadFile(kind: file.kind, name: file.name, isMissing: false))
                    obstacles.append(Obstacle(kind: file.kind, finding: dump.finding))
                }
                files = files.without(Set(dumps.all.map(\.file)))
            }
        }
    }
}
