import Definition
import Diagnostics
import Foundation
import Ingestion
import Money
import Parallel
import Records
import TestKit
import Testing
import Time

@testable import Guessing

/// What `trueup init` guesses, held against what dumps are known to hold.
@Suite struct GuessTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../..").standardized

    /// A guessed definition, and what is read by it.
    private struct Guess {
        let text: String
        let definition: PipelineDefinition
        let ingested: IngestedDumps

        init(folder: String) throws {
            text = try Guesser(folder: folder).definition
            definition = try PipelineDefinition.parse(
                text: text, file: "guess.yaml", isKnownZone: Zone.isKnown)
            ingested = try Guess.ingest(definition, folder)
        }

        static func ingest(_ definition: PipelineDefinition, _ folder: String) throws
            -> IngestedDumps
        {
            var definition = definition
            definition.maxRejects = try #require(Rate(percent: "100"))
            return try Ingester(
                definition: definition,
                files: try InputFiles(folder: folder, definition: definition), zone: .utc,
                key: FingerprintKey(), workers: Workers(count: 1)
            ).ingest { _ in
                nil
            } checkStopped: {
            }
        }
    }

    private static func counts(_ ingested: IngestedDumps) -> [String: Int] {
        let tables = ingested.tables
        return [
            "payments": tables.payments.count, "settlements": tables.settlements.count,
            "bookings": tables.bookings.count, "orders": tables.orders.count,
            "sessions": tables.sessions.count, "catalogue": tables.catalogue.count,
            "rejects": ingested.rejects.count,
        ]
    }

    /// The same records come out as by the definition that somebody wrote.
    @Test(arguments: [
        ("samples/tours", "tours"), ("samples/auctions", "auctions"),
        ("samples/services", "services"),
        ("samples/month-end/2026-03-03", "month-end"),
    ])
    func aSampleIsReadAsByItsOwnDefinition(folder: String, pipeline: String) throws {
        let path = Self.root.appending(path: folder).path
        let own = try PipelineDefinition.load(
            path: Self.root.appending(path: "pipelines/\(pipeline).yaml").path,
            isKnownZone: Zone.isKnown)
        let guess = try Guess(folder: path)
        let expected = Self.counts(try Guess.ingest(own, path))
        #expect(Self.counts(guess.ingested) == expected)
        #expect(guess.definition.currency == own.currency || pipeline == "month-end")
        for kind in [RecordKind.payments, .settlements, .bookings] {
            let guessed = guess.definition.inputs[kind]?.first?.columns ?? [:]
            for (field, source) in own.inputs[kind]?.first?.columns ?? [:]
            where field == "id" || field == "reference" || field == "user" || field == "payment" {
                guard case .headers(let names) = source, case .headers(let found) = guessed[field]
                else { continue }
                #expect(names.contains(found[0]), "\(kind).\(field)")
            }
        }
    }

    @Test(arguments: ["tours", "auctions", "services", "stuck", "charging"])
    func nobodysDataStandsInADefinition(sample: String) throws {
        let folder = Self.root.appending(path: "samples/\(sample)").path
        let text = try Guesser(folder: folder).definition
        #expect(!text.contains("@"))
        #expect(!text.contains("PAY-"))
    }

    private static let payments = """
        payment_id,email,amount,status,created_at
        p1,a@example.com,10.00,succeeded,2026-01-01T00:00:00Z
        p2,b@example.com,20.00,succeeded,2026-01-02T00:00:00Z
        p3,c@example.com,30.00,succeeded,2026-01-03T00:00:00Z

        """

    private func guess(_ files: [String: String]) throws -> Guess {
        let folder = try DumpFolder()
        for (name, text) in files { try folder.write(name, text) }
        return try Guess(folder: folder.path)
    }

    private func text(_ files: [String: String]) throws -> String {
        let folder = try DumpFolder()
        for (name, text) in files { try folder.write(name, text) }
        return try Guesser(folder: folder.path).definition
    }

    @Test func notationsOfAGermanExportAreSeen() throws {
        let guess = try guess([
            "payments.csv": Self.payments,
            "settlements.csv": """
            Auszug;Januar
            Konto;Beispiel

            entry_id;paymentId;grossAmount;fee;created
            s1;p1;1.010,00;0,30;01.01.2026 10:00:00
            s2;p2;20,00;0,60;13.01.2026 11:00:00
            s3;p3;30,00;0,90;14.01.2026 12:00:00

            """,
        ])
        #expect(guess.text.contains("numbers: {decimal: \",\"}"))
        #expect(guess.text.contains("dates: {pattern: [\"DD.MM.YYYY HH:mm:ss\"]}"))
        #expect(guess.ingested.rejects.isEmpty)
        #expect(guess.ingested.tables.settlements.rows.map(\.gross) == [101_000, 2000, 3000])
        #expect(guess.text.contains("100 % of its values stand in payment_id of the payments"))
    }

    @Test func aMonthThatCouldBeADayIsUnsure() throws {
        let text = try text([
            "payments.csv": Self.payments,
            "settlements.csv":
                "id,reference,amount,date\ns1,p1,1.00,03/04/2026\ns2,p2,1.00,05/06/2026\n",
        ])
        #expect(text.contains("# ? the month could stand first as well"))
        let sure = try self.text([
            "payments.csv": Self.payments,
            "settlements.csv":
                "id,reference,amount,date\ns1,p1,1.00,03/04/2026\ns2,p2,1.00,25/06/2026\n",
        ])
        #expect(sure.contains("DD/MM/YYYY"))
        #expect(!sure.contains("the month could"))
    }

    /// What a preset leaves to its user is guessed too.
    @Test func whatAReportDoesNotStateIsGuessed() throws {
        let header = [
            "Date", "Time", "TimeZone", "Type", "Status", "Currency", "Gross", "Fee", "Net",
            "Transaction ID", "Reference Txn ID", "Invoice Number", "Custom Number",
            "Balance Impact",
        ]
        func report(_ day: String) -> [String: String] {
            let row = [
                day, "10:00:00", "CET", "General Payment", "Completed", "EUR", "1.594,36",
                "-55,80", "1.538,56", "T1", "", "INV-1", "", "Credit",
            ]
            let lines = [header, row].map { cells in
                cells.map { "\"\($0)\"" }.joined(separator: ",") + "\n"
            }
            return ["payments.csv": Self.payments, "paypal.csv": lines.joined()]
        }
        let guess = try guess(report("05/03/2026"))
        let settlements = guess.ingested.tables.settlements.rows
        #expect(settlements.map(\.net) == [153_856])
        #expect(settlements.map { TimeText.text($0.occurred) } == ["2026-03-05T09:00:00Z"])
        #expect(guess.text.contains("# ? a comma stands before the decimals; the month could"))
        let sure = try self.guess(report("03/25/2026"))
        #expect(
            sure.ingested.tables.settlements.rows.map { TimeText.text($0.occurred) }
                == ["2026-03-25T09:00:00Z"])
        #expect(!sure.text.contains("the month could"))
    }

    @Test func unknownWordsAndMissingColumnsAreMarked() throws {
        let text = try text([
            "payments.csv": """
            payment_id,amount,status,created_at,paid_by
            p1,10.00,PAID,2026-01-01T00:00:00Z,7
            p2,20.00,LIMBO,2026-01-02T00:00:00Z,8

            """,
            "bookings.csv": "id,user,amount,status\nb1,a@example.com,10.00,confirmed\n",
        ])
        #expect(text.contains("succeeded: [PAID]"))
        #expect(text.contains("# ? status: rows are rejected until this is mapped: LIMBO"))
        #expect(
            text.contains(
                "# ? user: required, and no column looks like it; there are also paid_by"))
    }

    /// An order in a state of the shop's own is taken for an open one, which may be wrong.
    @Test func unknownStatesOfOrdersAreMarked() throws {
        let text = try text([
            "payments.csv": """
            payment_id,user,amount,status,created_at,order_id
            p1,a@example.com,10.00,PAID,2026-01-01T00:00:00Z,o1

            """,
            "carts.csv": """
            order_id,user,amount,status
            o1,a@example.com,10.00,ORDERED
            o2,a@example.com,10.00,PAID

            """,
        ])
        #expect(
            text.contains("# ? status: rows are still to be paid until this is mapped: ORDERED"))
    }

    /// Headers are others' texts: whatever they hold, the definition is YAML, and means them.
    @Test(arguments: [
        "a: b", "#1 amount", "- amount", "amount \"net\"", "amount # x", "{amount}", "true",
        "amount\\n", "*amount", "betrag €", "'amount", "amount\u{85}x", "amount\u{2028}x",
    ])
    func hostileHeadersStayHeaders(header: String) throws {
        let quoted = "\"" + header.replacing("\"", with: "\"\"") + "\""
        let guess = try guess([
            "payments.csv":
                "payment_id,email,amount,status,created_at,\(quoted)\n"
                + "p1,a@example.com,10.00,succeeded,2026-01-01T00:00:00Z,x\n",
            "bookings.csv":
                "id,user,amount,status,\(quoted)\nb1,a@example.com,10.00,confirmed,tour\n",
        ])
        #expect(guess.ingested.tables.payments.count == 1)
        let scalar = YAMLText.scalar(header)
        let parsed = try PipelineDefinition.parse(
            text: """
                name: t
                currency: EUR
                timezone: UTC
                inputs:
                  payments: {files: p, columns: {description: \(scalar)}}
                  bookings: {files: b}

                """, file: "t.yaml", isKnownZone: Zone.isKnown)
        #expect(
            parsed.inputs[.payments]?.first?.columns["description"] == .headers([header]))
    }

    /// What means something in a glob stands for itself.
    @Test(arguments: ["book*ings[1].csv", "bookings?.csv", "book\\ings.csv", "bookings (1).csv"])
    func aFileOfAnyNameIsFound(name: String) throws {
        let guess = try guess([
            "payments.csv": Self.payments,
            name: "id,user,amount,status\nb1,a@example.com,10.00,confirmed\n",
        ])
        #expect(guess.ingested.tables.bookings.count == 1)
    }

    @Test func nightlyFilesAreTakenTogether() throws {
        let line = "id,reference,amount,date\n"
        let text = try text([
            "payments.csv": Self.payments,
            "gateway-2026-01-01.csv": line + "s1,p1,10.00,2026-01-01\n",
            "gateway-2026-02-01.csv": line + "s2,p2,10.00,2026-01-02\n",
        ])
        #expect(text.contains("files: gateway-*.csv"))
    }

    @Test func whatIsNoDumpIsSaidToBeNone() throws {
        let text = try text([
            "payments.csv": Self.payments, "notes.txt": "hello\n", "empty.csv": "",
        ])
        #expect(text.contains("# not read: notes.txt"))
        #expect(text.contains("# not read: empty.csv"))
        #expect(text.contains("# ? settlements: no file looks like them, nor like bookings"))
    }

    @Test func aFolderWithoutDumpsFails() throws {
        let folder = try DumpFolder()
        #expect(throws: TrueupError.self) { try Guesser(folder: folder.path) }
        try folder.write("a.txt", "x")
        #expect(throws: TrueupError.self) { try Guesser(folder: folder.path) }
        #expect(throws: TrueupError.self) { try Guesser(folder: folder.path + "/none") }
    }

    /// What Excel saves as CSV, and what is packed, is guessed as what it would be as plain UTF-8.
    @Test func dumpsInAnotherEncodingAreGuessedWithIt() throws {
        let folder = try DumpFolder()
        let text =
            "id,user_email,amount,currency,status,created_at,description\n"
            + (1...30).map {
                "P\($0),u\($0)@example.com,\($0).50,EUR,succeeded,2025-08-01T10:00:00Z,Führung\n"
            }.joined()
        let bytes = try #require(text.data(using: .windowsCP1252))
        try folder.write("payments.csv", Array(bytes))
        let lines = "id,reference,gross,currency,settled_on\nL1,P1,1.50,EUR,2025-08-02\n"
        try folder.write(
            "settlements.csv", [0xFF, 0xFE] + lines.utf16.flatMap { [UInt8($0 & 0xFF), 0] })
        let guess = try Guess(folder: folder.path)
        #expect(guess.text.contains("    format:\n"))
        #expect(guess.text.contains("      encoding: windows-1252"))
        #expect(guess.text.split(separator: "encoding:").count == 2)
        #expect(guess.ingested.tables.payments.count == 30)
        #expect(guess.ingested.tables.settlements.count == 1)
        #expect(guess.ingested.rejects.isEmpty)
    }
}
