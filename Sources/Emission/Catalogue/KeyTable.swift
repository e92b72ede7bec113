import Records

/// A hash table from 128-bit keys to numbers of zero or more; keys are never removed.
///
/// Fingerprints are keyed from the system's randomness, and every other key is a pair of small
/// numbers from the catalogue, so nobody outside can choose keys that collide.
struct KeyTable: Sendable {
    private struct Slot {
        var key: Fingerprint
        var value: Int32
    }

    /// A power of two places, at most half of them taken; a free one has a negative value.
    private var slots: [Slot]
    private(set) var count = 0

    init() {
        slots = KeyTable.free(16)
    }

    private static func free(_ capacity: Int) -> [Slot] {
        Array(repeating: Slot(key: .none, value: -1), count: capacity)
    }

    /// The key's number, or -1.
    @inline(__always)
    func value(of key: Fingerprint) -> Int32 {
        slots[place(of: key)].value
    }

    /// The key's number, which becomes this one where the key is new.
    mutating func value(of key: Fingerprint, orAdd value: Int32) -> Int32 {
        precondition(value >= 0)
        let found = place(of: key)
        if slots[found].value >= 0 { return slots[found].value }
        slots[found] = Slot(key: key, value: value)
        count += 1
        if 2 * count > slots.count { grow() }
        return value
    }

    /// The place of a key: its own, or the free one where it belongs.
    @inline(__always)
    private func place(of key: Fingerprint) -> Int {
        let mixed = (key.high ^ key.low &* 0x9E37_79B9_7F4A_7C15) &* 0xD1B5_4A32_D192_ED03
        let mask = slots.count - 1
        var place = Int(truncatingIfNeeded: mixed >> 32) & mask
        while slots[place].value >= 0, slots[place].key != key { place = (place + 1) & mask }
        return place
    }

    private mutating func grow() {
        let old = slots
        slots = KeyTable.free(2 * old.count)
        for slot in old where slot.value >= 0 { slots[place(of: slot.key)] = slot }
    }
}
