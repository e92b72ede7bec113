/// A day of the proleptic Gregorian calendar, without a zone.
public struct CivilDate: Hashable, Sendable, Comparable {
    /// Days since 1970-01-01.
    public let days: Int32

    /// Stands for a date that a dump does not give; earlier than every other.
    public static let absent = CivilDate(days: .min)

    /// Creates the date so many days after 1970-01-01.
    public init(days: Int32) { self.days = days }

    /// Creates a date, months and days from 1; nil where the calendar has none such, or the year
    /// is not one of 1 to 9999.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= CivilDate.length(ofMonth: month, year: year)
        else { return nil }
        days = Int32(CivilDate.daysSinceEpoch(year: year, month: month, day: day))
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
    ///
    /// - Precondition: the result is within 5 million years of 1970.
    public func adding(days count: Int) -> CivilDate {
        CivilDate(days: Int32(Int(days) + count))
    }

    /// Earlier is less.
    public static func < (left: CivilDate, right: CivilDate) -> Bool { left.days < right.days }

    /// Days from 1970-01-01 to a date of year 0 or later; months and days from 1, not checked.
    static func daysSinceEpoch(year: Int, month: Int, day: Int) -> Int {
        // Counted from 1 March, so that the leap day comes last (Hinnant's days_from_civil).
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// Whether a year has a 29 February.
    static func isLeap(_ year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    /// The number of days of a month, months from 1 to 12.
    public static func length(ofMonth month: Int, year: Int) -> Int {
        if month == 2 { return isLeap(year) ? 29 : 28 }
        // Long and short months take turns, with the turn skipped from July to August.
        return 30 + (month + month / 8) % 2
    }
}
