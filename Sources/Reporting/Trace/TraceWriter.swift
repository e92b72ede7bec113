import Records
import RunStore

/// Writes one file of a trace, record by record.
struct TraceWriter<Record: TraceRecord>: ~Copyable {
    private var block = [UInt8](repeating: 0, count: 1 << 18)
    private var filled = 0
    private var sink: FileSink
    private var written = 0
    private let count: Int
    /// Notes where records belong, for a part of a file; nil for a whole one.
    private let marks: PieceMarks?

    /// Begins a file of so many records; a part of one has no header.
    init(
        _ file: TraceFile, sink: consuming FileSink, inputs: [String], count: Int,
        marks: PieceMarks?
    ) throws {
        self.count = count
        self.sink = sink
        self.marks = marks
        if marks == nil { try self.sink.write(file.header(inputs: inputs, count: count)) }
    }

    /// Writes the record of the row at a place, in a section of the file.
    mutating func write(_ record: Record, at place: RowPlace, section: UInt32 = 0) throws {
        try marks?.add(PieceMark(section: section, place: place, length: Record.width))
        block.withUnsafeMutableBytes { block in
            let place = filled..<(filled + Record.width)
            record.write(to: UnsafeMutableRawBufferPointer(rebasing: block[place]))
        }
        filled += Record.width
        written += 1
        if filled + Record.width > block.count { try flush() }
    }

    private mutating func flush() throws {
        try sink.write(Array(block.prefix(filled)))
        filled = 0
    }

    /// Ends the file; returns how many records it has.
    consuming func close() throws -> Int {
        precondition(written == count, "the header of the trace says another count")
        try flush()
        let written = written
        try sink.close()
        return written
    }
}
