import Money
import Testing

@Suite struct AmountTests {
    static let readable: [(text: String, digits: Int, minorUnits: Int64)] = [
        ("0", 2, 0), ("-0", 2, 0), ("0.00", 2, 0), ("-0.00", 2, 0), ("12", 2, 1200),
        ("12.3", 2, 1230), ("12.30", 2, 1230), ("-12.30", 2, -1230), ("0.01", 2, 1),
        ("-0.01", 2, -1), ("007.5", 2, 750), ("1500", 0, 1500), ("1500.0", 0, 1500),
        ("1500.000", 0, 1500), ("1.234", 3, 1234), ("1.2340000000000000000000000000", 3, 1234),
        ("0.0001", 4, 1), ("00000000000000000000000000000000001", 2, 100),
        ("92233720368547758.07", 2, .max), ("-92233720368547758.08", 2, .min),
        ("92233720368547758.0700", 2, .max), ("-92233720368547758.080", 2, .min),
        ("9223372036854775807", 0, .max), ("-9223372036854775808", 0, .min),
        ("-9223372036854775807", 0, .min + 1), ("922337203685477.5807", 4, .max),
    ]

    @Test(arguments: readable)
    func decimalTextIsRead(text: String, digits: Int, minorUnits: Int64) {
        #expect(Amount.parse(text, digits: digits) == .success(minorUnits))
    }

    static let malformed: [(text: String, byte: Int)] = [
        ("", 0), ("-", 1), ("+5", 0), ("--5", 1), ("-+5", 1), (".5", 0), ("-.5", 1), ("5.", 2),
        ("-5.", 3), (".", 0), ("12,x", 2), ("1,234.50", 1), ("1e3", 1), ("1E3", 1), ("NaN", 0),
        ("nan", 0), ("inf", 0), ("-inf", 1), ("0x10", 1), (" 5", 0), ("5 ", 1), ("1 000", 1),
        ("1_000", 1), ("1.2.3", 3), ("1..2", 2), ("5-", 1), ("(5)", 0), ("GHS 5", 0), ("5%", 1),
        ("٥", 0), ("5\0", 1), ("1'000", 1), ("99999999999999999999x", 20), ("1.999x", 5),
        ("1:", 1), ("1/", 1),
    ]

    @Test(arguments: malformed)
    func everythingElseIsMalformedAtItsByte(text: String, byte: Int) {
        #expect(Amount.parse(text, digits: 2) == .failure(.malformed(at: byte)))
    }

    @Test(arguments: [("1.001", 2), ("1.0001", 3), ("1500.5", 0), ("0.0000000000000000001", 4)])
    func decimalsThatTheCurrencyLacksAreRefused(text: String, digits: Int) {
        #expect(Amount.parse(text, digits: digits) == .failure(.tooManyDecimals))
    }

    @Test(arguments: [
        ("92233720368547758.08", 2), ("-92233720368547758.09", 2), ("92233720368547759", 2),
        ("9223372036854775808", 0), ("-9223372036854775809", 0), ("9223372036854775807", 2),
        ("99999999999999999999999999", 2), ("-99999999999999999999999999", 0),
        ("18446744073709551616", 0), ("18446744073709551617.00", 2),
    ])
    func whatExceeds64BitsIsOutOfRange(text: String, digits: Int) {
        #expect(Amount.parse(text, digits: digits) == .failure(.outOfRange))
    }

    static let written: [(minorUnits: Int64, digits: Int, text: String)] = [
        (0, 0, "0"), (0, 2, "0.00"), (5, 2, "0.05"), (-5, 2, "-0.05"), (-5, 0, "-5"),
        (123, 2, "1.23"), (1500, 0, "1500"), (1234, 3, "1.234"), (-12_30, 2, "-12.30"),
        (9, 1, "0.9"), (10, 1, "1.0"), (99, 2, "0.99"), (100, 2, "1.00"),
        (.max, 0, "9223372036854775807"), (.min, 0, "-9223372036854775808"),
        (.max, 2, "92233720368547758.07"), (.min, 2, "-92233720368547758.08"),
        (.min, 18, "-9.223372036854775808"), (1, 18, "0.000000000000000001"),
    ]

    @Test(arguments: written)
    func amountsAreWrittenWithTheirOwnDigits(minorUnits: Int64, digits: Int, text: String) {
        #expect(Amount.text(minorUnits, digits: digits) == text)
    }

    @Test func theCurrencyDecidesTheDigits() throws {
        #expect(Amount.text(1500, try #require(Currency("JPY"))) == "1500")
        #expect(Amount.text(1500, try #require(Currency("GHS"))) == "15.00")
        #expect(Amount.text(1500, try #require(Currency("KWD"))) == "1.500")
    }

    @Test func writingReturnsItsLengthAndTouchesNothingBehindIt() {
        var bytes = [UInt8](repeating: 0x23, count: Amount.longestText)
        let length = bytes.withUnsafeMutableBytes { Amount.write(-1230, digits: 2, into: $0) }
        #expect(String(decoding: bytes, as: UTF8.self) == "-12.30###############")
        #expect(length == 6)
    }

    @Test func whatIsWrittenIsReadBack() {
        var generator = SeededGenerator(seed: 20_261_120)
        for round in 0..<50_000 {
            let bits = round % 64
            let minorUnits = Int64.random(in: .min ... .max, using: &generator) >> Int64(bits)
            let digits = round % 19
            let text = Amount.text(minorUnits, digits: digits)
            #expect(Amount.parse(text, digits: digits) == .success(minorUnits), "\(text)")
        }
    }
}

/// The same numbers on every machine, from a seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
