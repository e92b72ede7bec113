import Diagnostics
import Emission
import Ingestion
import Money
import Reconciliation
import Records
import Reporting
import TestKit
import Testing
import Time

@testable import Pipeline

/// What does not add up is not published: each check is shown a fault that only it must see.
@Suite struct ControlTotalsTests {
    let night: SellersNight

    init() throws { night = try SellersNight() }

    @Test func aNightWithoutFaultsIsPublished() throws {
        try night.run()
        #expect(night.isPublished)
    }

    // MARK: Inputs

    @Test(arguments: [
        ("payments.csv", "9", "8"), ("lines1.csv", "5", "4"), ("bookings.csv", "2", "1"),
        ("orders.csv", "1", "0"), ("catalogue.csv", "2", "1"), ("users.csv", "2", "1"),
    ])
    func aRecordThatGotLostIsMissed(name: String, expected: String, found: String) throws {
        try night.expectRefusal(
            name + ", records, repeated, rejected and left out rows", expected: expected,
            found: found
        ) { result in
            switch name {
            case "payments.csv": result.ingested.tables.payments.rows.removeLast()
            case "lines1.csv": result.ingested.tables.settlements.rows.removeFirst()
            case "bookings.csv": result.ingested.tables.bookings.rows.removeLast()
            case "orders.csv": result.ingested.tables.orders.rows.removeLast()
            default:
                let files = result.ingested.dumps.files.all
                for (index, file) in files.enumerated() where file.name == name {
                    result.ingested.counts[index].kept -= 1
                }
            }
        }
    }

    @Test func anItemThatGotLostIsMissed() throws {
        try night.expectRefusal("the catalogue, items", expected: "1", found: "0") {
            $0.ingested.tables.catalogue = []
        }
    }

    @Test func aRepeatedRowThatIsNotToldOfIsMissed() throws {
        try night.expectRefusal(
            "lines1.csv, records, repeated, rejected and left out rows", expected: "5", found: "4"
        ) { $0.ingested.counts[1].repeated = 0 }
    }

    @Test func aRejectedRowThatIsNotKeptIsMissed() throws {
        try night.expectRefusal("all inputs, rejected rows", expected: "1", found: "0") {
            $0.ingested.rejects = []
        }
    }

    @Test func anAmountThatChangedSinceItWasReadIsSeen() throws {
        try night.expectRefusal(
            "payments.csv, the sum of records and repeated rows", expected: "655.00 GHS",
            found: "655.01 GHS"
        ) { $0.ingested.tables.payments.rows[0].amount += 1 }
        try night.expectRefusal(
            "lines2.csv, the sum of records and repeated rows", expected: "-146.00 GHS",
            found: "-145.99 GHS"
        ) { $0.ingested.tables.settlements.rows[5].gross += 1 }
        try night.expectRefusal(
            "bookings.csv, the sum of records and repeated rows", expected: "120.00 GHS",
            found: "119.99 GHS"
        ) { $0.ingested.tables.bookings.rows[1].amount -= 1 }
    }

    @Test func anAmountThatChangedItsCurrencyIsSeen() throws {
        try night.expectRefusal(
            "payments.csv, the sum of records and repeated rows", expected: "655.00 GHS",
            found: "675.00 GHS"
        ) { result in
            result.ingested.tables.payments.rows[2].currency = result.currency
            result.ingested.tables.payments.rows[2].amount = 2000
        }
    }

    @Test func aRepeatedRowWhoseMoneyIsForgottenIsSeen() throws {
        try night.expectRefusal(
            "lines1.csv, the sum of records and repeated rows", expected: "400.00 GHS",
            found: "350.00 GHS"
        ) { $0.ingested.counts[1].repeatedSums = [:] }
    }

    // MARK: Outcomes and verdicts

    @Test func aRecordWithoutOutcomeIsMissed() throws {
        try night.expectRefusal("payments, outcomes", expected: "6", found: "5") {
            $0.outcomes.removeLast()
        }
        try night.expectRefusal("settlement lines, outcomes", expected: "9", found: "8") {
            $0.classification.settlementOutcomes.removeLast()
        }
        try night.expectRefusal("bookings, outcomes", expected: "2", found: "1") {
            $0.classification.bookingOutcomes.removeLast()
        }
    }

