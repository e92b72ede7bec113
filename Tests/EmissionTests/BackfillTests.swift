import Emission
import Reconciliation
import Records
import Rules
import TestKit
import Testing

/// Which payments get a booking, and under what id.
@Suite struct BackfillTests {
    /// What is told of a payment, and whether it is booked: usually, with `unevidenced: emit`, and
    /// with `include_pending: true`.
    static let eligibility: [(String, @Sendable (inout World) -> Void, [Bool])] = [
        ("captured", { $0.line("S", of: "P") }, [true, true, true]),
        ("still expected", { $0.rules.asOf = moment("2026-03-03T00:00:00Z") }, [true, true, true]),
        ("missing", { _ in }, [false, true, false]),
        ("said to have failed", { $0.line("S", of: "P", state: .failed) }, [false, true, false]),
        ("in another currency", { $0.line("S", of: "P", currency: "USD") }, [false, true, false]),
        ("in conflict", { $0.line("S", of: "P", conflicting: true) }, [false, true, false]),
        ("without settlements", { $0.tables.hasSettlements = false }, [true, true, true]),
        ("captured short", { $0.line("S", of: "P", 9_000) }, [true, true, true]),
        (
            "refunded as a whole",
            {
                $0.line("S", of: "P")
                $0.line("R", of: "P", type: .refund)
            }, [false, false, false]
        ),
        (
            "refunded in part",
            {
                $0.line("S", of: "P")
                $0.line("R", of: "P", 9_999, type: .refund)
            }, [true, true, true]
        ),
        (
            "charged back",
            {
                $0.line("S", of: "P")
                $0.line("R", of: "P", type: .chargeback)
            }, [false, false, false]
        ),
        (
            "charged back in vain",
            {
                $0.line("S", of: "P")
                $0.line("R", of: "P", type: .chargeback)
                $0.line("V", of: "P", type: .chargebackReversal)
            }, [true, true, true]
        ),
        (
            "already booked",
            {
                $0.line("S", of: "P")
                $0.booking("B", payment: "P")
            }, [false, false, false]
        ),
        (
            "pending with its charge",
            {
                $0.tables.payments.rows[0].status = .pending
                $0.line("S", of: "P")
            }, [true, true, true]
        ),
        ("pending", { $0.tables.payments.rows[0].status = .pending }, [false, false, true]),
        ("failed", { $0.tables.payments.rows[0].status = .failed }, [false, false, false]),
    ]

    @Test(arguments: BackfillTests.eligibility.indices)
    func onlyPaymentsWithTheirMoneyAreBooked(index: Int) {
        let (name, tell, isBooked) = BackfillTests.eligibility[index]
        var world = World()
        world.payment("P")
        tell(&world)
        let found = world.reconciled()
        for (variant, expected) in isBooked.enumerated() {
            var rules = BackfillRules.tours
            rules.emitsUnevidenced = variant == 1
            rules.includesPending = variant == 2
            let made = found.backfilled(rules)
            #expect(made.bookings.count == (expected ? 1 : 0), "\(name), variant \(variant)")
            #expect(made.tickets.isEmpty)
            #expect(made.unidentified.isEmpty)
        }
    }

    @Test func aPendingPaymentsBookingIsPending() {
        var world = World()
        world.payment("P", status: .pending)
        var rules = BackfillRules.tours
        rules.includesPending = true
        #expect(world.reconciled().backfilled(rules).bookings.map(\.status) == [.pending])
    }

    @Test func nothingIsMadeForPaymentsInDoubt() {
        var world = World(settlements: false)
        world.payment("P1", at: "2026-03-02T10:00:00Z")
        world.payment("P2", at: "2026-03-02T10:10:00Z")
        world.booking("B", at: "2026-03-02T10:05:00Z")
        world.itemOfPayment = ["P1": "castle", "P2": "garden"]
        let found = world.reconciled()
        #expect(found.ambiguous == ["P1", "P2"])
        #expect(found.backfilled().bookings.isEmpty)
    }

    @Test func theKindDecidesWhatIsMade() {
        var world = World(settlements: false)
        for id in ["P0", "P1", "P2", "P3"] { world.payment(id) }
        let kinds: [String: Int32] = ["P0": 0, "P1": 1, "P2": 2, "P3": -1]
        let made = world.reconciled().backfilled { purchase(kind: kinds[$0] ?? -1) }
        #expect(made.tickets.map(\.payment) == [0])
        #expect(made.bookings.map(\.payment) == [1])
        #expect(made.unidentified.isEmpty)
    }

    @Test func whatNothingTellsIsReviewedOrBookedAsTheDefinitionSays() {
        var world = World(settlements: false)
        world.payment("P0")
        world.payment("P1")
        let found = world.reconciled()
        var rules = BackfillRules.tours
        let unknown = { (id: String) in purchase("Something", isIdentified: id == "P1") }
        let reviewed = found.backfilled(rules, purchase: unknown)
        #expect(reviewed.unidentified == [0])
        #expect(reviewed.bookings.map(\.payment) == [1])
        rules.unidentified = .emit
        let emitted = found.backfilled(rules, purchase: unknown)
        #expect(emitted.unidentified.isEmpty)
        #expect(emitted.bookings.map(\.purchase.itemName) == ["Something", "Something"])
        // Nobody can book what is of no kind that is known.
        let kindless = found.backfilled(rules) { _ in Purchase() }
        #expect(kindless.unidentified == [0, 1])
    }

