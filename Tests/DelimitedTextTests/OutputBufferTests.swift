import DelimitedText
import ReadingKit
import Testing

@Suite struct OutputBufferTests {
    private func written(_ write: (inout OutputBuffer) -> Void) -> String {
        var buffer = OutputBuffer(capacity: 0)
        write(&buffer)
        return buffer.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }

    @Test(arguments: [
        ("plain", "plain"), ("", ""), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""),
        ("a\nb", "\"a\nb\""), ("a\rb", "\"a\rb\""), (" a", "\" a\""), ("a\t", "\"a\t\""),
        ("=1+1", "'=1+1"), ("'=1+1", "''=1+1"), ("''@x", "'''@x"), ("'-5", "'-5"), ("'x", "'x"),
        ("'", "'"), ("@SUM(1,2)", "\"'@SUM(1,2)\""), ("-5", "-5"), ("+12.50", "+12.50"),
        ("-", "'-"), ("-1.2.3", "'-1.2.3"), ("-.5", "'-.5"), ("+1e5", "'+1e5"), ("-2+3", "'-2+3"),
        ("\tx", "\"'\tx\""), ("\rx", "\"'\rx\""), ("a=b", "a=b"), ("é", "é"),
        ("a text that is longer than one vector", "a text that is longer than one vector"),
        ("a text that is longer, with a comma", "\"a text that is longer, with a comma\""),
        ("sixteen bytes ,x", "\"sixteen bytes ,x\""),
    ])
    func fieldsAreQuotedAndDisarmedWhereNeeded(field: String, cell: String) {
        #expect(written { $0.appendField(field) } == cell)
        #expect(
            written { buffer in
                buffer.appendField { piece in for byte in field.utf8 { piece.append(byte: byte) } }
            } == cell)
    }

    @Test func rowsEndWithALineFeedAndAreNeverBlank() {
        let text = written { buffer in
            buffer.append("id")
            buffer.appendSeparator()
            buffer.append("name")
            buffer.endRow()
            buffer.appendField("")
            buffer.endRow()
        }
        #expect(text == "id,name\n\"\"\n")
    }

    @Test(arguments: [
        (0, "0"), (7, "7"), (10, "10"), (-12_345, "-12345"), (Int64.max, "9223372036854775807"),
        (Int64.min, "-9223372036854775808"),
    ])
    func wholeNumbers(number: Int64, text: String) {
        #expect(written { $0.append(integer: number) } == text)
    }

    @Test func numbersOfEveryLengthAreWhole() {
        var power: Int64 = 1
        while true {
            for number in [power - 1, power, -power] {
                #expect(written { $0.append(integer: number) } == String(number))
            }
            guard power <= Int64.max / 10 else { break }
            power *= 10
        }
    }

    @Test(arguments: [
        (0, 2, "0.00"), (5, 2, "0.05"), (-5, 2, "-0.05"), (123_456, 2, "1234.56"), (-7, 0, "-7"),
        (1500, 3, "1.500"), (Int64.min, 2, "-92233720368547758.08"),
        (1, 18, "0.000000000000000001"),
    ])
    func amountsHaveTheDigitsOfTheirCurrency(minorUnits: Int64, digits: Int, text: String) {
        #expect(written { $0.append(minorUnits: minorUnits, digits: digits) } == text)
    }

    @Test func listsAreSeparatedBySpaces() {
        let items = ["a1", "b,2", "c3"].map { Array($0.utf8) }
        let text = written { buffer in
            items.withUnsafeBufferPointer { items in
                buffer.appendField(listOf: 2) { place in
                    items[place * 2].withUnsafeBytes { $0 }
                }
                buffer.appendSeparator()
                buffer.appendField(listOf: 3) { place in items[place].withUnsafeBytes { $0 } }
            }
        }
        #expect(text == "a1 c3,\"a1 b,2 c3\"")
    }

    @Test(arguments: (0..<300).map { UInt64($0) })
    func whatIsWrittenIsReadAgain(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let rows: [[[UInt8]]] = (0..<40).map { _ in
            (0..<Int.random(in: 1...4, using: &generator)).map { _ in
                let size = [0, 3, 20, 60].randomElement(using: &generator) ?? 0
                let field = generator.text(.noise, size: size)
                // An apostrophe would be read as part of the text.
                return [0x3D, 0x40, 0x2B, 0x2D, 0x09, 0x0D].contains(field.first) ? [] : field
            }
        }
        var buffer = OutputBuffer(capacity: 0)
        for row in rows {
            for (column, field) in row.enumerated() {
                if column > 0 { buffer.appendSeparator() }
                field.withUnsafeBytes { buffer.appendField($0) }
            }
            buffer.endRow()
        }
        let text = buffer.withUnsafeBytes { [UInt8]($0) }
        #expect(scanWhole(text).map(\.fields) == rows, "seed \(seed)")
    }
}
