import Money
import Reconciliation
import Records
import Time

/// A payout that was scheduled and is still to be made.
public struct ScheduledPayout: Sendable, Hashable {
    /// The payout's id.
    public var id: String
    /// The seller, in lower case.
    public var seller: String
    /// Minor units, above zero.
    public var amount: Int64
    /// The currency of the amount.
    public var currency: Currency
    /// When it falls due.
    public var due: CivilDate
    /// The as-of of the run that scheduled it.
    public var emittedAt: Instant

    /// Describes a payout.
    public init(
        id: String, seller: String, amount: Int64, currency: Currency, due: CivilDate,
        emittedAt: Instant
    ) {
        self.id = id
        self.seller = seller
        self.amount = amount
        self.currency = currency
        self.due = due
        self.emittedAt = emittedAt
    }
}

/// What a seller is to be paid on one day, or what waits.
public struct PendingPayout: Sendable, Hashable {
    /// When it falls due; `absent` for what waits for the seller's next payout.
    public var due: CivilDate
    /// Minor units; below zero for what the seller owes.
    public var amount: Int64
    /// The currency of the amount.
    public var currency: Currency
    /// Scheduled, or why it waits.
    public var status: Payout.Status
}

/// What one seller is still to be paid.
public struct SellerAgenda: Sendable {
    /// The seller, in lower case.
    public var name: String
    /// The fingerprint of the same text as a user.
    public var print: Fingerprint
    /// Before this run, in order of the days, then of the currencies; what waits comes last.
    public var before: [PendingPayout] = []
    /// With what this run emits, likewise.
    public var after: [PendingPayout] = []
}

/// What all sellers are still to be paid.
///
/// No dump tells of payouts that were made, so one counts as made once the day is over on which it
/// falls due, or, of one that was scheduled late, the first day for payouts from then on.
public struct SellerAgendas: Sendable {
    /// One for everybody who ever sold anything, in order of the names.
    public private(set) var all: [SellerAgenda] = []
    /// The payouts that are still to be made, for the next run, in order of their ids.
    public private(set) var scheduled: [ScheduledPayout] = []

    /// Nobody sells anything.
    public init() {}
}

extension Settler {
    /// What sellers were still to be paid before this run, and are after it.
    ///
    /// - Parameters:
    ///   - emissions: What this run makes, with its payouts and balances.
    ///   - earlier: The payouts that the run before handed on.
    ///   - balances: What earlier payouts left.
    ///   - print: The fingerprint of a user.
    /// - Returns: Everybody who ever sold anything, and the payouts that are still to be made.
    public func agendas(
        _ emissions: Emissions, earlier: [ScheduledPayout], balances: [SellerBalance],
        print: (String) -> Fingerprint
    ) -> SellerAgendas {
        let pending = earlier.filter(isToBeMade)
        let made = emissions.payouts.filter { $0.status == .scheduled && $0.amount > 0 }.map {
            ScheduledPayout(
                id: $0.id, seller: $0.seller, amount: $0.amount, currency: $0.currency,
                due: $0.due, emittedAt: rules.asOf)
        }
        var sellers = Set(emissions.transactions.map(\.seller) + balances.map(\.seller))
        sellers.formUnion(earlier.map(\.seller))
        sellers.formUnion(waiting.entries.lazy.filter { $0.thing == .payout }.map(\.item))
        let before = lists(pending, balances)
        let after = lists(pending + made, emissions.balances)
        return SellerAgendas(
            all: sellers.sorted().map {
                SellerAgenda(
                    name: $0, print: print($0), before: before[$0] ?? [], after: after[$0] ?? [])
            },
            scheduled: (pending + made).sorted { $0.id < $1.id })
    }

    private func isToBeMade(_ payout: ScheduledPayout) -> Bool {
        max(payout.due, schedule.payoutDay(onOrAfter: payout.emittedAt))
            >= rules.zone.date(of: rules.asOf)
    }

    /// What each seller is to be paid, payouts of one day as one: how many nights it took to schedule
    /// them says nothing.
    private func lists(
        _ scheduled: [ScheduledPayout], _ balances: [SellerBalance]
    ) -> [String: [PendingPayout]] {
        struct Day: Hashable {
            let account: SellerAccount
            let due: CivilDate
        }
        var days: [Day: Int64] = [:]
        for payout in scheduled {
            let account = SellerAccount(seller: payout.seller, currency: payout.currency)
            days[Day(account: account, due: payout.due), default: 0] += payout.amount
        }
        var lists: [String: [PendingPayout]] = [:]
        for (day, amount) in days {
            lists[day.account.seller, default: []].append(
                PendingPayout(
                    due: day.due, amount: amount, currency: day.account.currency,
                    status: .scheduled))
        }
        for seller in lists.keys {
            lists[seller]?.sort { ($0.due, $0.currency) < ($1.due, $1.currency) }
        }
        for balance in balances {
            lists[balance.seller, default: []].append(
                PendingPayout(
                    due: .absent, amount: balance.amount, currency: balance.currency,
                    status: whyItWaits(balance)))
        }
        return lists
    }

    private func whyItWaits(_ balance: SellerBalance) -> Payout.Status {
        let status = status(of: balance.amount, for: balance.account)
        return status == .scheduled ? .belowMinimum : status
    }
}

extension SellerAgendas {
    fileprivate init(all: [SellerAgenda], scheduled: [ScheduledPayout]) {
        self.all = all
        self.scheduled = scheduled
    }
}
