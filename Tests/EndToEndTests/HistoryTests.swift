import Foundation
import Testing

/// Each run hands its figures on, and shows those of the runs before it.
@Suite struct HistoryTests {
    private static let days = ["2025-08-31", "2025-09-01", "2025-09-04"]

    /// Three nights over the same dumps.
    private func nights() throws -> (night: Night, runs: [PublishedRun]) {
        let night = try Night.tours()
        return (night, try Self.days.map { try night.publish(asOf: $0 + "T02:00:00Z") })
    }

    @Test func everyRunIsToldAsItsOwnReportToldIt() throws {
        let (_, runs) = try nights()
        for (count, run) in runs.enumerated() {
            let table = try run.table("carried/history.csv")
            #expect(table["as_of"] == Self.days.prefix(count + 1).map { $0 + "T02:00:00Z" })
        }
        let table = try runs[2].table("carried/history.csv")
        for (place, run) in runs.enumerated() {
            let report = try run.json("report.json")
            #expect(table["as_of"][place] == text(of: report["as_of"]))
            #expect(table["verdict"][place] == text(of: report["verdict"]))
            let items = try #require(report["open_items"] as? [String: Any])
            #expect(table["open_items"][place] == text(of: items["closing"]))
            let atRisk = try #require(items["at_risk"] as? [String: [String: String]])
            #expect(table["at_risk"][place] == atRisk["closing"]?["GHS"])
            let payments = try #require(
                (report["totals"] as? [String: Any])?["payments"] as? [String: Any])
            #expect(table["payments"][place] == text(of: payments["count"]))
            let rate = try #require(report["auto_match_rate"] as? [String: Any])
            #expect(Double(table["count_rate"][place]) == Double(text(of: rate["count"])))
            #expect(Double(table["value_rate"][place]) == Double(text(of: rate["value"])))
        }
        #expect(Set(table["at_risk"]).count > 1, "the nights differ")
        let page = try Files.text(runs[2].folder + "/report.html")
        for day in Self.days { #expect(page.contains("\(day), 02:00</time>")) }
    }

    @Test func theArchiveHasWhatTheHistoryIsMadeOf() throws {
        let (night, runs) = try nights()
        let archive = night.workspace.at("alone.tar.zst")
        try Files.copy(runs[2].archive, to: archive)
        try Files.remove(night.out)
        try Files.remove(night.dumps)
        let ending = try Archives.replay(archive).run()
        #expect(ending.code == 0, "\(ending.output)\(ending.errors)")
    }

    @Test func aHistoryThatWasChangedIsRefused() throws {
        let (night, runs) = try nights()
        let path = runs[2].folder + "/carried/history.csv"
        try Files.write(try Files.text(path).replacing("critical", with: "clean"), to: path)
        expectFailure(
            try night.run(asOf: "2025-09-05T02:00:00Z"),
            saying: ["what the latest run handed on is damaged", path])
    }

    /// Runs of versions without a history go on as those that begin one.
    @Test func aRunBeforeWithoutHistoryIsLikeNone() throws {
        let night = try Night.tours()
        let first = try night.publish()
        try Files.remove(first.folder + "/carried/history.csv")
        let sums = first.folder + "/SHA256SUMS"
        let lines = try Files.text(sums).split(separator: "\n")
            .filter { !$0.hasSuffix("  carried/history.csv") }
        try Files.write(lines.map { $0 + "\n" }.joined(), to: sums)
        let second = try night.publish(asOf: "2025-09-01T02:00:00Z")
        #expect(try second.table("carried/history.csv")["as_of"] == ["2025-09-01T02:00:00Z"])
    }
}
