/// Which rows were met, as a number of them and a sum over where they stand and what they are: equal for
/// the same rows in any order, and for no others that anybody could bring about.
///
/// Sums of parts add up to the sum of all, so that a row that was lost, that came twice, or that changed
/// on its way, is noticed without any list of rows.
public struct RowTally: Sendable, Equatable {
    /// How many rows were met.
    public private(set) var count = 0
    private var sum: UInt128 = 0

    /// None.
    public init() {}

    /// Adds a row by where it stands and the print of its bytes; prints under a secret key add up to what
    /// chance alone can bring about twice.
    public mutating func add(_ place: RowPlace, line: UInt32, _ bytes: Fingerprint) {
        let print = bytes.combined(with: Int64(bitPattern: place.packed))
            .combined(with: Int64(line))
        count += 1
        sum &+= UInt128(print.high) << 64 | UInt128(print.low)
    }

    /// Adds other rows.
    public mutating func add(_ other: RowTally) {
        count += other.count
        sum &+= other.sum
    }
}

extension RowTally: FieldCoded {
    /// No rows.
    public static var blank: RowTally { RowTally() }

    /// Number and sum.
    public mutating func code(_ coder: inout FieldCoder) throws(DamagedFields) {
        try coder.code(&count)
        try coder.code(&sum)
    }
}
