import Foundation
import Testing

/// A row that cannot be a record, and what is said of it.
struct BadRow: Sendable, CustomTestStringConvertible {
    var file: String
    /// The row without its line end.
    var raw: Data
    /// The header of the value that is wrong; empty where the row is.
    var column: String
    var reason: String

    var testDescription: String { "\(file): \(reason) \(column)" }

    init(_ file: String, _ raw: String, _ column: String, _ reason: String) {
        self.init(file, Data(raw.utf8), column, reason)
    }

    init(_ file: String, _ raw: Data, _ column: String, _ reason: String) {
        self.file = file
        self.raw = raw
        self.column = column
        self.reason = reason
    }

    /// A payment of which one field is replaced.
    static func payment(_ column: String, _ value: String, _ reason: String) -> BadRow {
        let header = [
            "payment_id", "reference", "user_email", "amount", "currency", "status", "created_at",
            "completed_at", "description", "metadata", "gateway",
        ]
        let row = [
            "PAY-9001", "TGH-9001", "ama@example.com", "10.00", "GHS", "successful",
            "2025-08-30T10:00:00Z", "2025-08-30T10:01:00Z", "x", "{}", "mtn-momo",
        ]
        let text = zip(header, row).map { CSVTable.quoted($0 == column ? value : $1) }
        return BadRow("payments.csv", text.joined(separator: ","), column, reason)
    }
}

/// Rows that cannot be records: few are laid aside, many fail the run.
@Suite struct BadRowsTests {
    static let amounts = [
        BadRow.payment("amount", "12,x", "not a decimal amount"),
        .payment("amount", "1e3", "not a decimal amount"),
        .payment("amount", "NaN", "not a decimal amount"),
        .payment("amount", "Infinity", "not a decimal amount"),
        .payment("amount", "0x10", "not a decimal amount"),
        .payment("amount", "10.", "not a decimal amount"),
        .payment("amount", "1 0.00", "not a decimal amount"),
        .payment("amount", "٣٫٠٠", "not a decimal amount"),
        .payment("amount", "", "a required value is empty"),
        .payment("amount", "99999999999999999999.00", "beyond the largest amount"),
        .payment("amount", "10000000000000.01", "beyond the largest amount"),
        .payment("amount", "-10.00", "a negative amount"),
        .payment("amount", "10.005", "more decimals than the currency has"),
    ]

    static let words = [
        BadRow.payment("status", "sucessful", "an unknown status"),
        .payment("status", "", "a required value is empty"),
        .payment("currency", "GHC", "not a currency"),
        .payment("currency", "cedi", "not a currency"),
        .payment("payment_id", "", "a required value is empty"),
        .payment("user_email", " ", "a required value is empty"),
        .payment("created_at", "2025-02-29T10:00:00Z", "a time that does not exist"),
        .payment("created_at", "2025-08-30T25:00:00Z", "a time that does not exist"),
        .payment("created_at", "yesterday", "not a time that is understood"),
        .payment("created_at", "", "a required value is empty"),
        .payment("completed_at", "2025-13-01T10:00:00Z", "a time that does not exist"),
        .payment("payment_id", String(repeating: "P", count: 5000), "longer than an id can be"),
        BadRow(
            "momo-2025-08.csv", "25069,TGH-X,charge,DONE,1.00,0.01,GHS,2025-08-30T10:00:00Z",
            "status", "an unknown state"),
        BadRow(
            "momo-2025-08.csv", "25069,TGH-X,tip,SUCCESSFUL,1.00,0.01,GHS,2025-08-30T10:00:00Z",
            "type", "an unknown type"),
        BadRow(
            "momo-2025-08.csv", "25069,,charge,SUCCESSFUL,1.00,0.01,GHS,2025-08-30T10:00:00Z",
            "external_id", "a required value is empty"),
        BadRow(
            "bookings.csv", "BKG-9,,a@example.com,x,destination,1,1.00,GHS,booked,2025-08-30,",
            "status", "an unknown status"),
    ]

