/// Puts together what shares a key: keys that one record names are in one group, and so is whatever
/// another record says of any of them.
///
/// Keys are 64 bits wide. Two that meet by chance make one group of two, which costs balance and
/// nothing else.
public struct KeyGroups: Sendable {
    /// 0 is an empty slot.
    private var keys: ContiguousArray<UInt64>
    private var groupOfSlot: ContiguousArray<UInt32>
    /// For each group the one that it has become a part of; itself where it stands alone.
    private var parents: ContiguousArray<UInt32> = []
    private var keyCount = 0

    /// No keys.
    public init() {
        keys = ContiguousArray(repeating: 0, count: 1024)
        groupOfSlot = ContiguousArray(repeating: 0, count: 1024)
    }

    /// How many groups were ever made; those that became parts of others count.
    public var groupCount: Int { parents.count }

    /// Whether a key was named before.
    public func has(_ key: UInt64) -> Bool { keys[slot(of: KeyGroups.present(key))] != 0 }

    /// The group of a key, or nil where no record named it.
    public func group(of key: UInt64) -> UInt32? {
        let slot = slot(of: KeyGroups.present(key))
        guard keys[slot] != 0 else { return nil }
        var group = groupOfSlot[slot]
        while parents[Int(group)] != group { group = parents[Int(group)] }
        return group
    }

    /// Makes one group of all keys of a record.
    ///
    /// - Returns: The group, which may become a part of another one later: see `root`.
    public mutating func unite(_ names: ContiguousArray<UInt64>) -> UInt32 {
        var group: UInt32?
        for name in names {
            let slot = slot(of: KeyGroups.present(name))
            guard keys[slot] != 0 else { continue }
            let other = root(groupOfSlot[slot])
            group = group.map { unite($0, other) } ?? other
        }
        let united = group ?? makeGroup()
        for name in names { insert(KeyGroups.present(name), united) }
        return united
    }

    /// The group that a group has become a part of; itself where it stands alone.
    public mutating func root(_ group: UInt32) -> UInt32 {
        var group = group
        while parents[Int(group)] != group {
            parents[Int(group)] = parents[Int(parents[Int(group)])]
            group = parents[Int(group)]
        }
        return group
    }

    private mutating func makeGroup() -> UInt32 {
        parents.append(UInt32(parents.count))
        return UInt32(parents.count - 1)
    }

    private mutating func unite(_ left: UInt32, _ right: UInt32) -> UInt32 {
        let (first, second) = (min(left, right), max(left, right))
        parents[Int(second)] = first
        return first
    }

    private mutating func insert(_ key: UInt64, _ group: UInt32) {
        let slot = slot(of: key)
        guard keys[slot] == 0 else { return }
        keys[slot] = key
        groupOfSlot[slot] = group
        keyCount += 1
        // At most three quarters full.
        if keyCount * 4 > keys.count * 3 { grow() }
    }

    private mutating func grow() {
        let (oldKeys, oldGroups) = (keys, groupOfSlot)
        keys = ContiguousArray(repeating: 0, count: oldKeys.count * 2)
        groupOfSlot = ContiguousArray(repeating: 0, count: oldKeys.count * 2)
        for (key, group) in zip(oldKeys, oldGroups) where key != 0 {
            let slot = slot(of: key)
            keys[slot] = key
            groupOfSlot[slot] = group
        }
    }

    /// Where a key is, or would be.
    private func slot(of key: UInt64) -> Int {
        let mask = keys.count - 1
        // The keys' bits are random; the upper ones decide, as the lower ones tell kinds apart.
        var slot = Int(truncatingIfNeeded: key >> 20) & mask
        while keys[slot] != 0, keys[slot] != key { slot = (slot + 1) & mask }
        return slot
    }

    private static func present(_ key: UInt64) -> UInt64 { key == 0 ? 1 : key }
}
