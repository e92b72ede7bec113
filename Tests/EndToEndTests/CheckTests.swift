import Foundation
import Testing

/// `trueup check` with dumps: it tells what a run would read of them.
@Suite struct CheckTests {
    /// Two files of one kind, two currencies, rows that are left out, repeated and rejected, a dump
    /// without rows, and days that are others in UTC.
    private static func shop() throws -> Night {
        try Night.of(
            """
            name: shop
            currency: USD
            timezone: America/New_York
            max_rejects: 60
            inputs:
              payments:
                files: payments*.csv
                columns: {user: customer email, created_at: created}
                skip: {id: Total}
              settlements: {files: [card.csv, wallet.csv]}
              bookings: {files: bookings.csv}
              bank: {files: bank.csv}
              users: {files: users.csv}

            """,
            [
                "payments-1.csv": """
                id,customer email,amount,currency,status,created
                P1,ama@example.com,120.00,USD,succeeded,2026-03-01T03:30:00Z
                P2,kofi@example.com,80.50,USD,failed,2026-03-02T12:00:00Z
                P2,kofi@example.com,80.50,USD,failed,2026-03-02T12:00:00Z
                P3,ama@example.com,eighty,USD,succeeded,2026-03-02T12:00:00Z
                P4,ama@example.com,80.00,USD,gone,2026-03-02T12:00:00Z
                Total,,280.50,USD,,

                """,
                "payments-2.csv": """
                id,customer email,amount,currency,status,created
                P5,ama@example.com,3000,JPY,succeeded,2026-03-05T00:00:00Z
                P6,ama@example.com,19.50,USD,pending,2026-04-01T02:00:00Z
                P7,"ama@example.com,1,USD,succeeded,2026-03-05T00:00:00Z
                P8,ama@example.com,1
                P9,ama@example.com,-1,USD,succeeded,2026-03-05T00:00:00Z
                P10,ama@example.com,1,USD,succeeded,5 March

                """,
                "card.csv": """
                id,reference,type,state,gross,currency,occurred_at,settled_on
                S1,P1,charge,completed,120.00,USD,2026-03-01T03:31:00Z,
                S2,P2,charge,failed,80.50,USD,2026-03-02T12:01:00Z,
                S3,P1,refund,completed,20.00,USD,,2026-03-09

                """,
                "wallet.csv": """
                id,reference,gross,currency,occurred_at
                S4,P5,3000,JPY,2026-03-05T00:01:00Z

                """,
                "bookings.csv": "id,user,amount,status\n",
                "bank.csv": """
                id,amount,date
                K1,116.00,2026-03-03
                K2,-20.00,2026-03-10

                """,
                "users.csv": "id,email,name\nU1,ama@example.com,Ama Mensah\n",
            ])
    }

    private func check(_ night: Night, _ options: [String] = []) throws -> Ending {
        try Launch(
            program: Project.trueup,
            arguments: ["check", night.definition, "--in", night.dumps] + options
        ).run()
    }

    private func object(_ ending: Ending) throws -> [String: Any] {
        let value = try JSONSerialization.jsonObject(with: Data(ending.output.utf8))
        return try #require(value as? [String: Any])
    }

    /// Set `TRUEUP_RECORD=1` to write the texts anew; the test then fails.
    private func expectRecorded(_ ending: Ending, of night: Night, as name: String) throws {
        let told = (ending.output + ending.errors).replacing(night.dumps, with: "dumps")
        let path = "\(Project.goldens)/\(name).txt"
        if ProcessInfo.processInfo.environment["TRUEUP_RECORD"] != nil {
            try Files.write(told, to: path)
            Issue.record("recorded \(path)")
            return
        }
        #expect(told == (try Files.text(path)), "record anew with TRUEUP_RECORD=1")
    }

    /// Dumps that a run would refuse for several reasons at once.
    private func refused() throws -> Night {
        let night = try Self.shop()
        try night.redefine("max_rejects: 60", "max_rejects: 1")
        try night.edit("bank.csv") { $0.replacing("date", with: "day") }
        try Files.write("", to: night.dumps + "/card.csv")
        try Files.remove(night.dumps + "/users.csv")
        return night
    }

