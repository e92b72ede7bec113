// Reads and writes raw memory. Invariant: of a text of n bytes only bytes 0..<n are read, and the
// target has room for n; eight bytes are moved at once only where eight are left.

/// Users are compared and written in lower case.
enum LowerCase {
    /// Writes the text in lower case to a target that has room for it.
    ///
    /// - Returns: Whether the text is ASCII; only then is the target what it should be.
    @inline(__always)
    static func write(
        _ text: UnsafeRawBufferPointer, to target: UnsafeMutableRawBufferPointer
    ) -> Bool {
        guard let source = text.baseAddress, let target = target.baseAddress else { return true }
        var all: UInt64 = 0
        var offset = 0
        while offset &+ 8 <= text.count {
            let word = source.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            all |= word
            target.storeBytes(of: lowered(word), toByteOffset: offset, as: UInt64.self)
            offset &+= 8
        }
        while offset < text.count {
            let byte = source.load(fromByteOffset: offset, as: UInt8.self)
            all |= UInt64(byte)
            let isUpper = byte >= 0x41 && byte <= 0x5A
            target.storeBytes(
                of: isUpper ? byte | 0x20 : byte, toByteOffset: offset, as: UInt8.self)
            offset &+= 1
        }
        return all & 0x8080_8080_8080_8080 == 0
    }

    /// Eight letters at once: of ASCII bytes, the high bit of each sum says on which side of `A` and
    /// of `Z` the byte lies.
    @inline(__always)
    private static func lowered(_ word: UInt64) -> UInt64 {
        let ascii = word & 0x7F7F_7F7F_7F7F_7F7F
        let fromA = ascii &+ 0x3F3F_3F3F_3F3F_3F3F
        let beyondZ = ascii &+ 0x2525_2525_2525_2525
        let isUpper = fromA & ~beyondZ & 0x8080_8080_8080_8080
        return word | isUpper >> 2
    }
}
