/// How a file writes amounts: with a decimal point or comma, with grouped thousands, in the major
/// or the minor unit.
public struct AmountFormat: Sendable, Hashable {
    /// What a one means.
    public enum Unit: Sendable, Hashable {
        /// One of the currency.
        case major
        /// One of the currency's minor unit.
        case minor
        /// So many decimals are meant and not written, whatever the currency; at most six.
        case impliedDecimals(Int)
    }

    /// Amounts are read in millionths of the currency's major unit, of which none has a smaller one.
    public static let scale = 6

    /// Whether a comma stands before the decimals, and not a point.
    public let hasDecimalComma: Bool
    /// What a one means.
    public let unit: Unit

    /// Creates a format.
    public init(hasDecimalComma: Bool = false, unit: Unit = .major) {
        self.hasDecimalComma = hasDecimalComma
        self.unit = unit
    }

    /// Millionths of the major unit that a text means.
    ///
    /// A sign may stand before or behind, and parentheses mean below zero. The currency's sign or
    /// code may stand before or behind. Thousands may be grouped by points or commas (whichever the
    /// decimals do not have), apostrophes or spaces: the last group of three digits, others of two
    /// or three, as in India. A group or a decimal that does not fit makes it no amount.
    public func parse(
        _ text: UnsafeRawBufferPointer, _ currency: Currency
    ) -> Result<Int128, AmountProblem> {
        var reader = AmountTextReader(text: text, currency: currency)
        let isNegative: Bool
        do throws(AmountProblem) {
            isNegative = try reader.stripSignsAndCurrency()
            let value = try reader.digits(hasDecimalComma: hasDecimalComma, extra: extra(currency))
            return .success(isNegative ? -value : value)
        } catch {
            return .failure(Amount.isScientific(text) ? .scientific : error)
        }
    }

    /// How many of the digits before the written decimals are decimals too.
    private func extra(_ currency: Currency) -> Int {
        switch unit {
        case .major: 0
        case .minor: currency.digits
        case .impliedDecimals(let count): count
        }
    }
}

extension Amount {
    /// Whether a text is a number as spreadsheets damage long ones: `1.2302025304E+022`.
    public static func isScientific(_ text: UnsafeRawBufferPointer) -> Bool {
        guard let mark = text.firstIndex(where: { $0 | 0x20 == 0x65 }), mark > 0,
            mark + 2 < text.count, text[mark + 1] == UInt8(ascii: "+")
        else { return false }
        var start = 0
        if text[0] == UInt8(ascii: "-") { start = 1 }
        guard start < mark, text[start] &- 0x30 <= 9 else { return false }
        let isNumber = text[start..<mark].allSatisfy {
            $0 &- 0x30 <= 9 || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ",")
        }
        return isNumber && text[(mark + 2)...].allSatisfy { $0 &- 0x30 <= 9 }
    }
}

/// Takes an amount's text apart.
private struct AmountTextReader {
    let text: UnsafeRawBufferPointer
    let currency: Currency
    private var start = 0
    private var end: Int

    init(text: UnsafeRawBufferPointer, currency: Currency) {
        self.text = text
        self.currency = currency
        end = text.count
    }

    /// Takes off what stands around the digits; true where it says that the amount is negative.
    mutating func stripSignsAndCurrency() throws(AmountProblem) -> Bool {
        var signs = 0
        var isNegative = false
        var currencies = 0
        if end - start >= 2, text[start] == UInt8(ascii: "("), text[end - 1] == UInt8(ascii: ")") {
            (start, end, isNegative, signs) = (start + 1, end - 1, true, 1)
        }
        while start < end, text[start] &- 0x30 > 9 {
            if take(0x2D) || take(0xE2, 0x88, 0x92) {
                (isNegative, signs) = (true, signs + 1)
            } else if take(0x2B) {
                signs += 1
            } else if takeCurrency() {
                currencies += 1
            } else if !takeBlank() {
                // A decimal without a digit before it.
                guard text[start] == 0x2E || text[start] == 0x2C else {
                    throw .malformed(at: start)
                }
                break
            }
        }
        while start < end, text[end - 1] &- 0x30 > 9 {
            if takeBack(0x2D) || takeBack(0xE2, 0x88, 0x92) {
                (isNegative, signs) = (true, signs + 1)
            } else if takeCurrencyBack() {
                currencies += 1
            } else if !takeBlankBack() {
                throw .malformed(at: end - 1)
            }
        }
        guard signs <= 1, currencies <= 1, start < end else { throw .malformed(at: start) }
        return isNegative
    }

