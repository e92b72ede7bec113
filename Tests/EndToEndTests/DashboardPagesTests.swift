import Foundation
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// The pages of users' summaries in a run.
@Suite struct DashboardPagesTests {
    /// The tours, with pages for those whom the definition says.
    static func night(_ pages: String) throws -> Night {
        let night = try Night.tours()
        try night.redefine("  recent: 10", "  recent: 10\n  pages: \(pages)")
        return night
    }

    /// The users of a run's list of pages, with the path of each page.
    static func pages(of run: PublishedRun) throws -> [(user: String, path: String)] {
        let list = try run.table("dashboards/pages.csv")
        return zip(list["user"], list["page"]).map { ($0, run.folder + "/dashboards/" + $1) }
    }

    @Test func noPagesAreWrittenUnlessTheDefinitionAsks() throws {
        for night in [try Night.tours(), try Self.night("none")] {
            #expect(try !Files.names(in: night.publish().folder).contains("dashboards"))
        }
    }

    @Test(arguments: ["tours", "auctions", "charging"])
    func everyUsersPageIsTheOneThatIsMadeForThemAlone(system: String) throws {
        let night = try Night.sample(system)
        let recent = system == "charging" ? "  recent: 5" : "  recent: 10"
        try night.redefine(recent, recent + "\n  pages: all")
        let run = try night.publish(["--fail-on", "never"], asOf: "2025-11-12T21:30:00Z")
        let pages = try Self.pages(of: run)
        let users = try run.dashboards()
        #expect(pages.map(\.user).sorted() == users.keys.sorted() && !users.isEmpty)
        #expect(Set(pages.map(\.path)).count == pages.count)
        // The pages, the index and the list, and nothing else.
        #expect(try Files.names(in: run.folder + "/dashboards").count == pages.count + 2)
        for (user, path) in pages {
            let file = night.workspace.at("one.html")
            let ending = try Launch(
                program: Project.trueup, arguments: ["dashboard", night.out, user, "--html", file]
            ).run()
            try #require(ending.code == 0, "\(ending.errors)")
            let page = try Files.text(path)
            #expect(try Files.text(file) == page)
            for other in users.keys where other != user { #expect(!page.contains(">\(other)<")) }
        }
    }

    @Test func onlyThoseWhoseFiguresTheRunChangesHaveAPage() throws {
        let night = try Self.night("changed")
        let run = try night.publish()
        let keys = ["bookings", "tickets", "spent", "points", "pending_payments"]
        let changed = try run.dashboards().filter { _, summary in
            let before = try #require(summary["before"] as? [String: Any])
            return keys.contains { text(of: summary[$0]) != text(of: before[$0]) }
        }
        #expect(try Self.pages(of: run).map(\.user).sorted() == changed.keys.sorted())
        #expect(changed.keys.contains("ama@example.com"))
        #expect(try changed.count < run.dashboards().count)
        // The second run emits nothing, so that it changes nothing.
        let second = try night.publish(asOf: "2025-09-01T02:00:00Z")
        #expect(try Self.pages(of: second).isEmpty)
        let index = try Files.text(second.folder + "/dashboards/index.html")
        #expect(index.contains("There are 0 pages."))
    }

    @Test func checksumsCoverEveryPageAndTheArchiveMakesThemAgain() throws {
        let night = try Self.night("all")
        let run = try night.publish()
        let sums = try Files.text(run.folder + "/SHA256SUMS")
        for name in try Files.names(in: run.folder + "/dashboards") {
            #expect(sums.contains("  dashboards/\(name)\n"))
        }
        let replayed = try Archives.replay(run.archive).run()
        #expect(replayed.code == 0, "\(replayed.output)\(replayed.errors)")
        let page = try #require(try Self.pages(of: run).first)
        try Files.write(try Files.text(page.path) + " ", to: page.path)
        let ending = try Launch(
            program: "sha256sum", arguments: ["--quiet", "-c", "SHA256SUMS"], folder: run.folder
        ).run()
        #expect(ending.code == 1)
    }

    /// No name of a user becomes one of a file, and none becomes markup or a script.
    @Test func hostileUsersHavePagesLikeOthers() throws {
        let night = try Self.night("all")
        let users = [
            "../../../../tmp/gone", "/etc/passwd", "con", "<script>alert(1)</script>",
            "\u{202E}moc", String(repeating: "x", count: 200), "index", "pages.csv", "'\"><b>",
        ]
        try night.append(
            users.enumerated().map { place, user in
                "PAY-8\(place),,\"\(user.replacing("\"", with: "\"\""))\",10.00,GHS,successful,"
                    + "2025-08-01T10:00:00Z,2025-08-01T10:00:00Z,x,,"
            }, to: "payments.csv")
        let run = try night.publish(["--fail-on", "never"])
        let pages = try Self.pages(of: run)
        #expect(pages.count == 25 + users.count)
        let name = #/[0-9a-f]{32}[.]html/#
        let files = try Files.names(in: run.folder + "/dashboards").sorted()
        #expect(files.count { $0.wholeMatch(of: name) != nil } == pages.count)
        #expect(Set(files).isSuperset(of: ["index.html", "pages.csv"]))
        #expect(files.count == pages.count + 2)
        for file in files where file.hasSuffix(".html") {
            let page = try Files.text(run.folder + "/dashboards/" + file)
            #expect(!page.contains("<script>alert") && !page.contains("\u{202E}"))
            #expect(!page.contains("<b>"))
            #expect(XMLParser(data: Data(page.utf8)).parse(), "\(file) is well-formed")
        }
    }
}
