import Foundation
import TestKit
import Testing

/// What is handed on comes back byte for byte, whatever stands in the dumps.
@Suite struct CarriedTextTests {
    /// Texts that a writer or reader of CSV could change, none with blanks around it.
    static let hostile = [
        "plain", "a,b", "say \"hello\"", "\"", "line\nfeed", "carriage\r\nreturn", "=1+1",
        "'=1+1", "''=1+1", "'", "''", "'quoted'", "+233 24 000 0000", "-12", "-12.5", "--12",
        "@SUM(A1)", "tab\tinside", "Ɛkɔ̃, Ñandú, 日本, 🎫", "e\u{301}", "\u{FEFF}mark",
        "{\"item\": \"Ada \\\"Foah\\\"\", \"count\": 2}", "; | \\", "5\" nails", "İstanbul",
    ]

    static let definition = """
        name: texts
        currency: GHS
        timezone: Africa/Accra
        dumps: COVERAGE
        inputs:
          payments: {files: payments.csv}
          settlements: {files: settlements.csv, values: {type: {charge: [PAY-IN]}}}
          bookings: {files: bookings.csv}
          orders: {files: orders.csv}
        backfill:
          kinds: {tour: {emit: booking, keywords: [tour]}}
          details: {item: item, quantity: count}
          default_kind: tour
          unidentified: emit
        settle: {commission: {percent: 10}}
        """

    /// A field as a run writes what it will read again.
    static func guarded(_ text: String) -> String {
        let isNumber =
            text.range(of: "^[+-][0-9]+([.][0-9]+)?$", options: .regularExpression) != nil
        let runs = text.first.map { "=+-@\t\r'".contains($0) } == true && !isNumber
        return (runs ? "'" : "") + text
    }

    static func quoted(_ text: String) -> String {
        text.utf8.contains { [0x22, 0x2C, 0x0A, 0x0D].contains($0) }
            ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }

    /// Rows of every kind, each of which has a hostile text in every field that takes one.
    static func dumps(isEmpty: Bool) -> [String: String] {
        func rows(_ row: (Int, String) -> [String]) -> String {
            isEmpty
                ? ""
                : hostile.enumerated().map { number, text in
                    row(number, text).map(quoted).joined(separator: ",") + "\n"
                }.joined()
        }
        let day = "2026-03-02T10:00:00.25+01:00"
        return [
            "payments.csv": "id,reference,user,amount,currency,status,created_at,completed_at,"
                + "description,details,kind,order,booking,seller,gateway,refunded\n"
                + rows { number, text in
                    [
                        text + "p\(number)", text, text, "10.5", number % 2 == 0 ? "" : "usd",
                        "Succeeded", day, number % 3 == 0 ? "" : day, text, text, "",
                        text, "", text, text, number % 4 == 0 ? "" : "0",
                    ]
                },
            "settlements.csv": "id,reference,type,state,gross,fee,tax,net,currency,occurred_at,"
                + "settled_on,payout\n"
                + rows { number, text in
                    [
                        text + "s\(number)", text == "'" ? "none" : text,
                        number % 2 == 0 ? "pay-in" : "refund",
                        number % 5 == 0 ? "PENDING" : "", number % 2 == 0 ? "10.50" : "-3",
                        number % 3 == 0 ? "" : "-0.2", number % 4 == 0 ? "" : "0.1",
                        number % 3 == 1 ? "" : "7", "", number % 2 == 0 ? day : "",
                        number % 6 == 0 ? "2026-03-03" : "", text,
                    ]
                },
            "bookings.csv": "id,payment,user,item,kind,quantity,amount,currency,status,date,"
                + "created_at,starts_at,ends_at,order\n"
                + rows { number, text in
                    [
                        text + "b\(number)", number % 2 == 0 ? text : "", text, text, text, text,
                        "10.50", "", "CONFIRMED", text, number % 3 == 0 ? "" : day, text, text,
                        text,
                    ]
                },
            "orders.csv": "id,user,item,kind,quantity,amount,currency,status,seller,date,"
                + "starts_at,ends_at\n"
                + rows { number, text in
                    [
                        text == "'" ? "none" : text, text, text, text, text,
                        number % 2 == 0 ? "10.50" : "", number % 3 == 0 ? "" : "usd", text, text,
                        text, text, text,
                    ]
                },
        ]
    }

    /// One payment of each text, with every field in the one way in which it is handed on.
    static var carriedPayments: String {
        let header =
            "id,reference,user,amount,currency,status,created_at,completed_at,description,"
            + "details,kind,order,booking,seller,gateway,refunded,conflicting\n"
        let day = "2026-03-02T09:00:00.25Z"
        return header
            + hostile.enumerated().map { number, text in
                let same = quoted(guarded(text))
                return [
                    quoted(guarded(text + "p\(number)")), same, same, "10.50",
                    number % 2 == 0 ? "GHS" : "USD", "succeeded", day, number % 3 == 0 ? "" : day,
                    same, same, "", same, "", same, same, "0.00", "",
                ].joined(separator: ",") + "\n"
            }.joined()
    }

    @Test func everyFieldComesBackByteForByte() throws {
        let incremental = try Nights(
            Self.definition.replacing("COVERAGE", with: "incremental"))
        let full = try Nights(Self.definition.replacing("COVERAGE", with: "full"))
        var carried: [String: String] = [:]
        for day in 3...5 {
            let asOf = "2026-03-0\(day)T02:00:00Z"
            try full.run(Self.dumps(isEmpty: false), asOf: asOf)
            try incremental.run(Self.dumps(isEmpty: day > 3), asOf: asOf)
            for name in [
                "payments", "settlements", "bookings", "status_updates", "booking_links",
                "new_bookings", "new_tickets", "transactions", "breaks",
            ] {
                #expect(
                    try incremental.text(name + ".csv") == full.text(name + ".csv"),
                    "\(name), day \(day)")
            }
            #expect(try incremental.text("dashboards.jsonl") == full.text("dashboards.jsonl"))
            #expect(
                try incremental.text("carried/emissions.csv")
                    == full.text("carried/emissions.csv"), "day \(day)")
            for kind in ["payments", "settlements", "bookings", "orders"] {
                let text = try incremental.text("carried/\(kind).csv")
                #expect(text.split(separator: "\n").count > Self.hostile.count)
                #expect(carried[kind] == nil || carried[kind] == text, "\(kind), day \(day)")
                carried[kind] = text
            }
        }
        #expect(carried["payments"] == Self.carriedPayments)
        #expect(try full.rows("new_bookings.csv") == [])
    }
}
