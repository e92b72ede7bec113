import Diagnostics
import Ingestion
import Parallel
import Records
import Reporting
import RunStore

extension Pipeline {
    /// Joins the parts that other processes found, and publishes the run.
    ///
    /// - Parameters:
    ///   - plan: The run's plan; the request must be that of the plan.
    ///   - folder: Where the surveys and the parts are.
    /// - Returns: What the run came to.
    /// - Throws: `TrueupError`; nothing is then published.
    public func joinParts(_ plan: RunPlan, in folder: String) throws -> RunOutcome {
        var clock = StageClock()
        let (store, files) = try open()
        clock.begin("ingest")
        try plan.require(files, store)
        let before = try BeforeRun(store, files, key: plan.key)
        let parts = PartFolder(path: folder, plan: plan)
        let surveys = try parts.surveys()
        let hashes = files.all.map { InputHash(of: $0) }
        // Parts are checked one by one as they are read; how many there must be, the first one says.
        let headers = try parts.headers()
        var partsOfEmissions = [Int](repeating: 0, count: plan.handedOn.count)
        for (part, header) in headers.enumerated() {
            for emission in header.emissions { partsOfEmissions[emission] = part }
        }
        let watch = request.watch
        let division = try Ingester(
            definition: setting.definition, files: files, zone: setting.zone, key: plan.key,
            workers: setting.workers
        ).gather(
            surveys.mapValues(\.survey), count: headers.count, partsOfEmissions: partsOfEmissions
        ) { file in
            { hashes[file].update($0) }
        } checkStopped: {
            try watch.checkStopped()
        }
        let digests = try setting.workers.map(files.all.count) { [files] file in
            Result {
                try plan.isShared(file)
                    ? HashedFile(path: files.all[file].path).digest : hashes[file].finish()
            }
        }.map { try $0.get() }
        try parts.require(surveys, digests)
        var joined = try RunParts(division, before, setting, store)
        var tallies = [RowTally](repeating: RowTally(), count: files.all.count)
        for part in headers.indices {
            try request.watch.checkStopped()
            let stored = try StoredPart(
                path: parts.path(ofPart: part), plan, setting, division.common)
            for (file, tally) in stored.header.tallies.enumerated() { tallies[file].add(tally) }
            try joined.add(stored)
        }
        try parts.require(surveys, tallies)
        return try publish(&joined, digests, before, store, files, &clock)
    }
}

extension RunPlan {
    /// Refuses dumps or an output folder that are not those that were planned for.
    fileprivate func require(_ inputs: InputFiles, _ store: RunOutput) throws {
        guard store.previousRun == previousRun else {
            throw TrueupError.run(
                Finding(
                    "the output folder has another latest run than the plan",
                    expected: previousRun.isEmpty ? "no run" : previousRun,
                    found: store.previousRun.isEmpty ? "no run" : store.previousRun,
                    remedy: "plan the run again, and find its parts again"))
        }
        let found = inputs.all.map { "\($0.kind.rawValue)/\($0.inputIndex)/\($0.name)" }
        let planned = files.map { "\($0.kind.rawValue)/\($0.inputIndex)/\($0.name)" }
        guard found == planned else {
            throw TrueupError.run(
                Finding(
                    "the folder has other dumps than the plan",
                    at: SourcePosition(file: inputs.folder),
                    expected: files.map(\.name).joined(separator: ", "),
                    found: inputs.all.map(\.name).joined(separator: ", "),
                    remedy: "plan the run again, and find its parts again"))
        }
    }
}
