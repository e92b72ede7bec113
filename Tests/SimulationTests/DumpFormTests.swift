import Diagnostics
import Foundation
import Simulation
import Testing
import Time

/// The dump is read back by the definition that it was written for, or it is not written.
@Suite struct DumpFormTests {
    /// A definition with this source of settlements.
    private func definition(_ settlements: String, payments: String = "payments*.csv") -> String {
        """
        name: demo
        currency: GHS
        timezone: Africa/Accra
        inputs:
          payments: {files: '\(payments)'}
          settlements: \(settlements)
        """
    }

    private func refusal(_ settle: () throws -> Simulation.Outcome) -> String {
        do {
            return "settled \(try settle())"
        } catch let error as TrueupError {
            return error.findings.map(\.description).joined()
        } catch { return "\(error)" }
    }

    private static let hostile = [
        "''X-1", "'''X-2", "'=1+1", "''=1+1", "=1+1", "@x", "+x", "-x", "-5", "\"quo\"ted\"",
        "a,b", "two\nlines", "tab\tinside", "car\rriage", "\u{301}accent", "'\u{301}accent",
        "é\u{1F600}",
        "=cmd|' /C calc'!A0", ";--", String(repeating: "long", count: 1000),
    ]

    @Test func whateverIdsHoldEachIsSettledOnce() throws {
        let payments = Self.hostile.enumerated().map { index, text in
            let quoted =
                "\"" + text.unicodeScalars.map { $0 == "\"" ? "\"\"" : String($0) }.joined()
            return "P-\(index),\(quoted)\",u@example.com,10.00,GHS,pending,2025-08-01T10:00:00Z"
        }
        let demo = try Demonstration(payments)
        let outcome = try demo.settle()
        #expect(outcome.succeeded + outcome.failed == Self.hostile.count)
        let text = try demo.text("momo-simulated.csv")
        for seed in [1, 2, 3] {
            #expect(try demo.settle { $0.seed = seed } == Simulation.Outcome())
        }
        #expect(try demo.text("momo-simulated.csv") == text)
    }

    @Test func paymentsOfOneReferenceAreSettledOnceEach() throws {
        let demo = try Demonstration([
            "P-1,R-1,u@example.com,10.00,GHS,pending,2025-08-01T10:00:00Z",
            "P-2,R-1,u@example.com,10.00,GHS,pending,2025-08-01T10:00:00Z",
            "P-3,R-1,u@example.com,20.00,GHS,pending,2025-08-01T11:00:00Z",
        ])
        let outcome = try demo.settle()
        #expect(outcome.succeeded + outcome.failed == 3)
        #expect(try demo.settle() == Simulation.Outcome())
        #expect(try demo.rows().count == 3)
    }

