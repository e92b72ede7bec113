import Foundation
import Testing

/// Law 5 over processes: a run whose parts are found by processes of their own, from rows that others
/// moved, publishes the same bytes as one that does everything itself.
@Suite(.enabled(if: isInstalled("python3", "--version"), "the dumps are written by python3"))
struct SharedOutLawTests {
    private func expectSame(
        _ night: Night, asOf: String, parts counts: [Int] = [1, 3, 7], packed: Bool = false
    ) throws {
        let shared = try SharedOutRun(night, asOf: asOf, packed: packed)
        let published = try counts.map { try shared.published(parts: $0) }
        try night.publish(asOf: asOf)
        let whole = try FolderSnapshot(night.out).reproducible
        #expect(whole.entries.count > 30)
        for (count, found) in zip(counts, published) {
            #expect(whole.differences(found) == [], "\(count) parts")
        }
    }

    @Test(arguments: ["tours", "services", "auctions", "charging"])
    func everySampleMayBeSharedOut(system: String) throws {
        try expectSame(try Night.sample(system), asOf: Night.endOfLaws)
    }

    /// The second night knows what the first handed on, and reads dumps that have changed since.
    @Test func whatWasHandedOnGoesWithItsRows() throws {
        let night = try Night.ofLaws(seed: try #require(Night.lawSeeds.first))
        try night.publish(asOf: Night.endOfLaws)
        for file in try Files.names(in: night.dumps) where file.hasPrefix("settlements") {
            var lines = try night.dump(file)
            lines.rows = lines.rows.enumerated().filter { $0.offset.isMultiple(of: 2) }
                .map(\.element)
            try night.write(lines, file)
        }
        try expectSame(night, asOf: "2025-11-21T02:00:00Z", parts: [1, 4])
    }

    @Test func aLargeNightMayBeSharedOut() throws {
        try expectSame(
            try Night.generated(payments: 20_000, seed: 3), asOf: Night.asOf)
    }

    /// Of packed dumps only the program knows where their rows are.
    @Test func packedDumpsAreSharedOutByTheirRows() throws {
        let night = try Night.tours()
        for file in try Files.names(in: night.dumps) where file.hasSuffix(".csv") {
            let ending = try Launch(program: "gzip", arguments: ["-n", night.dumps + "/" + file])
                .run()
            try #require(ending.code == 0, "\(ending.errors)")
        }
        try expectSame(night, asOf: Night.asOf, parts: [2], packed: true)
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
