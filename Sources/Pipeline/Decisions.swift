import Definition
import Emission
import Ingestion
import Reconciliation
import Records
import Reporting
import Rules
import Time

/// What people decided about breaks, held against what the run finds.
///
/// A decision holds where maker and checker are two people, it has not expired, and what it was made
/// about is as it was when the decision first met its break. Everything else leaves the break open,
/// and is told of.
struct Decisions: ~Copyable {
    /// A decision, and what has become of it so far.
    struct Entry {
        var override: Override
        /// What tells it from other decisions, as a checksum.
        var digest: String
        /// Nil as long as nothing is known of it.
        var effect: OverrideEffect?
    }

    /// What has become of all decisions so far.
    struct Standing {
        /// In order of the breaks' ids, then of what they say: the order of the input has no say.
        var entries: [Entry] = []
        var remembered: [Key: RememberedDecision] = [:]
        /// The breaks that a decision of this run closes, with the decision.
        var closed: [Closed] = []
    }

    /// A break that a decision closes.
    struct Closed {
        var item: OpenItem
        var by: Override
    }

    struct Key: Hashable {
        let breakID: String
        let decision: String
    }

    let setting: RunSetting
    let ingested: IngestedDumps
    private var contents: RowContents
    private var entries: [Entry]
    private var remembered: [Key: RememberedDecision] = [:]
    /// The items of the run before, by id.
    private let carried: Set<String>
    private let finder: RowFinder
    /// The breaks that a decision of this run closes, with the decision.
    private(set) var closed: [Closed] = []

    /// Judges every decision as far as it can be judged without a record.
    init(_ setting: RunSetting, _ ingested: IngestedDumps, _ carried: CarriedItems) {
        self.setting = setting
        self.ingested = ingested
        let today = setting.zone.date(of: setting.rules.asOf)
        var contents = RowContents(ingested)
        var entries: [Entry] = []
        for override in ingested.tables.overrides {
            entries.append(
                Entry(
                    override: override, digest: contents.digest(override),
                    effect: override.objection(on: today, zone: setting.zone)))
        }
        entries.sort {
            ($0.override.breakID, $0.digest) < ($1.override.breakID, $1.digest)
        }
        self.contents = contents
        self.entries = entries
        self.carried = Set(entries.isEmpty ? [] : carried.items.map(\.id))
        finder = RowFinder(ingested, items: [], targets: entries.map(\.override.target))
        for entry in carried.decisions {
            remembered[Key(breakID: entry.breakID, decision: entry.decision)] = entry
        }
    }

    /// What has become of the decisions so far.
    var standing: Standing {
        Standing(entries: entries, remembered: remembered, closed: closed)
    }

    /// Goes on from where the same decisions got among other records.
    mutating func goOn(from standing: Standing) {
        entries = standing.entries
        remembered = standing.remembered
        closed = standing.closed
    }

    // MARK: Matches

    /// The decisions to match that nothing stands against yet, by the break that they are about.
    private var openMatches: [String: Int] {
        var open: [String: Int] = [:]
        for (index, entry) in entries.enumerated().reversed()
        where entry.effect == nil && entry.override.decision == .match {
            open[entry.override.breakID] = index
        }
        return open
    }

