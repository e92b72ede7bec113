import Money
import Reconciliation
import Records
import Time

/// What breaks and changes say to a reader, in one sentence each.
enum Sentences {
    /// Why a payment's status changes.
    static func evidence(_ line: SettlementRow) -> String {
        let moment = line.occurred.isPresent ? " on \(TimeText.text(line.occurred))" : ""
        let amount = Amount.text(line.gross, line.currency)
        return "charge of \(amount) \(line.currency) \(line.state.word)\(moment)"
    }

    /// What is wrong, with the figures concerned.
    static func detail(_ item: Break, _ facts: BreakFacts, _ tables: RecordTables) -> String {
        func money(_ amount: Int64) -> String {
            Amount.text(amount, facts.currency) + " " + facts.currency.code
        }
        let expected = money(item.expected)
        let found = money(item.found)
        return switch item.code {
        case .rounding: "captured \(found) of \(expected), within the tolerance"
        case .duplicateLine: "\(item.found) repeated rows of the same content, counted once"
        case .superseded: "\(item.found) earlier rows of the same id, superseded"
        case .lateSettlement: "settled after it was due"
        case .stuck: "still pending, and older than a pending payment may become"
        case .settledShort: "captured \(found) of \(expected)"
        case .settledOver: "captured \(found) for \(expected)"
        case .feeOver, .feeUnder, .feeMissing: fee(item, facts, tables)
        case .bookingAmount: "bookings of \(found) for payments of \(expected)"
        case .orphanBooking: "a confirmed booking without a payment"
        case .unpaidBooking: "a confirmed booking whose payment did not succeed, or went back"
        case .unidentifiedItem: "paid, but nothing tells for what"
        case .ambiguousBooking: doubt(payments: item.expected, bookings: item.found)
        case .reusedReference: "several payments carry this reference"
        case .wrongUser: "the booking belongs to another user"
        case .refundUnrecorded: "the gateway refunded more than the payment records"
        case .refundUnsettled: "the payment records a refund that the gateway has not made"
        case .unappliedEmission:
            "\(item.other) was emitted, and is not in the dumps \(days(item.found)) later"
        case .unknownDeposit:
            "the bank received \(found) by line \(item.other), which no payout explains"
        case .missingSettlement: "succeeded, but the gateway has no charge for it"
        case .unknownSettlement:
            "the gateway captured \(found) "
                + (item.nearMiss?.condition == .currency
                    ? "for a payment that is paid in its own currency" : "without a payment")
        case .falseSuccess: "succeeded here, but at the gateway every attempt failed"
        case .falseFailure: "not succeeded here, but the gateway captured \(found)"
        case .duplicateSettlement: "captured more than once: \(found) for \(expected)"
        case .duplicateBooking: "booked more than once for one payment"
        case .duplicatePayment:
            "\(item.found / 1_000_000) seconds after \(tables.payments.id(Int(item.expected))), "
                + "for the same thing"
        case .currencyMismatch: "captured in another currency only"
        case .netMismatch: "a net of \(found) where gross, fee and tax give \(expected)"
        case .overRefund: "refunded more than the \(found) captured"
        case .orphanRefund: "the gateway refunded \(found) without a payment"
        case .chargeback: "charged back, and not reversed"
        case .orphanChargeback: orphanChargeback(item, money, tables)
        case .doubleReversal: "refunded and charged back beyond the \(found) captured"
        case .payoutShort: "the bank received \(found) of \(expected)" + reason(item)
        case .payoutOver: "the bank received \(found) for \(expected)" + reason(item)
        case .payoutMissing: "paid out \(expected), and the bank has no line for it"
        case .conflictingEvidence:
            (item.other.isEmpty
                ? "" : "\(item.booking < 0 ? "bank line" : "session") \(item.other): ")
                + "rows of the same id and time say different things"
        }
    }

    /// A chargeback or its reversal without a payment, or reversals without their chargeback.
    private static func orphanChargeback(
        _ item: Break, _ money: (Int64) -> String, _ tables: RecordTables
    ) -> String {
        guard item.settlement >= 0 else {
            return "chargebacks of \(money(item.atRisk)) were reversed that no line has made"
        }
        let isReversal =
            tables.settlements.rows[Int(item.settlement)].type == .chargebackReversal
        let done = isReversal ? "reversed a chargeback of" : "charged back"
        return "the gateway \(done) \(money(item.found)) without a payment"
    }

    /// The fee found and the fee agreed, and the tax on both where one was agreed.
    private static func fee(_ item: Break, _ facts: BreakFacts, _ tables: RecordTables) -> String {
        let row = tables.settlements.rows[Int(item.settlement)]
        func money(_ amount: Int64) -> String {
            Amount.text(amount, row.currency) + " " + row.currency.code
        }
        let found = row.fee == 0 ? "no fee" : "a fee of \(money(row.fee))"
        guard let tax = item.agreedTax else {
            return "\(found) where \(money(item.expected)) was agreed"
        }
        let foundTax = row.tax == 0 ? "without tax" : "with tax of \(money(row.tax))"
        return "\(found) \(foundTax) where \(money(item.expected)) with tax of \(money(tax)) "
            + "was agreed"
    }

    /// Where a payout's residual comes from, behind the figures.
    private static func reason(_ item: Break) -> String {
        switch item.reason {
        case .lineNets: ", which is what the lines' own net amounts add up to"
        case .linesAgainstPayout:
            ", which is what the gateway says it paid out: its lines add up to something else"
        case .bankAgainstPayout: ", although the gateway says it paid out the whole"
        default: ""
        }
    }

    private static func doubt(payments: Int64, bookings: Int64) -> String {
        let size = GroupSize(payments: Int(payments), bookings: Int(bookings))
        return size.isTooLarge
            ? "too large for an exact answer: \(payments) payments, \(bookings) bookings"
            : "equally good matches would leave other things to be booked"
    }

    private static func days(_ count: Int64) -> String { count == 1 ? "1 day" : "\(count) days" }
}
