import Foundation
import Money
import Rules
import RunStore
import Testing

@testable import Reporting

/// The page by which a user's page is found.
@Suite struct DashboardIndexTests {
    private func index(users: Int, broken: Range<Int> = 0..<0) throws -> PageReader {
        var index = DashboardIndex(
            pipeline: "tours", asOf: "2026-11-20T02:00:00Z", run: "r", rule: .all)
        for number in 0..<users {
            var user = UserDashboard(
                user: "u\(number)@example.com", currency: try TestReports.currency("GHS"),
                pipeline: "tours", run: "r", asOf: "2026-11-20T02:00:00Z")
            if broken.contains(number) { user.after.openBreaks = 2 }
            index.add(user)
        }
        #expect(index.count == users)
        return try PageReader.read(index.page)
    }

    @Test func ofVeryManyUsersThoseWithOpenBreaksAreListedAndItSaysWhereTheRestIs() throws {
        let page = try index(users: 12_000, broken: 11_990..<12_000)
        #expect(page.all("tr").count == 1 + DashboardIndex.mostUsers)
        #expect(page.all("a").count == DashboardIndex.mostUsers)
        #expect(page.text.contains("There are 12,000 pages; the first 5,000 are listed here"))
        #expect(page.text.contains("pages.csv beside this page lists all of them"))
        for user in ["u11990@", "u11999@", "u0@", "u4989@"] { #expect(page.text.contains(user)) }
        #expect(!page.text.contains("u4990@"))
        let few = try index(users: 1)
        #expect(few.text.contains("There is 1 page.") && !few.text.contains("pages.csv"))
    }

    @Test func everyLinkLeadsToAPageBesideIt() throws {
        let page = try index(users: 20)
        let targets = page.all("a").compactMap { $0.attributes["href"] }
        #expect(Set(targets).count == 20)
        #expect(targets.allSatisfy { $0.wholeMatch(of: #/[0-9a-f]{32}[.]html/#) != nil })
    }

    /// The only script that the page lets run is the one that it has.
    @Test func thePolicyNamesTheScriptByItsChecksum() throws {
        let digest = DashboardIndex.script.utf8.withContiguousStorageIfAvailable {
            SHA256Digest(of: UnsafeRawBufferPointer($0)).hex
        }
        let hex = try #require(digest)
        let bytes = stride(from: 0, to: 64, by: 2).compactMap {
            UInt8(hex.dropFirst($0).prefix(2), radix: 16)
        }
        #expect(DashboardIndex.scriptDigest == "sha256-" + Data(bytes).base64EncodedString())
        let page = try index(users: 1)
        let policy = page.all("meta").compactMap { $0.attributes["content"] }
            .first { $0.contains("default-src 'none'") }
        #expect(policy?.contains("script-src '\(DashboardIndex.scriptDigest)'") == true)
        #expect(page.all("script").count == 1)
    }
}
