import Foundation
import Testing

/// `report.xlsx` says what the run's tables say, in cells of the right kind.
@Suite struct WorkbookTests {
    /// Reads a workbook with Python's own libraries: for each sheet its rows of `[kind, text]`, and
    /// what stands beside the cells.
    private static let script = """
        import json, re, sys, zipfile
        import xml.etree.ElementTree as tree
        main = '{http://schemas.openxmlformats.org/spreadsheetml/2006/main}'
        link = '{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id'
        book = zipfile.ZipFile(sys.argv[1])
        def read(name): return tree.fromstring(book.read(name))
        names = book.namelist()
        def text(node): return ''.join(part.text or '' for part in node.iter(main + 't'))
        strings = []
        if 'xl/sharedStrings.xml' in names:
            strings = [text(item) for item in read('xl/sharedStrings.xml').iter(main + 'si')]
        styles = read('xl/styles.xml')
        codes = {f.get('numFmtId'): f.get('formatCode') for f in styles.iter(main + 'numFmt')}
        formats = [codes.get(x.get('numFmtId'), x.get('numFmtId'))
                   for x in styles.find(main + 'cellXfs')]
        targets = {r.get('Id'): r.get('Target') for r in read('xl/_rels/workbook.xml.rels')}
        def column(place):
            number = 0
            for letter in re.match('[A-Z]+', place).group(): number = number * 26 + ord(letter) - 64
            return number - 1
        def sheet(node):
            name = 'xl/' + targets[node.get(link)]
            page = read(name)
            rows = []
            for row in page.iter(main + 'row'):
                while len(rows) < int(row.get('r')): rows.append([])
                for cell in row:
                    place = column(cell.get('r'))
                    while len(rows[-1]) <= place: rows[-1].append(['', ''])
                    kind, value = cell.get('t'), cell.find(main + 'v')
                    if kind == 's': rows[-1][place] = ['text', strings[int(value.text)]]
                    elif kind == 'inlineStr': rows[-1][place] = ['text', text(cell)]
                    elif value is not None:
                        rows[-1][place] = [formats[int(cell.get('s', 0))], value.text]
            return {
                'rows': rows, 'formulas': len(list(page.iter(main + 'f'))),
                'frozen': any(p.get('ySplit') == '1' and p.get('state') == 'frozen'
                              for p in page.iter(main + 'pane')),
                'filter': any(True for _ in page.iter(main + 'autoFilter')),
            }
        sheets = read('xl/workbook.xml').find(main + 'sheets')
        tables = []
        for name in sorted(n for n in names if n.startswith('xl/tables/')):
            table = read(name)
            tables.append([table.get('name'), table.get('ref')]
                          + [c.get('name') for c in table.iter(main + 'tableColumn')])
        json.dump({
            'order': [s.get('name') for s in sheets], 'tables': tables,
            'sheets': {s.get('name'): sheet(s) for s in sheets},
            'charts': sorted(n for n in names if n.startswith('xl/charts/')),
        }, sys.stdout)
        """

    private struct Book: Decodable {
        struct Sheet: Decodable {
            let rows: [[[String]]]
            let formulas: Int
            let frozen: Bool
            let filter: Bool
        }
        let order: [String]
        let tables: [[String]]
        let sheets: [String: Sheet]
        let charts: [String]
    }

    static let shown = [
        "breaks": "breaks.csv", "open items": "carried/open_items.csv", "payouts": "payouts.csv",
        "transactions": "transactions.csv", "rejects": "rejects.csv",
    ]

    private func book(_ run: PublishedRun) throws -> Book {
        let ending = try Launch(
            program: "python3", arguments: ["-c", Self.script, run.folder + "/report.xlsx"]
        ).run()
        try #require(ending.code == 0, "\(ending.errors)")
        return try JSONDecoder().decode(Book.self, from: Data(ending.output.utf8))
    }

    /// Sellers, payouts, and rows that are rejected or that a spreadsheet would run.
    private static func nights() throws -> [PublishedRun] {
        let tours = try Night.tours()
        try tours.append(
            [
                "=9001,+a,@sum@example.com,10.00,GHS,successful,2025-08-01T10:00:00Z,,-x,,",
                "'=9002,'b,'c@example.com,20.00,GHS,successful,2025-08-01T10:00:00Z,,_x0041_,,",
                "=1+1,T,ama@example.com,?,GHS,failed,2025-08-30T10:00:00Z,,,,",
            ], to: "payments.csv")
        return try [
            tours.publish(), Night.sample("auctions").publish(["--fail-on", "never"]),
            monthEnd(),
        ]
    }

