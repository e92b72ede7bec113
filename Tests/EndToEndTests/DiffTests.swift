import Foundation
import Testing

/// `trueup diff`: what changed between two runs, and because of what.
@Suite struct DiffTests {
    private func diff(_ night: Night, _ arguments: [String]) throws -> Ending {
        try Launch(program: Project.trueup, arguments: ["diff", night.out] + arguments).run()
    }

    private func json(_ night: Night, _ from: String, _ to: String) throws -> [String: Any] {
        let ending = try diff(night, [from, to, "--json"])
        try #require(ending.code == 0, "\(ending.errors)")
        let value = try JSONSerialization.jsonObject(with: Data(ending.output.utf8))
        return try #require(value as? [String: Any])
    }

    private func list(_ kind: String, _ difference: [String: Any]) throws -> [[String: Any]] {
        let breaks = try #require(difference["breaks"] as? [String: Any])
        let group = try #require(breaks[kind] as? [String: Any])
        let list = try #require(group["list"] as? [[String: Any]])
        #expect(text(of: group["count"]) == String(list.count))
        return list
    }

    private func changes(_ difference: [String: Any]) throws -> [[String]] {
        try #require(difference["payments"] as? [[String: Any]]).map { group in
            let ids = group["first"] as? [String] ?? []
            return [text(of: group["from"]), text(of: group["to"]), text(of: group["count"])] + ids
        }
    }

    @Test func theSameNightAgainDiffersInNothingButWhatIsNewNoMore() throws {
        let night = try Night.tours()
        let first = try night.publish(asOf: "2025-09-01T02:00:00Z")
        let second = try night.publish(asOf: "2025-09-02T02:00:00Z")
        let difference = try json(night, first.name, second.name)
        #expect((difference["inputs"] as? [Any])?.isEmpty == true)
        #expect(difference["settings"] as? [String] == ["the as-of"])
        for kind in ["opened", "cleared", "changed"] {
            #expect(try list(kind, difference).isEmpty)
        }
        #expect(try changes(difference).isEmpty)
        let made = try #require(
            (difference["emissions"] as? [String: Any])?["new bookings"] as? [String: Any])
        #expect(text(of: made["from"]) == "16, 7800.00 GHS" && text(of: made["to"]) == "0")
        let told = try diff(night, [first.name, second.name])
        #expect(told.code == 0 && told.errors == "")
        #expect(told.output.contains("none opened, cleared or changed"))
        // A run differs in nothing from itself.
        let own = try json(night, first.name, first.name)
        #expect((own["settings"] as? [Any])?.isEmpty == true)
        #expect((own["totals"] as? [String: Any])?.isEmpty == true)
    }

    /// A settlement comes in, and a payment that nobody knew is there: each is laid to its dump.
    @Test func whatChangesIsLaidToTheDumpsThatDiffer() throws {
        let night = try Night.tours()
        let first = try night.publish()
        let missing = try #require(
            try first.table("breaks.csv").rows(where: "code", is: "missing_settlement").first)
        let table = try first.table("breaks.csv")
        let payment = table.value(missing, "payment_id")
        let payments = try night.dump("payments.csv")
        let row = try #require(payments.rows(where: "payment_id", is: payment).first)
        let reference = payments.value(row, "reference")
        try night.append(
            ["25099999991,\(reference),charge,SUCCESSFUL,500.00,5.00,GHS,2025-08-12T10:00:00Z"],
            to: "momo-2025-08.csv")
        try night.append(
            [
                "PAY-9001,TGH-X,efua@example.com,75.00,GHS,successful,2025-08-01T00:00:00Z,,x,{},"
                    + "mtn-momo"
            ], to: "payments.csv")
        let second = try night.publish(asOf: "2025-08-31T03:00:00Z")
        let difference = try json(night, first.name, second.name)
        let inputs = try #require(difference["inputs"] as? [[String: Any]])
        #expect(
            Set(inputs.map { "\(text(of: $0["file"])) \(text(of: $0["change"]))" })
                == ["momo-2025-08.csv changed", "payments.csv changed"])
        let cleared = try list("cleared", difference)
        #expect(
            cleared.map { line in
                ["code", "payment_id", "cause", "cleared_by"].map { text(of: line[$0]) }
            } == [["missing_settlement", payment, "settlements", "settlement 25099999991"]])
        let opened = try list("opened", difference)
        // The new payment has neither a line nor an item; another one waits for too long by now.
        #expect(
            Set(
                opened.map { line in
                    ["code", "payment_id", "cause"].map { text(of: line[$0]) }
                }) == [
                    ["missing_settlement", "PAY-9001", "payments"],
                    ["stuck", "PAY-1257", "setting"],
                ])
        #expect(
            try Set(changes(difference)) == [
                ["<null>", "succeeded, break", "1", "PAY-9001"],
                ["pending, expected", "pending, break", "1", "PAY-1257"],
                ["succeeded, break", "succeeded, backfilled", "1", payment],
            ])
        // The other way round the same is opened that was cleared.
        let back = try json(night, second.name, first.name)
        #expect(try list("opened", back).map { text(of: $0["payment_id"]) } == [payment])
        #expect(try list("cleared", back).count == opened.count)
        let told = try diff(night, [first.name, second.name]).output
        #expect(told.contains("because of settlement lines: settlement 25099999991"))
        #expect(told.contains("momo-2025-08.csv") && told.contains("PAY-9001"))
        #expect(told.split(separator: "\n").allSatisfy { $0.count <= 80 })
    }

    @Test func aChangedDefinitionIsNamedAsTheCause() throws {
        let night = try Night.tours()
        let first = try night.publish()
        try night.redefine("Platinum: \"10000\"", "Platinum: \"9000\"")
        let second = try night.publish()
        let difference = try json(night, first.name, second.name)
        #expect(difference["settings"] as? [String] == ["the definition"])
        let told = try diff(night, [first.name, second.name]).output
        #expect(told.contains("definition.yaml  "))
    }

    /// The program of this version cannot make a run of another, so the older run is made to say so.
    @Test(arguments: [
        ("\"trueup ", "\"trueup 0.0.", "the program", "program  trueup 0.0."),
        ("\"libyaml\": \"", "\"libyaml\": \"0.0.", "the libraries", "library libyaml  0.0."),
    ])
    func anotherProgramOrLibraryIsNamedAsTheCause(
        old: String, new: String, cause: String, line: String
    ) throws {
        let night = try Night.tours()
        let first = try night.publish()
        let second = try night.publish()
        try Archives.edit(first.folder + "/run.json", old, new)
        try Archives.edit(first.folder + "/breaks.csv", ",stuck,", ",rounding,")
        let difference = try json(night, first.name, second.name)
        #expect(difference["settings"] as? [String] == [cause])
        #expect(try list("changed", difference).map { text(of: $0["cause"]) } == ["setting"])
        let told = try diff(night, [first.name, second.name]).output
        #expect(told.contains("because of \(cause) (code)\n") && told.contains(line), "\(told)")
    }

    @Test func decisionsOfTwoPeopleAreLaidToOverrides() throws {
        let night = Night(try Workspace())
        let samples = Project.root + "/samples/month-end/"
        try Files.copy(Project.root + "/pipelines/month-end.yaml", to: night.definition)
        try Files.copy(samples + "2026-03-02", to: night.dumps)
        let first = try night.publish(asOf: "2026-03-02T06:00:00Z")
        try Files.remove(night.dumps)
        try Files.copy(samples + "2026-03-03", to: night.dumps)
        let second = try night.publish(asOf: "2026-03-03T06:00:00Z")
        let difference = try json(night, first.name, second.name)
        let causes = try list("cleared", difference).map {
            [text(of: $0["code"]), text(of: $0["cause"])]
        }
        #expect(
            Set(causes) == [
                ["duplicate_settlement", "overrides"], ["settled_short", "overrides"],
                ["missing_settlement", "settlements"], ["unknown_deposit", "bank"],
                ["payout_short", "settlements"],
            ])
        let verdict = try #require(
            (difference["totals"] as? [String: Any])?["verdict"] as? [String: Any])
        #expect(text(of: verdict["from"]) == "critical" && text(of: verdict["to"]) == "clean")
    }

    @Test func anUnknownRunIsRefusedWithTheNewestOnes() throws {
        let night = try Night.tours()
        let first = try night.publish()
        for arguments in [["20250101T000000Z-abcdef", first.name], [first.name, "latest"]] {
            expectFailure(
                try diff(night, arguments), code: 2, saying: ["no run of this name", first.name])
        }
        try Files.remove(first.folder + "/breaks.csv")
        expectFailure(
            try diff(night, [first.name, first.name]), code: 1, saying: ["breaks.csv"])
    }
}
