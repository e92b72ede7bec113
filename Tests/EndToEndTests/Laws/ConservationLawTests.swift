import Foundation
import Testing

/// Laws 1 and 2, counted and summed from the files alone: nothing is lost, and nothing made up.
@Suite(.enabled(if: isInstalled("python3", "--version"), "the dumps are written by python3"))
struct ConservationLawTests {
    // MARK: Rows

    /// A row of an input: its file, and the line on which it begins.
    struct Place: Hashable {
        let file: String
        let line: Int
    }

    @Test(arguments: Night.lawSeeds, [0, 2])
    func everyRowIsInExactlyOnePlace(seed: Int, layout: Int) throws {
        let night = try Night.ofLaws(seed: seed, layout: layout)
        let run = try night.publishLaws()
        let rejected = try places(run.table("rejects.csv"))
        let repeated = try places(run.table("repeats.csv"))
        #expect(Set(rejected).count == rejected.count)
        #expect(Set(repeated).count == repeated.count)
        #expect(Set(rejected).isDisjoint(with: repeated))
        #expect(!rejected.isEmpty && !repeated.isEmpty)
        let planted = try places(night.truth("rejected.csv"))
        #expect(Set(planted) == Set(rejected))

        var aside = Set(rejected).union(repeated)
        for (kind, id) in [
            ("payments", "payment_id"), ("settlements", "settlement_id"),
            ("bookings", "booking_id"), ("orders", ""), ("catalogue", ""), ("users", ""),
            ("bank", ""),
        ] {
            var ids: [String] = []
            for (place, rowID) in try inputRows(night, kind) where aside.remove(place) == nil {
                ids.append(rowID)
            }
            #expect(Set(ids).count == ids.count, "\(kind) has an id twice")
            if !id.isEmpty {
                #expect(
                    try run.table(kind + ".csv")[id] == ids, "\(kind) in the order of the input")
            }
        }
        #expect(aside == [], "lines that are not in the input")
    }

    private func places(_ table: CSVTable) throws -> [Place] {
        try table.columns("file", "line").map { Place(file: $0[0], line: try #require(Int($0[1]))) }
    }

    /// The rows of an input's files with their ids, in the order in which they are read.
    private func inputRows(_ night: Night, _ kind: String) throws -> [(Place, String)] {
        var rows: [(Place, String)] = []
        for file in try Files.names(in: night.dumps) where file.hasPrefix(kind) {
            let records = CSVTable.records(Array(try Files.bytes(night.dumps + "/" + file)))
            let place = try #require(records[0].firstIndex(of: "id"))
            var line = 1
            for record in records {
                // The apostrophe that a spreadsheet has left is no part of an id.
                let id = record[place].drop { $0 == "'" }
                if line > 1 { rows.append((Place(file: file, line: line), String(id))) }
                line += 1 + record.joined().utf8.count { $0 == 0x0A }
            }
        }
        return rows
    }

    // MARK: Money

    @Test(arguments: Night.lawSeeds)
    func moneyIsConserved(seed: Int) throws {
        let night = try Night.ofLaws(seed: seed)
        let run = try night.publishLaws()
        try expectNetAndNamedResiduals(run)
        try expectPayoutsAtTheBank(run, night)
        try expectCapturesOfTheirLines(run)
        try expectCommissionAndPayoutOfEachAmount(run)
        try expectEveryShareInOnePayout(run)
    }

    /// What the gateway moved is what its lines add to payouts, and named residuals.

    private func expectNetAndNamedResiduals(_ run: PublishedRun) throws {
        let lines = try run.table("settlements.csv")
        let breaks = try run.table("breaks.csv")
        var residuals: [String: Int] = [:]
        for row in breaks.rows(where: "code", is: "net_mismatch") {
            residuals[breaks.value(row, "settlement_id")] = try breaks.units(row, "at_risk")
        }
        for row in lines.rows(where: "state", is: "completed") {
            let net = try lines.units(row, "net")
            let residual = try abs(net - lines.computedNet(row))
            let id = lines.value(row, "settlement_id")
            #expect(residual == residuals.removeValue(forKey: id) ?? 0, "\(id)")
        }
        #expect(residuals == [:])
    }

    /// What the lines of each payout add up to is at the bank, but for residuals that are named.
    private func expectPayoutsAtTheBank(_ run: PublishedRun, _ night: Night) throws {
        let lines = try run.table("settlements.csv")
        let bank = try night.dump("bank.csv")
        let breaks = try run.table("breaks.csv")
        func account(_ table: CSVTable, _ row: [String]) -> String {
            table.value(row, "payout") + " " + table.value(row, "currency")
        }
        var residuals: [String: Int] = [:]
        for row in lines.rows(where: "state", is: "completed")
        where !lines.value(row, "payout").isEmpty {
            residuals[account(lines, row), default: 0] += try lines.computedNet(row)
        }
        #expect(residuals.count > 20)
        for row in bank.rows where residuals[account(bank, row)] != nil {
            residuals[account(bank, row), default: 0] -= try bank.units(row, "amount")
        }
        var named = residuals.mapValues { _ in 0 }
        for (code, sign) in [("payout_short", 1), ("payout_missing", 1), ("payout_over", -1)] {
            for row in breaks.rows(where: "code", is: code) {
                named[account(breaks, row), default: 0] += try sign * breaks.units(row, "at_risk")
            }
        }
        #expect(named == residuals)
    }

    /// What a payment captured, gave back and cost is the sum of its lines.
    private func expectCapturesOfTheirLines(_ run: PublishedRun) throws {
        let lines = try run.table("settlements.csv")
        let payments = try run.table("payments.csv")
        let breaks = try run.table("breaks.csv").grouped(by: "payment_id")
        let codes = try run.table("breaks.csv")
        let linesOf = lines.grouped(by: "payment_id")
        for payment in payments.rows {
            let id = payments.value(payment, "payment_id")
            var sums: [String: Int] = [:]
            for line in linesOf[id] ?? []
            where lines.value(line, "state") == "completed"
                && lines.value(line, "currency") == payments.value(payment, "currency")
            {
                sums[lines.value(line, "type"), default: 0] += try lines.units(line, "gross")
                sums["cost", default: 0] +=
                    try lines.units(line, "fee") + lines.units(line, "tax")
                sums["net", default: 0] += try lines.units(line, "net")
            }
            for (column, sum) in [
                ("captured", "charge"), ("refunded", "refund"), ("fee", "cost"), ("net", "net"),
            ] {
                #expect(try payments.units(payment, column) == sums[sum] ?? 0, "\(column) of \(id)")
            }
            // What was captured beside the amount is named by a break, to the last unit.
            let captured = sums["charge"] ?? 0
            guard payments.value(payment, "resolved_status") == "succeeded", captured > 0
            else { continue }
            let named = try (breaks[id] ?? []).filter {
                ["rounding", "settled_short", "settled_over", "duplicate_settlement"]
                    .contains(codes.value($0, "code"))
            }.reduce(0) { try $0 + codes.units($1, "at_risk") }
            #expect(try abs(captured - payments.units(payment, "amount")) == named, "\(id)")
        }
    }

    /// Nothing of an amount is lost between commission and payout, nor of what is taken back.
    private func expectCommissionAndPayoutOfEachAmount(_ run: PublishedRun) throws {
        let payments = try run.table("payments.csv")
        let transactions = try run.table("transactions.csv")
        let lines = try run.table("settlements.csv")
        let made = transactions.grouped(by: "payment_id")
        #expect(made.count > 100)
        var reversedAsAWhole = 0
        for payment in payments.rows {
            let id = payments.value(payment, "payment_id")
            guard let own = made[id] else { continue }
            var sums: [String: Int] = [:]
            for row in own {
                sums[transactions.value(row, "type"), default: 0] +=
                    try transactions.units(row, "amount")
            }
            let amount = try payments.units(payment, "amount")
            let (commission, payout) = (sums["commission"] ?? 0, sums["payout"] ?? 0)
            #expect(commission + payout == amount, "\(id)")
            let back = -(sums["commission_reversal"] ?? 0) - (sums["payout_reversal"] ?? 0)
            // Shares of what was captured otherwise have tests of their own.
            guard try payments.units(payment, "captured") == amount else { continue }
            let reversed = try lines.reversed(of: id)
            #expect(back == min(reversed, amount), "\(id)")
            if reversed >= amount {
                reversedAsAWhole += 1
                #expect(commission == -(sums["commission_reversal"] ?? 0), "\(id)")
            }
        }
        #expect(reversedAsAWhole > 0)
    }

    /// Every share of a seller is in one payout, and what is not paid yet waits.
    private func expectEveryShareInOnePayout(_ run: PublishedRun) throws {
        let transactions = try run.table("transactions.csv")
        let payouts = try run.table("payouts.csv")
        let shares = try run.table("payout_lines.csv")
        let due = transactions.rows.filter {
            transactions.value($0, "type").hasPrefix("payout")
        }
        let ids = payouts["payout_id"]
        // What an earlier payout left stands there with that payout's id.
        let ofTransactions = shares.rows.filter {
            !ids.contains(shares.value($0, "transaction_id"))
        }
        expectSameRows(
            due.map {
                [transactions.value($0, "transaction_id"), transactions.value($0, "amount")]
            },
            ofTransactions.map {
                [shares.value($0, "transaction_id"), shares.value($0, "amount")]
            }, "shares of the sellers")
        for payout in payouts.rows {
            let id = payouts.value(payout, "payout_id")
            let sum = try shares.rows(where: "payout_id", is: id)
                .reduce(0) { try $0 + shares.units($1, "amount") }
            #expect(try sum == payouts.units(payout, "amount"), "the lines of \(id)")
        }
        #expect(Set(ids).count == ids.count)
        #expect(Set(shares["payout_id"]).isSubset(of: ids))
        func account(_ table: CSVTable, _ row: [String]) -> String {
            table.value(row, "seller") + " " + table.value(row, "currency")
        }
        var owed: [String: Int] = [:]
        for row in due {
            owed[account(transactions, row), default: 0] += try transactions.units(row, "amount")
        }
        // What waits is in the last payout of an account, and what is scheduled leaves it.
        var paid: [String: Int] = [:]
        var waits: [String: Int] = [:]
        for row in payouts.rows.sorted(by: {
            payouts.value($0, "due_date") < payouts.value($1, "due_date")
        }) {
            let isScheduled = payouts.value(row, "status") == "scheduled"
            let amount = try payouts.units(row, "amount")
            if isScheduled { paid[account(payouts, row), default: 0] += amount }
            waits[account(payouts, row)] = isScheduled ? 0 : amount
        }
        for (account, amount) in owed {
            #expect((paid[account] ?? 0) + (waits[account] ?? 0) == amount, "\(account)")
        }
    }
}

extension CSVTable {
    /// What a settlement line adds to a payout by its own figures.
    fileprivate func computedNet(_ row: [String]) throws -> Int {
        let leaves = ["refund", "chargeback", "fee"].contains(value(row, "type"))
        let gross = try units(row, "gross")
        return try (leaves ? -gross : gross) - units(row, "fee") - units(row, "tax")
    }

    /// What a payment's refunds and chargebacks took back, less what was given again.
    fileprivate func reversed(of payment: String) throws -> Int {
        try rows(where: "payment_id", is: payment)
            .filter { value($0, "state") == "completed" }
            .reduce(0) { sum, row in
                switch value(row, "type") {
                case "refund", "chargeback": try sum + units(row, "gross")
                case "chargeback_reversal": try sum - units(row, "gross")
                default: sum
                }
            }
    }
}
