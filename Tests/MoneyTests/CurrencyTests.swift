import Money
import Testing

@Suite struct CurrencyTests {
    /// Every code of three letters that is a currency.
    static let all: [Currency] = {
        let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        return letters.flatMap { first in
            letters.flatMap { second in
                letters.compactMap { Currency("\(first)\(second)\($0)") }
            }
        }
    }()

    @Test func everyCodeComesBack() {
        #expect(Self.all.count > 160)
        #expect(Set(Self.all).count == Self.all.count)
        for currency in Self.all {
            #expect(Currency(currency.code) == currency)
            #expect(Currency(currency.code.lowercased()) == currency)
            #expect(Currency(rawValue: currency.rawValue) == currency)
            #expect(currency.description == currency.code)
            #expect((0...4).contains(currency.digits))
        }
    }

    @Test func codesAreOrderedAsLetters() {
        #expect(Self.all.sorted().map(\.code) == Self.all.map(\.code).sorted())
    }

    @Test(arguments: [
        ("GHS", 2), ("EUR", 2), ("USD", 2), ("SEK", 2), ("NGN", 2), ("KES", 2), ("ZAR", 2),
        ("INR", 2), ("MAD", 2), ("MRU", 2), ("MGA", 2), ("IDR", 2), ("HUF", 2), ("XOF", 0),
        ("XAF", 0), ("JPY", 0), ("KRW", 0), ("UGX", 0), ("RWF", 0), ("ISK", 0), ("CLP", 0),
        ("VND", 0), ("KWD", 3), ("TND", 3), ("BHD", 3), ("JOD", 3), ("CLF", 4), ("UYW", 4),
    ])
    func digitsAreThoseOfTheStandard(code: String, digits: Int) throws {
        #expect(try #require(Currency(code)).digits == digits)
    }

    @Test(arguments: [
        "", "E", "EU", "EURO", "EU ", " EUR", "EUR ", "€", "E1R", "123", "ABC", "XXX", "ÉUR", "@@@",
        "[[[", "\u{1}\u{2}\u{3}", "```", "{{{", "EU\u{D2}",
    ])
    func whatTheStandardDoesNotListIsNone(code: String) {
        #expect(Currency(code) == nil)
    }

    @Test func noBytesOtherThanLettersAreACurrency() {
        var found = 0
        for byte in UInt8.min...UInt8.max {
            let letter = [UInt8(ascii: "E"), UInt8(ascii: "U"), byte]
            guard let currency = letter.withUnsafeBytes({ Currency(bytes: $0) }) else { continue }
            found += 1
            #expect(currency.code == "EUR")
            #expect(byte == UInt8(ascii: "R") || byte == UInt8(ascii: "r"))
        }
        #expect(found == 2)
    }

    @Test func noCurrencyHasNoCode() {
        #expect(Currency.none.code.isEmpty)
        #expect(Currency.none.digits == 2)
        #expect(Self.all.allSatisfy { $0 != .none })
    }
}
