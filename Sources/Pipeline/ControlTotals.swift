import Diagnostics
import Emission
import Ingestion
import Money
import Reconciliation
import Records
import Reporting

/// Proves that no row and no money got lost on the way; a run that cannot is not published.
struct ControlTotals {
    let result: RunResult
    let carried: CarriedItems

    init(_ result: RunResult, _ carried: CarriedItems) {
        self.result = result
        self.carried = carried
    }

    /// Counts and adds up everything anew.
    ///
    /// - Throws: `TrueupError.run` with what does not add up.
    func prove() throws {
        try proveRows()
        try proveCharges()
        try proveTransactions()
        try provePayouts()
        try proveOpenItems()
    }

    /// Law 1: each row of a file is a record, a repeated row or a reject; one that was handed on may
    /// have been replaced.
    private func proveRows() throws {
        let tables = result.ingested.tables
        var records = [Int](repeating: 0, count: result.ingested.counts.count)
        for row in tables.payments.rows { records[row.place.file] += 1 }
        for row in tables.settlements.rows { records[row.place.file] += 1 }
        for row in tables.bookings.rows { records[row.place.file] += 1 }
        for row in tables.orders.rows { records[row.place.file] += 1 }
        for line in tables.bank { records[line.place.file] += 1 }
        let files = result.ingested.dumps.files.all
        for (index, count) in result.ingested.counts.enumerated() {
            switch files[index].kind {
            case .catalogue, .users, .overrides: continue
            case .payments, .settlements, .bookings, .orders, .bank: break
            }
            let found =
                records[index] + count.repeated + count.replaced + count.rejected
            try require(
                found == count.records, "rows of \(files[index].name)",
                expected: count.records, found: found)
        }
        try require(
            result.outcomes.count == tables.payments.count, "outcomes of payments",
            expected: tables.payments.count, found: result.outcomes.count)
    }

    /// Law 2: each completed charge is in a payment's captured amount, or is left over.
    private func proveCharges() throws {
        let tables = result.ingested.tables
        var charged: [Currency: Int64] = [:]
        var leftOver: [Currency: Int64] = [:]
        for (line, row) in tables.settlements.rows.enumerated()
        where row.type == .charge && row.state == .completed {
            charged[row.currency, default: 0] += row.gross
            let payment = result.settlements.paymentOfLine[line]
            if payment < 0 || tables.payments.rows[Int(payment)].currency != row.currency {
                leftOver[row.currency, default: 0] += row.gross
            }
        }
        var captured: [Currency: Int64] = [:]
        for (payment, row) in tables.payments.rows.enumerated() {
            captured[row.currency, default: 0] += result.verdicts[payment].captured
        }
        for (currency, total) in charged {
            let found = captured[currency, default: 0] + leftOver[currency, default: 0]
            try require(
                found == total, "captured and unmatched charges in \(currency)",
                expected: Int(total), found: Int(found))
        }
    }

    /// Law 2: commission and payout of a payment are its amount, and so are their reversals.
    private func proveTransactions() throws {
        var sums: [Int32: Int64] = [:]
        for transaction in result.emissions.transactions
        where transaction.kind == .commission || transaction.kind == .payout {
            sums[transaction.payment, default: 0] += transaction.amount
        }
        for (payment, sum) in sums {
            let amount = result.ingested.tables.payments.rows[Int(payment)].amount
            try require(
                sum == amount, "commission and payout of a payment", expected: Int(amount),
                found: Int(sum))
        }
    }

    /// Law 2: each completed settlement line is in one payout or not paid out yet, each bank line in
    /// one payout or in none, and every payout's residual is what is missing between the two.
    private func provePayouts() throws {
        let tables = result.ingested.tables
        let tieOuts = result.tieOuts
        var settled: [Currency: Int64] = [:]
        for row in tables.settlements.rows where row.state == .completed && !row.isPayoutClosed {
            // A line of type payout moves money between the two; only what it cost is settled.
            let net = row.type == .payout ? -row.fee - row.tax : row.computedNet ?? 0
            settled[row.currency, default: 0] += net
        }
        var found: [Currency: Int64] = [:]
        for payout in tieOuts.payouts { found[payout.currency, default: 0] += payout.net }
        for balance in tieOuts.unpaid {
            found[balance.currency, default: 0] += balance.waterfall.net
        }
        for (currency, total) in found {
            let expected = settled[currency, default: 0]
            try require(
                total == expected, "payouts and unpaid lines in \(currency)",
                expected: Int(expected), found: Int(total))
        }
        try require(
            settled.keys.allSatisfy { found[$0] != nil }, "currencies of payouts",
            expected: settled.count, found: found.count)
        guard tables.hasBank else { return }
        var deposited: [Currency: Int64] = [:]
        for line in tables.bank { deposited[line.currency, default: 0] += line.amount }
        for payout in tieOuts.payouts {
            deposited[payout.currency, default: 0] -= payout.net - (payout.residual ?? 0)
        }
        for (line, payout) in zip(tables.bank, tieOuts.payoutOfBankLine) where payout < 0 {
            deposited[line.currency, default: 0] -= line.amount
        }
        for (currency, rest) in deposited {
            try require(
                rest == 0, "bank lines and payouts in \(currency)", expected: 0, found: Int(rest))
        }
    }

    /// Opening + new + reopened − cleared = closing, in items and in money at risk.
    ///
    /// Opening is counted from what the run before handed on and closing from the breaks themselves,
    /// so that neither follows from the other.
    private func proveOpenItems() throws {
        let history = result.history
        var open: Set<String> = []
        var balance: [Currency: Int128] = [:]
        for item in carried.items where item.state == .open {
            open.insert(item.id)
            balance[item.currency, default: 0] += Int128(item.atRisk)
        }
        let opening = open.count
        let breaks = zip(result.breakIDs, result.classification.breaks)
            .filter { $0.1.code.severity > .info }
        let closing = Set(breaks.map(\.0))
        try require(
            closing.count == breaks.count, "open breaks with an id of their own",
            expected: breaks.count, found: closing.count)
        let found = opening + history.new.count + history.reopened.count - history.cleared.count
        try require(
            found == closing.count, "opening + new + reopened - cleared open items",
            expected: closing.count, found: found)
        let handedOn = Set(history.next.lazy.filter { $0.state == .open }.map(\.id))
        try require(
            handedOn == closing, "open items handed on", expected: closing.count,
            found: handedOn.count)
        for movement in [history.new, history.reopened, history.revalued] {
            for (currency, amount) in movement.atRisk { balance[currency, default: 0] += amount }
        }
        for entry in history.cleared {
            balance[entry.item.currency, default: 0] -= Int128(entry.item.atRisk)
        }
        for (_, item) in breaks {
            let currency = BreakFacts(item, in: result.ingested.tables).currency
            balance[currency, default: 0] -= Int128(item.atRisk)
        }
        let residual = balance.values.first { $0 != 0 } ?? 0
        try require(
            residual == 0, "money at risk of open items", expected: 0,
            found: Int(clamping: residual))
    }

    private func require(
        _ holds: Bool, _ what: String, expected: Int, found: Int
    ) throws {
        guard !holds else { return }
        throw TrueupError.run(
            Finding(
                "the run does not add up: \(what)", expected: String(expected),
                found: String(found),
                remedy: "nothing was published; please report this with the run's definition"))
    }
}
