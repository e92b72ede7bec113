import Emission
import Ingestion
import Money
import Records

// What is handed on is what counts of the inputs less what leaves, and the totals are those of before
// and what leaves: nothing is lost between the two.

extension CarriedRecordsTable {
    var controls: TableControls {
        var columns: [String: MoneySums] = [:]
        var left = 0
        func leave(_ column: String, _ amount: Int64, _ currency: Currency) {
            columns[column, default: MoneySums()].add(amount, currency)
        }
        let tables = result.tables
        var main = "amount"
        switch kind {
        case .payments:
            columns["refunded"] = MoneySums()
            for (payment, row) in tables.payments.rows.enumerated() {
                let refunded = tables.links(ofPayment: payment).refunded ?? 0
                if open.payments[payment] {
                    columns["refunded"]?.add(refunded, row.currency)
                } else {
                    left += 1
                    leave(main, row.amount, row.currency)
                }
            }
        case .settlements:
            main = "gross"
            for column in ["fee", "tax", "net"] { columns[column] = MoneySums() }
            for (line, row) in tables.settlements.rows.enumerated() {
                if open.settlements[line] {
                    if row.hasFee { columns["fee"]?.add(row.fee, row.currency) }
                    columns["tax"]?.add(row.tax, row.currency)
                    if row.hasNet { columns["net"]?.add(row.net, row.currency) }
                } else {
                    left += 1
                    leave(main, row.gross, row.currency)
                }
            }
        case .bookings:
            for (booking, row) in tables.bookings.rows.enumerated() where !open.bookings[booking] {
                left += 1
                leave(main, row.amount, row.currency)
            }
        case .bank:
            for (line, row) in tables.bank.enumerated() where !open.bank[line] {
                left += 1
                leave(main, row.amount, row.currency)
            }
        case .sessions: return TableControls(rows: open.sessions.count { $0 })
        default: return TableControls(rows: open.orders.count { $0 })
        }
        var stays = result.recordSums(of: kind)
        stays.subtract(columns[main] ?? MoneySums())
        columns[main] = stays
        return TableControls(rows: result.recordCount(of: kind) - left, sums: columns)
    }
}

extension CarriedTotalsTable {
    var controls: TableControls {
        var spent = MoneySums()
        var commission = MoneySums()
        for total in result.past.totals {
            spent.add(total.spent, total.currency)
            commission.add(total.commissionPaid, total.currency)
        }
        guard let carry = result.carry else { return TableControls(rows: 0) }
        for (booking, row) in result.tables.bookings.rows.enumerated()
        where !carry.open.bookings[booking] && row.isMade {
            spent.add(row.amount, row.currency)
        }
        for (entry, stays) in zip(result.waiting.entries, carry.keepsEmission)
        where !stays && (entry.thing == .commission || entry.thing == .commissionReversal) {
            commission.add(entry.amount, entry.currency)
        }
        for item in result.emissions.transactions
        where !carry.open.payments[Int(item.payment)]
            && (item.kind == .commission || item.kind == .commissionReversal)
        {
            let currency = result.tables.payments.rows[Int(item.payment)].currency
            commission.add(item.amount, currency)
        }
        return TableControls(
            rows: totals.reduce(0) { $0 + $1.count },
            sums: ["spent": spent, "commission_paid": commission])
    }
}

extension CarriedActivitiesTable {
    var controls: TableControls {
        var amount = MoneySums()
        var rows = 0
        for activity in result.summaries.lazy.flatMap(\.recent) {
            guard let past = past(activity) else { continue }
            rows += 1
            amount.add(past.amount, past.currency)
        }
        return TableControls(rows: rows, sums: ["amount": amount])
    }
}

extension TakenIDsTable {
    var controls: TableControls {
        let bookings = result.tables.bookings
        let left = bookings.rows.indices.count { booking in
            !open.bookings[booking] && result.backfill?.looksMade(bookings, booking) == true
        }
        return TableControls(rows: result.past.bookingIDs.count + left)
    }
}
