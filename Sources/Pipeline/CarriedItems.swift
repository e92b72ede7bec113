import Diagnostics
import Emission
import Money
import Reconciliation
import Records
import Reporting
import RunStore
import Time

/// What the latest run handed on of its breaks, of the decisions about them, and of what sellers are
/// owed and are to be paid.
struct CarriedItems: Sendable {
    /// In order of the ids; each id once.
    var items: [OpenItem] = []
    /// In order of the breaks' ids.
    var decisions: [RememberedDecision] = []
    /// What sellers are owed, or owe, in order of the sellers.
    var balances: [SellerBalance] = []
    /// The payouts that are still to be made, in order of their ids.
    var scheduled: [ScheduledPayout] = []
    /// The figures of the last runs, the oldest first.
    var history: [RunReport.RunPoint] = []

    /// The first run of a folder: nothing was handed on.
    init() {}

    /// Reads what a run handed on.
    ///
    /// A run of a version that knew no open items handed on none: its list of checksums does not
    /// name the files. Where it names them, they must be there and be what the run wrote: what is
    /// lost or slipped in would otherwise open or close breaks in silence.
    ///
    /// - Throws: `TrueupError.run` where a file is missing, or is not as the run wrote it.
    init(of run: RunID, in history: RunHistory) throws {
        let handedOn = HandedOn(run: run, history: history)
        items = try handedOn.read(CarriedItemsFile.name, CarriedItemsFile.columns, Self.item)
        decisions = try handedOn.read(
            CarriedDecisionsFile.name, CarriedDecisionsFile.columns, Self.decision)
        balances = try handedOn.read(
            SellerBalancesFile.name, SellerBalancesFile.columns, Self.balance)
        scheduled = try handedOn.read(
            ScheduledPayoutsFile.name, ScheduledPayoutsFile.columns, Self.scheduledPayout)
        self.history = try handedOn.read(HistoryFile.name, HistoryFile.columns, Self.point)
        guard Set(items.map(\.id)).count == items.count else {
            throw handedOn.file(CarriedItemsFile.name, CarriedItemsFile.columns)
                .damaged(line: 0, "each break once")
        }
    }

    /// The files that one run handed on.
    private struct HandedOn {
        let run: RunID
        let history: RunHistory

        func file(_ name: String, _ columns: [String]) -> CarriedFile {
            CarriedFile(path: history.folder(of: run) + "/" + name, columns: columns)
        }

        /// The entries of a file; none where the run's list of checksums does not name it.
        func read<Entry: Sendable>(
            _ name: String, _ columns: [String], _ entry: @Sendable ([String]) -> Entry?
        ) throws -> [Entry] {
            let file = file(name, columns)
            guard let recorded = try history.recordedChecksum(of: name, in: run) else {
                guard (try? FileIdentity(path: file.path)) == nil else {
                    throw file.damaged(line: 0, "its checksum in SHA256SUMS")
                }
                return []
            }
            guard try HashedFile(path: file.path).digest == recorded else {
                throw file.damaged(line: 0, "the checksum that SHA256SUMS gives")
            }
            return try file.read(entry)
        }
    }

    private static let codes = Dictionary(
        uniqueKeysWithValues: BreakCode.allCases.map { ($0.word, $0) })
    private static let states = Dictionary(
        uniqueKeysWithValues: OpenItem.State.allCases.map { ($0.word, $0) })

    /// The balance of a row; nil where a run cannot have written it.
    @Sendable private static func balance(_ texts: [String]) -> SellerBalance? {
        guard !texts[0].isEmpty, !texts[3].isEmpty, let currency = Currency(texts[1]),
            case .success(let amount) = Amount.parse(texts[2], digits: currency.digits), amount != 0
        else { return nil }
        return SellerBalance(
            seller: texts[0], currency: currency, amount: amount, payoutID: texts[3])
    }

    /// The payout of a row; nil where a run cannot have written it.
    @Sendable private static func scheduledPayout(_ texts: [String]) -> ScheduledPayout? {
        guard !texts[0].isEmpty, !texts[1].isEmpty, let currency = Currency(texts[2]),
            case .success(let amount) = Amount.parse(texts[3], digits: currency.digits), amount > 0,
            case .success(let due) = TimeText.date(texts[4], in: .utc),
            case .success(let emitted) = TimeText.instant(texts[5], in: .utc)
        else { return nil }
        return ScheduledPayout(
            id: texts[0], seller: texts[1], amount: amount, currency: currency, due: due,
            emittedAt: emitted)
    }

    private static let verdicts = Dictionary(
        uniqueKeysWithValues: RunReport.Verdict.allCases.map { ($0.word, $0) })

    /// The run of a row; nil where a run cannot have written it.
    @Sendable private static func point(_ texts: [String]) -> RunReport.RunPoint? {
        let currency = texts[2].isEmpty ? Currency.none : Currency(texts[2])
        guard let verdict = verdicts[texts[1]], let currency,
            case .success(let asOf) = TimeText.instant(texts[0], in: .utc),
            let payments = Int(texts[3]), let openItems = Int(texts[7]),
            case .success(let value) = Amount.parse(texts[4], digits: currency.digits),
            case .success(let countRate) = Amount.parse(texts[5], digits: 4),
            case .success(let valueRate) = Amount.parse(texts[6], digits: 4),
            case .success(let atRisk) = Amount.parse(texts[8], digits: currency.digits)
        else { return nil }
        var point = RunReport.RunPoint(asOf: asOf, verdict: verdict, currency: currency)
        point.payments = payments
        point.value = value
        point.countRate = countRate
        point.valueRate = valueRate
        point.openItems = openItems
        point.atRisk = atRisk
        return point
    }

    /// The item of a row; nil where a run cannot have written it.
    @Sendable private static func item(_ texts: [String]) -> OpenItem? {
        let currency = texts[11].isEmpty ? Currency.none : Currency(texts[11])
        guard !texts[0].isEmpty, let code = codes[texts[1]], texts[2] == code.severity.word,
            let state = states[texts[3]], let currency,
            case .success(let since) = TimeText.instant(texts[4], in: .utc),
            case .success(let firstSeen) = TimeText.instant(texts[5], in: .utc),
            case .success(let atRisk) = Amount.parse(texts[12], digits: currency.digits)
        else { return nil }
        var item = OpenItem(
            id: texts[0], code: code, firstSeen: firstSeen, currency: currency, atRisk: atRisk)
        item.state = state
        item.since = since
        item.paymentID = texts[6]
        item.settlementID = texts[7]
        item.bookingID = texts[8]
        item.payout = texts[9]
        item.other = texts[10]
        return item
    }

    @Sendable private static func decision(_ texts: [String]) -> RememberedDecision? {
        guard !texts[0].isEmpty, SHA256Digest(hex: texts[1]) != nil,
            SHA256Digest(hex: texts[2]) != nil,
            case .success(let firstSeen) = TimeText.instant(texts[3], in: .utc),
            case .success(let lastSeen) = TimeText.instant(texts[4], in: .utc)
        else { return nil }
        return RememberedDecision(
            breakID: texts[0], decision: texts[1], rows: texts[2], firstSeen: firstSeen,
            lastSeen: lastSeen)
    }
}
