import Money
import Rules
import Time

/// Everything that the pure stages are told: the run's logical time, its calendar, its rules.
public struct ReconciliationRules: Sendable {
    /// The run's logical time.
    public var asOf: Instant
    /// The pipeline's own currency, in which the rules' amounts are given.
    public var currency: Currency
    /// The zone whose calendar the business lives by.
    public var zone: Zone
    /// The days on which business is done.
    public var calendar: BusinessCalendar
    /// When a payment counts as stuck, and a settlement as missing.
    public var resolve: ResolveRules
    /// How records find each other.
    public var match: MatchRules
    /// What the gateway may charge; nil where nothing was agreed.
    public var fees: FeeRules?

    /// Gathers the rules.
    public init(
        asOf: Instant, currency: Currency, zone: Zone, calendar: BusinessCalendar,
        resolve: ResolveRules, match: MatchRules, fees: FeeRules?
    ) {
        self.asOf = asOf
        self.currency = currency
        self.zone = zone
        self.calendar = calendar
        self.resolve = resolve
        self.match = match
        self.fees = fees
    }

    /// The largest difference that is only rounding: none but in the pipeline's own currency.
    func tolerance(in currency: Currency) -> UInt64 {
        currency == self.currency ? match.tolerance.magnitude : 0
    }

    /// The last day on which a settlement is not yet late.
    func settlementDue(of moment: Instant) -> CivilDate {
        calendar.adding(businessDays: resolve.settlementDays, to: zone.date(of: moment))
    }
}
