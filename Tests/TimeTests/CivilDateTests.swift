import Testing
import Time

@Suite struct CivilDateTests {
    @Test func everyDayFrom1900To2100FollowsTheOneBefore() throws {
        // A calendar kept by hand, a day at a time; 1900-01-01 was a Monday, 25 567 days before
        // the epoch.
        var year = 1900
        var month = 1
        var day = 1
        var weekday = 0
        var days: Int32 = -25_567
        while year <= 2100 {
            let date = CivilDate(days: days)
            #expect(CivilDate(year: year, month: month, day: day) == date)
            #expect(date.parts == (year, month, day))
            #expect(date.weekday == weekday)
            let isLeap = year % 4 == 0 && year != 1900 && year != 2100
            let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            day += 1
            if day > lengths[month - 1] {
                #expect(CivilDate(year: year, month: month, day: day) == nil)
                day = 1
                month += 1
            }
            if month > 12 {
                month = 1
                year += 1
            }
            weekday = (weekday + 1) % 7
            days += 1
        }
        #expect(days == 47_847)
    }

    @Test(arguments: [
        (1, 1, 1, -719_162), (1600, 2, 29, -135_081), (1970, 1, 1, 0), (2000, 2, 29, 11_016),
        (9999, 12, 31, 2_932_896),
    ])
    func farDaysAreWhereTheCalendarPutsThem(year: Int, month: Int, day: Int, days: Int32) {
        #expect(CivilDate(year: year, month: month, day: day)?.days == days)
        #expect(CivilDate(days: days).parts == (year, month, day))
    }

    @Test(arguments: [
        (0, 1, 1), (10_000, 1, 1), (2026, 0, 1), (2026, 13, 1), (2026, 1, 0), (2026, 1, 32),
        (2026, 4, 31), (2026, 2, 29), (1900, 2, 29), (2026, -1, 1), (2026, 1, -1),
        (Int.max, 1, 1), (2026, 1, Int.max),
    ])
    func daysThatTheCalendarLacksAreRefused(year: Int, month: Int, day: Int) {
        #expect(CivilDate(year: year, month: month, day: day) == nil)
    }

    @Test func datesAreOrderedAndAbsenceComesFirst() {
        let date = CivilDate(days: 20_777)
        #expect(date.adding(days: 1) > date)
        #expect(date.adding(days: -20_778).days == -1)
        #expect(CivilDate.absent < CivilDate(days: -1_000_000))
        #expect(!CivilDate.absent.isPresent)
        #expect(date.isPresent)
    }
}

@Suite struct InstantTests {
    static let roundings: [(microseconds: Int64, seconds: Int64)] = [
        (0, 0), (1, 0), (999_999, 0), (1_000_000, 1), (-1, -1), (-1_000_000, -1),
        (-1_000_001, -2), (.max, 9_223_372_036_854), (.min + 1, -9_223_372_036_855),
    ]

    @Test(arguments: roundings)
    func wholeSecondsAreRoundedDown(microseconds: Int64, seconds: Int64) {
        #expect(Instant(microseconds: microseconds).seconds == seconds)
    }

    @Test func aSpanLaterIsLater() {
        let start = Instant(seconds: -30)
        let later = start.advanced(by: TimeSpan(seconds: 60))
        #expect(later == Instant(seconds: 30))
        #expect(start < later)
        #expect(Instant.absent < start)
        #expect(!Instant.absent.isPresent)
    }
}

@Suite struct TimeSpanTests {
    @Test(arguments: [
        ("30s", 30), ("90m", 5400), ("12h", 43_200), ("3d", 259_200), ("2w", 1_209_600), ("0s", 0),
        ("007d", 604_800), ("3155760000000s", 3_155_760_000_000),
    ])
    func aNumberAndAUnitIsASpan(text: String, seconds: Int64) {
        #expect(TimeSpan(text)?.microseconds == seconds * 1_000_000)
    }

    @Test(arguments: [
        "", "s", "30", "-3d", "+3d", "3 d", " 3d", "3d ", "3D", "1.5h", "3days", "1h30m", "3y",
        "3155760000001s", "9223372036854775807w", "9223372036854775808s", "٣d", "1e3s",
    ])
    func everythingElseIsNone(text: String) {
        #expect(TimeSpan(text) == nil)
    }

    @Test func shorterIsLess() throws {
        #expect(try #require(TimeSpan("90s")) < TimeSpan(seconds: 120))
        #expect(TimeSpan("24h") == TimeSpan("1d"))
    }
}
