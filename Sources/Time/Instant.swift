/// A moment: microseconds since 1970-01-01T00:00:00Z.
public struct Instant: Hashable, Sendable, Comparable {
    /// Microseconds since the epoch, negative before it.
    public let microseconds: Int64

    /// Stands for a time that a dump does not give; earlier than every other.
    public static let absent = Instant(microseconds: .min)

    /// Creates the moment this many microseconds after the epoch.
    @inlinable
    public init(microseconds: Int64) { self.microseconds = microseconds }

    /// Creates the moment this many seconds after the epoch.
    @inlinable
    public init(seconds: Int64) { microseconds = seconds * 1_000_000 }

    /// Whether this is a time at all.
    @inlinable
    public var isPresent: Bool { microseconds != .min }

    /// Earlier is less.
    @inlinable
    public static func < (left: Instant, right: Instant) -> Bool {
        left.microseconds < right.microseconds
    }

    /// The moment this much later.
    public func advanced(by span: TimeSpan) -> Instant {
        Instant(microseconds: microseconds + span.microseconds)
    }

    /// The whole seconds since the epoch, rounded down.
    public var seconds: Int64 {
        let (quotient, remainder) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

/// A length of time, as definitions give it: `30s`, `90m`, `12h`, `3d`.
public struct TimeSpan: Hashable, Sendable, Comparable {
    /// Microseconds, never negative.
    public let microseconds: Int64

    /// Creates a span of so many microseconds.
    public init(microseconds: Int64) { self.microseconds = microseconds }

    /// Creates a span of so many seconds.
    public init(seconds: Int64) { microseconds = seconds * 1_000_000 }

    /// Reads a whole number and one of the units s, m, h, d, w; nil for anything else.
    public init?(_ text: some StringProtocol) {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
        guard let last = text.last, let unit = units[last] else { return nil }
        let number = text.dropLast()
        guard !number.isEmpty, number.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
            let count = Int64(number)
        else { return nil }
        let (seconds, over) = count.multipliedReportingOverflow(by: unit)
        // A hundred thousand years is longer than any rule needs and safely below overflow.
        guard !over, seconds <= 3_155_760_000_000 else { return nil }
        microseconds = seconds * 1_000_000
    }

    /// Shorter is less.
    public static func < (left: TimeSpan, right: TimeSpan) -> Bool {
        left.microseconds < right.microseconds
    }
}

/// A day of the proleptic Gregorian calendar, without a zone.
public struct CivilDate: Hashable, Sendable, Comparable {
    /// Days since 1970-01-01.
    public let days: Int32

    /// Stands for a date that a dump does not give; earlier than every other.
    public static let absent = CivilDate(days: .min)

    /// Creates the date so many days after 1970-01-01.
    public init(days: Int32) { self.days = days }

    /// Creates a date, months and days from 1; nil where the calendar has none such.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= CivilDate.length(ofMonth: month, year: year)
        else { return nil }
        // Counted from 1 March, so that the leap day comes last (Hinnant's days_from_civil).
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        days = Int32(era * 146_097 + dayOfEra - 719_468)
    }

    /// Whether this is a date at all.
    public var isPresent: Bool { days != .min }

    /// Year, month and day, the latter two from 1.
    public var parts: (year: Int, month: Int, day: Int) {
        let shifted = Int(days) + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    /// Monday is 0, Sunday 6.
    public var weekday: Int { ((Int(days) + 3) % 7 + 7) % 7 }

    /// The date so many days later.
    public func adding(days count: Int) -> CivilDate { CivilDate(days: days + Int32(count)) }

    /// Earlier is less.
    public static func < (left: CivilDate, right: CivilDate) -> Bool { left.days < right.days }

    /// The number of days of a month.
    private static func length(ofMonth month: Int, year: Int) -> Int {
        if month == 2 {
            return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        }
        return [4, 6, 9, 11].contains(month) ? 30 : 31
    }
}
