import Emission
import Ingestion
import Records
import Reporting

/// What the latest published run handed on.
struct BeforeRun: Sendable {
    /// The run's secret, under which ids are looked up.
    let key: FingerprintKey
    /// What it says of its breaks, of the decisions about them, and of what sellers are owed.
    let carried: CarriedItems
    /// What it says still waits to be loaded.
    let handedOn: WaitingEmissions
    /// What the records came to that left in earlier runs.
    let past: CarriedTotals

    /// What a plan says was handed on; what all parts have in common is joined by others.
    init(_ plan: RunPlan) {
        key = plan.key
        carried = plan.carried
        handedOn = WaitingEmissions(plan.handedOn)
        past = CarriedTotals()
    }

    /// - Throws: `TrueupError.run` where something is missing, or not as the run wrote it.
    init(_ store: RunOutput, _ files: InputFiles, key: FingerprintKey) throws {
        self.key = key
        carried = try store.carriedItems()
        handedOn = try store.waitingEmissions(key: key)
        past = try store.past(files, key: key)
    }
}
