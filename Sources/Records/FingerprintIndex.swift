/// Finds the rows that have a key: an open-addressing table of row numbers.
///
/// Rows with equal keys form a chain in rising order, so whoever walks a chain meets rows in the
/// order of the input. A slot holds a tag of the key beside the row, so that a miss seldom touches
/// the rows themselves.
public struct FingerprintIndex: Sendable {
    /// Row number plus one in the lower half, a tag of the key in the upper; 0 is empty.
    ///
    /// The row is the last of its chain.
    @usableFromInline var slots: ContiguousArray<UInt64>
    /// For each row the next one with the same key, for the last one the first again, or -1 where
    /// there is no other; empty where no key repeats.
    @usableFromInline var following: ContiguousArray<Int32>
    @usableFromInline let mask: Int

    /// Indexes the rows from 0 to `count`; rows whose key is absent are left out.
    ///
    /// Complexity: linear.
    @inlinable
    public init(count: Int, key: (Int) -> Fingerprint) {
        var capacity = 16
        while capacity < count * 2 { capacity *= 2 }
        mask = capacity - 1
        slots = ContiguousArray(repeating: 0, count: capacity)
        following = []
        withUnsafeTemporaryAllocation(of: Fingerprint.self, capacity: Lookahead.blockSize) {
            prints in
            for row in 0..<count {
                if let block = Lookahead.block(at: row, of: count) {
                    for place in block {
                        prints.initializeElement(at: place - row, to: key(place))
                    }
                    fetchSlots(block) { prints[$0 - row] }
                }
                let print = prints[row % Lookahead.blockSize]
                if print.isPresent { insert(row, print, count: count, key: key) }
            }
        }
    }

    @inlinable
    mutating func insert(
        _ row: Int, _ print: Fingerprint, count: Int, key: (Int) -> Fingerprint
    ) {
        let tag = print.low & 0xFFFF_FFFF_0000_0000
        var slot = Int(truncatingIfNeeded: print.high) & mask
        while slots[slot] != 0 {
            let held = slots[slot]
            let last = Int(held & 0xFFFF_FFFF) - 1
            if held & 0xFFFF_FFFF_0000_0000 == tag, key(last) == print {
                if following.isEmpty {
                    following = ContiguousArray(repeating: -1, count: count)
                }
                following[row] = following[last] < 0 ? Int32(last) : following[last]
                following[last] = Int32(row)
                break
            }
            slot = (slot + 1) & mask
        }
        slots[slot] = tag | UInt64(row + 1)
    }

    /// The first row that has this key, or nil.
    ///
    /// `key` must be the function that the index was made with.
    @inlinable
    public func first(_ print: Fingerprint, key: (Int) -> Fingerprint) -> Int? {
        guard print.isPresent else { return nil }
        let tag = print.low & 0xFFFF_FFFF_0000_0000
        var slot = Int(truncatingIfNeeded: print.high) & mask
        while slots[slot] != 0 {
            let held = slots[slot]
            let last = Int(held & 0xFFFF_FFFF) - 1
            if held & 0xFFFF_FFFF_0000_0000 == tag, key(last) == print {
                return following.isEmpty || following[last] < 0 ? last : Int(following[last])
            }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// The next row with the same key as this one, or nil.
    @inlinable
    public func next(after row: Int) -> Int? {
        // Chains rise, but for the step from the last one to the first.
        guard !following.isEmpty, Int(following[row]) > row else { return nil }
        return Int(following[row])
    }

    /// Whether any key belongs to more than one row.
    public var hasRepeats: Bool { !following.isEmpty }

    /// Looks ahead at what questions for the keys of a block of rows will meet.
    @inlinable
    public func fetch(
        _ block: Range<Int>, wanted: (Int) -> Fingerprint, key: (Int) -> Fingerprint
    ) {
        fetchSlots(block, wanted: wanted)
        var sum: UInt64 = 0
        for row in block {
            let held = slots[Int(truncatingIfNeeded: wanted(row).high) & mask]
            if held != 0 { sum &+= key(Int(held & 0xFFFF_FFFF) - 1).low & 1 }
        }
        Lookahead.keep(sum)
    }

    /// Looks ahead at the slots in which the search for the keys of a block of rows begins.
    @inlinable
    func fetchSlots(_ block: Range<Int>, wanted: (Int) -> Fingerprint) {
        var sum: UInt64 = 0
        for row in block {
            sum &+= slots[Int(truncatingIfNeeded: wanted(row).high) & mask] & 1
        }
        Lookahead.keep(sum)
    }
}
