import Foundation
import Testing

/// Law 5 over processes: a run whose parts are found by processes of their own, from rows that others
/// moved, publishes the same bytes as one that does everything itself.
@Suite(.enabled(if: isInstalled("python3", "--version"), "the dumps are written by python3"))
struct SharedOutLawTests {
    /// Publishes the night both ways, the whole run last, so that the next night follows it.
    @discardableResult
    private func expectSame(
        _ night: Night, asOf: String, parts counts: [Int], name: String = "work"
    ) throws -> SharedOutRun {
        let shared = try SharedOutRun(night, asOf: asOf, name: name)
        let published = try counts.map { try shared.published(parts: $0) }
        try night.publish(asOf: asOf)
        let whole = try FolderSnapshot(night.out).reproducible
        #expect(whole.entries.count > 30)
        for (count, found) in zip(counts, published) {
            #expect(whole.differences(found) == [], "\(count) parts, as of \(asOf)")
        }
        return shared
    }

    /// All but those of incremental dumps, which are never shared out.
    private static func histories() throws -> [[SampleRuns.Sample]] {
        try SampleRuns.histories().filter { $0[0].definition != "migration" }
    }

    /// Each night of a sample knows what the one before handed on.
    @Test func everySampleMayBeSharedOut() throws {
        for history in try Self.histories() {
            let night = Night(try Workspace())
            try Files.copy(
                "\(Project.root)/pipelines/\(history[0].definition).yaml", to: night.definition)
            for (number, sample) in history.enumerated() {
                try Files.remove(night.dumps)
                try Files.copy(SampleRuns.samples + sample.dumps, to: night.dumps)
                try expectSame(
                    night, asOf: sample.asOf, parts: [sample.definition == "breaks" ? 2 : 5],
                    name: "work-\(number)")
            }
        }
    }

    @Test func paymentsWithoutAGatewayMayBeSharedOut() throws {
        try expectSame(try SampleRuns.simulated(), asOf: Night.asOf, parts: [2])
    }

    /// Every kind of break, several files of a kind, repeats, rejects, orphans; the second night reads
    /// dumps that have changed since, and loads nothing of what waits.
    @Test func whatWasHandedOnGoesWithItsRows() throws {
        let night = try Night.ofLaws(seed: try #require(Night.lawSeeds.first), layout: 2)
        try expectSame(night, asOf: Night.endOfLaws, parts: [1, 7], name: "first")
        for file in try Files.names(in: night.dumps) where file.hasPrefix("settlements") {
            var lines = try night.dump(file)
            lines.rows = lines.rows.enumerated().filter { $0.offset.isMultiple(of: 2) }
                .map(\.element)
            try night.write(lines, file)
        }
        try expectSame(night, asOf: "2025-11-21T02:00:00Z", parts: [2, 7], name: "second")
    }

    /// A decision brings a booking of one user to a payment of another.
    @Test func whatADecisionBringsTogetherIsFoundTogether() throws {
        var business = try SmallBusiness()
        for number in 1...30 {
            business.payment("P-\(number)", user: "user\(number)@example.com")
            business.line("S-\(number)", of: "P-\(number)")
        }
        business.line("S-31", of: "P-7", "40.00", type: "refund")
        business.line("S-32", of: "P-NONE", "100.00", type: "chargeback")
        business.booking("B-1", user: "esi@example.com")
        let id = try business.id("orphan_booking", OpenItemsTests.thursday)
        business.override(id, "match", target: "P-7")
        business.override("BR-0000000000000000", name: "of nothing")
        try business.write()
        try expectSame(business.night, asOf: OpenItemsTests.friday, parts: [7])
        #expect(try business.night.latest().effects().contains("matched"))
    }

    /// One user with everything is one part, beside many others with nothing.
    @Test func aLargeNightMayBeSharedOut() throws {
        try expectSame(
            try Night.generated(payments: 3000, seed: 3), asOf: Night.asOf, parts: [1, 2, 7, 64])
    }

    /// Of packed dumps only the program knows where their rows are.
    @Test(arguments: [
        [PackedDumpsTests.Form.gzip, .zstd, .utf16], [.xz, .zip, .utf16BigEndianInXZ],
    ])
    func packedDumpsAreSharedOutByTheirRows(forms: [PackedDumpsTests.Form]) throws {
        let night = try Night.tours()
        try night.append(
            ["PAY-Ä,T-Ä,ama@example.com,?,GHS,failed,2025-08-01T10:00:00Z,,\"Grüße\nan 漢😀\",,"],
            to: "payments.csv")
        let dumps = try Files.names(in: night.dumps).filter { $0.hasSuffix(".csv") }
        for (place, dump) in dumps.enumerated() {
            try forms[place % forms.count].pack([night.dumps + "/" + dump])
        }
        let shared = try expectSame(night, asOf: Night.asOf, parts: [3])
        #expect(shared.packed.count >= 3)
        #expect(Set(shared.packed).isSubset(of: dumps))
    }

    /// Byte order marks, line ends of every kind, quoted ones, rows that are no records.
    @Test func dumpsOfEveryShapeMayBeSharedOut() throws {
        for shape in ShapesOfDumpsTests.whole + ShapesOfDumpsTests.withRejects {
            let night = try ShapesOfDumpsTests.night(shape)
            do {
                try expectSame(night, asOf: Night.asOf, parts: [2])
            } catch {
                Issue.record("\(shape.name): \(error)")
            }
        }
    }

    @Test func theSameRowsGiveTheSameBytes() throws {
        let shared = try SharedOutRun(try Night.tours(), asOf: Night.asOf)
        let frames = SharedOutRun.frames(shared.shares(2)[0])
        let paths = [shared.work + "/first", shared.work + "/second"]
        for path in paths {
            #expect(try shared.find(0, of: 2, frames, to: path).code == 0)
        }
        #expect(try Files.bytes(paths[0]) == Files.bytes(paths[1]))
    }
}
