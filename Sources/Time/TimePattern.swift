/// How a file writes dates and times: `DD-MM-YYYY`, `YYYY/MM/DD HH:mm:ss ZZ`, `epoch`.
///
/// A pattern is made of these parts, with `-`, `/`, `.`, `:`, `,`, `T` or a space between them:
///
///     YYYY  YY         the year, of four digits or two (70 to 99 are of the last century)
///     MM  M  MMM       the month: two digits, one or two, or its English name in three letters
///     DD  D            the day: two digits, or one or two
///     HH  H            the hour from 0 to 23: two digits, or one or two
///     hh  h  AM        the hour from 1 to 12, and AM or PM, in any case
///     mm  ss           minute and second; decimals of a second may follow
///     ZZ               Z, UTC, or an offset such as +0530, +05:30 or -08
///
/// The words `iso`, `epoch` and `epoch_ms` are patterns of their own: the forms of `TimeText`, and
/// seconds or milliseconds since 1970.
public struct TimePattern: Sendable, Hashable {
    /// The pattern as it was written.
    public let text: String

    private let form: Form

    private enum Form: Sendable, Hashable {
        case iso, epoch, epochMilliseconds
        case parts([Part])
    }

    private enum Part: Sendable, Hashable {
        case year(Int)
        case month(shortest: Int)
        case monthName
        case day(shortest: Int)
        case hour(shortest: Int, isHalfDay: Bool)
        case minute, second, halfDay, offset
        case literal(UInt8)
    }

    /// A pattern for the forms that `TimeText` reads.
    public static let iso = TimePattern(text: "iso", form: .iso)

    private init(text: String, form: Form) {
        self.text = text
        self.form = form
    }

    /// Understands a pattern; nil where it is none, or has not exactly one year, month and day, or
    /// a minute without an hour.
    public init?(_ text: String) {
        self.text = text
        switch text {
        case "iso": form = .iso
        case "epoch": form = .epoch
        case "epoch_ms": form = .epochMilliseconds
        default:
            guard let parts = Self.parts(of: text), Self.isWhole(parts) else { return nil }
            form = .parts(parts)
        }
    }

    private static let words: [(String, Part)] = [
        ("YYYY", .year(4)), ("YY", .year(2)), ("MMM", .monthName), ("MM", .month(shortest: 2)),
        ("M", .month(shortest: 1)), ("DD", .day(shortest: 2)), ("D", .day(shortest: 1)),
        ("HH", .hour(shortest: 2, isHalfDay: false)), ("H", .hour(shortest: 1, isHalfDay: false)),
        ("hh", .hour(shortest: 2, isHalfDay: true)), ("h", .hour(shortest: 1, isHalfDay: true)),
        ("mm", .minute), ("ss", .second), ("AM", .halfDay), ("ZZ", .offset),
    ]

    private static func parts(of text: String) -> [Part]? {
        var parts: [Part] = []
        var rest = text[...]
        while let first = rest.utf8.first {
            if let (word, part) = words.first(where: { rest.hasPrefix($0.0) }) {
                parts.append(part)
                rest = rest.dropFirst(word.count)
            } else if "-/.:,T ".utf8.contains(first) {
                parts.append(.literal(first))
                rest = rest.dropFirst()
            } else {
                return nil
            }
        }
        return parts
    }

    private static func isWhole(_ parts: [Part]) -> Bool {
        func count(_ isMeant: (Part) -> Bool) -> Int { parts.count { isMeant($0) } }
        let years = count { if case .year = $0 { true } else { false } }
        let months = count {
            switch $0 {
            case .month, .monthName: true
            default: false
            }
        }
        let days = count { if case .day = $0 { true } else { false } }
        let hours = count { if case .hour = $0 { true } else { false } }
        let halfDays = count { $0 == .halfDay }
        let twelves = count { if case .hour(_, true) = $0 { true } else { false } }
        let minutes = count { $0 == .minute }
        let seconds = count { $0 == .second }
        let offsets = count { $0 == .offset }
        return years == 1 && months == 1 && days == 1 && hours <= 1 && halfDays == twelves
            && minutes == hours && seconds <= minutes && offsets <= hours
    }

