import Foundation
import Testing

/// The demonstration gateway, from the stuck payments to their bookings.
@Suite struct StuckPaymentsTests {
    private func simulate(_ night: Night, _ options: [String] = []) throws -> Ending {
        try Launch(
            program: Project.trueup,
            arguments: ["simulate", night.definition, "--in", night.dumps] + options
        ).run()
    }

    @Test func fourOfFiveStuckPaymentsSucceedAndOneFails() throws {
        let night = try Night.stuck()
        let payments = try Files.bytes(night.dumps + "/payments.csv")
        let ending = try simulate(night, ["--seed", "4"])
        #expect(ending.code == 0)
        #expect(ending.output.contains("4 succeeded, 1 failed"))
        #expect(try Files.bytes(night.dumps + "/payments.csv") == payments)

        let run = try night.publish()
        let updates = try run.table("status_updates.csv")
        #expect(
            updates.columns("payment_id", "from_status", "to_status") == [
                ["PAY-2001", "pending", "succeeded"], ["PAY-2002", "pending", "succeeded"],
                ["PAY-2003", "pending", "succeeded"], ["PAY-2004", "pending", "succeeded"],
                ["PAY-2005", "pending", "failed"],
            ])
        let bookings = try run.table("new_bookings.csv")
        #expect(bookings["payment_id"] == ["PAY-2001", "PAY-2002", "PAY-2003", "PAY-2004"])
        #expect(bookings["amount"] == ["650.00", "1040.00", "380.00", "280.00"])
        #expect(try run.table("breaks.csv").rows.isEmpty)

        // Once more, and nothing is left to do.
        let again = try simulate(night, ["--seed", "4"])
        #expect(again.output.contains("settled 0 payments"))
        let second = try night.publish(asOf: "2025-09-01T02:00:00Z")
        for file in PublishedRun.emissions {
            #expect(try second.table(file).rows.isEmpty, "\(file)")
        }
    }

    @Test func withoutAGatewayTheyStayStuck() throws {
        let night = try Night.stuck()
        // The source of settlements must have a file before a run can read it.
        #expect(try simulate(night, ["--as-of", "2025-08-30T09:00:00Z"]).code == 0)
        let run = try night.publish()
        #expect(try run.table("breaks.csv")["code"] == Array(repeating: "stuck", count: 5))
        #expect(try run.table("new_bookings.csv").rows.isEmpty)
    }

    @Test func onePaymentByItsReference() throws {
        let night = try Night.stuck()
        let ending = try simulate(
            night, ["--payment", "TGH-250830-W3HC8T", "--timeout", "0", "--success-rate", "1"])
        #expect(ending.output.contains("1 succeeded, 0 failed"))
        let lines = try night.dump("momo-simulated.csv")
        #expect(lines["external_id"] == ["TGH-250830-W3HC8T"])
    }

    @Test func theSameSeedGivesTheSameBytes() throws {
        var dumps: [Data] = []
        for moment in ["2025-09-01T00:00:00Z", "2031-05-05T05:05:05Z"] {
            let night = try Night.stuck()
            #expect(try simulate(night, ["--seed", "4", "--as-of", moment]).code == 0)
            dumps.append(try Files.bytes(night.dumps + "/momo-simulated.csv"))
            // Once more, which leaves the file alone.
            #expect(try simulate(night, ["--seed", "9", "--as-of", moment]).code == 0)
            dumps.append(try Files.bytes(night.dumps + "/momo-simulated.csv"))
        }
        #expect(Set(dumps).count == 1)
    }

    @Test func aPaymentThatWasDecidedIsToldSo() throws {
        let night = try Night.stuck()
        let options = ["--payment", "PAY-2001", "--success-rate", "0"]
        #expect(try simulate(night, options).output.contains("0 succeeded, 1 failed"))
        #expect(try simulate(night, options).output.contains("; 1 decided before\n"))
    }

    @Test func aFolderThatCannotBeWrittenIsToldOfAndLeftAsItWas() throws {
        let night = try Night.stuck()
        let before = try Files.names(in: night.dumps)
        // A folder in the place of the file can be replaced by nobody, not even by root.
        let ending = try simulate(night, ["--to", night.workspace.at("absent/momo.csv")])
        expectFailure(ending, saying: ["absent", "no such file or directory"])
        try Files.makeFolder(night.dumps + "/momo-simulated.csv")
        expectFailure(try simulate(night), saying: ["momo-simulated.csv"])
        #expect(try Files.names(in: night.dumps) == (before + ["momo-simulated.csv"]).sorted())
    }

    @Test func whileWatchingATroubleIsToldOfOnce() throws {
        let night = try Night.stuck()
        let payments = try Files.text(night.dumps + "/payments.csv")
        try Files.remove(night.dumps + "/payments.csv")
        let child = try Launch(
            program: Project.trueup,
            arguments: ["simulate", night.definition, "--in", night.dumps, "--interval", "1"]
        ).start()
        usleep(2_500_000)
        try Files.write(payments, to: night.dumps + "/payments.csv")
        let dump = night.dumps + "/momo-simulated.csv"
        try waitUntil("the look that works") { Files.exists(dump) }
        child.send(SIGTERM)
        let ending = try child.wait()
        #expect(ending.code == 143)
        #expect(ending.errors.components(separatedBy: "no file for payments").count == 2)
        #expect(ending.output.hasPrefix("settled 5 payments: "))
    }

    @Test func watchingSettlesWhatGrowsOldEnoughUntilItIsStopped() throws {
        let night = try Night.stuck()
        let child = try Launch(
            program: Project.trueup,
            arguments: [
                "simulate", night.definition, "--in", night.dumps, "--interval", "1",
                "--success-rate", "0",
            ]
        ).start()
        let dump = night.dumps + "/momo-simulated.csv"
        try waitUntil("the first look") { Files.exists(dump) }
        try night.append(
            [
                "PAY-2006,TGH-250830-AAAAAA,yaw@example.com,1.00,GHS,processing,"
                    + "2025-08-30T22:00:00Z,,Jamestown Walk,,mtn-momo"
            ], to: "payments.csv")
        try waitUntil("the second look") {
            (try? night.dump("momo-simulated.csv").rows.count) == 6
        }
        child.send(15)
        let ending = try child.wait()
        #expect(ending.code == 143)
        #expect(ending.output.hasPrefix("settled 5 payments: 0 succeeded, 5 failed"))
        #expect(ending.output.contains("settled 1 payment: 0 succeeded, 1 failed"))
    }

    @Test(arguments: [
        ["--success-rate", "1.1"], ["--success-rate", "90%"], ["--success-rate", "-0.5"],
        ["--timeout", "soon"], ["--seed", "-1"], ["--interval", ""], ["--to", ""],
        ["--interval", "0"], ["--interval", "0s"], ["--to", "momo.csv.gz"],
        ["--payment", "TGH-250830-XXXXXX"],
    ])
    func whatMakesNoSenseIsRefused(options: [String]) throws {
        let night = try Night.stuck()
        let ending = try simulate(night, options)
        #expect(ending.code == 2)
        #expect(!Files.exists(night.dumps + "/momo-simulated.csv"))
    }
}
