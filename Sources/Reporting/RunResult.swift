import Emission
import Ingestion
import Money
import Reconciliation
import Records
import Rules
import Time

/// Everything that a run found out and made, from which its files are written.
public struct RunResult: Sendable {
    public var pipeline: String
    public var run: String
    public var asOf: Instant
    public var zone: Zone
    public var currency: Currency
    public var ingested: IngestedDumps
    public var settlements: SettlementMatch
    public var verdicts: ContiguousArray<PaymentVerdict>
    public var bookings: BookingMatch
    public var classification: Classification
    public var outcomes: ContiguousArray<PaymentOutcome>
    public var emissions: Emissions
    public var summaries: ContiguousArray<UserSummary>
    /// What earlier runs emitted and still waits.
    public var waiting: WaitingEmissions
    /// What is sold, by the number that purchases name.
    public var items: [CatalogueItem]
    public var backfill: BackfillRules?
    public var dashboard: DashboardRules
    /// The id of each break, in the order of the breaks.
    public var breakIDs: [String]

    /// Gathers the results of all stages.
    public init(
        pipeline: String, run: String, asOf: Instant, zone: Zone, currency: Currency,
        ingested: IngestedDumps, settlements: SettlementMatch,
        verdicts: ContiguousArray<PaymentVerdict>, bookings: BookingMatch,
        classification: Classification, outcomes: ContiguousArray<PaymentOutcome>,
        emissions: Emissions, summaries: ContiguousArray<UserSummary>, waiting: WaitingEmissions,
        items: [CatalogueItem], backfill: BackfillRules?, dashboard: DashboardRules,
        breakIDs: [String]
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
        self.classification = classification
        self.outcomes = outcomes
        self.emissions = emissions
        self.summaries = summaries
        self.waiting = waiting
        self.items = items
        self.backfill = backfill
        self.dashboard = dashboard
        self.breakIDs = breakIDs
    }

    /// The records, lent without copying the tables' references: writers ask for every row.
    var tables: RecordTables { _read { yield ingested.tables } }

    /// A reader of the rows' texts, for one thread.
    func texts() -> RowTexts { RowTexts(ingested.dumps) }
}
