/// An IANA time zone: which offset from UTC its clocks show, at any moment.
///
/// The offsets are read once from the machine's zone files; a lookup afterwards takes a step or
/// two in a table, without allocation or lock.
public struct Zone: Sendable {
    /// The name it was asked for by, such as `Africa/Accra`.
    public var name: String { clock.name }

    private let clock: Clock

    /// The calendar repeats after 400 years, weekdays included, and so do yearly rules.
    static let cycle: Int64 = 146_097 * 86_400

    /// Coordinated universal time; needs no zone files.
    public static let utc = Zone(fixedOffset: 0, name: "UTC")

    /// The zone of this IANA name, such as `Europe/Stockholm`; `UTC` needs no zone files.
    ///
    /// Nil where the machine knows no such zone, where its file is damaged, and where the name is
    /// no portable one: the machine's own `localtime`, a path, or a copy that counts leap seconds.
    ///
    /// Complexity: reads a file at every call; keep the result.
    public static func named(_ name: String) -> Zone? {
        if name == "UTC" || name == "Etc/UTC" { return Zone(fixedOffset: 0, name: name) }
        guard let contents = ZoneFile.contents(ofZone: name) else { return nil }
        return Zone(name: name, contents: contents)
    }

    /// A zone whose clocks are always so many seconds ahead of UTC; nil for a day and more.
    public static func fixed(offset seconds: Int) -> Zone? {
        guard abs(seconds) < 86_400 else { return nil }
        let minutes = abs(seconds) / 60
        let hours = minutes / 60
        let name =
            (seconds < 0 ? "-" : "+") + (hours < 10 ? "0" : "") + "\(hours):"
            + (minutes % 60 < 10 ? "0" : "") + "\(minutes % 60)"
        return Zone(fixedOffset: Int32(seconds), name: name)
    }

    /// Whether `named(_:)` finds a zone of this name.
    public static func isKnown(_ name: String) -> Bool { named(name) != nil }

    /// Creates a zone whose clocks never change, `fixedOffset` seconds east of UTC.
    init(fixedOffset: Int32, name: String) {
        clock = Clock(
            name: name, starts: [], localStarts: [], offsets: [fixedOffset], horizon: .max)
    }

    /// Reads a zone from the contents of its file; nil where they are damaged.
    init?(name: String, contents: [UInt8]) {
        guard let file = ZoneFile(contents) else { return nil }
        var starts: [Int64] = []
        var localStarts: [Int64] = []
        var offsets = [file.firstOffset]
        for change in file.changes {
            guard let before = offsets.last, change.offset != before else { continue }
            starts.append(change.start)
            // An hour shown twice means its first turn, and a skipped one is counted on with the
            // offset before the gap. So the later offset begins where neither is the case.
            let localStart = change.start + Int64(max(before, change.offset))
            // No clock is changed back before the change is over; such a file is damaged.
            guard localStarts.last.map({ $0 <= localStart }) ?? true else { return nil }
            localStarts.append(localStart)
            offsets.append(change.offset)
        }
        clock = Clock(
            name: name, starts: starts, localStarts: localStarts, offsets: offsets,
            horizon: file.horizon)
    }

    /// What the zone's clocks show ahead of UTC at a moment, in seconds; negative in the west.
    public func offset(at instant: Instant) -> Int {
        Int(clock.offset(at: instant.seconds, among: clock.starts))
    }

    /// The date that the zone's calendars show at a moment; absent for an absent moment.
    public func date(of instant: Instant) -> CivilDate {
        guard instant.isPresent else { return .absent }
        let local = instant.seconds + clock.offset(at: instant.seconds, among: clock.starts)
        let (day, second) = local.quotientAndRemainder(dividingBy: 86_400)
        return CivilDate(days: Int32(second < 0 ? day - 1 : day))
    }

    /// The moment at which the zone's clocks show a date and a time of day, the latter as
    /// microseconds since midnight; absent for an absent date.
    ///
    /// A time that the clocks show twice means the earlier moment. A time that they skip is
    /// shifted forward by the gap, so that 02:30 becomes 03:30 where an hour is skipped.
    ///
    /// - Precondition: the date is within 200 000 years of 1970.
    public func instant(of date: CivilDate, microseconds: Int64 = 0) -> Instant {
        guard date.isPresent else { return .absent }
        let midnight = Int64(date.days) * 86_400
        let (second, fraction) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        return Instant(
            microseconds: seconds(ofLocal: midnight + second) * 1_000_000 + fraction)
    }

    /// Seconds since the epoch when clocks show so many seconds since 1970-01-01, as
    /// `instant(of:microseconds:)` decides.
    func seconds(ofLocal local: Int64) -> Int64 {
        local - clock.offset(at: local, among: clock.localStarts)
    }
}

/// A zone's name and changes; one object, so that a zone is handed on without counting four references.
private final class Clock: Sendable {
    let name: String
    /// Moments at which the offset changes, in seconds since the epoch, rising.
    let starts: Changes
    /// The same changes in local seconds: from each of these on, clocks show the later offset only.
    let localStarts: Changes
    /// Offsets in seconds east of UTC: `offsets[n]` holds after `n` changes.
    let offsets: [Int32]
    /// From this second on the 400 years before it repeat; out of reach where nothing repeats.
    let horizon: Int64

    init(
        name: String, starts: [Int64], localStarts: [Int64], offsets: [Int32], horizon: Int64
    ) {
        self.name = name
        self.starts = Changes(starts)
        self.localStarts = Changes(localStarts)
        self.offsets = offsets
        self.horizon = horizon
    }

    /// The offset after the last change at or before a second.
    func offset(at seconds: Int64, among changes: Changes) -> Int64 {
        var second = seconds
        if second >= horizon {
            second -= ((second - horizon) / Zone.cycle + 1) * Zone.cycle
        }
        return Int64(offsets[changes.count(through: second)])
    }
}

/// Moments in rising order, with equal stretches of time laid over them, so that the few that
/// matter to a moment are found at once; a binary search takes several times as long.
private struct Changes: Sendable {
    private let moments: [Int64]
    /// For each stretch, how many moments lie before it.
    private let passed: [Int]
    /// Where the first stretch begins.
    private let origin: Int64
    /// The binary logarithm of a stretch's length.
    private let shift: Int64

    init(_ moments: [Int64]) {
        self.moments = moments
        let origin = moments.first ?? 0
        let span = (moments.last ?? 0) - origin
        // Changes half a year apart for half a millennium get stretches of three months.
        var shift: Int64 = 0
        while span >> shift >= 4096 { shift += 1 }
        var passed: [Int] = []
        for stretch in 0...(span >> shift) {
            var count = passed.last ?? 0
            while count < moments.count, moments[count] < origin + (stretch << shift) { count += 1 }
            passed.append(count)
        }
        self.origin = origin
        self.shift = shift
        self.passed = passed
    }

    /// How many of the moments are at or before this one.
    func count(through moment: Int64) -> Int {
        guard moment >= origin else { return 0 }
        var count = passed[min(Int((moment - origin) >> shift), passed.count - 1)]
        while count < moments.count, moments[count] <= moment { count += 1 }
        return count
    }
}
