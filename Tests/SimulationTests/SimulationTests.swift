import Diagnostics
import Foundation
import Simulation
import Testing
import Time

@Suite struct SimulationTests {
    @Test func theDumpHasTheColumnsAndWordsOfTheDefinition() throws {
        let demo = try Demonstration([
            "P-1,R-1,u@example.com,1234.50,GHS,pending,2025-08-01T10:00:00Z"
        ])
        let outcome = try demo.settle { $0.successesInMillion = 1_000_000 }
        #expect(outcome.succeeded == 1)
        let lines = try demo.text("momo-simulated.csv").split(separator: "\n").map(String.init)
        #expect(
            lines[0]
                == "transaction_id,external_id,status,amount,fee,net_amount,currency,occurred_at")
        // 1 % of 1234.50 is 12.345, rounded half to even, and 0.10.
        let fields = lines[1].split(separator: ",", omittingEmptySubsequences: false)
        #expect(fields[0].hasPrefix("SIM-"))
        #expect(
            fields.dropFirst().joined(separator: ",")
                == "R-1,SUCCESSFUL,1234.50,12.44,,GHS,2025-08-01T10:00:30Z")
        #expect(lines.count == 2)
    }

    @Test func aPaymentThatFailsCostsNothing() throws {
        let demo = try Demonstration(Demonstration.pending(1))
        let outcome = try demo.settle { $0.successesInMillion = 0 }
        #expect(outcome.failed == 1)
        #expect(outcome.succeeded == 0)
        #expect(try demo.rows()[0].contains(",FAILED,10.00,,,GHS,"))
    }

    @Test func theSameSeedGivesTheSameFile() throws {
        let demo = try Demonstration(Demonstration.pending(40))
        let other = try Demonstration(Demonstration.pending(40).reversed())
        _ = try demo.settle { $0.seed = 7 }
        _ = try other.settle(asOf: "2031-01-01T00:00:00Z") { $0.seed = 7 }
        #expect(try demo.rows().sorted() == other.rows().sorted())
        let third = try Demonstration(Demonstration.pending(40))
        _ = try third.settle { $0.seed = 8 }
        #expect(try demo.rows() != third.rows())
    }

    @Test(arguments: [0, 100_000, 500_000, 900_000, 1_000_000])
    func theRateIsKept(successesInMillion: Int) throws {
        var payments: [String] = []
        for number in 1...2000 {
            payments.append("P-\(number),,u@example.com,1.00,GHS,pending,2025-08-01T10:00:00Z")
        }
        let demo = try Demonstration(payments)
        let outcome = try demo.settle { $0.successesInMillion = successesInMillion }
        #expect(outcome.succeeded + outcome.failed == 2000)
        // Four standard deviations of 2,000 draws are at most 90.
        #expect(abs(outcome.succeeded - successesInMillion * 2000 / 1_000_000) <= 90)
        if successesInMillion == 0 { #expect(outcome.succeeded == 0) }
        if successesInMillion == 1_000_000 { #expect(outcome.failed == 0) }
    }

    @Test func onlyPaymentsOlderThanTheTimeoutAreSettled() throws {
        let demo = try Demonstration(Demonstration.pending(5))
        let outcome = try demo.settle(asOf: "2025-08-01T10:03:30Z") {
            $0.timeout = TimeSpan(seconds: 90)
        }
        #expect(outcome.succeeded + outcome.failed == 2)
        #expect(outcome.waiting == 3)
        let rest = try demo.settle(asOf: "2025-08-01T10:03:30Z") {
            $0.timeout = TimeSpan(seconds: 0)
        }
        #expect(rest.succeeded + rest.failed == 3)
        #expect(rest.waiting == 0)
    }

    @Test func aLaterLookAddsAndRepeatsNothing() throws {
        let demo = try Demonstration(Demonstration.pending(5))
        _ = try demo.settle(asOf: "2025-08-01T10:02:30Z")
        let first = try demo.rows()
        #expect(first.count == 2)
        _ = try demo.settle()
        let second = try demo.rows()
        #expect(second.count == 5)
        #expect(Array(second.prefix(2)) == first)
        let third = try demo.settle()
        #expect(third == Simulation.Outcome())
        #expect(try demo.rows() == second)
        // Rows stay where the payments have been settled since, and left the dumps.
        try demo.write("payments.csv", "id,user,amount,status,created_at\n")
        _ = try demo.settle()
        #expect(try demo.rows() == second)
        #expect(try demo.names() == ["momo-simulated.csv", "payments.csv"])
    }

    @Test func whatAnotherGatewaySettledIsLeftAlone() throws {
        let demo = try Demonstration(Demonstration.pending(3))
        try demo.write(
            "momo-real.csv",
            "transaction_id,external_id,status,amount,net_amount\nM-1,R-1,OK,10.00,\n"
                + "M-2,R-2,pending,10.00,\n")
        let outcome = try demo.settle()
        // What is pending at a gateway is still to be decided.
        #expect(outcome.succeeded + outcome.failed == 2)
        #expect(try !demo.text("momo-simulated.csv").contains("R-1"))
    }

    @Test func onePaymentByItsReferenceOrId() throws {
        let demo = try Demonstration(Demonstration.pending(4))
        _ = try demo.settle(references: ["R-3"])
        #expect(try demo.rows().map { $0.split(separator: ",")[1] } == ["R-3"])
        _ = try demo.settle(references: ["P-1"])
        #expect(try demo.rows().map { $0.split(separator: ",")[1] } == ["R-3", "R-1"])
        #expect(try demo.settle(references: ["R-1", "P-3"]).decided == 2)
        let before = try demo.rows()
        #expect(throws: TrueupError.self) { try demo.settle(references: ["R-2", "R-9"]) }
        #expect(try demo.rows() == before)
    }

    @Test func onlyPendingPaymentsAreSettled() throws {
        let demo = try Demonstration([
            "P-1,,u@example.com,1.00,GHS,succeeded,2025-08-01T10:00:00Z",
            "P-2,,u@example.com,1.00,GHS,failed,2025-08-01T10:00:00Z",
            "P-3,,u@example.com,1.00,GHS,cancelled,2025-08-01T10:00:00Z",
        ])
        #expect(try demo.settle() == Simulation.Outcome())
        // The file stands all the same, so that a run finds the source it needs.
        #expect(try demo.rows().isEmpty)
    }

    @Test func aFileOfSomebodyElseIsNotTouched() throws {
        let demo = try Demonstration(Demonstration.pending(1))
        let text = "transaction_id,external_id,status,amount,net_amount\nM-1,R-9,OK,10.00,\n"
        try demo.write("momo-simulated.csv", text)
        #expect(throws: TrueupError.self) { try demo.settle() }
        #expect(try demo.text("momo-simulated.csv") == text)
    }

    @Test func referencesThatASpreadsheetWouldRunAreReadAgain() throws {
        let demo = try Demonstration([
            "=1+1,,u@example.com,1.00,GHS,pending,2025-08-01T10:00:00Z",
            "\"a,\"\"b\",,u@example.com,1.00,GHS,pending,2025-08-01T10:00:00Z",
        ])
        _ = try demo.settle()
        #expect(try demo.rows().count == 2)
        #expect(try demo.settle() == Simulation.Outcome())
    }

    @Test(arguments: [
        ("momo*.csv", "momo-simulated.csv"), ("gateway-*.csv", "gateway-simulated.csv"),
        ("m-*-x*.csv", "m-simulated-x.csv"), ("[one.csv, momo*.csv]", "momo-simulated.csv"),
        ("momo*", "momo-simulated.csv"), ("momo*.*", "momo-simulated.csv"), ("one.csv", "one.csv"),
        ("[momo*.csv.gz, momo*.csv]", "momo-simulated.csv"),
    ])
    func theNameFollowsFromTheGlob(glob: String, name: String) throws {
        let demo = try Demonstration(Demonstration.pending(1))
        _ = try demo.settle(
            definition: Demonstration.definition.replacingOccurrences(of: "momo*.csv", with: glob)
                .replacingOccurrences(of: "payments*.csv", with: "payments.csv"))
        #expect(try demo.names().contains(name))
    }
}
