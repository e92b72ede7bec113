import Ingestion
import Records
import Testing

/// Reports as other years, settings and choices of columns have them.
@Suite struct PresetDriftTests {
    @Test func stripesPaymentsOfOldHadOtherNames() throws {
        let text = """
            id,Description,Seller Message,Created (UTC),Amount,Amount Refunded,Currency,Converted Amount,\
            Converted Amount Refunded,Fee,Tax,Converted Currency,Mode,Status,Statement Descriptor,\
            Customer ID,Customer Description,Customer Email,Captured,Card ID
            ch_1,Tour,Payment complete.,2019-05-06 12:34,20.00,5.00,eur,20.00,5.00,0.83,0.16,eur,Live,\
            Paid,EXAMPLE,cus_1,,ama@example.com,true,card_1

            """
        let lines = try Export(
            .settlements, "preset: stripe-payments", text, timezone: "Asia/Kolkata")
        #expect(lines.money == ["charge 2000 83 16 1901 EUR"])
        #expect(try lines.records("occurred_at") == ["2019-05-06T12:34:00Z"])
        let payments = try Export(.payments, "preset: stripe-payments", text)
        #expect(
            try payments.records("id", "user", "refunded") == ["ch_1 | ama@example.com | 5.00"])
    }

    /// Without the column an authorisation would be money, so that it must be there.
    @Test func stripesPaymentsNeedTheColumnsThatMoneyDependsOn() {
        let said = failure {
            try Export(
                .settlements, "preset: stripe-payments",
                "id,Created date (UTC),Amount,Amount Refunded,Currency,Converted Currency,Fee,"
                    + "Taxes On Fee,Status\nch_1,2026-01-02 10:00:00,1.00,0,eur,eur,0,0,Paid\n")
        }
        #expect(said.contains("`Captured` for preset stripe-payments"), "\(said)")
    }

    @Test func stripesReconciliationOfOldDoesNotSayWhenThePayoutArrives() throws {
        let text = """
            "automatic_payout_id","balance_transaction_id","created","available_on","currency","gross",\
            "fee","net","reporting_category","description","payment_intent_id"
            "po_1","txn_1","2020-03-02 23:30:00","2020-03-05 00:00:00","gbp","1100.00","29.65",\
            "1070.35","charge","Tour","pi_1"

            """
        let export = try Export(
            .settlements,
            "preset: stripe-payout-reconciliation\nformat: {dates: {zone: America/New_York}}", text)
        #expect(export.money == ["charge 110000 2965 0 107035 GBP"])
        #expect(
            try export.records("reference", "occurred_at", "settled_on", "payout") == [
                "pi_1 | 2020-03-03T04:30:00Z | 2020-03-05 | po_1"
            ])
    }

    /// The columns that come without choosing name no charge.
    @Test func stripesBalanceNeedsWhatALineIsFor() {
        let said = failure {
            try Export(
                .settlements,
                "preset: stripe-balance-change\nformat: {dates: {zone: UTC}}",
                "balance_transaction_id,created,available_on,currency,gross,fee,net,"
                    + "reporting_category,description\n")
        }
        #expect(said.contains("`charge_id` or `payment_intent_id` for reference"), "\(said)")
        #expect(said.contains("export it again with all columns"), "\(said)")
    }

    @Test func razorpaysDatesAreISOInSomeFiles() throws {
        let text = """
            transaction_entity,entity_id,amount,currency,fee (exclusive tax),tax,debit,credit,\
            entity_created_at,order_id,order_receipt,settlement_id,settled_at
            payment,pay_1,100,INR,2,0.36,,97.64,2026-03-02T00:10:00,order_1,R1,setl_1,2026-03-04
            refund,rfnd_2,40,INR,0,0,40,,2026-03-02 10:00:00,order_1,R1,setl_1,2026-03-04

            """
        let export = try Export(.settlements, "preset: razorpay-recon", text)
        #expect(export.money == ["charge 10000 200 36 9764 INR", "refund 4000 0 0 -4000 INR"])
        #expect(
            try export.records("occurred_at", "settled_on") == [
                "2026-03-01T18:40:00Z | 2026-03-04", "2026-03-02T04:30:00Z | 2026-03-04",
            ])
    }

    @Test func paypalsDatesFollowTheAccount() throws {
        let text = """
            "Date","Time","Time Zone","Name","Type","Status","Currency","Gross","Fee","Net",\
            "Transaction ID","Reference Txn ID","Invoice Number","Custom Number","Balance Impact"
            "05/09/2026","10:00:00","PDT","Example Person","General Payment","Completed","USD",\
            "1,594.36","-55.80","1,538.56","T1","","INV-1","","Credit"

            """
        let export = try Export(
            .settlements,
            """
            preset: paypal-activity
            format: {numbers: {decimal: .}, dates: {pattern: MM/DD/YYYY HH:mm:ss}}
            """, text)
        #expect(export.money == ["charge 159436 5580 0 153856 USD"])
        #expect(try export.records("occurred_at") == ["2026-05-09T17:00:00Z"])
    }
}
