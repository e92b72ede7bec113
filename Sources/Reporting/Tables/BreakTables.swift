import Emission
import Ingestion
import Money
import Reconciliation
import Records

/// `breaks.csv`: everything that somebody should know or look at.
struct BreaksTable: OutputTable {
    let result: RunResult

    let file = "breaks.csv"
    let columns = [
        "break_id", "code", "severity", "payment_id", "settlement_id", "booking_id", "payout",
        "user", "amount", "currency", "at_risk", "first_seen", "age_days", "near_miss", "detail",
    ]
    var weight: Int { result.classification.breaks.count * 3 }

    func write(to out: inout RowWriter) throws {
        // A reader for each kind: a reader that goes to and fro between files begins each anew.
        var lineTexts = result.texts()
        var paymentTexts = result.texts()
        var bookingTexts = result.texts()
        let codes = BreakCode.words
        let severities = BreakSeverity.words
        for (index, item) in result.classification.breaks.enumerated() {
            let facts = BreakFacts(item, in: result.tables)
            out.text(result.breakIDs[index])
            out.text(codes[Int(item.code.rawValue)])
            out.text(severities[Int(item.code.severity.rawValue)])
            result.writeIDs(of: item, to: &out)
            if item.settlement < 0 {
                out.text(item.payout)
            } else if result.tables.links(ofLine: Int(item.settlement)).payout < 0 {
                // Lines stand in no order of their payments: reading one of them costs a block.
                out.empty()
            } else {
                try lineTexts.go(to: result.tables.settlements.rows[Int(item.settlement)].place)
                out.text(lineTexts.id(SettlementField.payout))
            }
            if item.payment >= 0 {
                try paymentTexts.go(to: result.tables.payments.rows[Int(item.payment)].place)
                out.text(paymentTexts.user(PaymentField.user))
            } else if item.booking >= 0 {
                try bookingTexts.go(to: result.tables.bookings.rows[Int(item.booking)].place)
                out.text(bookingTexts.user(BookingField.user))
            } else {
                out.empty()
            }
            out.amount(facts.amount, facts.currency)
            out.currency(facts.currency)
            out.amount(item.atRisk, facts.currency)
            out.instant(result.history.firstSeen[index])
            out.number(Int64(result.history.ages[index]))
            out.text(Sentences.nearMiss(item, facts, result))
            out.text(Sentences.detail(item, facts, result.tables))
            try out.endRow()
        }
    }
}

extension RunResult {
    /// The ids of a break's payment, settlement line and booking, as three fields.
    func writeIDs(of item: Break, to out: inout RowWriter) {
        if item.payment >= 0 {
            tables.payments.withID(Int(item.payment)) { out.text($0) }
        } else {
            out.empty()
        }
        if item.settlement >= 0 {
            tables.settlements.withID(Int(item.settlement)) { out.text($0) }
        } else {
            out.empty()
        }
        if item.booking >= 0 {
            tables.bookings.withID(Int(item.booking)) { out.text($0) }
        } else {
            out.empty()
        }
    }
}

/// The amount and currency of what a break concerns.
public struct BreakFacts {
    /// Minor units.
    public let amount: Int64
    /// The currency of the amount and of the money in doubt.
    public let currency: Currency

    /// Looks a break's records up.
    public init(_ item: Break, in tables: borrowing RecordTables) {
        if item.payment >= 0, !BreakFacts.isOfForeignLine(item, in: tables) {
            let row = tables.payments.rows[Int(item.payment)]
            amount = row.amount
            currency = row.currency
        } else if item.settlement >= 0 {
            let row = tables.settlements.rows[Int(item.settlement)]
            amount = row.gross
            currency = row.currency
        } else if item.booking >= 0 {
            let row = tables.bookings.rows[Int(item.booking)]
            amount = row.amount
            currency = row.currency
        } else {
            amount = item.amount
            currency = item.currency
        }
    }

    /// Whether the figures are those of a line that is in another currency than its payment.
    private static func isOfForeignLine(_ item: Break, in tables: borrowing RecordTables) -> Bool {
        switch item.code {
        case .feeOver, .feeUnder, .feeMissing, .netMismatch: break
        default: return false
        }
        return item.settlement >= 0
            && tables.settlements.rows[Int(item.settlement)].currency
                != tables.payments.rows[Int(item.payment)].currency
    }
}
