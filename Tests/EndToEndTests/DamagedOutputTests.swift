import Foundation
import Testing

/// Output folders that somebody has laid hands on.
@Suite struct DamagedOutputTests {
    /// What was done to a folder with one run, and what is said of it; `{run}` stands for the run.
    struct Damage: Sendable, CustomTestStringConvertible {
        var name: String
        var said: [String]
        var change: @Sendable (PublishedRun, Night) throws -> Void

        var testDescription: String { name }
    }

    static let carried = "/carried/emissions.csv"

    static let damages = [
        Damage(name: "the link is gone", said: ["/latest: error", "ln -s {run}"]) { _, night in
            try Files.remove(night.out + "/latest")
        },
        Damage(name: "the link is a folder", said: ["/latest: error"]) { _, night in
            try Files.remove(night.out + "/latest")
            try Files.makeFolder(night.out + "/latest")
        },
        Damage(name: "the link points to nothing", said: ["/latest: error", "aaaaaa"]) {
            _, night in
            try Files.remove(night.out + "/latest")
            try FileManager.default.createSymbolicLink(
                atPath: night.out + "/latest", withDestinationPath: "20250831T020000Z-aaaaaa")
        },
        Damage(name: "the link points out of the folder", said: ["/latest: error", "/etc"]) {
            _, night in
            try Files.remove(night.out + "/latest")
            try FileManager.default.createSymbolicLink(
                atPath: night.out + "/latest", withDestinationPath: "/etc")
        },
        Damage(name: "what was handed on is gone", said: [carried, "cannot be read", "archive"]) {
            run, _ in try Files.remove(run.folder + carried)
        },
        Damage(name: "what was handed on is empty", said: [carried]) { run, _ in
            try Files.write("", to: run.folder + carried)
        },
        Damage(name: "an entry is damaged", said: [carried + ":5: error", "archive"]) { run, _ in
            var lines = try Files.text(run.folder + carried).split(separator: "\n")
            lines[4] = "booking,BK-1"
            try Files.write(lines.joined(separator: "\n") + "\n", to: run.folder + carried)
        },
        Damage(name: "an amount is damaged", said: [carried + ":3: error"]) { run, _ in
            var lines = try Files.text(run.folder + carried).split(separator: "\n").map(String.init)
            lines[2] = lines[2].replacing("480.00", with: "48x.00")
            try Files.write(lines.joined(separator: "\n") + "\n", to: run.folder + carried)
        },
        Damage(name: "columns are missing", said: [carried + ":1: error"]) { run, _ in
            try Files.write("id,payment_id\n", to: run.folder + carried)
        },
        Damage(name: "the lock leads elsewhere", said: ["/.lock: error"]) { _, night in
            try Files.remove(night.out + "/.lock")
            try FileManager.default.createSymbolicLink(
                atPath: night.out + "/.lock", withDestinationPath: night.workspace.at("victim"))
        },
    ]

    @Test(arguments: damages)
    func isToldOfAndNothingIsPublished(damage: Damage) throws {
        let night = try Night.tours()
        let run = try night.publish()
        try damage.change(run, night)
        let before = try FolderSnapshot(night.workspace.path)
        let ending = try night.run(asOf: "2025-09-01T02:00:00Z")
        #expect(ending.code == 1, "\(ending.errors)")
        for part in damage.said.map({ $0.replacing("{run}", with: run.name) }) + ["error: "] {
            #expect(ending.errors.contains(part), "'\(part)' is not in: \(ending.errors)")
        }
        let after = try FolderSnapshot(night.workspace.path)
        #expect(before.differences(after).filter { !$0.hasSuffix("/.lock") } == [])
        #expect(!Files.exists(night.workspace.at("victim")))
    }

    @Test func leftoversOfDeadRunsAreRemoved() throws {
        let night = try Night.tours()
        let run = try night.publish()
        try Files.copy(run.folder, to: night.out + "/.20250831T020000Z-000000.partial")
        try Files.copy(run.archive, to: night.out + "/archive/.next.tar.zst.partial")
        try Files.copy(run.archive, to: night.out + "/archive/.next.tar.zst.sha256.partial")
        try Files.copy(run.folder, to: night.out + "/20250831T020000Z-111111")
        for ending in ["", ".sha256"] {
            try Files.copy(
                run.archive + ending,
                to: night.out + "/archive/20250831T020000Z-111111.tar.zst" + ending)
        }
        try FileManager.default.createSymbolicLink(
            atPath: night.out + "/.latest.partial",
            withDestinationPath: "20250831T020000Z-111111")
        let next = try night.publish()
        #expect(try next.emitted() == [:])
        #expect(
            try Files.names(in: night.out).sorted()
                == [".lock", run.name, next.name, "archive", "latest"].sorted())
        #expect(
            try Files.names(in: night.out + "/archive")
                == [run, next].flatMap { ["\($0.name).tar.zst", "\($0.name).tar.zst.sha256"] }
                .sorted())
    }

    @Test func foreignFilesAreLeftAlone() throws {
        let night = try Night.tours()
        try Files.makeFolder(night.out + "/.notes.partial")
        try Files.write("mine", to: night.out + "/.notes.partial/note")
        try Files.write("mine", to: night.out + "/README")
        try night.publish()
        #expect(try Files.text(night.out + "/.notes.partial/note") == "mine")
        #expect(try Files.text(night.out + "/README") == "mine")
    }

    @Test func runsMayStandBesideTheDumps() throws {
        let night = try Night.tours()
        let before = try FolderSnapshot(night.dumps, withTimes: true)
        #expect(try night.publish(out: night.dumps).made().count == 18)
        #expect(try night.publish(out: night.dumps).emitted() == [:])
        let after = try FolderSnapshot(night.dumps, withTimes: true)
        for (name, entry) in before.entries where entry.kind == "file" {
            #expect(after.entries[name] == entry, "\(name)")
        }
    }

    @Test(arguments: ["../dumps/payments*.csv", "/etc/passwd", "a/../../x.csv"])
    func definitionsCannotReachOutOfTheInputFolder(glob: String) throws {
        let night = try Night.tours()
        try night.redefine("files: payments*.csv", "files: \(glob)")
        expectFailure(try night.run(), code: 2, saying: ["\(night.definition):18:12: error"])
        #expect(!Files.exists(night.out))
    }

    @Test func anIdThatIsTakenIsNotGivenAgain() throws {
        let night = try Night.tours()
        let made = try night.publish(out: night.workspace.at("other")).table("new_bookings.csv")
        let first = try #require(made.rows.first)
        let taken = made.value(first, "booking_id")
        try night.append(
            [
                "\(taken),TGH-0,kojo@example.com,Old,destination,1,5.00,GHS,cancelled,2025-08-30,"
                    + "2025-08-01T10:00:00Z"
            ], to: "bookings.csv")
        let run = try night.publish()
        let again = try run.table("new_bookings.csv")
        let payment = made.value(first, "payment_id")
        let rows = again.rows(where: "payment_id", is: payment)
        try #require(rows.count == 1)
        let id = again.value(rows[0], "booking_id")
        #expect(id.hasPrefix(taken) && id.count == taken.count + 4)
        #expect(try run.made().count == 18)
        #expect(try night.publish().emitted() == [:])
    }
}
