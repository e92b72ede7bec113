import Ingestion
import Records
import Testing

/// Fees and taxes: what files mean by their signs.
@Suite struct CostTests {
    private static let header = "id,reference,type,gross,fee,tax,net\n"

    /// What a line becomes: type, gross, fee, tax, net.
    private func line(_ row: String) throws -> String {
        let export = try Export(.settlements, "columns: {id: id}", Self.header + row + "\n")
        #expect(export.rejects.isEmpty)
        return try #require(export.money.first)
    }

    @Test(arguments: [
        "A,R,charge,10.00,0.30,0.06,9.64", "A,R,charge,10.00,-0.30,-0.06,9.64",
        "A,R,charge,10.00,-0.30,0.06,9.64", "A,R,charge,10.00,-0.30,-0.06,",
    ])
    func costsArePositiveWhateverTheHabitOfTheFile(row: String) throws {
        #expect(try line(row) == "charge 1000 30 6 964 EUR")
    }

    /// A dispute that was won, a refund with which the fee came back: the net amount tells.
    @Test(arguments: [
        (
            "A,R,chargeback_reversal,30.00,-15.00,,45.00",
            "chargebackReversal 3000 -1500 0 4500 EUR"
        ),
        ("A,R,refund,-20.00,0.60,,-19.40", "refund 2000 -60 0 -1940 EUR"),
        ("A,R,refund,20.00,-0.60,-0.10,-19.30", "refund 2000 -60 -10 -1930 EUR"),
        ("A,,fee,16.00,,,16.00", "fee -1600 0 0 1600 EUR"),
        ("A,,fee,-0.50,,,-0.50", "fee 50 0 0 -50 EUR"),
    ])
    func costsThatWereGivenBackAreNegative(row: String, line: String) throws {
        #expect(try self.line(row) == line)
    }

    /// What neither sign explains stays a mismatch.
    @Test(arguments: [
        ("A,R,charge,10.00,0.30,,9.60", "charge 1000 30 0 960 EUR"),
        ("A,R,charge,10.00,0.30,,10.30", "charge 1000 30 0 1030 EUR"),
        ("A,,fee,0.50,,,0.40", "fee 50 0 0 40 EUR"),
        ("A,,adjustment,-5.00,,,5.00", "adjustment -500 0 0 500 EUR"),
    ])
    func aNetThatNoSignExplainsStays(row: String, line: String) throws {
        #expect(try self.line(row) == line)
    }
}
