import Testing

@testable import Time

@Suite struct ZoneFileTests {
    /// A moment in seconds since the epoch, and the offset that holds then.
    typealias Sample = (seconds: Int64, offset: Int)

    static let footers: [(footer: String, samples: [Sample])] = [
        // Permanent daylight saving, a file without any change, and an offset to the second.
        ("XXX3EDT4,0/0,J365/23", [(0, -14_400), (15_000_000, -14_400), (31_536_000, -14_400)]),
        ("<-03>3", [(0, -10_800), (9_000_000_000, -10_800)]),
        ("LMT-1:12:12", [(0, 4332)]),
        // 29 February is counted by the one form of day and not by the other: 2024-02-29 is
        // 1 709 164 800, and day 60 is 1 March with `J`, 29 February and so on without.
        ("AAA0BBB,J60/0,J300", [(1_709_164_800, 0), (1_709_251_199, 0), (1_709_251_200, 3600)]),
        ("AAA0BBB,59/0,300", [(1_709_164_799, 0), (1_709_164_800, 3600)]),
        // Times of day beyond a day and before midnight.
        ("AAA0BBB,M3.4.4/50,M10.4.4/50", [(1_711_763_999, 0), (1_711_764_000, 3600)]),
        ("AAA0BBB,M3.5.0/-1,M10.5.0", [(1_711_839_599, 0), (1_711_839_600, 3600)]),
        // The south, where the year begins in daylight saving, and a winter that is the exception.
        ("AAA-10BBB,M10.1.0,M4.1.0/3", [(1_704_067_200, 39_600), (1_719_792_000, 36_000)]),
        ("IST-1GMT0,M10.5.0,M3.5.0/1", [(1_704_067_200, 0), (1_719_792_000, 3600)]),
        ("", [(0, 1000)]),
    ]

    @Test func listedChangesHoldAndThenTheFooterDoes() throws {
        let zone = try #require(Zone(name: "Test", contents: ZoneBuilder().bytes))
        let expected: [Sample] = [
            (-62_000_000_000, 1000), (-1_000_001, 1000), (-1_000_000, 3600), (-1, 3600),
            (0, 7200), (999_999, 7200), (1_000_000, 3600),
            (7_181_999, 3600),  // 1970-03-25 is a Wednesday; the rule's Sunday is the 29th.
            (7_520_400 - 1, 3600), (7_520_400, 7200),
        ]
        for (seconds, offset) in expected {
            #expect(zone.offset(at: Instant(seconds: seconds)) == offset, "\(seconds)")
        }
    }

    @Test(arguments: ZoneFileTests.footers)
    func aFooterAloneIsAWholeZone(footer: String, samples: [Sample]) throws {
        var builder = ZoneBuilder()
        builder.starts = []
        builder.types = []
        builder.footer = footer
        let zone = try #require(Zone(name: "Test", contents: builder.bytes))
        for (seconds, offset) in samples {
            #expect(zone.offset(at: Instant(seconds: seconds)) == offset, "\(footer) \(seconds)")
        }
    }

    @Test(arguments: [
        "X", "CET", "CET-", "CET-25", "CET-1:60", "CET-1CEST", "CET-1CEST,M3.5.0",
        "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M0.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0",
        "CET-1CEST,M3.0.0,M10.5.0", "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,J0,J10",
        "CET-1CEST,J366,J10", "CET-1CEST,366,10", "CET-1CEST,M3.5.0/168,M10.5.0",
        "CET-1CEST,M3.5.0,M10.5.0/3x", "<CET-1", "CET-1CEST,M3.5.0;M10.5.0",
        "CET-1CEST,0/-167,J365/167",
    ])
    func damagedFootersAreRefused(footer: String) {
        var builder = ZoneBuilder()
        builder.footer = footer
        #expect(Zone(name: "Test", contents: builder.bytes) == nil)
    }

    @Test func aFileCutOffAnywhereIsRefused() {
        let whole = ZoneBuilder().bytes
        for length in 0..<whole.count {
            #expect(Zone(name: "Test", contents: Array(whole[..<length])) == nil, "\(length)")
        }
    }

    @Test func noDamagedByteBreaksTheReader() throws {
        let whole = ZoneBuilder().bytes
        var refused = 0
        for index in whole.indices {
            for byte: UInt8 in [0x00, 0x01, 0x7F, 0x80, 0xFF] {
                var damaged = whole
                damaged[index] = byte
                guard let zone = Zone(name: "Test", contents: damaged) else {
                    refused += 1
                    continue
                }
                let offset = zone.offset(at: Instant(seconds: 1_795_132_800))
                #expect((-93_600...93_600).contains(offset))
            }
        }
        #expect(refused > 100)
    }

    @Test func whatNoZoneMayHoldIsRefused() {
        let damages: [(inout ZoneBuilder) -> Void] = [
            { $0.starts = [5, 5, 9] },
            { $0.starts = [9, 5, 11] },
            { $0.starts = [1, 2, .max] },
            { $0.types = [1, 2, 3] },
            { builder in
                builder.starts = [0, 1, 2]
                builder.offsets = [90_000, -90_000, -80_000]
            },
            { $0.offsets = [1000, 3600, 100_000] },
            { $0.offsets = [1000, 3600, -100_000] },
            { $0.leapSeconds = 1 },
            { $0.version = 0 },
            {
                $0.offsets = []; $0.starts = []; $0.types = []
            },
        ]
        for (index, damage) in damages.enumerated() {
            var builder = ZoneBuilder()
            damage(&builder)
            #expect(Zone(name: "Test", contents: builder.bytes) == nil, "damage \(index)")
        }
    }
}

/// Makes zone files, sound by default.
struct ZoneBuilder {
    var version = UInt8(ascii: "2")
    var starts: [Int64] = [-1_000_000, 0, 1_000_000]
    var types: [UInt8] = [1, 2, 1]
    var offsets: [Int32] = [1000, 3600, 7200]
    var leapSeconds = 0
    var footer = "CET-1CEST,M3.5.0,M10.5.0/3"

    var bytes: [UInt8] {
        // Readers of the second version pass over the data of the first one.
        header(times: 1, types: 1, leapSeconds: 0) + [0, 0, 0, 0, 0] + type(0) + Array("LMT\0".utf8)
            + header(times: starts.count, types: offsets.count, leapSeconds: leapSeconds)
            + starts.flatMap(bigEndian) + types + offsets.flatMap(type) + Array("LMT\0".utf8)
            + [UInt8](repeating: 0, count: leapSeconds * 12) + Array("\n\(footer)\n".utf8)
    }

    private func header(times: Int, types: Int, leapSeconds: Int) -> [UInt8] {
        let counts = [0, 0, leapSeconds, times, types, 4].map(UInt32.init)
        return Array("TZif".utf8) + [version] + [UInt8](repeating: 0, count: 15)
            + counts.flatMap(bigEndian)
    }

    private func type(_ offset: Int32) -> [UInt8] { bigEndian(offset) + [0, 0] }

    private func bigEndian(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }
}
