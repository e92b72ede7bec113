import Foundation
import Testing

/// Auctions: what the sample dumps are known to give, to the last minor unit.
@Suite struct AuctionsFiguresTests {
    static let asOf = "2025-08-25T02:00:00Z"
    let night: Night
    let run: PublishedRun

    init() throws {
        night = try Night.sample("auctions")
        run = try night.publish(asOf: Self.asOf)
    }

    /// The rows of a table with a value in a column, and of those some columns.
    private func rows(
        _ file: String, _ column: String, _ value: String, _ names: [String]
    ) throws -> [[String]] {
        let table = try run.table(file)
        return table.rows(where: column, is: value).map { row in
            names.map { table.value(row, $0) }
        }
    }

    @Test func elevenThousandKronorAreSharedAndScheduled() throws {
        #expect(
            try rows(
                "transactions.csv", "payment_id", "PAY-501",
                ["type", "user", "seller", "amount", "currency"]) == [
                    ["commission", "astrid@example.com", "erik@example.com", "770.00", "SEK"],
                    ["payout", "astrid@example.com", "erik@example.com", "10230.00", "SEK"],
                ])
        let payouts = try rows(
            "payouts.csv", "seller", "erik@example.com",
            ["payout_id", "amount", "due_date", "status"])
        #expect(payouts.map { $0.dropFirst() } == [["10230.00", "2025-08-27", "scheduled"]])
        let lines = try rows("payout_lines.csv", "payout_id", payouts[0][0], ["amount"])
        #expect(lines == [["10230.00"]])
        #expect(
            try rows(
                "order_updates.csv", "id", "BID-3107", ["payment_id", "from_status", "to_status"])
                == [["PAY-501", "open", "paid"]])
    }

    @Test func everyOtherPaymentIsSharedAsTheSamplesSay() throws {
        let transactions = try run.table("transactions.csv")
        let shared = transactions.columns("payment_id", "type", "amount")
        #expect(
            shared.filter { $0[0] != "PAY-501" } == [
                ["PAY-502", "commission", "140.00"], ["PAY-502", "payout", "1860.00"],
                ["PAY-503", "commission", "241.54"], ["PAY-503", "payout", "3208.96"],
                ["PAY-504", "commission", "574.00"], ["PAY-504", "payout", "7626.00"],
                ["PAY-505", "commission", "105.00"], ["PAY-505", "payout", "1395.00"],
                ["PAY-505", "commission_reversal", "-35.00"],
                ["PAY-505", "payout_reversal", "-465.00"],
                ["PAY-506", "commission", "0.00"], ["PAY-506", "payout", "5000.00"],
                ["PAY-507", "commission", "6.30"], ["PAY-507", "payout", "83.70"],
                ["PAY-508", "commission", "84.00"], ["PAY-508", "payout", "1116.00"],
            ])
        let payouts = try run.table("payouts.csv")
        #expect(
            payouts.columns("seller", "amount", "due_date", "status") == [
                ["erik@example.com", "10230.00", "2025-08-27", "scheduled"],
                ["ingrid@example.com", "5068.96", "2025-08-29", "scheduled"],
                ["johan@example.com", "7626.00", "2025-08-28", "scheduled"],
                ["johan@example.com", "930.00", "2025-08-25", "scheduled"],
                ["fund@example.com", "5000.00", "2025-08-27", "scheduled"],
                ["lena@example.com", "83.70", "2025-08-28", "below_minimum"],
                ["bo@example.com", "1116.00", "2025-08-28", "held"],
            ])
    }

    @Test func theOnlyBreakIsWhatStripeDoesNotHave() throws {
        #expect(
            try run.table("breaks.csv").columns("code", "payment_id")
                == [["missing_settlement", "PAY-510"]])
        // All of a payment's records appear, or none of them.
        for file in ["transactions.csv", "order_updates.csv"] {
            #expect(try rows(file, "payment_id", "PAY-510", ["payment_id"]).isEmpty)
        }
        #expect(try run.notifications().allSatisfy { text(of: $0["payment_id"]) != "PAY-510" })
    }

    @Test func buyerAndSellerAreEachTold() throws {
        let told = try run.notifications().filter { text(of: $0["payment_id"]) == "PAY-501" }
        let names = ["type", "role", "user", "amount", "commission", "currency", "due_date"]
        #expect(
            told.map { line in names.map { text(of: line[$0]) } } == [
                [
                    "payment_received", "buyer", "astrid@example.com", "11000.00", "770.00", "SEK",
                    "nothing",
                ],
                [
                    "payout_scheduled", "seller", "erik@example.com", "10230.00", "770.00", "SEK",
                    "2025-08-27",
                ],
            ])
        #expect(text(of: told[1]["message"]).contains("10230.00 SEK"))
        #expect(text(of: told[1]["message"]).contains("2025-08-27"))
        let all = try run.notifications()
        #expect(all.count == 18)
        #expect(Set(all.map { text(of: $0["notification_id"]) }).count == 18)
    }

    @Test func buyersSeeWhatTheyPaidAndSellersWhatTheyAreOwed() throws {
        let users = try run.dashboards()
        let astrid = try #require(users["astrid@example.com"])
        #expect(text(of: astrid["commission_paid"]) == "770.00")
        let recent = try #require(astrid["recent"] as? [[String: Any]])
        #expect(
            recent.map { line in ["id", "status", "commission"].map { text(of: line[$0]) } } == [
                ["PAY-506", "succeeded", "0.00"], ["PAY-501", "succeeded", "770.00"],
            ])
        #expect(astrid["schedule"] == nil, "who sells nothing has no payouts")
        let expected = [
            "erik@example.com": (1, "10230.00", ["2025-08-27 10230.00 scheduled"]),
            "johan@example.com": (
                2, "8556.00", ["2025-08-25 930.00 scheduled", "2025-08-28 7626.00 scheduled"]
            ),
            "lena@example.com": (1, "83.70", ["none 83.70 below_minimum"]),
            "bo@example.com": (1, "1116.00", ["none 1116.00 held"]),
        ]
        for (seller, (count, total, schedule)) in expected {
            let summary = try #require(users[seller], "\(seller)")
            #expect(text(of: summary["pending_payouts"]) == "\(count)")
            #expect(text(of: summary["total_pending"]) == total)
            let lines = try #require(summary["schedule"] as? [[String: Any]])
            let told = lines.map { line in
                let due = line["due_date"] is NSNull ? "none" : text(of: line["due_date"])
                return "\(due) \(text(of: line["amount"])) \(text(of: line["status"]))"
            }
            #expect(told == schedule, "\(seller)")
            let before = try #require(summary["before"] as? [String: Any])
            #expect(text(of: before["total_pending"]) == "0.00")
        }
    }

    @Test func theSecondRunMakesNothingAndPayoutsEndWithTheirDay() throws {
        let second = try night.publish(asOf: "2025-08-28T02:00:00Z")
        #expect(try second.emitted() == [:])
        #expect(try second.notifications().isEmpty)
        let users = try second.dashboards()
        #expect(text(of: users["erik@example.com"]?["total_pending"]) == "0.00")
        #expect(text(of: users["johan@example.com"]?["total_pending"]) == "7626.00")
        #expect(text(of: users["ingrid@example.com"]?["total_pending"]) == "5068.96")
        #expect(text(of: users["bo@example.com"]?["total_pending"]) == "1116.00")
    }

    @Test func whatHeldASellerIsPaidOnceTheyAreLetGo() throws {
        try night.redefine("held: [bo@example.com]", "held: []")
        let second = try night.publish(asOf: "2025-08-30T02:00:00Z")
        #expect(try second.emitted() == ["payouts.csv": 1, "payout_lines.csv": 1])
        let payouts = try second.table("payouts.csv")
        #expect(
            payouts.columns("seller", "amount", "transactions", "due_date", "status")
                == [["bo@example.com", "1116.00", "0", "2025-09-01", "scheduled"]])
        let lines = try second.table("payout_lines.csv")
        let held = try run.table("payouts.csv").rows(where: "status", is: "held")
        #expect(lines.columns("transaction_id", "amount") == [[held[0][0], "1116.00"]])
        #expect(try night.publish(asOf: "2025-08-31T02:00:00Z").emitted() == [:])
    }

    /// A bid that was loaded as paid is done; one that nobody loads becomes a break.
    @Test func aPaidBidIsEmittedOnceUntilTheDumpsShowIt() throws {
        try night.editLines("bids.csv") {
            $0.hasPrefix("BID-3107") ? $0.replacing("won", with: "PAID") : $0
        }
        let late = try night.publish(asOf: "2025-08-29T02:00:00Z")
        #expect(try late.emitted() == [:])
        let unapplied = try late.table("breaks.csv").rows(where: "code", is: "unapplied_emission")
        // The other seven bids, and the payment whose status was corrected.
        #expect(unapplied.count == 8)
        #expect(!unapplied.contains { $0.contains("PAY-501") })
    }

    @Test func onePaymentIsSharedAlone() throws {
        let alone = try night.publish(
            ["--payment", "PAY-501"], asOf: Self.asOf, out: night.workspace.at("alone"))
        #expect(
            try alone.emitted() == [
                "order_updates.csv": 1, "transactions.csv": 2, "payouts.csv": 1,
                "payout_lines.csv": 1,
            ])
        #expect(try alone.notifications().count == 2)
    }
}
