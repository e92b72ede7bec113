import Definition
import Emission
import Ingestion
import Money
import Reconciliation
import Records
import Reporting

// How what is found of a part is written, and read by the process that joins the parts.

extension PartTotals: FieldCoded {
    static var blank: PartTotals { PartTotals() }

    mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&kept)
        try coder.code(&settled)
        try coder.code(&amounts)
        try coder.code(&sold)
    }
}

extension PartTotals.FileTotals: FieldCoded {
    static var blank: PartTotals.FileTotals { PartTotals.FileTotals(fileCount: 0) }

    mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&rows)
        try coder.code(&sums)
        try coder.code(&energy)
    }
}

extension Decisions.Entry: FieldCoded {
    static var blank: Decisions.Entry {
        Decisions.Entry(override: .blank, digest: "", effect: nil)
    }

    mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&override)
        try coder.code(&digest)
        try coder.code(&effect)
    }
}

extension Decisions.Closed: FieldCoded {
    static var blank: Decisions.Closed { Decisions.Closed(item: .blank, by: .blank) }

    mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&item)
        try coder.code(&by)
    }
}

extension Decisions.Standing: FieldCoded {
    static var blank: Decisions.Standing { Decisions.Standing() }

    mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&entries)
        var memories = remembered.values.sorted {
            ($0.breakID, $0.decision) < ($1.breakID, $1.decision)
        }
        try coder.code(&memories)
        remembered = Dictionary(
            memories.map { (Decisions.Key(breakID: $0.breakID, decision: $0.decision), $0) },
            uniquingKeysWith: { first, _ in first })
        try coder.code(&closed)
    }
}

extension PartFindings {
    /// Nothing, as the run of these settings finds it where there is no record.
    init(_ setting: RunSetting, _ common: IngestedDumps) {
        var ingested = common
        ingested.rejects = []
        ingested.tables.bank = []
        result = RunResult(
            pipeline: setting.definition.name, run: "", asOf: setting.rules.asOf,
            zone: setting.zone, currency: setting.definition.currency, ingested: ingested,
            settlements: .blank, verdicts: [], bookings: .blank, tieOuts: PayoutTieOuts(),
            classification: Classification(), outcomes: [], emissions: Emissions(), summaries: [],
            waiting: WaitingEmissions(), items: common.tables.catalogue,
            backfill: setting.definition.backfill, dashboard: setting.definition.dashboard,
            breakIDs: [],
            shares: SellerShares(
                tables: RecordTables(), emissions: Emissions(), waiting: WaitingEmissions(),
                identities: setting.identities))
        decisions = Decisions.Standing()
    }

    /// Writes or reads what is kept of a part once its own files are written.
    mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&result.ingested.tables)
        try coder.code(&result.ingested.repeats)
        try coder.code(&result.ingested.counts)
        try coder.code(&result.settlements)
        try coder.code(&result.verdicts)
        try coder.code(&result.bookings)
        try coder.code(&result.classification)
        try coder.code(&result.outcomes)
        try coder.code(&result.emissions)
        try coder.code(&result.waiting)
        try coder.code(&result.breakIDs)
        try coder.code(&decisions)
    }
}
