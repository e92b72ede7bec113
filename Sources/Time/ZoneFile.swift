import Glibc

/// A zone as its file tells it: the TZif format of RFC 9636, from version 2 on.
///
/// Every count and index of the file is checked before it is used, so that a damaged file is
/// refused and never read past its end.
struct ZoneFile {
    /// A moment, in seconds since the epoch, and the offset that holds from then on.
    struct Change {
        let start: Int64
        let offset: Int32
    }

    /// Seconds east of UTC before the first change.
    let firstOffset: Int32
    /// In order of their moments, with 400 years and more of the yearly rule laid out at the end.
    let changes: [Change]
    /// From this second on the 400 years before it repeat; `Int64.max` without a yearly rule.
    let horizon: Int64

    /// Where the system keeps its zones.
    private static let folder = "/usr/share/zoneinfo"
    /// Real zone files have a few kilobytes.
    private static let largestFile = 1 << 18
    private static let headerLength = 44

    /// Reads the contents of a zone file; nil where they are damaged or of the first version,
    /// which ends in 2038.
    init?(_ contents: [UInt8]) {
        var reader = ByteReader(contents)
        guard let old = Counts(&reader), reader.skip(old.length(timeWidth: 4)),
            let counts = Counts(&reader), counts.leapSeconds == 0, counts.types > 0,
            reader.remains(counts.length(timeWidth: 8)),
            let listed = ZoneFile.changes(&reader, counts),
            reader.skip(counts.characters + counts.standardFlags + counts.universalFlags),
            let footer = reader.line()
        else { return nil }

        guard !footer.isEmpty else {
            firstOffset = listed.first
            changes = listed.changes
            horizon = .max
            return
        }
        guard let rule = ZoneRule(footer),
            let laidOut = ZoneFile.extend(listed.changes, by: rule)
        else { return nil }
        // Without a change the rule holds for all time; after one, it repeats that one's offset.
        let isRuleAlone = listed.changes.isEmpty && rule.daylight == nil
        firstOffset = isRuleAlone ? rule.standard : listed.first
        changes = laidOut.changes
        horizon = laidOut.horizon
    }

    /// The listed changes, and the offset before them, which is the first of the types.
    private static func changes(
        _ reader: inout ByteReader, _ counts: Counts
    ) -> (first: Int32, changes: [Change])? {
        // Beyond two hundred million years there is nothing to know, and sums cannot overflow.
        let limit = Int64(1) << 53
        var starts: [Int64] = []
        for _ in 0..<counts.times {
            guard let start = reader.integer(Int64.self), start < limit,
                starts.last.map({ $0 < start }) ?? true
            else { return nil }
            starts.append(max(start, -limit))
        }
        var types: [Int] = []
        for _ in 0..<counts.times {
            guard let type = reader.integer(UInt8.self), type < counts.types else { return nil }
            types.append(Int(type))
        }
        var offsets: [Int32] = []
        for _ in 0..<counts.types {
            // The format allows no more than a day and two hours.
            guard let offset = reader.integer(Int32.self), (-93_600...93_600).contains(offset),
                reader.skip(2)
            else { return nil }
            offsets.append(offset)
        }
        return (offsets[0], zip(starts, types).map { Change(start: $0, offset: offsets[$1]) })
    }

    /// Lays out a yearly rule after the last listed change, for 400 years and two more.
    private static func extend(
        _ listed: [Change], by rule: ZoneRule
    ) -> (changes: [Change], horizon: Int64)? {
        guard rule.daylight != nil else { return (listed, .max) }
        let last = listed.last?.start ?? .min
        let earliest = Int64(CivilDate.daysSinceEpoch(year: 1, month: 1, day: 1)) * 86_400
        let latest = Int64(CivilDate.daysSinceEpoch(year: 9999, month: 1, day: 1)) * 86_400
        guard last < latest else { return nil }
        let begin = CivilDate(days: Int32(max(last, earliest) / 86_400)).parts.year
        var changes = listed
        for year in max(begin - 1, 1)...(begin + 402) {
            for change in rule.changes(inYear: year) where change.start > last {
                guard changes.last.map({ $0.start <= change.start }) ?? true else { return nil }
                changes.append(change)
            }
        }
        // A year of rule lies on both sides of the repeated stretch, so that no listed change is
        // repeated and local times near its ends are decided by the rule too.
        let days = CivilDate.daysSinceEpoch(year: begin + 402, month: 1, day: 1)
        return (changes, Int64(days) * 86_400)
    }
}

