import Foundation
import Testing

/// A dry run tells and does not write; a run for some emits only theirs.
@Suite struct DryRunTests {
    @Test func aDryRunMakesNoOutputFolder() throws {
        let night = try Night.tours()
        let before = try FolderSnapshot(night.workspace.path, withTimes: true)
        let ending = try night.run(["--dry-run"])
        #expect(ending.code == 3)
        #expect(ending.errors == "")
        #expect(ending.output.contains("New bookings"))
        #expect(try FolderSnapshot(night.workspace.path, withTimes: true) == before)
    }

    @Test func aDryRunTouchesNothingThatIsThere() throws {
        let night = try Night.tours()
        try night.publish()
        let before = try FolderSnapshot(night.workspace.path, withTimes: true)
        #expect(try night.run(["--dry-run"], asOf: "2025-09-01T02:00:00Z").code == 3)
        #expect(try night.run(["--dry-run", "--fail-on", "never"]).code == 0)
        #expect(try FolderSnapshot(night.workspace.path, withTimes: true) == before)
    }

    @Test func aRunAfterADryRunEmitsEverything() throws {
        let night = try Night.tours()
        #expect(try night.run(["--dry-run"]).code == 3)
        #expect(try night.publish().made().count == 18)
    }

    @Test func quietSilencesAllButErrors() throws {
        let night = try Night.tours()
        let ending = try night.run(["--quiet"])
        #expect(ending.code == 3)
        #expect(ending.output == "")
        #expect(ending.errors == "")
        let failed = try night.run(["--quiet"], asOf: "2025-08-30T02:00:00Z")
        #expect(failed.code == 1)
        #expect(failed.errors.contains("as-of"))
    }

    @Test(arguments: [
        ("info", 3), ("review", 3), ("critical", 3), ("never", 0),
    ])
    func failOnDecidesTheExitCode(least: String, code: Int32) throws {
        #expect(try Night.tours().run(["--fail-on", least]).code == code)
    }

    @Test func checkReadsEverythingAndWritesNothing() throws {
        let night = try Night.tours()
        let before = try FolderSnapshot(night.workspace.path, withTimes: true)
        let ending = try Launch(
            program: Project.trueup, arguments: ["check", night.definition, "--in", night.dumps]
        ).run()
        #expect(ending.code == 0)
        #expect(ending.output.contains("momo-2025-08.csv"))
        #expect(try FolderSnapshot(night.workspace.path, withTimes: true) == before)
    }
}

/// Who is asked for, and which payments get a booking.
struct Choice: Sendable, CustomTestStringConvertible {
    var options: [String]
    var made: Set<String>
    /// How many status updates and links.
    var updates = 0
    var links = 0
    /// Whether the dumps have no such payment.
    var isUnknown = false

    var testDescription: String { options.joined(separator: " ") }
}

/// `--user` and `--payment`.
@Suite struct SelectionTests {
    static let ama = Set(
        [1137, 1151, 1164, 1184, 1197, 1217, 1225, 1234, 1246].map { "PAY-\($0)" })

    static let choices = [
        Choice(options: ["--user", "ama@example.com"], made: ama),
        Choice(options: ["--user", "AMA@Example.COM"], made: ama),
        Choice(options: ["--user", " ama@example.com "], made: ama),
        Choice(options: ["--user", "kofi@example.com"], made: ["PAY-1168"]),
        Choice(
            options: ["--user", "kofi@example.com", "--user", "Ama@example.com"],
            made: ama.union(["PAY-1168"])),
        Choice(options: ["--user", "nobody@example.com"], made: [], isUnknown: true),
        Choice(options: ["--user", "kwesi@example.com"], made: ["PAY-1242"], updates: 1, links: 1),
        Choice(options: ["--payment", "PAY-1137"], made: ["PAY-1137"]),
        Choice(options: ["--payment", "reference of PAY-1137"], made: ["PAY-1137"]),
        Choice(
            options: ["--payment", "PAY-1239", "--payment", "reference of PAY-1137"],
            made: ["PAY-1239", "PAY-1137"]),
        Choice(
            options: ["--payment", "PAY-1137", "--payment", "PAY-1137"], made: ["PAY-1137"]),
        Choice(options: ["--payment", "PAY-1241"], made: [], updates: 1),
        Choice(options: ["--payment", "PAY-1017"], made: [], links: 1),
        Choice(options: ["--payment", "pay-1137"], made: [], isUnknown: true),
        Choice(
            options: ["--user", "dzifa@example.com", "--payment", "PAY-1251"], made: ["PAY-1239"],
            updates: 1),
    ]

    @Test(arguments: choices)
    func onlyWhatWasAskedForIsEmittedAndTheRestLater(choice: Choice) throws {
        let night = try Night.tours()
        let payments = try night.dump("payments.csv")
        let references = Dictionary(
            uniqueKeysWithValues: zip(payments["payment_id"], payments["reference"]))
        let options = choice.options.map { option in
            guard option.hasPrefix("reference of ") else { return option }
            return references[String(option.dropFirst(13))] ?? option
        }
        let ending = try night.run(options)
        #expect(ending.errors.contains("trueup: warning:") == choice.isUnknown)
        let chosen = try night.latest()
        #expect(Set(try chosen.made().map { $0[1] }) == choice.made)
        #expect(try chosen.emitted()["status_updates.csv"] ?? 0 == choice.updates)
        #expect(try chosen.emitted()["booking_links.csv"] ?? 0 == choice.links)
        let rest = try night.publish()
        let everything = try night.publish(out: night.workspace.at("other"))
        let (first, second) = (try chosen.made(), try rest.made())
        #expect(first.isDisjoint(with: second))
        #expect(try first.union(second) == everything.made())
        #expect(try rest.figures() == everything.figures())
        #expect(try rest.emitted()["status_updates.csv"] ?? 0 == 3 - choice.updates)
        #expect(try rest.emitted()["booking_links.csv"] ?? 0 == 12 - choice.links)
        #expect(try night.publish().emitted() == [:])
    }
}
