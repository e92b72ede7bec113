/// A keyed 128-bit fingerprint of an id, a user or a name: what the tables hold instead of text.
///
/// The key comes from the system's randomness at start, so nobody can prepare two ids that
/// collide; among 60 million ids a collision has a chance below 10⁻²³. A fingerprint therefore
/// differs from run to run: nothing that is written may depend on its value or its order.
@frozen
public struct Fingerprint: Hashable, Sendable {
    /// The half that is used to choose a part and a slot.
    public var high: UInt64
    /// The other half.
    public var low: UInt64

    /// Stands for an absent field.
    public static let none = Fingerprint(high: 0, low: 0)

    /// Takes the two halves as they are.
    @inlinable
    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Whether there was a text at all.
    @inlinable
    public var isPresent: Bool { high | low != 0 }

    /// A fingerprint of this one and another, in this order; for keys of several fields.
    ///
    /// It is present even where both are absent: a key of two absent fields is a key.
    @inlinable
    public func combined(with other: Fingerprint) -> Fingerprint {
        // Two rounds. The first takes in each half of the other beside a half of this one; a
        // factor is zero with a chance of 2⁻⁶⁴ only, since what is combined is keyed already, and
        // the constants keep it from being zero where fields are absent. The second makes both
        // halves of the result depend on all that came in.
        let left = Fingerprint.fold(
            high ^ 0x9E37_79B9_7F4A_7C15, low ^ other.high ^ 0xBB67_AE85_84CA_A73B)
        let right = Fingerprint.fold(
            low ^ 0xD1B5_4A32_D192_ED03, high ^ other.low ^ 0x3C6E_F372_FE94_F82B)
        let made = Fingerprint(
            high: Fingerprint.fold(left ^ 0xA54F_F53A_5F1D_36F1, right ^ 0x510E_527F_ADE6_82D1),
            low: Fingerprint.fold(right ^ 0x9B05_688C_2B3E_6C1F, left ^ 0x1F83_D9AB_FB41_BD6B))
        return made.isPresent ? made : Fingerprint(high: 1, low: 1)
    }

    /// A fingerprint of this one and a number.
    @inlinable
    public func combined(with number: Int64) -> Fingerprint {
        // The number stands in both halves: two numbers beside the same fingerprint are as far
        // apart as 128 bits allow, not 64.
        let bits = UInt64(bitPattern: number)
        return combined(
            with: Fingerprint(
                high: bits, low: bits &* 0xF135_7AEA_2E62_A9C5 ^ 0x2545_F491_4F6C_DD1D))
    }

    /// The two halves of the product, folded into one: the mixing step.
    @inlinable @inline(__always)
    static func fold(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        return product.high ^ product.low
    }
}

/// The secret under which the fingerprints of one run are made.
@frozen
public struct FingerprintKey: Sendable {
    @usableFromInline let first: UInt64
    @usableFromInline let second: UInt64
    @usableFromInline let third: UInt64
    @usableFromInline let fourth: UInt64

    /// A key from the system's randomness.
    public init() {
        var generator = SystemRandomNumberGenerator()
        first = generator.next() | 1
        second = generator.next() | 1
        third = generator.next() | 1
        fourth = generator.next() | 1
    }

    /// A key that was written down: four odd numbers.
    init(_ words: [UInt64]) {
        first = words[0]
        second = words[1]
        third = words[2]
        fourth = words[3]
    }

    /// The fingerprint of a text, byte for byte; `none` for an empty one.
    ///
    /// - Complexity: one pass of sixteen bytes a step.
    @inlinable
    public func fingerprint(_ text: UnsafeRawBufferPointer) -> Fingerprint {
        // Invariant of the unsafe reads: `rest` bytes, 1 to 16, lie behind `offset` after the
        // loop, and each load of 8, 4 or 1 bytes lies within the last `rest` of them.
        let count = text.count
        guard count > 0, let base = text.baseAddress else { return .none }
        // Short tails are read with overlap, so that only the length tells `aaaa` from `aaaaa`:
        // it goes into both halves, at different places.
        var high = first ^ UInt64(truncatingIfNeeded: count)
        var low = second &- UInt64(truncatingIfNeeded: count) &* 0x9E37_79B9_7F4A_7C15
        var left: UInt64
        var right: UInt64
        var offset = 0
        while count - offset > 16 {
            left = base.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            right = base.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self)
            high = Fingerprint.fold(left ^ third, right ^ high)
            low = Fingerprint.fold(right ^ fourth, left ^ low)
            offset += 16
        }
        let rest = count - offset
        if rest >= 8 {
            left = base.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            right = base.loadUnaligned(fromByteOffset: count - 8, as: UInt64.self)
        } else if rest >= 4 {
            left = UInt64(base.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
            right = UInt64(base.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self))
        } else {
            left =
                UInt64(base.load(fromByteOffset: offset, as: UInt8.self)) << 16
                | UInt64(base.load(fromByteOffset: offset + rest / 2, as: UInt8.self)) << 8
                | UInt64(base.load(fromByteOffset: count - 1, as: UInt8.self))
            right = 0
        }
        high = Fingerprint.fold(left ^ third, right ^ high)
        low = Fingerprint.fold(right ^ fourth, left ^ low)
        let made = Fingerprint(
            high: Fingerprint.fold(high ^ second, low ^ third),
            low: Fingerprint.fold(low ^ first, high ^ fourth))
        return made.isPresent ? made : Fingerprint(high: 1, low: 1)
    }
}
