import Definition
import Emission
import Ingestion
import Reconciliation
import Records
import Reporting
import Rules
import Time

extension RunSetting {
    /// A break as it is carried from run to run.
    func item(_ item: Break, _ id: String, _ tables: RecordTables) -> OpenItem {
        var made = OpenItem(
            id: id, code: item.code, firstSeen: rules.asOf,
            currency: BreakFacts(item, in: tables).currency, atRisk: item.atRisk)
        if item.payment >= 0 { made.paymentID = tables.payments.id(Int(item.payment)) }
        if item.settlement >= 0 { made.settlementID = tables.settlements.id(Int(item.settlement)) }
        if item.booking >= 0 { made.bookingID = tables.bookings.id(Int(item.booking)) }
        made.payout = item.payout
        made.other = item.other
        return made
    }

    /// What became of the open items of the run before, and since when this run's breaks are known.
    ///
    /// Breaks that are only worth knowing are told of and not carried: each run sees them anew.
    func history(
        of result: RunResult, _ carried: CarriedItems, _ decisions: borrowing Decisions
    ) -> BreakHistory {
        let breaks = result.classification.breaks
        let tables = result.ingested.tables
        let open = breaks.indices.filter { breaks[$0].code.severity > .info }
        let found = open.map { item(breaks[$0], result.breakIDs[$0], tables) }
        let closed = decisions.closed.filter { $0.item.code.severity > .info }
        let rolled = RollForward(
            carried: carried.items, found: found, overridden: closed.map(\.item),
            asOf: rules.asOf, closeAfter: definition.carry.closeAfter)

        var history = BreakHistory()
        history.opening = ItemMovement(carried.items.lazy.filter { $0.state == .open })
        history.new = rolled.new
        history.reopened = rolled.reopened
        history.revalued = rolled.revalued
        history.next = rolled.next
        history.firstSeen = Array(repeating: rules.asOf, count: breaks.count)
        for (place, index) in open.enumerated() {
            history.firstSeen[index] = rolled.firstSeen[place]
        }
        let today = zone.date(of: rules.asOf)
        history.ages = history.firstSeen.map {
            rules.calendar.businessDays(from: zone.date(of: $0), to: today)
        }
        let appeared = appeared(found, carried)
        history.fresh = appeared.count
        history.cleared = causes(of: rolled, result, closed, appeared: appeared)
        history.decisions = decisions.handedOn()
        history.overrides = decisions.lines()
        return history
    }

    /// The breaks that were not open at the end of the run before.
    private func appeared(_ found: [OpenItem], _ carried: CarriedItems) -> [OpenItem] {
        let before = Set(carried.items.lazy.filter { $0.state == .open }.map(\.id))
        return before.isEmpty ? found : found.filter { !before.contains($0.id) }
    }

    private func causes(
        of rolled: RollForward, _ result: RunResult, _ closed: [Decisions.Closed],
        appeared: [OpenItem]
    ) -> [BreakHistory.Cleared] {
        guard !rolled.cleared.isEmpty else { return [] }
        let decided = Dictionary(closed.map { ($0.item.id, $0.by) }) { first, _ in first }
        let finder = RowFinder(result.ingested, items: rolled.cleared)
        let causes = ClearingCauses(
            tables: result.ingested.tables, settlements: result.settlements,
            verdicts: result.verdicts, bookings: result.bookings, emissions: result.emissions,
            waiting: result.waiting, appeared: appeared.sorted { $0.id < $1.id })
        return rolled.cleared.map { item in
            let cause =
                decided[item.id].map { decision in
                    ClearingCause(
                        .override,
                        "\(decision.action.isEmpty ? "accept" : decision.action.lowercased()) "
                            + "by \(decision.maker)/\(decision.checker)")
                } ?? causes.cause(of: item, finder.rows(of: item))
            return BreakHistory.Cleared(item: item, cause: cause)
        }
    }
}

extension Classification {
    /// Adds what was emitted so long ago that the dumps should show it, and do not.
    ///
    /// Transactions are in no dump, so that nothing can be said of them.
    mutating func add(
        unapplied waiting: WaitingEmissions, in shown: ShownRecords, asOf: Instant,
        after span: TimeSpan
    ) {
        struct Key: Hashable {
            let payment: Int32
            let id: String
        }
        var told: Set<Key> = []
        for entry in waiting.entries
        where entry.thing.isShown && asOf > entry.emittedAt.advanced(by: span) {
            var item = Break(.unappliedEmission)
            item.payment = shown.payment(of: entry).map { Int32($0) } ?? -1
            if entry.thing == .sessionUpdate, item.payment < 0 {
                item.booking = shown.booking(id: entry.item).map { Int32($0) } ?? -1
            }
            item.other = entry.id
            item.amount = entry.amount
            item.currency = entry.currency
            item.atRisk = entry.amount < 0 ? -entry.amount : entry.amount
            item.expected = entry.amount
            item.found = (asOf.seconds - entry.emittedAt.seconds) / 86_400
            if told.insert(Key(payment: item.payment, id: entry.id)).inserted { add(item) }
        }
    }
}

extension EmittedThing {
    /// Whether a dump can show it.
    fileprivate var isShown: Bool {
        switch self {
        case .statusUpdate, .bookingLink, .booking, .ticket, .orderUpdate, .sessionUpdate: true
        case .commission, .payout, .commissionReversal, .payoutReversal: false
        }
    }
}
