import Money
import Reconciliation
import Records
import Time

/// The run's money as double entry: a pure function of what the stages found.
///
/// It is the whole state as of the run. Every payment that succeeded is a sale, every completed
/// line an entry of its own day; the first charge of a payment stands in the entry of its sale.
public struct Ledger: Sendable {
    let tables: RecordTables
    let settlements: SettlementMatch
    let verdicts: ContiguousArray<PaymentVerdict>
    let shares: SellerShares
    /// The gateways' payouts against the bank account.
    public let tieOuts: PayoutTieOuts
    let zone: Zone
    let asOf: Instant

    /// Gathers what the entries are made of.
    public init(
        tables: RecordTables, settlements: SettlementMatch,
        verdicts: ContiguousArray<PaymentVerdict>, shares: SellerShares, tieOuts: PayoutTieOuts,
        zone: Zone, asOf: Instant
    ) {
        self.tables = tables
        self.settlements = settlements
        self.verdicts = verdicts
        self.shares = shares
        self.tieOuts = tieOuts
        self.zone = zone
        self.asOf = asOf
    }

    /// Gives each entry to `body`: those of the records, then those of the payouts.
    public func forEachEntry(_ body: (borrowing LedgerEntry) throws -> Void) rethrows {
        try forEachRecordEntry(body)
        try forEachPayoutEntry(body)
    }

    /// Gives each entry of a record to `body`: those of the payments in their order, each payment's in
    /// order of time, then lines that move no payment's money in theirs.
    ///
    /// The entry is the same memory each time, so that none is allocated for each of millions.
    public func forEachRecordEntry(_ body: (borrowing LedgerEntry) throws -> Void) rethrows {
        var maker = EntryMaker(ledger: self)
        for payment in tables.payments.rows.indices {
            if let block = Lookahead.block(at: payment, of: tables.payments.count) {
                tables.settlements.fetchRows { settlements.linesOfPayment.forEach(in: block, $0) }
                tables.settlements.fetchIDs { settlements.linesOfPayment.forEach(in: block, $0) }
            }
            try maker.make(payment: payment, body)
        }
        for line in tables.settlements.rows.indices {
            fetchPayment(ofLine: line)
            if !movesPayment(line) { try maker.make(line: line, body) }
        }
    }

    /// Gives each entry of the gateways' payouts to `body`, and of the bank lines of none.
    public func forEachPayoutEntry(_ body: (borrowing LedgerEntry) throws -> Void) rethrows {
        var maker = EntryMaker(ledger: self)
        for payout in tieOuts.payouts.indices { try maker.make(payout: payout, body) }
        for (line, payout) in tieOuts.payoutOfBankLine.enumerated() where payout < 0 {
            try maker.make(bankLine: line, body)
        }
        for balance in tieOuts.unpaid { try maker.make(unpaid: balance, body) }
    }

    /// Looks ahead at the payments of lines; before each of them, in their order.
    func fetchPayment(ofLine line: Int) {
        guard let block = Lookahead.block(at: line, of: tables.settlements.count) else { return }
        tables.payments.fetchRows(settlements.paymentOfLine[block])
    }

    /// Whether a line moves the money of a payment, in the payment's own currency.
    public func movesPayment(_ line: Int) -> Bool {
        let row = tables.settlements.rows[line]
        let payment = settlements.paymentOfLine[line]
        return payment >= 0 && row.type.isOfPayment
            && tables.payments.rows[Int(payment)].currency == row.currency
    }

    /// The civil date on which a line's money moved.
    func date(_ row: SettlementRow, else fallback: Instant) -> CivilDate {
        if row.occurred.isPresent { return zone.date(of: row.occurred) }
        return row.settledOn.isPresent ? row.settledOn : zone.date(of: fallback)
    }

    /// Where the part of a payment goes that was not captured.
    func accountOfShortfall(_ verdict: PaymentVerdict) -> LedgerAccount {
        if !tables.hasSettlements { return .recorded }
        if verdict.breaks.has(.settledShort) { return .settledShort }
        if verdict.breaks.has(.rounding) { return .rounding }
        if verdict.breaks.has(.missingSettlement) { return .missingSettlement }
        if verdict.breaks.has(.falseSuccess) { return .falseSuccess }
        if verdict.breaks.has(.currencyMismatch) { return .currencyMismatch }
        return verdict.isExpected ? .expected : .recorded
    }

    /// Where the part of a payment's charges goes that is beyond the payment.
    func accountOfExcess(_ verdict: PaymentVerdict) -> LedgerAccount {
        if verdict.resolved != .succeeded { return .falseFailure }
        if verdict.breaks.has(.duplicateSettlement) { return .duplicateSettlement }
        return verdict.breaks.has(.rounding) ? .rounding : .settledOver
    }

    /// Where refunds and chargebacks go that are beyond what was captured.
    func accountOfOverReversal(_ verdict: PaymentVerdict) -> LedgerAccount {
        verdict.refunded > verdict.captured ? .overRefund : .doubleReversal
    }

    /// Where a sale is credited that no transaction shares out.
    func accountOfSale(_ payment: Int, _ verdict: PaymentVerdict) -> LedgerAccount {
        if !verdict.isEvidenced { return .unprovenSales }
        return !shares.isEmpty && shares.isSold(payment) ? .sellersUnallocated : .sales
    }

    /// What a line adds to what its gateway owes, as directed gross and as net.
    ///
    /// A line of type payout is the gateway's own word about others; it adds what it cost.
    static func movement(_ row: SettlementRow) -> (gross: Int64, net: Int64) {
        row.type == .payout
            ? (0, -row.fee - row.tax) : (row.type.directed(row.gross), row.net)
    }

    /// Where what the bank has not received of a payout goes, or received beyond it; nil as long
    /// as it stays with the gateway.
    static func accountOfResidual(_ status: PayoutTieOut.Status) -> LedgerAccount? {
        switch status {
        case .short: .payoutShort
        case .over: .payoutOver
        case .missing: .payoutMissing
        case .tiedOut, .expected, .notCompared: nil
        }
    }

    /// Where the gross amount of a line goes that moves no payment's money.
    func accountOfOther(_ line: Int) -> LedgerAccount {
        let row = tables.settlements.rows[line]
        // What is of a payment in another currency is that payment's mismatch.
        let isForeign =
            settlements.payment(ofLine: line).map {
                !verdicts[$0].leavesOut(row, of: tables.payments.rows[$0])
            } ?? false
        switch row.type {
        case .charge: return isForeign ? .currencyMismatch : .unknownSettlement
        case .refund: return isForeign ? .currencyMismatch : .orphanRefund
        case .chargeback, .chargebackReversal:
            return isForeign ? .currencyMismatch : .orphanChargeback
        case .fee: return .otherFees
        case .adjustment: return .adjustments
        case .reserve: return .reserve
        case .payout: return .otherFees
        }
    }
}

extension SettlementType {
    /// Whether a line of this type moves the money of a payment.
    var isOfPayment: Bool {
        switch self {
        case .charge, .refund, .chargeback, .chargebackReversal: true
        case .fee, .adjustment, .reserve, .payout: false
        }
    }

    /// The gross amount with the direction in which it moves the payout.
    func directed(_ gross: Int64) -> Int64 {
        switch self {
        case .refund, .chargeback, .fee: -gross
        case .charge, .chargebackReversal, .adjustment, .reserve, .payout: gross
        }
    }
}
