/// How a delimited file separates its fields; the quote is always `"`.
public struct Dialect: Sendable, Hashable {
    /// The byte between two fields.
    public let delimiter: UInt8

    /// Comma-separated, the ordinary case.
    public static let comma = Dialect(delimiter: UInt8(ascii: ","))

    /// Creates a dialect.
    ///
    /// - Precondition: the delimiter is an ASCII byte other than NUL, the quote and the line ends,
    ///   which mean something else.
    public init(delimiter: UInt8) {
        precondition(
            delimiter < 0x80 && delimiter != 0 && delimiter != Byte.quote
                && delimiter != Byte.lineFeed && delimiter != Byte.carriageReturn,
            "this byte cannot separate fields")
        self.delimiter = delimiter
    }
}

/// The bytes that mean something in delimited text.
@usableFromInline
enum Byte {
    @inlinable static var quote: UInt8 { 0x22 }
    @inlinable static var lineFeed: UInt8 { 0x0A }
    @inlinable static var carriageReturn: UInt8 { 0x0D }
    @inlinable static var space: UInt8 { 0x20 }
    @inlinable static var tab: UInt8 { 0x09 }
}
