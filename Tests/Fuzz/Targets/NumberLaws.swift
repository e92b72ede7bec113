import Money

/// What must hold of amounts and rates, whatever stands in their place.
struct NumberLaws {
    let text: [UInt8]

    func check() throws {
        try text.withUnsafeBytes { bytes in
            for digits in [0, 2, 3, 6, 18] { try checkPlain(bytes, digits) }
            for code in ["GHS", "JPY", "KWD", "EUR"] {
                guard let currency = Currency(code) else { continue }
                try checkFormats(bytes, currency)
            }
            _ = Amount.isScientific(bytes)
        }
        try checkRate()
        try checkRounding()
    }

    // MARK: Plain amounts

    private func checkPlain(_ bytes: UnsafeRawBufferPointer, _ digits: Int) throws {
        let decimal = PlainDecimal(text)
        switch Amount.parse(bytes, digits: digits) {
        case .success(let amount):
            let decimal = decimal?.text(digits: digits)
            try hold(decimal, is: Amount.text(amount, digits: digits), "an amount is what it says")
            let again = Amount.parse(Amount.text(amount, digits: digits), digits: digits)
            try hold(again, is: .success(amount), "an amount that is written can be read")
        case .failure(.malformed(let place)):
            try hold((0...text.count).contains(place), "what is wrong lies within the text")
            try hold(decimal == nil, "a decimal is no malformed amount")
        case .failure(.tooManyDecimals):
            try hold(decimal.map { $0.decimals > digits } == true, "digits beyond the currency's")
        case .failure(.outOfRange):
            try hold(decimal.map { !$0.fits(digits: digits) } == true, "beyond 64 bits")
        case .failure(.scientific):
            throw BrokenLaw(description: "plain amounts tell nothing of exponents")
        }
    }

    // MARK: Amounts as exports write them

    private func checkFormats(_ bytes: UnsafeRawBufferPointer, _ currency: Currency) throws {
        let major = AmountFormat().parse(bytes, currency)
        if case .success(let plain) = Amount.parse(bytes, digits: AmountFormat.scale) {
            try hold(major, is: .success(Int128(plain)), "a plain decimal means itself")
        }
        if case .success(let value) = major, text.first.map({ $0 &- 0x30 <= 9 }) == true,
            text.allSatisfy({ $0 < 0x80 && $0 != 0x2D && $0 != 0x2B })
        {
            try hold(
                parse([0x2D] + text, AmountFormat(), currency), is: .success(-value),
                "a minus turns the sign")
            try hold(
                parse([0x28] + text + [0x29], AmountFormat(), currency), is: .success(-value),
                "parentheses turn the sign")
        }
        let swapped = text.map { $0 == 0x2C ? 0x2E : $0 == 0x2E ? 0x2C : $0 }
        let comma = AmountFormat(hasDecimalComma: true)
        try hold(
            try? parse(swapped, comma, currency).get(), is: try? major.get(),
            "a decimal comma reads as a point does")
        try checkUnit(.minor, currency.digits, major, currency)
        for decimals in 0...6 {
            try checkUnit(.impliedDecimals(decimals), decimals, major, currency)
        }
    }

    private func checkUnit(
        _ unit: AmountFormat.Unit, _ decimals: Int, _ major: Result<Int128, AmountProblem>,
        _ currency: Currency
    ) throws {
        var divisor: Int128 = 1
        for _ in 0..<decimals { divisor *= 10 }
        let value = try? parse(text, AmountFormat(unit: unit), currency).get()
        let whole = try? major.get()
        let expected = whole.flatMap { $0 % divisor == 0 ? $0 / divisor : nil }
        try hold(value, is: expected, "\(unit) moves the decimal point")
    }

    private func parse(
        _ text: [UInt8], _ format: AmountFormat, _ currency: Currency
    ) -> Result<Int128, AmountProblem> {
        text.withUnsafeBytes { format.parse($0, currency) }
    }

    // MARK: Rates

    private func checkRate() throws {
        let written = String(decoding: text, as: UTF8.self)
        guard let rate = Rate(percent: written) else { return }
        try hold(Rate(percent: rate.description), is: rate, "a rate that is written can be read")
        guard rate.millionthsOfPercent.magnitude <= 100_000_000 else { return }
        // Turned round, the least of all numbers has no room.
        for amount in [Int64(bitPattern: text.fingerprint), 1, -5, .max, -.max] {
            let share = Int128(rate.share(of: amount))
            let exact = Int128(amount) * Int128(rate.millionthsOfPercent)
            try checkHalfEven(share, exact, 100_000_000)
        }
    }

    private func checkRounding() throws {
        let value = Int64(bitPattern: text.fingerprint)
        let half = Int64(bitPattern: text.dropFirst().fingerprint) >> Int64(text.count % 60)
        let factor = text.count % 2 == 0 ? half : Int64(text.count)
        guard factor != .min, value != .min else { return }
        let divisor = max(abs(factor), 2 * Int64(text.first ?? 1), 1)
        let rounded = Rate.roundHalfEven(value, times: factor, dividedBy: divisor)
        try checkHalfEven(Int128(rounded), Int128(value) * Int128(factor), Int128(divisor))
    }

    private func checkHalfEven(_ rounded: Int128, _ exact: Int128, _ divisor: Int128) throws {
        let twice = 2 * (exact - rounded * divisor).magnitude
        try hold(
            twice < divisor || (twice == divisor && rounded % 2 == 0),
            "\(exact) ÷ \(divisor) is not \(rounded)")
    }
}

/// `-?digits[.digits]`, taken apart as text.
private struct PlainDecimal {
    private let isNegative: Bool
    /// Without zeros in front.
    private let whole: String
    /// Without zeros behind.
    private let fraction: String

    init?(_ text: [UInt8]) {
        isNegative = text.first == 0x2D
        let parts = text.dropFirst(isNegative ? 1 : 0)
            .split(separator: 0x2E, omittingEmptySubsequences: false)
        let areDigits = parts.allSatisfy { part in
            !part.isEmpty && part.allSatisfy { (0x30...0x39).contains($0) }
        }
        guard areDigits, parts.count <= 2 else { return nil }
        whole = String(decoding: parts[0].drop { $0 == 0x30 }, as: UTF8.self)
        let decimals = parts.count == 2 ? parts[1] : []
        let last = decimals.lastIndex { $0 != 0x30 }
        fraction = String(decoding: last.map { decimals[...$0] } ?? [], as: UTF8.self)
    }

    /// How many decimals count.
    var decimals: Int { fraction.count }

    /// With exactly so many decimals.
    func text(digits: Int) -> String {
        let rest = fraction + String(repeating: "0", count: max(0, digits - decimals))
        let value = (whole.isEmpty ? "0" : whole) + (digits > 0 ? "." + rest : "")
        return isNegative && !(whole + fraction).isEmpty ? "-" + value : value
    }

    /// Whether so many minor units, cut off, are within 64 bits.
    func fits(digits: Int) -> Bool {
        let rest = fraction + String(repeating: "0", count: max(0, digits - decimals))
        return Int64((isNegative ? "-" : "") + "0" + whole + rest.prefix(digits)) != nil
    }
}
