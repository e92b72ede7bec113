import Emission
import Ingestion
import Money
import Reconciliation
import Records
import Reporting
import TestKit
import Testing

@testable import Pipeline

/// What spans the parts of a run is added up from what each found: in whatever order, and in whatever
/// groups, it comes to the same as all records together.
@Suite struct PartSumsTests {
    /// What is added up of some records.
    private struct Sums {
        var totals: PartTotals
        var records: RecordTotals
        var payouts: PayoutSums

        mutating func add(_ other: Sums) {
            totals.add(other.totals)
            records.add(other.records)
            payouts.add(other.payouts)
        }

        var bytes: [[UInt8]] { [totals.fieldBytes, records.fieldBytes, payouts.fieldBytes] }
    }

    /// A payment with its lines and bookings, at random; its parts belong together.
    private struct Entry {
        let number: Int
        let amount: Int64
        let currency: String
        let status: PaymentStatus
        let lines: [(gross: Int64, fee: Int64, type: SettlementType, payout: String?)]
        let hasBooking: Bool

        init(_ number: Int, _ random: inout SeededGenerator) {
            self.number = number
            amount = Int64.random(in: 0...1_000_000, using: &random)
            currency = ["GHS", "KWD", "JPY"].randomElement(using: &random) ?? "GHS"
            status = PaymentStatus.allCases.randomElement(using: &random) ?? .pending
            let amount = amount
            lines = (0..<Int.random(in: 0...4, using: &random)).map { line in
                (
                    line == 0 ? amount : Int64.random(in: 0...amount, using: &random),
                    Int64.random(in: 0...500, using: &random),
                    line == 0
                        ? .charge
                        : SettlementType.allCases.randomElement(using: &random) ?? .charge,
                    Bool.random(using: &random)
                        ? "PO-\(Int.random(in: 1...5, using: &random))" : nil
                )
            }
            hasBooking = Bool.random(using: &random)
        }
    }

    private func sums(_ entries: [Entry], _ night: RunResult) -> Sums {
        var world = World()
        for entry in entries {
            let id = "P\(entry.number)"
            world.payment(id, entry.amount, status: entry.status, currency: entry.currency)
            for (index, line) in entry.lines.enumerated() {
                world.line(
                    "\(id)-\(index)", of: id, line.gross, type: line.type, currency: entry.currency,
                    fee: line.fee, payout: line.payout)
            }
            if entry.hasBooking {
                world.booking(
                    "B\(entry.number)", entry.amount, payment: id, currency: entry.currency)
            }
        }
        let found = world.reconciled()
        var result = night
        result.ingested.tables = world.tables
        result.settlements = found.settlements
        result.verdicts = found.verdicts
        result.bookings = found.bookings
        result.outcomes = ContiguousArray(
            entries.map { PaymentOutcome.allCases[$0.number % PaymentOutcome.allCases.count] })
        result.summaries = []
        result.shares = SellerShares(
            tables: world.tables, emissions: Emissions(), waiting: WaitingEmissions(),
            identities: night.shares.identities)
        return Sums(
            totals: PartTotals(result), records: RecordTotals(result),
            payouts: PayoutSums(world.tables, rules: world.rules))
    }

    /// Adds parts up two at a time, at random, until one is left.
    private func added(_ parts: [Sums], _ random: inout SeededGenerator) -> Sums {
        var parts = parts.shuffled(using: &random)
        while parts.count > 1 {
            let taken = parts.remove(at: Int.random(in: 0..<parts.count, using: &random))
            parts[Int.random(in: 0..<parts.count, using: &random)].add(taken)
        }
        return parts[0]
    }

    @Test(arguments: 1...12)
    func sumsOfPartsAreThoseOfAllInAnyOrder(seed: UInt64) throws {
        var random = SeededGenerator(seed)
        var night: RunResult?
        try SellersNight().run { night = $0 }
        let some = try #require(night)
        let entries = (1...60).map { Entry($0, &random) }
        let whole = sums(entries, some).bytes
        for _ in 0..<4 {
            var shares = [[Entry]](repeating: [], count: Int.random(in: 1...9, using: &random))
            for entry in entries {
                shares[Int.random(in: 0..<shares.count, using: &random)].append(entry)
            }
            let parts = shares.map { sums($0, some) }
            for _ in 0..<4 { #expect(added(parts, &random).bytes == whole, "seed \(seed)") }
        }
    }

    @Test func rowsAreToldApartInWhateverOrderTheyCome() {
        let key = FingerprintKey()
        func tally(_ rows: [(offset: Int, line: UInt32, text: String)]) -> RowTally {
            var tally = RowTally()
            for row in rows {
                let print = Array(row.text.utf8).withUnsafeBytes { key.fingerprint($0) }
                tally.add(RowPlace(file: 1, offset: row.offset), line: row.line, print)
            }
            return tally
        }
        let rows: [(Int, UInt32, String)] = [(10, 2, "a,1"), (40, 3, "b,2"), (70, 4, "c")]
        let (first, second, third) = (rows[0], rows[1], rows[2])
        var joined = tally([third, first])
        joined.add(tally([second]))
        #expect(joined == tally([first, second, third]))
        #expect(joined != tally([first, second]))
        #expect(joined != tally([first, second, second]))
        #expect(joined != tally([first, second, third, third]))
        for changed in [(71, 4, "c"), (70, 5, "c"), (70, 4, "d")] as [(Int, UInt32, String)] {
            #expect(joined != tally([first, second, changed]))
        }
        // Bytes that change places between rows are noticed, too.
        #expect(joined != tally([(10, 2, "b,2"), (40, 3, "a,1"), third]))
    }
}
