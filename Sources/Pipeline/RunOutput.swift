import Definition
import Diagnostics
import Emission
import Ingestion
import Records
import Reporting
import Rules
import RunStore
import Time

/// The output folder of a run, from the lock to the published run; a dry run reads it only.
final class RunOutput {
    private let request: RunRequest
    /// Nil for a dry run, which locks nothing and writes nothing.
    private let folder: OutputFolder?
    /// Nil for a dry run into a folder that does not exist yet.
    private let history: RunHistory?
    private let previous: RunID?
    private var archive: RunArchive?
    private var staging: RunStaging?
    private var runID: RunID?
    /// What the archive takes of the run before, with its checksums.
    private var carried: [(file: ArchivedInput, hash: HashedFile)] = []

    /// Takes the output folder.
    ///
    /// - Throws: `TrueupError.busy` where another run holds it; `TrueupError.run` where it cannot be
    ///   used, or where the as-of lies before the latest run's.
    init(_ request: RunRequest) throws {
        self.request = request
        if request.isDryRun {
            folder = nil
            history =
                RunOutput.exists(request.outputFolder)
                ? try RunHistory(path: request.outputFolder) : nil
        } else {
            let folder = try OutputFolder(path: request.outputFolder)
            try folder.checkAsOf(request.asOf)
            self.folder = folder
            history = folder.history
        }
        previous = try history?.latest()
    }

    private static func exists(_ path: String) -> Bool {
        (try? FileIdentity(path: path)) != nil || (try? RunHistory(path: path)) != nil
    }

    /// Whether anything is published.
    var isPublished: Bool { folder != nil }

    /// Where scratch files may be made: they have no name, and go away with the process.
    var scratchFolder: String { folder?.history.path ?? "/tmp" }

    /// The name of the run before; empty for the first one.
    var previousRun: String { previous?.text ?? "" }

    /// Begins to take the dumps into the archive, beside the work.
    func beginArchive(_ files: InputFiles) throws {
        guard let folder, request.archives else { return }
        var inputs: [String: ArchivedInput] = [:]
        for file in files.all where !file.isCarried {
            inputs[file.name] = ArchivedInput(
                name: file.name, path: file.path, identity: try FileIdentity(path: file.path))
        }
        carried = try carriedFiles()
        archive = try folder.beginArchive(
            ArchiveContents(
                pipeline: request.definition.name, definition: request.definition.source,
                presets: request.definition.presets.map { ($0.fileName, $0.bytes) },
                inputs: inputs.values.sorted { $0.name < $1.name },
                carried: carried.map(\.file)),
            asOf: request.asOf, threads: request.threads, signingKey: request.signingKey)
    }

    /// Everything that the latest published run handed on: without it the run could not be repeated.
    private func carriedFiles() throws -> [(file: ArchivedInput, hash: HashedFile)] {
        guard let history, let previous else { return [] }
        return try history.files(in: "carried", of: previous).map { name in
            let path = history.folder(of: previous) + "/carried/" + name
            let hash = try HashedFile(path: path)
            return (ArchivedInput(name: name, path: path, identity: hash.identity), hash)
        }
    }

    /// The records that the latest published run handed on; nil where there is no run before, or
    /// where it was one of full dumps.
    func carriedRecords(_ setting: RunSetting) throws -> CarriedRecords? {
        guard setting.carries, let history, let previous else { return nil }
        guard try history.recordedChecksum(of: CarriedTotalsFile.totals, in: previous) != nil
        else { return nil }
        return CarriedRecords(
            folder: history.folder(of: previous), horizon: setting.horizon(previous.asOf))
    }

    /// Refuses what is not as the latest published run wrote it.
    private func requireWhole(_ name: String, _ digest: SHA256Digest) throws {
        guard let history, let previous,
            try history.recordedChecksum(of: name, in: previous) != digest
        else { return }
        throw TrueupError.run(
            Finding(
                "what the latest run handed on has been changed",
                at: SourcePosition(file: history.folder(of: previous) + "/" + name),
                expected: "the checksum in SHA256SUMS", found: digest.hex,
                remedy: "restore the run's folder from its archive"))
    }

    /// What the records came to that left in earlier runs.
    func past(_ files: InputFiles, key: FingerprintKey) throws -> CarriedTotals {
        guard let carried = files.carried else { return CarriedTotals() }
        for name in CarriedTotalsFile.all {
            try requireWhole(name, try HashedFile(path: carried.folder + "/" + name).digest)
        }
        return try PastTotals.read(carried.folder, key: key)
    }

    /// What the latest published run says still waits to be loaded.
    func waitingEmissions(key: FingerprintKey) throws -> WaitingEmissions {
        guard let history, let previous else { return WaitingEmissions() }
        return try CarriedEmissions.read(
            history.folder(of: previous) + "/" + CarriedEmissionsFile.name, key: key)
    }

    /// What the latest published run says of its breaks, and of the decisions about them.
    func carriedItems() throws -> CarriedItems {
        guard let history, let previous else { return CarriedItems() }
        return try CarriedItems(of: previous, in: history)
    }

