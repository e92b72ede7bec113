import Foundation
import Testing

/// Dumps that were made to cost time and memory.
@Suite struct HostileDumpTests {
    private static let columns = 1_000_000
    /// More than any of these dumps may take, in bytes: the dumps themselves have some megabytes.
    private static let mostMemory = 512 << 20

    /// Lines that are each looked at as the header, all of them too wide.
    @Test(.timeLimit(.minutes(2)), arguments: [1, 30])
    func aHeaderOfAMillionColumnsIsRefused(lines: Int) throws {
        let published = try PublishedNight(Night.tours())
        let night = published.night
        let names = String(repeating: "c,", count: Self.columns) + "d\n"
        try Files.write(String(repeating: names, count: lines), to: night.dumps + "/users.csv")
        let ending = try night.run()
        expectFailure(
            ending,
            saying: [
                "\(night.dumps)/users.csv:1: error: the header has too many columns",
                "expected: at most 16384 columns", "found: 1000001", "to do: check that this",
            ])
        #expect(ending.peakMemory < Self.mostMemory)
        try published.expectUntouched()
        let check = try Launch(
            program: Project.trueup, arguments: ["check", night.definition, "--in", night.dumps]
        ).run()
        #expect(check.code == 1 && check.errors.contains("too many columns"))
        // A guess passes such rows over.
        let guess = try Launch(program: Project.trueup, arguments: ["init", night.dumps]).run()
        #expect(guess.code == 0 && guess.output.contains("payments"))
        #expect(guess.peakMemory < Self.mostMemory)
    }

    @Test func aHeaderAtTheBoundIsRead() throws {
        let night = try Night.tours()
        func widened(_ columns: Int) throws -> Ending {
            let users = try CSVTable(path: Project.samples + "/users.csv")
            let more = columns - users.header.count
            try Files.write(
                users.header.joined(separator: ",") + String(repeating: ",x", count: more) + "\n",
                to: night.dumps + "/users.csv")
            return try night.run()
        }
        #expect(try widened(16_384).code == 3)
        expectFailure(try widened(16_385), saying: ["too many columns", "found: 16385"])
    }

    @Test func aRowOfAMillionColumnsIsOneReject() throws {
        let night = try Night.tours()
        try night.append(
            ["PAY-9999" + String(repeating: ",", count: Self.columns)], to: "payments.csv")
        let ending = try night.run()
        #expect(ending.code == 3 && ending.peakMemory < Self.mostMemory)
        let rejects = try night.latest().table("rejects.csv")
        #expect(rejects["reason"] == ["more fields than the header has"])
        #expect(rejects["file"] == ["payments.csv"])
    }

    /// What a customer's details may be; of megabytes of them a test's log tells the name alone.
    struct Details: CustomTestStringConvertible {
        let testDescription: String
        let json: String

        init(_ name: String, _ json: String) {
            testDescription = name
            self.json = json
        }
    }

    private static let details: [Details] = [
        Details(
            "objects",
            String(repeating: "{\"a\":", count: 10_000) + "1"
                + String(repeating: "}", count: 10_000)),
        Details(
            "lists",
            String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000)),
        Details("unclosed", String(repeating: "{\"a\":[", count: 1_500_000)),
        Details(
            "a long text",
            "{\"destination_name\":\"" + String(repeating: "y", count: 10 << 20) + "\"}"),
        Details(
            "many members",
            "{" + (0..<700_000).map { "\"k\($0)\":1" }.joined(separator: ",") + "}"),
        Details("a huge number", "{\"quantity\":1" + String(repeating: "0", count: 1 << 20) + "}"),
    ]

    @Test(.timeLimit(.minutes(2)), arguments: details)
    func detailsOfAnyShapeEndNoRun(details: Details) throws {
        let night = try Night.tours()
        try night.redefine("unidentified: review", "unidentified: emit")
        try night.append(
            [
                "PAY-9001,TGH-9001,ama@example.com,10.00,GHS,successful,2025-08-01T10:00:00Z,"
                    + "2025-08-01T10:01:00Z,A walk,\(CSVTable.quoted(details.json)),mtn-momo"
            ], to: "payments.csv")
        try night.append(
            ["9001,TGH-9001,charge,SUCCESSFUL,10.00,0.10,GHS,2025-08-01T10:00:30Z"],
            to: "momo-2025-08.csv")
        let ending = try night.run()
        #expect(ending.code == 3, "\(ending.errors)")
        #expect(ending.peakMemory < Self.mostMemory)
        let run = try night.latest()
        #expect(try run.table("rejects.csv").rows.isEmpty)
        let made = try run.table("new_bookings.csv").rows(where: "payment_id", is: "PAY-9001")
        #expect(made.count == 1)
    }
}
