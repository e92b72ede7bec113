import Diagnostics
import Emission
import Ingestion
import Money
import Reconciliation
import Records
import Reporting

extension ControlTotals {
    /// Law 2: what the verdicts say of the payments' money is what the lines say that belong to
    /// them, and what belongs to none is left over.
    func proveLines() throws {
        let tables = result.ingested.tables
        var lines = LineTotals()
        let owners = result.settlements.paymentOfLine
        for (line, row) in tables.settlements.rows.enumerated() {
            if let block = Lookahead.block(at: line, of: owners.count) {
                tables.payments.fetchRows(owners[block])
            }
            let payment = owners[line]
            guard row.state == .completed, payment >= 0,
                tables.payments.rows[Int(payment)].currency == row.currency
            else { continue }
            lines.add(row)
        }
        if !tables.hasSettlements {
            // Then a payment's own word is all there is.
            for (row, links) in zip(tables.payments.rows, tables.paymentLinks) {
                lines.refunded.add(links.refunded ?? 0, row.currency)
            }
        }
        var verdicts = LineTotals()
        for (row, verdict) in zip(tables.payments.rows, result.verdicts) {
            verdicts.captured.add(verdict.captured, row.currency)
            verdicts.refunded.add(verdict.refunded, row.currency)
            verdicts.chargedBack.add(verdict.chargedBack, row.currency)
            verdicts.fee.add(verdict.fee, row.currency)
            verdicts.net.add(verdict.net, row.currency)
        }
        let file = "payments"
        try ControlTotals.require(file, "captured", lines.captured, found: verdicts.captured)
        try ControlTotals.require(file, "refunded", lines.refunded, found: verdicts.refunded)
        try ControlTotals.require(
            file, "charged back", lines.chargedBack, found: verdicts.chargedBack)
        try ControlTotals.require(file, "fee", lines.fee, found: verdicts.fee)
        try ControlTotals.require(file, "net", lines.net, found: verdicts.net)
    }

    /// What the lines of payments add up to.
    private struct LineTotals {
        var captured = MoneySums()
        var refunded = MoneySums()
        var chargedBack = MoneySums()
        var fee = MoneySums()
        var net = MoneySums()

        mutating func add(_ row: SettlementRow) {
            switch row.type {
            case .charge: captured.add(row.gross, row.currency)
            case .refund: refunded.add(row.gross, row.currency)
            case .chargeback: chargedBack.add(row.gross, row.currency)
            case .chargebackReversal: chargedBack.add(-row.gross, row.currency)
            case .fee, .adjustment, .reserve, .payout: return
            }
            fee.add(row.fee + row.tax, row.currency)
            net.add(row.net, row.currency)
        }
    }

    /// Law 2: commission and payout of a payment are its amount, both of them or none.
    func proveTransactions() throws {
        struct Pair {
            var count = 0
            var sum: Int64 = 0
        }
        var pairs: [Int32: Pair] = [:]
        var reversals: [Int32: Pair] = [:]
        for transaction in result.emissions.transactions {
            switch transaction.kind {
            case .commission, .payout:
                pairs[transaction.payment, default: Pair()].count += 1
                pairs[transaction.payment, default: Pair()].sum += transaction.amount
            case .commissionReversal, .payoutReversal:
                reversals[transaction.payment, default: Pair()].count += 1
                reversals[transaction.payment, default: Pair()].sum += transaction.amount
            }
        }
        for (payment, pair) in pairs.sorted(by: { $0.key < $1.key }) {
            let row = result.ingested.tables.payments.rows[Int(payment)]
            try require(name(payment), "commissions and payouts", 2, found: pair.count)
            try requireAmount(
                name(payment), "commission and payout", row.amount, row.currency, found: pair.sum)
        }
        for (payment, pair) in reversals.sorted(by: { $0.key < $1.key }) {
            let row = result.ingested.tables.payments.rows[Int(payment)]
            try require(
                name(payment), "reversals without their pair", 0, found: pair.count % 2)
            // What was given back again, a chargeback lost and won, may go the other way.
            if pair.sum.magnitude > row.amount.magnitude {
                try requireAmount(
                    name(payment), "reversals beyond the amount", -row.amount, row.currency,
                    found: pair.sum)
            }
        }
    }

    /// A seller's money in one currency.
    private struct Account: Hashable {
        let seller: String
        let currency: Currency
    }

