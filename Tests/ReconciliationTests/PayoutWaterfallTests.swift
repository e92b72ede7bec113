import Money
import Reconciliation
import Records
import TestKit
import Testing

/// What settlement lines add up to, payout by payout.
@Suite struct PayoutWaterfallTests {
    /// One line of each type, all of one payout.
    static func everything() -> World {
        var world = World()
        world.payment("P")
        world.line("S", of: "P", 10_000, fee: 290, tax: 52, payout: "po")
        world.line("R", of: "P", 2_000, type: .refund, fee: 10, payout: "po")
        world.line("C", of: "P", 3_000, type: .chargeback, fee: 1_500, payout: "po")
        world.line("V", of: "P", 1_000, type: .chargebackReversal, payout: "po")
        world.line("F", of: "x", 50, type: .fee, payout: "po")
        world.line("H", of: "x", -700, type: .reserve, payout: "po")
        world.line("A", of: "x", 125, type: .adjustment, payout: "po")
        world.line("X", of: "P", 9_999, state: .failed, payout: "po")
        world.line("Y", of: "P", 8_888, state: .pending, payout: "po")
        return world
    }

    @Test func everyTypeOfLineHasItsStep() throws {
        let found = PayoutWaterfallTests.everything().reconciled().tieOuts
        let waterfall = try #require(found.payouts.first).waterfall
        #expect(found.payouts.count == 1)
        #expect(found.unpaid.isEmpty)
        #expect(waterfall.lines == 7)
        #expect(waterfall.gross == 10_000)
        #expect(waterfall.fees == 1_800)
        #expect(waterfall.taxes == 52)
        #expect(waterfall.refunds == 2_000)
        #expect(waterfall.chargebacks == 2_000)
        #expect(waterfall.reserves == -700)
        #expect(waterfall.adjustments == 125)
        #expect(waterfall.otherFees == 50)
        #expect(waterfall.net == 10_000 - 1_800 - 52 - 2_000 - 2_000 - 700 + 125 - 50)
        #expect(waterfall.claimed == nil)
        #expect(waterfall.statedBeyondFigures == 0)
    }

    @Test(arguments: [Int64(3_500), -3_500])
    func theGatewaysOwnLineOfThePayoutIsComparedAndNotCounted(claim: Int64) throws {
        var world = PayoutWaterfallTests.everything()
        world.line("O", of: "po", claim, type: .payout, fee: 23)
        let payout = try #require(world.reconciled().tieOuts.payouts.first)
        #expect(payout.net == 3_500)
        #expect(payout.waterfall.fees == 1_823)
        #expect(payout.waterfall.claimed == 3_500)
        #expect(payout.linesResidual == 0)
    }

    @Test func aDebitIsClaimedInItsOwnDirection() throws {
        var world = World()
        world.line("R", of: "P", 2_000, type: .refund, payout: "po")
        world.line("O", of: "x", 2_000, type: .payout, payout: "po")
        let payout = try #require(world.reconciled().tieOuts.payouts.first)
        #expect(payout.net == -2_000)
        #expect(payout.linesResidual == 0)
    }

    @Test func whatLinesStateBeyondTheirFiguresIsNamed() throws {
        var world = World()
        world.line("S", of: "P", 10_000, fee: 300, net: 9_650, payout: "po")
        let payout = try #require(world.reconciled().tieOuts.payouts.first)
        #expect(payout.net == 9_700)
        #expect(payout.waterfall.statedBeyondFigures == -50)
    }

    @Test func linesWithoutPayoutAreNotYetPaidOut() {
        var world = World()
        world.line("S", of: "P", 10_000, fee: 300)
        world.line("T", of: "Q", 500, currency: "USD")
        world.line("U", of: "R", 700, payout: "po")
        let found = world.reconciled().tieOuts
        #expect(found.payouts.map(\.net) == [700])
        #expect(
            found.unpaid.map { "\($0.currency) \($0.waterfall.net)" } == ["GHS 9700", "USD 500"])
    }

    @Test func aPayoutOfWhichOnlyTheWholeIsKnownIsDrawnFromTheBalance() throws {
        var world = World()
        world.line("S", of: "P", 10_000, fee: 300)
        world.line("O", of: "po_1", -6_000, type: .payout, fee: 25)
        let found = world.reconciled().tieOuts
        let payout = try #require(found.payouts.first)
        #expect(payout.payout == "po_1")
        #expect(payout.waterfall.fromBalance == 6_025)
        #expect(payout.net == 6_000)
        #expect(payout.waterfall.statedBeyondFigures == 0)
        #expect(found.unpaid.map(\.waterfall.net) == [3_675])
        #expect(found.unpaid.map(\.waterfall.fromBalance) == [-6_025])
        #expect(found.unpaid.map(\.waterfall.statedBeyondFigures) == [0])
    }

    @Test func aPayoutOfSeveralCurrenciesIsATieOutForEach() {
        var world = World()
        for (number, currency) in ["USD", "GHS", "EUR", "USD", "GHS"].enumerated() {
            world.line(
                "S\(number)", of: "P", 100, currency: currency, payout: number == 4 ? "a" : "b")
        }
        let found = world.reconciled().tieOuts.payouts
        #expect(
            found.map { "\($0.payout) \($0.currency) \($0.net)" } == [
                "a GHS 100", "b EUR 100", "b GHS 100", "b USD 200",
            ])
    }

    /// Law 2: every line is in one payout or not paid out yet, and the steps add up, for any lines
    /// in any order.
    @Test(arguments: UInt64(0)..<60)
    func theWaterfallAddsUp(seed: UInt64) {
        var generator = SeededGenerator(seed)
        var world = World()
        let currencies = ["GHS", "USD", "JPY"]
        for number in 0..<Int.random(in: 1...80, using: &generator) {
            let type = SettlementType.allCases.randomElement(using: &generator) ?? .charge
            let isSigned = [.adjustment, .reserve, .payout].contains(type)
            let fee =
                Bool.random(using: &generator) ? Int64.random(in: 0...90, using: &generator) : 0
            world.line(
                "S\(number)", of: "P\(number % 7)",
                Int64.random(in: (isSigned ? -9_000 : 0)...9_000, using: &generator), type: type,
                state: SettlementState.allCases.randomElement(using: &generator) ?? .completed,
                currency: currencies.randomElement(using: &generator) ?? "GHS", fee: fee,
                tax: fee / 5, payout: [nil, "a", "b", "c"].randomElement(using: &generator) ?? nil)
        }
        let found = world.reconciled().tieOuts
        for currency in currencies.compactMap({ Currency($0) }) {
            let waterfalls =
                found.payouts.filter { $0.currency == currency }.map(\.waterfall)
                + found.unpaid.filter { $0.currency == currency }.map(\.waterfall)
            let rows = world.tables.settlements.rows.filter {
                $0.currency == currency && $0.state == .completed
            }
            // What a payout's own line moves stays within the gateway's books.
            let net = rows.reduce(Int64(0)) { sum, row in
                sum + (row.type == .payout ? -row.fee - row.tax : row.computedNet ?? 0)
            }
            #expect(waterfalls.reduce(0) { $0 + $1.net } == net)
            #expect(waterfalls.reduce(0) { $0 + $1.lines } == rows.count)
            #expect(waterfalls.reduce(0) { $0 + $1.fromBalance } == 0)
            #expect(waterfalls.allSatisfy { $0.statedBeyondFigures == 0 })
        }
        let shuffled = world.shuffled(by: &generator).reconciled().tieOuts
        #expect(shuffled.payouts == found.payouts)
        #expect(shuffled.unpaid == found.unpaid)
    }
}
