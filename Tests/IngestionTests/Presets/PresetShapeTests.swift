import Definition
import Foundation
import Ingestion
import Records
import Testing

/// Shapes of reports besides those of the fixtures.
@Suite struct PresetShapeTests {
    /// What PhonePe charges is no sale, and a month without refunds is no failure.
    @Test(arguments: ["phonepe-settlement", "phonepe-transactions", "phonepe-business"])
    func phonePesInvoicesAreNoSales(preset: String) throws {
        let invoice = """
            Invoice No,Invoice Date,Merchant Id,Transaction Date,Transaction Amount,Taxable Amount,CGST,SGST
            EX-1,30-06-2026,EXAMPLESHOP,29-06-2026,3.5282,2.99,0.2691,0.2691
            """
        let said = failure { try Export(.settlements, "preset: \(preset)", invoice) }
        #expect(said.contains("is not the report that preset \(preset) reads"), "\(said)")
    }

    @Test func aHeaderWithoutRowsIsAQuietDay() throws {
        let export = try Export(
            .settlements, "preset: phonepe-transactions",
            "Merchant Id,Merchant Order Id,PhonePe Transaction Id,Transaction Type,Transaction Date,"
                + "Transaction Amount,Instrument,Transaction Status,Transaction UTR\n")
        #expect(try export.records("id").isEmpty)
        #expect(export.rejects.isEmpty)
    }
}
