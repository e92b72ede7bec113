import Testing

@testable import Time

@Suite struct TimeTextTests {
    /// 2026-11-20T02:00:00Z.
    static let two = Instant(seconds: 1_795_140_000)

    @Test(arguments: [
        "2026-11-20T02:00:00Z", "2026-11-20 02:00:00Z", "2026-11-20T02:00:00", "2026-11-20 02:00",
        "2026-11-20T02:00Z", "2026-11-20 02:00:00 UTC", "2026-11-20 02:00:00UTC",
        "2026-11-20T02:00:00+00:00", "2026-11-20T02:00:00-00:00", "2026-11-20 03:00:00+01",
        "2026-11-20 03:00:00 +0100", "2026-11-20 06:00+04", "2026-11-20T07:30:00 +05:30",
        "2026-11-19T21:00-05",
        "2026-11-20T02:00:00.0Z", "2026-11-20T02:00:00.000000000", "2026-11-20T02:00:00.0000009Z",
        "2026-11-21T01:59+23:59",
    ])
    func everyFormIsRead(text: String) {
        #expect(TimeText.instant(text, in: .utc) == .success(Self.two))
    }

    @Test(arguments: [
        ("2026-11-20T02:00:00.5Z", 500_000), ("2026-11-20T02:00:00.123456", 123_456),
        ("2026-11-20T02:00:00.123456999+00", 123_456), ("2026-11-20T02:00:00.000001 Z", 1),
        ("2026-11-20T02:00:00.05", 50_000), ("2026-11-20T02:00:00.1234567", 123_456),
    ])
    func fractionsAreCutOffToMicroseconds(text: String, microseconds: Int64) {
        let expected = Instant(microseconds: Self.two.microseconds + microseconds)
        #expect(TimeText.instant(text, in: .utc) == .success(expected))
    }

    @Test func withoutOffsetTheZoneDecides() throws {
        let zone = try #require(Zone.named("Europe/Stockholm"))
        let expected = [
            "2026-11-20": "2026-11-19T23:00:00Z",
            "2026-07-01": "2026-06-30T22:00:00Z",
            "2026-11-20 03:00": "2026-11-20T02:00:00Z",
            "2026-11-20T03:00:00": "2026-11-20T02:00:00Z",
            "2026-11-20T03:00:00.25": "2026-11-20T02:00:00.25Z",
            "2026-11-20T03:00:00Z": "2026-11-20T03:00:00Z",
            "2026-03-29 02:30:00": "2026-03-29T01:30:00Z",
            "2026-10-25 02:30:00": "2026-10-25T00:30:00Z",
        ]
        for (text, written) in expected {
            let instant = try TimeText.instant(text, in: zone).get()
            #expect(TimeText.text(instant) == written, "\(text)")
        }
    }

    @Test(arguments: [
        ("", 0), ("2", 1), ("20261120", 4), ("2026/11/20", 4), ("2026-1-20", 6), ("2026-11-2", 9),
        ("2026-11-20 ", 11), ("2026-11-20T", 11), ("2026-11-20t02:00:00Z", 10),
        ("2026-11-20Z", 10), ("2026-11-20T02", 13), ("2026-11-20T02:00:", 17),
        ("2026-11-20T02:00:0", 18), ("2026-11-20T02:00:00.", 20), ("2026-11-20T02:00:00.Z", 20),
        ("2026-11-20T02:00:00,5", 19), ("2026-11-20T02:00:00.1234567890", 29),
        ("2026-11-20T02:00:00z", 19), ("2026-11-20T02:00:00ZZ", 20), ("2026-11-20T02:00:00 ", 20),
        ("2026-11-20T02:00:00  Z", 20), ("2026-11-20T02:00:00+", 20),
        ("2026-11-20T02:00:00+1", 21), ("2026-11-20T02:00:00+01:", 23),
        ("2026-11-20T02:00:00+01000", 24), ("2026-11-20T02:00:00+01:00:00", 25),
        ("2026-11-20T02:00:00 GMT", 20), ("2026-11-20T02:00:00U", 20), (" 2026-11-20", 0),
        ("-026-11-20", 0), ("10000-01-01", 4), ("2026-11-20T0２:00", 12), ("2026-11-20 AM", 11),
        ("2026-11-20T02:00:0:", 18), ("2026-11-20T02-00:00", 13), ("202a-11-20T02:00:00", 3),
        ("2026-11-20T02:00:0/", 18), ("2026-11-20X02:00:00", 10), ("2026-11-20T 2:00:00", 11),
    ])
    func whatIsNoTimeIsMalformedAtItsByte(text: String, byte: Int) {
        #expect(TimeText.instant(text, in: .utc) == .failure(.malformed(at: byte)))
    }

    @Test(arguments: [
        ("2026-02-31", TimeProblem.noSuchDate), ("2026-02-29T00:00:00Z", .noSuchDate),
        ("1900-02-29 10:00", .noSuchDate), ("2026-13-01", .noSuchDate),
        ("2026-00-01", .noSuchDate), ("2026-04-31T10:00:00", .noSuchDate),
        ("2026-01-00", .noSuchDate), ("2026-01-32", .noSuchDate),
        ("2026-01-01T24:00:00", .noSuchTime), ("2026-01-01T25:00", .noSuchTime),
        ("2026-01-01T10:60:00Z", .noSuchTime), ("2026-01-01T10:00:60Z", .noSuchTime),
        ("2026-12-31 23:59:60.5", .noSuchTime), ("2026-01-01T10:00:00+24:00", .noSuchTime),
        ("2026-01-01T10:00:00+01:60", .noSuchTime), ("0000-01-01", .yearOutOfRange),
        ("0000-01-01T00:00:00Z", .yearOutOfRange), ("0001-01-01T00:00+01", .yearOutOfRange),
        ("9999-12-31T23:59:59-01", .yearOutOfRange),
    ])
    func whatCalendarAndClockLackIsTold(text: String, problem: TimeProblem) {
        #expect(TimeText.instant(text, in: .utc) == .failure(problem))
    }

