import Emission
import Ingestion
import Money
import Reconciliation
import Records

// What the tables must hold, from the inputs' own totals, from the settlement lines, or from what
// was emitted: never from the rows as they are written.

extension RunResult {
    /// How many rows of a kind count, by what was counted in its files.
    func recordCount(of kind: RecordKind) -> Int {
        zip(ingested.dumps.files.all, ingested.counts).reduce(0) { sum, file in
            guard file.0.kind == kind else { return sum }
            return sum + file.1.records - file.1.repeated - file.1.replaced - file.1.rejected
                - file.1.leftOut
        }
    }

    /// The sum of the amounts of the rows of a kind that count, by what was added up of its files.
    public func recordSums(of kind: RecordKind) -> MoneySums {
        var sums = MoneySums()
        for (file, counts) in zip(ingested.dumps.files.all, ingested.counts)
        where file.kind == kind {
            sums.add(MoneySums(counts.sums))
            sums.subtract(MoneySums(counts.repeatedSums))
        }
        return sums
    }

    /// The sum of the amounts of some payments.
    func amounts(ofPayments payments: some Sequence<Int32>) -> MoneySums {
        var sums = MoneySums()
        for payment in payments {
            let row = tables.payments.rows[Int(payment)]
            sums.add(row.amount, row.currency)
        }
        return sums
    }

    /// The sum of some transactions.
    func amounts(of transactions: some Sequence<Transaction>) -> MoneySums {
        var sums = MoneySums()
        for transaction in transactions {
            let row = tables.payments.rows[Int(transaction.payment)]
            sums.add(transaction.amount, row.currency)
        }
        return sums
    }
}

extension PaymentsTable {
    /// The amounts are those of the files, everything else is that of the settlement lines.
    var controls: TableControls {
        var captured = MoneySums()
        var refunded = MoneySums()
        var fee = MoneySums()
        var net = MoneySums()
        let payments = result.tables.payments.rows
        let owners = result.settlements.paymentOfLine
        for (line, row) in result.tables.settlements.rows.enumerated() {
            if let block = Lookahead.block(at: line, of: owners.count) {
                result.tables.payments.fetchRows(owners[block])
            }
            let payment = owners[line]
            guard row.state == .completed, payment >= 0,
                payments[Int(payment)].currency == row.currency
            else { continue }
            switch row.type {
            case .charge: captured.add(row.gross, row.currency)
            case .refund: refunded.add(row.gross, row.currency)
            case .chargeback, .chargebackReversal: break
            case .fee, .adjustment, .reserve, .payout: continue
            }
            fee.add(row.fee + row.tax, row.currency)
            net.add(row.net, row.currency)
        }
        if !result.tables.hasSettlements {
            for (row, links) in zip(payments, result.tables.paymentLinks) {
                refunded.add(links.refunded ?? 0, row.currency)
            }
        }
        return TableControls(
            rows: result.recordCount(of: .payments),
            sums: [
                "amount": result.recordSums(of: .payments), "captured": captured,
                "refunded": refunded, "fee": fee, "net": net,
            ])
    }
}

extension SettlementsTable {
    /// The gross amounts are those of the files.
    var controls: TableControls {
        var fee = MoneySums()
        var tax = MoneySums()
        var net = MoneySums()
        for row in result.tables.settlements.rows {
            fee.add(row.fee, row.currency)
            tax.add(row.tax, row.currency)
            net.add(row.net, row.currency)
        }
        return TableControls(
            rows: result.recordCount(of: .settlements),
            sums: [
                "gross": result.recordSums(of: .settlements), "fee": fee, "tax": tax, "net": net,
            ])
    }
}

extension BookingsTable {
    /// The amounts are those of the files.
    var controls: TableControls {
        TableControls(
            rows: result.recordCount(of: .bookings),
            sums: ["amount": result.recordSums(of: .bookings)])
    }
}

extension StatusUpdatesTable {
    var controls: TableControls { TableControls(rows: result.emissions.statusUpdates.count) }
}

extension BookingLinksTable {
    var controls: TableControls { TableControls(rows: result.emissions.bookingLinks.count) }
}

extension OrderUpdatesTable {
    var controls: TableControls { TableControls(rows: result.emissions.orderUpdates.count) }
}

extension NewBookingsTable {
    /// Each booking is of the whole amount of its payment.
    var controls: TableControls {
        let made = isTickets ? result.emissions.tickets : result.emissions.bookings
        return TableControls(
            rows: made.count, sums: ["amount": result.amounts(ofPayments: made.map(\.payment))])
    }
}

