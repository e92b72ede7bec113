/// Why a text is no amount.
public enum AmountProblem: Error, Sendable, Equatable {
    /// Something other than an optional minus sign, digits and one decimal point between digits;
    /// at this byte, from 0.
    case malformed(at: Int)
    /// More decimals, other than zeros, than the currency has.
    case tooManyDecimals
    /// Beyond what 64 bits of minor units hold.
    case outOfRange
    /// A number as spreadsheets damage long ones: `1.23E+22`.
    case scientific
}

/// Amounts are `Int64` counts of a currency's minor unit (cents, pesewas, yen), never floating.
///
/// These are the only ways in and out of text.
public enum Amount {
    /// Reads `-?digits[.digits]` in the currency's major unit; nothing else is an amount: no plus
    /// sign, no exponent, no grouping, no space, no infinity.
    ///
    /// Decimals beyond `digits` may stand there if they are zeros.
    ///
    /// - Complexity: one pass, no allocation.
    public static func parse(
        _ text: UnsafeRawBufferPointer, digits: Int
    ) -> Result<Int64, AmountProblem> {
        let isNegative = text.first == UInt8(ascii: "-")
        let start = isNegative ? 1 : 0
        // Counted downwards, so that the least value of all can be read too.
        var value: Int64 = 0
        var point: Int?
        var problem: AmountProblem?
        for index in start..<max(start, text.count) {
            let digit = text[index] &- 0x30
            if digit <= 9 {
                if let point, index - point > digits {
                    if digit != 0 { problem = problem ?? .tooManyDecimals }
                    continue
                }
                let (tens, overTens) = value.multipliedReportingOverflow(by: 10)
                let (sum, overSum) = tens.subtractingReportingOverflow(Int64(digit))
                if overTens || overSum { problem = problem ?? .outOfRange }
                value = sum
            } else if text[index] == UInt8(ascii: "."), point == nil, index > start {
                point = index
            } else {
                return .failure(.malformed(at: index))
            }
        }
        guard text.count > start, point != text.count - 1 else {
            return .failure(.malformed(at: text.count))
        }
        if let problem { return .failure(problem) }
        let decimals = point.map { min(text.count - 1 - $0, digits) } ?? 0
        for _ in decimals..<max(digits, decimals) {
            let (tens, over) = value.multipliedReportingOverflow(by: 10)
            guard !over else { return .failure(.outOfRange) }
            value = tens
        }
        if isNegative { return .success(value) }
        return value == .min ? .failure(.outOfRange) : .success(-value)
    }

    /// Reads an amount from a string, as `parse(_:digits:)` does.
    public static func parse(
        _ text: some StringProtocol, digits: Int
    ) -> Result<Int64, AmountProblem> {
        var text = String(text)
        return text.withUTF8 { parse(UnsafeRawBufferPointer($0), digits: digits) }
    }

    /// The length of the longest text of an amount: a sign, nineteen digits and a point.
    public static let longestText = 21

    /// Writes an amount with exactly the currency's own digits, `-12.30` or `1500`; returns the
    /// number of bytes.
    ///
    /// - Precondition: the buffer has `longestText` bytes, and `digits` is one of 0 to 18.
    public static func write(
        _ minorUnits: Int64, digits: Int, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        precondition(buffer.count >= longestText, "no room for an amount")
        precondition((0...18).contains(digits), "no currency has so many digits")
        var magnitude = minorUnits.magnitude
        // At least one digit stands before the point.
        var length = digits + 1
        var bound: UInt64 = 1
        for _ in 0..<length { bound *= 10 }
        while magnitude >= bound {
            length += 1
            let (next, over) = bound.multipliedReportingOverflow(by: 10)
            if over { break }
            bound = next
        }
        let count = length + (digits > 0 ? 1 : 0) + (minorUnits < 0 ? 1 : 0)
        var index = count
        for place in 0..<length {
            if place == digits, digits > 0 {
                index -= 1
                buffer[index] = UInt8(ascii: ".")
            }
            index -= 1
            buffer[index] = UInt8(truncatingIfNeeded: 0x30 + magnitude % 10)
            magnitude /= 10
        }
        if minorUnits < 0 { buffer[0] = UInt8(ascii: "-") }
        return count
    }

    /// The decimal text of an amount, with exactly the currency's own digits: `-12.30`, `1500`.
    ///
    /// - Precondition: `digits` is one of 0 to 18.
    public static func text(_ minorUnits: Int64, digits: Int) -> String {
        String(unsafeUninitializedCapacity: longestText) {
            write(minorUnits, digits: digits, into: UnsafeMutableRawBufferPointer($0))
        }
    }

    /// The decimal text of an amount in its currency, without the currency's code.
    public static func text(_ minorUnits: Int64, _ currency: Currency) -> String {
        text(minorUnits, digits: currency.digits)
    }
}
