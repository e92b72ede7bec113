import Foundation
import Testing

/// What `trueup explain` needs, and what it says where there is nothing to tell.
@Suite struct ExplainErrorTests {
    /// Neither the dumps nor the definition nor the archive are looked at.
    @Test func itTellsFromTheRunAlone() throws {
        let night = try Night.tours()
        try night.publish(["--no-archive"])
        let before = try night.explain("PAY-1137")
        try Files.remove(night.dumps)
        try Files.remove(night.definition)
        let after = try night.explain("PAY-1137")
        #expect(after.code == 0 && after.output == before.output)
    }

    @Test func anUnknownNameIsRefusedWithTheNearestOne() throws {
        let night = try Night.tours()
        try night.publish()
        expectFailure(
            try night.explain("NO-SUCH-THING"), code: 2,
            saying: ["knows nothing of this name", "found: NO-SUCH-THING", "expected: "])
        expectFailure(
            try night.explain("pay-1137"), code: 2, saying: ["perhaps PAY-1137 was meant"])
        expectFailure(
            try night.explain("BKG-50177"), code: 2, saying: ["perhaps BKG-5017 was meant"])
        #expect(try night.explain("  'PAY-1137 ").code == 0)
    }

    @Test func aRejectedRowIsNamedByItsPlace() throws {
        let night = try Night.tours()
        try night.append(
            ["PAY-9999,TGH-9,efua@example.com,ten,GHS,successful,2025-08-01T00:00:00Z,,x,{},mtn"],
            to: "payments.csv")
        try night.publish()
        let lines = try Files.text(night.dumps + "/payments.csv")
            .split(separator: "\n", omittingEmptySubsequences: false).dropLast().count
        expectFailure(
            try night.explain("PAY-9999"), code: 1,
            saying: ["payments.csv:\(lines): ", "only a rejected row", "column amount"])
        // A part of a name is not that name.
        expectFailure(try night.explain("PAY-999"), code: 2, saying: ["knows nothing"])
    }

    @Test func anEarlierRunIsToldByItsName() throws {
        let night = try Night.tours()
        let first = try night.publish()
        let second = try night.publish(asOf: "2025-09-01T02:00:00Z")
        #expect(try night.story("PAY-1137").run == second.name)
        let story = try night.story("PAY-1137", ["--run", first.name])
        #expect(story.run == first.name)
        #expect(story.section("Emitted", of: "PAY-1137").count == 1)
        // The second run knows what the first one emitted, and makes nothing again.
        let later = try night.story("PAY-1137")
        #expect(
            later.section("Booking", of: "PAY-1137").last
                == "3 by attributes: not tried: an earlier run made its booking, which waits to be "
                + "loaded")
        #expect(
            later.section("Emitted", of: "PAY-1137").first?.hasPrefix("earlier run: booking BK-")
                == true)
        let made = try #require(story.rows["new_bookings.csv"]?.first?["booking_id"])
        #expect(try night.story(made).contents == ["booking \(made)", "payment PAY-1137"])
        expectFailure(
            try night.explain("PAY-1137", ["--run", "20250101T000000Z-abcdef"]), code: 2,
            saying: ["no run of this name", first.name, second.name])
    }

    @Test func aFolderWithoutRunsIsNamed() throws {
        let night = try Night.tours()
        expectFailure(try night.explain("PAY-1"), saying: [night.out])
        try Files.write("", to: night.workspace.at("file"))
        let ending = try Launch(
            program: Project.trueup, arguments: ["explain", night.dumps, "PAY-1"]
        ).run()
        expectFailure(ending, saying: ["nothing has been published here yet"])
    }

    @Test func aDamagedTraceIsNamed() throws {
        let night = try Night.tours()
        let run = try night.publish()
        let path = run.folder + "/trace/payments.bin"
        let whole = try Files.bytes(path)
        try whole.dropLast().write(to: URL(filePath: path))
        expectFailure(
            try night.explain("PAY-1137"), saying: [path, "the trace of the run is damaged"])
        // A run of an earlier version has none, and is told as far as its tables go.
        for file in ["payments", "settlements", "bookings", "attributes"] {
            try Files.remove("\(run.folder)/trace/\(file).bin")
        }
        let ending = try night.explain("PAY-1137")
        #expect(ending.code == 0 && ending.output.contains("the run has no trace"))
    }

    /// What stands in the dumps can neither drive a terminal nor turn its text around.
    @Test func textsOfTheDumpsAreHarmless() throws {
        let night = try Night.tours()
        let hostile = "\u{1B}]0;x\u{7}\u{9B}31m\u{202E}evil"
        try night.append(
            [
                "PAY-9998,\(hostile),efua@example.com,10.00,GHS,successful,"
                    + "2025-08-01T00:00:00Z,,\(hostile),{},mtn",
                "PAY-9999,=1+1,efua@example.com,10.00,GHS,successful,2025-08-01T00:00:00Z,,x,{},mtn",
            ], to: "payments.csv")
        try night.publish()
        for options in [[], ["--json"]] {
            let ending = try night.explain("PAY-9998", options)
            #expect(ending.code == 0)
            #expect(
                ending.output.unicodeScalars.allSatisfy {
                    ($0.value >= 0x20 || $0.value == 0x0A)
                        && !(0x7F..<0xA0).contains($0.value)
                        && !(0x202A...0x202E).contains($0.value)
                })
        }
        let story = try night.story("PAY-9998")
        #expect(story.rows["payments.csv"]?.first?["reference"] == hostile)
        // The guard that spreadsheets need is no part of the reference.
        #expect(try night.story("=1+1").contents == ["payment PAY-9999"])
    }

    /// The traces are the same to the byte whatever the number of threads.
    @Test func tracesAreTheSameForAnyNumberOfThreads() throws {
        let night = try Night.generated(payments: 3000, seed: 5)
        let one = try night.publish(["--threads", "1"])
        let two = try night.publish(["--threads", "4"], out: night.out + "-2")
        for file in ["payments", "settlements", "bookings", "attributes"] {
            let name = "/trace/\(file).bin"
            #expect(try Files.bytes(one.folder + name) == Files.bytes(two.folder + name))
        }
        let rows = try one.table("payments.csv").rows.count
        let size = try Files.bytes(one.folder + "/trace/payments.bin").count
        // The header names the five dumps.
        #expect((24..<256).contains(size - rows * 12))
    }
}
