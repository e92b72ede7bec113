import Foundation
import TestKit
import Testing

/// What does not make a whole run of one plan is refused, and nothing is published.
@Suite struct SharedOutErrorTests {
    private let shared: SharedOutRun
    private let shares: [[SharedOutRun.Row]]

    init() throws {
        shared = try SharedOutRun(try Night.tours(), asOf: Night.asOf)
        shares = shared.shares(3)
    }

    private func expectRefusal(
        _ ending: Ending, _ summary: String, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(ending.code == 1, sourceLocation: sourceLocation)
        #expect(
            ending.errors.contains(summary), "\(ending.errors)", sourceLocation: sourceLocation)
    }

    /// Joins the parts of a folder in vain.
    private func expectUnpublished(
        _ folder: String, _ summary: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let out = shared.work + "/out"
        expectRefusal(
            try shared.merge(folder, out: out), summary, sourceLocation: sourceLocation)
        #expect(!Files.exists(out + "/latest"), sourceLocation: sourceLocation)
    }

    // MARK: Rows

    private func find(_ frames: Data) throws -> Ending {
        try shared.find(0, of: 3, frames, to: shared.work + "/part")
    }

    @Test func rowsThatAreCutOffAreNoPart() throws {
        let frames = SharedOutRun.frames(shares[0])
        for count in [0, 7, 16, frames.count / 2, frames.count - 24, frames.count - 1] {
            expectRefusal(
                try find(frames.prefix(count)), "the rows on standard input are not those of a part"
            )
        }
        expectRefusal(try find(frames + [0]), "bytes behind the end mark")
    }

    @Test func aRowThatComesTwiceIsRefused() throws {
        var rows = shares[0]
        rows.insert(rows[1], at: 1)
        expectRefusal(try find(SharedOutRun.frames(rows)), "a row twice, or out of order")
    }

    @Test func rowsOutOfOrderAreRefused() throws {
        expectRefusal(
            try find(SharedOutRun.frames(shares[0].reversed())), "a row twice, or out of order")
    }

    @Test func whatIsNoRecordOfTheDumpIsRefused() throws {
        var rows = shares[0]
        rows[0].bytes = Array("\"never closed".utf8)
        expectRefusal(try find(SharedOutRun.frames(rows)), "a row is not a record of the dump")
        rows = shares[0]
        rows[0].bytes += Array("\n".utf8) + rows[1].bytes
        expectRefusal(try find(SharedOutRun.frames(rows)), "a row is not a record of the dump")
    }

    @Test func aLineEndMayComeWithARow() throws {
        let rows = shares[0].map { row in
            var row = row
            if !row.bytes.isEmpty { row.bytes += Array("\r\n".utf8) }
            return row
        }
        #expect(try find(SharedOutRun.frames(shares[0])).code == 0)
        let bare = try Files.bytes(shared.work + "/part")
        #expect(try find(SharedOutRun.frames(rows)).code == 0)
        #expect(try Files.bytes(shared.work + "/part") == bare)
    }

    // MARK: Parts

    @Test func aRowThatIsMissingIsNoticed() throws {
        var shares = shares
        shares[1].removeFirst()
        try expectUnpublished(
            try shared.parts(shares, name: "parts"), "not every row is in one part")
    }

    @Test func aRowInTwoPartsIsNoticed() throws {
        var shares = shares
        shares[2].insert(shares[1][0], at: 0)
        shares[2].sort { $0.place < $1.place }
        try expectUnpublished(
            try shared.parts(shares, name: "parts"), "not every row is in one part")
    }

    /// As many rows as there are, but one twice and one not at all.
    @Test func aRowInPlaceOfAnotherIsNoticed() throws {
        var shares = shares
        let taken = shares[1].removeFirst()
        let other = try #require(
            shares[0].first { $0.place >> 48 == taken.place >> 48 })
        shares[2].append(other)
        shares[2].sort { $0.place < $1.place }
        try expectUnpublished(
            try shared.parts(shares, name: "parts"), "not every row is in one part")
    }

    @Test func aPartThatIsMissingIsNoticed() throws {
        let folder = try shared.parts(shares, name: "parts")
        let last = folder + "/" + SharedOutRun.file(ofPart: 2)
        let bytes = try Files.bytes(last)
        try Files.remove(last)
        try expectUnpublished(folder, "part-00002.part")
        try Files.write(
            try Files.bytes(folder + "/" + SharedOutRun.file(ofPart: 1)), to: last)
        try expectUnpublished(folder, "a part stands in place of another")
        try Files.write(bytes, to: last)
        try Files.write(bytes, to: folder + "/" + SharedOutRun.file(ofPart: 3))
        try expectUnpublished(folder, "there is a part too many")
    }

    @Test func aPartOfAnotherPlanIsRefused() throws {
        let folder = try shared.parts(shares, name: "parts")
        let other = try SharedOutRun(shared.night, asOf: Night.asOf, name: "other")
        let part = SharedOutRun.file(ofPart: 0)
        try Files.copy(
            try other.parts(other.shares(3), name: "parts") + "/" + part, to: shared.work + "/of")
        let bytes = try Files.bytes(shared.work + "/of")
        try Files.remove(folder + "/" + part)
        try Files.write(bytes, to: folder + "/" + part)
        try expectUnpublished(folder, "the part is damaged, or of another run")
    }

    @Test func aPartOfAnotherVersionIsRefused() throws {
        let folder = try shared.parts(shares, name: "parts")
        let path = folder + "/" + SharedOutRun.file(ofPart: 2)
        let bytes = try Files.bytes(path)
        let line = try #require(bytes.firstIndex(of: UInt8(ascii: "\n")))
        try Files.write(Data("trueup part 0.0.1".utf8) + bytes[line...], to: path)
        try expectUnpublished(folder, "the part is of another version of the program")
    }

    /// What near misses are kept for must be the same everywhere.
    @Test func aPartWithOtherOrphansIsRefused() throws {
        let folder = try shared.parts(shares, name: "parts")
        try Files.write("refund.12345.GHS\n", to: shared.orphans)
        let path = folder + "/" + SharedOutRun.file(ofPart: 1)
        let ending = try shared.find(1, of: 3, SharedOutRun.frames(shares[1]), to: path)
        #expect(ending.code == 0)
        try expectUnpublished(folder, "the part was found with other orphans than the first")
        try Files.write("refund.many.GHS\n", to: shared.orphans)
        expectRefusal(
            try find(SharedOutRun.frames(shares[0])), "this is no token of trueup keys")
    }

    /// A row that changes on its way is another, wherever: in its amount, its line, its place.
    @Test func rowsThatAreDamagedOnTheirWayAreNeverPublished() throws {
        let folder = try shared.parts(shares, name: "parts")
        let path = folder + "/" + SharedOutRun.file(ofPart: 1)
        let frames = SharedOutRun.frames(shares[1])
        var random = SeededGenerator(7)
        for _ in 0..<40 {
            var damaged = frames
            damaged[Int.random(in: 0..<frames.count, using: &random)] ^= UInt8.random(
                in: 1...255, using: &random)
            let ending = try shared.find(1, of: 3, damaged, to: path)
            #expect(ending.code == 0 || ending.code == 1, "\(ending.errors)")
            try expectUnpublished(folder, "error: ")
        }
        let ending = try shared.find(1, of: 3, frames, to: path)
        #expect(ending.code == 0)
        #expect(try shared.merge(folder, out: shared.work + "/out").code == 0)
    }

    /// Wherever a byte is another, in the header, in the pieces, in what was found, in the checksum.
    @Test func aDamagedPartIsRefused() throws {
        let folder = try shared.parts(shares, name: "parts")
        let path = folder + "/" + SharedOutRun.file(ofPart: 1)
        let whole = try Files.bytes(path)
        var random = SeededGenerator(11)
        let places =
            (0..<30).map { _ in Int.random(in: 0..<600, using: &random) }
            + (0..<30).map { _ in Int.random(in: 0..<whole.count, using: &random) }
        for place in places + [whole.count - 1] {
            var bytes = whole
            bytes[place] ^= UInt8.random(in: 1...255, using: &random)
            try Files.write(bytes, to: path)
            try expectUnpublished(folder, "part")
        }
        for count in [0, 5, 30, 60, whole.count / 2, whole.count - 1] {
            try Files.write(whole.prefix(count), to: path)
            try expectUnpublished(folder, "part")
        }
        try Files.write(whole, to: path)
        #expect(try shared.merge(folder, out: shared.work + "/out").code == 0)
    }

    // MARK: Surveys, plans, dumps

    @Test func aDamagedSurveyIsRefused() throws {
        let folder = try shared.parts(shares, name: "parts")
        let path = folder + "/file-00000.survey"
        let whole = try Files.bytes(path)
        var random = SeededGenerator(13)
        for _ in 0..<20 {
            var bytes = whole
            bytes[Int.random(in: 0..<whole.count, using: &random)] ^= 1
            try Files.write(bytes, to: path)
            try expectUnpublished(folder, "survey")
        }
        try Files.write(try Files.bytes(folder + "/file-00001.survey"), to: path)
        try expectUnpublished(folder, "the survey is damaged, or of another run")
        try Files.remove(path)
        try expectUnpublished(folder, "file-00000.survey")
    }

    @Test func aDamagedPlanIsRefused() throws {
        let whole = try Files.bytes(shared.plan)
        var random = SeededGenerator(17)
        for _ in 0..<20 {
            var bytes = whole
            bytes[Int.random(in: 0..<whole.count, using: &random)] ^= 1
            try Files.write(bytes, to: shared.plan)
            expectRefusal(try find(SharedOutRun.frames(shares[0])), "plan")
        }
        try Files.write(Data("trueup plan 0.0.1\n".utf8) + whole, to: shared.plan)
        expectRefusal(
            try find(SharedOutRun.frames(shares[0])),
            "the plan is of another version of the program")
    }

    @Test func dumpsThatChangedSinceAreRefused() throws {
        let folder = try shared.parts(shares, name: "parts")
        try shared.night.edit("payments.csv") { $0 + "\n" }
        try expectUnpublished(folder, "the dump is not the one whose rows were shared out")
    }

    @Test func aRunThatWasPublishedSinceIsNoticed() throws {
        let folder = try shared.parts(shares, name: "parts")
        try shared.night.publish()
        expectRefusal(
            try shared.merge(folder, out: shared.night.out),
            "the output folder has another latest run than the plan")
    }

    @Test func incrementalDumpsAreNotSharedOut() throws {
        let night = try Night.sample("migration")
        let ending = try Launch(
            program: Project.trueup,
            arguments: [
                "plan", night.definition, "--in", night.dumps, "--out", night.out, "--plan",
                night.workspace.at("plan"),
            ]
        ).run()
        #expect(ending.code == 2)
        #expect(ending.errors.contains("a run of incremental dumps cannot be shared out"))
    }
}
