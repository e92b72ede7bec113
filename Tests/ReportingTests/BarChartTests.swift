import Foundation
import Money
import Reconciliation
import Testing
import Time

@testable import Reporting

/// The pictures of `report.html`.
@Suite struct BarChartTests {
    private func chart(_ html: String) throws -> PageReader {
        try PageReader.read(Array("<html>\(html)</html>".utf8))
    }

    /// The left and right end of each bar, in hundredths of a per cent.
    private func ends(_ chart: PageReader) -> [[Int]] {
        func number(_ text: String?) -> Int {
            Int((text ?? "").filter { $0.isNumber || $0 == "-" }) ?? -1
        }
        return chart.all("rect").map {
            let start = number($0.attributes["x"])
            return [start, start + number($0.attributes["width"])]
        }
    }

    @Test func barsAreAsLongAsTheirAmounts() throws {
        var bars = BarChart(id: "a", caption: "Value")
        bars.add("one", 100, "1.00", .settled)
        bars.add("all", 400, "4.00", .plain)
        bars.add("none", 0, "0.00", .plain)
        #expect(ends(try chart(bars.html)) == [[0, 2500], [0, 10_000]])
    }

    /// On a phone a long figure would lie over its name.
    @Test func aLongFigureStandsBelowItsName() throws {
        var bars = BarChart(id: "a", caption: "Value")
        bars.add("With an open break", 400, "10,000,000,005,335.90 GHS", .doubtful)
        bars.add("Reconciled", 100, "156,070.00 GHS", .settled)
        let page = try chart(bars.html)
        let heights = page.all("text").map { $0.attributes["y"] }
        #expect(heights == ["1.15em", "2.45em", "5.45em", "5.45em"])
        #expect(page.all("rect").map { $0.attributes["y"] } == ["2.85em", "5.85em"])
        #expect(page.all("svg")[0].attributes["height"] == "7.30em")
    }

    @Test func stepsBeginWhereTheLastOneEnded() throws {
        var bars = BarChart(id: "a", caption: "Value")
        bars.add("gross", 1000, "10.00", .plain)
        bars.addStep("fees", -250, "-2.50", .plain)
        bars.addStep("reserves", 50, "0.50", .plain)
        bars.add("net", 800, "8.00", .plain)
        #expect(
            ends(try chart(bars.html))
                == [[0, 10_000], [7500, 10_000], [7500, 8000], [0, 8000]])
    }

    @Test func whatIsBelowZeroLiesOnTheOtherSideOfALine() throws {
        var bars = BarChart(id: "a", caption: "Value")
        bars.add("gross", 300, "3.00", .plain)
        bars.addStep("refunds", -400, "-4.00", .plain)
        let page = try chart(bars.html)
        #expect(ends(page) == [[2500, 10_000], [0, 10_000]])
        #expect(page.all("line").map { $0.attributes["x1"] } == ["25.00%", "25.00%"])
    }

    @Test func theLeastAmountCanStillBeSeen() throws {
        var bars = BarChart(id: "a", caption: "Value")
        bars.add("all", Int128(Int64.max) * 1000, "much", .plain)
        bars.add("one", 1, "0.01", .plain)
        #expect(ends(try chart(bars.html)) == [[0, 10_000], [0, 30]])
    }

    @Test func aPictureSaysInWordsWhatItShowsAndOneOfNothingIsNone() throws {
        var bars = BarChart(id: "a", caption: "Value <b>")
        bars.add("zero", 0, "0.00", .plain)
        #expect(bars.html == "")
        bars.add("in <doubt>", 5, "0.05 & more", .doubtful)
        let page = try chart(bars.html)
        let picture = try #require(page.all("svg").first).attributes
        #expect(picture["role"] == "img" && picture["aria-labelledby"] == "a")
        #expect(page.all("desc").first?.attributes["id"] == picture["aria-describedby"])
        #expect(page.text.contains("zero: 0.00; in <doubt>: 0.05 & more."))
        #expect(page.all("b").isEmpty)
    }

    @Test func theWaterfallLeadsFromGrossToTheBank() throws {
        var report = try TestReports.busy()
        report.payouts[1].tieOut.currency = report.currency
        let html = String(decoding: ReportHTML(report).bytes, as: UTF8.self)
        let start = try #require(html.range(of: "<desc id=\"tie-out-GHS-values\">")).upperBound
        let words = html[start...].prefix { $0 != "<" }.replacing("\u{A0}", with: " ")
        #expect(
            words
                == "Gross: 1,050.00 GHS; Fees: \u{2212}26.40 GHS; Net of the payouts: 1,023.60 GHS; "
                + "Not yet due at the bank: \u{2212}150.00 GHS; "
                + "Short at the bank: \u{2212}3.60 GHS; At the bank: 870.00 GHS.")
    }

    @Test func payoutsOfManyDaysEndWithWhatIsLater() throws {
        var report = try TestReports.carried()
        report.payoutsDue = (0..<40).map {
            .init(
                due: CivilDate(days: 20_780 + $0), currency: report.currency, count: 2,
                amount: 100)
        }
        let html = String(decoding: ReportHTML(report).bytes, as: UTF8.self)
            .replacing("\u{A0}", with: " ")
        #expect(html.contains("2026-11-23, 2 payouts: 1.00 GHS;"))
        #expect(html.contains("2026-12-23, 2 payouts: 1.00 GHS; later, 18 payouts: 9.00 GHS."))
    }
}
