import Testing

@testable import Spreadsheets

/// Cells are what their texts say, and nothing that a text cannot be.
@Suite struct CellTests {
    private func text(_ bytes: [UInt8]) -> String { bytes.withUnsafeBytes { CellText.text($0) } }
    private func text(_ text: String) -> String { self.text(Array(text.utf8)) }

    private func read(_ text: String) -> CellNumber? {
        Array(text.utf8).withUnsafeBytes { CellNumber($0) }
    }

    private func moment(_ text: String) -> CellMoment? {
        Array(text.utf8).withUnsafeBytes { CellMoment($0) }
    }

    @Test(arguments: ["", "=1+1", "漢 😀", "a_b", "_x00_", "_x12G4_", "\t x \n"])
    func ordinaryTextsStayAsTheyAre(_ plain: String) { #expect(text(plain) == plain) }

    @Test func whatXMLCannotHoldIsReplaced() {
        #expect(text("a\0b\u{FFFE}\u{FFFF}") == "a\u{FFFD}b\u{FFFD}\u{FFFD}")
        #expect(text([0x61, 0xFF, 0x62]) == "a\u{FFFD}b")
    }

    @Test func whatLooksLikeAnEscapeIsOneOfItself() {
        #expect(text("a_x0041_b") == "a_x005F_x0041_b")
        #expect(text("_x000d__x000D_") == "_x005F_x000d__x005F_x000D_")
    }

    @Test(arguments: ["\u{202E}", "\u{2066}", "\u{200F}", "\u{61C}"] as [Unicode.Scalar])
    func whatTurnsATextAroundIsShown(mark: Unicode.Scalar) {
        let number = String(mark.value, radix: 16)
        #expect(text("PAY-1\(mark)9") == "PAY-1\\u{\(number)}9")
        #expect(text("“سلام” – ₵") == "“سلام” – ₵")
    }

    @Test func aTextIsCutWhereACellEnds() {
        let long = String(repeating: "ä", count: CellText.longest)
        #expect(text(long) == long)
        #expect(text(long + "x") == long + CellText.cutMark)
        // A character beyond the basic plane counts twice.
        let pairs = text(String(repeating: "😀", count: CellText.longest))
        #expect(pairs.utf16.count == CellText.longest + CellText.cutMark.utf16.count)
    }

    @Test(arguments: [
        ("0", 0, 0), ("-5", -5, 0), ("0.05", 0.05, 2), ("-1234.50", -1234.5, 2),
        ("1.234", 1.234, 3),
        ("999999999999.999", 999_999_999_999.999, 3), ("000012", 12, 0),
    ])
    func decimalNumbersAreTheNearestOnes(_ text: String, _ value: Double, _ decimals: Int) throws {
        let number = try #require(read(text))
        #expect(number.value == value)
        #expect(number.decimals == decimals)
    }

    @Test(arguments: [
        "", "-", ".", "1.", ".5", "1e5", "+1", "1,000", " 1", "1 ", "0x10", "--1", "1.2.3",
        "9999999999999999", "12345678901234.56",
    ])
    func otherTextsAreNoNumbers(_ text: String) { #expect(read(text) == nil) }

    @Test func datesAndMomentsAreTakenApart() throws {
        let date = try #require(moment("2025-08-31"))
        #expect([date.year, date.month, date.day, date.hour] == [2025, 8, 31, 0])
        let time = try #require(moment("2024-02-29T23:59:58Z"))
        #expect(
            [time.year, time.month, time.day, time.hour, time.minute, time.second]
                == [2024, 2, 29, 23, 59, 58])
    }

    @Test(arguments: [
        "", "2025-08", "1900-01-01", "0001-01-01", "2025-13-01", "2025-08-31T02:00:00",
        "yesterday!",
    ])
    func otherTextsAreNoMoments(_ text: String) { #expect(moment(text) == nil) }

    @Test(arguments: [1, 2, 3, 5, 64])
    func cellsAreCountedWhereverBlocksEnd(size: Int) {
        let text =
            "<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c><<c r=\"B1\" s=\"1\"/><cols/></worksheet>"
        let bytes = Array(text.utf8)
        var scan = SheetScan()
        for start in stride(from: 0, to: bytes.count, by: size) {
            #expect(!scan.isEnded)
            bytes[start..<min(start + size, bytes.count)].withUnsafeBytes { scan.scan($0) }
        }
        #expect(scan.cells == 2)
        #expect(scan.isEnded)
    }
}
