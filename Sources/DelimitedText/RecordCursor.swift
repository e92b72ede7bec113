/// Reads single records again by the offsets at which they begin; used by one thread.
///
/// A window of the source is kept in memory, so that ascending offsets cost one system call for
/// each window, and nothing but the cutting of the record otherwise.
public struct RecordCursor: ~Copyable {
    /// How many bytes are read at a time: 256 KiB; more only for a record that is longer.
    public static let windowSize = 256 << 10
    /// How many bytes are read after a leap over more than these: the next record may be as far away.
    private static let leapSize = 16 << 10

    /// Where the next record may begin, in bytes from the start of the source.
    public private(set) var nextOffset = 0
    /// How many physical lines end between the offset asked for and the record that was found.
    ///
    /// It is other than 0 only where blank lines come first.
    public private(set) var linesBefore = 0
    /// How many physical lines end between the offset asked for and `nextOffset`.
    public private(set) var lineCount = 0

    private let source: TextSource
    private let windowSize: Int
    private var scanner: RecordScanner
    @usableFromInline private(set) var tape = RecordTape()
    private var window: ByteWindow
    /// Whether `nextOffset` lies in the middle of a line that was given up as too long.
    private var endsWithinLine = false

    /// Makes a cursor; tests make the window and the bound on a record's length small.
    public init(
        source: TextSource, dialect: Dialect = .comma, windowSize: Int = Self.windowSize,
        longestRecord: Int = RecordScanner.longestRecord
    ) {
        precondition(windowSize > 0, "a window has at least one byte")
        self.source = source
        self.windowSize = windowSize
        scanner = RecordScanner(dialect: dialect, longestRecord: longestRecord)
        window = ByteWindow(capacity: windowSize)
    }

    /// Reads the record that begins at an offset, or after blank lines that begin there.
    ///
    /// The texts of the record read before are no longer valid.
    ///
    /// - Parameter offset: where a record begins, in bytes from the start of the source.
    /// - Throws: `noRecord` where only blank lines are left, `system` where the source cannot be
    ///   read, `changed` where it has become shorter.
    public mutating func record(at offset: Int) throws(TextSourceError) {
        precondition(offset >= 0, "a source begins at offset 0")
        var isWithinLine = endsWithinLine && offset == nextOffset
        endsWithinLine = false
        var position = offset
        var lines = 0
        while position < source.size {
            if !window.holds(position) {
                let isNear =
                    position >= window.start && position - window.end < RecordCursor.leapSize
                try window.fill(
                    from: source, at: position,
                    isNear ? windowSize : min(windowSize, RecordCursor.leapSize))
            }
            let result = scanner.scan(
                window.bytes(from: position), isLast: window.end == source.size,
                startsWithinLine: isWithinLine, most: 1, into: &tape)
            nextOffset = position + result.consumed
            lineCount = lines + result.lineCount
            if tape.count == 1 {
                linesBefore = lines + tape.line(of: 0)
                endsWithinLine = result.endsWithinLine
                return
            }
            if result.consumed == 0 {
                let isTooSmall = window.start == position
                let size = isTooSmall ? window.count * 2 : windowSize
                try window.fill(from: source, at: position, size)
            }
            isWithinLine = result.endsWithinLine
            position = nextOffset
            lines = lineCount
        }
        throw .noRecord(path: source.path, offset: offset)
    }

    /// How many fields the record has; 0 for a problem.
    public var fieldCount: Int { tape.fieldCount(of: 0) }

    /// The text of a field as libcsv gives it, valid until the next record is read.
    ///
    /// A column beyond the last is empty, and so is any column of a problem.
    @inlinable
    public func field(_ column: Int) -> UnsafeRawBufferPointer { tape.field(0, column) }

    /// Hands the record to whoever makes further texts of it, as the tape's only record.
    public mutating func makeTexts(_ make: (inout RecordTape) -> Void) { make(&tape) }

    /// A text that was made of the record, valid until the next record is read.
    @inlinable
    public func madeText(_ index: Int) -> UnsafeRawBufferPointer { tape.madeText(0, index) }

    /// Why the line is no record, its offset counted from the start of the line; nil for a record.
    public var problem: RecordProblem? { tape.problem(of: 0)?.moved(by: -tape.start(of: 0)) }

    /// The record as it stands in the file, without its line end.
    public var rawText: UnsafeRawBufferPointer { tape.rawText(of: 0) }
}
