import Diagnostics
import Emission
import Records
import RunStore

/// Where a row, line or entry of a part's file belongs in the whole file.
struct PieceMark: Comparable {
    /// Which run of rows of the file it belongs to, where the file has several.
    var section: UInt32
    /// The place of the row of the dumps whose order it follows.
    var place: RowPlace
    /// How many bytes it has.
    var length: UInt32

    static let width = 16

    static func == (left: PieceMark, right: PieceMark) -> Bool {
        left.section == right.section && left.place == right.place
    }

    static func < (left: PieceMark, right: PieceMark) -> Bool {
        (left.section, left.place.packed) < (right.section, right.place.packed)
    }

    init(section: UInt32, place: RowPlace, length: Int) {
        self.section = section
        self.place = place
        self.length = UInt32(length)
    }

    init(_ bytes: UnsafeRawBufferPointer) {
        place = RowPlace(packed: bytes.loadUnaligned(as: UInt64.self))
        length = bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self)
        section = bytes.loadUnaligned(fromByteOffset: 12, as: UInt32.self)
    }

    func append(to bytes: inout [UInt8]) {
        withUnsafeBytes(of: place.packed) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: length) { bytes.append(contentsOf: $0) }
        withUnsafeBytes(of: section) { bytes.append(contentsOf: $0) }
    }
}

/// Notes where the pieces of one part's file belong, in the order in which they are written.
final class PieceMarks {
    private static let blockSize = 1 << 16

    private var sink: FileSink?
    private var block: [UInt8] = []
    /// How many bytes were noted down.
    private(set) var bytes: Int64 = 0
    /// How many bytes all pieces have.
    private(set) var pieceBytes: Int64 = 0

    init(_ sink: consuming FileSink) {
        self.sink = consume sink
        block.reserveCapacity(PieceMarks.blockSize + 64)
    }

    func add(_ mark: PieceMark) throws {
        mark.append(to: &block)
        pieceBytes += Int64(mark.length)
        if block.count >= PieceMarks.blockSize { try flush() }
    }

    /// Notes a number that goes with the marks, in a file of numbers.
    func add(_ number: UInt64) throws {
        withUnsafeBytes(of: number) { block.append(contentsOf: $0) }
        if block.count >= PieceMarks.blockSize { try flush() }
    }

    private func flush() throws {
        try sink?.write(block)
        bytes += Int64(block.count)
        block.removeAll(keepingCapacity: true)
    }

    func close() throws {
        try flush()
        try sink.take()?.close()
    }
}

/// The pieces of one file that the parts of a divided run wrote, one part behind the other.
struct PartedFile: Sendable {
    /// Where the bytes of one part lie.
    struct Segment: Sendable {
        var marks: StoredRange
        var pieces: StoredRange
    }

    /// What is said of a part whose pieces are fewer than its marks.
    static var isCut: TrueupError {
        .run(
            Finding(
                "a part of the run is damaged", expected: "a piece for each mark",
                remedy: "make the part again"))
    }

    let marks: ScratchFile
    let pieces: ScratchFile
    var segments: [Segment] = []

    init(in folder: String) throws {
        marks = try ScratchFile(in: folder)
        pieces = try ScratchFile(in: folder)
    }

    /// How many bytes are read at a time of each part, so that all of them together stay small.
    func blockSize(atMost most: Int) -> Int {
        max(4 << 10, min(most, (64 << 20) / max(segments.count, 1)))
    }

    /// Adds a part's bytes; `write` is given what takes the pieces and what notes where they belong.
    mutating func add<Result>(
        _ write: (consuming FileSink, PieceMarks) throws -> Result
    ) throws -> Result {
        let marks = PieceMarks(try self.marks.sink())
        let result = try write(try pieces.sink(), marks)
        try end(marks)
        return result
    }

    /// Ends a part whose marks were written by themselves.
    mutating func end(_ marks: PieceMarks) throws {
        try marks.close()
        let last = segments.last
        let firstMark = last?.marks.bytes.upperBound ?? 0
        let firstPiece = last?.pieces.bytes.upperBound ?? 0
        segments.append(
            Segment(
                marks: StoredRange(self.marks, firstMark..<(firstMark + marks.bytes)),
                pieces: StoredRange(pieces, firstPiece..<(firstPiece + marks.pieceBytes))))
    }
}

/// Reads a range of a scratch file from its beginning to its end.
struct ScratchReader: ~Copyable {
    private let file: ScratchFile
    private var rest: Range<Int64>
    private var block: UnsafeMutableRawBufferPointer
    private var filled = 0..<0

    init(_ stored: StoredRange, blockSize: Int) {
        file = stored.file
        rest = stored.bytes
        block = .allocate(byteCount: blockSize, alignment: 16)
    }

    deinit { block.deallocate() }

    /// The next bytes, valid until the next call; fewer only at the end.
    mutating func next(_ count: Int) throws -> UnsafeRawBufferPointer {
        if filled.count < count { try fill(atLeast: count) }
        let found = filled.lowerBound..<min(filled.lowerBound + count, filled.upperBound)
        filled = found.upperBound..<filled.upperBound
        return UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(block)[found])
    }

    private mutating func fill(atLeast count: Int) throws {
        let left = UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(block)[filled])
        if count > block.count {
            let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
            larger.copyMemory(from: left)
            block.deallocate()
            block = larger
        } else if !filled.isEmpty {
            block.copyMemory(from: left)
        }
        filled = 0..<filled.count
        let room = min(block.count - filled.count, rest.count)
        let target = UnsafeMutableRawBufferPointer(
            rebasing: block[filled.count..<(filled.count + room)])
        let read = try file.read(at: rest.lowerBound, into: target)
        rest = (rest.lowerBound + Int64(read))..<rest.upperBound
        filled = 0..<(filled.count + read)
    }
}

/// What is noted of the lines of a part of `dashboards.jsonl`.
final class DashboardMarks {
    private let marks: PieceMarks
    /// For each line the two halves of its user's print, and the two places of a seller's figures.
    private let users: PieceMarks

    /// How many numbers go with each line.
    static let numbersOfLine = 3

    init(marks: PieceMarks, users: PieceMarks) {
        self.marks = marks
        self.users = users
    }

    func add(_ summary: UserSummary, length: Int, _ after: Int, _ before: Int) throws {
        switch summary.name {
        case .payment(let place): try marks.add(PieceMark(section: 0, place: place, length: length))
        case .booking(let place): try marks.add(PieceMark(section: 1, place: place, length: length))
        case .past, .seller: preconditionFailure("a part knows no such users")
        }
        try users.add(summary.user.high)
        try users.add(summary.user.low)
        try users.add(UInt64(after) << 32 | UInt64(before))
    }
}
