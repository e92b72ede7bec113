// Reads the block through raw addresses. Invariants: every read is below `block.count`; the tape
// has room for a whole chunk's bounds and records before a chunk is taken.

/// What one scan came to.
public struct ScanResult: Sendable, Hashable {
    /// How many bytes were used up; the next scan begins with the byte after them.
    ///
    /// It is 0 only where the block ends before its first record does.
    public var consumed: Int
    /// How many physical lines end within the bytes used up.
    public var lineCount: Int
    /// Whether the bytes used up end in the middle of a line that was given up as too long, so that
    /// the rest of that line must be passed over.
    public var endsWithinLine: Bool

    /// Creates a result.
    public init(consumed: Int, lineCount: Int, endsWithinLine: Bool) {
        self.consumed = consumed
        self.lineCount = lineCount
        self.endsWithinLine = endsWithinLine
    }
}

/// Cuts blocks of text into records, exactly as libcsv would; used by one thread.
///
/// Records without quotes, and those whose quotes stand only where they should, are cut here, 64
/// bytes a step; all others are given to libcsv. What libcsv refuses in strict mode is read in its
/// lenient mode where that record ends with the physical line on which it began (`5" nails` in an
/// unquoted field); else that line alone becomes a problem, and reading resumes on the next.
///
/// What is a record depends on the text alone, not on how it is divided into blocks.
public struct RecordScanner: ~Copyable {
    /// The bound in bytes above which a record is given up as too long: 16 MiB.
    public static let longestRecord = 16 << 20

    let dialect: Dialect
    let bound: Int
    var parser: LibCSVParser

    /// How many bytes were handed to libcsv so far.
    public var bytesGivenToLibCSV: Int { parser.bytesFed }

    /// Makes a scanner; `longestRecord` is the bound in bytes, which tests make small.
    public init(dialect: Dialect = .comma, longestRecord: Int = Self.longestRecord) {
        precondition(longestRecord > 0, "a record has at least one byte")
        self.dialect = dialect
        bound = longestRecord
        parser = LibCSVParser(delimiter: dialect.delimiter)
    }

    /// Cuts the whole records of a block that begins where a record begins.
    ///
    /// - Parameters:
    ///   - block: the text; it must stay in place as long as the tape is read.
    ///   - isLast: whether the text ends with the block. If not, a record at its end that may go on
    ///     is left for the next scan, and so is a `\r` that may be followed by a `\n`.
    ///   - startsWithinLine: whether the scan before said that it ended within a line.
    ///   - most: stop after so many records.
    ///   - tape: gets the records in place of those it had.
    /// - Returns: how far the scan came. A block of more than `longestRecord` + 1 bytes always
    ///   yields something.
    public mutating func scan(
        _ block: UnsafeRawBufferPointer, isLast: Bool, startsWithinLine: Bool = false,
        most: Int = .max, into tape: inout RecordTape
    ) -> ScanResult {
        tape.begin(block, delimiter: dialect.delimiter)
        var place = ScanPlace()
        if startsWithinLine {
            guard place.passLine(of: block, isLast: isLast) else {
                return ScanResult(consumed: place.start, lineCount: 0, endsWithinLine: true)
            }
        }
        while tape.count < most {
            guard scanRegular(block, isLast: isLast, most: most, from: &place, into: &tape) else {
                break
            }
            switch readOddRecord(block, isLast: isLast, from: &place, into: &tape) {
            case .read: continue
            case .needsMore:
                return place.result(endsWithinLine: false)
            case .endsWithinLine:
                return place.result(endsWithinLine: true)
            }
        }
        return place.result(endsWithinLine: false)
    }

