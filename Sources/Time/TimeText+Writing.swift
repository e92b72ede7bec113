// Invariant of the unsafe writes here: each function that is given a buffer first checks that it
// has room for the longest text of its kind, and that the year has four digits.

extension Instant {
    /// Seconds since the epoch of the years 1 to 9999, which is what can be written.
    static let writableSeconds: Range<Int64> = -62_135_596_800..<253_402_300_800
}

extension TimeText {
    /// The length of the longest text of a moment: `2026-11-20T02:00:00.123456Z`.
    public static let longestInstant = 27
    /// The length of a date's text.
    public static let dateLength = 10

    /// Writes a moment as `YYYY-MM-DDTHH:MM:SSZ`, with a fraction only where there is one and
    /// without trailing zeros; returns the number of bytes, 0 for an absent moment.
    ///
    /// - Precondition: the buffer has `longestInstant` bytes, and the moment lies in the years 1
    ///   to 9999, as every moment does that was read.
    public static func write(
        _ instant: Instant, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        precondition(buffer.count >= longestInstant, "no room for a moment")
        guard instant.isPresent else { return 0 }
        let moment = Moment(instant)
        var digits = Digits(buffer)
        digits.put(moment.date, separator: UInt8(ascii: "-"))
        digits.put(UInt8(ascii: "T"))
        digits.put(timeOfDay: moment.secondOfDay, separator: UInt8(ascii: ":"))
        if moment.microsecond != 0 {
            digits.put(UInt8(ascii: "."))
            digits.put(fraction: moment.microsecond)
        }
        digits.put(UInt8(ascii: "Z"))
        return digits.count
    }

    /// Writes a date as `YYYY-MM-DD`; returns the number of bytes, 0 for an absent date.
    ///
    /// - Precondition: the buffer has `dateLength` bytes, and the date lies in the years 1 to
    ///   9999.
    public static func write(
        _ date: CivilDate, into buffer: UnsafeMutableRawBufferPointer
    ) -> Int {
        precondition(buffer.count >= dateLength, "no room for a date")
        guard date.isPresent else { return 0 }
        var digits = Digits(buffer)
        digits.put(date, separator: UInt8(ascii: "-"))
        return digits.count
    }

    /// A moment as `write(_:into:)` writes it; empty for an absent one.
    public static func text(_ instant: Instant) -> String {
        string { write(instant, into: $0) }
    }

    /// A date as `write(_:into:)` writes it; empty for an absent one.
    public static func text(_ date: CivilDate) -> String {
        string { write(date, into: $0) }
    }

    /// A moment to the second without separators, `20261120T020000Z`, for names of files; the
    /// fraction is cut off, and an absent moment is empty.
    ///
    /// - Precondition: the moment lies in the years 1 to 9999.
    public static func compactText(_ instant: Instant) -> String {
        guard instant.isPresent else { return "" }
        let moment = Moment(instant)
        return string { buffer in
            var digits = Digits(buffer)
            digits.put(moment.date, separator: nil)
            digits.put(UInt8(ascii: "T"))
            digits.put(timeOfDay: moment.secondOfDay, separator: nil)
            digits.put(UInt8(ascii: "Z"))
            return digits.count
        }
    }

    private static func string(
        _ write: (UnsafeMutableRawBufferPointer) -> Int
    ) -> String {
        String(unsafeUninitializedCapacity: longestInstant) {
            write(UnsafeMutableRawBufferPointer($0))
        }
    }
}

/// A moment taken apart in UTC.
private struct Moment {
    let date: CivilDate
    let secondOfDay: Int
    let microsecond: Int

    init(_ instant: Instant) {
        let seconds = instant.seconds
        precondition(Instant.writableSeconds.contains(seconds), "a year beyond four digits")
        // Counted from year 1, so that the quotients round down.
        let sinceYearOne = Int(seconds - Instant.writableSeconds.lowerBound)
        let (day, second) = sinceYearOne.quotientAndRemainder(dividingBy: 86_400)
        date = CivilDate(days: Int32(day - 719_162))
        secondOfDay = second
        microsecond = Int(instant.microseconds - seconds * 1_000_000)
    }
}

/// Puts decimal digits into a buffer, one after the other.
private struct Digits {
    private let buffer: UnsafeMutableRawBufferPointer
    private(set) var count = 0

    init(_ buffer: UnsafeMutableRawBufferPointer) { self.buffer = buffer }

    @inline(__always)
    mutating func put(_ byte: UInt8) {
        buffer[count] = byte
        count += 1
    }

    @inline(__always)
    mutating func put(pair: Int) {
        put(UInt8(truncatingIfNeeded: 0x30 + pair / 10))
        put(UInt8(truncatingIfNeeded: 0x30 + pair % 10))
    }

    @inline(__always)
    mutating func put(_ date: CivilDate, separator: UInt8?) {
        let (year, month, day) = date.parts
        precondition(year >= 1 && year <= 9999, "a year beyond four digits")
        put(pair: year / 100)
        put(pair: year % 100)
        if let separator { put(separator) }
        put(pair: month)
        if let separator { put(separator) }
        put(pair: day)
    }

    @inline(__always)
    mutating func put(timeOfDay second: Int, separator: UInt8?) {
        put(pair: second / 3600)
        if let separator { put(separator) }
        put(pair: second / 60 % 60)
        if let separator { put(separator) }
        put(pair: second % 60)
    }

    /// Six decimals without the zeros at their end.
    mutating func put(fraction microsecond: Int) {
        var rest = microsecond
        var place = 100_000
        while rest > 0 {
            put(UInt8(truncatingIfNeeded: 0x30 + rest / place))
            rest %= place
            place /= 10
        }
    }
}
