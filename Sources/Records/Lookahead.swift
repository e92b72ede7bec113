import Time

/// Reads what lies far apart in memory for a whole block of rows, before the rows are gone through.
///
/// What a row names in another table stands anywhere in it, and each first look at it is a wait for
/// memory. The looks of a block do not depend on each other, so that the processor waits for many
/// of them at once; when the rows are gone through, everything is at hand. Nothing but the time
/// depends on it.
public enum Lookahead {
    /// How many rows are looked at ahead: what they name fits into the nearest cache.
    @usableFromInline static let blockSize = 64

    /// The rows to look at before the row `place` of `count` is dealt with; nil where that was done.
    @inlinable @inline(__always)
    public static func block(at place: Int, of count: Int) -> Range<Int>? {
        place % blockSize == 0 ? place..<min(place + blockSize, count) : nil
    }

    /// Takes the sum of what was read, which no block reaches: without a use of what was read the
    /// compiler would leave the reads out.
    @inlinable @inline(__always)
    static func keep(_ sum: UInt64) {
        precondition(sum != .max, "a block has no such sum")
    }
}

extension Table {
    /// Looks ahead at rows: at all that `forEachRow` gives its argument.
    @inlinable @inline(__always)
    public func fetchRows(_ forEachRow: ((Int) -> Void) -> Void) {
        var sum: UInt64 = 0
        rows.withUnsafeBufferPointer { rows in
            // A row lies across two or three lines of the cache.
            forEachRow { row in
                sum &+= rows[row].id.low & 1
                sum &+= UInt64(truncatingIfNeeded: rows[row].moment.microseconds) & 1
                sum &+= rows[row].isConflicting ? 1 : 0
            }
        }
        Lookahead.keep(sum)
    }

    /// Looks ahead at the ids of rows: of all that `forEachRow` gives its argument.
    @inlinable @inline(__always)
    public func fetchIDs(_ forEachRow: ((Int) -> Void) -> Void) {
        // Where an id stands must be known first: for the whole block, then the ids of all.
        let room = 2 * Lookahead.blockSize
        withUnsafeTemporaryAllocation(of: TextSlice.self, capacity: room) { slices in
            var count = 0
            rows.withUnsafeBufferPointer { rows in
                forEachRow { row in
                    guard count < room else { return }
                    slices.initializeElement(at: count, to: rows[row].idText)
                    count += 1
                }
            }
            var sum: UInt64 = 0
            idBytes.withUnsafeBufferPointer { bytes in
                for slice in slices[..<count] where slice.count > 0 {
                    sum &+= UInt64(bytes[slice.offset])
                    sum &+= UInt64(bytes[slice.offset + slice.count - 1])
                }
            }
            Lookahead.keep(sum)
        }
    }

    /// Looks ahead at the rows with these numbers; those below 0 are none.
    @inlinable
    public func fetchRows(_ numbers: ArraySlice<Int32>) {
        fetchRows { fetch in for row in numbers where row >= 0 { fetch(Int(row)) } }
    }

    /// Looks ahead at the ids of the rows with these numbers; those below 0 are none.
    @inlinable
    public func fetchIDs(_ numbers: ArraySlice<Int32>) {
        fetchIDs { fetch in for row in numbers where row >= 0 { fetch(Int(row)) } }
    }
}
