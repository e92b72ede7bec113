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

                Payments                                       count                   value
                  All                                              0

                Would be emitted
                  nothing

                Breaks
                  none

                """)
    }

    private static let busy = """
        """
}
