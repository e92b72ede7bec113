import Foundation
import Testing

/// Waits until something has come about; for programs that are left running.
func waitUntil(_ what: String, _ holds: () throws -> Bool) throws {
    let deadline = Date(timeIntervalSinceNow: 60)
    while try !holds() {
        try #require(Date() < deadline, "\(what) did not come about")
        usleep(20_000)
    }
}

/// `trueup watch` over a folder that changes.
@Suite struct WatchTests {
    private func watch(_ night: Night, _ options: [String]) throws -> Child {
        try Launch(
            program: Project.trueup,
            arguments: ["watch", night.definition, "--in", night.dumps, "--out", night.out]
                + options
        ).start()
    }

    /// How many runs stand in the output folder.
    private func runs(_ night: Night) -> Int {
        ((try? Files.names(in: night.out)) ?? []).filter {
            $0.first?.isNumber == true
        }.count
    }

    private func events(_ ending: Ending) throws -> [[String: String]] {
        try ending.errors.split(separator: "\n").map { line in
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
            return try #require(object as? [String: String], "\(line)")
        }
    }

    @Test func runsAtOnceAndAgainWhenADumpHasChanged() throws {
        let night = try Night.tours()
        let child = try watch(
            night, ["--interval", "1h", "--settling", "1s", "--log", "json", "--no-archive"])
        try waitUntil("the first run") { runs(night) == 1 }
        // Nothing changes, and nothing happens.
        usleep(1_500_000)
        #expect(runs(night) == 1)
        try night.append(
            [
                "PAY-9001,TGH-9001,ama@example.com,380.00,GHS,pending,2026-01-01T00:00:00Z,,"
                    + "Kumasi Cultural Heritage Tour,,mtn-momo"
            ], to: "payments.csv")
        try waitUntil("the second run") { runs(night) == 2 }
        child.send(SIGTERM)
        let ending = try child.wait()
        #expect(ending.code == 143)
        #expect(ending.output.isEmpty)
        let events = try events(ending).compactMap { $0["event"] }
        #expect(events.first == "watching")
        #expect(events.filter { $0 == "published" }.count == 2)
        #expect(events.contains("stopped"))
        let table = try night.latest().table("payments.csv")
        #expect(table["payment_id"].contains("PAY-9001"))
    }

    @Test func survivesADumpThatCannotBeRead() throws {
        let night = try Night.tours()
        let payments = night.dumps + "/payments.csv"
        let text = try Files.text(payments)
        try Files.write("nothing,of,use\n1,2,3\n", to: payments)
        let child = try watch(
            night, ["--interval", "1h", "--settling", "0", "--log", "json", "--no-archive"])
        usleep(2_500_000)
        #expect(runs(night) == 0)
        try Files.write(text, to: payments)
        try waitUntil("a run") { runs(night) == 1 }
        child.send(SIGINT)
        let ending = try child.wait()
        #expect(ending.code == 130)
        let failures = try events(ending).filter { $0["event"] == "failed" }
        #expect(failures.count >= 2)
        #expect(failures.prefix(2).compactMap { $0["retry_seconds"] } == ["1", "2"])
        #expect(failures.first?["message"]?.contains("payments.csv") == true)
    }

    @Test func aDefinitionThatIsWrongFromTheStartIsNotWaitedFor() throws {
        let night = try Night.tours()
        try night.redefine("currency: GHS", "currency: cedis")
        let ending = try watch(night, ["--interval", "60s"]).wait()
        #expect(ending.code == 2)
        #expect(!Files.exists(night.out))
    }

    /// What a dump can be in place of one that can be read.
    enum Trouble: String, Sendable, CaseIterable {
        case absent, locked, empty
        case cutInARecord, cutInQuotes, cutAfterALineInQuotes
        case packedAndCutOff, packedAfterItWasCut
    }

