import Testing

@testable import Money

/// Amounts as exports write them.
@Suite struct AmountFormatTests {
    private func read(_ text: String, comma: Bool = false, code: String = "EUR") throws -> String {
        let currency = try #require(Currency(code))
        var text = text
        let result = text.withUTF8 {
            AmountFormat(hasDecimalComma: comma).parse(UnsafeRawBufferPointer($0), currency)
        }
        switch result {
        case .success(let value): return String(value)
        case .failure(let problem): return "\(problem)"
        }
    }

    @Test(arguments: [
        ("1,234.56", 1_234_560_000), ("$1,234.56", 1_234_560_000), ("-$0.93", -930_000),
        ("$-0.93", -930_000), ("(12.00)", -12_000_000), ("($12.00)", -12_000_000),
        ("12.00-", -12_000_000), ("−5", -5_000_000), ("+5", 5_000_000), (".5", 500_000),
        ("1,23,456.00", 123_456_000_000), ("1 234.5", 1_234_500_000),
        ("1\u{A0}234.5", 1_234_500_000), ("1'234", 1_234_000_000), ("5 EUR", 5_000_000),
        ("eur 5", 5_000_000), ("0.000001", 1), ("3.5282000", 3_528_200), ("₹ 10", 10_000_000),
        ("0", 0),
    ])
    func areReadWithTheirSignsAndGroups(text: String, millionths: Int) throws {
        #expect(try read(text) == String(millionths))
    }

    @Test(arguments: [
        "", "-", "$", "1,23", "12,34,5.00", "1,234,56", "1.2.3", "1,2345", "--5", "-5-", "(-5)",
        "(5", "$5$", "USD 5", "5.", "1 2", "abc", "1e5", ",5", "1,234'567", "5 5",
    ])
    func areRefusedWhereAnythingDoesNotFit(text: String) throws {
        let problem = try read(text)
        #expect(problem.hasPrefix("malformed"), "\(problem)")
    }

    @Test func haveDecimalCommas() throws {
        #expect(try read("1.234,56", comma: true) == "1234560000")
        #expect(try read("-62,3", comma: true) == "-62300000")
        #expect(try read("1.234", comma: true) == "1234000000")
        #expect(try read("1,234.56", comma: true).hasPrefix("malformed"))
    }

    @Test func areNotMadeLargeByZerosInFront() throws {
        let zeros = String(repeating: "0", count: 53)
        #expect(try read(zeros + "1.50") == "1500000")
        #expect(try read("1" + String(repeating: "0", count: 24)) == "outOfRange")
    }

    @Test func sayWhatSpreadsheetsDamaged() throws {
        #expect(try read("1.23E+05") == "scientific")
        #expect(try read("0.0000001") == "tooManyDecimals")
        #expect(try read(String(repeating: "9", count: 30)) == "outOfRange")
    }
}
