import Definition
import Foundation
import Ingestion
import Records
import Testing

/// Statements of banks in other shapes than the fixture's.
@Suite struct BankStatementTests {
    /// Lines of a bank account, in euro unless they say otherwise.
    private static func bank(_ text: String, _ additions: String = "") throws -> Export {
        try Export(
            .bank, "preset: bank-generic\n" + additions, text, timezone: "Europe/Berlin")
    }

    @Test func aStatementOfDKBIsRead() throws {
        let export = try BankStatementTests.bank(
            """
            \u{FEFF}"Girokonto";"DE00000000000000000001"
            ""
            "Kontostand vom 12.06.2026:";"1.234,56 €"
            ""
            "Buchungsdatum";"Wertstellung";"Status";"Zahlungspflichtige*r";\
            "Zahlungsempfänger*in";"Verwendungszweck";"Umsatztyp";"IBAN";"Betrag (€)";\
            "Gläubiger-ID";"Mandatsreferenz";"Kundenreferenz"
            "12.06.26";"12.06.26";"Gebucht";"Klarna Example Bank";"Example Shop";\
            "KLRN8800010001";"Eingang";"DE00000000000000000009";"152,33";"";"";"NOTPROVIDED"
            "12.06.26";"";"Vorgemerkt";"Example Shop";"Example Person";"Karte";"Ausgang";"";\
            "-9";"";"";""
            "11.06.26";"11.06.26";"Gebucht";"Example Shop";"Example Vermietung";"Miete";\
            "Ausgang";"DE00000000000000000007";"-62,3 €";"";"M-1";""
            """)
        #expect(
            try export.records("date", "amount", "description") == [
                "2026-06-12 | 152.33 | KLRN8800010001 NOTPROVIDED Klarna Example Bank Example Shop",
                "2026-06-11 | -62.3 | Miete Example Shop Example Vermietung",
            ])
        #expect(export.leftOut == 1)
        #expect(export.rejects.isEmpty)
    }

    /// Its `Währung` stands twice, and its balance tells equal lines apart.
    @Test func aStatementOfINGIsRead() throws {
        let export = try BankStatementTests.bank(
            """
            Umsatzanzeige;Datei erstellt am: 13.06.2026 08:00
            ;Letztes Update: aktuell

            IBAN;DE00 0000 0000 0000 0000 01
            Kontoname;Girokonto
            Bank;ING
            Kunde;Example Shop
            Zeitraum;01.06.2026 - 12.06.2026
            Saldo;2.647,74;EUR

            Sortierung;Datum absteigend

            Vorgemerkte Umsätze werden nicht aufgenommen.

            Buchung;Wertstellungsdatum;Auftraggeber/Empfänger;Buchungstext;Verwendungszweck;Saldo;\
            Währung;Betrag;Währung
            12.06.2026;12.06.2026;Gateway GmbH;Gutschrift;po_1000001;2.647,74;EUR;1.000,00;EUR
            11.06.2026;11.06.2026;Example Person;Gutschrift;Rechnung 17;1.647,74;EUR;80,00;EUR
            11.06.2026;11.06.2026;Example Person;Gutschrift;Rechnung 17;1.567,74;EUR;80,00;EUR
            """)
        #expect(
            try export.records("date", "amount", "currency", "description") == [
                "2026-06-12 | 1000 | EUR | po_1000001 Gutschrift Gateway GmbH",
                "2026-06-11 | 80 | EUR | Rechnung 17 Gutschrift Example Person",
                "2026-06-11 | 80 | EUR | Rechnung 17 Gutschrift Example Person",
            ])
        #expect(export.ingested.repeats.isEmpty)
    }

    /// The header stands below some lines, and the old balance below a blank one.
    @Test func aStatementOfComdirectIsRead() throws {
        let export = try BankStatementTests.bank(
            """
            ;
            "Umsätze Girokonto";"Zeitraum: 30 Tage";
            "Neuer Kontostand";"2.345,67 EUR";

            "Buchungstag";"Wertstellung (Valuta)";"Vorgang";"Buchungstext";"Umsatz in EUR";
            "offen";"12.06.2026";"Kartenverfügung";"Example Markt";"-9,10";
            "12.06.2026";"12.06.2026";"Übertrag / Überweisung";"Auftraggeber: Klarna Example Bank \
            Buchungstext: KLRN8800010001 Ref. EX1/2";"152,33";

            "Alter Kontostand";"2.193,34 EUR";
            """)
        #expect(try export.records("date", "amount") == ["2026-06-12 | 152.33"])
        #expect(export.leftOut == 2)
        #expect(export.rejects.isEmpty)
    }

    /// Cents of another notation are rejects, so that the run fails and tells.
    @Test func aStatementWithDecimalPointsNeedsToSaySo() throws {
        let text = """
            Date,Description,Amount,Balance
            2026-06-12,PAYOUT po_1000001,"1,152.33","2,000.00"
            2026-06-11,FEE,-5.90,847.67
            2026-06-10,TRANSFER,"1,250","853.57"
            2026-06-09,TRANSFER,"1,255","-396.43"
            """
        let untold = try BankStatementTests.bank(text)
        #expect(
            untold.rejects == [
                "2 Amount malformed_amount", "3 Amount malformed_amount",
                "5 Amount too_many_decimals",
            ])
        let told = try BankStatementTests.bank(text, "format: {numbers: {decimal: \".\"}}")
        #expect(
            try told.records("date", "amount", "description") == [
                "2026-06-12 | 1152.33 | PAYOUT po_1000001", "2026-06-11 | -5.9 | FEE",
                "2026-06-10 | 1250 | TRANSFER", "2026-06-09 | 1255 | TRANSFER",
            ])
    }

    @Test func aStatementMayHaveTwoColumnsOfAmounts() throws {
        let text = """
            Date,Description,Paid out,Paid in,Balance
            12/06/2026,PAYOUT po_1000001,,152.33,2000.00
            11/06/2026,RENT,1250.00,,1847.67
            """
        let export = try BankStatementTests.bank(
            text,
            """
            columns: {amount: {credit: Paid in, debit: Paid out}}
            format: {numbers: {decimal: "."}, dates: {pattern: DD/MM/YYYY}}
            """)
        #expect(
            try export.records("date", "amount") == [
                "2026-06-12 | 152.33", "2026-06-11 | -1250",
            ])
        #expect(throws: (any Error).self) { try BankStatementTests.bank(text) }
    }
}
