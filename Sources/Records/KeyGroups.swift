/// Puts together what shares a key: keys that one record names are in one group, and so is whatever
/// another record says of any of them.
///
/// Keys are 64 bits wide. Two that meet by chance make one group of two, which costs balance and
/// nothing else.
public struct KeyGroups: Sendable {
    private var tables = [GroupTable](repeating: GroupTable(), count: KeyGroups.tableCount)
    private var groups = DisjointSets()

    /// So many tables share the keys out, so that a table that grows is a small part of all.
    private static let tableCount = 64

    /// No keys.
    public init() {}

    /// How many groups were ever made; those that became parts of others count.
    public var groupCount: Int { groups.count }

    /// About how many bytes of memory it takes.
    public var byteCount: Int {
        tables.reduce(groups.count * 4) { $0 + $1.slotCount * GroupTable.bytesOfSlot }
    }

    /// Whether a key was named before.
    public func has(_ key: UInt64) -> Bool { group(of: key) != nil }

    /// The group of a key, or nil where no record named it.
    public func group(of key: UInt64) -> UInt32? {
        tables[KeyGroups.table(of: key)].group(of: key).map(groups.find)
    }

    /// Makes one group of all keys of a record.
    ///
    /// - Returns: The group, which may become a part of another one later: see `root`.
    public mutating func unite(_ keys: ContiguousArray<UInt64>) -> UInt32 {
        var united: UInt32?
        for key in keys {
            guard let known = tables[KeyGroups.table(of: key)].group(of: key) else { continue }
            let other = groups.root(known)
            united = united.map { groups.unite($0, other) } ?? other
        }
        let group = united ?? groups.append()
        for key in keys { tables[KeyGroups.table(of: key)].insert(key, group) }
        return group
    }

    /// The group that a group has become a part of; itself where it stands alone.
    public mutating func root(_ group: UInt32) -> UInt32 { groups.root(group) }

    /// By other bits than those that choose a slot.
    private static func table(of key: UInt64) -> Int { Int(key >> 58) % tableCount }
}

/// The group of each of some keys: an open-addressing table.
private struct GroupTable: Sendable {
    static let bytesOfSlot = 12

    /// 0 is an empty slot.
    private var keys = ContiguousArray<UInt64>(repeating: 0, count: 64)
    private var groups = ContiguousArray<UInt32>(repeating: 0, count: 64)
    private var count = 0

    var slotCount: Int { keys.count }

    func group(of key: UInt64) -> UInt32? {
        let slot = slot(of: GroupTable.present(key))
        return keys[slot] == 0 ? nil : groups[slot]
    }

    /// Notes the group of a key that has none yet.
    mutating func insert(_ key: UInt64, _ group: UInt32) {
        let key = GroupTable.present(key)
        let slot = slot(of: key)
        guard keys[slot] == 0 else { return }
        keys[slot] = key
        groups[slot] = group
        count += 1
        // At most three quarters full.
        if count * 4 > keys.count * 3 { grow() }
    }

    private mutating func grow() {
        let (oldKeys, oldGroups) = (keys, groups)
        keys = ContiguousArray(repeating: 0, count: oldKeys.count * 2)
        groups = ContiguousArray(repeating: 0, count: oldKeys.count * 2)
        for (key, group) in zip(oldKeys, oldGroups) where key != 0 {
            let slot = slot(of: key)
            keys[slot] = key
            groups[slot] = group
        }
    }

    /// Where a key is, or would be.
    private func slot(of key: UInt64) -> Int {
        let mask = keys.count - 1
        var slot = Int(truncatingIfNeeded: key) & mask
        while keys[slot] != 0, keys[slot] != key { slot = (slot + 1) & mask }
        return slot
    }

    private static func present(_ key: UInt64) -> UInt64 { key == 0 ? 1 : key }
}
