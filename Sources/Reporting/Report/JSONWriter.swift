import DelimitedText
import Diagnostics
import Money
import RunStore
import Time

/// Writes JSON text, value by value, without memory of its own for any of them.
///
/// Keys stand in the order in which they are written; the writer does not look for repeated ones.
/// The result is always UTF-8: bytes that are none become U+FFFD, one for each.
///
/// A value in an object is preceded by `key`. Objects and arrays are closed by the writer, so that
/// what comes out is balanced.
public struct JSONWriter: ~Copyable {
    /// How values are set apart.
    public enum Form: Sendable {
        /// No white space at all, for files with an object a line.
        case compact
        /// A line for each value, two spaces for each level, for people.
        case pretty
    }

    private var buffer: OutputBuffer
    private let form: Form
    private var depth = 0
    private var isFirst = true
    private var isAfterKey = false

    /// Makes a writer with room for so many bytes; it grows as needed.
    public init(_ form: Form = .pretty, capacity: Int = 1 << 16) {
        self.form = form
        buffer = OutputBuffer(capacity: capacity)
    }

    /// How many bytes it holds.
    public var count: Int { buffer.count }

    /// Calls `body` with all that was written.
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try buffer.withUnsafeBytes(body)
    }

    /// Forgets what was written and keeps the memory.
    public mutating func removeAll() {
        precondition(depth == 0, "an object or array is still open")
        buffer.removeAll()
        isFirst = true
    }

    /// Hands what was written to a file, forgets it, and keeps the memory.
    ///
    /// - Throws: `TrueupError.run` where it cannot be written.
    mutating func flush(to sink: inout FileSink) throws {
        try withUnsafeBytes { bytes throws(TrueupError) in try sink.write(bytes) }
        removeAll()
    }

    /// Ends a document with a line feed; the next one begins.
    public mutating func endLine() {
        precondition(depth == 0, "an object or array is still open")
        buffer.append(byte: UInt8(ascii: "\n"))
        isFirst = true
    }

    /// Ends the document with a line feed and hands it over.
    public consuming func finish() -> [UInt8] {
        endLine()
        return buffer.withUnsafeBytes { [UInt8]($0) }
    }

    /// Ends the document with a line feed and hands it over for a terminal: characters beyond ASCII
    /// that control or deceive become escapes, which JSON reads as the same.
    public consuming func harmlessText() -> String {
        JSONWriter.harmless(String(decoding: finish(), as: UTF8.self))
    }

    /// JSON text for a terminal, as `harmlessText` gives it.
    public static func harmless(_ json: String) -> String {
        var result = ""
        for scalar in json.unicodeScalars {
            // What is below is white space of the document: in texts it is escaped already.
            if scalar.isUnseen, scalar.value >= 0x20 {
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    // MARK: Objects and arrays

    /// Writes an object, whose keys and values `body` writes.
    public mutating func object(_ body: (inout JSONWriter) -> Void) {
        nest(UInt8(ascii: "{"), UInt8(ascii: "}"), body)
    }

    /// Writes an array, whose values `body` writes.
    public mutating func array(_ body: (inout JSONWriter) -> Void) {
        nest(UInt8(ascii: "["), UInt8(ascii: "]"), body)
    }

    /// Writes a key that needs no escapes; its value comes next.
    public mutating func key(_ name: StaticString) {
        separate()
        buffer.append(byte: UInt8(ascii: "\""))
        buffer.append(name)
        buffer.append(byte: UInt8(ascii: "\""))
        endKey()
    }

    /// Writes a key of any text; its value comes next.
    @_disfavoredOverload
    public mutating func key(_ name: String) {
        separate()
        quote(name)
        endKey()
    }

    // MARK: Values

    /// Writes a text.
    public mutating func string(_ text: String) {
        separate()
        quote(text)
    }

    /// Writes a text that is given as UTF-8.
    public mutating func string(_ bytes: UnsafeRawBufferPointer) {
        separate()
        quote(bytes)
    }

    /// Writes a whole number.
    public mutating func integer(_ value: Int64) {
        separate()
        buffer.append(integer: value)
    }

    /// Writes a whole number.
    public mutating func integer(_ value: Int) { integer(Int64(value)) }

    /// Writes a number by its text, as another document had it.
    public mutating func number(_ text: String) {
        separate()
        buffer.append(text)
    }

    /// Writes a number with `digits` decimals, of which `value` counts the last: 9731 with four
    /// digits is `0.9731`.
    public mutating func decimal(_ value: Int64, digits: Int) {
        separate()
        buffer.append(minorUnits: value, digits: digits)
    }

    /// Writes an amount of minor units as a string, so that no reader makes it a binary fraction:
    /// `"-12.30"`.
    public mutating func amount(_ minorUnits: Int64, _ currency: Currency) {
        separate()
        buffer.append(byte: UInt8(ascii: "\""))
        buffer.append(minorUnits: minorUnits, digits: currency.digits)
        buffer.append(byte: UInt8(ascii: "\""))
    }

    /// Writes a currency's code as a string.
    public mutating func currency(_ currency: Currency) {
        separate()
        buffer.append(byte: UInt8(ascii: "\""))
        currency.forEachLetter { buffer.append(byte: $0) }
        buffer.append(byte: UInt8(ascii: "\""))
    }

    /// Writes a moment in UTC as a string, an empty one where there is none.
    public mutating func instant(_ instant: Instant) {
        separate()
        buffer.append(byte: UInt8(ascii: "\""))
        buffer.append(instant)
        buffer.append(byte: UInt8(ascii: "\""))
    }

    /// Writes `true` or `false`.
    public mutating func bool(_ value: Bool) {
        separate()
        buffer.append(value ? "true" : "false")
    }

    /// Writes `null`.
    public mutating func null() {
        separate()
        buffer.append("null")
    }

    // MARK: Keys with their values

    /// Writes a key and a text.
    public mutating func field(_ name: String, _ value: String) {
        key(name)
        string(value)
    }

    /// Writes a key and a whole number.
    public mutating func field(_ name: String, _ value: Int64) {
        key(name)
        integer(value)
    }

    /// Writes a key and a whole number.
    public mutating func field(_ name: String, _ value: Int) { field(name, Int64(value)) }

    /// Writes a key and `true` or `false`.
    public mutating func field(_ name: String, _ value: Bool) {
        key(name)
        bool(value)
    }

    /// Writes a key and the one value that `body` writes.
    public mutating func field(_ name: String, _ body: (inout JSONWriter) -> Void) {
        key(name)
        body(&self)
        precondition(!isAfterKey, "a key without a value")
    }

    // MARK: Layout

    private mutating func nest(
        _ opening: UInt8, _ closing: UInt8, _ body: (inout JSONWriter) -> Void
    ) {
        separate()
        buffer.append(byte: opening)
        isFirst = true
        depth += 1
        body(&self)
        precondition(!isAfterKey, "a key without a value")
        depth -= 1
        if !isFirst { breakLine() }
        buffer.append(byte: closing)
        isFirst = false
    }

    /// Puts what stands between the last value, or the opening of its parent, and the next one.
    private mutating func separate() {
        if isAfterKey {
            isAfterKey = false
            return
        }
        if isFirst {
            isFirst = false
        } else {
            precondition(depth > 0, "a second value in one document")
            buffer.append(byte: UInt8(ascii: ","))
        }
        if depth > 0 { breakLine() }
    }

    private mutating func endKey() {
        buffer.append(byte: UInt8(ascii: ":"))
        if form == .pretty { buffer.append(byte: UInt8(ascii: " ")) }
        isAfterKey = true
    }

    private mutating func breakLine() {
        guard form == .pretty else { return }
        buffer.append(byte: UInt8(ascii: "\n"))
        for _ in 0..<depth { buffer.append("  ") }
    }

    // MARK: Text

    private mutating func quote(_ text: String) {
        var text = text
        text.withUTF8 { quote(UnsafeRawBufferPointer($0)) }
    }

    private mutating func quote(_ bytes: UnsafeRawBufferPointer) {
        buffer.append(byte: UInt8(ascii: "\""))
        var runStart = 0
        var index = 0
        while index < bytes.count {
            if JSONCharacters.areEightPlain(bytes, at: index) {
                index += 8
                continue
            }
            let length = JSONCharacters.plainLength(bytes, at: index)
            if length > 0 {
                index += length
                continue
            }
            buffer.append(UnsafeRawBufferPointer(rebasing: bytes[runStart..<index]))
            index += escape(bytes, at: index)
            runStart = index
        }
        buffer.append(UnsafeRawBufferPointer(rebasing: bytes[runStart...]))
        buffer.append(byte: UInt8(ascii: "\""))
    }

    /// Writes what cannot stand as it is; returns how many bytes of the text that were.
    private mutating func escape(_ bytes: UnsafeRawBufferPointer, at index: Int) -> Int {
        switch bytes[index] {
        case UInt8(ascii: "\""): buffer.append("\\\"")
        case UInt8(ascii: "\\"): buffer.append("\\\\")
        case UInt8(ascii: "/"): buffer.append("\\/")
        case UInt8(ascii: "\n"): buffer.append("\\n")
        case UInt8(ascii: "\r"): buffer.append("\\r")
        case UInt8(ascii: "\t"): buffer.append("\\t")
        case let control where control < 0x20:
            buffer.append("\\u00")
            buffer.append(byte: UInt8(ascii: "0") + control >> 4)
            let digit = control & 15
            buffer.append(byte: digit < 10 ? 0x30 + digit : 0x57 + digit)
        case 0xE2 where JSONCharacters.isLineSeparator(bytes, at: index):
            buffer.append(bytes[index + 2] == 0xA8 ? "\\u2028" : "\\u2029")
            return 3
        default: buffer.append("\u{FFFD}")
        }
        return 1
    }
}

/// Which bytes of a text stand in JSON as they are.
enum JSONCharacters {
    /// Whether the next eight bytes are there, and are ASCII that stands as it is wherever it is.
    @inline(__always)
    static func areEightPlain(_ bytes: UnsafeRawBufferPointer, at index: Int) -> Bool {
        guard index + 8 <= bytes.count else { return false }
        let eight = bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        // The high bit of a byte of each of these is set where the byte is no ASCII, a control
        // character, a quote, a backslash or a slash; it may be set above such a byte too.
        let control = (eight &- each(0x20)) & ~eight
        let odd = control | marks(eight, "\"") | marks(eight, "\\") | marks(eight, "/")
        return (eight | odd) & each(0x80) == 0
    }

    /// Sets the high bit of each byte that is this character, and perhaps of some above it.
    @inline(__always)
    private static func marks(_ eight: UInt64, _ character: Unicode.Scalar) -> UInt64 {
        let rest = eight ^ each(UInt8(ascii: character))
        return (rest &- each(1)) & ~rest
    }

    @inline(__always)
    private static func each(_ byte: UInt8) -> UInt64 { 0x0101_0101_0101_0101 &* UInt64(byte) }

    /// The length of the character at this index where it stands as it is, else 0.
    ///
    /// A slash is escaped after `<`, so that the text can stand inside an HTML script; U+2028 and
    /// U+2029 are, since they end lines in older JavaScript.
    static func plainLength(_ bytes: UnsafeRawBufferPointer, at index: Int) -> Int {
        let byte = bytes[index]
        guard byte < 0x80 else {
            return isLineSeparator(bytes, at: index) ? 0 : sequenceLength(bytes, at: index)
        }
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), 0..<0x20: return 0
        case UInt8(ascii: "/"): return index > 0 && bytes[index - 1] == UInt8(ascii: "<") ? 0 : 1
        default: return 1
        }
    }

    /// Whether U+2028 or U+2029 stands at this index.
    static func isLineSeparator(_ bytes: UnsafeRawBufferPointer, at index: Int) -> Bool {
        bytes[index] == 0xE2 && index + 2 < bytes.count && bytes[index + 1] == 0x80
            && bytes[index + 2] & 0xFE == 0xA8
    }

    /// The length of the well-formed UTF-8 sequence of several bytes at this index; 0 for none.
    private static func sequenceLength(_ bytes: UnsafeRawBufferPointer, at index: Int) -> Int {
        let lead = bytes[index]
        let length: Int
        // The second byte's range excludes overlong forms, surrogates and what is beyond U+10FFFF.
        var second: ClosedRange<UInt8> = 0x80...0xBF
        switch lead {
        case 0xC2...0xDF: length = 2
        case 0xE0: (length, second) = (3, 0xA0...0xBF)
        case 0xED: (length, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: length = 3
        case 0xF0: (length, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: length = 4
        case 0xF4: (length, second) = (4, 0x80...0x8F)
        default: return 0
        }
        guard index + length <= bytes.count, second.contains(bytes[index + 1]) else { return 0 }
        for place in 2..<max(length, 2) where bytes[index + place] & 0xC0 != 0x80 { return 0 }
        return length
    }
}
