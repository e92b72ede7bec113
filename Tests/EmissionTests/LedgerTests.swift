import Emission
import Money
import Reconciliation
import Records
import TestKit
import Testing
import Time

/// The entries of the ledger, and that they leave what the verdicts say.
@Suite struct LedgerTests {
    /// Every entry, as `date state event payment line: account amount, …`.
    private func entries(_ ledger: Ledger, _ world: World) -> [String] {
        var lines: [String] = []
        ledger.forEachEntry { entry in
            #expect(entry.difference == 0)
            #expect(!entry.postings.isEmpty)
            let tables = world.tables
            let payment = entry.payment < 0 ? "-" : tables.payments.id(Int(entry.payment))
            let line = entry.line < 0 ? "-" : tables.settlements.id(Int(entry.line))
            let postings = entry.postings.map { posting in
                let name = posting.account.name.split(separator: ":").suffix(2)
                return name.joined(separator: ":") + " \(posting.amount)"
            }
            lines.append(
                "\(TimeText.text(entry.date)) \(entry.isOpen ? "!" : "*") \(entry.event) "
                    + "\(payment) \(line): " + postings.joined(separator: ", "))
        }
        return lines
    }

    private func ledger(
        _ world: World, _ emissions: Emissions = Emissions(), waiting: [WaitingEmission] = []
    ) -> Ledger {
        let found = world.reconciled()
        return Ledger(
            tables: world.tables, settlements: found.settlements, verdicts: found.verdicts,
            shares: SellerShares(
                tables: world.tables, emissions: emissions, waiting: WaitingEmissions(waiting),
                identities: identities()),
            tieOuts: PayoutMatcher(tables: world.tables, rules: world.rules).tieOuts(),
            zone: world.rules.zone, asOf: world.rules.asOf)
    }

    /// Expects these entries, and that they leave the balances that are found without them.
    private func expectEntries(
        _ world: World, _ emissions: Emissions = Emissions(), waiting: [WaitingEmission] = [],
        are expected: [String], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let ledger = ledger(world, emissions, waiting: waiting)
        #expect(entries(ledger, world) == expected, sourceLocation: sourceLocation)
        expectBalances(ledger, sourceLocation: sourceLocation)
    }

