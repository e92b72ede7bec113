import Diagnostics
import Reconciliation
import Reporting
import Testing

@Suite struct TerminalSummaryTests {
    @Test func aBusyNightIsSetInColumns() throws {
        let text = TerminalSummary.text(
            try TestReports.busy(), places: [.init(label: "report", path: "out/latest/report.html")]
        )
        #expect(text == TerminalSummaryTests.busy)
    }

    @Test func whatIsNewIsToldApartFromWhatWasOpen() throws {
        let text = TerminalSummary.text(try TestReports.carried())
        #expect(text.contains("42 breaks are open, 4 of them new, with at most"))
        #expect(text.contains("\n  45 open before, 5 new, 1 reopened, 9 cleared, 42 open now\n"))
        #expect(text.contains("\n10 overrides close nothing, see report.html\n"))
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= TerminalSummary.width })
    }

    @Test func noLineIsLongerThanTheTerminal() throws {
        for code in BreakCode.allCases {
            let report = try TestReports.broken(code, count: 1_234_567, atRisk: .max)
            for line in TerminalSummary.text(report).split(separator: "\n") {
                #expect(line.count <= TerminalSummary.width, "\(line)")
                #expect(line.last != " ")
            }
        }
    }

    @Test func withoutColourTheTextIsPlain() throws {
        let text = TerminalSummary.text(try TestReports.busy())
        #expect(text.utf8.allSatisfy { $0 == 0x0A || (0x20..<0x7F).contains($0) })
    }

    @Test func colourChangesNothingButTheColour() throws {
        let report = try TestReports.busy()
        let coloured = TerminalSummary.text(report, isColoured: true)
        #expect(coloured.contains("\u{1B}[31m"))
        #expect(coloured.replacing(/\u{1B}\[[0-9]+m/, with: "") == TerminalSummary.text(report))
    }

    @Test func hostileNamesCannotDriveTheTerminal() throws {
        var report = try TestReports.busy()
        report.pipeline = "\u{1B}[2J"
        report.emissions[0].name = "x\u{7}\u{202E}"
        let places = [TerminalSummary.Place(label: "report", path: "out\u{1B}]0;x")]
        let text = TerminalSummary.text(report, places: places)
        #expect(text.utf8.allSatisfy { $0 == 0x0A || (0x20..<0x7F).contains($0) })
    }

    @Test func anEmptyNightIsShort() throws {
        var report = try TestReports.empty()
        report.isDryRun = true
        #expect(
            TerminalSummary.text(report) == """
                tours as of 2026-11-20T02:00:00Z
                run 20261120T020000Z-0a1b2c
                Dry run: nothing was published.

                Yes, the night can be closed.
                  There were no payments, and nothing is in doubt.
                  Run again without the dry run to publish the result.

                Payments                                           count                   value
                  All                                                  0

                Would be emitted
                  nothing

                Breaks
                  none

                """)
    }

    private static let busy = """
        tours as of 2026-11-20T02:00:00Z
        run 20261120T020000Z-0a1b2c

        No, do not close the night.
          42 breaks are open, with at most 12,423.00 GHS and 15,000 JPY at risk; 22 of
          them are critical.
          Begin with "missing settlement". Ask the gateway for it by reference; book
          nothing until the money is evidenced.

        Payments                                           count                   value
          With an open break                                  42           14,620.00 GHS
                                                                              15,000 JPY
          Booked by this run                                 118           44,100.50 GHS
          Status corrected                                    36           12,034.00 GHS
          Expected, not yet due                              204           93,300.00 GHS
          Reconciled                                      18,533        7,714,203.90 GHS
                                                                           4,651,200 JPY
                                                                           1,234.567 KWD
          Closed, nothing owed                               640          250,000.10 GHS
          All                                             19,573        8,128,258.50 GHS
                                                                           4,666,200 JPY
                                                                           1,234.567 KWD
          Matched automatically: 99.77 % of the payments, 99.81 % of the GHS value

        Emitted                                            count                   value
          Status updates                                      36           12,034.00 GHS
          New bookings                                       118           44,100.50 GHS
          Transactions                                        74           -1,200.00 GHS
                                                                               3,000 JPY

        Breaks                             severity        count                 at risk
          missing_settlement               critical           13            6,200.00 GHS
                                                                              15,000 JPY
          false_success                    critical            9            4,110.50 GHS
          stuck                            review             14            2,100.00 GHS
          settled_short                    review              6               12.50 GHS
          rounding                         info                4                0.03 GHS

        2 rows rejected, see rejects.csv

        Where to look
          report  out/latest/report.html

        """
}
