// Owns raw memory. Invariants, on which the unchecked reads below rest:
// - `block` is the text scanned last; whoever scanned it keeps it in place while the tape is read.
// - `side` has at least as many bytes as the block. A text that differs from its raw form is kept
//   there at the offset of the raw form, which is never shorter: so texts cannot overlap, nothing
//   moves, and undoing the same field twice writes the same bytes.
// - Bounds written by the scanner lie within the block, or within `side` for records of libcsv.

/// The records of one block of text, in order; reused from block to block by one thread.
///
/// A tape owns no text: it is valid as long as the block that was scanned stays where it is. Offsets
/// are in bytes from the start of the block; records, columns and lines are counted from 0.
public struct RecordTape: ~Copyable {
    @usableFromInline
    struct Entry: BitwiseCopyable {
        @usableFromInline var start: UInt32
        @usableFromInline var end: UInt32
        /// The place of the first field's bound; for a problem, its place in `problems`.
        @usableFromInline var first: UInt32
        @usableFromInline var fieldCount: UInt32
        @usableFromInline var line: UInt32
        @usableFromInline var form: Form

        @usableFromInline
        init(start: Int, end: Int, first: Int, fieldCount: Int, line: Int, form: Form) {
            self.start = UInt32(truncatingIfNeeded: start)
            self.end = UInt32(truncatingIfNeeded: end)
            self.first = UInt32(truncatingIfNeeded: first)
            self.fieldCount = UInt32(truncatingIfNeeded: fieldCount)
            self.line = UInt32(truncatingIfNeeded: line)
            self.form = form
        }
    }

    /// Where a record's texts are found.
    @usableFromInline
    enum Form: UInt32, BitwiseCopyable {
        /// In the block, between the separators.
        case plain
        /// In the block, and some quoted field has doubled quotes.
        case doubled
        /// In `side`, one after the other, as libcsv gave them.
        case copied
        /// Nowhere: it is no record.
        case problem
    }

    @usableFromInline var block = UnsafeRawBufferPointer(start: nil, count: 0)
    @usableFromInline var delimiter: UInt8 = 0
    @usableFromInline var entries: GrowingBuffer<Entry>
    /// The end of each field: the separator after it, or its end in `side`.
    @usableFromInline var bounds: GrowingBuffer<UInt32>
    @usableFromInline var side: GrowingBuffer<UInt8>
    var problems: [RecordProblem] = []
    @usableFromInline var made = MadeTexts()

    // The record that libcsv is reading.
    private var copiedFirst = 0
    private var copiedEnd = 0
    private(set) var copiedRowEnded = false

    /// Makes an empty tape.
    public init() {
        entries = GrowingBuffer(capacity: 4096)
        bounds = GrowingBuffer(capacity: 32768)
        side = GrowingBuffer(capacity: 0)
    }

    /// How many records there are, problems among them.
    @inlinable public var count: Int { entries.count }

