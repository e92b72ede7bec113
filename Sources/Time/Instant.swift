/// A moment: microseconds since 1970-01-01T00:00:00Z.
public struct Instant: Hashable, Sendable, Comparable {
    /// Microseconds since the epoch, negative before it.
    public let microseconds: Int64

    /// Stands for a time that a dump does not give; earlier than every other.
    public static let absent = Instant(microseconds: .min)

    /// Creates the moment this many microseconds after the epoch.
    @inlinable
    public init(microseconds: Int64) { self.microseconds = microseconds }

    /// Creates the moment this many seconds after the epoch.
    @inlinable
    public init(seconds: Int64) { microseconds = seconds * 1_000_000 }

    /// Whether this is a time at all.
    @inlinable
    public var isPresent: Bool { microseconds != .min }

    /// Earlier is less.
    @inlinable
    public static func < (left: Instant, right: Instant) -> Bool {
        left.microseconds < right.microseconds
    }

    /// The moment this much later.
    public func advanced(by span: TimeSpan) -> Instant {
        Instant(microseconds: microseconds + span.microseconds)
    }

    /// The whole seconds since the epoch, rounded down.
    public var seconds: Int64 {
        let (quotient, remainder) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

/// A length of time, as definitions give it: `30s`, `90m`, `12h`, `3d`.
public struct TimeSpan: Hashable, Sendable, Comparable {
    /// Microseconds, never negative.
    public let microseconds: Int64

    /// Creates a span of so many microseconds.
    public init(microseconds: Int64) { self.microseconds = microseconds }

    /// Creates a span of so many seconds.
    public init(seconds: Int64) { microseconds = seconds * 1_000_000 }

    /// Reads a whole number and one of the units s, m, h, d, w; nil for anything else.
    public init?(_ text: some StringProtocol) {
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
        guard let last = text.last, let unit = units[last] else { return nil }
        let number = text.dropLast()
        guard !number.isEmpty, number.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
            let count = Int64(number)
        else { return nil }
        let (seconds, over) = count.multipliedReportingOverflow(by: unit)
        // A hundred thousand years is longer than any rule needs and safely below overflow.
        guard !over, seconds <= 3_155_760_000_000 else { return nil }
        microseconds = seconds * 1_000_000
    }

    /// The whole seconds, rounded down.
    public var wholeSeconds: Int64 { microseconds / 1_000_000 }

    /// Shorter is less.
    public static func < (left: TimeSpan, right: TimeSpan) -> Bool {
        left.microseconds < right.microseconds
    }
}
