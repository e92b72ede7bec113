/// The files in which a run keeps how its decisions came about.
///
/// Each has a header and records of one width, in the order of the rows of the table that it goes
/// with, so that the record of a row is found by counting. Numbers are little-endian:
///
/// | bytes | what |
/// |---|---|
/// | 8 | `trueupTR` |
/// | 2 | the version of the format |
/// | 1 | the kind of the file |
/// | 1 | the width of a record in bytes |
/// | 4 | how many names of input files follow |
/// | 8 | how many records follow those |
/// | 4 + n, each | the length of a name and its UTF-8 |
/// | up to 15 | zeros, up to a multiple of 16 |
/// | width, each | the records |
public enum TraceFile: UInt8, Sendable, CaseIterable {
    /// A record for each row of payments.csv.
    case payments = 1
    /// A record for each row of settlements.csv.
    case settlements = 2
    /// A record for each row of bookings.csv.
    case bookings = 3
    /// What rule 3 compared: first by payments, then by bookings, each in order of their rows.
    case trials = 4

    /// The version of the format; a reader refuses others.
    public static let version: UInt16 = 1

    /// The file's name in the run.
    public var name: String {
        switch self {
        case .payments: "trace/payments.bin"
        case .settlements: "trace/settlements.bin"
        case .bookings: "trace/bookings.bin"
        case .trials: "trace/attributes.bin"
        }
    }

    /// How many bytes a record has.
    public var width: Int {
        switch self {
        case .payments: PaymentTrace.width
        case .settlements: LineTrace.width
        case .bookings: BookingTrace.width
        case .trials: TrialTrace.width
        }
    }

    static let magic = Array("trueupTR".utf8)
    static let alignment = 16

    /// The bytes before the records.
    func header(inputs: [String], count: Int) -> [UInt8] {
        var bytes = TraceFile.magic
        func append(_ value: some FixedWidthInteger) {
            withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
        }
        append(TraceFile.version)
        append(rawValue)
        append(UInt8(width))
        append(UInt32(inputs.count))
        append(UInt64(count))
        for name in inputs {
            append(UInt32(name.utf8.count))
            bytes.append(contentsOf: name.utf8)
        }
        while !bytes.count.isMultiple(of: TraceFile.alignment) { bytes.append(0) }
        return bytes
    }
}

/// A record of a trace.
public protocol TraceRecord: Sendable, Hashable {
    /// How many bytes it has.
    static var width: Int { get }
    /// Reads a record; nil where it holds a code that this version does not know.
    ///
    /// `bytes` has at least the record's width.
    init?(_ bytes: UnsafeRawBufferPointer)
    /// Writes the record; `bytes` has at least its width.
    func write(to bytes: UnsafeMutableRawBufferPointer)
}

/// Where the row of a record stands in the dumps.
public struct TracedPlace: Sendable, Hashable {
    /// The file's place among the names of the header, from 0.
    public var file: UInt16
    /// The line, from 1.
    public var line: UInt32

    /// Creates a place.
    public init(file: UInt16, line: UInt32) {
        self.file = file
        self.line = line
    }

    init(_ bytes: UnsafeRawBufferPointer) {
        line = UInt32(littleEndian: bytes.loadUnaligned(as: UInt32.self))
        file = UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 4, as: UInt16.self))
    }

    func write(to bytes: UnsafeMutableRawBufferPointer) {
        bytes.storeBytes(of: line.littleEndian, as: UInt32.self)
        bytes.storeBytes(of: file.littleEndian, toByteOffset: 4, as: UInt16.self)
    }
}

/// Two codes below 16 in a byte.
func packed(
    _ low: some RawRepresentable<UInt8>, _ high: some RawRepresentable<UInt8>
) -> UInt8 {
    low.rawValue | high.rawValue << 4
}
