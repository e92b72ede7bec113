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
    @inlinable
    public func combined(with other: Fingerprint) -> Fingerprint {
        Fingerprint(
            high: Fingerprint.fold(high ^ 0x9E37_79B9_7F4A_7C15, other.high ^ low),
            low: Fingerprint.fold(low ^ 0xD1B5_4A32_D192_ED03, other.low ^ high))
    }

    /// A fingerprint of this one and a number.
    @inlinable
    public func combined(with number: Int64) -> Fingerprint {
        combined(with: Fingerprint(high: UInt64(bitPattern: number), low: 0x2545_F491_4F6C_DD1D))
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

    /// The fingerprint of a text, byte for byte; `none` for an empty one.
    ///
    /// Complexity: one pass of sixteen bytes a step.
    @inlinable
    public func fingerprint(_ text: UnsafeRawBufferPointer) -> Fingerprint {
        let count = text.count
        guard count > 0, let base = text.baseAddress else { return .none }
        var high = first ^ UInt64(truncatingIfNeeded: count)
        var low = second
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