    /// Law 2: each payout is its transactions and what the seller's earlier ones handed on, and each
    /// transaction that is paid out stands in one payout.
    func provePayouts() throws {
        let emissions = result.emissions
        let rows = result.ingested.tables.payments.rows
        var places = [Int](repeating: 0, count: emissions.transactions.count)
        var handedOn: [Account: Int64] = [:]
        for balance in carried.balances {
            handedOn[Account(seller: balance.seller, currency: balance.currency)] = balance.amount
        }
        for payout in emissions.payouts.sorted(by: { ($0.due, $0.id) < ($1.due, $1.id) }) {
            let account = Account(seller: payout.seller, currency: payout.currency)
            var sum = handedOn[account] ?? 0
            for index in payout.transactions {
                let transaction = emissions.transactions[index]
                let currency = rows[Int(transaction.payment)].currency
                guard transaction.seller == payout.seller, currency == payout.currency else {
                    throw ControlTotals.failure(
                        "payout \(payout.id)", "whose transactions",
                        expected: "\(payout.seller) in \(payout.currency)",
                        found: "\(transaction.seller) in \(currency)")
                }
                sum += transaction.amount
                places[index] += 1
            }
            try requireAmount(
                "payout \(payout.id)", "the sum of its lines", sum, payout.currency,
                found: payout.amount)
            handedOn[account] = payout.status == .scheduled ? 0 : payout.amount
        }
        for (index, transaction) in emissions.transactions.enumerated() {
            let isPaidOut = transaction.kind == .payout || transaction.kind == .payoutReversal
            try require(
                "transaction \(transaction.id)", "payouts that it stands in", isPaidOut ? 1 : 0,
                found: places[index])
        }
        try proveBalances(handedOn)
    }

    /// What payouts left, and nothing else, is handed on.
    private func proveBalances(_ left: [Account: Int64]) throws {
        var left = left
        for balance in result.emissions.balances {
            let account = Account(seller: balance.seller, currency: balance.currency)
            try requireAmount(
                "balance of \(balance.seller)", "what no payout has paid", left[account] ?? 0,
                balance.currency, found: balance.amount)
            left[account] = nil
        }
        for (account, rest) in left where rest != 0 {
            try requireAmount(
                "balance of \(account.seller)", "what no payout has paid", rest, account.currency,
                found: 0)
        }
    }

    /// Law 2: each completed settlement line is in one of the gateways' payouts or not paid out yet,
    /// each bank line in one payout or in none, and every payout's residual is what is missing
    /// between the two.
    func proveTieOuts() throws {
        let tables = result.ingested.tables
        let tieOuts = result.tieOuts
        var settled = MoneySums()
        // What came to its end in an earlier run is not tied out again.
        for row in tables.settlements.rows where row.state == .completed && !row.isPayoutClosed {
            // A line of type payout moves money between the two; only what it cost is settled.
            let net = row.type == .payout ? -row.fee - row.tax : row.computedNet ?? 0
            settled.add(net, row.currency)
        }
        var found = MoneySums()
        for payout in tieOuts.payouts { found.add(payout.net, payout.currency) }
        for balance in tieOuts.unpaid { found.add(balance.waterfall.net, balance.currency) }
        try ControlTotals.require(
            "settlement lines", "in payouts and unpaid", settled, found: found)
        guard tables.hasBank else { return }
        var deposited = MoneySums()
        for payout in tieOuts.payouts {
            deposited.add(payout.net - (payout.residual ?? 0), payout.currency)
        }
        for (line, payout) in zip(tables.bank, tieOuts.payoutOfBankLine) where payout < 0 {
            deposited.add(line.amount, line.currency)
        }
        try ControlTotals.require(
            "bank lines", "in payouts and in none", result.recordSums(of: .bank),
            found: deposited)
    }

    /// Each payment is booked once at most, and only one that has no booking.
    func proveBookings() throws {
        var made: [Int32: Int] = [:]
        for booking in result.emissions.bookings + result.emissions.tickets {
            made[booking.payment, default: 0] += 1
        }
        for (payment, count) in made.sorted(by: { $0.key < $1.key }) {
            let others = result.bookings.linksOfPayment.count(Int(payment))
            if count == 1, others == 0 { continue }
            try require(name(payment), "bookings and tickets made", 1, found: count)
            try require(name(payment), "bookings beside the one made", 0, found: others)
        }
    }

    private func name(_ payment: Int32) -> String {
        "payment \(result.ingested.tables.payments.id(Int(payment)))"
    }

    private func requireAmount(
        _ file: String, _ what: String, _ expected: Int64, _ currency: Currency, found: Int64
    ) throws {
        try ControlTotals.require(
            file, what, MoneySums([currency: Int128(expected)]),
            found: MoneySums([currency: Int128(found)]))
    }
}