    /// Takes records as long as they are regular; true where the next one is odd.
    private func scanRegular(
        _ block: UnsafeRawBufferPointer, isLast: Bool, most: Int, from place: inout ScanPlace,
        into tape: inout RecordTape
    ) -> Bool {
        guard let base = block.baseAddress else { return false }
        let count = block.count
        let delimiter = SIMD16<UInt8>(repeating: dialect.delimiter)
        var carry = QuoteCarry()
        var record = OpenRecord(place: place, firstBound: tape.bounds.count)
        var line = place.line
        var offset = place.start
        while offset < count {
            let rest = count &- offset
            let chunk =
                rest >= ChunkMasks.size
                ? ChunkMasks(base + offset, delimiter: delimiter)
                : ChunkMasks(
                    tail: UnsafeRawBufferPointer(start: base + offset, count: rest),
                    delimiter: delimiter)
            var lineEnds = chunk.lineFeeds
            if chunk.carriageReturns != 0 {
                lineEnds |= Self.loneReturns(in: chunk, at: offset, of: block, isLast: isLast)
            }
            let quoting = carry.advance(over: chunk, rest: rest)
            // Up to the first odd quote everything is known.
            let known = quoting.odd == 0 ? .max : (quoting.odd & (0 &- quoting.odd)) &- 1
            let edges = Edges(
                lineEnds: lineEnds, ends: lineEnds & ~quoting.inside & known,
                separators: (chunk.delimiters | lineEnds) & ~quoting.inside & known,
                doubled: quoting.doubled)
            let isTaken = take(edges, at: offset, base, line, most, &record, &tape)
            if !isTaken || quoting.odd != 0 || tape.entries.count == most {
                place = record.place
                tape.bounds.count = record.firstBound
                return tape.entries.count < most
            }
            line &+= lineEnds == 0 ? 0 : lineEnds.nonzeroBitCount
            offset &+= ChunkMasks.size
        }
        let isOdd = finish(record, isOpen: carry.inside != 0, isLast, block, &place, &tape)
        if isOdd { tape.bounds.count = record.firstBound }
        return isOdd
    }

    /// Takes the records that end in a chunk, until one is longer than the bound (then false) or
    /// there are `most`; `line` is how many line ends come before the chunk.
    @inline(__always)
    private func take(
        _ edges: Edges, at offset: Int, _ base: UnsafeRawPointer, _ line: Int, _ most: Int,
        _ record: inout OpenRecord, _ tape: inout RecordTape
    ) -> Bool {
        tape.bounds.reserve(tape.bounds.count &+ ChunkMasks.size)
        var (ends, separators, doubled) = (edges.ends, edges.separators, edges.doubled)
        if ends != 0 { tape.entries.reserve(tape.entries.count &+ ChunkMasks.size) }
        var lineEnds = edges.lineEnds
        var line = line
        while ends != 0 {
            let upTo = ends ^ (ends &- 1)
            let end = offset &+ ends.trailingZeroBitCount
            tape.bounds.appendPlaces(separators & upTo, from: offset)
            record.isDoubled = record.isDoubled || doubled & upTo != 0
            guard record.take(end: end, bound: bound, base, &tape) else { return false }
            // Line ends are counted bit by bit only where some stand within quotes.
            let isOnlyOne = lineEnds & upTo == upTo ^ (upTo >> 1)
            line &+= isOnlyOne ? 1 : (lineEnds & upTo).nonzeroBitCount
            record = OpenRecord(start: end &+ 1, line: line, firstBound: tape.bounds.count)
            if tape.entries.count == most { return true }
            ends &= ~upTo
            separators &= ~upTo
            doubled &= ~upTo
            lineEnds &= ~upTo
        }
        tape.bounds.appendPlaces(separators, from: offset)
        record.isDoubled = record.isDoubled || doubled != 0
        return true
    }

