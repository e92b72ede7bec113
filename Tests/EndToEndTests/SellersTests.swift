import Testing

/// A payment has one seller, whatever becomes of its booking.
@Suite struct SellersTests {
    static let definition = """
        name: sellers
        currency: USD
        timezone: UTC
        inputs:
          payments: {files: payments.csv}
          settlements: {files: settlements.csv}
          bookings: {files: bookings.csv}
          catalogue: {files: catalogue.csv}
        backfill:
          kinds: {tour: {emit: booking}}
          details: {seller: guide}
        settle: {commission: {percent: 10}}

        """

    /// A payment of a hundred for a tour that Ama sells, settled.
    private func night(booking: String, details: String = "") throws -> Night {
        let night = Night(try Workspace())
        try Files.makeFolder(night.dumps)
        try Files.write(Self.definition, to: night.definition)
        let dumps = [
            "payments.csv": "id,user,amount,status,created_at,description,details\n"
                + "p1,kofi@example.com,100,succeeded,2025-11-03T10:00:00Z,Castle Tour,\(details)\n",
            "settlements.csv": "id,reference,gross,occurred_at,type\n"
                + "s1,p1,100,2025-11-03T10:01:00Z,charge\n",
            "bookings.csv": "id,payment,user,item,amount,status,created_at\n" + booking,
            "catalogue.csv": "id,name,kind,seller\nt1,Castle Tour,tour,ama@example.com\n",
        ]
        for (file, text) in dumps { try Files.write(text, to: night.dumps + "/" + file) }
        return night
    }

    private func transactions(_ run: PublishedRun) throws -> [[String]] {
        try run.table("transactions.csv").columns("type", "seller", "amount")
    }

