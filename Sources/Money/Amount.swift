/// Why a text is no amount.
public enum AmountProblem: Error, Sendable, Equatable {
    /// Something other than an optional sign, digits and one decimal point; at this byte, from 0.
    case malformed(at: Int)
    /// More decimals, other than zeros, than the currency has.
    case tooManyDecimals
    /// Beyond what 64 bits of minor units hold.
    case outOfRange
}

/// Amounts are `Int64` counts of a currency's minor unit (cents, pesewas, yen), never floating.
///
/// These are the only ways in and out of text.
public enum Amount {
    /// Reads `-?digits[.digits]` in the currency's major unit; nothing else is an amount: no
    /// exponent, no grouping, no space, no infinity.
    ///
    /// Complexity: one pass, no allocation.
    public static func parse(
        _ text: UnsafeRawBufferPointer, digits: Int
    ) -> Result<Int64, AmountProblem> {
        var index = 0
        var negative = false
        if let sign = text.first, sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") {
            negative = sign == UInt8(ascii: "-")
            index = 1
        }
        var value: Int64 = 0
        var wholeDigits = 0
        var decimals = -1
        while index < text.count {
            let byte = text[index]
            if byte == UInt8(ascii: "."), decimals < 0 {
                decimals = 0
            } else if byte >= 0x30, byte <= 0x39 {
                if decimals >= 0 {
                    decimals += 1
                    if decimals > digits {
                        guard byte == 0x30 else { return .failure(.tooManyDecimals) }
                        index += 1
                        continue
                    }
                } else {
                    wholeDigits += 1
                }
                // Counted downwards, so that the least value of all can be read too.
                let (tens, over) = value.multipliedReportingOverflow(by: 10)
                let (sum, under) = tens.subtractingReportingOverflow(Int64(byte - 0x30))
                guard !over, !under else { return .failure(.outOfRange) }
                value = sum
            } else {
                return .failure(.malformed(at: index))
            }
            index += 1
        }
        guard wholeDigits > 0, decimals != 0 else { return .failure(.malformed(at: index)) }
        for _ in max(decimals, 0)..<max(digits, max(decimals, 0)) {
            let (tens, over) = value.multipliedReportingOverflow(by: 10)
            guard !over else { return .failure(.outOfRange) }
            value = tens
        }
        if negative { return .success(value) }
        guard value != Int64.min else { return .failure(.outOfRange) }
        return .success(-value)
    }

    /// Reads an amount from a string, as `parse(_:digits:)` does.
    public static func parse(
        _ text: some StringProtocol, digits: Int
    ) -> Result<Int64, AmountProblem> {
        var text = String(text)
        return text.withUTF8 { parse(UnsafeRawBufferPointer($0), digits: digits) }
    }

    /// The decimal text of an amount, with exactly the currency's own digits: `-12.30`, `1500`.
    public static func text(_ minorUnits: Int64, digits: Int) -> String {
        let magnitude = String(minorUnits.magnitude)
        let sign = minorUnits < 0 ? "-" : ""
        guard digits > 0 else { return sign + magnitude }
        let padded = String(repeating: "0", count: max(0, digits + 1 - magnitude.count)) + magnitude
        return sign + padded.dropLast(digits) + "." + padded.suffix(digits)
    }

    /// The decimal text of an amount in its currency, without the currency's code.
    public static func text(_ minorUnits: Int64, _ currency: Currency) -> String {
        text(minorUnits, digits: currency.digits)
    }
}
