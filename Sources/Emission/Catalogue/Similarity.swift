/// How alike two normalized texts are: the token sort ratio, exactly.
///
/// The words of each text are sorted and joined by a space. Their Indel distance is the number of
/// characters to delete from one and insert to get the other, and the ratio is
/// 1 − distance ÷ (sum of both lengths). Characters are Unicode scalars. This is
/// `rapidfuzz.fuzz.token_sort_ratio` over 100, for texts that are normalized already; it is kept
/// as a fraction, so that comparing never rounds. Equal ratios are equal whatever the lengths.
public struct Similarity: Sendable, Comparable {
    /// The characters to delete and insert.
    public let distance: Int
    /// The sum of both lengths, in characters; more than zero.
    public let total: Int

    init(commonLength: Int, total: Int) {
        distance = total - 2 * commonLength
        self.total = total
    }

    /// Millionths of one, rounded down, so that what misses a threshold never seems to reach it.
    public var millionths: Int64 {
        Int64(total - distance) * 1_000_000 / Int64(total)
    }

    /// Whether the ratio is at least this many millionths of one, without rounding.
    public func reaches(millionths least: Int64) -> Bool {
        Int64(total - distance) * 1_000_000 >= least * Int64(total)
    }

    /// Whether the first two texts are less alike than the second two.
    public static func < (left: Similarity, right: Similarity) -> Bool {
        (left.total - left.distance) * right.total < (right.total - right.distance) * left.total
    }

    /// Whether both ratios are the same.
    public static func == (left: Similarity, right: Similarity) -> Bool {
        (left.total - left.distance) * right.total == (right.total - right.distance) * left.total
    }
}