extension ZoneFile {
    /// The counts of a header, which tell the length of the data behind it.
    private struct Counts {
        let universalFlags, standardFlags, leapSeconds, times, types, characters: Int

        /// Reads a header; nil where it is none.
        init?(_ reader: inout ByteReader) {
            guard reader.remains(ZoneFile.headerLength),
                reader.integer(UInt32.self) == 0x545A_6966,  // "TZif"
                let version = reader.integer(UInt8.self), version >= UInt8(ascii: "2"),
                reader.skip(15)
            else { return nil }
            var counts: [Int] = []
            for _ in 0..<6 {
                guard let count = reader.integer(UInt32.self), count <= ZoneFile.largestFile else {
                    return nil
                }
                counts.append(Int(count))
            }
            universalFlags = counts[0]
            standardFlags = counts[1]
            leapSeconds = counts[2]
            times = counts[3]
            types = counts[4]
            characters = counts[5]
        }

        /// Bytes of data, where a moment takes `timeWidth` of them.
        func length(timeWidth: Int) -> Int {
            times * (timeWidth + 1) + types * 6 + characters + leapSeconds * (timeWidth + 4)
                + standardFlags + universalFlags
        }
    }

    /// The bytes of the system's file of a zone; nil where the name is not one of a portable zone
    /// or there is no such file.
    static func contents(ofZone name: String) -> [UInt8]? {
        guard isPortable(name), let root = resolved(folder),
            let path = resolved(folder + "/" + name), path.hasPrefix(root + "/")
        else { return nil }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: largestFile)
        var filled = 0
        while filled < bytes.count {
            let count = bytes.withUnsafeMutableBytes {
                read(descriptor, $0.baseAddress?.advanced(by: filled), $0.count - filled)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { return Array(bytes[..<filled]) }
            filled += count
        }
        return nil
    }

    /// Whether a name means the same on every machine and stays inside the folder of zones.
    ///
    /// `localtime` and `posixrules` are the machine's own; `right` counts leap seconds, which no
    /// dump does, and `posix` only repeats the rest.
    static func isPortable(_ name: String) -> Bool {
        let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        let isPlain = parts.allSatisfy { part in
            !part.isEmpty && part.first != UInt8(ascii: ".")
                && part.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"),
                        UInt8(ascii: "A")...UInt8(ascii: "Z"),
                        UInt8(ascii: "0")...UInt8(ascii: "9"),
                        UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                        true
                    default: false
                    }
                }
        }
        let ownNames = ["localtime", "posixrules", "posix", "right"]
        return isPlain && name.utf8.count <= 255
            && !ownNames.contains { name == $0 || name.hasPrefix($0 + "/") }
    }

    /// The path without links; zones' old names are links to their new ones.
    private static func resolved(_ path: String) -> String? {
        guard let buffer = realpath(path, nil) else { return nil }
        defer { free(buffer) }
        return String(cString: buffer)
    }
}

/// Reads bytes from front to back, most significant first; nothing is read past the end.
struct ByteReader {
    private var rest: ArraySlice<UInt8>

    /// Begins at the first byte.
    init(_ bytes: [UInt8]) { rest = bytes[...] }

    /// Whether so many bytes are left.
    func remains(_ count: Int) -> Bool { rest.count >= count }

    /// Passes over so many bytes; false where fewer are left.
    mutating func skip(_ count: Int) -> Bool {
        guard remains(count) else { return false }
        rest = rest.dropFirst(count)
        return true
    }

    /// The next number; nil where too few bytes are left.
    mutating func integer<Number: FixedWidthInteger>(_: Number.Type) -> Number? {
        let width = Number.bitWidth / 8
        guard remains(width) else { return nil }
        var bits: UInt64 = 0
        for byte in rest.prefix(width) { bits = bits << 8 | UInt64(byte) }
        rest = rest.dropFirst(width)
        return Number(truncatingIfNeeded: bits)
    }

    /// What stands between two line feeds, the first of which comes next; nil where it does not.
    mutating func line() -> ArraySlice<UInt8>? {
        guard integer(UInt8.self) == 0x0A, let end = rest.firstIndex(of: 0x0A) else { return nil }
        return rest[..<end]
    }
}