    @Test(arguments: ["captured", "refunded", "charged back", "fee", "net"])
    func aVerdictThatIsNotThatOfItsLinesIsSeen(what: String) throws {
        let sums = [
            "captured": ("350.00 GHS", "350.01 GHS"), "refunded": ("40.00 GHS", "40.01 GHS"),
            "charged back": ("50.00 GHS", "50.01 GHS"), "fee": ("23.05 GHS", "23.06 GHS"),
            "net": ("236.95 GHS", "236.96 GHS"),
        ]
        let (expected, found) = try #require(sums[what])
        try night.expectRefusal("payments, " + what, expected: expected, found: found) { result in
            switch what {
            case "captured": result.verdicts[0].captured += 1
            case "refunded": result.verdicts[0].refunded += 1
            case "charged back": result.verdicts[0].chargedBack += 1
            case "fee": result.verdicts[0].fee += 1
            default: result.verdicts[0].net += 1
            }
        }
    }

    // MARK: Emissions

    @Test func commissionAndPayoutMustBeTheAmount() throws {
        try night.expectRefusal(
            "payment P1, commission and payout", expected: "100.00 GHS", found: "100.01 GHS"
        ) { $0.emissions.transactions[0].amount += 1 }
    }

    @Test func aCommissionWithoutItsPayoutIsSeen() throws {
        try night.expectRefusal(
            "payment P1, commissions and payouts", expected: "2", found: "1"
        ) { $0.emissions.transactions.remove(at: 0) }
    }

    @Test func aReversalWithoutItsPairIsSeen() throws {
        try night.expectRefusal(
            "payment P1, reversals without their pair", expected: "0", found: "1"
        ) { result in
            result.emissions.transactions.removeAll {
                $0.kind == .commissionReversal && $0.payment == 0
            }
        }
    }

    @Test func moreCannotGoBackThanCame() throws {
        try night.expectRefusal(
            "payment P1, reversals beyond the amount", expected: "-100.00 GHS",
            found: "-1040.00 GHS"
        ) { result in
            for index in result.emissions.transactions.indices
            where result.emissions.transactions[index].kind == .payoutReversal
                && result.emissions.transactions[index].payment == 0
            {
                result.emissions.transactions[index].amount -= 100_000
            }
        }
    }

    @Test func aPayoutMustBeItsLines() throws {
        var payout: Payout?
        try night.run { payout = $0.emissions.payouts[0] }
        let made = try #require(payout)
        try SellersNight().expectRefusal(
            "payout \(made.id), the sum of its lines",
            expected: Amount.text(made.amount, made.currency) + " \(made.currency)",
            found: Amount.text(made.amount + 1, made.currency) + " \(made.currency)"
        ) { $0.emissions.payouts[0].amount += 1 }
    }

    @Test func aTransactionOutsideOfEveryPayoutIsSeen() throws {
        var payout: String?
        try night.run { result in
            payout = result.emissions.transactions.first { $0.kind == .payout }?.id
        }
        try SellersNight().expectRefusal(
            "transaction \(try #require(payout)), payouts that it stands in", expected: "1",
            found: "0"
        ) { $0.emissions.payouts = [] }
    }

    @Test func aBalanceThatIsForgottenIsSeen() throws {
        try night.expectRefusal(
            "balance of kofi, what no payout has paid", expected: "-83.70 GHS", found: "0.00 GHS"
        ) { $0.emissions.balances = [] }
    }

    @Test func aBalanceThatNoPayoutLeftIsSeen() throws {
        try night.expectRefusal(
            "balance of nobody, what no payout has paid", expected: "0.00 GHS", found: "1.00 GHS"
        ) { result in
            let currency = result.emissions.payouts[0].currency
            result.emissions.balances.insert(
                SellerBalance(seller: "nobody", currency: currency, amount: 100, payoutID: "PO-1"),
                at: 0)
        }
    }

    @Test func aLineOutsideOfEveryPayoutIsSeen() throws {
        try night.expectRefusal(
            "settlement lines, in payouts and unpaid", expected: "243.95 GHS", found: "250.00 GHS"
        ) { $0.tieOuts.unpaid = [] }
    }

    @Test func anOpenItemThatIsNotHandedOnIsSeen() throws {
        try night.expectRefusal(
            "open items, handed on and not open, or the reverse", expected: "0", found: "1"
        ) { $0.history.next.removeFirst() }
    }

    @Test func aPaymentIsNotBookedTwice() throws {
        try night.expectRefusal(
            "payment P2, bookings and tickets made", expected: "1", found: "2"
        ) { $0.emissions.tickets.append($0.emissions.bookings[0]) }
    }

    @Test func aPaymentThatHasABookingIsNotBooked() throws {
        try night.expectRefusal(
            "payment P1, bookings beside the one made", expected: "0", found: "1"
        ) { $0.emissions.bookings[0].payment = 0 }
    }
}
