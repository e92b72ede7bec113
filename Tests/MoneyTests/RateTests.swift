import Money
import Testing

@Suite struct RateTests {
    static let shares: [(minorUnits: Int64, percent: String, share: Int64)] = [
        (10_000, "7", 700), (10_000, "2.9", 290), (50, "1", 0), (150, "1", 2), (250, "1", 2),
        (-50, "1", 0), (-150, "1", -2), (-250, "1", -2), (51, "1", 1), (149, "1", 1),
        (1, "50", 0), (3, "50", 2), (.max, "100", .max), (.min, "100", .min), (.max, "0", 0),
        (.min, "-50", 1 << 62), (1, "0.000001", 0), (50_000_000, "0.000001", 0),
        (150_000_000, "0.000001", 2), (200, "-7", -14), (100, "250", 250),
    ]

    @Test(arguments: shares)
    func sharesAreRoundedHalfToEven(minorUnits: Int64, percent: String, share: Int64) throws {
        let rate = try #require(Rate(percent: percent))
        #expect(rate.share(of: minorUnits) == share)
    }

    @Test func agreesWithNumbersOf128Bits() {
        var generator = SeededGenerator(seed: 20_261_120)
        func number(_ bits: Int) -> Int64 {
            Int64.random(in: .min ... .max, using: &generator) >> Int64(bits)
        }
        var compared = 0
        for round in 0..<60_000 {
            let value = number(round % 64)
            let factor = number(round / 64 % 64)
            var divisor = max(1, number(round % 61) & .max)
            // Every third is made to lie half way, where rounding errs most easily.
            if round % 3 == 0 { divisor = max(2, factor & .max) &* 2 & .max | 2 }
            let exact = Exact.roundHalfEven(value, times: factor, dividedBy: divisor)
            guard let exact else { continue }
            compared += 1
            #expect(
                Rate.roundHalfEven(value, times: factor, dividedBy: divisor) == exact,
                "\(value) × \(factor) ÷ \(divisor)")
        }
        #expect(compared > 20_000)
    }

    @Test func everySmallCaseAgreesWithNumbersOf128Bits() {
        for value: Int64 in -20...20 {
            for factor: Int64 in -12...12 {
                for divisor: Int64 in 1...24 {
                    let exact = Exact.roundHalfEven(value, times: factor, dividedBy: divisor)
                    #expect(Rate.roundHalfEven(value, times: factor, dividedBy: divisor) == exact)
                }
            }
        }
    }

    static let edges: [(value: Int64, factor: Int64, divisor: Int64, result: Int64)] = [
        (.min, 1, 1, .min), (.min, -1, 2, 1 << 62), (.max, .max, .max, .max),
        (.min, .max, .max, .min), (.max, 1, .max, 1), (.min, 1, .max, -1),
        (.max - 1, 1, .max, 1), (1 << 62, 1, .max, 1), ((1 << 62) - 1, 1, .max, 0),
    ]

    @Test(arguments: edges)
    func theEndsOfTheRangeAreExact(value: Int64, factor: Int64, divisor: Int64, result: Int64) {
        #expect(Rate.roundHalfEven(value, times: factor, dividedBy: divisor) == result)
    }

    @Test func whatDoesNotFitTraps() async {
        await #expect(processExitsWith: .failure) {
            _ = Rate.roundHalfEven(1, times: 1, dividedBy: 0)
        }
        await #expect(processExitsWith: .failure) {
            _ = Rate.roundHalfEven(.max, times: 2, dividedBy: 1)
        }
        await #expect(processExitsWith: .failure) {
            _ = Rate.roundHalfEven(.max, times: .max, dividedBy: 1)
        }
        await #expect(processExitsWith: .failure) {
            _ = Rate.roundHalfEven(.min, times: -1, dividedBy: 1)
        }
    }

    @Test(arguments: [
        ("7", "7"), ("2.9", "2.9"), ("2.900000", "2.9"), ("0", "0"), ("0.000001", "0.000001"),
        ("100", "100"), ("-1.5", "-1.5"), ("10.0", "10"),
    ])
    func percentagesAreWrittenWithoutIdleZeros(text: String, written: String) throws {
        #expect(try #require(Rate(percent: text)).description == written)
    }

    @Test(arguments: ["", "7%", "2,9", "0.0000001", "1e1", "+7", "a", "9223372036854775807"])
    func whatIsNoPercentageIsNone(text: String) {
        #expect(Rate(percent: text) == nil)
    }
}

/// The same calculation in numbers of 128 bits, where nothing can overflow.
private enum Exact {
    /// Nil where the result does not fit 64 bits.
    static func roundHalfEven(
        _ value: Int64, times factor: Int64, dividedBy divisor: Int64
    ) -> Int64? {
        let product = Int128(value) * Int128(factor)
        var (quotient, remainder) = product.quotientAndRemainder(dividingBy: Int128(divisor))
        if remainder < 0 {
            quotient -= 1
            remainder += Int128(divisor)
        }
        // The quotient is rounded down by now, so that the even neighbour may be the one above.
        let twice = remainder * 2
        if twice > Int128(divisor) || (twice == Int128(divisor) && quotient % 2 != 0) {
            quotient += 1
        }
        return Int64(exactly: quotient)
    }
}
