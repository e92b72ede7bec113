import Foundation
import Testing

/// The machine on which a run happens leaves no trace in it.
@Suite struct DeterminismTests {
    /// A way to start the same run.
    struct Variant: Sendable, CustomTestStringConvertible {
        var name: String
        var change: @Sendable (inout Launch, Night) throws -> Void

        var testDescription: String { name }
    }

    static let variants: [Variant] =
        [1, 2, 4, 7].map { count in
            Variant(name: "\(count) threads") { launch, _ in
                launch.arguments += ["--threads", String(count)]
            }
        }
        + [2, 5].map { count in
            Variant(name: "\(count) shards") { launch, _ in
                launch.arguments += ["--shards", String(count)]
            }
        }
        + [
            ("TZ", "Pacific/Kiritimati"), ("TZ", "America/St_Johns"), ("LC_ALL", "tr_TR.UTF-8"),
            ("LC_ALL", "C"), ("LANG", "de_DE.UTF-8"),
        ].map { name, value in
            Variant(name: "\(name)=\(value)") { launch, _ in launch.environment[name] = value }
        }
        + [
            Variant(name: "another mask of permissions") { launch, _ in launch.umask = "000" },
            Variant(name: "a working folder elsewhere") { launch, _ in launch.folder = "/" },
            Variant(name: "relative paths") { launch, night in
                launch.folder = night.workspace.path
                launch.arguments[1] = "tours.yaml"
                launch.arguments[3] = "dumps"
            },
            Variant(name: "slashes at the end of the input folder") { launch, night in
                launch.arguments[3] = night.dumps + "//"
            },
            Variant(name: "an input folder through a link") { launch, night in
                let link = night.workspace.at("link")
                try? FileManager.default.createSymbolicLink(
                    atPath: link, withDestinationPath: "dumps")
                launch.arguments[3] = link
            },
            Variant(name: "a copy of the dumps with other times") { launch, night in
                let copy = night.workspace.at("a copy [1]*")
                if !Files.exists(copy) {
                    _ = try Launch(program: "cp", arguments: ["-r", night.dumps, copy]).run()
                }
                launch.arguments[3] = copy
            },
        ]

    @Test func theSameRunGivesTheSameBytes() throws {
        try expectSameBytes(of: Night.tours())
    }

    @Test(
        .enabled(
            if: geteuid() == 0 && isInstalled("setpriv", "--version"),
            "NOT TESTED: needs to become another user"))
    func anotherUserGivesTheSameBytes() throws {
        let user = Variant(name: "another user") { launch, night in
            let program = night.workspace.at("trueup")
            try Files.copy(Project.trueup, to: program)
            let opened = try Launch(
                program: "chmod", arguments: ["-R", "a+rwX", night.workspace.path]
            ).run()
            try #require(opened.code == 0, "\(opened.errors)")
            launch.program = "setpriv"
            launch.arguments =
                ["--reuid=65534", "--regid=65534", "--clear-groups", program] + launch.arguments
        }
        try expectSameBytes(of: Night.tours(), among: [user])
    }

    /// Large enough for several blocks, so that threads have something to share.
    @Test func theSameRunOverLargeDumpsGivesTheSameBytes() throws {
        let night = try Night.generated(payments: 9000, seed: 11)
        try expectSameBytes(
            of: night,
            among: Self.variants.filter {
                $0.name.hasSuffix("threads") || $0.name.hasSuffix("shards")
            })
    }

    /// Sellers' figures are joined from the parts of a divided run, and pages are made of them.
    @Test func aPageForEachUserIsTheSameHoweverTheRunIsDivided() throws {
        let night = try Night.sample("auctions")
        try night.redefine("  recent: 10", "  recent: 10\n  pages: all")
        try expectSameBytes(
            of: night,
            among: Self.variants.filter {
                $0.name.hasSuffix("threads") || $0.name.hasSuffix("shards")
            })
    }

