import Definition
import DelimitedText
import Diagnostics
import Emission
import Ingestion
import Records
import Reporting
import RunStore

/// What a planning process tells: the files, and what is to be shared out with their rows.
public struct PlannedRun: Sendable {
    /// The plan as a file.
    public let bytes: [UInt8]
    /// The plan.
    public let plan: RunPlan
    /// What each emission that was handed on names, in their order.
    public let emissions: [[UInt64]]

    /// A file of the run, as others are told of it.
    public struct File: Sendable {
        /// Its path below the folder of the dumps.
        public let name: String
        /// What its rows are.
        public let kind: RecordKind
        /// Whether its rows are in the plan, and need not be shared out.
        public let isFew: Bool
        /// Whether its rows stand in it as they are read: else only with their bytes can they be told.
        public let isPacked: Bool
        /// How many bytes it has.
        public let bytes: Int64
    }

    /// The files, in the order of their indices.
    public var files: [File] {
        plan.files.map {
            File(
                name: $0.name, kind: $0.kind, isFew: $0.kind.isFew, isPacked: $0.isDecoded,
                bytes: $0.fileSize)
        }
    }
}

extension Pipeline {
    /// Plans a run whose parts other processes will find.
    ///
    /// - Throws: `TrueupError`; of incremental dumps `TrueupError.usage`, as their nights are small and
    ///   hand records on that no part may have alone.
    public func plan() throws -> PlannedRun {
        guard !setting.carries else {
            throw TrueupError.usage(
                Finding(
                    "a run of incremental dumps cannot be shared out",
                    expected: "a definition of full dumps", found: "dumps: incremental",
                    remedy: "run it with trueup run: its nights are small"))
        }
        let store = try RunOutput(request)
        let files = try InputFiles(
            folder: request.inputFolder, definition: setting.definition, workers: setting.workers
        ) { [watch = request.watch] in try watch.checkStopped() }
        let before = try BeforeRun(store, files, key: FingerprintKey())
        var ingester = Ingester(
            definition: setting.definition, files: files, zone: setting.zone, key: before.key,
            workers: setting.workers)
        try ingester.readHeaders()
        var plan = RunPlan()
        plan.definition = setting.definition.source
        plan.presets = setting.definition.presets.map {
            RunPlan.PlannedPreset(name: $0.name, bytes: $0.bytes)
        }
        plan.asOf = request.asOf
        plan.users = request.users
        plan.payments = request.payments
        plan.key = before.key
        plan.previousRun = store.previousRun
        plan.carried = before.carried
        plan.handedOn = before.handedOn.entries
        for (index, file) in files.all.enumerated() {
            let end = file.kind.isFew ? file.source.size : ingester.endOfHead(index)
            var planned = RunPlan.PlannedFile()
            planned.name = file.name
            planned.kind = file.kind
            planned.inputIndex = file.inputIndex
            planned.isDecoded = file.source.isDecoded
            planned.fileSize = Int64(file.source.fileSize)
            planned.text = try files.text(of: index, upTo: end)
            plan.files.append(planned)
        }
        try files.verifyUnchanged()
        let keys = DivisionKeys(setting, before)
        return PlannedRun(
            bytes: plan.sealed(), plan: plan, emissions: ingester.names(ofEmissionsIn: keys))
    }
}
