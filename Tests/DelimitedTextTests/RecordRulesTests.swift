import DelimitedText
import ReadingKit
import Testing

/// Each rule of what is a record, on the smallest text that shows it.
@Suite struct RecordRulesTests {
    /// The fields of each record as strings; a problem as its name and offset.
    private func read(
        _ text: String, delimiter: Character = ",", longestRecord: Int = 1 << 20
    ) -> [[String]] {
        let dialect = Dialect(delimiter: delimiter.asciiValue ?? 0)
        return scanWhole(Array(text.utf8), dialect: dialect, longestRecord: longestRecord).map {
            if let problem = $0.problem { return ["\(problem)"] }
            return $0.fields.map { String(decoding: $0, as: UTF8.self) }
        }
    }

    @Test(arguments: ["a,b\nc,d\n", "a,b\r\nc,d\r\n", "a,b\rc,d\r", "a,b\nc,d", "a,b\r\r\n\nc,d"])
    func everyLineEndEndsARecord(text: String) {
        #expect(read(text) == [["a", "b"], ["c", "d"]])
    }

    @Test(arguments: ["", "\n", "\r\n\r\n", " \t\n", "   ", "\r"])
    func blankLinesAreNoRecords(text: String) {
        #expect(read(text).isEmpty)
    }

    @Test func emptyFieldsAreFields() {
        #expect(read(",\n\"\"\n,,\n") == [["", ""], [""], ["", "", ""]])
    }

    @Test func spacesAndTabsAreTrimmedOnlyOutsideQuotes() {
        #expect(read(" a b\t,\"  c \" , \t\"d\"\n") == [["a b", "  c ", "d"]])
    }

    @Test func aDelimiterIsNeverTrimmed() {
        #expect(read("a \t\t b\n", delimiter: "\t") == [["a", "", "b"]])
        #expect(read("a  b\n", delimiter: " ") == [["a", "", "b"]])
    }

    @Test func quotedFieldsHoldDelimitersQuotesAndLineEnds() {
        #expect(read("\"a,\"\"b\"\"\r\nc\",d\n") == [["a,\"b\"\r\nc", "d"]])
    }

    @Test func aStrayQuoteWithinAnUnquotedFieldStands() {
        #expect(read("5\" nails,x\ny\n") == [["5\" nails", "x"], ["y"]])
    }

    @Test func aQuoteWithinAQuotedFieldStandsWhereTheLineEndsTheRecord() {
        #expect(read("\"a\"b\",c\nd\n") == [["a\"b", "c"], ["d"]])
    }

    @Test func textAfterAClosingQuoteIsAProblemOfItsLine() {
        #expect(read("\"a\"b,c\nd\n") == [["textAfterClosingQuote(at: 3)"], ["d"]])
    }

    @Test func anUnclosedQuoteIsAProblemOfTheLineOnWhichItsRecordBegan() {
        #expect(read("a,\"b\nc\nd\n") == [["unclosedQuote(at: 2)"], ["c"], ["d"]])
        #expect(read("a, \"b") == [["unclosedQuote(at: 3)"]])
    }

    @Test func aRecordOfSeveralLinesThatFailsLaterFailsOnItsFirst() {
        #expect(read("a,\"b\nc\"d\ne\n") == [["unclosedQuote(at: 2)"], ["c\"d"], ["e"]])
    }

    @Test func whatIsLongerThanTheBoundIsAProblem() {
        let exact = String(repeating: "x", count: 10)
        #expect(read("\(exact)\r\na", longestRecord: 10) == [[exact], ["a"]])
        #expect(read("\(exact)y\na\n", longestRecord: 10) == [["tooLong(at: 10)"], ["a"]])
        let quoted = "\"a\nbbbb\ncccc\"\nd\n"
        let expected = [["tooLong(at: 10)"], ["bbbb"], ["cccc\""], ["d"]]
        #expect(read(quoted, longestRecord: 10) == expected)
    }

    @Test func aBlankLineLongerThanTheBoundIsAProblemToo() {
        // Whether more than blanks will follow cannot be known without keeping all of it.
        let blanks = String(repeating: " ", count: 11)
        #expect(read("\(blanks)\na\n", longestRecord: 10) == [["tooLong(at: 10)"], ["a"]])
    }

    @Test(arguments: ["          \r", "xxxxxxxxxx\r", "xxxxxxx,\"x\r"])
    func aLineOfTheBoundsLengthIsNotTooLongWhereItsEndIsCutInTwo(line: String) {
        var scanner = RecordScanner(longestRecord: 10)
        var tape = RecordTape()
        let result = Array(line.utf8).withUnsafeBytes {
            scanner.scan($0, isLast: false, into: &tape)
        }
        #expect(result == ScanResult(consumed: 0, lineCount: 0, endsWithinLine: false))
        #expect(tape.count == 0)
    }

    @Test func nulIsAnOrdinaryByte() {
        #expect(read("a\0b,\0\n") == [["a\0b", "\0"]])
    }

    @Test func linesAreCountedWithinQuotesAndBetweenRecords() {
        let text = "\n\"a\r\nb\rc\"\n\n \nd\r\n\"e\n"
        #expect(scanWhole(Array(text.utf8)).map(\.line) == [1, 6, 7])
    }

    @Test func aColumnBeyondTheLastIsEmpty() {
        var scanner = RecordScanner()
        var tape = RecordTape()
        Array("a,b\n\"c".utf8).withUnsafeBytes { bytes in
            _ = scanner.scan(bytes, isLast: true, into: &tape)
            #expect(tape.field(0, 2).isEmpty)
            #expect(tape.field(1, 0).isEmpty)
            #expect(tape.rawText(of: 1).elementsEqual("\"c".utf8))
        }
    }

    @Test(arguments: ["a", "a,\"b\n", "a\r", "\"a\""])
    func anIncompleteRecordIsLeftForTheNextScan(rest: String) {
        var scanner = RecordScanner()
        var tape = RecordTape()
        let result = Array("x,y\n\(rest)".utf8).withUnsafeBytes {
            scanner.scan($0, isLast: false, into: &tape)
        }
        #expect(result == ScanResult(consumed: 4, lineCount: 1, endsWithinLine: false))
        #expect(tape.count == 1)
    }
}
