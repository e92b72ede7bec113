// Invariant of the unsafe reads here: eight bytes are loaded from an offset only behind a check
// that the text is at least eight bytes longer than that offset.

/// Why a text is no time or no date.
public enum TimeProblem: Error, Sendable, Equatable {
    /// Something other than the forms allow, at this byte, from 0.
    case malformed(at: Int)
    /// The calendar has no such day: 31 February, month 13.
    case noSuchDate
    /// The clock has no such time: 25:00, 24:00:00, a second 60, an offset of 24 hours.
    case noSuchTime
    /// Outside the years 1 to 9999, in the calendar of the text or in UTC.
    case yearOutOfRange
}

/// The text of moments and dates: what dumps may hold, and what is written.
///
/// A moment is `YYYY-MM-DD`, or that date, a `T` or a space, and `HH:MM`, `HH:MM:SS` or
/// `HH:MM:SS.f` with one to nine decimals, of which six count. After a time may stand an offset,
/// with or without a space before it: `Z`, `UTC`, `+HH`, `+HHMM` or `+HH:MM`, `-` likewise.
public enum TimeText {
    /// Reads a moment; without an offset it is what the clocks of `zone` showed, and a bare date
    /// is midnight there, as `Zone.instant(of:microseconds:)` decides.
    ///
    /// Complexity: one pass, no allocation.
    public static func instant(
        _ text: UnsafeRawBufferPointer, in zone: Zone
    ) -> Result<Instant, TimeProblem> {
        guard let fields = commonFields(text) else {
            do throws(TimeProblem) {
                var scanner = TimeScanner(text)
                return resolve(try scanner.fields(), in: zone)
            } catch {
                return .failure(error)
            }
        }
        return resolve(fields, in: zone)
    }

    /// Reads a moment from a string, as `instant(_:in:)` does from bytes.
    public static func instant(
        _ text: some StringProtocol, in zone: Zone
    ) -> Result<Instant, TimeProblem> {
        var text = String(text)
        return text.withUTF8 { instant(UnsafeRawBufferPointer($0), in: zone) }
    }

    /// Reads a date; a whole moment stands for the date that the calendars of `zone` show then.
    ///
    /// Complexity: one pass, no allocation.
    public static func date(
        _ text: UnsafeRawBufferPointer, in zone: Zone
    ) -> Result<CivilDate, TimeProblem> {
        guard text.count == 10 else { return instant(text, in: zone).map(zone.date(of:)) }
        do throws(TimeProblem) {
            var scanner = TimeScanner(text)
            let fields = try scanner.fields()
            return days(of: fields).map { CivilDate(days: Int32($0)) }
        } catch {
            return .failure(error)
        }
    }

    /// Reads a date from a string, as `date(_:in:)` does from bytes.
    public static func date(
        _ text: some StringProtocol, in zone: Zone
    ) -> Result<CivilDate, TimeProblem> {
        var text = String(text)
        return text.withUTF8 { date(UnsafeRawBufferPointer($0), in: zone) }
    }

    /// The fields of `YYYY-MM-DDTHH:MM:SS`, also with a space and with a `Z`, eight bytes at a
    /// time; nil for every other form, and for what is malformed.
    @inline(__always)
    private static func commonFields(_ text: UnsafeRawBufferPointer) -> TimeFields? {
        guard text.count == 19 || (text.count == 20 && text[19] == UInt8(ascii: "Z")),
            text[10] == UInt8(ascii: "T") || text[10] == UInt8(ascii: " ")
        else { return nil }
        // The templates, least significant byte first: 0000-00- and 00:00:00. Subtracting them
        // leaves digits below ten and separators zero.
        let date = word(text, at: 0) ^ 0x2D30_302D_3030_3030
        let time = word(text, at: 11) ^ 0x3030_3A30_303A_3030
        let day = text[8] ^ 0x30
        let dayUnit = text[9] ^ 0x30
        // Adding 0x76 sets the high bit of a byte of ten and more, adding 0x7F of any but zero.
        let wrong =
            (date | (date &+ 0x7F76_767F_7676_7676)) | (time | (time &+ 0x7676_7F76_767F_7676))
        guard wrong & 0x8080_8080_8080_8080 == 0, day <= 9, dayUnit <= 9 else { return nil }
        // Each byte becomes ten times itself and the next one.
        let datePairs = (date &* 10) &+ (date >> 8)
        let timePairs = (time &* 10) &+ (time >> 8)
        return TimeFields(
            year: Int(datePairs & 0xFF) * 100 + Int(datePairs >> 16 & 0xFF),
            month: Int(datePairs >> 40 & 0xFF), day: Int(day * 10 + dayUnit),
            hour: Int(timePairs & 0xFF), minute: Int(timePairs >> 24 & 0xFF),
            second: Int(timePairs >> 48 & 0xFF), offset: text.count == 20 ? 0 : nil)
    }