    @Test func whatWasNotAskedForIsLeftForAnotherRun() {
        var world = World(settlements: false)
        world.payment("P0", reference: "R0")
        world.payment("P1", user: "kofi@example.com")
        world.payment("P2")
        let found = world.reconciled()
        var selection = Selection()
        selection.payments = [world.print("R0")]
        selection.users = [world.print("kofi@example.com")]
        let made = found.backfilled(selection: selection)
        #expect(made.bookings.map(\.payment) == [0, 1])
        #expect(made.unselected == [2])
    }

    /// SHA-256 of `booking`, `tours` and the payment's id, joined by the byte 0x1F, as Python's
    /// hashlib computes it.
    static let digests: [[String]: String] = [
        ["booking", "tours", "P1"]:
            "75817e8689ac6f4f5bd8f0a592e9f5dd408826795b45cb424860bca96c403107",
        ["booking", "tours", "P2"]:
            "dee0c0a0dfe06844bc8c661be7fd531434336d4a4103dcff97bb654cb32eb899",
    ]

    @Test func idsAreTheFirstDigitsOfTheDigest() {
        var world = World(settlements: false)
        world.payment("P1")
        world.payment("P2")
        let made = world.reconciled().backfilled(identities: identities(BackfillTests.digests)) {
            purchase(kind: $0 == "P1" ? 0 : 1)
        }
        #expect(made.tickets.map(\.id) == ["TK-75817E86"])
        #expect(made.bookings.map(\.id) == ["BK-DEE0C0A0"])
    }

    @Test func aTakenIdGrowsByFourDigits() {
        var world = World(settlements: false)
        world.payment("P1")
        world.booking("BK-75817E86", 77, status: .cancelled)
        let maker = identities(BackfillTests.digests)
        let made = world.reconciled().backfilled(identities: maker)
        #expect(made.bookings.map(\.id) == ["BK-75817E8689AC"])
        let waiting = WaitingEmissions([world.waiting(.booking, "BK-75817E8689AC", of: "other")])
        let next = world.reconciled().backfilled(waiting: waiting, identities: maker)
        #expect(next.bookings.map(\.id) == ["BK-75817E8689AC6F4F"])
    }

    @Test(arguments: [["A", "B"], ["B", "A"]])
    func ofTwoThatWouldMeetTheLesserPaymentKeepsTheShortId(order: [String]) {
        var world = World(settlements: false)
        for id in order { world.payment(id) }
        let maker = identities([
            ["booking", "tours", "A"]: "aaaaaaaa1111222233334444",
            ["booking", "tours", "B"]: "aaaaaaaa5555666677778888",
        ])
        let made = world.reconciled().backfilled(identities: maker).bookings
        let ids = Set(made.map { "\(world.tables.payments.id(Int($0.payment))) \($0.id)" })
        #expect(ids == ["A BK-AAAAAAAA", "B BK-AAAAAAAA5555"])
        #expect(made.map(\.payment) == [0, 1])
    }

    @Test func whatWaitsToBeLoadedIsNotMadeAgain() {
        var world = World(settlements: false)
        world.payment("P1")
        let waiting = WaitingEmissions([world.waiting(.booking, "BK-75817E86", of: "P1")])
        #expect(world.reconciled().backfilled(waiting: waiting).bookings.isEmpty)
    }

    /// Captured, refunded at the gateway, recorded as refunded, and whether a booking is owed.
    static let givenBack: [([Int64], [Int64], Int64?, Bool)] = [
        ([10_000], [], nil, true), ([10_000], [10_000], nil, false),
        ([10_000], [4_000], 4_000, true), ([10_000], [4_000, 6_000], nil, false),
        // Captured twice and given back once: it is paid.
        ([10_000, 10_000], [10_000], nil, true), ([10_000, 10_000], [20_000], nil, false),
        // Given back by the business's own word, which the gateway has not carried out yet.
        ([10_000], [], 10_000, false), ([10_000], [], 9_999, true),
    ]

    @Test(arguments: BackfillTests.givenBack.indices)
    func whatWasGivenBackIsNotBooked(index: Int) {
        let (charges, refunds, recorded, isBooked) = BackfillTests.givenBack[index]
        var world = World()
        world.payment("P", refunded: recorded)
        for (number, gross) in charges.enumerated() { world.line("S\(number)", of: "P", gross) }
        for (number, gross) in refunds.enumerated() {
            world.line("R\(number)", of: "P", gross, type: .refund, at: "2026-03-03T11:00:00Z")
        }
        #expect(world.reconciled().backfilled().bookings.count == (isBooked ? 1 : 0))
    }
}
