import Records

/// Finds out which rows of the dumps belong together, so that the parts of a divided run do not touch
/// (`Divided.md` has the key, and why parts are independent).
struct PartRouter: Sendable {
    private var groups = KeyGroups()
    /// For each file the group of each row, in the order of the file.
    private var groupsOfRows: [ContiguousArray<UInt32>]
    /// What lines gave back of payments that are in no dump.
    private(set) var orphans: Set<OrphanMoney> = []
    /// What settlement lines name as their payment that no payment is named.
    private var orphanReferences: Set<UInt64> = []

    init(fileCount: Int) {
        groupsOfRows = Array(repeating: [], count: fileCount)
    }

    /// How many rows were noted.
    var rowCount: Int { groupsOfRows.reduce(0) { $0 + $1.count } }

    /// About how many bytes of memory it takes, with those that growing and dividing will.
    var byteCount: Int { groups.byteCount * 5 / 4 + rowCount * 10 }

    // MARK: Rows

    /// Notes the next row of a file: all that it names belongs together.
    ///
    /// Payments come before settlement lines.
    mutating func add(_ names: RowNames, file: Int) {
        if let reference = names.reference { noteOrphan(reference, names.givenBack) }
        groupsOfRows[file].append(groups.unite(names.all))
    }

    /// Notes what an earlier run emitted; behind all rows, as it makes no payment known.
    mutating func add(_ names: RowNames) { _ = groups.unite(names.all) }

    /// Notes what a line gives back of a payment that no dump has.
    private mutating func noteOrphan(_ reference: UInt64, _ money: OrphanMoney?) {
        if !groups.has(reference) { orphanReferences.insert(reference) }
        guard let money, orphanReferences.contains(reference) else { return }
        orphans.insert(money)
    }

    // MARK: Parts

    /// The part of what an earlier run emitted; part 0 where no row has anything of it.
    func part(of emission: DivisionKeys.Emission, in parts: PartsOfGroups) -> Int {
        guard let (space, print) = emission.prints.first else { return 0 }
        return groups.group(of: RowNames.name(space, print)).map { parts[$0] } ?? 0
    }

    /// Shares the groups out so that each part has about as many rows, and says which part each row
    /// belongs to.
    consuming func divide(
        into count: Int
    ) -> (rows: [ContiguousArray<UInt16>], parts: PartsOfGroups, router: PartRouter) {
        var router = self
        var weights = ContiguousArray<UInt32>(repeating: 0, count: router.groups.groupCount)
        for rows in router.groupsOfRows {
            for group in rows { weights[Int(router.groups.root(group))] += 1 }
        }
        var loads = [Int](repeating: 0, count: count)
        var parts = PartsOfGroups(groupCount: weights.count)
        // Large groups first, so that small ones even the parts out; equal ones in their order.
        let large = weights.indices.filter { weights[$0] >= 1024 }
            .sorted { weights[$0] == weights[$1] ? $0 < $1 : weights[$0] > weights[$1] }
        let small = weights.indices.lazy.filter { weights[$0] < 1024 }
        func assign(_ group: Int) {
            let least = loads.indices.min { loads[$0] < loads[$1] } ?? 0
            parts.set(group, least)
            loads[least] += Int(weights[group])
        }
        for group in large { assign(group) }
        for group in small { assign(group) }
        let rows = router.groupsOfRows.map { groups in
            ContiguousArray(groups.map { UInt16(parts[router.groups.root($0)]) })
        }
        router.groupsOfRows = []
        return (rows, parts, router)
    }
}

/// The part of each group.
struct PartsOfGroups: Sendable {
    private var parts: ContiguousArray<UInt16>

    init(groupCount: Int) { parts = ContiguousArray(repeating: 0, count: groupCount) }

    subscript(group: UInt32) -> Int { Int(parts[Int(group)]) }

    fileprivate mutating func set(_ group: Int, _ part: Int) { parts[group] = UInt16(part) }
}