    /// Eight bytes, the first one least significant.
    @inline(__always)
    private static func word(_ text: UnsafeRawBufferPointer, at offset: Int) -> UInt64 {
        UInt64(littleEndian: text.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// Days since 1970-01-01.
    @inline(__always)
    static func days(of fields: TimeFields) -> Result<Int, TimeProblem> {
        guard fields.year > 0 else { return .failure(.yearOutOfRange) }
        guard fields.month >= 1, fields.month <= 12, fields.day >= 1,
            fields.day <= CivilDate.length(ofMonth: fields.month, year: fields.year)
        else { return .failure(.noSuchDate) }
        return .success(
            CivilDate.daysSinceEpoch(year: fields.year, month: fields.month, day: fields.day))
    }

    /// The moment that the fields mean.
    @inline(__always)
    static func resolve(
        _ fields: TimeFields, in zone: Zone
    ) -> Result<Instant, TimeProblem> {
        let days: Int
        switch TimeText.days(of: fields) {
        case .success(let count): days = count
        case .failure(let problem): return .failure(problem)
        }
        guard fields.hour < 24, fields.minute < 60, fields.second < 60 else {
            return .failure(.noSuchTime)
        }
        let local = Int64(days * 86_400 + fields.hour * 3600 + fields.minute * 60 + fields.second)
        let seconds = fields.offset.map { local - Int64($0) } ?? zone.seconds(ofLocal: local)
        guard Instant.writableSeconds.contains(seconds) else { return .failure(.yearOutOfRange) }
        return .success(
            Instant(microseconds: seconds * 1_000_000 + Int64(fields.microsecond)))
    }
}

/// The numbers of a date and a time, whether or not calendar and clock have them.
struct TimeFields {
    var year = 0
    var month = 0
    var day = 0
    var hour = 0
    var minute = 0
    var second = 0
    var microsecond = 0
    /// Seconds east of UTC; nil where the text does not say.
    var offset: Int?
}

/// Reads every form from front to back; the common ones have a faster way.
struct TimeScanner {
    let text: UnsafeRawBufferPointer
    private(set) var index = 0

    init(_ text: UnsafeRawBufferPointer) { self.text = text }

    mutating func fields() throws(TimeProblem) -> TimeFields {
        var fields = TimeFields()
        fields.year = try number(4)
        try require("-")
        fields.month = try number(2)
        try require("-")
        fields.day = try number(2)
        guard index < text.count else { return fields }

        if !take("T") { try require(" ") }
        fields.hour = try number(2)
        try require(":")
        fields.minute = try number(2)
        if take(":") {
            fields.second = try number(2)
            if take(".") { fields.microsecond = try fraction() }
        }
        guard index < text.count else { return fields }

        _ = take(" ")
        fields.offset = try offset()
        guard index == text.count else { throw .malformed(at: index) }
        return fields
    }

    /// One to nine decimals of a second, cut off to microseconds.
    mutating func fraction() throws(TimeProblem) -> Int {
        let start = index
        var microseconds = try number(1)
        while index < text.count, text[index] &- 0x30 <= 9 {
            guard index - start < 9 else { throw .malformed(at: index) }
            let digit = try number(1)
            if index - start <= 6 { microseconds = microseconds * 10 + digit }
        }
        for _ in min(index - start, 6)..<6 { microseconds *= 10 }
        return microseconds
    }

    mutating func offset() throws(TimeProblem) -> Int {
        if take("Z") { return 0 }
        if take("U") {
            try require("T")
            try require("C")
            return 0
        }
        let isWest = take("-")
        if !isWest { try require("+") }
        let hours = try number(2)
        var minutes = 0
        if index < text.count {
            _ = take(":")
            minutes = try number(2)
        }
        guard hours < 24, minutes < 60 else { throw .noSuchTime }
        let seconds = hours * 3600 + minutes * 60
        return isWest ? -seconds : seconds
    }

    /// A number of exactly so many digits.
    mutating func number(_ digits: Int) throws(TimeProblem) -> Int {
        var value = 0
        for _ in 0..<digits {
            guard index < text.count, text[index] &- 0x30 <= 9 else {
                throw .malformed(at: index)
            }
            value = value * 10 + Int(text[index] - 0x30)
            index += 1
        }
        return value
    }

    /// A number of so many digits, as many as there are.
    mutating func number(_ digits: ClosedRange<Int>) throws(TimeProblem) -> Int {
        var value = try number(digits.lowerBound)
        for _ in digits.lowerBound..<digits.upperBound {
            guard index < text.count, text[index] &- 0x30 <= 9 else { break }
            value = value * 10 + (try number(1))
        }
        return value
    }

    /// The month of an English name in three letters.
    mutating func monthName() throws(TimeProblem) -> Int {
        let names: StaticString = "janfebmaraprmayjunjulaugsepoctnovdec"
        guard index + 3 <= text.count else { throw .malformed(at: text.count) }
        for month in 0..<12
        where (0..<3).allSatisfy({
            text[index + $0] | 0x20 == names.utf8Start[month * 3 + $0]
        }) {
            index += 3
            return month + 1
        }
        throw .malformed(at: index)
    }

    /// Whether it is PM, and not AM.
    mutating func halfDay() throws(TimeProblem) -> Bool {
        let isAfternoon = take("P") || take("p")
        if !isAfternoon, !take("a") { try require("A") }
        if !take("m") { try require("M") }
        return isAfternoon
    }

    /// Microseconds, where decimals of a second follow.
    mutating func fractionIfAny() throws(TimeProblem) -> Int {
        guard index + 1 < text.count, text[index] == UInt8(ascii: "."),
            text[index + 1] &- 0x30 <= 9
        else { return 0 }
        try require(".")
        return try fraction()
    }

    mutating func requireEnd() throws(TimeProblem) {
        guard index == text.count else { throw .malformed(at: index) }
    }

    mutating func take(_ mark: Unicode.Scalar) -> Bool {
        guard index < text.count, text[index] == UInt8(ascii: mark) else { return false }
        index += 1
        return true
    }

    mutating func require(_ mark: Unicode.Scalar) throws(TimeProblem) {
        guard take(mark) else { throw .malformed(at: index) }
    }
}
