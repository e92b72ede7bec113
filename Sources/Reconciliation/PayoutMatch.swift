import Money
import Records
import Rules
import Time

/// Holds the gateways' payouts against the bank account (contract, Payout tie-out).
public struct PayoutMatcher: Sendable {
    private let tables: RecordTables
    private let rules: ReconciliationRules

    /// Prepares the tie-out.
    public init(tables: RecordTables, rules: ReconciliationRules) {
        self.tables = tables
        self.rules = rules
    }

    /// The same of all lines of the tables.
    public func tieOuts() -> PayoutTieOuts { tieOuts(PayoutSums(tables, rules: rules)) }

    /// Every payout with its waterfall and its bank lines, and what is not paid out yet; `sums` is what
    /// all settlement lines add up to.
    public func tieOuts(_ sums: PayoutSums) -> PayoutTieOuts {
        var result = PayoutTieOuts()
        (result.payouts, result.unpaid) = sums.gathered()
        for place in result.payouts.indices where result.payouts[place].day.isPresent {
            result.payouts[place].due = rules.calendar.adding(
                businessDays: rules.resolve.settlementDays, to: result.payouts[place].day)
        }
        guard tables.hasBank else { return result }
        result.payoutOfBankLine = BankMatcher(payouts: result.payouts, bank: tables.bank)
            .payoutOfLine()
        for (line, payout) in result.payoutOfBankLine.enumerated() where payout >= 0 {
            result.payouts[payout].bankLines.append(line)
            result.payouts[payout].deposited =
                (result.payouts[payout].deposited ?? 0) + tables.bank[line].amount
        }
        let today = rules.zone.date(of: rules.asOf)
        for place in result.payouts.indices {
            result.payouts[place].judge(isDue: today > result.payouts[place].due)
        }
        return result
    }
}

extension PayoutTieOut {
    /// Decides what came of it.
    ///
    /// Every difference counts: the tolerance is for charges, not for whole payouts. Only a payout of
    /// which the bank has no line at all is given time; one that came short is short at once.
    fileprivate mutating func judge(isDue: Bool) {
        let difference = net - (deposited ?? 0)
        if difference == 0 {
            status = .tiedOut
            reason = .none
        } else if deposited == nil {
            status = isDue ? .missing : .expected
            reason = isDue ? .notReceived : .notYetDue
        } else {
            status = difference > 0 ? .short : .over
            reason = origin
        }
    }

    /// Where the residual comes from: which two of the three words agree.
    private var origin: Reason {
        if waterfall.statedBeyondFigures != 0, net + waterfall.statedBeyondFigures == deposited {
            return .lineNets
        }
        guard let claimed = waterfall.claimed else { return .unexplained }
        if claimed == deposited { return .linesAgainstPayout }
        return claimed == net ? .bankAgainstPayout : .unexplained
    }
}

extension Classification {
    /// Adds what does not agree between payouts and bank account; a payout's break is no break of
    /// its payments.
    public mutating func add(_ tieOuts: PayoutTieOuts, tables: RecordTables) {
        guard tables.hasBank else { return }
        let nearMisses = BankNearMisses(tieOuts, bank: tables.bank)
        for payout in tieOuts.payouts {
            let code: BreakCode
            switch payout.status {
            case .short: code = .payoutShort
            case .over: code = .payoutOver
            case .missing: code = .payoutMissing
            case .tiedOut, .expected, .notCompared: continue
            }
            var item = Break(code)
            item.payout = payout.payout
            item.currency = payout.currency
            item.amount = payout.net
            item.expected = payout.net
            item.found = payout.deposited ?? 0
            item.atRisk = abs(item.expected - item.found)
            item.reason = payout.reason
            if code == .payoutMissing { item.nearMiss = nearMisses.nearMiss(of: payout) }
            add(item)
        }
        for (place, line) in tables.bank.enumerated() {
            // Money that leaves the account is no deposit, whatever it was for.
            if tieOuts.payoutOfBankLine[place] < 0, line.amount > 0 {
                var item = Break(.unknownDeposit)
                item.concern(line)
                item.found = line.amount
                item.atRisk = line.amount
                add(item)
            }
            if line.isConflicting {
                var item = Break(.conflictingEvidence)
                item.concern(line)
                item.found = line.amount
                item.atRisk = abs(line.amount)
                add(item)
            }
        }
    }
}

/// Bank lines of no payout that come close to a payout without bank line.
private struct BankNearMisses {
    private struct Price: Hashable {
        let currency: Currency
        let amount: Int64
    }

    private let bank: [BankLine]
    private var byPayout: [String: Int] = [:]
    private var byPrice: [Price: [Int]] = [:]

    init(_ tieOuts: PayoutTieOuts, bank: [BankLine]) {
        self.bank = bank
        // The least id of several, so that the order of the input has no say.
        let free = bank.indices.filter { tieOuts.payoutOfBankLine[$0] < 0 }
            .sorted { bank[$0].id < bank[$1].id }
        for place in free {
            let line = bank[place]
            if !line.payout.isEmpty, byPayout[line.payout] == nil { byPayout[line.payout] = place }
            byPrice[Price(currency: line.currency, amount: line.amount), default: []].append(place)
        }
    }

    /// The line that names the payout in another currency, else the one of its amount: too far off
    /// in time, or claimed by a like payout.
    func nearMiss(of payout: PayoutTieOut) -> NearMiss? {
        if let place = byPayout[payout.payout] {
            return NearMiss(candidate: .bankLine, row: Int32(place), condition: .currency)
        }
        let price = Price(
            currency: payout.currency, amount: payout.waterfall.claimed ?? payout.net)
        guard payout.day.isPresent, let places = byPrice[price] else { return nil }
        let distances = places.map { place -> Int in
            let date = Int(bank[place].date.days)
            let earliest = Int(payout.day.days) - 1
            let latest = Int(payout.due.days) + BankMatcher.patience
            return date < earliest ? earliest - date : max(0, date - latest)
        }
        guard let nearest = distances.indices.min(by: { distances[$0] < distances[$1] }) else {
            return nil
        }
        let days = Int64(distances[nearest])
        return NearMiss(
            candidate: .bankLine, row: Int32(places[nearest]),
            condition: days == 0 ? .taken : .time, distance: days * 86_400_000_000)
    }
}
