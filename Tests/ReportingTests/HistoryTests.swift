import Foundation
import Testing
import Time

@testable import Reporting

/// The figures of earlier runs beside this one's.
@Suite struct HistoryTests {
    private func points(_ count: Int) throws -> [RunReport.RunPoint] {
        let cedi = try TestReports.currency("GHS")
        return (0..<count).map { number in
            var point = RunReport.RunPoint(
                asOf: Instant(seconds: 1_790_000_000 + Int64(number) * 86_400),
                verdict: .review, currency: cedi)
            point.atRisk = Int64(number) * 1000
            return point
        }
    }

    @Test func aRunStandsAtTheEndOfTheHistoryWithItsOwnFigures() throws {
        var report = try TestReports.busy()
        report.continueHistory(try points(2))
        #expect(report.history.map(\.atRisk).prefix(2) == [0, 1000])
        #expect(report.history.count == 3)
        let point = try #require(report.history.last)
        #expect(point.verdict == .critical && point.asOf == report.asOf)
        #expect(point.payments == 19_573 && point.openItems == 42)
        // In the pipeline's own currency: 12,423.00 GHS, of what somebody has to look at.
        #expect(point.atRisk == 1_242_300)
        #expect(point.countRate == 9977)
    }

    @Test func theHistoryGoesNoFurtherBackThanSixtyRuns() throws {
        var report = try TestReports.busy()
        report.continueHistory(try points(75))
        #expect(report.history.count == 60)
        #expect(report.history.first?.atRisk == 16_000)
        #expect(report.history.last?.asOf == report.asOf)
        let text = try PageReader.read(ReportHTML(report).bytes).text
        // The table is shorter than the picture.
        #expect(text.contains("2026-11-20, 02:00") && !text.contains("2026-11-01, "))
    }

    @Test func aFirstRunHasNoHistoryToBeShown() throws {
        var report = try TestReports.busy()
        report.continueHistory([])
        #expect(!String(decoding: ReportHTML(report).bytes, as: UTF8.self).contains("history-"))
    }

    @Test func columnsAreAsHighAsTheirAmounts() throws {
        var chart = ColumnChart(id: "a", caption: "At risk")
        for (name, value) in [("one", 100), ("two", 0), ("three", 400), ("four", 200)] {
            chart.add(name, Int128(value), "\(value).00")
        }
        let page = try PageReader.read(Array("<html>\(chart.html)</html>".utf8))
        let bars = page.all("rect").map(\.attributes)
        #expect(bars.map { $0["height"] } == ["1.50em", "6.00em", "3.00em"])
        #expect(bars.map { $0["x"] } == ["9.50%", "59.50%", "84.50%"])
        #expect(page.text.contains("most 400.00, three"))
        #expect(page.text.contains("now 200.00"))
        #expect(page.text.contains("one: 100.00; two: 0.00; three: 400.00; four: 200.00."))
    }
}