    /// Deals with what follows the last line end of a block; true where it must be read as odd.
    private func finish(
        _ open: OpenRecord, isOpen: Bool, _ isLast: Bool, _ block: UnsafeRawBufferPointer,
        _ place: inout ScanPlace, _ tape: inout RecordTape
    ) -> Bool {
        var record = open
        place = record.place
        let count = block.count
        guard record.start < count else { return false }
        guard isLast, !isOpen else {
            // A carriage return at the end may be half of a line end, and no part of the record.
            let end = block[count &- 1] == Byte.carriageReturn ? count &- 1 : count
            return isLast || end &- record.start > bound
        }
        guard let base = block.baseAddress else { return false }
        tape.entries.reserve(tape.entries.count + 1)
        tape.bounds.append(UInt32(truncatingIfNeeded: count))
        guard record.take(end: count, bound: bound, base, &tape) else { return true }
        place.start = count
        return false
    }

    /// Those carriage returns of a chunk that end a line by themselves.
    @inline(__always)
    private static func loneReturns(
        in chunk: ChunkMasks, at offset: Int, of block: UnsafeRawBufferPointer, isLast: Bool
    ) -> UInt64 {
        var lone = chunk.carriageReturns & ~(chunk.lineFeeds >> 1)
        guard lone != 0 else { return 0 }
        // Only the last byte of a chunk or of the block has its successor elsewhere.
        let last = offset &+ (63 &- lone.leadingZeroBitCount)
        let next = last &+ 1
        let isLone = next < block.count ? block[next] != Byte.lineFeed : isLast
        if !isLone { lone &= ~(1 << UInt64(last &- offset)) }
        return lone
    }
}

/// How far a scan has come: a place where a record begins.
struct ScanPlace {
    var start = 0
    /// The line ends before it.
    var line = 0

    func result(endsWithinLine: Bool) -> ScanResult {
        ScanResult(consumed: start, lineCount: line, endsWithinLine: endsWithinLine)
    }

    /// Moves behind the next line end; false where the block has none, and all of it was passed.
    mutating func passLine(of block: UnsafeRawBufferPointer, isLast: Bool) -> Bool {
        guard let end = block.firstLineEnd(from: start) else {
            start = block.count
            return isLast
        }
        guard let next = block.offset(afterLineEnd: end, isLast: isLast) else {
            start = end
            return false
        }
        start = next
        line += 1
        return true
    }
}

/// The places in a chunk where something ends; all but `lineEnds` only outside quotes.
private struct Edges {
    /// Where physical lines end.
    var lineEnds: UInt64
    /// Where records end.
    var ends: UInt64
    /// Where fields end.
    var separators: UInt64
    /// The second of two quotes that stand for one.
    var doubled: UInt64
}

/// The record that is being cut.
private struct OpenRecord {
    var start: Int
    var line: Int
    var firstBound: Int
    var isDoubled = false

    init(start: Int, line: Int, firstBound: Int) {
        self.start = start
        self.line = line
        self.firstBound = firstBound
    }

    init(place: ScanPlace, firstBound: Int) {
        self.init(start: place.start, line: place.line, firstBound: firstBound)
    }

    var place: ScanPlace { ScanPlace(start: start, line: line) }

    /// Writes the record that ends at the line end `end` onto the tape, unless it is blank.
    ///
    /// The tape has this record's bounds. False where the record is longer than the bound.
    @inline(__always)
    mutating func take(
        end: Int, bound: Int, _ base: UnsafeRawPointer, _ tape: inout RecordTape
    ) -> Bool {
        var textEnd = end
        let bounds = tape.bounds.count
        if end > start, base.load(fromByteOffset: end &- 1, as: UInt8.self) == Byte.carriageReturn {
            // A carriage return at the end of a regular record can only belong to its line end.
            textEnd &-= 1
            tape.bounds.base[bounds &- 1] = UInt32(truncatingIfNeeded: textEnd)
        }
        guard textEnd &- start <= bound else { return false }
        if bounds &- firstBound == 1, tape.trimmed(base, start, textEnd).isEmpty { return true }
        tape.entries.base[tape.entries.count] = RecordTape.Entry(
            start: start, end: textEnd, first: firstBound, fieldCount: bounds &- firstBound,
            line: line, form: isDoubled ? .doubled : .plain)
        tape.entries.count &+= 1
        return true
    }
}
