import Records

/// Records of all kinds that belong together, directly or through others: what leaves one of them
/// must not leave before the rest.
struct RecordGroups {
    /// A record, by its kind and its row.
    enum Member {
        case payment(Int)
        case line(Int)
        case booking(Int)
        case order(Int)
        case session(Int)
    }

    /// Where each kind's numbers begin: payments, lines, bookings, orders, sessions.
    private let starts: (line: Int, booking: Int, order: Int, session: Int)
    private var groups: DisjointSets
    private var isHeld: ContiguousArray<Bool>

    /// Every record alone, and none held.
    init(_ tables: RecordTables) {
        let line = tables.payments.count
        let booking = line + tables.settlements.count
        let order = booking + tables.bookings.count
        let session = order + tables.orders.count
        starts = (line, booking, order, session)
        let count = session + tables.sessions.count
        groups = DisjointSets(count: count)
        isHeld = ContiguousArray(repeating: false, count: count)
    }

    private func number(_ member: Member) -> Int {
        switch member {
        case .payment(let row): row
        case .line(let row): starts.line + row
        case .booking(let row): starts.booking + row
        case .order(let row): starts.order + row
        case .session(let row): starts.session + row
        }
    }

    private mutating func root(_ member: Member) -> Int {
        Int(groups.root(UInt32(number(member))))
    }

    /// Puts two records, and all that belong to them, into one group.
    mutating func unite(_ left: Member, _ right: Member) {
        let (first, second) = (root(left), root(right))
        guard first != second else { return }
        let united = groups.unite(UInt32(first), UInt32(second))
        isHeld[Int(united)] = isHeld[first] || isHeld[second]
    }

    /// Keeps a record's group from leaving.
    mutating func hold(_ member: Member) { isHeld[root(member)] = true }

    /// Whether something keeps a record's group from leaving.
    mutating func holds(_ member: Member) -> Bool { isHeld[root(member)] }
}
