// Reads 64 bytes at an address. Invariant: whoever asks for the masks of a chunk owns at least 64
// readable bytes there; `init(tail:)` is for fewer.

/// Where the bytes that mean something stand in 64 bytes of text: bit i is byte i.
struct ChunkMasks {
    let quotes: UInt64
    let delimiters: UInt64
    let lineFeeds: UInt64
    let carriageReturns: UInt64

    /// How many bytes one step looks at.
    static let size = 64

    /// The masks of the 64 bytes at an address.
    @inline(__always)
    init(_ address: UnsafeRawPointer, delimiter: SIMD16<UInt8>) {
        let first = address.loadUnaligned(as: SIMD16<UInt8>.self)
        let second = address.loadUnaligned(fromByteOffset: 16, as: SIMD16<UInt8>.self)
        let third = address.loadUnaligned(fromByteOffset: 32, as: SIMD16<UInt8>.self)
        let fourth = address.loadUnaligned(fromByteOffset: 48, as: SIMD16<UInt8>.self)

        @inline(__always) func places(of byte: SIMD16<UInt8>) -> UInt64 {
            ChunkMasks.bits(first .== byte) | ChunkMasks.bits(second .== byte) << 16
                | ChunkMasks.bits(third .== byte) << 32 | ChunkMasks.bits(fourth .== byte) << 48
        }
        delimiters = places(of: delimiter)
        lineFeeds = places(of: SIMD16(repeating: Byte.lineFeed))
        // Many texts have no quotes and no carriage returns for long stretches: one test for both
        // is cheaper than gathering the bits of each.
        let quote = SIMD16<UInt8>(repeating: Byte.quote)
        let carriageReturn = SIMD16<UInt8>(repeating: Byte.carriageReturn)
        let hasEither =
            ((first .== quote) .| (second .== quote) .| (third .== quote) .| (fourth .== quote))
            .| ((first .== carriageReturn) .| (second .== carriageReturn)
                .| (third .== carriageReturn) .| (fourth .== carriageReturn))
        if ChunkMasks.isEmpty(hasEither) {
            quotes = 0
            carriageReturns = 0
        } else {
            quotes = places(of: quote)
            carriageReturns = places(of: carriageReturn)
        }
    }

    /// The masks of fewer than 64 bytes; the bits beyond them are clear.
    init(tail: UnsafeRawBufferPointer, delimiter: SIMD16<UInt8>) {
        precondition(tail.count < ChunkMasks.size, "a whole chunk needs no copy")
        // NUL is none of the bytes that mean something, so zeros are a neutral filling.
        var filled = SIMD64<UInt8>(repeating: 0)
        self = withUnsafeMutableBytes(of: &filled) { bytes in
            bytes.copyMemory(from: tail)
            let address = UnsafeRawPointer(bytes.baseAddress.unsafelyUnwrapped)
            return ChunkMasks(address, delimiter: delimiter)
        }
    }

    /// Whether no lane of the mask is set.
    @inline(__always)
    static func isEmpty(_ mask: SIMDMask<SIMD16<Int8>>) -> Bool {
        let halves = unsafeBitCast(mask, to: SIMD2<UInt64>.self)
        return halves[0] | halves[1] == 0
    }

    /// One bit for each lane of the mask.
    ///
    /// Each lane keeps the bit of its own place within its half; the multiplication adds the eight
    /// lanes of a half up in the uppermost byte.
    @inline(__always)
    static func bits(_ mask: SIMDMask<SIMD16<Int8>>) -> UInt64 {
        let places = SIMD2<UInt64>(repeating: 0x8040_2010_0804_0201)
        let halves = unsafeBitCast(mask, to: SIMD2<UInt64>.self) & places
        let lower = (halves[0] &* 0x0101_0101_0101_0101) >> 56
        let upper = (halves[1] &* 0x0101_0101_0101_0101) >> 56
        return lower | upper << 8
    }

    /// For each bit, whether the number of set bits up to and including it is odd.
    @inline(__always)
    static func parities(_ bits: UInt64) -> UInt64 {
        var result = bits
        result ^= result << 1
        result ^= result << 2
        result ^= result << 4
        result ^= result << 8
        result ^= result << 16
        result ^= result << 32
        return result
    }
}
