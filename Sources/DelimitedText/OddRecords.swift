// Reads the block through checked subscripts only.

/// How reading one odd record ended.
enum OddOutcome {
    /// The record, or the problem, is on the tape.
    case read
    /// The block ends too early to tell.
    case needsMore
    /// A problem is on the tape, and its line goes on beyond the block.
    case endsWithinLine
}

extension RecordScanner {
    /// What strict reading came to.
    private enum StrictReading {
        case record(end: Int, next: Int, lineCount: Int)
        case refused(at: Int, afterClosingQuote: Bool)
        case unclosed
        case tooLong
        case needsMore
    }

    /// Reads the record at the place by libcsv: strictly, else leniently, else as a problem.
    ///
    /// The cost stays linear. A record of many lines leaves quotes open at the end of each, so
    /// each of its later lines has an even number of quotes and, read by itself, does not reach
    /// beyond its own end: no line is covered by two long records that fail.
    mutating func readOddRecord(
        _ block: UnsafeRawBufferPointer, isLast: Bool, from place: inout ScanPlace,
        into tape: inout RecordTape
    ) -> OddOutcome {
        let start = place.start
        var refused: Int?
        tape.beginCopiedRecord(at: start)
        switch readStrictly(block, isLast: isLast, from: start, into: &tape) {
        case .record(let end, let next, let lineCount):
            tape.commitCopiedRecord(start: start, end: end, line: place.line)
            place = ScanPlace(start: next, line: place.line + lineCount)
            return .read
        case .needsMore:
            return .needsMore
        case .tooLong:
            return giveUp(.tooLong(at: start + bound), block, isLast, &place, &tape)
        case .unclosed:
            break
        case .refused(let offset, let afterClosingQuote):
            refused = afterClosingQuote ? offset : nil
        }
        tape.restartCopiedRecord(at: start)
        return readFirstLine(block, isLast: isLast, refused: refused, from: &place, into: &tape)
    }

    /// Feeds physical lines to a strict parser until it reports the record.
    private mutating func readStrictly(
        _ block: UnsafeRawBufferPointer, isLast: Bool, from start: Int,
        into tape: inout RecordTape
    ) -> StrictReading {
        let limit = min(block.count, start + bound + 1)
        parser.begin(.strict)
        var lineCount = 0
        var offset = start
        while offset < limit {
            let lineEnd = block.firstLineEnd(from: offset, below: limit)
            let end = lineEnd.map { $0 + 1 } ?? limit
            switch parser.feed(.init(rebasing: block[offset..<end]), to: &tape) {
            case .refused(let place, let afterClosingQuote):
                return .refused(at: offset + place, afterClosingQuote: afterClosingQuote)
            case .ended:
                guard let next = block.offset(afterLineEnd: end - 1, isLast: isLast) else {
                    return .needsMore
                }
                return .record(end: end - 1, next: next, lineCount: lineCount + 1)
            case .unfinished:
                let isSecondHalf =
                    end - 1 > start && block[end - 1] == Byte.lineFeed
                    && block[end - 2] == Byte.carriageReturn
                if lineEnd != nil, !isSecondHalf { lineCount += 1 }
            }
            offset = end
        }
        guard block.count <= start + bound else { return .tooLong }
        guard isLast else { return .needsMore }
        guard parser.finish(to: &tape) else { return .unclosed }
        return .record(end: block.count, next: block.count, lineCount: lineCount)
    }

