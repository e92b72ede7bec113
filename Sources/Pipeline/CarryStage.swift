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

    /// What is handed on.
    ///
    /// - Throws: `TrueupError.run` where a dump cannot be read again.
    func carry(
        _ closer: consuming Closer, _ classification: Classification, _ emissions: Emissions,
        _ waiting: WaitingEmissions, _ past: CarriedTotals,
        _ summaries: ContiguousArray<UserSummary>
    ) throws -> CarryForward {
        let tables = ingested.tables
        let open: OpenRecords
        if selection.users.isEmpty, selection.payments.isEmpty {
            open = try closer.openRecords(try texts(classification))
        } else {
            // What was not asked for has not been emitted yet: nobody may leave.
            open = OpenRecords(all: tables)
        }
        let totals = TotalsBuilder(
            tables: tables, open: open, waiting: waiting, emissions: emissions, past: past,
            currency: setting.definition.currency
        ).totals(for: summaries)
        let payments = WaitingPayments(tables: tables, open: open, waiting: waiting)
        let keeps = waiting.entries.map { !$0.thing.isTransaction || !payments.hasLeft($0) }
        return CarryForward(open: open, totals: totals, keepsEmission: keeps)
    }

    private func texts(_ classification: Classification) throws -> Closer.Texts {
        let tables = ingested.tables
        let zone = setting.zone
        let asOf = asOf
        let lines = TextReader(ingested.dumps)
        let bookings = TextReader(ingested.dumps)
        let orders = TextReader(ingested.dumps)
        let open = Set(
            classification.breaks.lazy.filter { $0.code.severity > .info && !$0.payout.isEmpty }
                .map { ingested.key.idPrint($0.payout) })
        return Closer.Texts(
            payoutOfLine: try payouts(), openPayouts: open
        ) { line in
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
        }
    }

    /// The payout that each settlement line names.
    private func payouts() throws -> ContiguousArray<Fingerprint> {
        let rows = ingested.tables.settlements.rows
        var found = ContiguousArray(repeating: Fingerprint.none, count: rows.count)
        var texts = RowTexts(ingested.dumps)
        for (line, row) in rows.enumerated()
        where ingested.dumps.has(SettlementField.payout, file: row.place.file) {
            try texts.go(to: row.place)
            found[line] = ingested.key.fingerprint(texts.id(SettlementField.payout))
        }
        return found
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
