import Ingestion
import Records
import Testing

/// Files whose bytes are no UTF-8, told by the definition.
@Suite struct EncodingTests {
    private func export(_ text: String, _ encoding: String, _ bytes: [String: UInt8]) throws
        -> Export
    {
        let coded = text.flatMap { bytes[String($0)].map { [$0] } ?? Array(String($0).utf8) }
        return try Export(
            .settlements, "columns: {id: Nº}\nformat: {encoding: \(encoding)}",
            ["export.csv": coded])
    }

    @Test(arguments: ["windows-1252", "iso-8859-1", "latin-1", "iso-8859-15"])
    func headersAndValuesAreDecoded(encoding: String) throws {
        let export = try export(
            "Nº,reference,gross\nÄ1,\"Grüße\nan é\",7\nB,R2,8\n", encoding,
            ["º": 0xBA, "Ä": 0xC4, "ü": 0xFC, "ß": 0xDF, "é": 0xE9])
        #expect(
            try export.records("id", "reference", "gross")
                == ["Ä1 | Grüße\nan é | 7", "B | R2 | 8"])
        #expect(export.ingested.tables.settlements.rows.map(\.line) == [2, 4])
    }

    @Test func aByteThatIsNoCharacterRejectsItsRowAlone() throws {
        let export = try export(
            "Nº,reference,gross\nA,R1,7\nB,R□,8\nC,R€,9\n", "windows-1252",
            ["º": 0xBA, "□": 0x81, "€": 0x80])
        #expect(try export.records("id", "reference") == ["A | R1", "C | R€"])
        #expect(export.rejects == ["3 - undecodable"])
    }

    @Test(arguments: [("utf-16le", false), ("utf-16be", true)])
    func utf16WithoutAMarkIsReadWhereItIsSaid(encoding: String, isBigEndian: Bool) throws {
        let text = "Nº,reference,gross\nÄ1,\"R\n1\",7\n"
        let bytes = text.utf16.flatMap { unit in
            let bytes = [UInt8(unit & 0xFF), UInt8(unit >> 8)]
            return isBigEndian ? bytes.reversed() : bytes
        }
        let export = try Export(
            .settlements, "columns: {id: Nº}\nformat: {encoding: \(encoding)}",
            ["export.csv": bytes])
        #expect(try export.records("id", "reference", "gross") == ["Ä1 | R\n1 | 7"])
    }

    @Test func tooManyRowsThatAreNoUTF8AreToldWithTheKeyThatHelps() throws {
        let bytes = Array("id,reference,gross\n".utf8) + [0x41, 0xE4] + Array(",R1,7\n".utf8)
        let said = failure {
            try Export(
                .settlements, "max_rejects: 1\nformat: {delimiter: \",\"}", ["export.csv": bytes])
        }
        #expect(said.contains("the text is not valid UTF-8"), "\(said)")
        #expect(said.contains("format: {encoding: windows-1252}"), "\(said)")
    }
}
