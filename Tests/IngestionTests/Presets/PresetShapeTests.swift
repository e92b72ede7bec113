import Definition
import Foundation
import Ingestion
import Records
import Testing

/// Shapes of reports besides those of the fixtures.
@Suite struct PresetShapeTests {
    /// Whether a report of Klarna writes signs or leaves them to the types makes no difference.
    @Test func klarnasTypesTellTheSigns() throws {
        let folder = PresetFixture.folder.appending(path: "klarna-settlement")
        let signed = try String(contentsOf: folder.appending(path: "export.csv"), encoding: .utf8)
        let unsigned = signed.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            String(line.hasPrefix("CORRECTION") ? line : line.replacing(";-", with: ";"))
        }
        let files = [signed, unsigned.joined(separator: "\n")]
        #expect(files[0] != files[1])
        let read = try files.map { try Export(.settlements, "preset: klarna-settlement", $0) }
        #expect(read[0].money == read[1].money)
        #expect(read[0].ingested.repeats.count == read[1].ingested.repeats.count)
    }

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
