import Money
import Time

/// When a payment counts as stuck, and a settlement as missing.
public struct ResolveRules: Sendable, Hashable {
    /// How old a pending payment must be before the gateway's word settles it: a younger one may
    /// still be on its way through the business's own system.
    public var settleAfter = TimeSpan(seconds: 0)
    /// How old a pending payment may become.
    public var stuckAfter = TimeSpan(seconds: 30 * 60)
    /// Business days after completion within which the settlement is not yet due.
    public var settlementDays = 2

    /// The defaults.
    public init() {}
}

/// How payments, settlements and bookings find each other.
public struct MatchRules: Sendable, Hashable {
    /// The largest difference that is only rounding, in minor units of the pipeline's currency.
    public var tolerance: Int64 = 0
    /// How far apart a payment and its booking may have been created.
    public var window = TimeSpan(seconds: 3 * 86_400)
    /// The least similarity of a description and an item's name, in millionths of one.
    public var similarityMillionths: Int64 = 850_000

    /// The defaults.
    public init() {}
}

/// How missing bookings are made.
public struct BackfillRules: Sendable, Hashable {
    /// What may be bought, in the order of the definition, which settles ties.
    public var kinds: [PurchaseKind] = []
    /// Paths into a payment's JSON details, by what they give: item, kind, quantity, date,
    /// starts_at, ends_at, seller.
    ///
    /// A path is object keys joined by dots.
    public var details: [String: String] = [:]
    /// The kind of what nothing else tells.
    public var defaultKind: String?
    /// Participants or tickets where nothing else tells.
    public var participants = 1
    /// Days from the run to the booking's date where nothing else tells.
    public var leadDays = 7
    /// What becomes of a payment whose item is not found.
    public var unidentified = Unidentified.review
    /// Whether payments without evidence of their money are booked all the same.
    public var emitsUnevidenced = false
    /// Whether pending payments get pending bookings.
    public var includesPending = false
    /// What new bookings' ids begin with.
    public var bookingPrefix = "BK"
    /// What new tickets' ids begin with.
    public var ticketPrefix = "TK"

    /// No kinds, every other rule at its default.
    public init() {}
}

/// Something that can be bought.
public struct PurchaseKind: Sendable, Hashable {
    /// The kind's name, as the catalogue and orders write it.
    public var name: String
    /// What a payment for it becomes.
    public var emit: EmissionKind
    /// Words of a description that tell this kind, in lower case.
    public var keywords: [String]

    /// Creates a kind.
    public init(name: String, emit: EmissionKind, keywords: [String]) {
        self.name = name
        self.emit = emit
        self.keywords = keywords
    }
}

/// What a payment without booking becomes.
public enum EmissionKind: String, Sendable, CaseIterable {
    case booking, ticket, none
}

/// What becomes of a payment whose item is not found.
public enum Unidentified: String, Sendable, CaseIterable {
    case review, emit
}

/// Levels and points of users' summaries.
public struct DashboardRules: Sendable, Hashable {
    /// Names and least amounts spent, in minor units, least first.
    public var levels: [Level] = []
    /// What one point costs, in minor units of the pipeline's currency.
    public var pointsPer: Int64 = 1000
    /// How many recent activities a summary shows.
    public var recent = 10
    /// Whose summaries a run writes as pages too.
    public var pages = DashboardPageRule.none

    /// No levels.
    public init() {}
}

/// Whose summaries a run writes as pages.
public enum DashboardPageRule: String, Sendable, CaseIterable {
    /// Nobody's.
    case none
    /// Those whose figures the run changes.
    case changed
    /// Everybody's.
    case all
}

/// A user's level.
public struct Level: Sendable, Hashable {
    /// What it is called.
    public var name: String
    /// What must have been spent, in minor units of the pipeline's currency.
    public var from: Int64

    /// Creates a level.
    public init(name: String, from: Int64) {
        self.name = name
        self.from = from
    }
}

/// How long archives are kept.
public struct ArchiveRules: Sendable, Hashable {
    /// Nil keeps them for ever.
    public var keep: TimeSpan?

    /// For ever.
    public init() {}
}

/// What is handed from run to run.
public struct CarryRules: Sendable, Hashable {
    /// How long an emission may wait to be loaded before it is a break.
    public var unappliedAfter = TimeSpan(seconds: 3 * 86_400)
    /// How long a record is kept after it was reconciled, for late refunds and chargebacks, where
    /// dumps are incremental.
    public var closeAfter = TimeSpan(seconds: 120 * 86_400)

    /// The defaults.
    public init() {}
}