    /// Adds the settlement lines that decisions give to payments.
    mutating func match(_ settlements: SettlementMatch) throws -> SettlementMatch {
        let open = openMatches
        guard !open.isEmpty else { return settlements }
        let tables = ingested.tables
        var decided: [(line: Int32, payment: Int32)] = []
        var taken: Set<Int> = []
        for (line, row) in tables.settlements.rows.enumerated()
        where settlements.paymentOfLine[line] < 0 && row.state == .completed {
            guard let code = row.type.codeWithoutPayment else { continue }
            var item = Break(code)
            item.settlement = Int32(line)
            item.atRisk = row.gross < 0 ? -row.gross : row.gross
            guard let index = open[setting.breakID(item, in: tables)] else { continue }
            var rows = ItemRows()
            rows.settlement = line
            rows.payment = finder.payment(entries[index].override.target)
            guard let payment = rows.payment else {
                entries[index].effect = .unknownTarget
                continue
            }
            guard try take(index, item, rows) else { continue }
            taken.insert(line)
            decided.append((Int32(line), Int32(payment)))
        }
        // Payments without a line may be many; nobody looks for one where no decision names a line.
        let namesLine = open.values.contains {
            finder.settlement(entries[$0].override.target) != nil
        }
        for (payment, row) in tables.payments.rows.enumerated()
        where namesLine && row.status == .succeeded
            && settlements.linesOfPayment.count(payment) == 0
        {
            var item = Break(.missingSettlement)
            item.payment = Int32(payment)
            item.atRisk = row.amount
            guard let index = open[setting.breakID(item, in: tables)] else { continue }
            var rows = ItemRows()
            rows.payment = payment
            rows.settlement = finder.settlement(entries[index].override.target)
            guard let line = rows.settlement else {
                entries[index].effect = .unknownTarget
                continue
            }
            guard settlements.paymentOfLine[line] < 0, taken.insert(line).inserted else {
                entries[index].effect = .targetTaken
                continue
            }
            guard try take(index, item, rows) else { continue }
            decided.append((Int32(line), Int32(payment)))
        }
        return settlements.adding(decided: decided)
    }

    /// Adds the bookings that decisions give to payments.
    mutating func match(_ linked: BookingMatch) throws -> BookingMatch {
        let open = openMatches
        guard !open.isEmpty else { return linked }
        let tables = ingested.tables
        var decided: [BookingLink] = []
        var taken: Set<Int> = []
        for (booking, row) in tables.bookings.rows.enumerated()
        where row.status == .confirmed && linked.linksOfBooking.count(booking) == 0 {
            var item = Break(.orphanBooking)
            item.booking = Int32(booking)
            item.atRisk = row.amount
            guard let index = open[setting.breakID(item, in: tables)] else { continue }
            var rows = ItemRows()
            rows.booking = booking
            rows.payment = finder.payment(entries[index].override.target)
            guard let payment = rows.payment else {
                entries[index].effect = .unknownTarget
                continue
            }
            guard try take(index, item, rows) else { continue }
            taken.insert(booking)
            decided.append(link(payment, booking))
        }
        // Payments in doubt are many; those of the booking's own user are few.
        let users = Set(
            open.values.compactMap { finder.booking(entries[$0].override.target) }
                .map { tables.bookings.rows[$0].user })
        for (payment, row) in tables.payments.rows.enumerated()
        where users.contains(row.user) && linked.linksOfPayment.count(payment) == 0 {
            var item = Break(.ambiguousBooking)
            item.payment = Int32(payment)
            item.atRisk = row.amount
            guard let index = open[setting.breakID(item, in: tables)],
                let booking = finder.booking(entries[index].override.target)
            else { continue }
            guard linked.linksOfBooking.count(booking) == 0, taken.insert(booking).inserted else {
                entries[index].effect = .targetTaken
                continue
            }
            var rows = ItemRows()
            rows.payment = payment
            rows.booking = booking
            guard try take(index, item, rows) else { continue }
            decided.append(link(payment, booking))
        }
        return linked.adding(decided: decided, tables: tables)
    }

    private func link(_ payment: Int, _ booking: Int) -> BookingLink {
        BookingLink(payment: Int32(payment), booking: Int32(booking), rule: .override)
    }

    /// Notes that a match is made, unless its records changed.
    private mutating func take(_ index: Int, _ item: Break, _ rows: ItemRows) throws -> Bool {
        let digest = try contents.digest(matching: rows)
        guard isUnchanged(index, digest) else { return false }
        entries[index].effect = .matched
        closed.append(
            Closed(
                item: setting.item(
                    item, setting.breakID(item, in: ingested.tables), ingested.tables),
                by: entries[index].override))
        return true
    }

