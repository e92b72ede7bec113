import Emission
import Reconciliation
import Time

/// What became of the open items of the run before, and since when this run's breaks are known.
public struct BreakHistory: Sendable {
    /// An item that is no longer open, and why.
    public struct Cleared: Sendable {
        /// The item, as it was carried.
        public var item: OpenItem
        /// What cleared it.
        public var cause: ClearingCause

        /// Creates an entry.
        public init(item: OpenItem, cause: ClearingCause) {
            self.item = item
            self.cause = cause
        }
    }

    /// Open at the end of the run before, counted from what it handed on.
    public var opening = ItemMovement()
    /// Found for the first time.
    public var new = ItemMovement()
    /// Back again.
    public var reopened = ItemMovement()
    /// What the money in doubt of items that stayed open grew by.
    public var revalued = ItemMovement()
    /// How many of the open breaks were not open at the end of the run before.
    public var fresh = 0
    /// No longer open, in order of the ids.
    public var cleared: [Cleared] = []
    /// For each break of the run, the as-of of the run that saw it first.
    public var firstSeen: [Instant] = []
    /// For each break of the run, its age in business days; 0 on the day on which it is first seen.
    public var ages: [Int] = []
    /// What the next run must know of the items, in order of the ids.
    public var next: [OpenItem] = []
    /// What the next run must know of decisions, in order of the breaks' ids.
    public var decisions: [RememberedDecision] = []
    /// What each decision of the dumps comes to, in order of the breaks' ids.
    public var overrides: [RunReport.OverrideLine] = []

    /// Nothing is open, and nothing was.
    public init() {}
}
