import Foundation
import Testing

/// LibreOffice opens `report.xlsx` without a complaint, and reads in it what the tables say.
@Suite(
    .enabled(
        if: isInstalled("soffice", "--version"),
        "NOT TESTED: Debian's package libreoffice-calc is not installed"))
struct OfficeTests {
    /// Converts a workbook, and returns the folder with what came of it.
    private func convert(_ run: PublishedRun, to form: String, in workspace: Workspace) throws
        -> String
    {
        let folder = workspace.at("office-\(UUID().uuidString)")
        let ending = try Launch(
            program: "soffice",
            arguments: [
                "-env:UserInstallation=file://\(workspace.at("profile"))", "--headless",
                "--convert-to", form, "--outdir", folder, run.folder + "/report.xlsx",
            ]
        ).run()
        #expect(ending.code == 0, "\(ending.errors)")
        // It says that it finds no Java, which it needs for databases alone.
        let complaints = ending.errors.split(separator: "\n").filter { !$0.contains("javaldx") }
        #expect(complaints == [])
        #expect(!ending.output.contains("Error"), "\(ending.output)")
        return folder
    }

    private static func runs() throws -> [PublishedRun] {
        let tours = try Night.tours()
        try tours.append(
            [
                "=9001,+a,@sum@example.com,10.00,GHS,successful,2025-08-01T10:00:00Z,,-x,,",
                "PAY-9002,Ñ 名 😀,ama@example.com,20.00,JPY,successful,2025-08-01T10:00:00Z,,,,",
                "=1+1,T,ama@example.com,?,GHS,failed,2025-08-30T10:00:00Z,,,,",
            ], to: "payments.csv")
        return try [
            tours.publish(), Night.sample("auctions").publish(["--fail-on", "never"]),
            WorkbookTests.monthEnd(),
        ]
    }

    @Test func everySheetIsReadAsItsTable() throws {
        let workspace = try Workspace()
        for run in try Self.runs() {
            // All sheets, as numbers with all their digits and not as they are shown.
            let folder = try convert(
                run,
                to: "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,"
                    + "false,false,-1", in: workspace)
            for (sheet, file) in WorkbookTests.shown {
                let read = try CSVTable(path: "\(folder)/report-\(sheet).csv")
                let table = try run.table(file)
                #expect(read.header == table.header, "\(sheet)")
                // A table without rows has an empty one.
                let rows = read.rows.filter { !$0.allSatisfy(\.isEmpty) }
                #expect(rows.count == table.rows.count, "\(sheet)")
                for name in ["amount", "at_risk"] where table.header.contains(name) {
                    #expect(try total(of: rows, read, name) == total(of: table.rows, table, name))
                }
                let key = table.header[0]
                #expect(read.columns(key).prefix(rows.count) == table.columns(key)[...])
            }
        }
    }

    private func total(
        of rows: [[String]], _ table: CSVTable, _ column: String
    ) throws -> Decimal {
        let place = try #require(table.header.firstIndex(of: column))
        return try rows.reduce(0) { sum, row in
            row[place].isEmpty ? sum : sum + (try #require(Decimal(string: row[place])))
        }
    }

    @Test func aLargeWorkbookWithoutTablesIsReadToo() throws {
        let workspace = try Workspace()
        let night = try Night.tours()
        let bad = (0..<11_000).map { "PAY-X\($0),T,ama@example.com,?,GHS,failed,,,,," }
        try night.append(bad, to: "payments.csv")
        try night.redefine(
            "timezone: Africa/Accra", "timezone: Africa/Accra\nmax_rejects: 100")
        let run = try night.publish(["--fail-on", "never", "--no-archive"])
        let folder = try convert(
            run,
            to: "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,"
                + "false,-1", in: workspace)
        let read = try CSVTable(path: folder + "/report-rejects.csv")
        #expect(read.rows.count == 11_000)
        #expect(read["line"] == (try run.table("rejects.csv"))["line"])
    }

    @Test func itCanBePrinted() throws {
        let workspace = try Workspace()
        let run = try WorkbookTests.monthEnd()
        let folder = try convert(run, to: "pdf", in: workspace)
        let page = try Files.bytes(folder + "/report.pdf")
        #expect(page.starts(with: Data("%PDF".utf8)))
        // As wide as a page: a page for each sheet, and as many as the summary needs.
        let pages = String(decoding: page, as: Unicode.ASCII.self)
            .matches(of: #//Type\s*/Page[^s]/#).count
        #expect((7...9).contains(pages), "\(pages)")
    }
}
