/// For each row of one table, rows of another: lists of numbers in one block of memory.
public struct Adjacency: Sendable {
    /// Where each row's list begins; one entry more than there are rows.
    private let starts: ContiguousArray<UInt32>
    private let members: [UInt32]

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

    /// The members of a row.
    @inlinable
    public subscript(row: Int) -> ArraySlice<UInt32> { slice(row) }

    @usableFromInline
    func slice(_ row: Int) -> ArraySlice<UInt32> {
        members[Int(starts[row])..<Int(starts[row + 1])]
    }

    /// How many members a row has.
    public func count(_ row: Int) -> Int { Int(starts[row + 1] - starts[row]) }
}