    static let shapes = [
        BadRow("payments.csv", "PAY-9001,TGH-9001", "", "fewer fields than the header has"),
        BadRow(
            "bookings.csv", String(repeating: ",", count: 40), "",
            "more fields than the header has"),
        BadRow(
            "payments.csv", Data("PAY-9001,TGH-\u{0}1,a@example.com,1,GHS,failed,,,,,".utf8), "",
            "a NUL byte"),
        BadRow(
            "payments.csv",
            Data("PAY-9001,TGH-".utf8) + [0xC3, 0x28]
                + Data(",a@example.com,1,GHS,failed,,,,,".utf8),
            "", "not valid UTF-8"),
        BadRow(
            "bookings.csv",
            Data("BKG-9,".utf8) + [0xED, 0xA0, 0x80] + Data(",a@example.com,,,,1,GHS,open,,".utf8),
            "", "not valid UTF-8"),
    ]

    @Test(arguments: amounts + words + shapes)
    func isLaidAsideExactlyAsItStands(row: BadRow) throws {
        let night = try Night.tours()
        let path = night.dumps + "/" + row.file
        let whole = try Files.bytes(path)
        // A good row stands behind it, so that the reading is seen to go on.
        let end = try #require(whole.dropLast().lastIndex(of: 0x0A))
        try Files.write(whole[...end] + row.raw + [0x0A] + whole[(end + 1)...], to: path)
        let run = try night.publish()
        let rejects = try Files.bytes(run.folder + "/rejects.csv")
        let lines = try CSVTable(bytes: Array(rejects), name: "rejects.csv")
        try #require(lines.rows.count == 1)
        let line = whole[...end].count { $0 == 0x0A } + 1
        #expect(lines["file"] == [row.file])
        #expect(lines["line"] == [String(line)])
        #expect(lines["column"] == [row.column])
        #expect(lines["reason"][0].contains(row.reason), "\(lines["reason"])")
        #expect(lines["raw"][0] == defused(String(decoding: row.raw, as: UTF8.self)))
        // Bytes that are no text would make the file unreadable for everybody.
        #expect(String(data: Data(rejects), encoding: .utf8) != nil)
        try expectRowsConserved(run, night, rejected: [row.file: 1])
        let before = try Night.tours().publish()
        #expect(try run.figures() == before.figures())
    }

    /// As it is written where a spreadsheet may open it.
    private func defused(_ text: String) -> String {
        "=+-@".contains(text.first ?? " ") ? "'" + text : text
    }

    /// Every row of every file is a record, a repeated row or a reject.
    private func expectRowsConserved(
        _ run: PublishedRun, _ night: Night, rejected: [String: Int]
    ) throws {
        let inputs = try #require(try run.json("run.json")["inputs"] as? [[String: Any]])
        #expect(inputs.count == 6)
        for input in inputs {
            let file = text(of: input["file"])
            let counts = try ["rows", "records", "repeated", "rejected"].map {
                try #require(input[$0] as? Int)
            }
            #expect(counts[0] == counts[1] + counts[2] + counts[3], "\(file)")
            #expect(counts[3] == rejected[file] ?? 0, "\(file)")
            if rejected[file] == nil {
                #expect(try counts[0] == night.dump(file).rows.count, "\(file)")
            }
        }
    }