    @Test func tellsWhatEachFileAndKindHolds() throws {
        let night = try Self.shop()
        let ending = try check(night)
        #expect(ending.code == 0)
        #expect(ending.errors == "")
        try expectRecorded(ending, of: night, as: "check_accepted")
        try expectRecorded(try check(night, ["--json"]), of: night, as: "check_json")
    }

    @Test func everyReasonForWhichARunWouldRefuseIsTold() throws {
        let night = try refused()
        let ending = try check(night)
        #expect(ending.code == 1)
        try expectRecorded(ending, of: night, as: "check_refused")
        let told = try object(check(night, ["--json"]))
        #expect(told["accepted"] as? Bool == false)
        let errors = try #require(told["errors"] as? [[String: Any]])
        #expect(
            errors.map { text(of: $0["kind"]) } == ["payments", "settlements", "users", "bank"])
        // The run tells one of them, in the same words.
        let run = try night.run()
        #expect(run.code == 1)
        #expect(ending.errors.contains(run.errors), "\(run.errors)")
    }

    @Test func nothingOfARowIsTold() throws {
        let hidden = ["@", "Ama", "kofi", "P7", "eighty", "gone", "5 March"]
        for night in [try Self.shop(), try refused()] {
            for options in [[], ["--json"]] {
                let ending = try check(night, options)
                for text in hidden {
                    #expect(!(ending.output + ending.errors).contains(text), "\(text)")
                }
            }
        }
    }

    @Test func anInputWithoutAFileIsRefusedAsByARun() throws {
        let night = try Self.shop()
        try night.redefine(
            "{files: [card.csv, wallet.csv]}", "[{files: card.csv}, {files: purse*.csv}]")
        let ending = try check(night)
        #expect(ending.code == 1)
        #expect(ending.output.contains("\n  purse*.csv\n    no such file\n"))
        #expect(ending.output.contains("\n  card.csv\n    3 rows, 2026-02-28 to 2026-03-09\n"))
        #expect(try night.run().errors == ending.errors)
    }

    @Test func aRowOfTotalsThatDisagreesKeepsNoOtherKindFromBeingTold() throws {
        let night = try Self.shop()
        try night.redefine(
            "skip: {id: Total}", "format: {totals: {row: {id: [Total]}, columns: [amount]}}")
        let ending = try check(night)
        #expect(ending.code == 1)
        #expect(ending.errors.contains("payments-1.csv:7: error: the row of totals does not agree"))
        #expect(ending.errors.contains("payments-2.csv: error: the dump has no row of totals"))
        #expect(ending.output.contains("\nBank "))
        #expect(ending.output.hasSuffix("\nNo, a run would refuse these dumps: 2 errors.\n"))
    }

    /// What a run publishes of its inputs is what the check has told before.
    @Test(arguments: ["tours", "services", "auctions", "charging"])
    func agreesWithTheRunOverTheSamples(system: String) throws {
        let night = try Night.sample(system)
        let ending = try check(night, ["--json"])
        #expect(ending.code == 0 && ending.errors == "")
        let told = try object(ending)
        let kinds = try #require(told["inputs"] as? [[String: Any]])
        let run = try night.publish(asOf: "2026-01-31T00:00:00Z")
        let inputs = try #require(try run.json("run.json")["inputs"] as? [[String: Any]])
        var count = 0
        for kind in kinds {
            for file in try #require(kind["files"] as? [[String: Any]]) {
                let name = text(of: file["file"])
                let input = try #require(inputs.first { text(of: $0["file"]) == name })
                for key in ["rows", "records", "repeated", "rejected", "left_out"] {
                    #expect(text(of: file[key]) == text(of: input[key]), "\(name): \(key)")
                }
                #expect(text(of: kind["kind"]) == text(of: input["kind"]))
                #expect(
                    text(of: file["record_energy_kwh"]) == text(of: input["record_energy_kwh"]))
                count += 1
                // A run counts no amounts of orders.
                if text(of: kind["kind"]) == "orders" { continue }
                #expect(
                    file["record_sums"] as? [String: String]
                        == input["record_sums"] as? [String: String], "\(name)")
            }
        }
        #expect(count == inputs.count)
    }

    @Test func jsonNeedsDumps() throws {
        let ending = try Launch(
            program: Project.trueup, arguments: ["check", Project.definition, "--json"]
        ).run()
        expectFailure(ending, code: 2, saying: ["--in"])
    }
}
