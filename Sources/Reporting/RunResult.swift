import Emission
import Ingestion
import Money
import Reconciliation
import Records
import Rules
import Time

/// Everything that a run found out and made, from which its files are written.
public struct RunResult: Sendable {
    /// The pipeline's name.
    public var pipeline: String
    /// The run's id.
    public var run: String
    /// The moment as of which the run judges.
    public var asOf: Instant
    /// The pipeline's zone, in which its days are counted.
    public var zone: Zone
    /// The pipeline's own currency.
    public var currency: Currency
    /// The records, and what was rejected or repeated.
    public var ingested: IngestedDumps
    /// Which settlement lines belong to which payments.
    public var settlements: SettlementMatch
    /// What the evidence says of each payment, in the order of the payments.
    public var verdicts: ContiguousArray<PaymentVerdict>
    /// Which bookings belong to which payments.
    public var bookings: BookingMatch
    /// The gateways' payouts against the bank account.
    public var tieOuts: PayoutTieOuts
    /// The breaks, and the codes of each record.
    public var classification: Classification
    /// What became of each payment, in the order of the payments.
    public var outcomes: ContiguousArray<PaymentOutcome>
    /// What the run adds to the business's own records.
    public var emissions: Emissions
    /// The users' summaries, in the order in which users are first met.
    public var summaries: ContiguousArray<UserSummary>
    /// What earlier runs emitted and still waits.
    public var waiting: WaitingEmissions
    /// What is sold, by the number that purchases name.
    public var items: [CatalogueItem]
    /// How missing bookings are made; nil where the definition does not ask for it.
    public var backfill: BackfillRules?
    /// How users' summaries are made.
    public var dashboard: DashboardRules
    /// The id of each break, in the order of the breaks.
    public var breakIDs: [String]
    /// Commission, payouts and reversals of each payment, emitted by this run or before.
    public var shares: SellerShares
    /// Since when the breaks are known, and what became of those of the run before.
    public var history = BreakHistory()
    /// What the records that left in earlier runs came to; nothing where dumps are full.
    public var past = CarriedTotals()
    /// What sellers are still to be paid.
    public var agendas = SellerAgendas()
    /// The energy of bookings; nil where the pipeline has no impact.
    public var energy: EnergyBook?
    /// What is handed on to the next run; nil where dumps are full, so that nothing need be.
    public var carry: CarryForward?

    /// Gathers the results of all stages.
    public init(
        pipeline: String, run: String, asOf: Instant, zone: Zone, currency: Currency,
        ingested: IngestedDumps, settlements: SettlementMatch,
        verdicts: ContiguousArray<PaymentVerdict>, bookings: BookingMatch,
        tieOuts: PayoutTieOuts, classification: Classification,
        outcomes: ContiguousArray<PaymentOutcome>,
        emissions: Emissions, summaries: ContiguousArray<UserSummary>, waiting: WaitingEmissions,
        items: [CatalogueItem], backfill: BackfillRules?, dashboard: DashboardRules,
        breakIDs: [String], shares: SellerShares
    ) {
        self.pipeline = pipeline
        self.run = run
        self.asOf = asOf
        self.zone = zone
        self.currency = currency
        self.ingested = ingested
        self.settlements = settlements
        self.verdicts = verdicts
        self.bookings = bookings
        self.tieOuts = tieOuts
        self.classification = classification
        self.outcomes = outcomes
        self.emissions = emissions
        self.summaries = summaries
        self.waiting = waiting
        self.items = items
        self.backfill = backfill
        self.dashboard = dashboard
        self.breakIDs = breakIDs
        self.shares = shares
    }

    /// The money as double entry.
    public var ledger: Ledger {
        Ledger(
            tables: ingested.tables, settlements: settlements, verdicts: verdicts, shares: shares,
            tieOuts: tieOuts, zone: zone, asOf: asOf)
    }

    /// The records, lent without copying the tables' references: writers ask for every row.
    var tables: RecordTables { _read { yield ingested.tables } }

    /// Gives the bytes of a summary's user, in lower case, to `body`.
    func withUser(
        of summary: UserSummary, _ texts: inout RowTexts,
        _ body: (UnsafeRawBufferPointer) throws -> Void
    ) throws {
        var name: String
        switch summary.name {
        case .payment(let place):
            try texts.go(to: place)
            return try body(texts.user(PaymentField.user))
        case .booking(let place):
            try texts.go(to: place)
            return try body(texts.user(BookingField.user))
        case .past(let index): name = past.users[Int(index)].text
        case .seller(let index): name = agendas.all[Int(index)].name
        }
        try name.withUTF8 { try body(UnsafeRawBufferPointer($0)) }
    }

    /// A reader of the rows' texts, for one thread.
    func texts() -> RowTexts { RowTexts(ingested.dumps) }
}
