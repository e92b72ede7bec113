import Foundation
import Testing

/// Copies of a run that may leave the house name nobody.
@Suite struct RedactionTests {
    private func key(_ name: String, in workspace: Workspace, _ text: String) throws -> String {
        let path = workspace.at(name)
        try Files.write(text, to: path)
        try #require(chmod(path, 0o600) == 0)
        return path
    }

    private func redact(_ night: Night, _ key: String, to folder: String) throws -> Ending {
        try Launch(
            program: Project.trueup, arguments: ["redact", night.out, "--key", key, "--to", folder]
        ).run()
    }

    /// All that dumps say of people: addresses, names and free words, as far as they are long enough
    /// not to be found by chance.
    private func personal(_ night: Night) throws -> Set<String> {
        var texts: Set<String> = []
        for file in try Files.names(in: night.dumps) where file.hasSuffix(".csv") {
            let table = try night.dump(file)
            for (place, column) in table.header.enumerated()
            where ["user", "email", "name", "description", "seller", "note", "request"].contains(
                where: column.lowercased().contains)
            {
                texts.formUnion(
                    table.rows.map { place < $0.count ? $0[place] : "" }.filter { $0.count > 5 })
            }
        }
        return texts
    }

    @Test(arguments: ["tours", "auctions", "services", "charging"])
    func nobodyIsNamedInACopy(system: String) throws {
        let night = try Night.sample(system)
        let run = try night.publish(["--fail-on", "never"], asOf: "2026-12-01T02:00:00Z")
        let secret = try key("names.key", in: night.workspace, "a secret of a few more words\n")
        let copy = night.workspace.at("copy")
        let ending = try redact(night, secret, to: copy)
        #expect(ending.code == 0, "\(ending.errors)")
        let personal = try personal(night)
        try #require(personal.count > 5)
        let snapshot = try FolderSnapshot(copy)
        #expect(snapshot.entries["report.html"]?.mode == "640")
        for (name, entry) in snapshot.entries {
            let text = String(decoding: entry.bytes ?? Data(), as: UTF8.self)
            for found in personal {
                #expect(!text.localizedStandardContains(found), "\(found) in \(name)")
            }
            #expect(!text.contains("a secret of a few"), "\(name)")
        }
        for file in ["payments.csv", "bookings.csv", "breaks.csv"] {
            let (before, after) = (try run.table(file), try CSVTable(path: copy + "/" + file))
            #expect(before.header == after.header)
            #expect(before.rows.count == after.rows.count)
            #expect(before.columns("amount") == after.columns("amount"))
        }
        let report = try Files.text(copy + "/report.json")
        #expect(report.contains("\"verdict\""))
        #expect(try !Files.names(in: copy).contains("dashboards.jsonl"))
    }

    @Test func theSameKeyGivesTheSameNamesInEveryTableAndRun() throws {
        let night = try Night.tours()
        let secret = try key("names.key", in: night.workspace, "a secret of a few more words")
        let other = try key("other.key", in: night.workspace, "another secret, as long as that")
        var names: [[String: String]] = []
        for (place, key) in [secret, secret, other].enumerated() {
            let run = try night.publish(asOf: "2025-09-0\(place + 1)T02:00:00Z")
            let copy = night.workspace.at("copy-\(place)")
            #expect(try redact(night, key, to: copy).code == 0)
            var map: [String: String] = [:]
            for file in ["payments.csv", "bookings.csv", "breaks.csv"] {
                let before = try run.table(file).columns("user")
                let after = try CSVTable(path: copy + "/" + file).columns("user")
                for (old, new) in zip(before, after) {
                    #expect(map.updateValue(new[0], forKey: old[0]) ?? new[0] == new[0])
                }
            }
            names.append(map)
        }
        #expect(names[0] == names[1])
        #expect(Set(names[0].values).count == names[0].count)
        #expect(Set(names[0].values).intersection(names[2].values).filter { !$0.isEmpty } == [])
        // As anybody with the key can reckon.
        let script = "printf %s ama@example.com | openssl dgst -sha256 -hmac \"$(cat \"$0\")\""
        let sum = try Launch(program: "sh", arguments: ["-c", script, secret]).run().output
        let digits = try #require(sum.split(separator: " ").last).prefix(16)
        #expect(names[0]["ama@example.com"] == "user-\(digits)")
    }

    /// Decisions, near misses and rejected rows quote what people wrote.
    @Test func whatQuotesPeopleIsLeftOut() throws {
        var business = try SmallBusiness()
        business.payment("P1", description: "For Kwame Mensah kwame@example.com")
        business.payment("P2", user: "=esi@example.com")
        business.line("S1", of: "P1")
        business.booking("B1", of: "P1", user: "yaw@example.com")
        business.override("BR-0000000000000000", "call kofi@example.com", reason: "Kofi knows")
        try business.write()
        let night = business.night
        try night.append(["P3,R-P3,abena@example.com,none,GHS,succeeded,,,"], to: "payments.csv")
        try night.redefine("name: small\n", "name: small\nmax_rejects: 50\n")
        try night.publish(["--fail-on", "never"], asOf: "2026-03-09T02:00:00Z")
        let secret = try key("names.key", in: night.workspace, "a secret of a few more words")
        let copy = night.workspace.at("copy")
        let ending = try redact(night, secret, to: copy)
        #expect(ending.code == 0, "\(ending.errors)")
        #expect(ending.output.contains("rejects.csv, without raw"))
        for name in try Files.names(in: copy) {
            let text = try Files.text(copy + "/" + name)
            for word in ["Kwame", "Kofi", "example.com"] {
                #expect(!text.contains(word), "\(word) in \(name)")
            }
        }
        #expect(try Files.text(copy + "/report.html").contains("(left out)"))
    }

    @Test func aKeyOrFolderThatWouldNotDoIsRefused() throws {
        let night = try Night.tours()
        try night.publish()
        let copy = night.workspace.at("copy")
        let short = try key("short.key", in: night.workspace, "too short\n\n\n\n\n\n\n\n\n\n")
        expectFailure(try redact(night, short, to: copy), saying: ["too short", "openssl rand"])
        let secret = try key("names.key", in: night.workspace, "a secret of a few more words")
        try #require(chmod(secret, 0o644) == 0)
        expectFailure(try redact(night, secret, to: copy), saying: ["open to others"])
        try #require(chmod(secret, 0o600) == 0)
        expectFailure(
            try redact(night, secret, to: night.dumps), code: 2, saying: ["is not empty"])
        try Files.remove(night.out + "/latest/report.json")
        expectFailure(try redact(night, secret, to: copy), saying: ["report.json"])
        #expect(try Files.names(in: copy) == [])
    }
}
