// Shares raw memory between threads. Invariants: while threads read a wave into memory, each
// writes only its own part; while they cut it, the memory is only read, and each slot is used by
// the one thread that has its task. `Workers` returns when all tasks have, so no thread holds the
// memory when it is read into again.

import Parallel

/// What became of a stretch of the source.
struct CutBlock<Output: Sendable>: Sendable {
    /// The stretch, in bytes from the start of the source.
    var range: Range<Int>
    var startsWithinLine: Bool
    var result: ScanResult
    var output: Output
}

/// Several blocks of a source that are read, cut and observed at once.
///
/// Unchecked: whoever reads the source lets one thread at a time use it.
final class ReadingWave: @unchecked Sendable {
    /// Whether the last wave was too small for its first record, so that the next is made larger.
    var isGrowing = false

    private let reader: RecordReader
    private let blocksPerWave: Int
    private var window: ByteWindow
    private var starts: [Int] = []
    private var slots: [CuttingSlot] = []
    private var observed = 0

    init(reader: RecordReader) {
        self.reader = reader
        let threads = reader.workers.count
        // Several for each thread, so that one that is done early finds something to do.
        blocksPerWave = threads == 1 ? 1 : threads * 32
        window = ByteWindow(capacity: 0)
    }

    /// The offset in the source behind the last byte of the wave.
    var end: Int { window.end }

    /// Reads the wave that begins at an offset where a record begins, and guesses where the records
    /// of its blocks do.
    func load(at offset: Int) throws(TextSourceError) {
        let reader = reader
        let usual = reader.blockSize * blocksPerWave
        let size = isGrowing ? max(window.count * 2, usual) : usual
        let memory = SharedMemory(bytes: window.prepare(for: reader.source, at: offset, size))
        let blockSize = reader.blockSize
        let parts = (memory.bytes.count + blockSize - 1) / blockSize
        let outcomes = reader.workers.map(parts) { part -> Result<Bool, TextSourceError> in
            let range = part * blockSize..<min((part + 1) * blockSize, memory.bytes.count)
            let bytes = UnsafeMutableRawBufferPointer(rebasing: memory.bytes[range])
            do throws(TextSourceError) {
                let count = try reader.source.read(into: bytes, at: offset + range.lowerBound)
                guard count == bytes.count else {
                    throw .changed(path: reader.source.path)
                }
                return .success(UnsafeRawBufferPointer(bytes).hasOddQuoteCount)
            } catch {
                return .failure(error)
            }
        }
        var parities: [Bool] = []
        for outcome in outcomes { parities.append(try outcome.get()) }
        guessStarts(parities)
        if slots.count > starts.count, !isGrowing { slots.removeLast(slots.count - starts.count) }
        while slots.count < starts.count { slots.append(CuttingSlot(reader: reader)) }
    }

    /// In each block, takes the first line end outside quotes for the end of a record.
    ///
    /// `parities` tells of each block whether it has an odd number of quotes.
    private func guessStarts(_ parities: [Bool]) {
        let bytes = window.bytes(from: window.start)
        starts = [window.start]
        var isInside = false
        for part in parities.indices.dropFirst() {
            if parities[part - 1] { isInside.toggle() }
            var isQuoted = isInside
            let end = min((part + 1) * reader.blockSize, bytes.count)
            for offset in part * reader.blockSize..<end {
                if bytes[offset] == Byte.quote {
                    isQuoted.toggle()
                } else if bytes[offset] == Byte.lineFeed, !isQuoted {
                    if offset + 1 < bytes.count { starts.append(window.start + offset + 1) }
                    break
                }
            }
        }
    }

