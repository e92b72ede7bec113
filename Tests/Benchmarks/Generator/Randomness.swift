/// Random numbers that are a function of a seed and a position, so that any row can be made
/// again without the rows before it.
struct Draws {
    private var state: UInt64

    /// Starts the numbers of one position.
    @inline(__always)
    init(seed: UInt64, position: Int) {
        state = Draws.mixed(seed &+ UInt64(truncatingIfNeeded: position) &* 0xA076_1D64_78BD_642F)
    }

    /// The next 64 random bits (splitmix64).
    @inline(__always)
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Draws.mixed(state)
    }

    /// A number from 0 to `bound` − 1.
    @inline(__always)
    mutating func below(_ bound: Int) -> Int {
        Int(next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    /// Spreads every bit over all the others; a bijection of 64-bit numbers.
    @inline(__always)
    static func mixed(_ value: UInt64) -> UInt64 {
        var mixed = value
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}

/// A shuffle of the numbers 0 to `count` − 1 that is computed instead of stored.
///
/// A Feistel network permutes the least power of two that holds them all; a number that lands
/// outside is permuted again until it lands inside, which takes less than two steps on average.
struct Permutation {
    /// How many numbers are shuffled.
    let count: Int
    private let lowBits: UInt64
    private let lowMask: UInt64
    private let highMask: UInt64
    private let keys: (UInt64, UInt64, UInt64, UInt64)

    /// Creates the shuffle of `count` numbers that belongs to a seed.
    init(count: Int, seed: UInt64) {
        self.count = count
        let bits = max(2, Int.bitWidth - max(0, count - 1).leadingZeroBitCount)
        lowBits = UInt64(bits / 2)
        lowMask = (1 << lowBits) - 1
        highMask = (1 << UInt64(bits - bits / 2)) - 1
        var draws = Draws(seed: seed, position: count)
        keys = (draws.next(), draws.next(), draws.next(), draws.next())
    }

    /// Where a number goes; each number of the range is the image of exactly one.
    @inline(__always)
    subscript(_ number: Int) -> Int {
        precondition(number >= 0 && number < count)
        var value = UInt64(number)
        repeat {
            var high = value >> lowBits
            var low = value & lowMask
            low ^= Draws.mixed(high ^ keys.0) & lowMask
            high ^= Draws.mixed(low ^ keys.1) & highMask
            low ^= Draws.mixed(high ^ keys.2) & lowMask
            high ^= Draws.mixed(low ^ keys.3) & highMask
            value = high << lowBits | low
        } while value >= UInt64(count)
        return Int(value)
    }
}
