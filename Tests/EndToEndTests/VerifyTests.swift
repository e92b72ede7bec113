import Foundation
import Testing

/// What was changed, removed, added or reordered in an output folder is named.
@Suite struct VerifyTests {
    /// Three nights with their archives, one after the other.
    private func threeNights() throws -> (night: Night, runs: [PublishedRun]) {
        let night = try Night.tours()
        let runs = try ["2025-08-31", "2025-09-01", "2025-09-02"].map {
            try night.publish(asOf: "\($0)T02:00:00Z")
        }
        return (night, runs)
    }

    /// Expects exactly these faults: where, by the end of the path, and what.
    private func expect(
        _ night: Night, _ faults: [(place: String, what: String)],
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let ending = try Archives.verify(night.out)
        #expect(ending.code == (faults.isEmpty ? 0 : 1), sourceLocation: sourceLocation)
        let errors = ending.errors.split(separator: "\n").filter { $0.contains(": error: ") }
        #expect(errors.count == faults.count, "\(ending.errors)", sourceLocation: sourceLocation)
        for (place, what) in faults {
            #expect(
                errors.contains { $0.contains("\(place): error: \(what)") },
                "\(place): \(what)\n\(ending.errors)", sourceLocation: sourceLocation)
        }
    }

    private func name(_ run: PublishedRun) -> String { run.name + ".tar.zst" }

    @Test func nothingIsSaidOfWhatIsAsItWasPublished() throws {
        let (night, runs) = try threeNights()
        try expect(night, [])
        let ending = try Archives.verify(night.out)
        #expect(ending.output.hasPrefix("\(night.out): 3 runs, 3 archives\n  \(runs[0].name)  "))
        #expect(ending.output.hasSuffix("\nEverything is as it was published.\n"))
        let one = try Archives.verify(runs[1].archive)
        #expect(one.code == 0)
        #expect(one.output.contains("The archive before it is that of \(runs[0].name)"))
        for (folder, list) in [
            (runs[0].folder, "SHA256SUMS"), (night.out + "/archive", name(runs[0]) + ".sha256"),
        ] {
            let sums = try Launch(
                program: "sha256sum", arguments: ["--strict", "-c", list], folder: folder
            ).run()
            #expect(sums.code == 0, "\(sums.errors)")
        }
    }

    @Test func aRunWithoutAnArchiveIsNoFault() throws {
        let night = try Night.tours()
        try night.publish(["--no-archive"])
        try night.publish(asOf: "2025-09-01T02:00:00Z")
        try night.publish(["--no-archive"], asOf: "2025-09-02T02:00:00Z")
        try night.publish(asOf: "2025-09-03T02:00:00Z")
        try expect(night, [])
    }

    @Test func aChangedRemovedOrAddedFileOfARunIsNamed() throws {
        let (night, runs) = try threeNights()
        try Archives.flip(runs[0].folder + "/payments.csv")
        try Files.remove(runs[1].folder + "/carried/emissions.csv")
        try Files.write("x", to: runs[1].folder + "/more.csv")
        try Files.write("{}", to: runs[2].folder + "/timings.json")
        try Files.remove(runs[2].folder + "/breaks.csv")
        try FileManager.default.createSymbolicLink(
            atPath: runs[2].folder + "/breaks.csv", withDestinationPath: "/etc/hostname")
        try expect(
            night,
            [
                (runs[0].name, "payments.csv has been changed"),
                (runs[1].name, "carried/emissions.csv is missing"),
                (runs[1].name, "more.csv has been added to the run"),
                (runs[2].name, "breaks.csv is no plain file any more"),
            ])
    }

    @Test func aRunThatWasWrittenAnewWithItsChecksumsIsNamed() throws {
        let (night, runs) = try threeNights()
        let folder = runs[1].folder
        try Archives.edit(folder + "/report.json", "critical", "clean")
        let sums = try Launch(
            program: "/bin/sh",
            arguments: [
                "-c",
                "cut -c67- SHA256SUMS | xargs sha256sum > new; mv new SHA256SUMS",
            ], folder: folder
        ).run()
        try #require(sums.code == 0)
        try expect(
            night, [(runs[1].name, "the run's folder and its archive do not hold the same files")])
    }

    @Test(arguments: [0, 1, 2])
    func aByteOfAnArchiveThatWasChangedIsNamed(place: Int) throws {
        let (night, runs) = try threeNights()
        try Archives.flip(runs[place].archive)
        let ending = try Archives.verify(night.out)
        #expect(ending.code == 1)
        #expect(
            ending.errors.contains(
                "\(name(runs[place])).sha256: error: the archive has been changed"))
        #expect(
            ending.errors.contains("\(name(runs[place])): error: the archive has been changed")
                == (place < 2))
        for other in [0, 1, 2] where other != place {
            #expect(!ending.errors.contains(name(runs[other])))
        }
    }

    @Test func anArchiveThatWasMadeAnewWithItsChecksumIsNamedByTheNext() throws {
        let (night, runs) = try threeNights()
        try Archives.change(runs[1].archive, in: night.workspace) { _ in }
        let sums = try Launch(
            program: "/bin/sh",
            arguments: ["-c", "sha256sum \(name(runs[1])) > \(name(runs[1])).sha256"],
            folder: night.out + "/archive"
        ).run()
        try #require(sums.code == 0)
        try expect(
            night,
            [(name(runs[1]), "the archive has been changed, or another one stands in its place")])
    }

    @Test(arguments: [0, 1, 2])
    func anArchiveThatWasRemovedIsNamed(place: Int) throws {
        let (night, runs) = try threeNights()
        try Files.remove(runs[place].archive)
        let fault = (name(runs[place]), "the archive has been removed, and not for its age")
        try expect(night, [fault])
        try Files.remove(runs[place].archive + ".sha256")
        try expect(night, [fault])
        try Files.remove(runs[place].folder)
        guard place < 2 else { return }
        try Files.remove(runs[place + 1].folder + "/previous")
        try expect(night, [fault])
    }

    @Test func aRunOfWhichNothingIsLeftIsNamed() throws {
        let night = try Night.tours()
        let first = try night.publish(["--no-archive"])
        try night.publish(["--no-archive"], asOf: "2025-09-01T02:00:00Z")
        try Files.remove(first.folder)
        try expect(night, [(name(first), "run \(first.name) has been removed")])
    }

    @Test func anArchiveThatWasAddedIsNamed() throws {
        let (night, runs) = try threeNights()
        let other = try night.another()
        let foreign = try other.publish(asOf: "2025-09-01T14:00:00Z")
        try Files.copy(foreign.archive, to: night.out + "/archive/" + name(foreign))
        try Files.copy(
            foreign.archive + ".sha256", to: night.out + "/archive/" + name(foreign) + ".sha256")
        try Files.write("x", to: night.out + "/archive/notes.txt")
        try expect(
            night,
            [
                (name(foreign), "the archive has been added"),
                ("notes.txt", "something that is no archive has been added"),
            ])
        #expect(runs.count == 3)
    }

    @Test func archivesThatWereSwappedAreNamed() throws {
        let (night, runs) = try threeNights()
        let aside = night.workspace.at("aside")
        for ending in ["", ".sha256"] {
            try FileManager.default.moveItem(atPath: runs[0].archive + ending, toPath: aside)
            try FileManager.default.moveItem(
                atPath: runs[1].archive + ending, toPath: runs[0].archive + ending)
            try FileManager.default.moveItem(atPath: aside, toPath: runs[1].archive + ending)
        }
        let ending = try Archives.verify(night.out)
        #expect(ending.code == 1)
        for run in runs[0...1] {
            #expect(
                ending.errors.contains(
                    "\(name(run)): error: the archive is not that of the run whose name it bears"))
        }
        #expect(!ending.errors.contains(name(runs[2])))
    }

    @Test func foldersThatWereSwappedAreNamed() throws {
        let (night, runs) = try threeNights()
        let aside = night.workspace.at("aside")
        try FileManager.default.moveItem(atPath: runs[1].folder, toPath: aside)
        try FileManager.default.moveItem(atPath: runs[2].folder, toPath: runs[1].folder)
        try FileManager.default.moveItem(atPath: aside, toPath: runs[2].folder)
        let ending = try Archives.verify(night.out)
        #expect(ending.code == 1)
        for run in runs[1...2] {
            #expect(
                ending.errors.contains(
                    "\(run.name): error: the folder does not hold the run whose name it bears"))
        }
    }

    @Test func anArchiveAloneIsHeldAgainstItself() throws {
        let (night, runs) = try threeNights()
        let copy = night.workspace.at("copy.tar.zst")
        try Files.copy(runs[1].archive, to: copy)
        #expect(try Archives.verify(copy).code == 0)
        try Archives.change(copy, in: night.workspace) { folder in
            try Archives.flip(folder + "/inputs/payments.csv")
            try Archives.flip(folder + "/definition/tours.yaml", at: 2)
            try Archives.flip(folder + "/carried/emissions.csv", at: 1)
            try Archives.flip(folder + "/outputs/breaks.csv")
        }
        let ending = try Archives.verify(copy)
        #expect(ending.code == 1)
        for file in [
            "inputs/payments.csv", "definition/tours.yaml", "carried/emissions.csv",
            "outputs/breaks.csv",
        ] {
            #expect(ending.errors.contains("\(copy): error: \(file) has been changed\n"))
        }
    }

    @Test func whatHoldsNothingToVerifyIsAnError() throws {
        let workspace = try Workspace()
        let empty = try Archives.verify(workspace.path)
        #expect(empty.code == 1)
        #expect(empty.errors.contains("neither a run nor an archive"))
        #expect(try Archives.verify(workspace.at("nowhere")).code == 1)
    }
}

