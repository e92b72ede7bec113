/// An exact percentage: an integer count of millionths of a percent.
public struct Rate: Hashable, Sendable {
    /// Millionths of a percent: 7 % is 7 000 000.
    public let millionthsOfPercent: Int64

    /// Creates a rate from millionths of a percent.
    public init(millionthsOfPercent: Int64) { self.millionthsOfPercent = millionthsOfPercent }

    /// Reads a decimal number of percent, `2.9` for 2.9 %, with up to six decimals.
    public init?(percent text: some StringProtocol) {
        guard case .success(let value) = Amount.parse(text, digits: 6) else { return nil }
        millionthsOfPercent = value
    }

    /// A quotient rounded half to even, of numbers that are both not negative.
    ///
    /// - Precondition: `divisor` is positive, and twice of it fits.
    public static func roundHalfEven(_ dividend: Int128, dividedBy divisor: Int128) -> Int128 {
        let (quotient, rest) = dividend.quotientAndRemainder(dividingBy: divisor)
        let isUp = rest * 2 > divisor || rest * 2 == divisor && quotient & 1 == 1
        return isUp ? quotient + 1 : quotient
    }

    /// This share of an amount, rounded half to even to the minor unit.
    ///
    /// - Precondition: the result fits 64 bits, which it does where the rate is from -100 % to
    ///   100 %, but for -100 % of the least number of all.
    public func share(of minorUnits: Int64) -> Int64 {
        Rate.roundHalfEven(minorUnits, times: millionthsOfPercent, dividedBy: 100_000_000)
    }

    /// `value × factor ÷ divisor` with all 128 bits of the product, rounded half to even.
    ///
    /// - Precondition: `divisor` is positive and the result fits 64 bits, which it does where the
    ///   factor's magnitude is below the divisor, or the value's is.
    public static func roundHalfEven(
        _ value: Int64, times factor: Int64, dividedBy divisor: Int64
    ) -> Int64 {
        precondition(divisor > 0, "a share needs a positive divisor")
        let product = value.magnitude.multipliedFullWidth(by: factor.magnitude)
        precondition(product.high < divisor.magnitude, "the share does not fit 64 bits")
        var (quotient, remainder) = divisor.magnitude.dividingFullWidth(product)
        // The divisor is below 2⁶³ and the remainder below the divisor, so that twice of it fits.
        let twice = remainder * 2
        if twice > divisor.magnitude || (twice == divisor.magnitude && quotient & 1 == 1) {
            // Rounding up the greatest quotient wraps to zero, which must not pass for a share.
            precondition(quotient < .max, "the share does not fit 64 bits")
            quotient += 1
        }
        let isNegative = (value < 0) != (factor < 0)
        if isNegative, quotient == Int64.min.magnitude { return .min }
        precondition(quotient <= Int64.max.magnitude, "the share does not fit 64 bits")
        return isNegative ? -Int64(quotient) : Int64(quotient)
    }
}

extension Rate: CustomStringConvertible {
    /// The decimal number of percent without idle zeros: `7`, `2.9`.
    public var description: String {
        var text = Amount.text(millionthsOfPercent, digits: 6)
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }
}
