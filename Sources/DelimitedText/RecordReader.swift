import Parallel

/// A place in a file from which reading starts.
public struct ReadingStart: Sendable, Hashable {
    /// In bytes from the start of the file; a record begins there.
    public var offset: Int
    /// The physical line at the offset, from 1.
    public var line: Int

    /// The start of the file.
    public static let beginning = ReadingStart(offset: 0, line: 1)

    /// Creates a place; the line is counted from 1.
    public init(offset: Int, line: Int) {
        self.offset = offset
        self.line = line
    }
}

/// Where a block stands in its file.
public struct BlockPlace: Sendable, Hashable {
    /// The offset of its first byte, in bytes from the start of the file.
    public var offset: Int
    /// The physical line of its first byte, from 1.
    public var firstLine: Int
}

/// Reads a whole source on several threads, and hands on what its blocks become in order.
///
/// The source is read in waves of several blocks. Where a block's first record begins is guessed
/// from the number of quotes before it, the blocks are cut at once, and then it is checked in order
/// that each ended where the next began; what was guessed wrong is cut again. So the records are
/// the same whatever the number of threads and the size of the blocks; how they are grouped into
/// blocks is not. A wave is handed on while the next one is read.
public struct RecordReader: Sendable {
    /// How many bytes one thread cuts at a time: 256 KiB, which fits the second-level cache with what
    /// is made of it.
    public static let blockSize = 1 << 18

    let source: TextSource
    let dialect: Dialect
    let workers: Workers
    let blockSize: Int
    let longestRecord: Int

    /// Makes a reader; tests make the blocks and the bound on a record's length small.
    public init(
        source: TextSource, dialect: Dialect = .comma, workers: Workers,
        blockSize: Int = Self.blockSize, longestRecord: Int = RecordScanner.longestRecord
    ) {
        precondition(blockSize > 0, "a block has at least one byte")
        self.source = source
        self.dialect = dialect
        self.workers = workers
        self.blockSize = blockSize
        self.longestRecord = longestRecord
    }

    /// Reads the records from a place to the end of the source.
    ///
    /// Memory is bounded by 32 blocks for each thread, what is made of two such waves, and four times
    /// the longest record.
    ///
    /// - Parameters:
    ///   - start: where the first record begins; a byte order mark at the start is passed over.
    ///   - observe: is given every byte of the source once, in order, also those before `start`;
    ///     never by two threads at once.
    ///   - parse: makes something of a block, on any thread; it is given the offset of the block's
    ///     first byte in the source. What it makes of a wrong guess is thrown away, so it must
    ///     change nothing but the texts that it adds to the tape.
    ///   - deliver: takes over what became of each block, in order, on the calling thread.
    /// - Throws: what `deliver` throws; a `TextSourceError` where the source cannot be read or is
    ///   shorter than at opening.
    public func read<Output: Sendable>(
        from start: ReadingStart = .beginning,
        observe: (@Sendable (UnsafeRawBufferPointer) -> Void)? = nil,
        parse: @Sendable (inout RecordTape, Int) -> Output,
        deliver: (Output, BlockPlace) throws -> Void
    ) throws {
        let first = min(max(start.offset, source.textStart), source.size)
        let wave = ReadingWave(reader: self)
        if let observe { try wave.observe(upTo: first, observe) }
        var place = BlockPlace(offset: first, firstLine: start.line)
        var isWithinLine = false
        var ready: [DeliveredBlock<Output>] = []
        while place.offset < source.size {
            let blocks = try workers.beside { [place, isWithinLine] in
                Result { () throws(TextSourceError) in
                    try wave.load(at: place.offset)
                    return wave.cut(startsWithinLine: isWithinLine, observe, parse)
                }
            } here: {
                for block in ready { try deliver(block.output, block.place) }
            }.get()
            ready = confirmed(blocks, of: wave, &place, &isWithinLine, parse)
            wave.isGrowing = ready.isEmpty
        }
        for block in ready { try deliver(block.output, block.place) }
    }

    /// Something that was made of a block, and where the block stands.
    private struct DeliveredBlock<Output> {
        let output: Output
        let place: BlockPlace
    }

    /// The blocks of a wave from a place on, each beginning where the one before it ended, and what
    /// follows on them.
    private func confirmed<Output: Sendable>(
        _ blocks: [CutBlock<Output>], of wave: ReadingWave, _ place: inout BlockPlace,
        _ isWithinLine: inout Bool, _ parse: @Sendable (inout RecordTape, Int) -> Output
    ) -> [DeliveredBlock<Output>] {
        var confirmed: [DeliveredBlock<Output>] = []
        var guesses = blocks[...]
        var isAtEnd = false
        while !isAtEnd {
            guesses = guesses.drop { $0.range.lowerBound < place.offset }
            let block: CutBlock<Output>
            if let guess = guesses.first, guess.range.lowerBound == place.offset,
                guess.startsWithinLine == isWithinLine
            {
                block = guess
            } else {
                let end = guesses.first { $0.range.lowerBound > place.offset }
                block = wave.cutAgain(
                    place.offset..<(end?.range.lowerBound ?? wave.end),
                    startsWithinLine: isWithinLine, parse)
            }
            isAtEnd = block.range.upperBound == wave.end
            if block.result.consumed == 0 {
                // The first record goes on beyond the next guess: no guess is to be trusted.
                guesses = []
                continue
            }
            confirmed.append(DeliveredBlock(output: block.output, place: place))
            place.offset += block.result.consumed
            place.firstLine += block.result.lineCount
            isWithinLine = block.result.endsWithinLine
            isAtEnd = isAtEnd || place.offset == wave.end
        }
        return confirmed
    }
}
