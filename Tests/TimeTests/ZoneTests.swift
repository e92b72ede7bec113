import Testing

@testable import Time

@Suite struct ZoneTests {
    @Test(arguments: zoneOffsets)
    func offsetsAreThoseOfTheZoneData(samples: ZoneSamples) throws {
        let zone = try #require(Zone.named(samples.zone))
        for (seconds, offset) in samples.pairs {
            #expect(
                zone.offset(at: Instant(seconds: seconds)) == Int(offset),
                "\(samples.zone) at \(seconds)")
        }
    }

    @Test(arguments: zoneLocalTimes)
    func shownTwiceIsTheEarlierAndSkippedIsShiftedForward(samples: ZoneSamples) throws {
        let zone = try #require(Zone.named(samples.zone))
        for (local, seconds) in samples.pairs {
            let day = (local >= 0 ? local : local - 86_399) / 86_400
            let instant = zone.instant(
                of: CivilDate(days: Int32(day)), microseconds: (local - day * 86_400) * 1_000_000)
            #expect(instant == Instant(seconds: seconds), "\(samples.zone) at \(local) local")
        }
    }

    @Test(arguments: zoneOffsets.map(\.zone))
    func midnightOfEveryDayFallsOnThatDayOrTheClocksSkipIt(name: String) throws {
        let zone = try #require(Zone.named(name))
        var skipped: [CivilDate] = []
        for days in stride(from: Int32(-3652), to: 40_000, by: 1) {
            let date = CivilDate(days: days)
            if zone.date(of: zone.instant(of: date)) != date { skipped.append(date) }
        }
        // Samoa went without 30 December 2011 when it crossed the date line.
        let samoa = CivilDate(year: 2011, month: 12, day: 30)
        #expect(skipped == (name == "Pacific/Apia" ? [samoa].compactMap(\.self) : []))
    }

    @Test func dateTurnsAtLocalMidnight() throws {
        let zone = try #require(Zone.named("America/New_York"))
        let midnight = Instant(seconds: 1_795_150_800)  // 2026-11-20T05:00:00Z
        let before = Instant(microseconds: midnight.microseconds - 1)
        #expect(TimeText.text(zone.date(of: midnight)) == "2026-11-20")
        #expect(TimeText.text(zone.date(of: before)) == "2026-11-19")
        #expect(zone.instant(of: zone.date(of: midnight)) == midnight)
    }

    @Test func absenceStaysAbsence() {
        #expect(Zone.utc.date(of: .absent) == .absent)
        #expect(Zone.utc.instant(of: .absent) == .absent)
    }

    @Test func fractionsOfSecondsAreKept() {
        let instant = Zone.utc.instant(of: CivilDate(days: -1), microseconds: 86_399_999_999)
        #expect(instant == Instant(microseconds: -1))
        #expect(Zone.utc.date(of: instant) == CivilDate(days: -1))
    }

    @Test(arguments: [
        "", ".", "..", "/", "../zoneinfo/UTC", "Europe/../UTC", "Europe/Stockholm/", "/etc/passwd",
        "Europe//Stockholm", "Europe", "Europe/Atlantis", "europe stockholm", "zone.tab",
        "localtime", "posixrules", "right/UTC", "posix/UTC", "Europe/Stockholm\0", "Europé",
    ])
    func namesThatAreNoZonesAreUnknown(name: String) {
        #expect(!Zone.isKnown(name))
    }

    @Test(arguments: ["UTC", "Etc/UTC", "Europe/Stockholm", "Etc/GMT+12", "Cuba", "GMT-0"])
    func namesOfZonesAreKnown(name: String) {
        #expect(Zone.isKnown(name))
        #expect(Zone.named(name)?.name == name)
    }

    @Test func utcNeedsNoZoneFile() {
        #expect(Zone.utc.name == "UTC")
        #expect(Zone.utc.offset(at: Instant(seconds: 1_795_132_800)) == 0)
        #expect(Zone.utc.offset(at: .absent) == 0)
    }

    @Test func theYearlyRuleHoldsForEver() throws {
        let zone = try #require(Zone.named("Europe/Stockholm"))
        for year in [2100, 2437, 2438, 2839, 2840, 5000, 9999] {
            let summer = try #require(CivilDate(year: year, month: 7, day: 1))
            let winter = try #require(CivilDate(year: year, month: 1, day: 15))
            #expect(zone.offset(at: zone.instant(of: summer)) == 7200, "\(year)")
            #expect(zone.offset(at: zone.instant(of: winter)) == 3600, "\(year)")
        }
        let lastOfMarch = try #require(CivilDate(year: 5000, month: 3, day: 31))
        let sunday = lastOfMarch.adding(days: -((lastOfMarch.weekday + 1) % 7))
        let before = zone.instant(of: sunday, microseconds: 7_199_999_999)
        #expect(zone.offset(at: before) == 3600)
        #expect(zone.offset(at: Instant(microseconds: before.microseconds + 1)) == 7200)
    }
}
