import Money
import Records
import Time

/// Adds up settlement lines by the payout and the currency that they are of.
struct PayoutGatherer {
    private let tables: RecordTables
    private let rules: ReconciliationRules

    init(tables: RecordTables, rules: ReconciliationRules) {
        self.tables = tables
        self.rules = rules
    }

    /// What lines of one payout and one currency add up to.
    private struct Sum {
        var currency: Currency
        var waterfall = PayoutWaterfall()
        var day = CivilDate.absent
        /// The next sum of the same payout, in another currency; -1 for none.
        var next: Int32 = -1
    }

    /// Every payout, by id and currency, and what names none, by currency.
    func gathered() -> (payouts: [PayoutTieOut], unpaid: [UnpaidBalance]) {
        // The last one is that of the lines without payout.
        let nobody = tables.payouts.count
        var first = [Int32](repeating: -1, count: nobody + 1)
        var sums: [Sum] = []
        for (line, row) in tables.settlements.rows.enumerated()
        where row.state == .completed && !row.isPayoutClosed {
            let number = tables.settlementLinks.isEmpty ? -1 : tables.settlementLinks[line].payout
            let sum = place(number < 0 ? nobody : Int(number), row.currency, &first, &sums)
            sums[sum].waterfall.add(row)
            // The place that a payout has in time matters to nobody where there is none.
            if number >= 0 { sums[sum].day = max(sums[sum].day, day(of: row)) }
        }
        drawClaims(nobody, &first, &sums)
        var payouts: [PayoutTieOut] = []
        for (number, id) in tables.payouts.enumerated() {
            forEachSum(of: number, first, sums) { sum in
                payouts.append(
                    PayoutTieOut(
                        payout: id, currency: sum.currency, waterfall: sum.waterfall, day: sum.day))
            }
        }
        payouts.sort {
            $0.payout == $1.payout
                ? $0.currency < $1.currency
                : $0.payout.utf8.lexicographicallyPrecedes($1.payout.utf8)
        }
        var unpaid: [UnpaidBalance] = []
        forEachSum(of: nobody, first, sums) {
            unpaid.append(UnpaidBalance(currency: $0.currency, waterfall: $0.waterfall))
        }
        return (payouts, unpaid.sorted { $0.currency < $1.currency })
    }

    private func day(of row: SettlementRow) -> CivilDate {
        if row.settledOn.isPresent { return row.settledOn }
        return row.occurred.isPresent ? rules.zone.date(of: row.occurred) : .absent
    }

    /// The place of a payout's sum in a currency, where there may be none yet.
    private func place(
        _ number: Int, _ currency: Currency, _ first: inout [Int32], _ sums: inout [Sum]
    ) -> Int {
        var last: Int32 = -1
        var place = first[number]
        while place >= 0 {
            if sums[Int(place)].currency == currency { return Int(place) }
            last = place
            place = sums[Int(place)].next
        }
        let made = Int32(sums.count)
        sums.append(Sum(currency: currency))
        if last < 0 { first[number] = made } else { sums[Int(last)].next = made }
        return Int(made)
    }

    private func forEachSum(
        of number: Int, _ first: [Int32], _ sums: [Sum], _ body: (Sum) -> Void
    ) {
        var place = first[number]
        while place >= 0 {
            body(sums[Int(place)])
            place = sums[Int(place)].next
        }
    }

    /// A payout of which the gateway told without naming its lines was paid from the balance of the
    /// lines that name none.
    private func drawClaims(_ nobody: Int, _ first: inout [Int32], _ sums: inout [Sum]) {
        for number in 0..<nobody {
            var place = Int(first[number])
            while place >= 0 {
                if sums[place].waterfall.hasOnlyClaim {
                    let balance = self.place(nobody, sums[place].currency, &first, &sums)
                    var waterfall = sums[balance].waterfall
                    sums[place].waterfall.draw(from: &waterfall)
                    sums[balance].waterfall = waterfall
                }
                place = Int(sums[place].next)
            }
        }
    }
}