    /// Before, the item told the seller only as long as nothing was booked.
    @Test(arguments: ["", "Castle Tour", "A day out"], ["", "p1"])
    func aBookingDoesNotHideWhoSoldIt(item: String, payment: String) throws {
        let booking = "b1,\(payment),kofi@example.com,\(item),100,confirmed,2025-11-03T10:05:00Z\n"
        let run = try night(booking: booking).publish(asOf: "2025-11-04T02:00:00Z")
        #expect(
            try transactions(run) == [
                ["commission", "ama@example.com", "10.00"],
                ["payout", "ama@example.com", "90.00"],
            ])
    }

    @Test func detailsNameTheSellerOfABookedPaymentToo() throws {
        let booking = "b1,p1,kofi@example.com,,100,confirmed,2025-11-03T10:05:00Z\n"
        let details = #""{""guide"": ""Esi@example.com""}""#
        let run = try night(booking: booking, details: details)
            .publish(asOf: "2025-11-04T02:00:00Z")
        #expect(Set(try run.table("transactions.csv")["seller"]) == ["esi@example.com"])
    }

    /// What this pipeline booked itself and nobody has loaded yet is no reason either.
    @Test func aRefundIsTakenBackWhileTheNewBookingWaits() throws {
        let night = try night(booking: "")
        let first = try night.publish(asOf: "2025-11-04T02:00:00Z")
        #expect(try first.table("new_bookings.csv").rows.count == 1)
        try night.append(["s2,p1,40,2025-11-04T10:00:00Z,refund"], to: "settlements.csv")
        let second = try night.publish(asOf: "2025-11-05T02:00:00Z")
        #expect(
            try transactions(second) == [
                ["commission_reversal", "ama@example.com", "-4.00"],
                ["payout_reversal", "ama@example.com", "-36.00"],
            ])
    }

    /// A night of payments, each for a seller by the item's name: amount and day of November.
    private func nightOfPayments(minimum: String) throws -> Night {
        let night = try night(booking: "")
        try night.redefine(
            "settle: {commission: {percent: 10}}",
            "settle: {commission: {percent: 10}, hold_days: 0, minimum: \"\(minimum)\"}")
        try night.edit("payments.csv") { $0.replacing(",100,", with: ",40,") }
        try night.edit("settlements.csv") { $0.replacing(",100,", with: ",40,") }
        return night
    }

    private func payouts(_ run: PublishedRun) throws -> [[String]] {
        try run.table("payouts.csv").columns("amount", "status")
    }

    @Test func whatIsBelowTheMinimumIsPaidByALaterRun() throws {
        let night = try nightOfPayments(minimum: "50")
        let first = try night.publish(asOf: "2025-11-04T02:00:00Z")
        #expect(try payouts(first) == [["36.00", "below_minimum"]])
        // A night without sales changes nothing.
        let idle = try night.publish(asOf: "2025-11-05T02:00:00Z")
        #expect(try payouts(idle) == [])
        #expect(
            try idle.table("carried/balances.csv").rows
                == first.table("carried/balances.csv").rows)
        try night.append(
            ["p2,esi@example.com,100,succeeded,2025-11-05T10:00:00Z,Castle Tour,"],
            to: "payments.csv")
        try night.append(["s2,p2,100,2025-11-05T10:01:00Z,charge"], to: "settlements.csv")
        let last = try night.publish(asOf: "2025-11-06T02:00:00Z")
        #expect(try payouts(last) == [["126.00", "scheduled"]])
        let lines = try last.table("payout_lines.csv")
        #expect(lines["amount"] == ["36.00", "90.00"])
        #expect(
            try lines["transaction_id"].first == first.table("payouts.csv")["payout_id"].first)
        #expect(try last.table("carried/balances.csv").rows.isEmpty)
    }

    /// Three nights schedule three payouts for one Friday, and one run schedules one: the seller sees
    /// the same.
    @Test func nightsAndOneRunTellASellerTheSame() throws {
        func schedule(_ run: PublishedRun) throws -> [String] {
            let seller = try #require(try run.dashboards()["ama@example.com"])
            let payouts = try #require(seller["schedule"] as? [[String: Any]])
            return payouts.map { "\(text(of: $0["due_date"])) \(text(of: $0["amount"]))" }
                + [text(of: seller["total_pending"]), text(of: seller["pending_payouts"])]
        }
        let story = try night(booking: "")
        try story.redefine(
            "settle: {commission: {percent: 10}}",
            "settle: {commission: {percent: 10}, hold_days: 2, payout_days: {weekly: [fri]}}")
        var last = try story.publish(asOf: "2025-11-04T02:00:00Z")
        for day in 4...5 {
            try story.append(
                [
                    "p\(day),esi@example.com,\(day)0,succeeded,2025-11-0\(day)T10:00:00Z,Castle Tour,"
                ],
                to: "payments.csv")
            try story.append(
                ["s\(day),p\(day),\(day)0,2025-11-0\(day)T10:01:00Z,charge"], to: "settlements.csv")
            last = try story.publish(asOf: "2025-11-0\(day + 1)T02:00:00Z")
        }
        let once = try story.publish(
            asOf: "2025-11-06T02:00:00Z", out: story.workspace.at("once"))
        #expect(try schedule(once) == ["2025-11-07 171.00", "171.00", "1"])
        #expect(try schedule(last) == schedule(once))
    }

    @Test func whatASellerOwesIsTakenOffALaterPayout() throws {
        let night = try nightOfPayments(minimum: "0")
        #expect(
            try payouts(night.publish(asOf: "2025-11-04T02:00:00Z")) == [["36.00", "scheduled"]])
        try night.append(["s2,p1,40,2025-11-04T10:00:00Z,refund"], to: "settlements.csv")
        #expect(
            try payouts(night.publish(asOf: "2025-11-05T02:00:00Z")) == [["-36.00", "carried"]])
        try night.append(
            ["p2,esi@example.com,100,succeeded,2025-11-05T10:00:00Z,Castle Tour,"],
            to: "payments.csv")
        try night.append(["s3,p2,100,2025-11-05T10:01:00Z,charge"], to: "settlements.csv")
        #expect(
            try payouts(night.publish(asOf: "2025-11-06T02:00:00Z")) == [["54.00", "scheduled"]])
    }
}