    @Test func severalBadRowsBelowOneInAHundredAreListedInTheirOrder() throws {
        let night = try Night.tours()
        try night.edit("momo-2025-07.csv") {
            $0.replacing("SUCCESSFUL,1000.00", with: "OK,1000.00")
        }
        let sums = try night.dump("momo-2025-07.csv")["status"].count { $0 == "OK" }
        try #require(sums > 1)
        try night.redefine("timezone: Africa/Accra", "timezone: Africa/Accra\nmax_rejects: 20")
        let run = try night.publish()
        let rejects = try run.table("rejects.csv")
        #expect(rejects.rows.count == sums)
        let lines = rejects["line"].compactMap(Int.init)
        #expect(lines == lines.sorted() && lines.count == sums)
        let source = try Files.text(night.dumps + "/momo-2025-07.csv").split(separator: "\n")
        for (line, raw) in zip(lines, rejects["raw"]) { #expect(source[line - 1] == raw) }
        try expectRowsConserved(run, night, rejected: ["momo-2025-07.csv": sums])
    }

    @Test(arguments: [(2, 3 as Int32), (3, 1)])
    func moreThanOneInAHundredFailsTheRun(bad: Int, code: Int32) throws {
        let published = try PublishedNight(Night.tours())
        let night = published.night
        // With them there are 259 or 260 payments.
        let row = String(decoding: BadRow.payment("amount", "1e3", "").raw, as: UTF8.self)
        try night.append(Array(repeating: row, count: bad), to: "payments.csv")
        let ending = try night.run()
        guard code == 1 else {
            #expect(ending.code == code, "\(ending.errors)")
            return
        }
        expectFailure(
            ending,
            saying: [
                "payments.csv:262: error", "3 of 260 payments", "at most 1 %", "`amount`",
                "max_rejects",
            ])
        #expect(!ending.errors.contains("ama@example.com"))
        try published.expectUntouched()
    }

    @Test func aQuoteThatIsNeverClosedTakesOnlyItsOwnRow() throws {
        let night = try Night.tours()
        try night.edit("payments.csv") { $0 + "PAY-9001,TGH-9001,\"a@example.com,1.00,GHS" }
        let rejects = try night.publish().table("rejects.csv")
        #expect(rejects["line"] == ["262"])
        #expect(rejects["reason"] == ["a quote is opened and never closed"])
        #expect(rejects["raw"] == ["PAY-9001,TGH-9001,\"a@example.com,1.00,GHS"])
    }

    @Test func aQuoteThatIsOpenedEarlyTakesOnlyItsOwnRow() throws {
        let night = try Night.tours()
        let row = "25060110159,TGH-250601-PJ5QEB,charge"
        try night.edit("momo-2025-07.csv") { text in
            text.replacing(row, with: "25060110159,\"TGH-250601-PJ5QEB,charge")
        }
        let run = try night.publish()
        let rejects = try run.table("rejects.csv")
        #expect(rejects["line"] == ["3"])
        #expect(rejects["reason"] == ["a quote is opened and never closed"])
        #expect(rejects["raw"].allSatisfy { $0.hasPrefix("25060110159,\"TGH-250601-PJ5QEB,") })
        try expectRowsConserved(run, night, rejected: ["momo-2025-07.csv": 1])
        // Its payment is the only one that lost its settlement.
        let breaks = try run.table("breaks.csv")
        let missing = breaks.rows(where: "code", is: "missing_settlement")
        #expect(missing.map { breaks.value($0, "payment_id") } == ["PAY-1002", "PAY-1203"])
    }

    @Test func linesAreCountedThroughQuotedLineBreaks() throws {
        let night = try Night.tours()
        let header = try night.dump("payments.csv").header
        var table = try night.dump("payments.csv")
        table.rows = Array(table.rows.prefix(150)).map { row in
            var row = row
            row[8] = "one\r\ntwo\n\nfour"
            return row
        }
        try night.write(table, "payments.csv")
        try night.append(["PAY-9001,\"TGH\n\n1\",x"], to: "payments.csv")
        #expect(table.header == header)
        let rejects = try night.publish(["--fail-on", "never"]).table("rejects.csv")
        // The header, 150 rows of four lines, and it begins on the next.
        #expect(rejects["line"] == ["602"])
        #expect(rejects["raw"] == ["PAY-9001,\"TGH\n\n1\",x"])
    }

    @Test func aFieldOfAHundredMegabytesCostsLittleMemory() throws {
        let night = try Night.tours()
        let path = night.dumps + "/payments.csv"
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("PAY-9001,\"".utf8))
        let megabyte = Data(repeating: UInt8(ascii: "a"), count: 1 << 20)
        for _ in 0..<100 { try handle.write(contentsOf: megabyte) }
        try handle.write(contentsOf: Data("\",a@example.com,1.00,GHS,failed,,,,,\n".utf8))
        try handle.close()
        let ending = try night.run(["--threads", "2"])
        #expect(ending.code == 3, "\(ending.errors.prefix(2000))")
        #expect((16 << 20..<256 << 20).contains(ending.peakMemory), "\(ending.peakMemory) bytes")
        let run = try night.latest()
        let rejects = try run.table("rejects.csv")
        #expect(rejects["line"] == ["262"])
        #expect(rejects["reason"].allSatisfy { $0.contains("longer than 16 MiB") })
        #expect(rejects["raw"].allSatisfy { $0.utf8.count <= 1 << 20 })
        #expect(try run.made().count == 18)
    }

    @Test func aSumBeyondWhatCanBeCountedFailsTheRun() throws {
        let published = try PublishedNight(Night.tours())
        let rows = (0..<2400).map { index in
            "PAY-8\(index),TGH-8\(index),a@example.com,9999999999999.99,GHS,failed,"
                + "2025-08-30T10:00:00Z,,,,"
        }
        try published.night.append(rows, to: "payments.csv")
        expectFailure(try published.night.run(), saying: ["payments.csv: error", "add up"])
        try published.expectUntouched()
    }
}