    // MARK: Breaks

    /// Takes the breaks away that a decision closes; returns the ids of those that stay.
    mutating func close(
        _ classification: inout Classification, ids: [String]
    ) throws -> [String] {
        var open: [String: [Int]] = [:]
        for (index, entry) in entries.enumerated() where entry.effect == nil {
            open[entry.override.breakID, default: []].append(index)
        }
        guard !open.isEmpty else { return ids }
        var gone: [Int] = []
        for (index, id) in ids.enumerated() {
            guard let members = open[id] else { continue }
            let item = classification.breaks[index]
            let known = setting.item(item, id, ingested.tables)
            guard let decision = try decide(members, item, known) else { continue }
            gone.append(index)
            closed.append(Closed(item: known, by: decision))
        }
        classification.remove(gone)
        var next = 0
        return ids.enumerated().compactMap { index, id in
            if next < gone.count, gone[next] == index {
                next += 1
                return nil
            }
            return id
        }
    }

    /// The first of some decisions that closes a break; nil where none does.
    private mutating func decide(
        _ members: [Int], _ item: Break, _ known: OpenItem
    ) throws -> Override? {
        var rows = ItemRows()
        if item.payment >= 0 { rows.payment = Int(item.payment) }
        if item.settlement >= 0 { rows.settlement = Int(item.settlement) }
        if item.booking >= 0 { rows.booking = Int(item.booking) }
        for index in members {
            let override = entries[index].override
            if override.decision == .match {
                let isKnown = item.code.canBeMatched
                entries[index].effect = isKnown ? .unknownTarget : .notMatchable
                continue
            }
            guard isUnchanged(index, try contents.digest(known, rows)) else { continue }
            entries[index].effect = .closed
            return override
        }
        return nil
    }

    /// Whether what a decision concerns is as it was when the decision first met its break; this may
    /// be that time.
    private mutating func isUnchanged(_ index: Int, _ rows: String) -> Bool {
        let asOf = setting.rules.asOf
        let key = Key(breakID: entries[index].override.breakID, decision: entries[index].digest)
        let before = remembered[key]
        if before == nil {
            remembered[key] = RememberedDecision(
                breakID: key.breakID, decision: key.decision, rows: rows, firstSeen: asOf,
                lastSeen: asOf)
        }
        guard before == nil || before?.rows == rows else {
            entries[index].effect = .rowsChanged
            return false
        }
        return true
    }

    // MARK: What is told

    /// What every decision of the dumps has come to, once all breaks are known.
    func lines() -> [RunReport.OverrideLine] {
        entries.map { entry in
            let isKnown =
                carried.contains(entry.override.breakID)
                || closed.contains { $0.item.id == entry.override.breakID }
            return RunReport.OverrideLine(
                override: entry.override,
                effect: entry.effect ?? (isKnown ? .notNeeded : .unknownBreak))
        }
    }

    /// What the next run must know: also of decisions that the dumps no longer have, for a while, so
    /// that to take one away and put it back does not make it a new one.
    func handedOn() -> [RememberedDecision] {
        let asOf = setting.rules.asOf
        let present = Set(
            entries.map { Key(breakID: $0.override.breakID, decision: $0.digest) })
        let keep = setting.definition.carry.closeAfter
        return remembered.compactMap { key, entry in
            var entry = entry
            if present.contains(key) { entry.lastSeen = asOf }
            return asOf <= entry.lastSeen.advanced(by: keep) ? entry : nil
        }.sorted { ($0.breakID, $0.decision) < ($1.breakID, $1.decision) }
    }
}

extension BreakCode {
    /// Whether a decision may close such a break by naming the record that it belongs to.
    fileprivate var canBeMatched: Bool {
        switch self {
        case .orphanBooking, .ambiguousBooking, .unknownSettlement, .orphanRefund,
            .orphanChargeback, .missingSettlement:
            true
        default: false
        }
    }
}