    /// The digits, with groups and decimals, in millionths.
    func digits(hasDecimalComma: Bool, extra: Int) throws(AmountProblem) -> Int128 {
        let decimal: UInt8 = hasDecimalComma ? 0x2C : 0x2E
        let other: UInt8 = hasDecimalComma ? 0x2E : 0x2C
        let point = text[start..<end].firstIndex(of: decimal) ?? end
        var value: Int128 = 0
        var count = 0
        var group = 0
        var separator: UInt8?
        var index = start
        while index < point {
            let byte = text[index]
            if byte &- 0x30 <= 9 {
                value = value * 10 + Int128(byte &- 0x30)
                // Zeros in front do not make a number large.
                (count, group) = (value == 0 ? 0 : count + 1, group + 1)
                guard count <= 24 else { throw .outOfRange }
                index += 1
                continue
            }
            let isSpace = byte == 0xC2 && index + 1 < point && text[index + 1] == 0xA0
            guard byte == other || byte == 0x27 || byte == 0x20 || isSpace,
                separator.map({ $0 == byte && (2...3).contains(group) })
                    ?? (1...3).contains(group)
            else { throw .malformed(at: index) }
            (separator, group) = (byte, 0)
            index += isSpace ? 2 : 1
        }
        guard separator == nil || group == 3 else { throw .malformed(at: point) }
        var decimals = extra
        if point < end {
            guard point + 1 < end else { throw .malformed(at: point) }
            for index in (point + 1)..<end {
                guard text[index] &- 0x30 <= 9 else { throw .malformed(at: index) }
                guard index - point <= AmountFormat.scale else {
                    guard text[index] == 0x30 else { throw .tooManyDecimals }
                    continue
                }
                value = value * 10 + Int128(text[index] &- 0x30)
                decimals += 1
            }
        }
        while decimals < AmountFormat.scale { (value, decimals) = (value * 10, decimals + 1) }
        while decimals > AmountFormat.scale {
            guard value % 10 == 0 else { throw .tooManyDecimals }
            (value, decimals) = (value / 10, decimals - 1)
        }
        return value
    }

    // MARK: Ends of the text

    private mutating func take(_ byte: UInt8) -> Bool {
        guard start < end, text[start] == byte else { return false }
        start += 1
        return true
    }

    private mutating func takeBack(_ byte: UInt8) -> Bool {
        guard end > start, text[end - 1] == byte else { return false }
        end -= 1
        return true
    }

    private mutating func take(_ bytes: UInt8...) -> Bool {
        guard start + bytes.count <= end, text[start..<(start + bytes.count)].elementsEqual(bytes)
        else { return false }
        start += bytes.count
        return true
    }

    private mutating func takeBack(_ bytes: UInt8...) -> Bool {
        guard end - bytes.count >= start, text[(end - bytes.count)..<end].elementsEqual(bytes)
        else { return false }
        end -= bytes.count
        return true
    }

    private mutating func takeBlank() -> Bool { take(0x20) || take(0xC2, 0xA0) }
    private mutating func takeBlankBack() -> Bool { takeBack(0x20) || takeBack(0xC2, 0xA0) }

    /// The signs of currencies that exports use: $ £ ¥ € ₦ ₵ ₹ and `GH₵`.
    private mutating func takeCurrency() -> Bool {
        if takeCode(text.dropFirst(start).prefix(3)) {
            start += 3
            return true
        }
        return take(0x24) || take(0xC2, 0xA3) || take(0xC2, 0xA5) || take(0xE2, 0x82, 0xAC)
            || take(0xE2, 0x82, 0xA6) || take(0xE2, 0x82, 0xB5) || take(0xE2, 0x82, 0xB9)
            || take(0x47, 0x48, 0xE2, 0x82, 0xB5)
    }

    private mutating func takeCurrencyBack() -> Bool {
        if end - start > 3, takeCode(text[(end - 3)..<end]) {
            end -= 3
            return true
        }
        return takeBack(0x24) || takeBack(0xC2, 0xA3) || takeBack(0xC2, 0xA5)
            || takeBack(0xE2, 0x82, 0xAC) || takeBack(0xE2, 0x82, 0xA6)
            || takeBack(0xE2, 0x82, 0xB5) || takeBack(0xE2, 0x82, 0xB9)
    }

    /// Whether three bytes are the code of the amount's own currency, in any case.
    private func takeCode(_ bytes: Slice<UnsafeRawBufferPointer>) -> Bool {
        bytes.count == 3 && bytes.allSatisfy { ($0 | 0x20) &- 0x61 < 26 }
            && Currency(bytes: UnsafeRawBufferPointer(rebasing: bytes)) == currency
    }
}