    /// Reads the line by itself, leniently; where that leaves a quote open, it is a problem.
    ///
    /// `refused` is where strict reading met text after a closing quote.
    private mutating func readFirstLine(
        _ block: UnsafeRawBufferPointer, isLast: Bool, refused: Int?, from place: inout ScanPlace,
        into tape: inout RecordTape
    ) -> OddOutcome {
        let start = place.start
        let lineEnd = block.firstLineEnd(from: start)
        guard (lineEnd ?? block.count) - start <= bound else {
            return giveUp(.tooLong(at: start + bound), block, isLast, &place, &tape)
        }
        var end = block.count
        var next = block.count
        if let lineEnd {
            guard let after = block.offset(afterLineEnd: lineEnd, isLast: isLast) else {
                return .needsMore
            }
            (end, next) = (lineEnd, after)
        } else if !isLast {
            return .needsMore
        }
        parser.begin(.lenient)
        let line = UnsafeRawBufferPointer(rebasing: block[start..<min(end + 1, block.count)])
        let outcome = parser.feed(line, to: &tape)
        if outcome == .ended || (lineEnd == nil && parser.finish(to: &tape)) {
            tape.commitCopiedRecord(start: start, end: end, line: place.line)
            place = ScanPlace(start: next, line: place.line + (lineEnd == nil ? 0 : 1))
            return .read
        }
        if let refused, refused < end {
            return giveUp(.textAfterClosingQuote(at: refused), block, isLast, &place, &tape)
        }
        let quote = lastOpening(of: block, from: start, to: end, into: &tape)
        return giveUp(.unclosedQuote(at: quote), block, isLast, &place, &tape)
    }

    /// Where the quote stands that a line leaves open, according to lenient libcsv.
    private mutating func lastOpening(
        of block: UnsafeRawBufferPointer, from start: Int, to end: Int,
        into tape: inout RecordTape
    ) -> Int {
        tape.restartCopiedRecord(at: start)
        parser.begin(.lenient)
        var fieldStart = start
        for offset in start..<end {
            let fields = tape.bounds.count
            _ = parser.feed(.init(rebasing: block[offset...offset]), to: &tape)
            if tape.bounds.count > fields { fieldStart = offset + 1 }
        }
        return block[fieldStart..<end].firstIndex(of: Byte.quote) ?? fieldStart
    }

    /// Makes the line at the place a problem and moves behind it.
    private func giveUp(
        _ problem: RecordProblem, _ block: UnsafeRawBufferPointer, _ isLast: Bool,
        _ place: inout ScanPlace, _ tape: inout RecordTape
    ) -> OddOutcome {
        let (start, line) = (place.start, place.line)
        let lineEnd = block.firstLineEnd(from: start) ?? block.count
        let isWhole = place.passLine(of: block, isLast: isLast)
        // A line within the bound is given up only once its line end has been seen whole, so this
        // can only be one that is too long: what is left of it is passed over next time.
        tape.commitProblem(problem, start: start, end: min(lineEnd, start + bound), line: line)
        return isWhole ? .read : .endsWithinLine
    }
}

extension UnsafeRawBufferPointer {
    /// The first `\r` or `\n` at or after an offset.
    func firstLineEnd(from start: Int, below limit: Int? = nil) -> Int? {
        let end = limit ?? count
        precondition(start >= 0 && end <= count, "outside the text")
        guard let baseAddress else { return nil }
        let lineFeed = SIMD16<UInt8>(repeating: Byte.lineFeed)
        let carriageReturn = SIMD16<UInt8>(repeating: Byte.carriageReturn)
        var offset = start
        while end - offset >= 16 {
            let bytes = baseAddress.loadUnaligned(fromByteOffset: offset, as: SIMD16<UInt8>.self)
            let found = ChunkMasks.bits((bytes .== lineFeed) .| (bytes .== carriageReturn))
            if found != 0 { return offset + found.trailingZeroBitCount }
            offset += 16
        }
        while offset < end {
            if self[offset] == Byte.lineFeed || self[offset] == Byte.carriageReturn {
                return offset
            }
            offset += 1
        }
        return nil
    }

    /// The offset behind the line end that begins at an offset; nil where the block ends after a
    /// `\r` that may be followed by a `\n`.
    func offset(afterLineEnd end: Int, isLast: Bool) -> Int? {
        guard self[end] == Byte.carriageReturn else { return end + 1 }
        guard end + 1 < count else { return isLast ? count : nil }
        return self[end + 1] == Byte.lineFeed ? end + 2 : end + 1
    }
}
