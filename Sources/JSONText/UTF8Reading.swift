/// Reading of UTF-8 whose validity nobody has promised.
public enum UTF8Reading {
    /// The scalar that begins at an offset, and its length in bytes; nil where the bytes there
    /// are not valid UTF-8: overlong, cut off, a surrogate, or beyond U+10FFFF.
    @inlinable @inline(__always)
    public static func scalar(
        in text: UnsafeRawBufferPointer, at offset: Int
    ) -> (value: UInt32, length: Int)? {
        let first = UInt32(text[offset])
        if first < 0x80 { return (first, 1) }
        let left = text.count - offset
        if first < 0xE0 {
            guard first >= 0xC2, left >= 2, let second = continuation(text[offset + 1]) else {
                return nil
            }
            return ((first & 0x1F) << 6 | second, 2)
        }
        if first < 0xF0 {
            guard left >= 3, let second = continuation(text[offset + 1]),
                let third = continuation(text[offset + 2])
            else { return nil }
            let value = (first & 0x0F) << 12 | second << 6 | third
            guard value >= 0x800, value & 0xF800 != 0xD800 else { return nil }
            return (value, 3)
        }
        guard first < 0xF5, left >= 4, let second = continuation(text[offset + 1]),
            let third = continuation(text[offset + 2]),
            let fourth = continuation(text[offset + 3])
        else { return nil }
        let value = (first & 0x07) << 18 | second << 12 | third << 6 | fourth
        guard value >= 0x1_0000, value <= 0x10_FFFF else { return nil }
        return (value, 4)
    }

    /// The six bits that a continuation byte carries.
    @inlinable @inline(__always)
    static func continuation(_ byte: UInt8) -> UInt32? {
        byte & 0xC0 == 0x80 ? UInt32(byte & 0x3F) : nil
    }

    /// Writes a scalar's UTF-8 and returns the number of bytes, at most four.
    @inlinable @inline(__always)
    public static func write(
        _ value: UInt32, to out: UnsafeMutableBufferPointer<UInt8>, at place: Int
    )
        -> Int
    {
        if value < 0x80 {
            out[place] = UInt8(truncatingIfNeeded: value)
            return 1
        }
        let last = UInt8(truncatingIfNeeded: value & 0x3F) | 0x80
        if value < 0x800 {
            out[place] = UInt8(truncatingIfNeeded: value >> 6) | 0xC0
            out[place + 1] = last
            return 2
        }
        let middle = UInt8(truncatingIfNeeded: value >> 6 & 0x3F) | 0x80
        if value < 0x1_0000 {
            out[place] = UInt8(truncatingIfNeeded: value >> 12) | 0xE0
            out[place + 1] = middle
            out[place + 2] = last
            return 3
        }
        out[place] = UInt8(truncatingIfNeeded: value >> 18) | 0xF0
        out[place + 1] = UInt8(truncatingIfNeeded: value >> 12 & 0x3F) | 0x80
        out[place + 2] = middle
        out[place + 3] = last
        return 4
    }
}