    /// A month of a gateway's payouts, with a bank account.
    static func monthEnd() throws -> PublishedRun {
        let night = Night(try Workspace())
        try Files.copy(Project.root + "/samples/month-end/2026-03-02", to: night.dumps)
        try Files.copy(Project.root + "/pipelines/month-end.yaml", to: night.definition)
        return try night.publish(["--fail-on", "never"], asOf: "2026-03-02T06:00:00Z")
    }

    @Test func everySheetHasTheRowsOfItsTable() throws {
        var kinds: Set<String> = []
        for run in try Self.nights() {
            let book = try book(run)
            #expect(
                book.order == [
                    "summary", "breaks", "open items", "payouts", "tie-out", "transactions",
                    "rejects",
                ])
            for (name, file) in Self.shown {
                let sheet = try #require(book.sheets[name])
                #expect(sheet.frozen && sheet.formulas == 0)
                let table = try run.table(file)
                #expect(sheet.rows.first?.map(\.last) == table.header)
                #expect(sheet.rows.count == table.rows.count + 1, "\(name)")
                for (row, cells) in zip(table.rows, sheet.rows.dropFirst()) {
                    for (place, value) in row.enumerated() {
                        let cell = place < cells.count ? cells[place] : ["", ""]
                        #expect(
                            Self.cell(cell, isOf: value, isReadAgain: file.hasPrefix("carried/")),
                            "\(name), \(table.header[place]): \(cell) for \(value)")
                        kinds.insert(cell[0])
                    }
                }
            }
            let columns = Self.shown.keys.map { name in
                ([name.replacing(" ", with: "_")], book.sheets[name]?.rows.first ?? [])
            }
            for (name, header) in columns {
                let table = book.tables.first { $0[0] == name[0] }
                #expect(table?.dropFirst(2).map(\.self) == header.compactMap(\.last), "\(name)")
            }
            #expect(book.charts.count == 3)
        }
        #expect(
            kinds.isSuperset(of: ["text", "#,##0.00", "0", "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"]))
    }

    @Test func theSummaryTellsTheReportsFigures() throws {
        let run = try Night.tours().publish()
        let rows = try #require(book(run).sheets["summary"]).rows
        func figures(_ name: String) -> [String]? {
            rows.first { $0.first?.last == name && $0.count > 3 && $0[0][0] == "text" }?
                .dropFirst().map { $0[1] }
        }
        // The figures that the README shows.
        #expect(figures("With an open break")?.prefix(3) == ["11", "GHS", "5335"])
        #expect(figures("Reconciled")?.prefix(3) == ["205", "GHS", "156070"])
        #expect(figures("All")?.prefix(3) == ["257", "GHS", "191385"])
        #expect(figures("duplicate_booking")?.prefix(4) == ["1", "GHS", "960", "critical"])
        #expect(figures("New tickets")?.prefix(4) == ["2", "GHS", "660", "new_tickets.csv"])
        #expect(figures("= open now")?.prefix(3) == ["13", "GHS", "5620"])
        #expect(figures("breaks")?.prefix(4) == ["14", "", "14", "breaks.csv"])
        #expect(rows.joined().contains { $0 == ["text", "No, do not close the night."] })
        #expect(rows.joined().contains { $0 == ["yyyy-mm-dd hh:mm:ss", "45900.08333333334"] })
    }

    /// The summary's figures of breaks and emissions are what the tables add up to.
    @Test func theSummarysTotalsAreThoseOfTheTables() throws {
        for run in try Self.nights() {
            let rows = try #require(book(run).sheets["summary"]).rows
            func part(_ heading: String) throws -> [[String]] {
                let start = try #require(rows.firstIndex { $0.first?.last == heading })
                return rows[(start + 1)...].prefix { $0.count > 3 }.map { $0.map { $0[1] } }
            }
            var expected: [String: Decimal] = [:]
            for row in try run.table("breaks.csv").columns("code", "currency", "at_risk")
            where !row[2].isEmpty {
                expected[row[0] + " " + row[1], default: 0] += try #require(
                    Decimal(string: row[2]))
            }
            var told: [String: Decimal] = [:]
            for row in try part("Breaks") {
                told[row[0] + " " + row[2], default: 0] += try #require(Decimal(string: row[3]))
            }
            #expect(told.filter { $1 != 0 } == expected.filter { $1 != 0 })
            for row in try part("Emitted") where row.count > 4 && !row[1].isEmpty {
                #expect(try run.table(row[4]).rows.count == Int(row[1]), "\(row)")
            }
        }
    }

    @Test func theTieOutHasEveryPayoutOfTheReport() throws {
        let run = try Self.monthEnd()
        let sheet = try #require(book(run).sheets["tie-out"])
        let header = try #require(sheet.rows.first?.map { $0[1] })
        let payouts = try #require(try run.json("report.json")["payouts"] as? [[String: Any]])
        #expect(payouts.count > 2)
        #expect(sheet.rows.count == payouts.count + 1)
        let steps = try #require(header.firstIndex(of: "gross"))
        let net = try #require(header.firstIndex(of: "net"))
        for (payout, row) in zip(payouts, sheet.rows.dropFirst()) {
            for column in ["payout", "currency", "status", "day", "net", "bank", "residual"] {
                let place = try #require(header.firstIndex(of: column))
                #expect(
                    Self.cell(row[place], isOf: text(of: payout[column]), isReadAgain: false),
                    "\(column)")
            }
            let sum = try row[steps..<net].reduce(Decimal(0)) { sum, cell in
                sum + (try #require(Decimal(string: cell[1])))
            }
            #expect(sum == Decimal(string: row[net][1]))
        }
    }

    @Test func rowsBeyondTheBoundAreSaidToBeElsewhere() throws {
        let night = try Night.tours()
        // Rejects: the quickest way to many rows.
        let bad = (0..<25_001).map { "PAY-X\($0),T,ama@example.com,?,GHS,failed,,,,," }
        try night.append(bad, to: "payments.csv")
        try night.redefine(
            "timezone: Africa/Accra", "timezone: Africa/Accra\nmax_rejects: 100")
        let run = try night.publish(["--fail-on", "never", "--no-archive"])
        let rejects = try run.table("rejects.csv")
        #expect(rejects.rows.count >= 25_001)
        let book = try book(run)
        let sheet = try #require(book.sheets["rejects"])
        let told = "The first 25,000 of 25,001 rows; rejects.csv has all of them."
        #expect(sheet.rows.count == 25_003)
        #expect(sheet.rows[25_000].last?.last == rejects.rows[24_999].last)
        #expect(sheet.rows[25_001].isEmpty)
        #expect(sheet.rows.last == [["text", told]])
        let listed = book.sheets["summary"]?.rows.first { $0.first?.last == "rejects" }
        #expect(listed?.map { $0[1] } == ["rejects", "25001", "", "25000", "rejects.csv"])
        // So large a workbook has filters in place of tables, and the same cells.
        #expect(book.tables.isEmpty)
        #expect(sheet.filter && sheet.frozen)
        let breaks = try run.table("breaks.csv")
        #expect(
            book.sheets["breaks"]?.rows.dropFirst().map { $0[0][1] } == breaks["break_id"])
    }

    @Test func nothingIsLeftBesideTheWorkbook() throws {
        let run = try Night.tours().publish()
        let names = try FolderSnapshot(run.folder).entries.keys
        #expect(
            !names.contains { $0.split(separator: "/").contains { $0.hasPrefix(".") } && $0 != "." }
        )
    }

    /// Whether a cell holds what a field of a table says.
    private static func cell(_ cell: [String], isOf field: String, isReadAgain: Bool) -> Bool {
        if field.isEmpty { return cell == ["", ""] }
        switch cell[0] {
        case "text":
            var text = field
            let bare = field.drop { $0 == "'" }
            if field.hasPrefix("'"), isReadAgain || "=+-@\t\r".contains(bare.first ?? "x") {
                text.removeFirst()
            }
            return cell[1].replacing("_x005F_", with: "_") == text
        case "0": return cell[1] == field
        case "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss":
            return abs((Double(cell[1]) ?? 0) - days(field)) < 1e-6
        default:
            let decimals = field.contains(".") ? field.split(separator: ".")[1].count : 0
            let zeros = decimals == 0 ? "" : "." + String(repeating: "0", count: decimals)
            // 3 is the number of the format that every spreadsheet knows by itself.
            return
                (cell[0] == "#,##0" + zeros || (decimals == 0 && cell[0] == "3")
                || (decimals == 2 && cell[0] == "4"))
                && Decimal(string: cell[1]) == Decimal(string: field)
        }
    }

    /// A date or a moment in days since the last of 1899, as spreadsheets count.
    private static func days(_ field: String) -> Double {
        let time = field.count == 10 ? field + "T00:00:00Z" : field
        let date = try? Date(time, strategy: .iso8601)
        return (date?.timeIntervalSince1970 ?? 0) / 86_400 + 25_569
    }
}