/// Archives go when they are as old as the definition keeps them, and the chain stays whole.
@Suite struct RetentionTests {
    private func nights(_ days: ClosedRange<Int>, _ night: Night) throws -> [PublishedRun] {
        try days.map { try night.publish(asOf: "2025-09-0\($0)T02:00:00Z") }
    }

    private func keeping(_ span: String) throws -> Night {
        let night = try Night.tours()
        try night.redefine("keep: 400d", "keep: \(span)")
        return night
    }

    private func archived(_ night: Night) throws -> [String] {
        try Files.names(in: night.out + "/archive").filter { $0.hasSuffix(".zst") }
    }

    @Test func oldArchivesGoAndTheChainStaysWhole() throws {
        let night = try keeping("48h")
        let runs = try nights(1...6, night)
        #expect(try archived(night) == runs.suffix(3).map { $0.name + ".tar.zst" })
        #expect(try Files.names(in: night.out + "/archive").count == 6)
        let ending = try Archives.verify(night.out)
        #expect(ending.code == 0, "\(ending.errors)")
        #expect(ending.output.contains("\(runs[0].name)  37 files  archive removed for its age\n"))
        #expect(try Archives.replay(runs[5].archive).run().code == 0)
        // Whoever takes one more is found out: its age is no reason yet.
        try Files.remove(runs[3].archive)
        try Files.remove(runs[3].archive + ".sha256")
        let taken = try Archives.verify(night.out)
        #expect(taken.code == 1)
        #expect(
            taken.errors.contains(
                "\(runs[3].name).tar.zst: error: the archive has been removed, and not for its age")
        )
        #expect(taken.errors.split(separator: "\n").filter { $0.contains("error:") }.count == 1)
    }

    @Test func aRunWithoutArchiveRemovesNone() throws {
        let night = try keeping("48h")
        let runs = try nights(1...2, night)
        try night.publish(["--no-archive"], asOf: "2025-10-01T02:00:00Z")
        #expect(try archived(night) == runs.map { $0.name + ".tar.zst" })
        try night.publish(["--dry-run"], asOf: "2025-10-01T02:00:00Z")
        #expect(try archived(night).count == 2)
        let last = try night.publish(asOf: "2025-10-02T02:00:00Z")
        #expect(try archived(night) == [last.name + ".tar.zst"])
        #expect(try Archives.verify(night.out).code == 0)
    }

    @Test func whatCouldNotBeRemovedGoesTheNextNight() throws {
        let night = try keeping("48h")
        let runs = try nights(1...3, night)
        let aside = night.workspace.at("aside")
        for ending in ["", ".sha256"] {
            try Files.copy(runs[0].archive + ending, to: aside + ending)
        }
        _ = try nights(4...4, night)
        for ending in ["", ".sha256"] {
            try Files.copy(aside + ending, to: runs[0].archive + ending)
        }
        #expect(try Archives.verify(night.out).code == 0)
        _ = try nights(5...5, night)
        #expect(!Files.exists(runs[0].archive))
        #expect(try Archives.verify(night.out).code == 0)
    }
}