    /// Whether a text that fits tells a time of day, and not a day alone.
    public func tellsTime(of text: UnsafeRawBufferPointer) -> Bool {
        switch form {
        case .iso: text.count > TimeText.dateLength
        case .epoch, .epochMilliseconds: true
        case .parts(let parts): parts.contains(.minute)
        }
    }

    /// The moment that a text means; without an offset, as the clocks of `zone` show it.
    ///
    /// Complexity: one pass, no allocation.
    public func instant(
        _ text: UnsafeRawBufferPointer, in zone: Zone
    ) -> Result<Instant, TimeProblem> {
        switch form {
        case .iso: return TimeText.instant(text, in: zone)
        case .epoch: return Self.sinceEpoch(text, microseconds: 1_000_000)
        case .epochMilliseconds: return Self.sinceEpoch(text, microseconds: 1_000)
        case .parts(let parts):
            do throws(TimeProblem) {
                return TimeText.resolve(try Self.fields(text, parts), in: zone)
            } catch {
                return .failure(error)
            }
        }
    }

    /// The day that a text means; of a moment, the one that `zone` shows then.
    ///
    /// Complexity: one pass, no allocation.
    public func date(
        _ text: UnsafeRawBufferPointer, in zone: Zone
    ) -> Result<CivilDate, TimeProblem> {
        switch form {
        case .iso: return TimeText.date(text, in: zone)
        case .parts(let parts) where !parts.contains(.minute):
            do throws(TimeProblem) {
                return TimeText.days(of: try Self.fields(text, parts)).map {
                    CivilDate(days: Int32($0))
                }
            } catch {
                return .failure(error)
            }
        default: return instant(text, in: zone).map(zone.date(of:))
        }
    }

    private static func sinceEpoch(
        _ text: UnsafeRawBufferPointer, microseconds: Int64
    ) -> Result<Instant, TimeProblem> {
        var value: Int64 = 0
        guard !text.isEmpty else { return .failure(.malformed(at: 0)) }
        for (index, byte) in text.enumerated() {
            let digit = byte &- 0x30
            guard digit <= 9 else { return .failure(.malformed(at: index)) }
            guard index < 15 else { return .failure(.yearOutOfRange) }
            value = value * 10 + Int64(digit)
        }
        let (product, isOver) = value.multipliedReportingOverflow(by: microseconds)
        let instant = Instant(microseconds: product)
        guard !isOver, Instant.writableSeconds.contains(instant.seconds) else {
            return .failure(.yearOutOfRange)
        }
        return .success(instant)
    }

    private static func fields(
        _ text: UnsafeRawBufferPointer, _ parts: [Part]
    ) throws(TimeProblem) -> TimeFields {
        var scanner = TimeScanner(text)
        var fields = TimeFields()
        var isHalfDay = false
        var isAfternoon = false
        for part in parts {
            switch part {
            case .year(4): fields.year = try scanner.number(4)
            case .year:
                let year = try scanner.number(2)
                fields.year = year + (year >= 70 ? 1900 : 2000)
            case .month(let shortest): fields.month = try scanner.number(shortest...2)
            case .monthName: fields.month = try scanner.monthName()
            case .day(let shortest): fields.day = try scanner.number(shortest...2)
            case .hour(let shortest, let isOfHalfDay):
                fields.hour = try scanner.number(shortest...2)
                isHalfDay = isOfHalfDay
            case .minute: fields.minute = try scanner.number(2)
            case .second:
                fields.second = try scanner.number(2)
                fields.microsecond = try scanner.fractionIfAny()
            case .halfDay: isAfternoon = try scanner.halfDay()
            case .offset: fields.offset = try scanner.offset()
            case .literal(let byte): try scanner.require(Unicode.Scalar(byte))
            }
        }
        try scanner.requireEnd()
        if isHalfDay {
            guard (1...12).contains(fields.hour) else { throw .noSuchTime }
            fields.hour = fields.hour % 12 + (isAfternoon ? 12 : 0)
        }
        return fields
    }
}
