import Money
import Reconciliation

/// How the breaks that somebody must look at changed since the run before.
public struct OpenItems: Sendable, Equatable {
    /// Open at the end of the run before.
    public var opening: Int
    /// Found for the first time.
    public var new: Int
    /// Closed before, and back again.
    public var reopened: Int
    /// Gone with their cause, or closed by a decision.
    public var cleared: Int
    /// How many of those open at the end were not open before; nil where it is not known.
    public var fresh: Int?
    /// The money in doubt at each step; nil where it is not known.
    public var atRisk: MoneyRoll?
    /// The open ones by age, in the order of the ages; empty where it is not known.
    public var ages: [Ageing] = []
    /// How many open ones of each code there are in each group of ages; empty where it is not known.
    public var agesByCode: [BreakCode: [Int]] = [:]

    /// The money in doubt from run to run, in minor units.
    public struct MoneyRoll: Sendable, Equatable {
        /// At the end of the run before.
        public var opening: [Currency: Int128] = [:]
        /// Of what is found for the first time.
        public var new: [Currency: Int128] = [:]
        /// Of what is back again.
        public var reopened: [Currency: Int128] = [:]
        /// Of what is no longer open, as it stood when it was.
        public var cleared: [Currency: Int128] = [:]
        /// What items that stayed open grew by.
        public var revalued: [Currency: Int128] = [:]
        /// At the end of this run.
        public var closing: [Currency: Int128] = [:]

        /// Creates the steps; nothing moves where nothing is given.
        public init(
            opening: [Currency: Int128] = [:], new: [Currency: Int128] = [:],
            reopened: [Currency: Int128] = [:], cleared: [Currency: Int128] = [:],
            revalued: [Currency: Int128] = [:], closing: [Currency: Int128] = [:]
        ) {
            self.opening = opening
            self.new = new
            self.reopened = reopened
            self.cleared = cleared
            self.revalued = revalued
            self.closing = closing
        }
    }

    /// Open items of some ages.
    public struct Ageing: Sendable, Equatable {
        /// The ages in business days, such as `2-5`.
        public var days: String
        /// How many items there are.
        public var count = 0
        /// The money in doubt, in minor units.
        public var atRisk: [Currency: Int128] = [:]

        /// Creates a group; an empty one where nothing else is given.
        public init(days: String, count: Int = 0, atRisk: [Currency: Int128] = [:]) {
            self.days = days
            self.count = count
            self.atRisk = atRisk
        }
    }

    /// Creates the counts; a first run only has new ones.
    public init(opening: Int = 0, new: Int, reopened: Int = 0, cleared: Int = 0) {
        self.opening = opening
        self.new = new
        self.reopened = reopened
        self.cleared = cleared
    }

    /// Open at the end of this run: opening + new + reopened − cleared.
    public var closing: Int { opening + new + reopened - cleared }

    /// The last age of each group but the last, in business days.
    static let limits = [1, 5, 10, 30]
}

extension OpenItems {
    /// Counts what a run found.
    init(_ result: RunResult) {
        let history = result.history
        self.init(
            opening: history.opening.count, new: history.new.count,
            reopened: history.reopened.count, cleared: history.cleared.count)
        fresh = history.fresh
        var money = MoneyRoll()
        money.opening = history.opening.atRisk
        money.new = history.new.atRisk
        money.reopened = history.reopened.atRisk
        money.cleared = ItemMovement(history.cleared.lazy.map(\.item)).atRisk
        money.revalued = history.revalued.atRisk
        ages = OpenItems.groups
        for (index, item) in result.classification.breaks.enumerated()
        where item.code.severity > .info {
            let currency = BreakFacts(item, in: result.tables).currency
            let age = history.ages[index]
            let group = OpenItems.limits.firstIndex { age <= $0 } ?? OpenItems.limits.count
            ages[group].count += 1
            agesByCode[item.code, default: ages.map { _ in 0 }][group] += 1
            ages[group].atRisk[currency, default: 0] += Int128(item.atRisk)
            money.closing[currency, default: 0] += Int128(item.atRisk)
        }
        atRisk = money
    }

    private static var groups: [Ageing] {
        var groups: [Ageing] = []
        var first = 0
        for limit in limits {
            groups.append(Ageing(days: "\(first)-\(limit)"))
            first = limit + 1
        }
        return groups + [Ageing(days: "over \(first - 1)")]
    }
}
