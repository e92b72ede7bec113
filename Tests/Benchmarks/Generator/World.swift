/// One payment, with everything that the dumps and the truth say about it.
struct PaymentFacts {
    var index: Int
    let user: Int
    let item: Int
    let quantity: Int
    /// Minor units.
    let amount: Int
    /// Seconds since 1970, as are all times.
    var created: Int
    var completed: Int
    var scenario: Scenario
    var fate: BookingFate
    let wording: Wording
    let details: Details
    /// Bits for what only one dump needs.
    let spare: UInt64

    /// How the description tells the item.
    enum Wording { case name, phrase, commas, nothing }

    /// What the metadata column holds.
    enum Details { case json, emptyObject, nothing }
}

/// Everything that can be generated, as functions of a seed and an index.
///
/// A user's payments are at least four days apart, but for those of `repeatedPurchase`, while
/// bookings follow within a day; so no booking without a reference fits two payments.
struct World {
    /// How many payments there are.
    let count: Int
    /// What all randomness comes from.
    let seed: UInt64
    /// How many users there are: one for each twenty payments.
    let userCount: Int
    /// What is on sale.
    let catalogue = Catalogue()
    /// How many settlement lines no payment explains.
    let unknownLines: Int
    /// How many bookings no payment explains.
    let orphanBookings: Int

    /// 2025-06-01T00:00:00Z: when the first payment is made.
    static let start = 1_748_736_000
    /// Payments are spread evenly over ninety days.
    static let span = 90 * 86_400
    /// 2025-08-31T02:00:00Z, the logical time of a run over these dumps.
    static let asOf = "2025-08-31T02:00:00Z"
    /// The first day after all bookings that are over, 2025-08-31.
    static let today = 1_756_598_400
    /// Settlements of payments before this day, 2025-08-25, are certainly due.
    private static let certainlyDue = 1_756_080_000
    /// Out of a thousand succeeded payments, how many bookings there are, and of which kind.
    private static let booked = 850
    private static let unlinked = 42
    private static let twice = 1
    private static let otherAmount = 1
    /// Out of a thousand failed payments, how many are booked all the same.
    private static let unpaid = 15

    private let userOrder: Permutation
    private let scenarios = Scenario.byDraw

    /// Lays out a world of so many payments.
    init(count: Int, seed: UInt64) {
        self.count = count
        self.seed = Draws.mixed(seed &+ 1)
        userCount = max(1, (count + 19) / 20)
        unknownLines = count / 1000
        orphanBookings = count / 1000
        userOrder = Permutation(count: userCount, seed: self.seed ^ 0x5553_4552)
    }

    /// When the payments begin to be so recent that their settlements may still be on their way.
    @inline(__always)
    private func roughTime(of index: Int) -> Int {
        World.start + Int((UInt64(index) &* UInt64(World.span)) / UInt64(count))
    }

    /// What happens to a payment, without the rest of its facts.
    @inline(__always)
    func scenario(of index: Int) -> Scenario {
        var draws = Draws(seed: seed, position: index)
        return scenario(of: index, drawing: &draws)
    }

    /// How many booking rows a payment has, without the rest of its facts.
    @inline(__always)
    func bookingCount(of index: Int) -> Int {
        var draws = Draws(seed: seed, position: index)
        let scenario = scenario(of: index, drawing: &draws)
        if scenario == .repeatedPurchase { return 1 }
        return World.fate(of: scenario, draw: draws.below(1000)).rowCount
    }

    @inline(__always)
    private func scenario(of index: Int, drawing draws: inout Draws) -> Scenario {
        let drawn = scenarios[draws.below(scenarios.count)]
        switch drawn {
        case .unsettled:
            return roughTime(of: index) < World.certainlyDue ? drawn : .settled
        case .repeatedPurchase:
            guard index > 0 else { return .settled }
            var before = Draws(seed: seed, position: index - 1)
            return scenarios[before.below(scenarios.count)] == .settled ? drawn : .settled
        default:
            return drawn
        }
    }

    /// Everything about a payment.
    @inline(__always)
    func payment(at index: Int) -> PaymentFacts {
        var draws = Draws(seed: seed, position: index)
        let scenario = scenario(of: index, drawing: &draws)
        guard scenario == .repeatedPurchase else {
            return facts(index, scenario, drawing: &draws)
        }
        var before = Draws(seed: seed, position: index - 1)
        _ = before.next()
        var repeated = facts(index - 1, .settled, drawing: &before)
        repeated.index = index
        repeated.scenario = .repeatedPurchase
        repeated.created += 90
        repeated.completed += 90
        repeated.fate = .linked
        return repeated
    }

    @inline(__always)
    private func facts(
        _ index: Int, _ scenario: Scenario, drawing draws: inout Draws
    ) -> PaymentFacts {
        let fate = World.fate(of: scenario, draw: draws.below(1000))
        let item = draws.below(catalogue.items.count)
        let spare = draws.next()
        let quantity = 1 + Int(spare & 3)
        let jitter = min(600, World.span / count / 2)
        let created = roughTime(of: index) + draws.below(jitter + 1)
        let style = draws.below(1000)
        let details: PaymentFacts.Details =
            style < 260 ? .json : style % 2 == 0 ? .emptyObject : .nothing
        return PaymentFacts(
            index: index, user: userOrder[index % userCount], item: item, quantity: quantity,
            amount: catalogue.items[item].price * quantity, created: created,
            completed: created + 20 + Int(spare >> 8 & 127), scenario: scenario, fate: fate,
            wording: World.wording(details, draw: draws.below(1000)), details: details,
            spare: spare)
    }

    @inline(__always)
    private static func fate(of scenario: Scenario, draw: Int) -> BookingFate {
        if scenario == .failed { return draw < unpaid ? .unpaid : .missing }
        guard scenario.succeeds, scenario != .refunded else { return .missing }
        if draw < unlinked { return .unlinked }
        if draw < unlinked + twice { return .twice }
        if draw < unlinked + twice + otherAmount { return .otherAmount }
        return draw < booked ? .linked : .missing
    }

    @inline(__always)
    private static func wording(_ details: PaymentFacts.Details, draw: Int) -> PaymentFacts.Wording
    {
        if draw < 100 { return .commas }
        if draw < 400 { return .phrase }
        if draw < 410, details != .json { return .nothing }
        return .name
    }
}
