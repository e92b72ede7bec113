/// The chart of accounts of `ledger.journal`.
///
/// A positive balance is a debit. What each balance means stands in the documentation, `Ledger`.
public enum LedgerAccount: UInt8, Sendable, CaseIterable {
    // What gateways owe, and where it stays.
    case clearingPayments, clearingUnmatched, clearingOther, clearingPayouts
    case inTransit, reserve, bank
    // What is recorded and has not come.
    case expected, recorded, instalments
    // What is unexplained, by the code of its break.
    case missingSettlement, falseSuccess, currencyMismatch, settledShort, settledOver
    case duplicateSettlement, falseFailure, unknownSettlement, orphanRefund, orphanChargeback
    case overRefund, doubleReversal, netMismatch, unshared
    case payoutShort, payoutOver, payoutMissing, unknownDeposit
    // What belongs to others, or is not proven.
    case sellersPayable, sellersUnallocated, unprovenSales, withdrawals
    case sales, commission, refunds, chargebacks, reversalsOfSuspense, reversalsOfSellers
    case fees, taxes, unmatchedFees, otherFees, adjustments, rounding

    /// The account's name, as accounting programs want it: levels separated by colons.
    public var name: String {
        switch self {
        case .clearingPayments: "assets:gateway:clearing:payments"
        case .clearingUnmatched: "assets:gateway:clearing:unmatched"
        case .clearingOther: "assets:gateway:clearing:other"
        case .clearingPayouts: "assets:gateway:clearing:payouts"
        case .inTransit: "assets:gateway:in_transit"
        case .reserve: "assets:gateway:reserve"
        case .bank: "assets:bank"
        case .expected: "assets:receivable:expected"
        case .recorded: "assets:receivable:recorded"
        case .instalments: "assets:receivable:instalments"
        case .missingSettlement: "assets:suspense:missing_settlement"
        case .falseSuccess: "assets:suspense:false_success"
        case .currencyMismatch: "assets:suspense:currency_mismatch"
        case .settledShort: "assets:suspense:settled_short"
        case .settledOver: "assets:suspense:settled_over"
        case .duplicateSettlement: "assets:suspense:duplicate_settlement"
        case .falseFailure: "assets:suspense:false_failure"
        case .unknownSettlement: "assets:suspense:unknown_settlement"
        case .orphanRefund: "assets:suspense:orphan_refund"
        case .orphanChargeback: "assets:suspense:orphan_chargeback"
        case .overRefund: "assets:suspense:over_refund"
        case .doubleReversal: "assets:suspense:double_reversal"
        case .netMismatch: "assets:suspense:net_mismatch"
        case .unshared: "assets:suspense:unshared"
        case .payoutShort: "assets:suspense:payout_short"
        case .payoutOver: "assets:suspense:payout_over"
        case .payoutMissing: "assets:suspense:payout_missing"
        case .unknownDeposit: "assets:suspense:unknown_deposit"
        case .sellersPayable: "liabilities:sellers:payable"
        case .sellersUnallocated: "liabilities:sellers:unallocated"
        case .unprovenSales: "liabilities:unproven_sales"
        case .withdrawals: "equity:withdrawals"
        case .sales: "revenue:sales"
        case .commission: "revenue:commission"
        case .refunds: "revenue:refunds"
        case .chargebacks: "revenue:chargebacks"
        case .reversalsOfSuspense: "revenue:reversals:suspense"
        case .reversalsOfSellers: "revenue:reversals:sellers"
        case .fees: "expenses:gateway:fees"
        case .taxes: "expenses:gateway:taxes"
        case .unmatchedFees: "expenses:gateway:unmatched"
        case .otherFees: "expenses:gateway:other"
        case .adjustments: "expenses:gateway:adjustments"
        case .rounding: "expenses:rounding"
        }
    }

    /// What the balance is, in half a sentence.
    public var meaning: String {
        switch self {
        case .clearingPayments: "net of the lines of payments, owed by the gateways"
        case .clearingUnmatched: "net of lines that move no payment's money"
        case .clearingOther: "net of fee, adjustment and reserve lines"
        case .clearingPayouts: "what the gateways paid out, or should have"
        case .inTransit: "paid out by the gateways' own word, where no bank is read"
        case .reserve: "held back by the gateways"
        case .bank: "every line of the bank account"
        case .expected: "payments that succeeded and are settled in time"
        case .recorded: "payments of a pipeline without settlements"
        case .instalments: "captures between the first and the last; ends at zero"
        case .missingSettlement: "payments that succeeded without any line"
        case .falseSuccess: "payments that succeeded, but at the gateway failed"
        case .currencyMismatch: "payments and lines in different currencies"
        case .settledShort: "what was not captured of payments"
        case .settledOver: "what was captured beyond payments, and not given back"
        case .duplicateSettlement: "what was captured again, and not given back"
        case .falseFailure: "captured for failed payments, and not given back"
        case .unknownSettlement: "charges without a payment"
        case .orphanRefund: "refunds without a payment"
        case .orphanChargeback: "chargebacks without a payment"
        case .overRefund: "refunds beyond what was captured"
        case .doubleReversal: "refunds and chargebacks beyond what was captured"
        case .netMismatch: "what the gateway's own net amounts leave out"
        case .payoutShort: "what the bank did not receive of payouts"
        case .payoutOver: "what the bank received beyond payouts"
        case .payoutMissing: "payouts that are due and not at the bank"
        case .unknownDeposit: "what the bank received for no payout"
        case .unshared: "commission and payouts that differ from their payment"
        case .sellersPayable: "payouts to sellers, less what reversals take back"
        case .sellersUnallocated: "sold for sellers, with nothing emitted yet"
        case .unprovenSales: "payments whose money is in doubt"
        case .withdrawals: "what left the bank account for no payout"
        case .sales: "payments without a seller"
        case .commission: "commission, less what reversals take back"
        case .refunds: "refunds of payments"
        case .chargebacks: "chargebacks of payments, less those reversed"
        case .reversalsOfSuspense: "what of refunds and chargebacks was never a sale"
        case .reversalsOfSellers: "what of refunds and chargebacks sellers and commission bear"
        case .fees: "gateway fees of payments, without tax"
        case .taxes: "taxes on the gateway fees of payments"
        case .unmatchedFees: "fees and taxes of lines that move no payment's money"
        case .otherFees: "fee lines, and fees of adjustments, reserves and payouts"
        case .adjustments: "what adjustments took, less what they gave"
        case .rounding: "differences within the tolerance"
        }
    }

    /// Whether money in it still waits for something or somebody.
    public var isOpen: Bool {
        switch self {
        case .expected, .recorded, .missingSettlement, .falseSuccess, .currencyMismatch,
            .settledShort, .settledOver, .duplicateSettlement, .falseFailure, .unknownSettlement,
            .orphanRefund, .orphanChargeback, .overRefund, .doubleReversal, .netMismatch,
            .unshared, .payoutShort, .payoutOver, .payoutMissing, .unknownDeposit, .inTransit,
            .sellersUnallocated, .unprovenSales:
            true
        default: false
        }
    }
}
