import Testing

/// What `breaks.csv` and the reports say of the record that comes closest to each break.
@Suite struct NearMissSentenceTests {
    static let definition = """
        name: school
        currency: EUR
        timezone: UTC
        inputs:
          payments: {files: payments.csv}
          settlements: {files: settlements.csv}
          bookings: {files: bookings.csv}
          catalogue: {files: catalogue.csv}
        resolve: {stuck_after: 30m, settlement_days: 2}
        match: {tolerance: "0.02", window: 3d, similarity: 0.85}
        backfill:
          kinds: {class: {emit: booking, keywords: [cooking]}}
          unidentified: review

        """

    static let payments = [
        "id,reference,user,amount,currency,status,created_at,description",
        // Its charge has one wrong character in the reference.
        "P1,PAY-1001,ada@example.com,20.00,EUR,succeeded,2026-03-02T10:00:00Z,Bread class",
        "P2,PAY-1002,bob@example.com,30.00,EUR,succeeded,2026-03-02T10:00:00Z,Bread class",
        "P3,PAY-1003,cem@example.com,40.00,EUR,succeeded,2026-03-02T10:00:00Z,Bread class",
        "P4,PAY-1004,dan@example.com,50.00,EUR,pending,2026-03-02T10:00:00Z,Bread class",
        "P5,PAY-1005,eve@example.com,60.00,EUR,succeeded,2026-03-02T10:00:00Z,Bread class",
        "P6,PAY-1006,fay@example.com,70.00,EUR,failed,2026-03-02T10:00:00Z,Bread class",
        "P7,PAY-1007,fay@example.com,70.00,EUR,succeeded,2026-03-02T11:00:00Z,Bread class",
        "P8,PAY-1008,gus@example.com,80.00,EUR,succeeded,2026-03-02T10:00:00Z,Sauces and stocs",
        "P9,PAY-1009,hal@example.com,90.00,EUR,succeeded,2026-02-26T08:05:00Z,Bread class",
    ]
    static let settlements = [
        "id,reference,type,state,gross,currency,occurred_at",
        "S1,PAY-10O1,charge,completed,20.00,EUR,2026-03-02T10:05:00Z",
        "S2,PAY-1002,charge,completed,25.00,EUR,2026-03-02T10:05:00Z",
        "S3,PAY-1003,charge,completed,44.00,USD,2026-03-02T10:05:00Z",
        "S4,pay 10-04,charge,completed,50.00,EUR,2026-03-02T10:05:00Z",
        "S5,PAY-1005,charge,completed,60.00,EUR,2026-03-06T10:05:00Z",
        "S7,PAY-1007,charge,completed,70.00,EUR,2026-03-02T11:05:00Z",
        "S8,PAY-1008,charge,completed,80.00,EUR,2026-03-02T11:05:00Z",
        "S9,PAY-1009,charge,completed,90.00,EUR,2026-02-26T11:05:00Z",
    ]
    static let bookings = [
        "id,payment,user,item,amount,currency,status,created_at",
        "B2,P2,bob@example.com,Bread class,30.00,EUR,confirmed,2026-03-02T10:05:00Z",
        "B5,P5,eve@example.com,Bread class,60.00,EUR,confirmed,2026-03-02T10:05:00Z",
        "B6,P6,fay@example.com,Bread class,70.00,EUR,confirmed,2026-03-02T10:05:00Z",
        "B9,,hal@example.com,Bread class,90.00,EUR,confirmed,2026-03-02T10:05:00Z",
    ]
    static let catalogue = [
        "id,name,kind", "C1,Bread class,class", "C2,Sauces and stocks class,class",
    ]

    private func night() throws -> Night {
        let night = try Night.stuck()
        try Files.remove(night.dumps)
        try Files.makeFolder(night.dumps)
        try Files.write(NearMissSentenceTests.definition, to: night.definition)
        let files = [
            "payments": NearMissSentenceTests.payments,
            "settlements": NearMissSentenceTests.settlements,
            "bookings": NearMissSentenceTests.bookings,
            "catalogue": NearMissSentenceTests.catalogue,
        ]
        for (name, lines) in files {
            try Files.write(
                lines.joined(separator: "\n") + "\n", to: night.dumps + "/\(name).csv")
        }
        return night
    }

    @Test func everySentenceNamesTheCandidateAndWhatFailed() throws {
        let run = try night().publish(asOf: "2026-03-12T06:00:00Z")
        let breaks = try run.table("breaks.csv")
        let told = breaks.rows.map {
            "\(breaks.value($0, "code")) \(breaks.value($0, "payment_id"))"
                + "\(breaks.value($0, "settlement_id"))\(breaks.value($0, "booking_id")): "
                + breaks.value($0, "near_miss")
        }
        #expect(
            told == [
                "missing_settlement P1: settlement S1: reference differs by 1 character",
                "settled_short P2: settlement S2: amount differs by 5.00 EUR",
                "currency_mismatch P3: settlement S3: in USD",
                "stuck P4: settlement S4: reference differs by 5 characters",
                "late_settlement P5: settlement S5: settled 2 days after it was due",
                "unpaid_booking P6B6: payment P7: fits, but is not named",
                "unidentified_item P8: item C2: 2.95 % less alike than asked for",
                "unknown_settlement S1: payment P1: reference differs by 1 character",
                "unknown_settlement S4: payment P4: reference differs by 5 characters",
                "orphan_booking B9: payment P9: created 26 h beyond the window",
            ])
        let report = try Files.text(run.folder + "/report.json")
        #expect(report.contains("settlement S2: amount differs by 5.00 EUR"))
        let page = try Files.text(run.folder + "/report.html")
        #expect(page.contains("settlement S2: amount differs by 5.00 EUR"))
    }
}
