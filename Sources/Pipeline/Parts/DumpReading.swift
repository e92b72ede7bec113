import Definition
import DelimitedText
import Diagnostics
import Ingestion
import Records
import Reporting
import RunStore

/// Reads the dumps: at once, or, in a divided run, once to find out what belongs together, and once
/// more for each part.
struct DumpReading {
    /// How a divided run is divided; nil for one that is not.
    let division: Division?
    /// The checksum of each file, known once the dumps were read.
    let digests: [SHA256Digest]

    private let request: RunRequest
    private let setting: RunSetting
    private let files: InputFiles
    private let progress: any ProgressReporting
    private let key: FingerprintKey
    private var whole: IngestedDumps?
    private var nextPart = 0

    /// Reads the dumps for the first time.
    ///
    /// - Throws: `TrueupError`, as `Ingester.ingest`.
    init(
        _ request: RunRequest, _ setting: RunSetting, _ files: InputFiles, _ before: BeforeRun,
        progress: any ProgressReporting
    ) throws {
        self.request = request
        self.setting = setting
        self.files = files
        self.progress = progress
        key = before.key
        let hashes = files.all.map { InputHash(of: $0) }
        progress.begin(stage: "reading the dumps", totalBytes: files.textSize)
        defer { progress.end() }
        let ingester = Ingester(
            definition: setting.definition, files: files, zone: setting.zone, key: key,
            workers: setting.workers)
        let watch = request.watch
        func observe(_ file: Int) -> (@Sendable (UnsafeRawBufferPointer) -> Void)? {
            { bytes in
                hashes[file].update(bytes)
                progress.advance(bytes: bytes.count, rows: 0)
            }
        }
        let isArchived = request.archives && !request.isDryRun
        if !setting.carries, request.division.divides(files, isArchived: isArchived) {
            division = try ingester.divide(
                into: request.division, by: DivisionKeys(setting, before),
                isArchived: isArchived, observe: observe
            ) { try watch.checkStopped() }
        } else {
            division = nil
            whole = try ingester.ingest(observe: observe) { try watch.checkStopped() }
        }
        digests = try hashes.map { try $0.finish() }
        if request.waitsForWholeDumps, let rejects = division?.common ?? whole {
            try CutDumps.refuse(rejects)
        }
    }

    /// Whether a part has not been read yet.
    var hasMore: Bool { division.map { nextPart < $0.count } ?? (whole != nil) }

    /// The records of the next part, all of them where nothing is divided; nil behind the last.
    ///
    /// - Throws: `TrueupError.run` where a dump cannot be read again.
    mutating func next() throws -> IngestedDumps? {
        guard hasMore else { return nil }
        guard let division else { return whole.take() }
        defer { nextPart += 1 }
        progress.begin(
            stage: "part \(nextPart + 1) of \(division.count)",
            totalBytes: files.textSize)
        defer { progress.end() }
        let watch = request.watch
        return try Ingester(
            definition: setting.definition, files: files, zone: setting.zone, key: key,
            workers: setting.workers
        ).ingest(part: nextPart, of: division) { [progress] bytes in
            progress.advance(bytes: bytes.count, rows: 0)
        } checkStopped: {
            try watch.checkStopped()
        }
    }
}
