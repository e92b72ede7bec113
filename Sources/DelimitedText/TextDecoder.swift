// Writes into raw memory. Invariant: each function is given room for the longest text that its input
// can become, and says how much of it was used.

/// Turns text of another encoding into UTF-8, block by block.
///
/// What stands for no character, half a surrogate pair say, becomes a byte that is never part of
/// UTF-8: so the row that has it is rejected as any row that is no text.
struct TextDecoder {
    /// The byte that stands for what cannot be decoded.
    static let undecodable: UInt8 = 0xFF
    /// How many bytes a byte of input can become.
    static let mostGrowth = 3

    private let isBigEndian: Bool
    /// The UTF-8 of each byte, its length in the lowest byte; nil for UTF-16.
    private let table: [UInt32]?
    /// The half of a pair, or the byte of half a unit, that the last block ended with.
    private var pendingHigh: UInt16?
    private var pendingByte: UInt8?

    /// Prepares decoding; nil where the text is UTF-8 as it is.
    init?(_ encoding: TextEncoding) {
        guard encoding != .utf8 else { return nil }
        isBigEndian = encoding == .utf16BigEndian
        table = encoding.upperHalf.map { upper in
            (0..<256).map { byte in
                let character = byte < 0x80 ? UInt16(byte) : upper[byte - 0x80]
                guard character != 0 || byte == 0 else {
                    return UInt32(TextDecoder.undecodable) << 8 | 1
                }
                return TextDecoder.utf8(character)
            }
        }
    }

    /// The UTF-8 of a character, its length in the lowest byte.
    private static func utf8(_ character: UInt16) -> UInt32 {
        let value = UInt32(character)
        if value < 0x80 { return value << 8 | 1 }
        if value < 0x800 { return (0x80 | value & 0x3F) << 16 | (0xC0 | value >> 6) << 8 | 2 }
        return (0x80 | value & 0x3F) << 24 | (0x80 | value >> 6 & 0x3F) << 16
            | (0xE0 | value >> 12) << 8 | 3
    }

    /// Decodes the next block; `output` has room for `mostGrowth` bytes for each of it, and 8 more.
    mutating func decode(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> Int {
        precondition(output.count >= input.count * TextDecoder.mostGrowth + 8, "not enough room")
        guard let table else { return decodeUTF16(input, into: output) }
        return table.withUnsafeBufferPointer { table in
            var count = 0
            for byte in input {
                let text = table[Int(byte)]
                output.storeBytes(
                    of: (text >> 8).littleEndian, toByteOffset: count, as: UInt32.self)
                count &+= Int(text & 0xFF)
            }
            return count
        }
    }

    /// What is left of a unit or a pair when the text ends.
    mutating func finish() -> [UInt8] {
        let isWhole = pendingHigh == nil && pendingByte == nil
        (pendingHigh, pendingByte) = (nil, nil)
        return isWhole ? [] : [TextDecoder.undecodable]
    }

    private mutating func decodeUTF16(
        _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) -> Int {
        var count = 0
        var offset = 0
        if let first = pendingByte, let second = input.first {
            pendingByte = nil
            offset = 1
            let unit = UInt16(first) << 8 | UInt16(second)
            put(isBigEndian ? unit : unit.byteSwapped, output, &count)
        }
        while offset &+ 2 <= input.count {
            let unit = input.loadUnaligned(fromByteOffset: offset, as: UInt16.self)
            let value = isBigEndian ? UInt16(bigEndian: unit) : UInt16(littleEndian: unit)
            offset &+= 2
            if value < 0x80, pendingHigh == nil {
                output[count] = UInt8(truncatingIfNeeded: value)
                count &+= 1
            } else {
                put(value, output, &count)
            }
        }
        if offset < input.count { pendingByte = input[offset] }
        return count
    }

    /// Writes what a unit of UTF-16 comes to.
    private mutating func put(
        _ unit: UInt16, _ output: UnsafeMutableRawBufferPointer, _ count: inout Int
    ) {
        let isLow = unit & 0xFC00 == 0xDC00
        if let high = pendingHigh {
            pendingHigh = nil
            if isLow {
                let value = 0x10000 + (UInt32(high & 0x3FF) << 10 | UInt32(unit & 0x3FF))
                output[count] = UInt8(0xF0 | value >> 18)
                output[count + 1] = UInt8(0x80 | value >> 12 & 0x3F)
                output[count + 2] = UInt8(0x80 | value >> 6 & 0x3F)
                output[count + 3] = UInt8(0x80 | value & 0x3F)
                count += 4
                return
            }
            output[count] = TextDecoder.undecodable
            count += 1
        }
        if unit & 0xFC00 == 0xD800 {
            pendingHigh = unit
        } else if isLow {
            output[count] = TextDecoder.undecodable
            count += 1
        } else {
            let text = TextDecoder.utf8(unit)
            output.storeBytes(of: (text >> 8).littleEndian, toByteOffset: count, as: UInt32.self)
            count += Int(text & 0xFF)
        }
    }
}