    @Test(arguments: Trouble.allCases)
    func aDumpThatCannotBeReadNowIsTriedAgain(trouble: Trouble) throws {
        let night = try Night.tours()
        let path = night.dumps + "/payments.csv"
        try night.append(
            [
                "PAY-9001,TGH-9001,ama@example.com,1.00,GHS,failed,2025-08-01T10:00:00Z,,"
                    + "\"A tour\nof two lines\nand three\",,mtn-momo"
            ], to: "payments.csv")
        let text = try Files.text(path)
        func pack(_ command: String) throws {
            let ending = try Launch(
                program: "sh", arguments: ["-c", command + " <\"$0\" >\"$0.new\"", path]
            ).run()
            try #require(ending.code == 0)
            try #require(rename(path + ".new", path) == 0)
        }
        func cut(before ending: String) throws {
            let range = try #require(text.range(of: ending, options: .backwards))
            try Files.write(String(text[..<range.lowerBound]), to: path)
        }
        switch trouble {
        case .absent: try Files.remove(path)
        case .locked:
            // Not even root can open what leads to itself.
            try Files.remove(path)
            try FileManager.default.createSymbolicLink(
                atPath: path, withDestinationPath: "payments.csv")
        case .empty: try Files.write("", to: path)
        case .cutInARecord: try cut(before: ",GHS,failed")
        case .cutInQuotes: try cut(before: "nes\nand three")
        case .cutAfterALineInQuotes: try cut(before: "and three")
        case .packedAndCutOff: try pack("gzip | head -c 3000")
        case .packedAfterItWasCut:
            try cut(before: ",GHS,failed")
            try pack("gzip")
        }
        let child = try watch(
            night, ["--interval", "1h", "--settling", "0", "--log", "json", "--no-archive"])
        usleep(1_800_000)
        #expect(runs(night) == 0)
        try Files.remove(path)
        try Files.write(text, to: path)
        try waitUntil("a run") { runs(night) == 1 }
        child.send(SIGTERM)
        let told = try events(try child.wait())
        let failures = told.filter { $0["event"] == "failed" }
        #expect(failures.prefix(2).compactMap { $0["retry_seconds"] } == ["1", "2"])
        #expect(failures.allSatisfy { $0["level"] == "error" })
        #expect(told.suffix(2).compactMap { $0["event"] } == ["published", "stopped"])
        #expect(try night.latest().table("rejects.csv").rows.isEmpty)
    }

    @Test func aDumpThatIsBeingWrittenIsWaitedFor() throws {
        let night = try Night.tours()
        let child = try watch(
            night, ["--interval", "1h", "--settling", "1s", "--log", "json", "--no-archive"])
        try waitUntil("the first run") { runs(night) == 1 }
        let path = night.dumps + "/payments.csv"
        let handle = try #require(FileHandle(forWritingAtPath: path))
        try handle.seekToEnd()
        for number in 9001...9006 {
            let row =
                "PAY-\(number),TGH-\(number),ama@example.com,1.00,GHS,failed,"
                + "2025-08-01T10:00:00Z,,A tour,,mtn-momo\n"
            try handle.write(contentsOf: Data(row.prefix(30).utf8))
            usleep(200_000)
            try handle.write(contentsOf: Data(row.dropFirst(30).utf8))
            usleep(200_000)
        }
        try handle.close()
        try waitUntil("the second run") { runs(night) == 2 }
        child.send(SIGTERM)
        let told = try events(try child.wait()).compactMap { $0["event"] }
        #expect(told == ["watching", "published", "published", "stopped"])
        let payments = try night.latest().table("payments.csv")["payment_id"]
        #expect((9001...9006).allSatisfy { payments.contains("PAY-\($0)") })
    }

    @Test(arguments: [0, 150_000, 400_000])
    func stopsAtASafePointOfARun(microseconds: UInt32) throws {
        let night = try Night.generated(payments: 60_000, seed: 7)
        let child = try watch(night, ["--interval", "1h", "--log", "json"])
        usleep(100_000 + microseconds)
        child.send(SIGTERM)
        let ending = try child.wait()
        #expect(ending.code == 143)
        #expect(ending.errors.hasSuffix("\n"))
        #expect(!ending.errors.contains("\"failed\""))
        // Nothing half made is left where somebody would look.
        let names = ((try? Files.names(in: night.out)) ?? []).filter { $0.first?.isNumber == true }
        if names.isEmpty {
            #expect(!Files.exists(night.out + "/latest"))
        } else {
            let sums = try Launch(
                program: "sha256sum", arguments: ["--quiet", "-c", "SHA256SUMS"],
                folder: night.out + "/latest"
            ).run()
            #expect(sums.code == 0)
        }
        _ = try night.publish(["--no-archive"], asOf: "2027-01-01T00:00:00Z")
    }
}
