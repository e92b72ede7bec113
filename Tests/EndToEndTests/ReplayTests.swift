import Foundation
import Testing

/// A run can be made again from its archive alone, to the byte, wherever that is done.
@Suite struct ReplayTests {
    /// Moves an archive away from everything that it was made of.
    private func alone(_ archive: String, _ night: Night) throws -> (path: String, of: Workspace) {
        let workspace = try Workspace()
        let path = workspace.at("archive.tar.zst")
        try Files.copy(archive, to: path)
        try Files.remove(night.dumps)
        try Files.remove(night.out)
        try Files.remove(night.definition)
        return (path, workspace)
    }

    private func expectEqual(
        _ archive: String, _ options: [String] = [],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let ending = try Archives.replay(archive, options).run()
        #expect(
            ending.code == 0, "\(ending.output)\(ending.errors)", sourceLocation: sourceLocation)
        #expect(ending.errors == "", sourceLocation: sourceLocation)
        #expect(
            ending.output.contains("The archive itself is the same to the byte, too.\n"),
            sourceLocation: sourceLocation)
    }

    @Test(arguments: ["auctions", "services", "charging"])
    func everySampleIsReplayed(system: String) throws {
        let night = try Night.sample(system)
        let run = try night.publish(asOf: "2026-12-01T02:00:00Z")
        let (archive, workspace) = try alone(run.archive, night)
        try withExtendedLifetime(workspace) { try expectEqual(archive) }
    }

    @Test func aSecondNightWithItsSelectionIsReplayed() throws {
        let night = try Night.tours()
        let first = try night.publish(["--user", "ama@example.com", "--payment", "PAY-1017"])
        let second = try night.publish(asOf: "2025-09-01T02:00:00.25Z")
        for run in [first, second] { try expectEqual(run.archive) }
        try night.publish(asOf: "2025-09-01T02:00:00.25Z")
        try expectEqual(try night.latest().archive)
    }

    @Test func theSecondNightOfAMonthsEndIsReplayed() throws {
        let night = Night(try Workspace())
        try Files.copy(MonthEndTests.definition, to: night.definition)
        for day in ["2026-03-02", "2026-03-03"] {
            try Files.remove(night.dumps)
            try Files.copy("\(MonthEndTests.folder)/\(day)", to: night.dumps)
            try night.publish(asOf: "\(day)T06:00:00Z")
        }
        let (archive, workspace) = try alone(night.latest().archive, night)
        try withExtendedLifetime(workspace) { try expectEqual(archive) }
    }

    @Test func nightsOfIncrementalDumpsAreReplayed() throws {
        let night = try Night.tours()
        try night.redefine("dumps: full", "dumps: incremental")
        // Dumps may stand in a folder of the same name as what is handed on.
        try night.redefine("bookings.csv", "carried/bookings.csv")
        try Files.makeFolder(night.dumps + "/carried")
        try FileManager.default.moveItem(
            atPath: night.dumps + "/bookings.csv", toPath: night.dumps + "/carried/bookings.csv")
        try night.publish()
        for (day, file) in [("01", "payments.csv"), ("02", "carried/bookings.csv")] {
            // What has been handed over already need not come again.
            try night.edit(file) { String($0.prefix { $0 != "\n" }) + "\n" }
            try night.publish(asOf: "2025-09-\(day)T02:00:00Z")
        }
        let ending = try Archives.verify(night.out)
        #expect(ending.code == 0, "\(ending.errors)")
        let (archive, workspace) = try alone(night.latest().archive, night)
        let unpacked = workspace.at("unpacked")
        try Archives.unpack(archive, into: unpacked)
        for name in ["carried/payments.csv", "carried/bookings.csv", "inputs/carried/bookings.csv"]
        {
            #expect(Files.exists(unpacked + "/" + name))
        }
        try expectEqual(archive)
    }

    @Test func presetsBesideTheDefinitionAndPackedDumpsAreReplayed() throws {
        let night = Night(try Workspace())
        try Files.makeFolder(night.dumps)
        try Files.makeFolder(night.workspace.at("gateways"))
        try Files.write(
            """
            title: The till
            signature: [till_id, till_ref, till_gross]
            inputs:
              settlements:
                columns: {id: till_id, reference: till_ref, gross: till_gross}

            """, to: night.workspace.at("gateways/till.yaml"))
        try Files.write(
            """
            name: tours
            currency: GHS
            timezone: Africa/Accra
            inputs:
              payments: {files: payments.csv}
              settlements: {files: till*.csv, preset: till}

            """, to: night.definition)
        try Files.write(
            "id,user,amount,status,created_at\nP1,a@example.com,5.00,pending,2025-08-30T10:00:00Z\n",
            to: night.dumps + "/payments.csv")
        try Files.write(
            "till_id,till_ref,till_gross\nT1,P1,5.00\n", to: night.dumps + "/till-1.csv")
        _ = try Launch(program: "gzip", arguments: [night.dumps + "/till-1.csv"]).run()
        let run = try night.publish()
        try Files.remove(night.workspace.at("gateways"))
        let (archive, workspace) = try alone(run.archive, night)
        try withExtendedLifetime(workspace) { try expectEqual(archive) }
    }

    @Test func whereAndHowItIsReplayedDoesNotMatter() throws {
        let night = try Night.generated(payments: 9000, seed: 3)
        let (archive, workspace) = try alone(night.publish().archive, night)
        for threads in ["1", "3", "8"] { try expectEqual(archive, ["--threads", threads]) }
        let temporary = workspace.at("temporary")
        try Files.makeFolder(temporary)
        for (name, value) in [
            ("TZ", "Pacific/Kiritimati"), ("LC_ALL", "tr_TR.UTF-8"), ("TMPDIR", temporary),
        ] {
            var launch = Archives.replay("archive.tar.zst")
            launch.environment[name] = value
            launch.folder = workspace.path
            launch.umask = "077"
            let ending = try launch.run()
            #expect(ending.code == 0, "\(name): \(ending.output)\(ending.errors)")
        }
        #expect(try Files.names(in: temporary) == [])
        #expect(try Files.names(in: workspace.path) == ["archive.tar.zst", "temporary"])
    }

    @Test func bothStayWhereAFolderIsNamed() throws {
        let night = try Night.tours()
        let run = try night.publish()
        let before = try FolderSnapshot(night.out, withTimes: true)
        let folder = night.workspace.at("replayed")
        try expectEqual(run.archive, ["--to", folder])
        let remade = try FolderSnapshot(folder + "/out/" + run.name).reproducible
        #expect(try FolderSnapshot(run.folder).reproducible.differences(remade) == [])
        #expect(
            try FolderSnapshot(folder + "/unpacked/inputs").entries["payments.csv"]?.bytes
                == Files.bytes(night.dumps + "/payments.csv"))
        #expect(try FolderSnapshot(night.out, withTimes: true).differences(before) == [])
        let again = try Archives.replay(run.archive, ["--to", folder]).run()
        #expect(again.code == 2)
        #expect(again.errors.contains("the folder is not empty"))
    }

    @Test func aChangedOutputIsToldByFileRowAndColumn() throws {
        let night = try Night.tours()
        let run = try night.publish()
        try Archives.change(run.archive, in: night.workspace) { folder in
            let path = folder + "/outputs/payments.csv"
            var table = try CSVTable(path: path)
            let column = try #require(table.header.firstIndex(of: "captured"))
            table.rows[6][column] = "123456.78"
            try Files.write(table.text, to: path)
            try Archives.edit(folder + "/outputs/report.json", "\"verdict\"", "\"Verdict\"")
            try Files.remove(folder + "/outputs/repeats.csv")
            try Files.write("more\n", to: folder + "/outputs/more.csv")
        }
        let payment = try run.table("payments.csv").rows[6]
        let ending = try Archives.replay(run.archive).run()
        #expect(ending.code == 1)
        let lines = ending.output.split(separator: "\n").map(String.init)
        #expect(
            lines.contains(
                "  row 7 (\(payment[0])), captured: archived 123456.78, replayed \(payment[8])"))
        #expect(lines.contains { $0.hasPrefix("  line ") && $0.contains("archived Verdict") })
        let after = { (file: String) in lines.firstIndex(of: file).map { lines[$0 + 1] } }
        #expect(after("repeats.csv") == "  only in the replay")
        #expect(after("more.csv") == "  only in the archive")
        #expect(ending.errors.contains("error: outputs/payments.csv has been changed\n"))
        #expect(ending.errors.contains("error: outputs/repeats.csv is missing\n"))
        #expect(ending.errors.contains("error: outputs/more.csv has been added to the archive\n"))
        #expect(ending.errors.contains("differs from its archive in 4 of "))
    }

    @Test func aChangedDumpIsNamedAndShowsInTheTables() throws {
        let night = try Night.tours()
        let run = try night.publish()
        try Archives.change(run.archive, in: night.workspace) { folder in
            try Archives.edit(folder + "/inputs/payments.csv", ",successful,", ",failed,")
        }
        let ending = try Archives.replay(run.archive).run()
        #expect(ending.code == 1)
        #expect(ending.errors.contains("error: inputs/payments.csv has been changed\n"))
        #expect(ending.output.contains(", status: archived succeeded, replayed failed\n"))
    }

    @Test func anArchiveThatHoldsTheSameInAnotherPackingIsEqual() throws {
        let night = try Night.tours()
        let run = try night.publish()
        try Archives.change(run.archive, in: night.workspace) { _ in }
        let ending = try Archives.replay(run.archive).run()
        #expect(ending.code == 0, "\(ending.output)\(ending.errors)")
        #expect(ending.output.contains("The archive holds the same, and is packed otherwise.\n"))
    }

    @Test func anotherProgramsArchiveSaysSo() throws {
        let night = try Night.tours()
        let run = try night.publish()
        try Archives.change(run.archive, in: night.workspace) { folder in
            let version = try Launch(program: Project.trueup, arguments: ["--version"]).run().output
            let name = version.trimmingCharacters(in: .whitespacesAndNewlines)
            try Archives.edit(folder + "/manifest.json", name, "trueup 0.0.7")
        }
        let ending = try Archives.replay(run.archive).run()
        #expect(ending.code == 1)
        #expect(
            ending.errors.contains("warning: the archive was made by trueup 0.0.7, and this is"))
        #expect(ending.errors.contains("to do: make it again with trueup 0.0.7\n"))
        #expect(ending.output.contains("\nmanifest.json\n  line 3, byte "))
    }

    @Test(arguments: [
        ("\"format\": 1", "\"format\": 99", "of a later form"),
        ("\"as_of\": \"2025", "\"as_of\": \"2024", "does not say 'as_of'"),
        ("{", "", "manifest.json cannot be read"),
        ("\"pipeline\": \"tours\"", "\"pipeline\": \"../../../tours\"", "has no definition"),
    ])
    func aManifestThatCannotBeReadIsNamed(old: String, new: String, reason: String) throws {
        let night = try Night.tours()
        let run = try night.publish()
        try Archives.change(run.archive, in: night.workspace) { folder in
            try Archives.edit(folder + "/manifest.json", old, new)
        }
        let ending = try Archives.replay(run.archive).run()
        #expect(ending.code == 1)
        #expect(ending.errors.contains(reason), "\(ending.errors)")
    }

    @Test func whatWasChangedIsNamedWhereTheRunCannotBeMadeAgain() throws {
        let night = try Night.tours()
        let run = try night.publish()
        try Archives.change(run.archive, in: night.workspace) { folder in
            try Archives.edit(folder + "/definition/tours.yaml", "currency: GHS", "currncy: GHS")
        }
        let ending = try Archives.replay(run.archive).run()
        #expect(ending.code == 1)
        #expect(ending.output == "run \(run.name) could not be made again\n")
        #expect(ending.errors.contains("error: definition/tours.yaml has been changed\n"))
        #expect(ending.errors.contains("currncy"))
    }

    /// What the definition names outside of the archive is not what was archived.
    @Test func aDefinitionThatLeadsOutIsRefused() throws {
        let night = try Night.tours()
        let run = try night.publish()
        try Archives.change(run.archive, in: night.workspace) { folder in
            try Archives.edit(
                folder + "/definition/tours.yaml", "catalogue.csv",
                "../../../" + night.dumps.dropFirst() + "/catalogue.csv")
        }
        let ending = try Archives.replay(run.archive).run()
        #expect(ending.code == 1)
        #expect(ending.errors.contains("definition/tours.yaml has been changed"))
        #expect(ending.output.contains("could not be made again"), "\(ending.output)")
    }

    @Test func aSignalLeavesNothingBehind() throws {
        let night = try Night.generated(payments: 60000, seed: 4)
        let run = try night.publish()
        let temporary = night.workspace.at("temporary")
        try Files.makeFolder(temporary)
        var launch = Archives.replay(run.archive)
        launch.environment["TMPDIR"] = temporary
        let child = try launch.start()
        while try Files.names(in: temporary).isEmpty { usleep(1000) }
        usleep(200_000)
        child.send(SIGTERM)
        let ending = try child.wait()
        #expect(ending.code == 143, "\(ending.output)\(ending.errors)")
        #expect(try Files.names(in: temporary) == [])
    }

    @Test func whatIsNoArchiveIsAnError() throws {
        let workspace = try Workspace()
        let missing = try Archives.replay(workspace.at("none.tar.zst")).run()
        #expect(missing.code == 1)
        #expect(missing.errors.contains("there is no archive of this name"))
        try Files.write("not an archive", to: workspace.at("text"))
        let text = try Archives.replay(workspace.at("text")).run()
        #expect(text.code == 1)
        #expect(text.errors.contains("cannot read the archive"))
    }
}
