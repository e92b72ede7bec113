import DelimitedText
import Money
import Records
import Time

/// Writes compact JSON into a buffer, value by value, without anything allocated for a value.
struct JSONText: ~Copyable {
    /// What was written so far.
    var buffer: OutputBuffer
    private var needsComma = false

    init(capacity: Int = 1 << 16) { buffer = OutputBuffer(capacity: capacity) }

    private mutating func separate() {
        if needsComma { buffer.append(byte: UInt8(ascii: ",")) }
        needsComma = true
    }

    /// Begins an object; `key` and values follow, then `endObject`.
    mutating func beginObject() {
        separate()
        buffer.append(byte: UInt8(ascii: "{"))
        needsComma = false
    }

    mutating func endObject() {
        buffer.append(byte: UInt8(ascii: "}"))
        needsComma = true
    }

    mutating func beginArray() {
        separate()
        buffer.append(byte: UInt8(ascii: "["))
        needsComma = false
    }

    mutating func endArray() {
        buffer.append(byte: UInt8(ascii: "]"))
        needsComma = true
    }

    /// The name of the value that follows; names hold nothing that needs escaping.
    mutating func key(_ name: StaticString) {
        separate()
        buffer.append(byte: Self.quote)
        buffer.append(name)
        buffer.append(byte: Self.quote)
        buffer.append(byte: UInt8(ascii: ":"))
        needsComma = false
    }

    mutating func value(_ number: Int64) {
        separate()
        buffer.append(integer: number)
    }

    mutating func value(_ text: String) {
        var text = text
        text.withUTF8 { value(UnsafeRawBufferPointer($0)) }
    }

    mutating func null() {
        separate()
        buffer.append("null")
    }

    /// An amount as a decimal string with its currency's own digits.
    mutating func value(_ minorUnits: Int64, _ currency: Currency) {
        separate()
        buffer.append(byte: Self.quote)
        buffer.append(minorUnits: minorUnits, digits: currency.digits)
        buffer.append(byte: Self.quote)
    }

    /// A text of valid UTF-8.
    mutating func value(_ text: UnsafeRawBufferPointer) {
        separate()
        buffer.append(byte: Self.quote)
        if text.contains(where: { $0 < 0x20 || $0 == Self.quote || $0 == Self.backslash }) {
            for byte in text { append(escaped: byte) }
        } else {
            buffer.append(text)
        }
        buffer.append(byte: Self.quote)
    }

    private mutating func append(escaped byte: UInt8) {
        switch byte {
        case Self.quote: buffer.append("\\\"")
        case Self.backslash: buffer.append("\\\\")
        case 0x0A: buffer.append("\\n")
        case 0x0D: buffer.append("\\r")
        case 0x09: buffer.append("\\t")
        case 0..<0x20:
            buffer.append("\\u00")
            buffer.append(byte: byte < 0x10 ? 0x30 : 0x31)
            let low = byte & 0xF
            buffer.append(byte: low < 10 ? 0x30 + low : 0x57 + low)
        default: buffer.append(byte: byte)
        }
    }

    /// Ends a line of a JSON Lines file.
    mutating func endLine() {
        buffer.append(byte: 0x0A)
        needsComma = false
    }

    private static let quote = UInt8(ascii: "\"")
    private static let backslash = UInt8(ascii: "\\")
}