    /// Cuts all blocks from their guessed starts, and has the new bytes observed meanwhile.
    func cut<Output: Sendable>(
        startsWithinLine: Bool, _ observe: (@Sendable (UnsafeRawBufferPointer) -> Void)?,
        _ parse: @Sendable (inout RecordTape, Int) -> Output
    ) -> [CutBlock<Output>] {
        let (starts, slots, start, end) = (starts, slots, window.start, window.end)
        let memory = SharedMemory(bytes: window.bytes(from: start))
        let isWhole = end == reader.source.size
        let observedBefore = observed
        if observe != nil { observed = max(observed, end) }
        let blocks = reader.workers.map(starts.count + 1) { task -> CutBlock<Output>? in
            // Observing comes first, for it takes longer than any one block.
            guard task > 0 else {
                if let observe, observedBefore < end {
                    observe(memory.part(from: observedBefore - start, to: end - start))
                }
                return nil
            }
            let block = task - 1
            let isLastBlock = block == starts.count - 1
            let range = starts[block]..<(isLastBlock ? end : starts[block + 1])
            return slots[block].cut(
                memory.part(from: range.lowerBound - start, to: range.upperBound - start),
                range: range, isLast: isWhole && isLastBlock,
                startsWithinLine: startsWithinLine && block == 0, parse)
        }
        return blocks.compactMap(\.self)
    }

    /// Cuts a stretch of the wave from where a record is known to begin, on the calling thread.
    func cutAgain<Output: Sendable>(
        _ range: Range<Int>, startsWithinLine: Bool,
        _ parse: @Sendable (inout RecordTape, Int) -> Output
    ) -> CutBlock<Output> {
        let memory = SharedMemory(bytes: window.bytes(from: window.start))
        return slots[0].cut(
            memory.part(
                from: range.lowerBound - window.start, to: range.upperBound - window.start),
            range: range, isLast: range.upperBound == reader.source.size,
            startsWithinLine: startsWithinLine, parse)
    }

    /// Has the bytes before the first wave observed.
    func observe(
        upTo end: Int, _ observe: (UnsafeRawBufferPointer) -> Void
    ) throws(TextSourceError) {
        while observed < end {
            try window.fill(from: reader.source, at: observed, min(end - observed, 1 << 20))
            observe(window.bytes(from: observed))
            observed = window.end
        }
    }
}

/// Memory that several threads use at once, as the top of this file says.
private struct SharedMemory<Bytes>: @unchecked Sendable {
    let bytes: Bytes
}

extension SharedMemory where Bytes == UnsafeRawBufferPointer {
    func part(from start: Int, to end: Int) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[start..<end])
    }
}

/// What one thread needs to cut a block.
///
/// Unchecked: a slot is handed to one task of a wave, and the waves come one after the other.
private final class CuttingSlot: @unchecked Sendable {
    private var scanner: RecordScanner
    private var tape = RecordTape()

    init(reader: RecordReader) {
        scanner = RecordScanner(dialect: reader.dialect, longestRecord: reader.longestRecord)
    }

    func cut<Output: Sendable>(
        _ bytes: UnsafeRawBufferPointer, range: Range<Int>, isLast: Bool, startsWithinLine: Bool,
        _ parse: @Sendable (inout RecordTape, Int) -> Output
    ) -> CutBlock<Output> {
        let result = scanner.scan(
            bytes, isLast: isLast, startsWithinLine: startsWithinLine, into: &tape)
        return CutBlock(
            range: range, startsWithinLine: startsWithinLine, result: result,
            output: parse(&tape, range.lowerBound))
    }
}

extension UnsafeRawBufferPointer {
    /// Whether the number of quotes is odd.
    var hasOddQuoteCount: Bool {
        guard let baseAddress else { return false }
        let quote = SIMD16<UInt8>(repeating: Byte.quote)
        // A parity for each of 16 columns, as a lane of ones or zeros; what they have in common
        // with a single bit for each column makes their number, which is as odd as the whole.
        var parities = SIMD2<UInt64>(repeating: 0)
        var offset = 0
        while count &- offset >= 16 {
            let bytes = baseAddress.loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self)
            parities ^= unsafeBitCast(bytes .== quote, to: SIMD2<UInt64>.self)
            offset &+= 16
        }
        var quotes = ((parities[0] ^ parities[1]) & 0x0101_0101_0101_0101).nonzeroBitCount
        while offset < count {
            if self[offset] == Byte.quote { quotes += 1 }
            offset += 1
        }
        return quotes & 1 != 0
    }
}
