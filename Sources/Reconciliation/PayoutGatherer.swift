import Money
import Records
import Time

/// What settlement lines add up to by the payout and the currency that they are of, and what those add
/// up to that name none.
///
/// Sums of parts of the lines add up to the sums of all, in any order.
public struct PayoutSums: Sendable {
    /// A payout in one currency.
    struct Account: Hashable {
        /// Nil for lines that name none.
        let payout: String?
        let currency: Currency
    }

    /// What the lines of one account add up to.
    struct Sum {
        var waterfall = PayoutWaterfall()
        var day = CivilDate.absent
    }

    var sums: [Account: Sum] = [:]

    /// No lines.
    public init() {}

    /// Adds the completed lines of some tables up.
    public init(_ tables: RecordTables, rules: ReconciliationRules) {
        let gatherer = PayoutGatherer(tables: tables, rules: rules)
        gatherer.forEachSum { sums[$0, default: Sum()].add($1) }
    }

    /// Adds what other lines add up to.
    public mutating func add(_ other: PayoutSums) {
        for (account, sum) in other.sums { sums[account, default: Sum()].add(sum) }
    }

    /// Every payout, by id and currency, and what names none, by currency.
    func gathered() -> (payouts: [PayoutTieOut], unpaid: [UnpaidBalance]) {
        var payouts: [PayoutTieOut] = []
        var balances: [Currency: PayoutWaterfall] = [:]
        for (account, sum) in sums {
            if let payout = account.payout {
                payouts.append(
                    PayoutTieOut(
                        payout: payout, currency: account.currency, waterfall: sum.waterfall,
                        day: sum.day))
            } else {
                balances[account.currency] = sum.waterfall
            }
        }
        payouts.sort {
            $0.payout == $1.payout
                ? $0.currency < $1.currency
                : $0.payout.utf8.lexicographicallyPrecedes($1.payout.utf8)
        }
        // A payout of which the gateway told without naming its lines was paid from the balance of
        // the lines that name none.
        for place in payouts.indices where payouts[place].waterfall.hasOnlyClaim {
            payouts[place].waterfall.draw(
                from: &balances[payouts[place].currency, default: PayoutWaterfall()])
        }
        let unpaid = balances.map { UnpaidBalance(currency: $0, waterfall: $1) }
        return (payouts, unpaid.sorted { $0.currency < $1.currency })
    }
}

extension PayoutSums.Sum {
    fileprivate mutating func add(_ other: PayoutSums.Sum) {
        waterfall.add(other.waterfall)
        day = max(day, other.day)
    }
}

/// Adds up settlement lines by the numbers of their payouts: millions of lines, of few payouts.
private struct PayoutGatherer {
    let tables: RecordTables
    let rules: ReconciliationRules

    /// What lines of one payout and one currency add up to.
    private struct Entry {
        var currency: Currency
        var sum = PayoutSums.Sum()
        /// The next entry of the same payout, in another currency; -1 for none.
        var next: Int32 = -1
    }

    /// Gives the sums of each payout and currency to `body`, and those of lines without payout.
    func forEachSum(_ body: (PayoutSums.Account, PayoutSums.Sum) -> Void) {
        // The last one is that of the lines without payout.
        let nobody = tables.payouts.count
        var first = [Int32](repeating: -1, count: nobody + 1)
        var entries: [Entry] = []
        for (line, row) in tables.settlements.rows.enumerated()
        where row.state == .completed && !row.isPayoutClosed {
            let number = tables.settlementLinks.isEmpty ? -1 : tables.settlementLinks[line].payout
            let place = place(number < 0 ? nobody : Int(number), row.currency, &first, &entries)
            entries[place].sum.waterfall.add(row)
            // The place that a payout has in time matters to nobody where there is none.
            if number >= 0 { entries[place].sum.day = max(entries[place].sum.day, day(of: row)) }
        }
        for number in 0...nobody {
            var place = first[number]
            while place >= 0 {
                let entry = entries[Int(place)]
                let payout = number == nobody ? nil : tables.payouts[number]
                body(PayoutSums.Account(payout: payout, currency: entry.currency), entry.sum)
                place = entry.next
            }
        }
    }

    private func day(of row: SettlementRow) -> CivilDate {
        if row.settledOn.isPresent { return row.settledOn }
        return row.occurred.isPresent ? rules.zone.date(of: row.occurred) : .absent
    }

    /// The place of a payout's entry in a currency, where there may be none yet.
    private func place(
        _ number: Int, _ currency: Currency, _ first: inout [Int32], _ entries: inout [Entry]
    ) -> Int {
        var last: Int32 = -1
        var place = first[number]
        while place >= 0 {
            if entries[Int(place)].currency == currency { return Int(place) }
            last = place
            place = entries[Int(place)].next
        }
        let made = Int32(entries.count)
        entries.append(Entry(currency: currency))
        if last < 0 { first[number] = made } else { entries[Int(last)].next = made }
        return Int(made)
    }
}
