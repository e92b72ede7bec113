// Owns raw memory. Invariant: `base` has `capacity` bytes, the first `filled` of which are written;
// whoever writes behind `filled` reserves first. Reads of a source stay within it.

/// A large buffer into which rows of CSV are written; reused, and used by one thread.
///
/// A row is its fields with a separator between each two, then `endRow`. Bytes pass as they are,
/// UTF-8 or not.
public struct OutputBuffer: ~Copyable {
    @usableFromInline private(set) var base: UnsafeMutableRawPointer
    @usableFromInline var filled = 0
    @usableFromInline private(set) var capacity: Int
    @usableFromInline let delimiter: UInt8
    @usableFromInline var rowStart = 0

    /// Makes a buffer with room for so many bytes; it grows as needed.
    public init(capacity: Int = 1 << 20, dialect: Dialect = .comma) {
        self.capacity = max(capacity, 64)
        base = .allocate(byteCount: self.capacity, alignment: 16)
        delimiter = dialect.delimiter
    }

    deinit { base.deallocate() }

    /// How many bytes it holds.
    @inlinable public var count: Int { filled }

    /// Whether it holds nothing.
    public var isEmpty: Bool { count == 0 }

    /// Calls `body` with all that it holds.
    public func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try body(UnsafeRawBufferPointer(start: base, count: count))
    }

    /// Forgets what it holds and keeps the memory.
    public mutating func removeAll() {
        filled = 0
        rowStart = 0
    }

    /// Makes room for so many bytes more; growth at least doubles the room.
    @inlinable @inline(__always)
    public mutating func reserve(_ more: Int) {
        if capacity &- count < more { grow(by: more) }
    }

    @usableFromInline @inline(never)
    mutating func grow(by more: Int) {
        let larger = max(capacity * 2, count + more)
        let moved = UnsafeMutableRawPointer.allocate(byteCount: larger, alignment: 16)
        moved.copyMemory(from: base, byteCount: count)
        base.deallocate()
        base = moved
        capacity = larger
    }

    /// Appends bytes as they are.
    @inlinable
    public mutating func append(_ bytes: UnsafeRawBufferPointer) {
        guard let source = bytes.baseAddress else { return }
        reserve(bytes.count)
        (base + count).copyMemory(from: source, byteCount: bytes.count)
        filled &+= bytes.count
    }

    /// Appends one byte as it is.
    @inlinable
    public mutating func append(byte: UInt8) {
        reserve(1)
        base.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
        filled &+= 1
    }

    /// Appends a literal as it is.
    @inlinable
    public mutating func append(_ text: StaticString) {
        guard text.hasPointerRepresentation else {
            append(String(describing: text))
            return
        }
        append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends a string's UTF-8 as it is; not for text that may need quotes.
    @_disfavoredOverload
    public mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }

    /// Appends the delimiter.
    @inlinable
    public mutating func appendSeparator() { append(byte: delimiter) }

    /// Ends the row with a line feed.
    ///
    /// A row that holds nothing but one empty field is written as `""`, for a blank line would not
    /// be read again as a row.
    @inlinable
    public mutating func endRow() {
        if count == rowStart { append("\"\"") }
        append(byte: Byte.lineFeed)
        rowStart = count
    }
}

extension OutputBuffer {
    /// Appends a whole number in decimal.
    public mutating func append(integer: Int64) { append(minorUnits: integer, digits: 0) }

    /// Appends an amount of minor units in major units, `digits` of them behind the point.
    ///
    /// So -5 with 2 digits is `-0.05`, and with 0 digits `-5`.
    public mutating func append(minorUnits: Int64, digits: Int) {
        precondition(digits >= 0 && digits <= 18, "no currency has so many digits")
        // A sign, at most 19 digits, and a point.
        reserve(24)
        if minorUnits < 0 {
            base.storeBytes(of: UInt8(ascii: "-"), toByteOffset: filled, as: UInt8.self)
            filled &+= 1
        }
        var rest = minorUnits.magnitude
        let length = max(OutputBuffer.digitCount(rest), digits &+ 1) &+ (digits > 0 ? 1 : 0)
        // Written from the end, where the number of digits says that it is.
        var place = length
        func put(_ byte: UInt8) {
            place &-= 1
            base.storeBytes(of: byte, toByteOffset: filled &+ place, as: UInt8.self)
        }
        func putDigit() {
            let quotient = rest / 10
            put(UInt8(truncatingIfNeeded: 0x30 &+ (rest &- quotient &* 10)))
            rest = quotient
        }
        for _ in 0..<digits { putDigit() }
        if digits > 0 { put(UInt8(ascii: ".")) }
        while place > 0 { putDigit() }
        filled &+= length
    }

    /// How many decimal digits a number has, at least one.
    private static func digitCount(_ number: UInt64) -> Int {
        var count = 1
        var bound: UInt64 = 10
        while number >= bound {
            count &+= 1
            // Beyond the largest power of ten there is no further one.
            if count == 20 { break }
            bound &*= 10
        }
        return count
    }
}
