/// The days on which a business works: every day but weekends and holidays.
///
/// Counting is arithmetic on whole weeks with the holidays looked up in a sorted list, so a span
/// of years costs no more than one of days.
public struct BusinessCalendar: Sendable {
    /// For each weekday, Monday first, the working days of a week up to and including it.
    private let workingDaysThrough: [Int]
    /// The working weekdays, Monday 0, rising.
    private let workingWeekdays: [Int]
    /// Holidays on working weekdays, as days since 1970-01-01, rising.
    private let holidays: [Int]

    /// Creates a calendar without these weekdays, Monday 0 to Sunday 6, and without these dates.
    ///
    /// Nil where no weekday is left to work on, or where a weekday is none.
    public init?(weekend: Set<Int>, holidays: Set<CivilDate>) {
        guard weekend.allSatisfy((0...6).contains), weekend.count < 7 else { return nil }
        workingWeekdays = (0...6).filter { !weekend.contains($0) }
        workingDaysThrough = (0...6).map { last in (0...last).count { !weekend.contains($0) } }
        self.holidays =
            holidays.filter { $0.isPresent && !weekend.contains($0.weekday) }
            .map { Int($0.days) }.sorted()
    }

    /// Whether the business works on a date.
    public func isBusinessDay(_ date: CivilDate) -> Bool {
        workingDays(through: date) > workingDays(through: date.adding(days: -1))
    }

    /// The date itself where it is a business day, else the first one after it.
    public func nextBusinessDay(onOrAfter date: CivilDate) -> CivilDate {
        adding(businessDays: 1, to: date.adding(days: -1))
    }

    /// The business day that is the `count`th after a date; the date itself for 0, whether or not
    /// it is a business day.
    ///
    /// - Precondition: `count` is not negative.
    /// - Complexity: a few steps for each holiday between, none for the days.
    public func adding(businessDays count: Int, to date: CivilDate) -> CivilDate {
        precondition(count >= 0, "business days are counted forwards")
        guard count > 0 else { return date }
        let target = workingDays(through: date) + count
        // The day is found as if the holidays before it were known, which only grow in number:
        // once that day has no more of them before it, it is the one.
        var passed = holidays(through: Int(date.days))
        while true {
            let day = weekdayNumber(target + passed)
            let holidaysThrough = holidays(through: day)
            if holidaysThrough == passed { return CivilDate(days: Int32(day)) }
            passed = holidaysThrough
        }
    }

    /// How many business days lie after `from`, up to and including `to`; 0 where `to` is not
    /// later.
    ///
    /// A Friday to the Monday after it, with both days worked, is 1.
    public func businessDays(from: CivilDate, to: CivilDate) -> Int {
        max(0, workingDays(through: to) - workingDays(through: from))
    }

    /// Working days from a fixed day long ago up to and including a date, less when earlier.
    private func workingDays(through date: CivilDate) -> Int {
        let (week, weekday) = BusinessCalendar.week(ofDay: Int(date.days))
        return week * workingWeekdays.count + workingDaysThrough[weekday]
            - holidays(through: Int(date.days))
    }

    /// The first day up to which so many days are no weekend, holidays not considered: the
    /// inverse of the count above.
    private func weekdayNumber(_ count: Int) -> Int {
        let perWeek = workingWeekdays.count
        let (quotient, remainder) = (count - 1).quotientAndRemainder(dividingBy: perWeek)
        let week = remainder < 0 ? quotient - 1 : quotient
        let index = remainder < 0 ? remainder + perWeek : remainder
        return week * 7 + workingWeekdays[index] - 3
    }

    /// How many holidays there are up to and including a day.
    private func holidays(through day: Int) -> Int {
        var low = 0
        var high = holidays.count
        while low < high {
            let middle = (low + high) / 2
            if holidays[middle] <= day { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The number of a day's week, Monday first, counted from the week of 1970-01-01.
    private static func week(ofDay day: Int) -> (week: Int, weekday: Int) {
        // 1970-01-01 was a Thursday, the third day after Monday.
        let (quotient, remainder) = (day + 3).quotientAndRemainder(dividingBy: 7)
        return remainder < 0 ? (quotient - 1, remainder + 7) : (quotient, remainder)
    }
}
