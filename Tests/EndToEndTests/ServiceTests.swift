import Foundation
import Testing

/// The files by which trueup becomes a service of a system.
@Suite struct ServiceTests {
    @Test func theUnitsForSystemdAreValid() throws {
        for name in try Files.names(in: Project.root + "/pipelines/systemd") {
            let ending = try Launch(
                program: "systemd-analyze",
                arguments: ["verify", Project.root + "/pipelines/systemd/" + name]
            ).run()
            // Where the program is not installed at its place, that alone is said.
            let complaints = (ending.errors + ending.output).split(separator: "\n").filter {
                $0.contains("trueup") && !$0.contains("is not executable")
            }
            #expect(complaints.isEmpty, "\(name): \(ending.errors)")
        }
    }

    /// What a unit says, by section and key; a key that stands again has its last value.
    private func unit(_ name: String) throws -> [String: String] {
        var section = ""
        var values: [String: String] = [:]
        let text = try Files.text(Project.root + "/pipelines/systemd/" + name)
        for line in text.split(separator: "\n") where !line.hasPrefix("#") {
            if line.hasPrefix("[") {
                section = line.trimmingCharacters(in: ["[", "]"])
            } else if let equals = line.firstIndex(of: "=") {
                values["\(section).\(line[..<equals])"] = String(line[line.index(after: equals)...])
            }
        }
        return values
    }

    /// A command of a file, over a night's dumps in place of the example's.
    private func command(_ text: String, _ night: Night) -> String {
        text.replacing("/usr/local/bin/trueup", with: Project.trueup)
            .replacing("/etc/trueup/tours.yaml", with: night.definition)
            .replacing("/etc/trueup/services.yaml", with: night.definition)
            .replacing("/srv/exports", with: night.dumps)
            .replacing("/var/lib/trueup", with: night.out)
    }

    @Test func theServiceOfTheNightRunsAndAcceptsBreaks() throws {
        let night = try Night.tours()
        let service = try unit("trueup-night.service")
        let line = try #require(service["Service.ExecStart"])
        let ending = try Launch(
            program: "/bin/sh", arguments: ["-c", command(line, night)]
        ).run()
        #expect(ending.code == 3)
        #expect(service["Service.SuccessExitStatus"] == "3")
        #expect(ending.output.isEmpty && ending.errors.isEmpty)
        let timer = try unit("trueup-night.timer")
        let when = try Launch(
            program: "systemd-analyze",
            arguments: ["calendar", try #require(timer["Timer.OnCalendar"])]
        ).run()
        #expect(when.code == 0)
        #expect(timer["Timer.Unit"] == "trueup-night.service")
    }

    @Test func theServiceThatWatchesRunsUntilItIsStopped() throws {
        let night = try Night.tours()
        let service = try unit("trueup-watch.service")
        let line = try #require(service["Service.ExecStart"])
        let words = command(line, night).split(separator: " ").map(String.init)
        let child = try Launch(program: words[0], arguments: Array(words.dropFirst())).start()
        try waitUntil("the first run") { Files.exists(night.out + "/latest") }
        child.send(SIGTERM)
        let ending = try child.wait()
        #expect(ending.code == 143)
        #expect(service["Service.SuccessExitStatus"] == "143")
        #expect(service["Service.KillSignal"] == "SIGTERM")
        // Standard error leads to a file here, and no line carries the journal's mark.
        #expect(ending.errors.split(separator: "\n").allSatisfy { $0.hasPrefix("{\"time\":") })
    }

    @Test func cronIsToldOfFailuresAndNotOfBreaks() throws {
        let night = try Night.tours()
        let text = try Files.text(Project.root + "/pipelines/cron/trueup")
        let line = try #require(text.split(separator: "\n").last)
        // Five fields of time, the user, and the command, in which a percent sign would end it.
        let fields = line.split(separator: " ", maxSplits: 6, omittingEmptySubsequences: true)
        #expect(fields.prefix(6).joined(separator: " ") == "0 2 * * * trueup")
        #expect(!line.contains("%"))
        func run() throws -> Ending {
            try Launch(
                program: "/bin/sh", arguments: ["-c", command(String(fields[6]), night)]
            ).run()
        }
        let breaks = try run()
        #expect(breaks.code == 0)
        #expect(breaks.errors.isEmpty && breaks.output.isEmpty)
        try Files.remove(night.dumps + "/payments.csv")
        let failed = try run()
        #expect(failed.code == 1)
        #expect(failed.errors.contains("no file for payments"))
    }
}