/// The history of an output folder, a line a run.
@Suite struct RunsTests {
    private func runs(_ arguments: [String]) throws -> Ending {
        try Launch(program: Project.trueup, arguments: ["runs"] + arguments).run()
    }

    @Test func everyRunHasALine() throws {
        let night = try Night.tours()
        let first = try night.publish()
        let second = try night.publish(["--no-archive"], asOf: "2025-09-01T02:00:00Z")
        let ending = try runs([night.out])
        #expect(ending.code == 0)
        let lines = ending.output.split(separator: "\n").map {
            $0.split(separator: " ").map(String.init)
        }
        #expect(lines.count == 3)
        #expect(
            lines[1] == [
                first.name, "2025-08-31T02:00:00Z", "critical", "257", "33", "13", "5", "5620.00",
                "GHS", "yes",
            ])
        #expect(lines[2].first == second.name)
        #expect(lines[2].suffix(2) == ["no", "(latest)"])
    }

    @Test func programsReadTheSame() throws {
        let night = try Night.tours()
        let run = try night.publish()
        let ending = try runs([night.out, "--json"])
        let value = try JSONSerialization.jsonObject(with: Data(ending.output.utf8))
        let entry = try #require((value as? [[String: Any]])?.first)
        #expect(entry["run"] as? String == run.name)
        #expect(entry["archive"] as? String == run.archive)
        #expect(entry["latest"] as? Bool == true)
        #expect(entry["critical_breaks"] as? Int == 5)
        #expect(entry["at_risk"] as? [String: String] == ["GHS": "5620.00"])
    }

    @Test func aReportThatCannotBeReadIsAWarning() throws {
        let night = try Night.tours()
        let run = try night.publish()
        try Files.write("{", to: run.folder + "/report.json")
        let ending = try runs([night.out])
        #expect(ending.code == 0)
        #expect(ending.output.contains("unreadable"))
        #expect(ending.errors.contains("report.json: warning: the run's report cannot be read"))
    }

    @Test func noRunIsNoError() throws {
        let workspace = try Workspace()
        let ending = try runs([workspace.path])
        #expect(ending.code == 0)
        #expect(ending.output == "\(workspace.path): no run yet\n")
        #expect(try runs([workspace.at("nowhere")]).code == 1)
    }
}
