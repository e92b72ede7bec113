import Money
import Records
import Rules
import Time

/// A pipeline file that has been read and checked: everything that a run is told.
public struct PipelineDefinition: Sendable, Hashable {
    /// Lower case letters, digits and hyphens; part of every id that the pipeline makes.
    public var name: String
    /// The currency of amounts that name none, and of the dashboard's levels.
    public var currency: Currency
    /// The name of the zone whose calendar the business lives by.
    public var timezone: String
    /// Whether each night's dumps hold everything or only what is new.
    public var dumps = DumpCoverage.full
    /// Where the records come from, by kind; several entries where there are several gateways.
    public var inputs: [RecordKind: [InputDefinition]]
    /// The largest share of a kind's rows that may be rejected.
    public var maxRejects = Rate(millionthsOfPercent: 1_000_000)
    /// When a payment counts as stuck, and a settlement as missing.
    public var resolve = ResolveRules()
    /// How payments, settlements and bookings find each other.
    public var match = MatchRules()
    /// What the gateway may charge; nil where nothing was agreed.
    public var fees: FeeRules?
    /// How missing bookings are made; nil where none are.
    public var backfill: BackfillRules?
    /// Commission, payouts and the business calendar; nil where nobody is paid out.
    public var settle: SettleRules?
    /// What booked and measured energy stands for; nil where summaries have no impact.
    public var impact: ImpactRules?
    /// Levels and points of users' summaries.
    public var dashboard = DashboardRules()
    /// How long archives are kept.
    public var archive = ArchiveRules()
    /// What is handed from run to run, and for how long.
    public var carry = CarryRules()
    /// How what a run emitted goes into the business's own tables.
    public var load = LoadRules()
    /// The file's bytes, exactly as they were read; a run archives and hashes them.
    public var source: [UInt8] = []
    /// The presets that the inputs name, each once, in the order of their names; a run archives and
    /// hashes them as it does the file.
    public var presets: [PresetText] = []
    /// Where presets were looked for.
    public var library = PresetLibrary.builtIn

    /// Creates a definition with every other part at its default.
    public init(
        name: String, currency: Currency, timezone: String,
        inputs: [RecordKind: [InputDefinition]]
    ) {
        self.name = name
        self.currency = currency
        self.timezone = timezone
        self.inputs = inputs
    }
}

/// Whether dumps hold everything so far.
public enum DumpCoverage: String, Sendable, CaseIterable {
    case full, incremental
}
