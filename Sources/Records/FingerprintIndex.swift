/// Finds the rows that have a key: an open-addressing table of row numbers.
///
/// Rows with equal keys form a chain in rising order, so whoever walks a chain meets rows in the
/// order of the input. A slot holds a tag of the key beside the row, so that a miss seldom touches
/// the rows themselves.
public struct FingerprintIndex: Sendable {
    /// Row number plus one in the lower half, a tag of the key in the upper; 0 is empty.
    private var slots: ContiguousArray<UInt64>
    /// For each row the next one with the same key, or -1; empty where no key repeats.
    private var following: ContiguousArray<Int32>
    /// The last row of each chain, by its first row; only for keys that repeat.
    private var lastOfChain: [Int32: Int32] = [:]
    private let mask: Int

    /// Indexes the rows from 0 to `count`; rows whose key is absent are left out.
    ///
    /// Complexity: linear.
    public init(count: Int, key: (Int) -> Fingerprint) {
        var capacity = 16
        while capacity < count * 2 { capacity *= 2 }
        mask = capacity - 1
        slots = ContiguousArray(repeating: 0, count: capacity)
        following = []
        for row in 0..<count {
            let print = key(row)
            guard print.isPresent else { continue }
            insert(row, print, count: count, key: key)
        }
    }

    private mutating func insert(
        _ row: Int, _ print: Fingerprint, count: Int, key: (Int) -> Fingerprint
    ) {
        let tag = print.low & 0xFFFF_FFFF_0000_0000
        var slot = Int(truncatingIfNeeded: print.high) & mask
        while slots[slot] != 0 {
            let held = slots[slot]
            let first = Int(held & 0xFFFF_FFFF) - 1
            if held & 0xFFFF_FFFF_0000_0000 == tag, key(first) == print {
                if following.isEmpty {
                    following = ContiguousArray(repeating: -1, count: count)
                }
                let last = Int(lastOfChain[Int32(first)] ?? Int32(first))
                following[last] = Int32(row)
                lastOfChain[Int32(first)] = Int32(row)
                return
            }
            slot = (slot + 1) & mask
        }
        slots[slot] = tag | UInt64(row + 1)
    }

    /// The first row that has this key, or nil.
    ///
    /// `key` must be the function that the index was made with.
    public func first(_ print: Fingerprint, key: (Int) -> Fingerprint) -> Int? {
        guard print.isPresent else { return nil }
        let tag = print.low & 0xFFFF_FFFF_0000_0000
        var slot = Int(truncatingIfNeeded: print.high) & mask
        while slots[slot] != 0 {
            let held = slots[slot]
            let row = Int(held & 0xFFFF_FFFF) - 1
            if held & 0xFFFF_FFFF_0000_0000 == tag, key(row) == print { return row }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// The next row with the same key as this one, or nil.
    public func next(after row: Int) -> Int? {
        guard !following.isEmpty, following[row] >= 0 else { return nil }
        return Int(following[row])
    }

    /// Whether any key belongs to more than one row.
    public var hasRepeats: Bool { !following.isEmpty }
}