    /// The name of this run, by its inputs, definition and the run before.
    func name(_ digests: [SHA256Digest], _ files: InputFiles) throws -> String {
        for (file, digest) in zip(files.all, digests) where file.isCarried {
            try requireWhole(file.name, digest)
        }
        let inputs = SHA256Digest(
            ofFiles: zip(files.all, digests).map { ("\($0.kind.rawValue)/\($0.name)", $1) })
        let definition = request.definition.digest
        let run: RunID
        if let folder {
            run = try folder.nextRun(
                asOf: request.asOf, inputs: inputs, definition: definition,
                expected: request.replayed?.run)
        } else {
            run = RunID(
                asOf: request.asOf, inputs: inputs, definition: definition, previous: previous)
        }
        runID = run
        return run.text
    }

    /// Writes every file of the run beside the published ones.
    ///
    /// - Throws: `TrueupError.run` also where a file does not hold what it must.
    func write(
        _ result: RunResult, _ report: RunReport, _ setting: RunSetting, parts: PartedFiles?,
        telling progress: any ProgressReporting = NoProgress()
    ) throws {
        guard let folder, let runID else { return }
        let staging = try folder.stage(runID)
        self.staging = staging
        let files = RunFiles(
            result, ledger: report.ledger, history: report.history, parts: parts)
        progress.begin(stage: "writing the tables", totalRows: files.rowsToTell)
        var written = try files.write(
            create: { try staging.createFile($0) }, workers: setting.workers,
            then: RunOutput.workbook(report, staging)
        ) { progress.advance(bytes: 0, rows: $0) }
        let pages = DashboardPages(result)
        progress.begin(
            stage: pages.isEmpty ? "writing the report" : "writing users' pages",
            totalRows: pages.isEmpty ? 0 : report.users)
        written += try pages.write(
            from: staging.path, create: { try staging.createFile($0) }, workers: setting.workers
        ) { [watch = request.watch] in
            try watch.checkStopped()
            progress.advance(bytes: 0, rows: 1)
        }
        written.sort { $0.file < $1.file }
        try ControlTotals.prove(written)
        let documents: [(String, [UInt8])] =
            [
                (ReportJSON.file, ReportJSON(report).bytes),
                ("report.html", ReportHTML(report).bytes),
                ("definition.yaml", request.definition.source),
                ("run.json", RunDocument(request: request, report: report, files: written).bytes),
            ] + request.definition.presets.map { ($0.fileName, $0.bytes) }
        for (name, bytes) in documents {
            try RunOutput.write(bytes, as: name, staging)
        }
        let package = DataPackage(report, written: written, files: staging.closedFiles)
        try RunOutput.write(package.bytes, as: DataPackage.file, staging)
    }

    /// The workbook is made of tables that are small beside the others, and takes about as long.
    private static func workbook(_ report: RunReport, _ staging: RunStaging) -> RunFiles.Sequel {
        RunFiles.Sequel(of: ReportWorkbook.tables) { written in
            let files = staging.closedFiles
            let workbook = ReportWorkbook(
                report, written: written, sizes: { files[$0]?.bytes ?? 0 }, in: staging.path)
            try staging.takeIn(ReportWorkbook.file, room: workbook.room) {
                try workbook.write(to: $0, scratch: $1)
            }
        }
    }

    private static func write(_ bytes: [UInt8], as name: String, _ staging: RunStaging) throws {
        var sink = try staging.createFile(name)
        try sink.write(bytes)
        try sink.close()
    }

    /// Publishes the run; nothing happens for a dry run.
    func publish(
        _ report: RunReport, digests: [SHA256Digest], timings: inout StageClock
    ) throws -> PublishedRun? {
        guard let folder, let staging else { return nil }
        let cost = timings.cost
        try RunOutput.write(cost.document(run: report.run), as: "timings.json", staging)
        try RunOutput.write(
            MetricsText(report, cost: cost).bytes, as: "metrics.prom", staging)
        guard let archive else { return try staging.publish(watch: request.watch) }
        let old = try oldArchives()
        let manifest = RunManifest(
            request: request, report: report,
            previousArchive: try request.replayed.map(\.previousArchive)
                ?? folder.history.latestArchive(),
            removedArchives: request.replayed?.removedArchives ?? old,
            signedBy: request.replayed.map(\.signedBy) ?? request.signingKey?.fingerprint,
            carried: carried)
        var published = try staging.publish(
            archive: archive, manifest: manifest.bytes, watch: request.watch)
        do {
            let remains = try momentOfKeeping.map(folder.history.archiveRemains(before:)) ?? []
            try folder.removeArchives(old.map(\.run) + remains)
        } catch {
            // The run is published, and the next one will try again.
            published.warnings += error.findings.map { finding in
                var finding = finding
                finding.severity = .warning
                return finding
            }
        }
        return published
    }

    /// The archives that have been kept for as long as the definition says.
    private func oldArchives() throws -> [ArchiveReference] {
        guard let folder, let moment = momentOfKeeping else { return [] }
        return try folder.history.archives(before: moment)
    }

    /// Archives of runs before it are removed; nil where all are kept.
    private var momentOfKeeping: Instant? {
        request.definition.archive.keep.map {
            Instant(microseconds: request.asOf.microseconds - $0.microseconds)
        }
    }
}
