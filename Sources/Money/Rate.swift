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

    /// This share of an amount, rounded half to even to the minor unit.
    ///
    /// - Precondition: the result fits 64 bits; it does where the rate is at most 100 %.
    public func share(of minorUnits: Int64) -> Int64 {
        Rate.roundHalfEven(minorUnits, times: millionthsOfPercent, dividedBy: 100_000_000)
    }

    /// `value × factor ÷ divisor` in 128 bits, rounded half to even.
    ///
    /// - Precondition: `divisor` is positive and the result fits 64 bits.
    public static func roundHalfEven(
        _ value: Int64, times factor: Int64, dividedBy divisor: Int64
    ) -> Int64 {
        precondition(divisor > 0, "a share needs a positive divisor")
        let negative = (value < 0) != (factor < 0)
        let product = value.magnitude.multipliedFullWidth(by: factor.magnitude)
        var (quotient, remainder) = divisor.magnitude.dividingFullWidth(product)
        let twice = remainder.addingReportingOverflow(remainder)
        let aboveHalf = twice.overflow || twice.partialValue > divisor.magnitude
        if aboveHalf || (twice.partialValue == divisor.magnitude && quotient & 1 == 1) {
            quotient += 1
        }
        return negative ? -Int64(quotient) : Int64(quotient)
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
