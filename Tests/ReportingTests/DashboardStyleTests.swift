import Diagnostics
import Foundation
import Glibc
import Money
import Parallel
import Rules
import RunStore
import Testing

@testable import Reporting

/// What pages cost of which there is one for each user.
@Suite struct DashboardStyleTests {
    /// A user of whom there is something in every section.
    static let line = """
        {"user":"ama\\u202e@example.com","name":"Ama","currency":"GHS","level":"Silver","points":1,\
        "spent":"1500.00","spent_elsewhere":[{"currency":"USD","amount":"-3.00"}],"bookings":3,\
        "tickets":1,"commission_paid":"7.00","open_breaks":1,"pending_payments":1,\
        "pending_amount":"9.00","total_pending":"12.00","schedule":[{"due_date":"2026-01-05",\
        "currency":"GHS","amount":"12.00","status":"scheduled"}],"energy_kwh":"1.000000",\
        "impact":{"energy_kwh":"1.000000","measured_kwh":"1.000000","estimated_kwh":"0.000000",\
        "measured_share":"1.0000","co2_kg":"0.500","saved":"2.00"},\
        "recent":[{"type":"payment","id":"P-1","amount":"-5.00","currency":"GHS",\
        "status":"succeeded","at":"2026-01-01T00:00:00Z","commission":"0.35"}],\
        "before":{"level":"Bronze","points":0,"spent":"0.00","bookings":0,"tickets":0}}
        """

    static func page() throws -> String {
        let levels = [Level(name: "Bronze", from: 0), Level(name: "Silver", from: 100_000)]
        let user = try #require(
            UserDashboard(
                reading: Array(line.utf8), pipeline: "tours",
                levels: levels + [Level(name: "Gold", from: 500_000)], run: "r",
                asOf: "2026-01-02T00:00:00Z"))
        return String(decoding: user.page, as: UTF8.self)
    }

    /// The style of a page, and what stands behind it.
    static func parts(of page: String) throws -> (style: Substring, body: Substring) {
        let begin = try #require(page.range(of: "<style>"))
        let end = try #require(page.range(of: "</style>"))
        return (page[begin.upperBound..<end.lowerBound], page[end.upperBound...])
    }

    @Test func aUsersPageCarriesNoStyleThatItDoesNotUse() throws {
        let (style, body) = try Self.parts(of: Self.page())
        let used = Set(
            body.matches(of: #/ class="([^"]*)"/#).flatMap { $0.1.split(separator: " ") })
        let styled = Set(style.matches(of: #/[.]([a-z]+)(?=[ :,])/#).map(\.1))
        #expect(styled.count > 5)
        #expect(styled.subtracting(used) == [])
        let elements = Set(body.matches(of: #/<([a-z0-9]+)/#).map(\.1))
        let named = style.matches(of: #/(?m)^ *([a-z][a-z0-9]*)(?=[, ][^:]*[{])/#).map(\.1)
        #expect(Set(named).subtracting(elements).subtracting(["html", "body"]) == [])
    }

    @Test func everyColourOfAPageIsNamedAndUsed() throws {
        let index = DashboardIndex(
            pipeline: "tours", asOf: "2026-01-02T00:00:00Z", run: "r", rule: .all)
        let report = try ReportHTML(TestReports.clean()).bytes
        for page in [
            try Self.page(), String(decoding: report, as: UTF8.self),
            String(decoding: index.page, as: UTF8.self),
        ] {
            let style = try Self.parts(of: page).style
            let named = Set(style.matches(of: #/--([a-z-]+):/#).map(\.1))
            let used = Set(style.matches(of: #/var[(]--([a-z-]+)[)]/#).map(\.1))
            #expect(used.subtracting(named) == [])
            // The index has no amounts that grow, so that it has no use for what says so.
            #expect(named.subtracting(used).subtracting(["good"]) == [])
        }
    }

    @Test func aSignalEndsTheWritingBetweenTwoPages() throws {
        let folder = NSTemporaryDirectory() + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let lines = String(repeating: Self.line + "\n", count: 500)
        try Data(lines.utf8).write(to: URL(fileURLWithPath: folder + "/dashboards.jsonl"))
        let pages = DashboardPages(
            rule: .all, levels: [], pipeline: "tours", run: "r", asOf: "2026-01-02T00:00:00Z")
        let written = Locked(0)
        func write(until most: Int, threads: Int) throws {
            written.withLock { $0 = 0 }
            _ = try pages.write(
                from: folder,
                create: { name in
                    if name.hasSuffix(".html") { written.withLock { $0 += 1 } }
                    return .discarding()
                }, workers: Workers(count: threads)
            ) {
                if written.withLock({ $0 }) >= most { throw TrueupError.stopped(signal: SIGTERM) }
            }
        }
        try write(until: .max, threads: 2)
        #expect(written.withLock { $0 } == 501)
        for threads in [1, 3] {
            #expect(throws: TrueupError.self) { try write(until: 20, threads: threads) }
            // Each of the threads may have been between the question and its page.
            #expect((20..<20 + threads).contains(written.withLock { $0 }))
        }
    }
}
