/// Writes the fields of values as bytes, or reads them back: one after the other, in one order, as each
/// type names its fields once for both.
///
/// Numbers are little-endian and of their full width; texts and lists begin with their length. What is
/// read was written by the same program: nothing in the bytes says what they mean.
public struct FieldCoder: Sendable {
    /// What was written, or is read.
    public private(set) var bytes: [UInt8]
    /// Whether values are read, not written.
    public let isReading: Bool
    private var place = 0

    /// Writes values.
    public init() {
        bytes = []
        isReading = false
    }

    /// Reads values from bytes.
    public init(reading bytes: [UInt8]) {
        self.bytes = bytes
        isReading = true
    }

    /// Whether everything was read.
    public var isAtEnd: Bool { place == bytes.count }

    /// Writes a value's fields, or reads them into it.
    ///
    /// - Throws: `DamagedFields` where the bytes cannot be such a value.
    public mutating func code<Value: FieldCoded>(
        _ value: inout Value
    ) throws(DamagedFields) {
        try value.code(&self)
    }

    /// Writes a whole number, or reads it.
    mutating func code(number value: inout some FixedWidthInteger) throws(DamagedFields) {
        let width = value.bitWidth / 8
        guard isReading else {
            return withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
        }
        let found = try take(width)
        var read = value
        withUnsafeMutableBytes(of: &read) { $0.copyBytes(from: bytes[found]) }
        value = .init(littleEndian: read)
    }

    /// Writes how many there are of something, or reads it: never more than bytes are left, as each
    /// takes one at least.
    mutating func code(count: Int) throws(DamagedFields) -> Int {
        var found = UInt64(count)
        try code(number: &found)
        guard isReading else { return count }
        guard found <= UInt64(bytes.count - place) else { throw DamagedFields() }
        return Int(found)
    }

    /// Writes bytes, or reads them.
    public mutating func code(bytes value: inout [UInt8]) throws(DamagedFields) {
        let count = try code(count: value.count)
        if isReading { value = Array(bytes[try take(count)]) } else { bytes += value }
    }

    private mutating func take(_ count: Int) throws(DamagedFields) -> Range<Int> {
        guard count <= bytes.count - place else { throw DamagedFields() }
        place += count
        return (place - count)..<place
    }
}

/// Bytes that are not what they should be.
public struct DamagedFields: Error {
    /// Nothing more is known.
    public init() {}
}

/// A value that names its fields in an order, in which they are written and read.
public protocol FieldCoded {
    /// What is read into.
    static var blank: Self { get }

    /// Writes every field, or reads it.
    ///
    /// - Throws: `DamagedFields` where the bytes cannot be such a value.
    mutating func code(_ coder: inout FieldCoder) throws(DamagedFields)
}

extension FieldCoded {
    /// The value's fields as bytes.
    public var fieldBytes: [UInt8] {
        var coder = FieldCoder()
        var value = self
        // Only reading can fail.
        try? value.code(&coder)
        return coder.bytes
    }

    /// The value of such bytes, which are no more than its fields.
    ///
    /// - Throws: `DamagedFields` where they cannot be one.
    public init(fieldBytes bytes: [UInt8]) throws(DamagedFields) {
        var coder = FieldCoder(reading: bytes)
        self = .blank
        try code(&coder)
        guard coder.isAtEnd else { throw DamagedFields() }
    }
}
