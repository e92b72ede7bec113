import DelimitedText
import ReadingKit
import Testing

/// Hostile text must not cost more than a few times what harmless text does.
@Suite struct LinearCostTests {
    private static let lines = 3000

    /// Texts of many odd lines, and of quotes that stay open.
    static let hostileTexts: [String] = [
        String(repeating: "5\" nails,b\n", count: lines),
        String(repeating: "\"a\"b,c\n", count: lines),
        String(repeating: "a,\"b\n", count: lines),
        "\"" + String(repeating: "a,b\n", count: lines),
        "\"" + String(repeating: "a,\"\"b\"\"\n", count: lines),
        "\"" + String(repeating: "a,b\n", count: lines) + "\"x",
        String(repeating: "x,\"y\n\"z\n", count: lines),
        String(repeating: "\"\"\"\r\"\"\n", count: lines),
        String(repeating: "a\"b,\"c\n", count: lines),
    ]

    @Test(arguments: hostileTexts)
    func libCSVIsGivenEachByteAFewTimesAtMost(text: String) {
        var scanner = RecordScanner()
        var tape = RecordTape()
        let bytes = Array(text.utf8)
        bytes.withUnsafeBytes { _ = scanner.scan($0, isLast: true, into: &tape) }
        // Strictly as part of a long record, strictly by itself, leniently, and once more to find
        // the quote that is open.
        #expect(scanner.bytesGivenToLibCSV <= 4 * bytes.count)
    }

    @Test func regularTextIsNotGivenToLibCSV() {
        var scanner = RecordScanner()
        var tape = RecordTape()
        let record = "a,\"b \"\"c\"\",\nd\",,e f \r\n"
        let bytes = Array(String(repeating: record, count: 100).utf8)
        bytes.withUnsafeBytes { _ = scanner.scan($0, isLast: true, into: &tape) }
        #expect(tape.count == 100)
        #expect(scanner.bytesGivenToLibCSV == 0)
    }

    @Test func aQuoteThatIsNeverClosedCostsOneLineOfALargeFile() throws {
        let text = Array(("\"" + String(repeating: "abc,def\n", count: 50_000)).utf8)
        let read = try readInParallel(
            text, threads: 2, blockSize: 1000, longestRecord: 5000)
        #expect(read.records.count == 50_000)
        #expect(read.records.first?.problem == .tooLong(at: 5000))
        #expect(read.records.dropFirst().allSatisfy { $0.problem == nil })
        #expect(read.records.last?.line == 49_999)
    }
}
