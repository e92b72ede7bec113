import Foundation
import TestKit
import Testing

/// What is handed on from run to run: damaged, absent, and over many nights.
@Suite struct CarriedItemsTests {
    static let items = "/carried/open_items.csv"
    static let overrides = "/carried/overrides.csv"

    private func business() throws -> SmallBusiness {
        var business = try SmallBusiness()
        business.payment("P-1")
        business.payment("P-2", status: "pending")
        business.override(try business.id("stuck", OpenItemsTests.thursday))
        return business
    }

    /// Writes the list of checksums anew, as somebody would who wants to hide a change.
    private func sign(_ run: PublishedRun) throws {
        let files = try Files.text(run.folder + "/SHA256SUMS").split(separator: "\n")
            .map { String($0.dropFirst(66)) }.filter { Files.exists(run.folder + "/" + $0) }
        let ending = try Launch(
            program: "sha256sum", arguments: files, folder: run.folder
        ).run()
        try #require(ending.code == 0)
        try Files.write(ending.output, to: run.folder + "/SHA256SUMS")
    }

    private func expectRefusal(
        _ business: SmallBusiness, saying parts: [String],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let before = try FolderSnapshot(business.night.out)
        let ending = try business.night.run(["--no-archive"], asOf: OpenItemsTests.friday)
        expectFailure(ending, saying: parts, sourceLocation: sourceLocation)
        let changed = before.differences(try FolderSnapshot(business.night.out))
        #expect(changed.filter { !$0.hasSuffix("/.lock") } == [], sourceLocation: sourceLocation)
    }

    @Test(arguments: [items, overrides])
    func aFileThatWasChangedIsRefused(file: String) throws {
        let business = try business()
        let run = try business.publish(OpenItemsTests.thursday)
        let text = try Files.text(run.folder + file)
        try Files.write(text.replacing("2026-03-05", with: "2026-01-05"), to: run.folder + file)
        try expectRefusal(business, saying: [file, "damaged", "checksum", "archive"])
    }

    @Test(arguments: [items, overrides])
    func aFileThatIsGoneIsRefused(file: String) throws {
        let business = try business()
        let run = try business.publish(OpenItemsTests.thursday)
        try Files.remove(run.folder + file)
        try expectRefusal(business, saying: [file])
    }

    @Test(arguments: [
        (items, "open", "half-open"), (items, "missing_settlement", "missing"),
        (items, "100.00", "1o0.00"), (items, "critical", "info"), (items, "GHS", "GHSS"),
        (items, "2026-03-05T02:00:00Z", "yesterday"), (overrides, "Z,2026", "Z,soon"),
        (overrides, "BR-", ","),
    ])
    func aRowThatNoRunWroteIsRefusedWithItsLine(file: String, old: String, new: String) throws {
        let business = try business()
        let run = try business.publish(OpenItemsTests.thursday)
        let text = try Files.text(run.folder + file)
        var lines = text.split(separator: "\n").map(String.init)
        let line = try #require(lines.indices.dropFirst().first { lines[$0].contains(old) })
        lines[line] = lines[line].replacing(old, with: new)
        try Files.write(lines.joined(separator: "\n") + "\n", to: run.folder + file)
        try sign(run)
        try expectRefusal(business, saying: ["\(file):\(line + 1): error", "damaged"])
    }

    @Test func anItemThatStandsTwiceIsRefused() throws {
        let business = try business()
        let run = try business.publish(OpenItemsTests.thursday)
        let lines = try Files.text(run.folder + Self.items).split(separator: "\n")
        try Files.write(
            (lines + [lines[1]]).joined(separator: "\n") + "\n", to: run.folder + Self.items)
        try sign(run)
        try expectRefusal(business, saying: [Self.items, "each break once"])
    }

    @Test func aRunOfAnEarlierVersionHandsNothingOn() throws {
        let business = try business()
        let run = try business.publish(OpenItemsTests.thursday)
        for file in [Self.items, Self.overrides] { try Files.remove(run.folder + file) }
        try sign(run)
        let next = try business.publish(OpenItemsTests.friday)
        #expect(
            try next.breaks("code", "first_seen")
                == ["missing_settlement \(OpenItemsTests.friday)"])
        #expect(try next.roll() == [0, 2, 0, 1, 1])
    }

    @Test(arguments: 1...6)
    func randomNightsAddUpAndKeepTheirIds(seed: UInt64) throws {
        var generator = SeededGenerator(seed)
        var business = try SmallBusiness("carry: {unapplied_after: 1d}\n")
        var closing = 0
        var open: Set<String> = []
        var firstSeen: [String: String] = [:]
        for night in 0..<8 {
            for _ in 0..<6 { change(&business, &generator) }
            let asOf = "2026-03-\(10 + night)T02:00:00Z"
            if let id = open.sorted().randomElement(using: &generator) {
                business.override(id, expires: "2026-03-\(11 + night)")
            }
            let run = try business.publish(asOf)
            let roll = try run.roll()
            #expect(roll[0] == closing)
            #expect(roll[0] + roll[1] + roll[2] - roll[3] == roll[4])
            let table = try run.table("breaks.csv")
            let standing = table.rows.filter { table.value($0, "severity") != "info" }
            #expect(standing.count == roll[4])
            for row in standing {
                let id = table.value(row, "break_id")
                let first = firstSeen[id, default: asOf]
                #expect(table.value(row, "first_seen") == first, "\(id) on night \(night)")
                firstSeen[id] = first
            }
            let now = Set(standing.map { table.value($0, "break_id") })
            let gone = try run.table("cleared.csv")
            #expect(open.subtracting(now).isSubset(of: Set(gone["break_id"])))
            for row in gone.rows {
                firstSeen[gone.value(row, "break_id")] = gone.value(row, "first_seen")
                #expect(!gone.value(row, "cleared_by").isEmpty)
            }
            #expect(gone.rows.count == roll[3])
            closing = roll[4]
            open = now
        }
        // A run that knows of no other finds the same breaks under the same ids. It knows neither
        // what was emitted, nor what decisions were made about.
        let last = try business.night.latest()
        let alone = try business.publishAlone("2026-03-17T02:00:00Z")
        let decided = Set(try last.overridden())
        let known = Set(try last.breaks("break_id", "code", "at_risk"))
            .filter { !$0.contains("unapplied_emission") }
        let found = Set(try alone.breaks("break_id", "code", "at_risk"))
        #expect(
            known.symmetricDifference(found).allSatisfy { decided.contains(String($0.prefix(19))) })
        #expect(!known.isEmpty)
    }

    /// Does one of the things that happen to a business in a night.
    private func change(_ business: inout SmallBusiness, _ generator: inout SeededGenerator) {
        let number = Int.random(in: 1...6, using: &generator)
        let amount = ["100.00", "100.00", "60.00"].randomElement(using: &generator) ?? "100.00"
        let user = ["ama@example.com", "esi@example.com"].randomElement(using: &generator)
        switch Int.random(in: 0..<9, using: &generator) {
        case 0, 1: business.payment("P-\(number)", user: user ?? "")
        case 2: business.payment("P-\(number)", status: "pending", user: user ?? "")
        case 3: business.payment("P-\(number)", status: "failed", user: user ?? "")
        case 4, 5: business.line("S-\(number)", of: "P-\(number)", amount)
        case 6: business.booking("B-\(number)", of: "P-\(number)", amount, user: user ?? "")
        case 7: business.booking("B-\(number)", "33.00", user: user ?? "")
        default:
            business.remove(
                ["P-\(number)", "S-\(number)", "B-\(number)"]
                    .randomElement(using: &generator) ?? "")
        }
    }
}
