/// A SHA-256 checksum: 32 bytes, compared and sorted as a big-endian number.
public struct SHA256Digest: Hashable, Sendable, Comparable {
    /// The checksum's bytes as four numbers, the first bytes in the highest places of the first.
    private let words: (UInt64, UInt64, UInt64, UInt64)

    /// Takes the 32 bytes of a finished checksum.
    ///
    /// - Precondition: `bytes` holds exactly 32.
    init(bytes: UnsafeRawBufferPointer) {
        precondition(bytes.count == 32, "a SHA-256 checksum has 32 bytes")
        func word(_ index: Int) -> UInt64 {
            UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self))
        }
        words = (word(0), word(1), word(2), word(3))
    }

    /// Reads 64 hexadecimal digits in either case; nil for anything else.
    public init?(hex: some StringProtocol) {
        guard hex.utf8.count == 64 else { return nil }
        var words: [UInt64] = [0, 0, 0, 0]
        for (index, digit) in hex.utf8.enumerated() {
            let value: UInt8
            switch digit {
            case 0x30...0x39: value = digit - 0x30
            case 0x41...0x46: value = digit - 0x41 + 10
            case 0x61...0x66: value = digit - 0x61 + 10
            default: return nil
            }
            words[index / 16] = words[index / 16] << 4 | UInt64(value)
        }
        self.words = (words[0], words[1], words[2], words[3])
    }

    /// The 64 hexadecimal digits, in lower case.
    public var hex: String { hex(digits: 64) }

    /// The first hexadecimal digits, in lower case unless told otherwise.
    ///
    /// - Precondition: `digits` lies in 0...64.
    public func hex(digits count: Int, inUpperCase: Bool = false) -> String {
        precondition((0...64).contains(count), "a SHA-256 checksum has 64 digits")
        let tenth: UInt8 = inUpperCase ? 0x41 : 0x61
        return String(unsafeUninitializedCapacity: count) { buffer in
            for index in 0..<count {
                let shift = UInt64(60 - index % 16 * 4)
                let digit = UInt8(truncatingIfNeeded: word(index / 16) >> shift & 0xF)
                buffer[index] = digit < 10 ? digit + 0x30 : digit - 10 + tenth
            }
            return count
        }
    }

    /// The first eight bytes as a number: enough to choose or to name by.
    public var leadingBits: UInt64 { words.0 }

    /// Whether both hold the same bytes.
    public static func == (left: SHA256Digest, right: SHA256Digest) -> Bool {
        left.words == right.words
    }

    /// The lower first differing byte is less.
    public static func < (left: SHA256Digest, right: SHA256Digest) -> Bool {
        left.words < right.words
    }

    /// Feeds the bytes to a hasher of the standard library.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
    }

    private func word(_ index: Int) -> UInt64 {
        switch index {
        case 0: words.0
        case 1: words.1
        case 2: words.2
        default: words.3
        }
    }
}

extension SHA256Digest: CustomStringConvertible {
    /// The hexadecimal digits.
    public var description: String { hex }
}