    @Test(arguments: [
        "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999Z", "2024-02-29T12:00:00Z",
    ])
    func theEndsOfTheRangeAreWrittenAsTheyWereRead(text: String) throws {
        #expect(TimeText.text(try TimeText.instant(text, in: .utc).get()) == text)
    }

    @Test func theFastWayAndTheGeneralOneAgreeOnEveryByte() throws {
        let text = Array("2026-11-20T02:03:04".utf8)
        for index in text.indices {
            for byte in UInt8.min...UInt8.max {
                // A sign in place of the second colon makes 02:03 with an offset of four hours.
                let isSign = byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-")
                if index == 16, isSign { continue }
                var changed = text
                changed[index] = byte
                // A fraction of zero means the same and takes the general way.
                let fast = changed.withUnsafeBytes { TimeText.instant($0, in: .utc) }
                let general = (changed + Array(".0".utf8)).withUnsafeBytes {
                    TimeText.instant($0, in: .utc)
                }
                #expect(fast == general, "byte \(byte) at \(index)")
            }
        }
    }

    @Test func everyMomentComesBackAsItWasWritten() throws {
        var generator = SeededGenerator(seed: 20_261_120)
        let range = Instant.writableSeconds
        for round in 0..<20_000 {
            let seconds = Int64.random(in: range, using: &generator)
            let place: Int64 = [1, 10, 1000, 100_000, 1_000_000][round % 5]
            let fraction = Int64.random(in: 0..<1_000_000, using: &generator) / place * place
            let instant = Instant(microseconds: seconds * 1_000_000 + fraction)
            let text = TimeText.text(instant)
            #expect(TimeText.instant(text, in: .utc) == .success(instant), "\(text)")
        }
    }

    @Test(arguments: [
        (1_795_140_000_000_000, "2026-11-20T02:00:00Z", "20261120T020000Z"),
        (1_795_140_000_500_000, "2026-11-20T02:00:00.5Z", "20261120T020000Z"),
        (1_795_140_000_000_001, "2026-11-20T02:00:00.000001Z", "20261120T020000Z"),
        (1_795_140_000_120_300, "2026-11-20T02:00:00.1203Z", "20261120T020000Z"),
        (-1, "1969-12-31T23:59:59.999999Z", "19691231T235959Z"),
        (-62_135_596_800_000_000, "0001-01-01T00:00:00Z", "00010101T000000Z"),
    ])
    func momentsAreWrittenInUTC(microseconds: Int64, text: String, compact: String) {
        let instant = Instant(microseconds: microseconds)
        #expect(TimeText.text(instant) == text)
        #expect(TimeText.compactText(instant) == compact)
    }

    @Test func writingReturnsItsLengthAndTouchesNothingBehindIt() {
        var bytes = [UInt8](repeating: 0x23, count: TimeText.longestInstant)
        let length = bytes.withUnsafeMutableBytes { TimeText.write(Self.two, into: $0) }
        #expect(String(decoding: bytes, as: UTF8.self) == "2026-11-20T02:00:00Z#######")
        #expect(length == 20)
        let dateLength = bytes.withUnsafeMutableBytes {
            TimeText.write(CivilDate(days: 0), into: $0)
        }
        #expect(String(decoding: bytes, as: UTF8.self) == "1970-01-01T02:00:00Z#######")
        #expect(dateLength == TimeText.dateLength)
    }

    @Test func absenceIsWrittenAsNothing() {
        #expect(TimeText.text(Instant.absent).isEmpty)
        #expect(TimeText.text(CivilDate.absent).isEmpty)
        #expect(TimeText.compactText(.absent).isEmpty)
    }

    @Test(arguments: [
        ("2026-11-20", "2026-11-20"), ("2026-11-20T23:30:00Z", "2026-11-21"),
        ("2026-11-20 23:30:00", "2026-11-20"), ("2026-06-30T22:00:00Z", "2026-07-01"),
        ("2026-11-21T00:10:00+05:30", "2026-11-20"), ("0001-01-01", "0001-01-01"),
        ("9999-12-31", "9999-12-31"),
    ])
    func aDateIsTheDayInTheZone(text: String, date: String) throws {
        let zone = try #require(Zone.named("Europe/Stockholm"))
        #expect(TimeText.text(try TimeText.date(text, in: zone).get()) == date)
    }

    @Test(arguments: [
        ("2026-02-30", TimeProblem.noSuchDate), ("0000-12-31", .yearOutOfRange),
        ("2026-1-1", .malformed(at: 6)), ("2026-11-2x", .malformed(at: 9)),
        ("2026-11-20T24:00", .noSuchTime), ("", .malformed(at: 0)),
    ])
    func whatIsNoDateIsTold(text: String, problem: TimeProblem) {
        #expect(TimeText.date(text, in: .utc) == .failure(problem))
    }
}

/// The same numbers on every machine, from a seed.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