extension TransactionsTable {
    var controls: TableControls {
        let transactions = result.emissions.transactions
        return TableControls(
            rows: transactions.count, sums: ["amount": result.amounts(of: transactions)])
    }
}

extension PayoutsTable {
    var controls: TableControls {
        var amount = MoneySums()
        for payout in result.emissions.payouts { amount.add(payout.amount, payout.currency) }
        return TableControls(rows: result.emissions.payouts.count, sums: ["amount": amount])
    }
}

extension PayoutLinesTable {
    /// Each transaction that is paid out stands in exactly one payout, beside what is brought
    /// forward.
    var controls: TableControls {
        let paid = result.emissions.transactions.filter {
            $0.kind == .payout || $0.kind == .payoutReversal
        }
        let brought = result.emissions.payouts.compactMap(\.broughtForward)
        var amount = result.amounts(of: paid)
        for balance in brought { amount.add(balance.amount, balance.currency) }
        return TableControls(rows: paid.count + brought.count, sums: ["amount": amount])
    }
}

extension SellerBalancesTable {
    var controls: TableControls {
        var amount = MoneySums()
        for balance in result.emissions.balances { amount.add(balance.amount, balance.currency) }
        return TableControls(rows: result.emissions.balances.count, sums: ["amount": amount])
    }
}

extension ScheduledPayoutsTable {
    /// At the least what this run schedules.
    var controls: TableControls {
        var amount = MoneySums()
        for payout in result.agendas.scheduled { amount.add(payout.amount, payout.currency) }
        return TableControls(rows: result.agendas.scheduled.count, sums: ["amount": amount])
    }
}

extension BreaksTable {
    var controls: TableControls {
        var amount = MoneySums()
        var atRisk = MoneySums()
        for item in result.classification.breaks {
            let facts = BreakFacts(item, in: result.tables)
            amount.add(facts.amount, facts.currency)
            atRisk.add(item.atRisk, facts.currency)
        }
        return TableControls(
            rows: result.classification.breaks.count,
            sums: ["amount": amount, "at_risk": atRisk])
    }
}

extension RejectsTable {
    /// Every row that the files' totals count as rejected.
    var controls: TableControls {
        TableControls(rows: result.ingested.counts.reduce(0) { $0 + $1.rejected })
    }
}

extension RepeatsTable {
    /// Every row that the files' totals count as repeated.
    var controls: TableControls {
        TableControls(rows: result.ingested.counts.reduce(0) { $0 + $1.repeated })
    }
}

extension CarriedEmissionsTable {
    /// What was handed on, and all that this run adds.
    var controls: TableControls {
        let emissions = result.emissions
        let ofPayments =
            emissions.statusUpdates + emissions.bookingLinks.map(\.payment)
            + emissions.orderUpdates.map(\.payment)
            + emissions.bookings.map(\.payment) + emissions.tickets.map(\.payment)
        var amount = result.amounts(ofPayments: ofPayments)
        let carry = result.carry
        let transactions = emissions.transactions.filter {
            carry?.open.payments[Int($0.payment)] ?? true
        }
        amount.add(result.amounts(of: transactions))
        for update in emissions.sessionUpdates {
            let (currency, value) = result.money(of: update)
            amount.add(value, currency)
        }
        let waiting = result.waiting.entries.enumerated().lazy
            .filter { carry?.keepsEmission[$0.offset] ?? true }.map(\.element)
        var count = 0
        for entry in waiting {
            count += 1
            amount.add(entry.amount, entry.currency)
        }
        return TableControls(
            rows: count + ofPayments.count + transactions.count + emissions.sessionUpdates.count,
            sums: ["amount": amount])
    }
}

extension CarriedItemsTable {
    /// Those that are open are the breaks above info, each with its money.
    var controls: TableControls {
        var atRisk = MoneySums()
        for item in result.classification.breaks where item.code.severity > .info {
            atRisk.add(item.atRisk, BreakFacts(item, in: result.tables).currency)
        }
        for item in result.history.next where item.state != .open {
            atRisk.add(item.atRisk, item.currency)
        }
        return TableControls(rows: result.history.next.count, sums: ["at_risk": atRisk])
    }
}

extension CarriedDecisionsTable {
    var controls: TableControls { TableControls(rows: result.history.decisions.count) }
}

extension ClearedTable {
    var controls: TableControls { TableControls(rows: result.history.cleared.count) }
}
