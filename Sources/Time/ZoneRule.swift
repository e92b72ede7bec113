/// The yearly rule at the end of a zone file, in the form of POSIX's `TZ`: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct ZoneRule {
    /// Seconds east of UTC outside of daylight saving.
    let standard: Int32
    /// Nil where the clocks never change.
    let daylight: Daylight?

    /// Daylight saving time: its offset, and when it begins and ends.
    struct Daylight {
        let offset: Int32
        let begin: Moment
        let end: Moment
    }

    /// A moment of every year, in the local time that holds before it.
    struct Moment {
        let day: Day
        /// From midnight of the day; the format allows a week in both directions.
        let seconds: Int
    }

    /// A day of every year.
    enum Day {
        /// 1 to 365, never counting 29 February.
        case withoutLeapDay(Int)
        /// 0 to 365, counting 29 February.
        case withLeapDay(Int)
        /// The week's weekday (Sunday 0) of a month; week 5 is the last one.
        case weekday(Int, week: Int, month: Int)
    }

    /// Reads a rule; nil where it is none.
    init?(_ text: ArraySlice<UInt8>) {
        var scanner = RuleScanner(text)
        guard scanner.name(), let west = scanner.time(hours: 24) else { return nil }
        standard = Int32(-west)
        if scanner.isAtEnd {
            daylight = nil
            return
        }
        guard scanner.name() else { return nil }
        var offset = standard + 3600
        if !scanner.isNext(",") {
            guard let west = scanner.time(hours: 24) else { return nil }
            offset = Int32(-west)
        }
        guard scanner.take(","), let begin = scanner.moment(), scanner.take(","),
            let end = scanner.moment(), scanner.isAtEnd
        else { return nil }
        daylight = Daylight(offset: offset, begin: begin, end: end)
    }

    /// The year's two changes in order of their moments; none where the clocks never change.
    func changes(inYear year: Int) -> [ZoneFile.Change] {
        guard let daylight else { return [] }
        let begin = ZoneFile.Change(
            start: daylight.begin.localSeconds(inYear: year) - Int64(standard),
            offset: daylight.offset)
        let end = ZoneFile.Change(
            start: daylight.end.localSeconds(inYear: year) - Int64(daylight.offset),
            offset: standard)
        return begin.start <= end.start ? [begin, end] : [end, begin]
    }
}

extension ZoneRule.Moment {
    /// Local seconds since 1970-01-01 in a year.
    fileprivate func localSeconds(inYear year: Int) -> Int64 {
        Int64(day.daysSinceEpoch(inYear: year)) * 86_400 + Int64(seconds)
    }
}

extension ZoneRule.Day {
    fileprivate func daysSinceEpoch(inYear year: Int) -> Int {
        let newYear = CivilDate.daysSinceEpoch(year: year, month: 1, day: 1)
        switch self {
        case .withoutLeapDay(let day):
            return newYear + day - (day >= 60 && CivilDate.isLeap(year) ? 0 : 1)
        case .withLeapDay(let day):
            return newYear + day
        case .weekday(let weekday, let week, let month):
            let first = CivilDate.daysSinceEpoch(year: year, month: month, day: 1)
            // 1970-01-01 was a Thursday, the fourth day after Sunday.
            let firstWeekday = ((first + 4) % 7 + 7) % 7
            let day = (weekday - firstWeekday + 7) % 7 + (week - 1) * 7
            // A month of 28 to 31 days has four or five of each weekday.
            return first + (day < CivilDate.length(ofMonth: month, year: year) ? day : day - 7)
        }
    }
}

/// Reads the parts of a rule from front to back.
private struct RuleScanner {
    private var rest: ArraySlice<UInt8>

    init(_ text: ArraySlice<UInt8>) { rest = text }

    var isAtEnd: Bool { rest.isEmpty }

    func isNext(_ mark: Unicode.Scalar) -> Bool { rest.first == UInt8(ascii: mark) }

    /// Passes over a mark; false where something else comes next.
    mutating func take(_ mark: Unicode.Scalar) -> Bool {
        guard isNext(mark) else { return false }
        rest = rest.dropFirst()
        return true
    }

    /// Passes over a zone's abbreviation: three letters or more, or anything in angle brackets.
    mutating func name() -> Bool {
        if take("<") {
            guard let end = rest.firstIndex(of: UInt8(ascii: ">")) else { return false }
            rest = rest[(end + 1)...]
            return true
        }
        let letters = rest.prefix { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A }
        rest = rest.dropFirst(letters.count)
        return letters.count >= 3
    }

    /// A number of up to three digits within a range.
    mutating func number(_ range: ClosedRange<Int>) -> Int? {
        let digits = rest.prefix(3).prefix { $0 >= 0x30 && $0 <= 0x39 }
        rest = rest.dropFirst(digits.count)
        let value = digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        return !digits.isEmpty && range.contains(value) ? value : nil
    }

    /// `[+-]hours[:minutes[:seconds]]`, in seconds.
    mutating func time(hours limit: Int) -> Int? {
        let isNegative = take("-")
        if !isNegative { _ = take("+") }
        guard let hours = number(0...limit) else { return nil }
        var seconds = hours * 3600
        for unit in [60, 1] where take(":") {
            guard let count = number(0...59) else { return nil }
            seconds += count * unit
        }
        return isNegative ? -seconds : seconds
    }

    /// A day of the year, and after a slash the time of day, by default 02:00.
    mutating func moment() -> ZoneRule.Moment? {
        guard let day = day() else { return nil }
        guard take("/") else { return ZoneRule.Moment(day: day, seconds: 7200) }
        return time(hours: 167).map { ZoneRule.Moment(day: day, seconds: $0) }
    }

    private mutating func day() -> ZoneRule.Day? {
        if take("J") { return number(1...365).map { .withoutLeapDay($0) } }
        guard take("M") else { return number(0...365).map { .withLeapDay($0) } }
        guard let month = number(1...12), take("."), let week = number(1...5), take("."),
            let weekday = number(0...6)
        else { return nil }
        return .weekday(weekday, week: week, month: month)
    }
}
