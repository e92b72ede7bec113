import Emission
import Ingestion
import Reconciliation
import Records
import Reporting

/// What is kept of one part of a divided run once its own files are written.
///
/// Its sums add up with those of other parts in any order; its rows are gathered with theirs.
struct FoundPart {
    /// What somebody must look at or load, or may come close to it.
    var findings: PartFindings
    /// What lines add up to by their payouts.
    var payoutSums: PayoutSums
    /// What the records come to.
    var totals: PartTotals
    /// What a report says of them.
    var records: RecordTotals

    /// Proves what is proven of each part, writes its files, and keeps what others need.
    init(
        _ found: PartFindings, orphans: Set<OrphanMoney>, _ before: BeforeRun,
        _ setting: RunSetting, files: inout PartedFiles
    ) throws {
        totals = PartTotals(found.result)
        records = RecordTotals(found.result)
        payoutSums = PayoutSums(found.result.ingested.tables, rules: setting.rules)
        try ControlTotals(found.result, before.carried, totals).proveRecords(setting.workers)
        try files.add(found.result, ledger: records.ledger)
        findings = found.reduced(orphans: orphans, carried: before.carried, setting)
    }

    /// Nothing, of no record.
    init(_ setting: RunSetting, _ common: IngestedDumps) {
        findings = PartFindings(setting, common)
        payoutSums = PayoutSums()
        totals = .blank
        records = .blank
    }

    /// Writes or reads everything.
    mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try findings.code(&coder)
        try coder.code(&payoutSums)
        try coder.code(&totals)
        try coder.code(&records)
    }
}
