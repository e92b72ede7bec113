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

    /// None yet; `division` is nil where there will be one that is everything.
    init(
        _ division: Division?, _ before: BeforeRun, _ setting: RunSetting, _ store: RunOutput
    ) throws {
        self.before = before
        self.setting = setting
        self.division = division
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
        if let division, var files {
            // Its files belong to one owner at a time: nothing of them is copied.
            self.files = nil
            let part = try FoundPart(
                findings, orphans: division.orphans, before, setting, files: &files)
            self.files = files
            add(part)
            Allocator.giveBack()
        } else {
            payoutSums.add(PayoutSums(findings.result.ingested.tables, rules: setting.rules))
            found.append(findings)
        }
    }

    /// Takes over a part that another process found, with what it wrote.
    mutating func add(_ part: StoredPart) throws {
        try files?.add(part.pieces, part.written)
        add(part.found)
    }

    private mutating func add(_ part: FoundPart) {
        payoutSums.add(part.payoutSums)
        found.append(part.findings)
        if partTotals == nil { partTotals = part.totals } else { partTotals?.add(part.totals) }
        if partRecords == nil { partRecords = part.records } else { partRecords?.add(part.records) }
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
