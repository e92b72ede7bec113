import Foundation
import Testing

/// `trueup load-sql` where texts, tables and sessions are not as one would wish.
@Suite struct HostileLoadTests {
    private func script(_ night: Night, _ options: [String] = []) throws -> String {
        let ending = try Launch(
            program: Project.trueup, arguments: ["load-sql", night.out] + options
        ).run()
        try #require(ending.code == 0, "\(ending.errors)")
        return ending.output
    }

    /// What customers may have called what they booked.
    private static let names = [
        "x'); DROP TABLE bookings; --",
        // To Swift these quotes are characters other than a quote, to a server they are quotes.
        "x'\u{301}); DROP TABLE bookings; --", "\"\u{20DD} \\\u{301} '\u{FE0F}",
        "C:\\tours\\new \\' OR ''=''", "ends in \\", "two\nlines\r\nand a tab\tinside",
        "\\.\n\\! echo nothing", "$$ $1 :name :'name' %s {}", "'=1+1", "''=1+1", "'quoted'", "=1+1",
        "@home", "Ghana \u{1F1EC}\u{1F1ED} \u{202E}desrever",
        "\u{1B}[2J\u{9B}31m \\\u{E0041}\u{E0041}\u{7F} ' \\",
        String(repeating: "long ' ", count: 9000),
    ]

    /// A night whose payments are for things of these names, each to be booked.
    private func night(_ names: [String]) throws -> Night {
        let night = try Night.tours()
        try night.redefine("unidentified: review", "unidentified: emit")
        for (index, name) in names.enumerated() {
            let details = try JSONSerialization.data(withJSONObject: ["destination_name": name])
            let json = CSVTable.quoted(String(decoding: details, as: UTF8.self))
            let number = 9001 + index
            try night.append(
                [
                    "PAY-\(number),TGH-\(number),\"o'hara@example.com\",\(10 + index).00,GHS,"
                        + "successful,2025-08-01T10:00:00Z,2025-08-01T10:01:00Z,,\(json),mtn-momo"
                ], to: "payments.csv")
            try night.append(
                [
                    "\(number),TGH-\(number),charge,SUCCESSFUL,\(10 + index).00,0.10,GHS,"
                        + "2025-08-01T10:00:30Z"
                ], to: "momo-2025-08.csv")
        }
        return night
    }

