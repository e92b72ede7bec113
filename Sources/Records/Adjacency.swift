/// For each row of one table, rows of another: lists of numbers in one block of memory.
public struct Adjacency: Sendable {
    /// Where each row's list begins; one entry more than there are rows.
    @usableFromInline let starts: ContiguousArray<UInt32>
    @usableFromInline let members: [UInt32]

    /// The lists of `count` rows from the owner of each member: members stand in rising order.
    ///
    /// An owner below 0 means that the member belongs to no row. Complexity: linear.
    public init(count: Int, owners: ContiguousArray<Int32>) {
        var starts = ContiguousArray<UInt32>(repeating: 0, count: count + 1)
        for owner in owners where owner >= 0 { starts[Int(owner) + 1] += 1 }
        for row in 0..<count { starts[row + 1] += starts[row] }
        var members = [UInt32](repeating: 0, count: Int(starts[count]))
        var cursor = starts
        for (member, owner) in owners.enumerated() where owner >= 0 {
            members[Int(cursor[Int(owner)])] = UInt32(member)
            cursor[Int(owner)] += 1
        }
        self.starts = starts
        self.members = members
    }

    /// Lists that were written down.
    init(starts: ContiguousArray<UInt32>, members: [UInt32]) {
        self.starts = starts
        self.members = members
    }

    /// The members of a row.
    ///
    /// A list holds on to its memory, which costs where threads ask for millions of them: `first`,
    /// `count` and `forEach` do not.
    public subscript(row: Int) -> ArraySlice<UInt32> {
        members[Int(starts[row])..<Int(starts[row + 1])]
    }

    /// How many rows have lists, empty ones included.
    public var ownerCount: Int { starts.count - 1 }

    /// How many members a row has.
    @inlinable
    public func count(_ row: Int) -> Int { Int(starts[row + 1] - starts[row]) }

    /// The first member of a row, or nil.
    @inlinable
    public func first(_ row: Int) -> Int? {
        let start = starts[row]
        return start < starts[row + 1] ? Int(members[Int(start)]) : nil
    }

    /// Gives each member of a row to `body`, in order.
    @inlinable
    public func forEach(_ row: Int, _ body: (Int) -> Void) {
        for place in starts[row]..<starts[row + 1] { body(Int(members[Int(place)])) }
    }

    /// Gives each member of each of some rows to `body`, in order.
    @inlinable
    public func forEach(in rows: Range<Int>, _ body: (Int) -> Void) {
        for place in starts[rows.lowerBound]..<starts[rows.upperBound] {
            body(Int(members[Int(place)]))
        }
    }
}
