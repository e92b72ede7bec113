import Emission
import Reconciliation
import Records
import Rules
import TestKit
import Time

/// Makes ids from digests that were computed elsewhere, by the parts that they are of; other parts
/// get sixty-four digits of their own.
func identities(_ digests: [[String]: String] = [:]) -> IdentityMaker {
    IdentityMaker(pipeline: "tours") { parts, count in
        if let digest = digests[parts] { return String(digest.prefix(count)).uppercased() }
        let hash = parts.joined(separator: "\u{1F}").utf8.reduce(UInt64(14_695_981_039_346_656_037))
        {
            ($0 ^ UInt64($1)) &* 1_099_511_628_211
        }
        let digits = String(hash | 1 << 63, radix: 16)
        return String((digits + digits + digits + digits).prefix(count)).uppercased()
    }
}

extension BackfillRules {
    /// Tickets and destinations; the destination is the default.
    static var tours: BackfillRules {
        var rules = BackfillRules()
        rules.kinds = [
            PurchaseKind(name: "ticket", emit: .ticket, keywords: ["ticket", "concert"]),
            PurchaseKind(name: "destination", emit: .booking, keywords: ["tour", "castle"]),
            PurchaseKind(name: "donation", emit: .none, keywords: ["donation"]),
        ]
        rules.defaultKind = "destination"
        return rules
    }
}

/// A purchase of an item of a kind, by the kind's number in the definition.
func purchase(_ item: String = "Castle", kind: Int32 = 1, isIdentified: Bool = true) -> Purchase {
    var purchase = Purchase()
    purchase.itemName = item
    purchase.isIdentified = isIdentified
    purchase.kind = kind
    purchase.kindOrigin = .catalogue
    return purchase
}

extension Reconciled {
    /// What is made for the payments that may be due a booking.
    func backfilled(
        _ rules: BackfillRules = .tours, waiting: WaitingEmissions = WaitingEmissions(),
        selection: Selection = Selection(), identities: IdentityMaker = identities(),
        purchase: (String) -> Purchase = { _ in EmissionTests.purchase() }
    ) -> Backfiller.Result {
        let candidates = Backfiller.candidates(
            tables: world.tables, verdicts: verdicts, linked: bookings, waiting: waiting,
            includesPending: rules.includesPending)
        return Backfiller(
            tables: world.tables, verdicts: verdicts, bookings: bookings, rules: rules,
            waiting: waiting, identities: identities
        ).backfill(
            candidates.map { ($0, purchase(world.tables.payments.id(Int($0)))) },
            selection: selection)
    }

    /// The commission, payouts and reversals of a seller's payments.
    func settled(
        _ rules: SettleRules, sellers: [String: String], kinds: [String: String] = [:],
        waiting: WaitingEmissions = .init(), balances: [SellerBalance] = []
    ) -> (transactions: [Transaction], payouts: [Payout], balances: [SellerBalance]) {
        let settler = Settler(
            tables: world.tables, settlements: settlements, verdicts: verdicts, rules: world.rules,
            settle: rules, waiting: waiting, identities: identities())
        let payments = world.tables.payments
        let sales = payments.rows.indices.compactMap { payment in
            sellers[payments.id(payment)].map {
                Sale(payment: Int32(payment), seller: $0, kind: kinds[payments.id(payment)] ?? "")
            }
        }
        let transactions = settler.transactions(sales: sales, selection: Selection())
        var balances = SellerBalances(balances)
        let payouts = settler.payouts(transactions, balances: &balances)
        return (transactions, payouts, balances.all)
    }
}

extension World {
    /// Something that an earlier run emitted for a payment of Ama's.
    func waiting(
        _ thing: EmittedThing, _ id: String, of payment: String, amount: Int64 = 10_000,
        status: String = "confirmed"
    ) -> WaitingEmission {
        WaitingEmission(
            thing: thing, id: id, paymentID: payment, user: "ama@example.com", item: "Castle",
            amount: amount, currency: tables.payments.rows[0].currency, status: status,
            emittedAt: rules.asOf, payment: print(payment), userPrint: print("ama@example.com"))
    }
}