    @Test func aDumpThatThePipelineDoesNotReadYetIsNotWrittenTwice() throws {
        let demo = try Demonstration(Demonstration.pending(3))
        let path = demo.folder + "/later.txt"
        _ = try demo.settle(references: ["P-2"], path: path)
        _ = try demo.settle(path: path)
        #expect(try demo.settle(path: path) == Simulation.Outcome())
        #expect(
            try demo.rows("later.txt").map { $0.split(separator: ",")[1] } == ["R-2", "R-1", "R-3"])
    }

    @Test func namesAndWordsThatASpreadsheetWouldRunStandAsTheyAre() throws {
        let demo = try Demonstration(Demonstration.pending(2))
        let odd = definition(
            "{files: momo*.csv, columns: {id: '=id', reference: 'ref, \"x\"', gross: '-amount', "
                + "state: '@state'}, values: {state: {completed: ['+OK'], failed: ['=NO']}}}")
        _ = try demo.settle(definition: odd) { $0.successesInMillion = 500_000 }
        #expect(
            try demo.text("momo-simulated.csv").hasPrefix("=id,\"ref, \"\"x\"\"\",type,@state,"))
        #expect(try demo.settle(definition: odd) == Simulation.Outcome())
    }

    @Test(arguments: [
        (
            "{id: ref, reference: ref}", "ref,type,state,gross,fee,currency,occurred_at",
            "R-1,charge"
        ),
        (
            "{gross: net}", "id,reference,type,state,net,fee,currency,occurred_at",
            ",10.00,0.00,GHS,"
        ),
        (
            "{occurred_at: when, settled_on: when}",
            "id,reference,type,state,gross,fee,currency,when", ",GHS,2025-08-01T10:01:30Z"
        ),
        ("{currency: {constant: GHS}}", "id,reference,type,state,gross,fee,occurred_at", ",10.00,"),
    ])
    func columnsThatServeTwoFields(columns: String, header: String, row: String) throws {
        let demo = try Demonstration(Demonstration.pending(1))
        let shared =
            definition("{files: momo*.csv, columns: \(columns)}") + "\nfees: {percent: 1}\n"
        _ = try demo.settle(definition: shared) { $0.successesInMillion = 1_000_000 }
        #expect(try demo.text("momo-simulated.csv").hasPrefix(header + "\n"))
        let first = try demo.rows()[0]
        #expect(first.contains(row), "\(first)")
        #expect(try demo.settle(definition: shared) == Simulation.Outcome())
    }

    @Test(arguments: [
        ("{gross: x, fee: x}", "a column of its own for each field"),
        ("{state: {constant: completed}}", "would not read what the simulated gateway says"),
        ("{type: {constant: refund}}", "would not read what the simulated gateway says"),
        ("{gross: {constant: '5'}}", "would not read what the simulated gateway says"),
        ("{reference: {constant: R}}", "would not read what the simulated gateway says"),
        ("{currency: {constant: USD}}", "would not read what the simulated gateway says"),
    ])
    func whatWouldBeReadOtherwiseIsNotWritten(columns: String, complaint: String) throws {
        let demo = try Demonstration(Demonstration.pending(2))
        let text = refusal {
            try demo.settle(definition: definition("{files: momo*.csv, columns: \(columns)}")) {
                $0.successesInMillion = 0
            }
        }
        #expect(text.contains(complaint), "\(text)")
        #expect(text.contains("to do: "))
        #expect(try demo.names() == ["payments.csv"])
    }

    @Test func aWordThatMeansSomethingElseIsNotWritten() throws {
        let demo = try Demonstration(Demonstration.pending(1))
        let swapped = definition("{files: momo*.csv, values: {state: {failed: [completed]}}}")
        let text = refusal {
            try demo.settle(definition: swapped) { $0.successesInMillion = 1_000_000 }
        }
        #expect(text.contains("expected: charge, completed, 10.00 GHS"))
        #expect(text.contains("found: charge, failed, 10.00 GHS"))
    }

    @Test func theFirstSourceThatCanBeWrittenIsTaken() throws {
        let demo = try Demonstration(Demonstration.pending(1))
        let two = definition(
            "[{files: bank*.csv.gz}, {files: 'till-?.csv'}, "
                + "{files: card*.csv, columns: {reference: merchant_ref}}, {files: momo*.csv}]")
        _ = try demo.settle(definition: two)
        #expect(try demo.names().contains("card-simulated.csv"))
        // A path chooses the source that reads it.
        let other = try Demonstration(Demonstration.pending(1))
        _ = try other.settle(path: other.folder + "/card-x.csv", definition: two)
        #expect(try other.text("card-x.csv").hasPrefix("id,merchant_ref,"))
        _ = try other.settle(path: other.folder + "/momo-x.csv", definition: two)
        #expect(try other.text("momo-x.csv").hasPrefix("id,reference,"))
    }

    @Test func compressedDumpsAreNotMadeUp() throws {
        let demo = try Demonstration(Demonstration.pending(1))
        let text = refusal { try demo.settle(definition: definition("{files: momo*.csv.gz}")) }
        #expect(text.contains("no name for the settlement dump"))
        let named = refusal { try demo.settle(path: demo.folder + "/momo-1.CSV.GZ") }
        #expect(named.contains("no compressed dump"))
    }

    @Test func aFileThatAnotherInputReadsIsNotWritten() throws {
        let demo = try Demonstration(Demonstration.pending(1))
        let wide = definition("{files: momo*.csv}", payments: "*.csv")
        let text = refusal { try demo.settle(definition: wide) }
        #expect(text.contains("would be read as something else"))
        #expect(text.contains("inputs.payments"))
        #expect(
            refusal { try demo.settle(path: demo.folder + "/payments-x.csv") }
                .contains("would be read as something else"))
        #expect(try demo.names() == ["payments.csv"])
    }

    @Test func realLinesUnderTheSameHeaderAreLeftAlone() throws {
        let demo = try Demonstration(Demonstration.pending(1))
        _ = try demo.settle()
        let text =
            try demo.text("momo-simulated.csv") + "TX-1,R-8,OK,10.00,,,GHS,2025-08-01T10:00:00Z\n"
        try demo.write("momo-simulated.csv", text)
        let complaint = refusal { try demo.settle() }
        #expect(complaint.contains("momo-simulated.csv:3: error"), "\(complaint)")
        #expect(complaint.contains("a line whose id begins with SIM-"))
        #expect(try demo.text("momo-simulated.csv") == text)
    }

    @Test func aLastLineWithoutItsEndStaysALine() throws {
        let demo = try Demonstration(Demonstration.pending(3))
        _ = try demo.settle(references: ["R-1"])
        let text = try demo.text("momo-simulated.csv")
        try demo.write("momo-simulated.csv", String(text.dropLast()) + "\n\n")
        _ = try demo.settle(references: ["R-2"])
        try demo.write("momo-simulated.csv", String(try demo.text("momo-simulated.csv").dropLast()))
        _ = try demo.settle()
        #expect(try demo.rows().count == 3)
    }

    @Test func feesFollowTheRateOfTheirGateway() throws {
        let demo = try Demonstration(Demonstration.pending(1))
        let rates = """

            fees:
              percent: 5
              rates: [{gateway: Momo, percent: 2, tax: 10}, {gateway: card, fixed: "1.00"}]
            """
        let source = "{files: momo*.csv, columns: {gateway: {constant: MOMO}"
        // Without a column of its own the tax is part of the fee, as reading has it.
        _ = try demo.settle(definition: definition(source + "}}") + rates) {
            $0.successesInMillion = 1_000_000
        }
        #expect(try demo.rows()[0].contains(",10.00,0.22,GHS,"))
        let taxed = try Demonstration(Demonstration.pending(1))
        _ = try taxed.settle(definition: definition(source + ", tax: vat}}") + rates) {
            $0.successesInMillion = 1_000_000
        }
        #expect(try taxed.rows()[0].contains(",10.00,0.20,0.02,GHS,"))
    }

    @Test func twoGatewaysDoNotWriteAtOnce() throws {
        let demo = try Demonstration(Demonstration.pending(1))
        let descriptor = open(demo.folder, O_RDONLY | O_DIRECTORY)
        #expect(flock(descriptor, LOCK_EX | LOCK_NB) == 0)
        #expect(refusal { try demo.settle() }.contains("another process writes into the folder"))
        close(descriptor)
        #expect(try demo.settle().waiting == 0)
    }

    @Test func aTimeoutBeyondAllTimesWaitsForEver() throws {
        let demo = try Demonstration([
            "P-1,,u@example.com,1.00,GHS,pending,9899-12-31T00:00:00Z",
            "P-2,,u@example.com,1.00,GHS,pending,0001-01-01T00:00:00Z",
        ])
        let outcome = try demo.settle { $0.timeout = TimeSpan(microseconds: .max) }
        #expect(outcome.waiting == 2)
    }
}