    /// The text of a field as libcsv gives it: outer spaces and tabs trimmed, or quotes undone.
    ///
    /// A column beyond the record's last, and any column of a problem, is empty. The text is valid
    /// until the block's memory or the tape is used for something else.
    @inlinable
    public func field(_ record: Int, _ column: Int) -> UnsafeRawBufferPointer {
        let entry = entries[record]
        guard column >= 0, column < Int(entry.fieldCount), let base = block.baseAddress else {
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        let bound = Int(entry.first) &+ column
        let end = Int(bounds[bound])
        if entry.form == .copied {
            let start = column == 0 ? Int(entry.start) : Int(bounds[bound &- 1])
            return UnsafeRawBufferPointer(start: side.base + start, count: end &- start)
        }
        let start = column == 0 ? Int(entry.start) : Int(bounds[bound &- 1]) &+ 1
        guard start < end else { return UnsafeRawBufferPointer(start: base + start, count: 0) }
        if base.load(fromByteOffset: start, as: UInt8.self) == Byte.quote {
            let inner = UnsafeRawBufferPointer(start: base + start + 1, count: end &- start &- 2)
            return entry.form == .doubled ? undoubled(inner, at: start + 1) : inner
        }
        return trimmed(base, start, end)
    }

    @inlinable @inline(__always)
    func trimmed(_ base: UnsafeRawPointer, _ from: Int, _ to: Int) -> UnsafeRawBufferPointer {
        var start = from
        var end = to
        while start < end, isBlank(base.load(fromByteOffset: start, as: UInt8.self)) { start &+= 1 }
        while start < end, isBlank(base.load(fromByteOffset: end &- 1, as: UInt8.self)) {
            end &-= 1
        }
        return UnsafeRawBufferPointer(start: base + start, count: end &- start)
    }

    @inlinable @inline(__always)
    func isBlank(_ byte: UInt8) -> Bool {
        (byte == Byte.space || byte == Byte.tab) && byte != delimiter
    }

    /// The inside of a quoted field with each doubled quote made one.
    @usableFromInline
    func undoubled(_ raw: UnsafeRawBufferPointer, at offset: Int) -> UnsafeRawBufferPointer {
        let target = side.base + offset
        var length = 0
        var read = 0
        while read < raw.count {
            let byte = raw[read]
            target[length] = byte
            length &+= 1
            read &+= byte == Byte.quote ? 2 : 1
        }
        return UnsafeRawBufferPointer(start: target, count: length)
    }

    /// The record as it stands in the file, without its line end; of a problem, the line.
    ///
    /// Of a line longer than the bound only so many bytes are given.
    public func rawText(of record: Int) -> UnsafeRawBufferPointer {
        let entry = entries[record]
        return UnsafeRawBufferPointer(rebasing: block[Int(entry.start)..<Int(entry.end)])
    }

    /// Where the record begins.
    @inlinable public func start(of record: Int) -> Int { Int(entries[record].start) }

    /// Where the record ends: the offset of its line end, or of the end of the text.
    @inlinable public func end(of record: Int) -> Int { Int(entries[record].end) }

    /// How many physical lines of the block come before the one on which the record begins.
    ///
    /// `\r\n`, `\n` and a lone `\r` each end a line.
    @inlinable public func line(of record: Int) -> Int { Int(entries[record].line) }

    /// How many fields the record has; 0 for a problem.
    @inlinable public func fieldCount(of record: Int) -> Int { Int(entries[record].fieldCount) }

    /// Why this line is no record; nil for a record.
    @inlinable
    public func problem(of record: Int) -> RecordProblem? {
        let entry = entries[record]
        return entry.form == .problem ? problem(at: Int(entry.first)) : nil
    }

    @usableFromInline
    func problem(at place: Int) -> RecordProblem { problems[place] }
}

extension RecordTape {
    /// Forgets the records of the last block and makes ready for another.
    mutating func begin(_ block: UnsafeRawBufferPointer, delimiter: UInt8) {
        precondition(block.count <= UInt32.max, "a block is at most 4 GiB long")
        self.block = block
        self.delimiter = delimiter
        entries.count = 0
        bounds.count = 0
        problems.removeAll(keepingCapacity: true)
        made.forget()
        side.reserve(block.count)
    }

    /// Puts a line that is no record in place of the record that libcsv was reading.
    mutating func commitProblem(_ problem: RecordProblem, start: Int, end: Int, line: Int) {
        bounds.count = copiedFirst
        entries.append(
            Entry(
                start: start, end: end, first: problems.count, fieldCount: 0, line: line,
                form: .problem))
        problems.append(problem)
    }

    /// Begins a record whose texts come from libcsv.
    mutating func beginCopiedRecord(at start: Int) {
        copiedFirst = bounds.count
        restartCopiedRecord(at: start)
    }

    /// Drops what was copied of a record that failed, to read it in another way.
    mutating func restartCopiedRecord(at start: Int) {
        bounds.count = copiedFirst
        copiedEnd = start
        copiedRowEnded = false
    }

    mutating func appendCopiedField(_ text: UnsafeRawBufferPointer) {
        precondition(copiedEnd + text.count <= block.count, "libcsv gave more than it was given")
        if let source = text.baseAddress {
            UnsafeMutableRawPointer(side.base + copiedEnd).copyMemory(
                from: source, byteCount: text.count)
        }
        copiedEnd += text.count
        bounds.append(UInt32(truncatingIfNeeded: copiedEnd))
    }

    mutating func endCopiedRow() { copiedRowEnded = true }

    mutating func commitCopiedRecord(start: Int, end: Int, line: Int) {
        entries.append(
            Entry(
                start: start, end: end, first: copiedFirst,
                fieldCount: bounds.count - copiedFirst, line: line, form: .copied))
    }
}