    private func expectBalances(
        _ ledger: Ledger, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        var posted = LedgerBalances()
        ledger.forEachEntry { posted.add($0) }
        let found = LedgerBalances(of: ledger)
        for account in LedgerAccount.allCases where posted[account] != found[account] {
            Issue.record(
                "\(account.name): posted \(posted[account]), found \(found[account])",
                sourceLocation: sourceLocation)
        }
        #expect(
            found.total(LedgerAccount.allCases) == MoneySums(), sourceLocation: sourceLocation)
    }

    // MARK: Sales

    @Test func aSettledPaymentIsASale() {
        var world = World()
        world.payment("P")
        world.line("S", of: "P", fee: 200, tax: 30)
        expectEntries(
            world,
            are: [
                "2026-03-02 * sale P S: clearing:payments 9770, gateway:fees 200, "
                    + "gateway:taxes 30, revenue:sales -10000"
            ])
    }

    @Test func thePaymentsDayIsThatOfThePipelinesZone() throws {
        var world = World()
        world.payment("P")
        world.line("S", of: "P", at: "2026-03-02T23:30:00Z")
        let found = world.reconciled()
        let zone = try #require(Zone.named("Asia/Tokyo"))
        let ledger = Ledger(
            tables: world.tables, settlements: found.settlements, verdicts: found.verdicts,
            shares: SellerShares(
                tables: world.tables, emissions: Emissions(), waiting: WaitingEmissions(),
                identities: identities()),
            tieOuts: PayoutMatcher(tables: world.tables, rules: world.rules).tieOuts(),
            zone: zone, asOf: world.rules.asOf)
        #expect(entries(ledger, world).first?.hasPrefix("2026-03-03 ") == true)
    }

    @Test func furtherCapturesStandOnTheirOwnDays() {
        var world = World()
        world.payment("P")
        world.line("S2", of: "P", 6000, at: "2026-03-03T11:00:00Z", fee: 10)
        world.line("S1", of: "P", 4000)
        expectEntries(
            world,
            are: [
                "2026-03-02 * sale P S1: clearing:payments 4000, receivable:instalments 6000, "
                    + "revenue:sales -10000",
                "2026-03-03 * charge P S2: clearing:payments 5990, gateway:fees 10, "
                    + "receivable:instalments -6000",
            ])
    }

    @Test func whatIsExpectedOrMissingIsNoMoneyYet() {
        var world = World()
        world.payment("E", at: "2026-03-05T10:00:00Z")
        world.payment("M", at: "2026-02-02T10:00:00Z")
        world.payment("F")
        world.line("S", of: "F", state: .failed)
        world.payment("X", status: .failed)
        expectEntries(
            world,
            are: [
                "2026-03-05 ! sale E -: receivable:expected 10000, revenue:sales -10000",
                "2026-02-02 ! sale M -: suspense:missing_settlement 10000, "
                    + "liabilities:unproven_sales -10000",
                "2026-03-02 ! sale F -: suspense:false_success 10000, "
                    + "liabilities:unproven_sales -10000",
            ])
    }

    @Test func whatDiffersIsSuspended() {
        var world = World()
        world.payment("S")
        world.line("S1", of: "S", 9000)
        world.payment("O")
        world.line("O1", of: "O", 10_500)
        world.payment("D")
        world.line("D1", of: "D")
        world.line("D2", of: "D", at: "2026-03-03T11:00:00Z")
        world.payment("F", status: .failed)
        world.line("F1", of: "F")
        expectEntries(
            world,
            are: [
                "2026-03-02 ! sale S S1: clearing:payments 9000, suspense:settled_short 1000, "
                    + "revenue:sales -10000",
                "2026-03-02 ! sale O O1: clearing:payments 10500, suspense:settled_over -500, "
                    + "revenue:sales -10000",
                "2026-03-02 * sale D D1: clearing:payments 10000, revenue:sales -10000",
                "2026-03-03 ! charge D D2: clearing:payments 10000, "
                    + "suspense:duplicate_settlement -10000",
                "2026-03-02 ! charge F F1: clearing:payments 10000, "
                    + "suspense:false_failure -10000",
            ])
    }

    @Test func whatWasCapturedTwiceAndGivenBackIsSettled() {
        var world = World()
        world.payment("D")
        world.line("D1", of: "D")
        world.line("D2", of: "D", at: "2026-03-03T11:00:00Z")
        world.line("R", of: "D", type: .refund, at: "2026-03-04T11:00:00Z")
        expectEntries(
            world,
            are: [
                "2026-03-02 * sale D D1: clearing:payments 10000, revenue:sales -10000",
                "2026-03-03 ! charge D D2: clearing:payments 10000, "
                    + "suspense:duplicate_settlement -10000",
                "2026-03-04 ! refund D R: clearing:payments -10000, revenue:refunds 10000, "
                    + "suspense:duplicate_settlement 10000, reversals:suspense -10000",
            ])
    }

    @Test func withoutSettlementsAPaymentsOwnWordIsAllThereIs() {
        var world = World(settlements: false)
        world.payment("P", refunded: 4000)
        world.payment("X", status: .failed, refunded: 500)
        expectEntries(
            world,
            are: [
                "2026-03-02 ! sale P -: revenue:refunds 4000, receivable:recorded 6000, "
                    + "revenue:sales -10000",
                "2026-03-02 ! refund X -: revenue:refunds 500, receivable:recorded -500",
            ])
    }

    // MARK: Reversals and other lines

    @Test func whatGoesBackBeyondWhatCameIsSuspended() {
        var world = World()
        world.payment("P")
        world.line("S", of: "P")
        world.line("R", of: "P", 8000, type: .refund, at: "2026-03-03T11:00:00Z")
        world.line("C", of: "P", 5000, type: .chargeback, at: "2026-03-04T11:00:00Z", fee: 100)
        world.line("W", of: "P", 5000, type: .chargebackReversal, at: "2026-03-05T11:00:00Z")
        expectEntries(
            world,
            are: [
                "2026-03-02 * sale P S: clearing:payments 10000, revenue:sales -10000",
                "2026-03-03 * refund P R: clearing:payments -8000, revenue:refunds 8000",
                "2026-03-04 ! chargeback P C: clearing:payments -5100, gateway:fees 100, "
                    + "revenue:chargebacks 5000, suspense:double_reversal 3000, "
                    + "reversals:suspense -3000",
                "2026-03-05 ! chargebackReversal P W: clearing:payments 5000, "
                    + "revenue:chargebacks -5000, suspense:double_reversal -3000, "
                    + "reversals:suspense 3000",
            ])
    }

    @Test func linesOfNoPaymentStandApart() {
        var world = World()
        world.payment("P", currency: "USD")
        world.line("X", of: "P")
        world.line("U", of: "?", fee: 100)
        world.line("R", of: "?", 300, type: .refund)
        world.line("F", of: "?", 50, type: .fee, tax: 5)
        world.line("A", of: "?", -70, type: .adjustment)
        world.line("H", of: "?", -900, type: .reserve)
        world.line("O", of: "?", -9000, type: .payout, at: nil, settledOn: "2026-03-04")
        world.line("N", of: "?", 1000, net: 900)
        world.line("L", of: "?", 1000, state: .pending)
        expectEntries(
            world,
            are: [
                "2026-03-02 ! sale P -: suspense:currency_mismatch 10000, "
                    + "liabilities:unproven_sales -10000",
                "2026-03-02 ! charge P X: clearing:unmatched 10000, "
                    + "suspense:currency_mismatch -10000",
                "2026-03-02 ! charge - U: clearing:unmatched 9900, gateway:unmatched 100, "
                    + "suspense:unknown_settlement -10000",
                "2026-03-02 ! refund - R: clearing:unmatched -300, suspense:orphan_refund 300",
                "2026-03-02 * fee - F: clearing:other -55, gateway:other 55",
                "2026-03-02 * adjustment - A: clearing:other -70, gateway:adjustments 70",
                "2026-03-02 * reserve - H: clearing:other -900, gateway:reserve 900",
                "2026-03-02 ! charge - N: clearing:unmatched 900, suspense:net_mismatch 100, "
                    + "suspense:unknown_settlement -1000",
                "2026-03-06 ! payout - -: gateway:in_transit 9000, clearing:payouts -9000",
            ])
    }

    // MARK: Sellers

    private func settled(_ world: World, waiting: [WaitingEmission] = []) -> Emissions {
        var emissions = Emissions()
        let payments = world.tables.payments
        let sellers = Dictionary(
            uniqueKeysWithValues: payments.rows.indices.map { (payments.id($0), "kofi") })
        emissions.transactions =
            world.reconciled().settled(
                SettleTests.rules(), sellers: sellers, waiting: WaitingEmissions(waiting)
            ).transactions
        emissions.paymentsWithSeller = payments.rows.indices.map(Int32.init)
        return emissions
    }

    private var soldAndRefunded: World {
        var world = World()
        world.payment("P")
        world.line("S", of: "P")
        world.line("R1", of: "P", 3000, type: .refund, at: "2026-03-03T11:00:00Z")
        world.line("R2", of: "P", 2000, type: .refund, at: "2026-03-04T11:00:00Z")
        return world
    }

    private let entriesOfSeller = [
        "2026-03-02 * sale P S: clearing:payments 10000, revenue:commission -700, "
            + "sellers:payable -9300",
        "2026-03-03 * refund P R1: clearing:payments -3000, revenue:refunds 3000, "
            + "revenue:commission 210, reversals:sellers -3000, sellers:payable 2790",
        "2026-03-04 * refund P R2: clearing:payments -2000, revenue:refunds 2000, "
            + "revenue:commission 140, reversals:sellers -2000, sellers:payable 1860",
    ]

    @Test func sellersBearTheirShareOfRefunds() {
        let world = soldAndRefunded
        expectEntries(world, settled(world), are: entriesOfSeller)
    }

    /// What earlier runs emitted is the same money, in the same entries.
    @Test func itDoesNotMatterWhichRunEmitted() {
        let world = soldAndRefunded
        let waiting = settled(world).transactions.map { transaction in
            world.waiting(
                transaction.kind.emittedThing, transaction.id, of: "P", amount: transaction.amount)
        }
        let rest = settled(world, waiting: waiting)
        #expect(rest.transactions.isEmpty)
        expectEntries(world, rest, waiting: waiting, are: entriesOfSeller)
        let half = settled(world, waiting: Array(waiting.prefix(2)))
        #expect(half.transactions.count == 4)
        expectEntries(world, half, waiting: Array(waiting.prefix(2)), are: entriesOfSeller)
    }

    @Test func whatIsSoldForSellersAndNotEmittedIsTold() {
        var world = World()
        world.payment("P")
        world.line("S", of: "P")
        var emissions = Emissions()
        emissions.paymentsWithSeller = [0]
        expectEntries(
            world, emissions,
            are: ["2026-03-02 ! sale P S: clearing:payments 10000, sellers:unallocated -10000"])
    }

    @Test func commissionOfAPaymentThatFailedSinceIsSuspended() {
        var world = World()
        world.payment("P", status: .failed)
        let waiting = [
            world.waiting(.commission, "TX-1", of: "P", amount: 700),
            world.waiting(.payout, "TX-2", of: "P", amount: 9300),
            world.waiting(.payoutReversal, "TX-3", of: "P", amount: -300),
            world.waiting(.commission, "TX-4", of: "gone", amount: 5),
        ]
        expectEntries(
            world, waiting: waiting,
            are: [
                "2026-03-02 ! shares P -: revenue:commission -700, suspense:unshared 10000, "
                    + "sellers:payable -9300",
                "2026-03-02 * shares P -: sellers:payable 300, reversals:sellers -300",
            ])
    }

    // MARK: Whatever happens

    /// Random worlds: every entry balances, and together they leave what the verdicts say.
    @Test(arguments: 0..<300)
    func theLedgerBalancesWhateverHappens(seed: Int) {
        var generator = TestKit.SeededGenerator(UInt64(seed))
        var world = World(settlements: !seed.isMultiple(of: 10))
        let types = SettlementType.allCases
        for number in 0..<8 {
            world.payment(
                "P\(number)", Int64.random(in: 0...3, using: &generator) * 5000,
                status: PaymentStatus.allCases.randomElement(using: &generator) ?? .failed,
                at: "2026-03-0\(number % 5 + 1)T10:00:00Z",
                currency: Bool.random(using: &generator) ? "GHS" : "JPY",
                refunded: number.isMultiple(of: 3) ? 2500 : nil)
        }
        for number in 0..<30 where world.tables.hasSettlements {
            let type = types.randomElement(using: &generator) ?? .charge
            world.line(
                "S\(number)", of: "P\(Int.random(in: 0...9, using: &generator))",
                Int64.random(in: 0...3, using: &generator) * 5000,
                type: number.isMultiple(of: 2) ? .charge : type,
                state: number.isMultiple(of: 7) ? .failed : .completed,
                at: number.isMultiple(of: 5) ? nil : "2026-03-0\(number % 5 + 1)T11:00:00Z",
                currency: number.isMultiple(of: 4) ? "JPY" : "GHS",
                fee: Int64.random(in: 0...50, using: &generator), tax: Int64(number % 3),
                net: number.isMultiple(of: 9) ? 77 : nil)
        }
        let emissions = settled(world)
        let ledger = ledger(world, emissions)
        #expect(entries(ledger, world).count > 2)
        expectBalances(ledger)
    }
}
