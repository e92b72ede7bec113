import Ingestion
import Records
import Testing
import Time

/// How files are written that are no plain CSV of plain values.
@Suite struct FormatTests {
    static let row = "id,reference,gross\nA,R1,7\n"

    @Test(arguments: [",", ";", "\t", "|"])
    func delimitersAreFoundOut(delimiter: String) throws {
        let text = FormatTests.row.replacing(",", with: delimiter)
        #expect(try Export(.settlements, "", text).records("id", "gross") == ["A | 7"])
    }

    @Test func aDelimiterThatIsGivenIsTheOnlyOne() throws {
        let text = FormatTests.row.replacing(",", with: ";")
        #expect(
            try Export(.settlements, "format: {delimiter: \";\"}", text).records("id") == ["A"])
        #expect(
            failure { try Export(.settlements, "format: {delimiter: \"|\"}", text) }
                .contains("the header has not the columns of settlements"))
    }

    @Test func theHeaderIsFoundByItsContent() throws {
        let text = """
            Account statement;for;May

            Owner: Ama
            Period,1,2,3
            id,reference,gross
            A,R1,7
            """
        let export = try Export(.settlements, "", text)
        #expect(try export.records("id", "gross") == ["A | 7"])
        #expect(export.ingested.tables.settlements.rows.map(\.line) == [6])
        let none = failure {
            try Export(.settlements, "", "Period,1\nid,reference,Gross amount\nA,R1,7\n")
        }
        #expect(none.contains("export.csv:2"), "\(none)")
        #expect(none.contains("`gross` for gross"))
    }

    @Test func withoutHeaderColumnsAreCalledByTheirNumbers() throws {
        let export = try Export(
            .settlements,
            "columns: {id: 1, reference: 3, gross: 2}\nformat: {header: none}",
            "A,7,R1\nB,8,R2\nC,8\n")
        #expect(try export.records("id", "gross") == ["A | 7", "B | 8"])
        #expect(export.rejects == ["3 - too_few_fields"])
    }

    @Test func rowsHaveTypes() throws {
        let export = try Export(
            .settlements,
            """
            columns: {id: Transaction ID, reference: Invoice ID, gross: Gross}
            format: {records: {column: 1, header: CH, row: [SB]}}
            """,
            """
            "RH",2026/01/06 00:00:00 -0800,"A"
            "FH",1
            "SH","Transaction ID","Invoice ID"
            "CH","Transaction ID","Invoice ID","Gross"
            "SB",T1,R1,5
            "SB",T2,R2
            "SF","CR",5
            "SC",2
            "RF","CR",5
            """)
        #expect(try export.records("id", "gross") == ["T1 | 5"])
        #expect(export.rejects == ["6 - too_few_fields"])
        #expect(export.leftOut == 3)
    }

    @Test(arguments: [
        ("blank_line", "\nid,reference,fee\nB,R2,1\nC,R3,1\n", 3),
        ("other_width", "Total,7\nC,R3,1\n", 2),
    ])
    func aTableEndsBeforeItsFile(end: String, rest: String, leftOut: Int) throws {
        let export = try Export(
            .settlements, "format: {ends: \(end)}", FormatTests.row + rest)
        #expect(try export.records("id") == ["A"])
        #expect(export.leftOut == leftOut)
        #expect(export.rejects.isEmpty)
    }

    @Test func aRepeatedHeaderIsNoRow() throws {
        let export = try Export(
            .settlements, "skip: {id: Total}", FormatTests.row + FormatTests.row + "B,R2,1\n")
        #expect(try export.records("id") == ["A", "B"])
        #expect(export.leftOut == 1)
    }

    @Test func numbersHaveDecimalCommas() throws {
        let export = try Export(
            .settlements, "format: {numbers: {decimal: \",\"}}",
            """
            id;reference;gross;fee
            A;R1;1.594,36;-0,5
            B;R2;(12,00);+1
            C;R3;1,594.36;
            D;R4;€ 2.647,74;0,35 EUR
            E;R5;1'000;0,355
            F;R6;12,30-;
            """, currency: "EUR")
        #expect(
            try export.records("id", "gross", "fee") == [
                "A | 1594.36 | -0.5", "D | 2647.74 | 0.35",
            ])
        #expect(
            export.rejects == [
                "3 gross negative_amount", "4 gross malformed_amount", "6 fee too_many_decimals",
                "7 gross negative_amount",
            ])
    }

    @Test(arguments: [
        ("unit: minor", "EUR", "1050", "10.5"), ("unit: minor", "JPY", "1050", "1050"),
        ("unit: minor", "KWD", "1050", "1.05"), ("implied_decimals: 2", "EUR", "1050", "10.5"),
        ("implied_decimals: 2", "JPY", "105000", "1050"),
    ])
    func unitsAreMinorOnes(unit: String, currency: String, text: String, amount: String) throws {
        let export = try Export(
            .settlements, "format: {numbers: {\(unit)}}",
            "id,reference,currency,gross\nA,R1,\(currency),\(text)\n")
        #expect(try export.records("gross") == [amount])
    }

    @Test func impliedDecimalsThatTheCurrencyDoesNotHaveAreRefused() throws {
        let export = try Export(
            .settlements, "format: {numbers: {implied_decimals: 2}}",
            "id,reference,currency,gross\nA,R1,JPY,105050\n")
        #expect(export.rejects == ["2 gross too_many_decimals"])
    }

    @Test(arguments: [
        ("DD-MM-YYYY", "05-02-2026", "2026-02-04T18:30:00Z"),
        ("DD/MM/YYYY HH:mm:ss", "05/02/2026 10:00:05", "2026-02-05T04:30:05Z"),
        ("DD-MMM-YYYY hh:mm:ss AM", "05-May-2026 05:26:03 PM", "2026-05-05T11:56:03Z"),
        ("YYYY/MM/DD HH:mm:ss ZZ", "2026/01/06 00:00:30 -0800", "2026-01-06T08:00:30Z"),
        ("[DD.MM.YY, epoch]", "1767225600", "2026-01-01T00:00:00Z"),
        ("[epoch_ms, iso]", "2026-01-06T00:00:00Z", "2026-01-06T00:00:00Z"),
    ])
    func timesHavePatternsAndAZone(pattern: String, text: String, moment: String) throws {
        let export = try Export(
            .settlements, "format: {dates: {pattern: \(pattern), zone: Asia/Kolkata}}",
            "id,reference,gross,occurred_at\nA,R1,7,\(text)\n")
        #expect(try export.records("occurred_at") == [moment])
    }

    @Test func daysAreDaysAndMomentsAreOfTheBusiness() throws {
        let export = try Export(
            .settlements,
            "format: {dates: {pattern: [DD.MM.YYYY, DD.MM.YYYY HH:mm], zone: \"-08:00\"}}",
            """
            id,reference,gross,settled_on
            A,R1,7,31.12.2025
            B,R2,7,31.12.2025 23:30
            C,R3,7,31.11.2025
            D,R4,7,2025-12-31
            """)
        #expect(try export.records("settled_on") == ["2025-12-31", "2026-01-01T07:30:00Z"])
        #expect(export.rejects == ["4 settled_on no_such_time", "5 settled_on malformed_time"])
        let days = export.ingested.tables.settlements.rows.map { $0.settledOn.parts }
        #expect(days.map(\.day) == [31, 1])
    }

    @Test func midnightIsHowADayIsWrittenWhereEveryDateHasATime() throws {
        let export = try Export(
            .settlements, "format: {dates: {zone: UTC}}",
            """
            id,reference,gross,settled_on
            A,R1,7,2026-01-05 00:00:00
            B,R2,7,2026-01-05 00:00:01
            C,R3,7,2026-01-05T00:00:00+02:00
            """, timezone: "America/New_York")
        let days = export.ingested.tables.settlements.rows.map { $0.settledOn.parts.day }
        #expect(days == [5, 4, 4])
    }

    @Test(arguments: [
        "created_utc", "Created (UTC)", "Created date (utc)", "CREATED UTC", "utc",
    ])
    func aColumnThatSaysSoIsInUTC(header: String) throws {
        let text = "id,reference,gross,\(header)\nA,R1,7,2026-01-05 10:00:00\n"
        for format in ["", "\nformat: {dates: {zone: Asia/Tokyo}}"] {
            let export = try Export(
                .settlements, "columns: {occurred_at: \(header)}" + format, text,
                timezone: "America/New_York")
            #expect(try export.records("occurred_at") == ["2026-01-05T10:00:00Z"])
        }
    }

    @Test(arguments: ["Created (UTC+2)", "nutc", "utc_offset", "created"])
    func otherColumnsAreInTheZoneOfTheFile(header: String) throws {
        let export = try Export(
            .settlements,
            "columns: {occurred_at: \(header)}\nformat: {dates: {zone: Asia/Tokyo}}",
            "id,reference,gross,\(header)\nA,R1,7,2026-01-05 10:00:00\n")
        #expect(try export.records("occurred_at") == ["2026-01-05T01:00:00Z"])
    }

    @Test func ofSeveralColumnsAllMustSaySo() throws {
        let export = try Export(
            .settlements,
            """
            columns: {occurred_at: {first: [a_utc, b]}, settled_on: {join: [Day, Time (UTC)]}}
            format: {dates: {zone: Asia/Tokyo}}
            """,
            "id,reference,gross,a_utc,b,Day,Time (UTC)\nA,R1,7,,2026-01-05 10:00,2026-01-05,20:00\n",
            timezone: "Asia/Tokyo")
        #expect(try export.records("occurred_at") == ["2026-01-05T01:00:00Z"])
        #expect(export.ingested.tables.settlements.rows[0].settledOn.parts.day == 6)
    }

    @Test func aColumnTellsTheZone() throws {
        let export = try Export(
            .settlements,
            """
            format:
              dates:
                zone: {column: TimeZone, names: {"Eastern Time (US & Canada)": America/New_York}}
            """,
            """
            id,reference,gross,occurred_at,TimeZone
            A,R1,7,2026-07-01 12:00:00,PDT
            B,R2,7,2026-07-01 12:00:00,Eastern Time (US & Canada)
            C,R3,7,2026-07-01 12:00:00,+05:30
            D,R4,7,2026-07-01 12:00:00,GMT+2
            E,R5,7,2026-07-01 12:00:00,XYZ
            """)
        #expect(
            try export.records("occurred_at") == [
                "2026-07-01T19:00:00Z", "2026-07-01T16:00:00Z", "2026-07-01T06:30:00Z",
                "2026-07-01T10:00:00Z",
            ])
        #expect(export.rejects == ["6 occurred_at unknown_zone"])
    }

    @Test func totalsMustAgreeWithTheirRows() throws {
        let source = """
            columns: {gross: Amount}
            format: {totals: {row: {id: [Total]}, columns: [Amount, Fee]}}
            """
        let rows = "id,reference,Amount,Fee\nA,R1,5.00,0.10\nB,R2,6.00,0.20\n"
        let export = try Export(.settlements, source, rows + "Total,,11.00,0.30\n")
        #expect(try export.records("id") == ["A", "B"])
        #expect(export.leftOut == 1)
        let wrong = failure { try Export(.settlements, source, rows + "Total,,11.00,0.31\n") }
        #expect(wrong.contains("export.csv:4"), "\(wrong)")
        #expect(wrong.contains("0.30 in `Fee`"))
        #expect(wrong.contains("0.31"))
        #expect(failure { try Export(.settlements, source, rows) }.contains("no row of totals"))
    }

    @Test func idsThatASpreadsheetRoundedAreRefused() throws {
        let export = try Export(
            .settlements, "",
            """
            id,reference,gross
            1.2302025304E+022,R1,1
            A,1.23E+10,1
            12E-34,R3,1
            1E+5X,R4,1
            B,R5,1.5E+03
            """)
        #expect(try export.records("id") == ["12E-34", "1E+5X"])
        #expect(
            export.rejects == [
                "2 id scientific_notation", "3 reference scientific_notation",
                "6 gross scientific_notation",
            ])
    }

    @Test(arguments: ["A,R1,7\nB,R2", "A,R1,7\nB,\"R2,7", "A,R1,7\nB,\"R\n2"])
    func aFileThatEndsWithinARowLosesThatRowAlone(rows: String) throws {
        let export = try Export(.settlements, "", "id,reference,gross\n" + rows)
        #expect(try export.records("id") == ["A"])
        #expect(!export.rejects.isEmpty)
        #expect(export.rejects.allSatisfy { !$0.hasPrefix("2 ") })
    }

    @Test(arguments: ["\n", "\r\n", "\r"])
    func lineEndsDoNotMatterAndQuotedOnesAreText(end: String) throws {
        let text = ["id,reference,gross,payout", "A,R1,7,\"P\(end)1\"", "B,R2,8,P2"]
            .joined(separator: end)
        let export = try Export(.settlements, "skip: {id: Total}", text)
        #expect(try export.records("id", "payout") == ["A | P\(end)1", "B | P2"])
        #expect(export.rejects.isEmpty)
    }

    @Test(arguments: [1, 3])
    func blocksAndThreadsDoNotMatter(threads: Int) throws {
        var text = "id;reference;Amount\n"
        for row in 0..<60_000 { text += "L\(row);R\(row);1.000,25\n" }
        text += "Total;;60.015.000,00\n"
        let export = try Export(
            .settlements,
            """
            columns: {gross: Amount}
            format: {numbers: {decimal: ","}, totals: {row: {id: Total}, columns: [Amount]}}
            """, ["export.csv": Array(text.utf8)], threads: threads)
        #expect(export.ingested.tables.settlements.count == 60_000)
        #expect(export.ingested.tables.settlements.rows.allSatisfy { $0.gross == 100_025 })
        #expect(export.leftOut == 1)
    }
}
