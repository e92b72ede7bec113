import Testing
import Time

@Suite struct BusinessCalendarTests {
    /// Weekends of several kinds, and holidays in a heap, on weekends, and years apart.
    static let calendars: [(weekend: Set<Int>, holidays: [Int32])] = [
        ([5, 6], []), ([], []), ([4, 5], [0, 1, 2, 3]), ([6], [20_000, 20_007]),
        ([0, 1, 2, 3, 4, 5], [3, 10, 17]), ([5, 6], Array(40...75)), ([2], [-5, -4, -1, 0, 6, 7]),
    ]

    @Test(arguments: calendars)
    func agreesWithCountingDayByDay(weekend: Set<Int>, holidays: [Int32]) throws {
        let holidays = Set(holidays.map { CivilDate(days: $0) })
        let calendar = try #require(BusinessCalendar(weekend: weekend, holidays: holidays))
        func works(_ date: CivilDate) -> Bool {
            !weekend.contains(date.weekday) && !holidays.contains(date)
        }
        for start in stride(from: Int32(-30), to: 90, by: 1) {
            let from = CivilDate(days: start)
            #expect(calendar.isBusinessDay(from) == works(from))
            var next = from
            while !works(next) { next = next.adding(days: 1) }
            #expect(calendar.nextBusinessDay(onOrAfter: from) == next)

            var count = 0
            for length in 1...60 {
                let to = from.adding(days: length)
                if works(to) {
                    count += 1
                    #expect(calendar.adding(businessDays: count, to: from) == to)
                }
                #expect(calendar.businessDays(from: from, to: to) == count)
                #expect(calendar.businessDays(from: to, to: from) == 0)
            }
            #expect(calendar.businessDays(from: from, to: from) == 0)
            #expect(calendar.adding(businessDays: 0, to: from) == from)
        }
    }

    @Test func christmasIsSteppedOver() throws {
        let holidays = try [25, 26].map {
            try #require(CivilDate(year: 2025, month: 12, day: $0))
        }
        let calendar = try #require(BusinessCalendar(weekend: [5, 6], holidays: Set(holidays)))
        let eve = try #require(CivilDate(year: 2025, month: 12, day: 24))
        #expect(TimeText.text(calendar.adding(businessDays: 1, to: eve)) == "2025-12-29")
        #expect(TimeText.text(calendar.nextBusinessDay(onOrAfter: holidays[0])) == "2025-12-29")
        #expect(calendar.businessDays(from: eve, to: eve.adding(days: 7)) == 3)
    }

    @Test func centuriesCostNoMoreThanDays() throws {
        let calendar = try #require(BusinessCalendar(weekend: [5, 6], holidays: []))
        let start = CivilDate(days: -700_000)
        // Ten times 400 years are 208 710 weeks. Counting the days would take hours here.
        let end = start.adding(days: 1_460_970)
        var wrong = 0
        for _ in 0..<100_000 where calendar.businessDays(from: start, to: end) != 1_043_550 {
            wrong += 1
        }
        #expect(wrong == 0)
    }

    @Test(arguments: [
        [0, 1, 2, 3, 4, 5, 6], [7], [-1], [5, 6, 7],
    ])
    func aCalendarWithoutBusinessDaysOrWithStrangeOnesIsRefused(weekend: [Int]) {
        #expect(BusinessCalendar(weekend: Set(weekend), holidays: []) == nil)
    }

    @Test func anAbsentHolidayIsNone() throws {
        let calendar = try #require(BusinessCalendar(weekend: [], holidays: [.absent]))
        #expect(calendar.businessDays(from: CivilDate(days: 0), to: CivilDate(days: 10)) == 10)
    }
}
