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
        (0, "payments.csv", "9", "8"), (1, "lines1.csv", "5", "4"), (3, "bookings.csv", "2", "1"),
        (4, "orders.csv", "1", "0"), (5, "catalogue.csv", "2", "1"), (6, "users.csv", "2", "1"),
    ])
    func aRecordThatGotLostIsMissed(
        file: Int, name: String, expected: String, found: String
    ) throws {
        try night.expectRefusal(
            name + ", records, repeated and rejected rows", expected: expected, found: found
        ) { result in
            switch file {
            case 0: result.ingested.tables.payments.rows.removeLast()
            case 1: result.ingested.tables.settlements.rows.removeFirst()
            case 3: result.ingested.tables.bookings.rows.removeLast()
            case 4: result.ingested.tables.orders.rows.removeLast()
            default: result.ingested.counts[file].kept -= 1
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
            "lines1.csv, records, repeated and rejected rows", expected: "5", found: "4"
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
        let id = try night.run().report.run
        #expect(!id.isEmpty)
        let other = try SellersNight()
        var payout = ""
        var sums = ("", "")
        #expect(throws: TrueupError.self) {
            try other.run { result in
                payout = result.emissions.payouts[0].id
                let amount = result.emissions.payouts[0].amount
                sums = (Amount.text(amount, digits: 2), Amount.text(amount + 1, digits: 2))
                result.emissions.payouts[0].amount += 1
            }
        }
        try other.expectRefusal(
            "payout \(payout), the sum of its lines", expected: sums.0 + " GHS",
            found: sums.1 + " GHS"
        ) { $0.emissions.payouts[0].amount += 1 }
    }

    @Test func aTransactionOutsideOfEveryPayoutIsSeen() throws {
        #expect(throws: TrueupError.self) { try night.run { $0.emissions.payouts = [] } }
        #expect(!night.isPublished)
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
