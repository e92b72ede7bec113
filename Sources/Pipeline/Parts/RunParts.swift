import Emission
import Ingestion
import Reconciliation
import Records
import Reporting

/// The parts of a run as they are found, one after the other, until they are joined.
///
/// A run that is not divided has one part, which is kept as it is.
struct RunParts {
    /// What the parts wrote; nil where the run is not divided.
    private(set) var files: PartedFiles?

    private let setting: RunSetting
    private let division: Division?
    private let before: BeforeRun
    /// For each part what was handed on to it.
    private let handedOn: [WaitingEmissions]
    private var found: [PartFindings] = []
    /// What lines add up to by their payouts.
    private(set) var payoutSums = PayoutSums()
    private var partTotals: PartTotals?
    private var partRecords: RecordTotals?

    init(
        _ reading: DumpReading, _ before: BeforeRun, _ setting: RunSetting, _ store: RunOutput
    ) throws {
        self.before = before
        self.setting = setting
        division = reading.division
        guard let division else {
            handedOn = [before.handedOn]
            return
        }
        var shares = [[WaitingEmission]](repeating: [], count: division.count)
        for (entry, part) in zip(before.handedOn.entries, division.partsOfEmissions) {
            shares[part].append(entry)
        }
        handedOn = shares.map { WaitingEmissions($0) }
        files = try PartedFiles(in: store.scratchFolder, isPublished: store.isPublished)
    }

    /// What earlier runs emitted of the payments of the part that comes next.
    var handedOnToNext: WaitingEmissions { handedOn[found.count] }

    /// Takes a part over: of a divided run its files are written, and what others need is kept.
    mutating func add(_ findings: PartFindings) throws {
        let tables = findings.result.ingested.tables
        payoutSums.add(PayoutSums(tables, rules: setting.rules))
        if let division {
            let part = PartTotals(findings.result)
            let records = RecordTotals(findings.result)
            try ControlTotals(findings.result, before.carried, part)
                .proveRecords(setting.workers)
            try files?.add(findings.result, ledger: records.ledger)
            found.append(
                findings.reduced(
                    orphans: division.orphans, carried: before.carried, setting))
            if partTotals == nil { partTotals = part } else { partTotals?.add(part) }
            if partRecords == nil { partRecords = records } else { partRecords?.add(records) }
            Allocator.giveBack()
        } else {
            found.append(findings)
        }
    }

    /// What the records come to; of a run that is not divided, those of its result.
    func totals(of result: RunResult) -> PartTotals { partTotals ?? PartTotals(result) }

    /// What a report says of the records, likewise.
    func records(of result: RunResult) -> RecordTotals {
        guard var records = partRecords else {
            var records = RecordTotals(result)
            records.addPayouts(of: result)
            return records
        }
        records.add(joined: result)
        return records
    }

    /// Whether there is more than one part.
    var isDivided: Bool { division != nil }

    /// Everything that was found, as one.
    ///
    /// The parts themselves are given up.
    mutating func joined() throws -> PartFindings {
        let found = self.found
        self.found = []
        guard var first = found.first else { preconditionFailure("no part was read") }
        guard let division else { return first }
        let waiting = zip(before.handedOn.entries, division.partsOfEmissions).filter {
            entry, part in
            found[part].result.waiting.has(
                entry.thing, id: entry.id, paymentID: entry.paymentID)
        }
        first = PartFindings(
            joining: found,
            keeping: found.map { KeptRows($0.result.ingested.tables, all: true) },
            ingested: division.joined(found.map(\.result.ingested)),
            waiting: WaitingEmissions(waiting.map(\.0)))
        first.sellersKnown = { [files] in try files?.known(among: $0) ?? [] }
        return first
    }
}
