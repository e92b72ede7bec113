import Foundation
import Testing

/// `trueup explain` of orders, transactions, sellers' payouts and gateways' payouts.
@Suite struct ExplainSettleTests {
    let night: Night
    let run: PublishedRun

    /// The tours with orders, sellers and gateway payouts: PAY-1137 is paid for order ORD-1, which
    /// has a seller, and PAY-1164 names an order that is in no dump.
    init() throws {
        night = try Night.tours()
        var payments = try night.dump("payments.csv")
        payments.header += ["order"]
        payments.rows = payments.rows.map { row in
            switch row[0] {
            case "PAY-1137": row + ["ORD-1"]
            case "PAY-1164": row + ["ORD-LOST"]
            default: row + [""]
            }
        }
        try night.write(payments, "payments.csv")
        try Files.write(
            "id,user,item,kind,quantity,seller\n"
                + "ORD-0,efua@example.com,D-02,destination,1,nobody@example.com\n"
                + "ORD-1,ama@example.com,D-02,destination,3,Guide@Example.com\n",
            to: night.dumps + "/orders.csv")
        for file in ["momo-2025-07.csv", "momo-2025-08.csv"] {
            var lines = try night.dump(file)
            lines.header += ["payout"]
            lines.rows = lines.rows.map {
                $0 + [$0[0].hasPrefix("250607") ? "GP-7" : ""]
            }
            try night.write(lines, file)
        }
        try night.redefine(
            "  catalogue:  ", "  orders:\n    files: orders.csv\n\n  catalogue:  ")
        try night.redefine(
            "dashboard:\n", "settle:\n  commission: {percent: 7}\n  hold_days: 7\n\ndashboard:\n")
        run = try night.publish()
    }

    @Test func anOrderAndWhatWasPaidForIt() throws {
        let story = try night.story("ORD-1")
        #expect(story.contents == ["order ORD-1", "payment PAY-1137"])
        let said = story.section("What the dumps say", of: "ORD-1")
        #expect(said == ["orders.csv:3: order ORD-1", "payment: PAY-1137 names it"])
        #expect(try night.line("orders.csv:3").hasPrefix("ORD-1,"))
        let told = story.section("Backfill", of: "PAY-1137")
        #expect(told.contains { $0.hasPrefix("item: ") && $0.hasSuffix("(D-02), from the order") })
        #expect(told.contains("participants: 3, from the order"))
        #expect(
            story.section("Booking", of: "PAY-1137")[1]
                == "2 by order: no: ORD-1 is named by no booking that is still open")
        let lost = try night.story("ORD-LOST")
        #expect(lost.contents == ["order ORD-LOST", "payment PAY-1164"])
        let idle = try night.story("ORD-0")
        #expect(idle.contents == ["order ORD-0"])
    }

    @Test func commissionAndPayoutOfAPayment() throws {
        let payouts = try run.table("payouts.csv")
        let transactions = try run.table("transactions.csv")
        #expect(payouts.rows.count == 1 && transactions.rows.count == 2)
        let payout = try #require(payouts["payout_id"].first)
        let commission = try #require(
            transactions.rows(where: "type", is: "commission").first?.first)
        let story = try night.story("PAY-1137")
        let money = story.section("Money", of: "PAY-1137")
        #expect(money.contains { $0.hasPrefix("commission: 45.50 GHS, seller guide@example.com") })
        #expect(money.contains { $0.hasPrefix("payout: 604.50 GHS, seller guide@example.com") })
        #expect(money.contains { $0.contains("in payout \(payout), scheduled for ") })
        #expect(
            try night.story("PAY-1001").section("Money", of: "PAY-1001").last
                == "seller: no commission and payout: neither payment, order nor item has a seller")
        #expect(
            try night.story(commission).contents
                == ["transaction \(commission)", "payment PAY-1137"])
        let told = try night.story(payout)
        #expect(told.contents == ["payout \(payout)"])
        #expect(told.section("What it is made of", of: payout).last == "total: 604.50 GHS")
        let later = try night.publish(asOf: "2025-09-01T02:00:00Z")
        #expect(try later.table("transactions.csv").rows.isEmpty)
        #expect(
            try night.story("PAY-1137").section("Money", of: "PAY-1137").last
                == "seller: commission and payout were emitted by an earlier run")
    }

    /// The total of a gateway's payout is that of its lines in the dumps.
    @Test func aGatewaysPayout() throws {
        let lines = try night.dump("momo-2025-07.csv")
        let members = lines.rows(where: "payout", is: "GP-7").filter {
            lines.value($0, "type") == "charge" && lines.value($0, "status") == "SUCCESSFUL"
        }
        let gross = try members.reduce(0) { $0 + (try minorUnits(lines.value($1, "amount"))) }
        let fees = try members.reduce(0) { $0 + (try minorUnits(lines.value($1, "fee"))) }
        try #require(members.count > 20)
        let story = try night.story("GP-7")
        #expect(story.contents == ["gateway_payout GP-7"])
        #expect(
            story.section("In total", of: "GP-7").first
                == "completed charge: \(members.count) lines, gross \(decimal(gross)) GHS, net "
                + "\(decimal(gross - fees)) GHS")
        #expect(story.section("What it is made of", of: "GP-7").count == 21)
    }

    private func decimal(_ minorUnits: Int) -> String {
        "\(minorUnits / 100)." + String("0\(minorUnits % 100)".suffix(2))
    }
}