    /// Both ways of giving a script to a server, which read its texts at different moments.
    @Test(arguments: [true, false], ["on", "off"])
    func textsArriveAsTheyAre(atOnce: Bool, standardStrings: String) throws {
        // The longest is too long for an argument of a command.
        let names = Self.names.filter { !atOnce || $0.utf8.count < 1000 }
        let night = try night(names)
        let server = try PostgresServer(night.workspace)
        try server.importShop(night)
        try server.execute(
            "ALTER DATABASE postgres SET standard_conforming_strings = \(standardStrings);")
        try night.publish()
        let sql = try script(night)
        for _ in 1...2 {
            if atOnce { try server.executeAtOnce(sql) } else { try server.execute(sql) }
        }
        // As hexadecimal digits, so that nothing on the way back can hide a difference.
        let loaded = try server.texts(
            "SELECT encode(convert_to(destination, 'UTF8'), 'hex') FROM bookings "
                + "WHERE payment_reference LIKE 'PAY-90__' ORDER BY payment_reference")
        let expected = names.map { name in
            name.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
        #expect(loaded == expected)
    }

    @Test func aTextWithANULIsNoText() throws {
        let night = try night(["before\0after"])
        let server = try PostgresServer(night.workspace)
        try server.importShop(night)
        let run = try night.publish()
        #expect(try !Files.bytes(run.folder + "/new_bookings.csv").contains(0))
        let sql = try script(night)
        #expect(!sql.utf8.contains(0))
        try server.execute(sql)
    }

    @Test func namesOfTablesAndColumnsAreTakenAsTheyStand() throws {
        let night = try Night.tours()
        let table = "\"my \"\"shop\"\"\".\"book.ings\""
        try night.redefine("table: bookings", "table: '\(table)'")
        try night.redefine("destination: item_name", "\"Where'; -- \\\"to\\\" \": item_name")
        let server = try PostgresServer(night.workspace)
        try server.importShop(night)
        try server.execute(
            "CREATE SCHEMA \"my \"\"shop\"\"\"; ALTER TABLE bookings RENAME TO \"book.ings\";"
                + "ALTER TABLE \"book.ings\" SET SCHEMA \"my \"\"shop\"\"\";"
                + "ALTER TABLE \(table) RENAME destination TO \"Where'; -- \"\"to\"\" \";")
        let before = try server.texts("SELECT count(*) FROM \(table)")
        let run = try night.publish()
        try server.execute(script(night))
        let made =
            try run.table("new_bookings.csv").rows.count
            + run.table("new_tickets.csv").rows.count
        let after = try server.texts("SELECT count(*) FROM \(table)")
        #expect(try minus(after, before) == made)
    }

    private func minus(_ left: [String], _ right: [String]) throws -> Int {
        try #require(Int(left.joined())) - #require(Int(right.joined()))
    }

    @Test func aShopThatSpellsAndTypesThingsItsOwnWayIsUnderstood() throws {
        let night = try Night.tours()
        let server = try PostgresServer(night.workspace)
        try server.importShop(night)
        // Dumps are read in any case; an empty reference is as good as none; a status may be an
        // enumeration that lacks most of the words that a dump may have.
        try server.execute(
            """
            UPDATE payments SET status = initcap(status);
            CREATE TYPE payment_status AS ENUM
              ('Processing', 'Pending', 'Successful', 'Failed', 'Cancelled', 'successful', 'failed');
            ALTER TABLE payments ALTER status TYPE payment_status USING status::payment_status;
            UPDATE bookings SET payment_reference = '' WHERE payment_reference IS NULL;
            """)
        try server.exportShop(night)
        let run = try night.publish()
        #expect(try run.table("status_updates.csv").rows.count == 3)
        #expect(try run.table("booking_links.csv").rows.count == 12)
        let sql = try script(night)
        try server.execute(sql)
        try server.execute(sql)
        try server.exportShop(night)
        let second = try night.publish(asOf: "2025-09-01T02:00:00Z")
        #expect(try second.emitted().isEmpty)
        #expect(try second.table("carried/emissions.csv").rows.isEmpty)
    }

    @Test(arguments: [true, false])
    func aRowThatFailsTakesEverythingBack(stops: Bool) throws {
        let night = try Night.tours()
        let server = try PostgresServer(night.workspace)
        try server.importShop(night)
        try night.publish()
        let before = try server.export("bookings", orderedBy: "booking_id")
        let payments = try server.export("payments", orderedBy: "payment_id")
        // Only the very last statement fails: what comes before it must not stay.
        try server.execute(
            "ALTER TABLE payments ADD CHECK (payment_id <> 'PAY-1251' OR status <> 'successful');")
        let sql = try script(night)
        #expect(sql.contains("UPDATE \"payments\""))
        let failing = sql.replacing(
            "COMMIT;\n", with: "UPDATE \"bookings\" SET \"participants\" = 'many';\nCOMMIT;\n")
        let ending = try server.attempt(failing, stops: stops)
        #expect(ending.errors.contains("ERROR"))
        #expect(try server.export("bookings", orderedBy: "booking_id") == before)
        #expect(try server.export("payments", orderedBy: "payment_id") == payments)
    }

    @Test func aRunThatEmittedNothingLoadsNothing() throws {
        let night = try Night.tours()
        let server = try PostgresServer(night.workspace)
        try server.importShop(night)
        try night.publish()
        try night.publish(asOf: "2025-09-01T02:00:00Z")
        let before = try server.export("bookings", orderedBy: "booking_id")
        let sql = try script(night)
        #expect(!sql.contains("INSERT") && !sql.contains("UPDATE"))
        try server.execute(sql)
        #expect(try server.export("bookings", orderedBy: "booking_id") == before)
    }

    @Test func nightsThatNobodyLoadedAreGathered() throws {
        let night = try Night.tours()
        let server = try PostgresServer(night.workspace)
        try server.importShop(night)
        let first = try night.publish()
        // A quiet night follows, and nobody has loaded the first.
        try night.publish(asOf: "2025-09-01T02:00:00Z")
        let sql = try script(night, ["--unloaded"])
        let made =
            try first.table("new_bookings.csv")["booking_id"]
            + first.table("new_tickets.csv")["ticket_id"]
        #expect(made.count == 18)
        #expect(made.allSatisfy { sql.contains("('\($0)', ") })
        try server.execute(sql)
        try server.exportShop(night)
        // What the dumps show has been loaded; what the shop removes afterwards stays away.
        let third = try night.publish(asOf: "2025-09-02T02:00:00Z")
        #expect(try third.table("carried/emissions.csv").rows.isEmpty)
        let last = try script(night, ["--unloaded"])
        #expect(!last.contains("INSERT") && !last.contains("UPDATE"))
        let both = try Launch(
            program: Project.trueup,
            arguments: ["load-sql", night.out, "--unloaded", "--run", first.name]
        ).run()
        #expect(both.code == 2)
    }

    @Test func aKeyThatARowLeavesEmptyIsRefused() throws {
        let night = try Night.tours()
        try night.redefine(
            "    key: booking_id\n    columns:\n      booking_id: booking_id\n",
            "    key: item\n    columns:\n      item: item_id\n      booking_id: booking_id\n")
        try night.redefine("unidentified: review", "unidentified: emit")
        try night.publish()
        let ending = try Launch(program: Project.trueup, arguments: ["load-sql", night.out]).run()
        expectFailure(ending, saying: ["the key of its table", "bookings.item"])
    }
}
