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
}
