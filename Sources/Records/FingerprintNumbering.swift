/// Numbers keys in the order in which they are first met.
public struct FingerprintNumbering: Sendable {
    private var keys: ContiguousArray<Fingerprint> = []
    private var slots: ContiguousArray<Int32>

    /// No keys yet.
    public init() { slots = ContiguousArray(repeating: -1, count: 1024) }

    /// How many keys have been numbered.
    public var count: Int { keys.count }

    /// The key's number, from 0; a new one where it is met for the first time.
    public mutating func number(_ key: Fingerprint) -> Int {
        let slot = slot(of: key)
        if slots[slot] >= 0 { return Int(slots[slot]) }
        let number = keys.count
        keys.append(key)
        slots[slot] = Int32(number)
        if keys.count * 2 > slots.count { grow() }
        return number
    }

    /// The key's number, or nil where it was never met.
    public func existing(_ key: Fingerprint) -> Int? {
        let number = slots[slot(of: key)]
        return number < 0 ? nil : Int(number)
    }

    private func slot(of key: Fingerprint) -> Int {
        let mask = slots.count - 1
        var slot = Int(truncatingIfNeeded: key.high) & mask
        while slots[slot] >= 0, keys[Int(slots[slot])] != key { slot = (slot + 1) & mask }
        return slot
    }

    private mutating func grow() {
        slots = ContiguousArray(repeating: -1, count: slots.count * 2)
        for (number, key) in keys.enumerated() { slots[slot(of: key)] = Int32(number) }
    }
}
