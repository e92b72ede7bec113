import Definition
import Emission
import Ingestion
import Reconciliation
import Records
import Reporting
import Rules
import Time

/// Decides what a run of incremental dumps hands on to the next one (contract, Carry forward).
struct CarryStage {
    let setting: RunSetting
    let ingested: IngestedDumps
    let asOf: Instant
    let selection: Selection
    let classification: Classification
    let tieOuts: PayoutTieOuts

    /// What is handed on.
    ///
    /// - Throws: `TrueupError.run` where a dump cannot be read again.
    func carry(
        _ closer: consuming Closer, _ emissions: Emissions, _ waiting: WaitingEmissions,
        _ past: CarriedTotals, _ energy: EnergyBook?,
        _ summaries: ContiguousArray<UserSummary>
    ) throws -> CarryForward {
        let tables = ingested.tables
        var open = OpenRecords(all: tables)
        // What was not asked for has not been emitted yet: then nobody may leave.
        if selection.users.isEmpty, selection.payments.isEmpty {
            open = try closer.openRecords(texts(openPayouts()))
            open.bank = openBankLines(open.isPayoutOpen)
        }
        let totals = TotalsBuilder(
            tables: tables, open: open, waiting: waiting, emissions: emissions, past: past,
            energy: energy, currency: setting.definition.currency
        ).totals(for: summaries)
        let payments = WaitingPayments(tables: tables, open: open, waiting: waiting)
        let keeps = waiting.entries.map { !$0.thing.isTransaction || !payments.hasLeft($0) }
        return CarryForward(open: open, totals: totals, keepsEmission: keeps)
    }

    private func texts(_ openPayouts: Set<Int32>) -> Closer.Texts {
        let tables = ingested.tables
        let zone = setting.zone
        let asOf = asOf
        let lines = TextReader(ingested.dumps)
        let bookings = TextReader(ingested.dumps)
        let orders = TextReader(ingested.dumps)
        let sessions = TextReader(ingested.dumps)
        return Closer.Texts(openPayouts: openPayouts) { line in
            let row = tables.settlements.rows[line]
            guard !row.latestMoment.isPresent else { return row.latestMoment }
            try lines.texts.go(to: row.place)
            return lines.firstRead(asOf)
        } ofBooking: { booking in
            let row = tables.bookings.rows[booking]
            let latest = try bookings.texts.latestMoment(of: row, in: zone)
            return row.created.isPresent ? latest : max(latest, bookings.firstRead(asOf))
        } ofOrder: { order in
            let latest = try orders.texts.latestMoment(of: tables.orders.rows[order], in: zone)
            return max(latest, orders.firstRead(asOf))
        } ofSession: { session in
            let row = tables.sessions.rows[session]
            guard !row.latestMoment.isPresent else { return row.latestMoment }
            try sessions.texts.go(to: row.place)
            return sessions.firstRead(asOf)
        }
    }

    /// The numbers of payouts that do not agree with the bank, are awaited there, or came lately.
    private func openPayouts() -> Set<Int32> {
        let tables = ingested.tables
        let numbers = Dictionary(tables.payouts.enumerated().map { ($1, Int32($0)) }) { first, _ in
            first
        }
        var open = Set(
            classification.breaks.lazy.filter { $0.code.severity > .info }
                .compactMap { numbers[$0.payout] })
        for payout in tieOuts.payouts {
            let isLate = payout.bankLines.contains { isYoung(tables.bank[$0]) }
            guard payout.status == .expected || isLate else { continue }
            if let number = numbers[payout.payout] { open.insert(number) }
        }
        return open
    }

    /// Lines of the bank account stay with their payout, and as long as they are young or a break.
    private func openBankLines(_ isPayoutOpen: [Bool]) -> [Bool] {
        let tables = ingested.tables
        let open = Set(zip(tables.payouts, isPayoutOpen).lazy.filter(\.1).map(\.0))
        let doubted = Set(
            classification.breaks.lazy.filter { $0.code.severity > .info }.map(\.other))
        return tables.bank.indices.map { line in
            let payout = tieOuts.payoutOfBankLine.isEmpty ? -1 : tieOuts.payoutOfBankLine[line]
            return isYoung(tables.bank[line]) || doubted.contains(tables.bank[line].id)
                || payout >= 0 && open.contains(tieOuts.payouts[payout].payout)
        }
    }

    private func isYoung(_ line: BankLine) -> Bool {
        Instant(seconds: (Int64(line.date.days) + 1) * 86_400) >= setting.horizon(asOf)
    }
}

/// A reader of texts that closures of one thread share.
private final class TextReader {
    var texts: RowTexts

    init(_ dumps: Dumps) { texts = RowTexts(dumps) }

    /// When a run first read the row at which the reader stands: this run, where none did before.
    func firstRead(_ asOf: Instant) -> Instant {
        let since = texts.since()
        return since.isPresent ? since : asOf
    }
}
