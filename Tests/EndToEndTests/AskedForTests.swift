import Testing

/// A run that is asked to emit for a name that the dumps do not know says so.
@Suite struct AskedForTests {
    private func business() throws -> SmallBusiness {
        var business = try SmallBusiness()
        business.payment("P-1")
        business.line("S-1", of: "P-1")
        business.payment("P-2", user: "bo@example.com")
        business.line("S-2", of: "P-2")
        try business.write()
        return business
    }

    @Test(arguments: [[], ["--shards", "3"], ["--dry-run"]])
    func unknownNamesAreToldOf(more: [String]) throws {
        let ending = try business().night.run(
            [
                "--user", "nobody@example.com", "--user", " BO@example.com", "--payment", "P-9",
                "--payment", "P-1", "--payment", "R-P-2",
            ] + more, asOf: "2026-03-04T02:00:00Z")
        #expect(ending.code == 0, "\(ending.errors)")
        let warnings = ending.errors.split(separator: "\n").filter { $0.contains("warning:") }
        #expect(warnings.count == 2, "\(ending.errors)")
        #expect(ending.errors.contains("found: nobody@example.com"))
        #expect(ending.errors.contains("found: P-9"))
    }

    @Test func knownNamesAndSilenceAreNotCommented() throws {
        let business = try business()
        let known = try business.night.run(
            ["--user", "ama@example.com", "--payment", "P-2"], asOf: "2026-03-04T02:00:00Z")
        #expect(known.errors == "")
        let quiet = try business.night.run(
            ["--payment", "P-9", "--quiet"], asOf: "2026-03-05T02:00:00Z")
        #expect(quiet.code == 0 && quiet.errors == "" && quiet.output == "")
    }
}
