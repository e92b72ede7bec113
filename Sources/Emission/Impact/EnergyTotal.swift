import Money
import Rules
import Time

/// Energy in millionths of a kilowatt-hour: what sessions measured, and what is estimated for bookings
/// that none measured.
public struct EnergyTotal: Sendable, Hashable {
    /// What sessions measured.
    public var measured: Int64
    /// What is estimated from the time that is booked.
    public var estimated: Int64

    /// So much of both.
    public init(measured: Int64 = 0, estimated: Int64 = 0) {
        self.measured = measured
        self.estimated = estimated
    }

    /// Both together; what 64 bits do not hold is the most that they do.
    public var sum: Int64 { EnergyTotal.sum(measured, estimated) }

    /// Adds other energy.
    public mutating func add(_ other: EnergyTotal) {
        measured = EnergyTotal.sum(measured, other.measured)
        estimated = EnergyTotal.sum(estimated, other.estimated)
    }

    /// The control totals notice a sum that stays behind: no run of such energy is published.
    private static func sum(_ left: Int64, _ right: Int64) -> Int64 {
        let (sum, over) = left.addingReportingOverflow(right)
        return over ? .max : sum
    }

    /// The measured share in ten-thousandths, rounded half to even; nil where there is no energy.
    public var measuredShare: Int64? {
        let whole = Int128(measured) + Int128(estimated)
        guard whole > 0 else { return nil }
        return Int64(Rate.roundHalfEven(Int128(measured) * 10_000, dividedBy: whole))
    }
}

/// When a booking begins and ends, as its dump or its order tells.
public struct BookedTimes: Sendable, Hashable {
    /// When it begins; `absent` where nothing tells.
    public var starts: Instant
    /// When it ends; `absent` where nothing tells.
    public var ends: Instant

    /// Nothing is known, unless it is given.
    public init(starts: Instant = .absent, ends: Instant = .absent) {
        self.starts = starts
        self.ends = ends
    }
}