    private func expectSameBytes(of night: Night, among variants: [Variant] = variants) throws {
        try night.publish()
        let first = try FolderSnapshot(night.out).reproducible
        #expect(first.entries.keys.contains { $0.hasSuffix(".tar.zst") })
        for variant in variants {
            let out = night.workspace.at("other")
            var launch = night.launch(out: out)
            try variant.change(&launch, night)
            let ending = try launch.run()
            #expect(ending.code == 3, "\(variant.name): \(ending.errors)")
            let other = try FolderSnapshot(out).reproducible
            #expect(first.differences(other) == [], "\(variant.name)")
            try Files.remove(out)
        }
    }
}

/// The order of rows, columns and files says nothing.
@Suite struct OrderTests {
    static let tables = [
        "payments.csv", "settlements.csv", "bookings.csv", "status_updates.csv",
        "booking_links.csv", "new_bookings.csv", "new_tickets.csv", "breaks.csv",
    ]

    @Test(arguments: [1, 2, 3] as [UInt64])
    func shuffledRowsGiveTheSameRows(seed: UInt64) throws {
        try expectSameRows(of: Night.tours()) { night in try shuffle(night, seed: seed) }
    }

    @Test func shuffledRowsOfLargeDumpsGiveTheSameRows() throws {
        try expectSameRows(of: Night.generated(payments: 3000, seed: 12)) { night in
            try shuffle(night, seed: 4)
        }
    }

    @Test(arguments: [false, true])
    func splitFilesGiveTheSameRows(isReordered: Bool) throws {
        try expectSameRows(of: Night.tours()) { night in
            for (file, glob) in [
                ("payments.csv", ""), ("bookings.csv", "bookings.csv"),
                ("momo-2025-08.csv", ""), ("catalogue.csv", "catalogue.csv"),
                ("users.csv", "users.csv"),
            ] {
                let whole = try night.dump(file)
                let stem = String(file.dropLast(4))
                var parts = [whole, whole]
                parts[0].rows = Array(whole.rows.prefix(whole.rows.count / 3))
                parts[1].rows = Array(whole.rows.dropFirst(whole.rows.count / 3))
                if isReordered { parts[1] = parts[1].reordered(whole.header.reversed()) }
                try Files.remove(night.dumps + "/" + file)
                try night.write(parts[0], stem + "-a.csv")
                try night.write(parts[1], stem + "-b.csv")
                if !glob.isEmpty { try night.redefine(glob, stem + "*.csv") }
            }
        }
    }

    /// Changes a night's dumps and expects the same rows, whatever their order.
    private func expectSameRows(of night: Night, after change: (Night) throws -> Void) throws {
        let before = try night.publish(["--no-archive"])
        try change(night)
        let out = night.workspace.at("other")
        let after = try night.publish(["--no-archive"], out: out)
        #expect(before.name != after.name)
        for file in Self.tables {
            let (left, right) = (try before.table(file), try after.table(file))
            #expect(left.rows.count == right.rows.count, "\(file)")
            let differing = Set(left.rows).symmetricDifference(right.rows)
            // A few of them tell enough.
            let some = differing.sorted { $0.lexicographicallyPrecedes($1) }.prefix(6)
            #expect(Array(some) == [], "\(file)")
        }
        let lines = try [before, after].map { run in
            try Files.text(run.folder + "/dashboards.jsonl").split(separator: "\n").sorted()
        }
        #expect(lines[0].count == lines[1].count)
        let differing = Set(lines[0]).symmetricDifference(lines[1])
        #expect(Array(differing.sorted().prefix(2)) == [])
    }

    private func shuffle(_ night: Night, seed: UInt64) throws {
        var random = SplitMix(state: seed)
        for file in try Files.names(in: night.dumps)
        where file.hasSuffix(".csv") && file != "truth.csv" {
            var table = try night.dump(file)
            table.rows.shuffle(using: &random)
            try night.write(table, file)
        }
    }
}

/// Randomness that a seed repeats.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
