import Money
import Time

/// What a booked hour and a kilowatt-hour stand for in users' summaries.
///
/// Every factor is a count of millionths, so that nothing is ever rounded but a result.
public struct ImpactRules: Sendable, Hashable {
    /// The energy of an hour that is booked, in millionths of a kilowatt-hour.
    public var energyPerHour: Int64 = 1_000_000
    /// The CO₂ that a kilowatt-hour prevents, in millionths of a kilogram; nil where it is not told.
    public var co2PerKWh: Int64?
    /// What a kilowatt-hour saves, in millionths of the pipeline's currency; nil where it is not
    /// told.
    public var savedPerKWh: Int64?

    /// A kilowatt-hour for each hour, and nothing else.
    public init() {}

    /// The longest time that is booked at once: what is longer is a mistake, or no slot.
    public static let longestBooking = TimeSpan(seconds: 31 * 86_400)

    /// The energy of a booked time, in millionths of a kilowatt-hour, rounded half to even; nothing
    /// where it does not end after it begins, or is longer than anybody books.
    public func energy(from start: Instant, to end: Instant) -> Int64 {
        guard start.isPresent, end > start else { return 0 }
        let (span, over) = end.microseconds.subtractingReportingOverflow(start.microseconds)
        guard !over, span <= ImpactRules.longestBooking.microseconds else { return 0 }
        return Rate.roundHalfEven(span, times: energyPerHour, dividedBy: 3_600_000_000)
    }

    /// The CO₂ that so much energy prevents, in grams, rounded half to even; nil where it is not
    /// told.
    public func co2Grams(of energy: Int64) -> Int64? {
        co2PerKWh.map { ImpactRules.product(energy, $0, in: 1_000) }
    }

    /// What so much energy saves, in minor units, rounded half to even; nil where it is not told.
    public func saved(of energy: Int64, in currency: Currency) -> Int64? {
        savedPerKWh.map { rate in
            var units: Int128 = 1
            for _ in 0..<currency.digits { units *= 10 }
            return ImpactRules.product(energy, rate, in: units)
        }
    }

    /// Millionths times millionths in so many parts of one, rounded half to even; what 64 bits do not
    /// hold is the most that they do.
    private static func product(_ left: Int64, _ right: Int64, in parts: Int128) -> Int64 {
        Int64(
            clamping: Rate.roundHalfEven(
                Int128(left) * Int128(right) * parts, dividedBy: 1_000_000_000_000))
    }
}
