import Foundation
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// `trueup dashboard`: one user's summary, and nobody else's.
@Suite struct DashboardTests {
    private func dashboard(
        _ night: Night, _ user: String, _ options: [String] = []
    ) throws -> Ending {
        try Launch(
            program: Project.trueup, arguments: ["dashboard", night.out, user] + options
        ).run()
    }

    /// The cells of the line that begins with a name.
    private func cells(_ name: String, _ text: String) throws -> [String] {
        let line = try #require(
            text.split(separator: "\n").first { $0.hasPrefix("  \(name)  ") }, "\(name) in \(text)")
        return line.dropFirst(name.count + 2).split(separator: "  ")
            .map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
    }

    @Test func amasFiguresAreToldBeforeAndAfter() throws {
        let night = try Night.tours()
        let run = try night.publish()
        let ending = try dashboard(night, "ama@example.com")
        #expect(ending.code == 0 && ending.errors == "")
        let text = ending.output
        #expect(try cells("Bookings", text) == ["11", "20"])
        #expect(try cells("Spent", text) == ["10,920.00 GHS", "14,620.00 GHS"])
        #expect(try cells("Level", text) == ["Platinum", "Platinum"])
        #expect(try cells("Points", text) == ["1,092", "1,462"])
        #expect(text.contains("Platinum is the highest level."))
        #expect(text.contains(run.name))
        #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
        // Who is compared ignoring case and surrounding space is found by any spelling of that.
        #expect(try dashboard(night, "  AMA@Example.COM ").output == text)
    }

    @Test func theWayToTheNextLevelIsByTheRunsOwnDefinition() throws {
        let night = try Night.tours()
        let platinum = "    Platinum: \"10000\"\n"
        try night.redefine(platinum, platinum + "    Diamond: \"20000.50\"\n")
        try night.publish()
        // What the definition says by now does not matter.
        try Files.remove(night.definition)
        let text = try dashboard(night, "ama@example.com").output
        #expect(text.contains("5,380.50 GHS more to reach Diamond."))
    }

    @Test func theUsersLineIsWrittenAsItStands() throws {
        let night = try Night.tours()
        let run = try night.publish()
        let lines = try Files.text(run.folder + "/dashboards.jsonl").split(separator: "\n")
        for line in lines {
            let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
            let user = try #require((value as? [String: Any])?["user"] as? String)
            #expect(try dashboard(night, user, ["--json"]).output == line + "\n")
        }
        #expect(lines.count > 20)
    }

    /// Neither a part of a name nor a longer one is that name, and no other user is named.
    @Test func anUnknownUserIsRefusedWithoutNamingAnother() throws {
        let night = try Night.tours()
        try night.publish()
        for user in ["am@example.com", "ama@example.co", "ama@example.comm", "\"", "", " "] {
            let ending = try dashboard(night, user)
            guard !user.isEmpty else {
                #expect(ending.code == 2)
                continue
            }
            expectFailure(ending, code: 2, saying: ["has no summary of this user"])
            #expect(ending.output == "" && !ending.errors.contains("ama@example.com\n"))
        }
        expectFailure(
            try dashboard(night, "ama@example.com", ["--run", "20250101T000000Z-abcdef"]), code: 2,
            saying: ["no run of this name"])
    }

    @Test func anEarlierRunIsToldByItsName() throws {
        let night = try Night.tours()
        let first = try night.publish()
        try night.publish(asOf: "2025-09-01T02:00:00Z")
        let text = try dashboard(night, "ama@example.com", ["--run", first.name]).output
        #expect(text.contains(first.name))
        #expect(try cells("Bookings", text) == ["11", "20"])
        #expect(
            try cells("Bookings", dashboard(night, "ama@example.com").output) == ["20", "20"])
    }

    @Test func aSellersPayoutsAreListedWithTheirDays() throws {
        let night = try Night.sample("auctions")
        try night.publish(asOf: AuctionsFiguresTests.asOf)
        let johan = try dashboard(night, "johan@example.com").output
        #expect(try cells("Pending payouts", johan) == ["0", "2"])
        #expect(try cells("Total pending", johan) == ["0.00 SEK", "8,556.00 SEK"])
        #expect(try cells("2025-08-25", johan) == ["scheduled", "930.00 SEK"])
        #expect(try cells("2025-08-28", johan) == ["scheduled", "7,626.00 SEK"])
        let lena = try dashboard(night, "lena@example.com").output
        #expect(try cells("no day yet", lena) == ["below minimum", "83.70 SEK"])
        let astrid = try dashboard(night, "astrid@example.com").output
        #expect(try cells("Commission paid", astrid) == ["0.00 SEK", "770.00 SEK"])
        #expect(!astrid.contains("Payouts due"))
    }

    @Test func impactIsToldWithItsMeasuredPart() throws {
        let night = try Night.sample("charging")
        let run = try night.publish(asOf: "2025-11-12T21:30:00Z")
        var shares: Set<String> = []
        for (user, summary) in try run.dashboards() {
            let impact = try #require(summary["impact"] as? [String: Any], "\(user)")
            let told = try dashboard(night, user).output
            let energy = text(of: impact["energy_kwh"])
            #expect(try cells("Energy", told).last == energy + " kWh")
            #expect(
                try cells("of which measured", told).last
                    == text(of: impact["measured_kwh"]) + " kWh")
            #expect(told.contains("CO2 prevented"))
            shares.insert(try cells("Measured share", told).last ?? "")
        }
        #expect(shares.count > 1, "the sample has measured and estimated energy")
    }

    @Test func thePageHoldsNothingOfAnyOtherUserAndLoadsNothing() throws {
        let night = try Night.tours()
        let run = try night.publish()
        let file = night.workspace.at("ama.html")
        try Files.write("old", to: file)
        let ending = try dashboard(night, "ama@example.com", ["--html", file])
        #expect(ending.code == 0 && ending.output.contains("14,620.00 GHS"))
        let page = try Files.text(file)
        for figure in ["20", "14,620.00\u{A0}GHS", "1,462", "10,920.00\u{A0}GHS", "Platinum"] {
            #expect(page.contains(">\(figure)<"), "\(figure)")
        }
        for user in try run.dashboards().keys where user != "ama@example.com" {
            #expect(!page.contains(user))
        }
        for word in ["<script", "http:", "https:", "<link", "@import", "url(", "<img"] {
            #expect(!page.contains(word), "\(word)")
        }
        #expect(XMLParser(data: Data(page.utf8)).parse(), "the page is well-formed")
        let attributes = try FileManager.default.attributesOfItem(atPath: file)
        #expect(attributes[.posixPermissions] as? Int == 0o640)
    }

    @Test func hostileNamesStayTexts() throws {
        let night = try Night.tours()
        let name = "<script>alert(1)</script>&\"'\u{202E}\u{9B}31m"
        try night.editLines("users.csv") { line in
            guard line.contains("ama@example.com") else { return line }
            let fields = line.split(separator: ",", omittingEmptySubsequences: false)
            let quoted = "\"" + name.replacing("\"", with: "\"\"") + "\""
            return fields.map { $0.contains("Ama") ? quoted : String($0) }.joined(separator: ",")
        }
        try night.publish()
        let file = night.workspace.at("ama.html")
        for options in [["--html", file], ["--json"]] {
            let ending = try dashboard(night, "ama@example.com", options)
            #expect(ending.code == 0 && ending.output.contains("<script>"))
            #expect(
                ending.output.unicodeScalars.allSatisfy {
                    ($0.value >= 0x20 || $0.value == 0x0A) && !(0x7F..<0xA0).contains($0.value)
                        && $0.value != 0x202E
                })
        }
        let page = try Files.text(file)
        #expect(!page.contains("<script") && !page.contains("\u{202E}"))
        #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#39;"))
        #expect(XMLParser(data: Data(page.utf8)).parse(), "the page is well-formed")
    }

    @Test func aDamagedRunIsNamed() throws {
        let night = try Night.tours()
        let run = try night.publish()
        let path = run.folder + "/dashboards.jsonl"
        let whole = try Files.text(path)
        try Files.write(whole.replacing("\"before\":{", with: "\"before\":["), to: path)
        expectFailure(
            try dashboard(night, "ama@example.com"), code: 1, saying: [path, "is damaged"])
        try Files.remove(path)
        expectFailure(try dashboard(night, "ama@example.com"), code: 1, saying: [path])
    }
}
