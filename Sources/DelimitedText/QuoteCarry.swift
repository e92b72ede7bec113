/// What the quotes of one chunk mean.
struct Quoting {
    /// The bytes within quotes; an opening quote counts as within, a closing one does not.
    var inside: UInt64 = 0
    /// The second of two quotes that stand for one.
    var doubled: UInt64 = 0
    /// Where a quote, or what follows one, is not where it should be; exact up to the first.
    var odd: UInt64 = 0
}

/// What must be known of the chunks before to understand the quotes of the next.
struct QuoteCarry {
    /// All ones within quotes, else zero.
    private(set) var inside: UInt64 = 0
    /// Whether the last byte was a quote that closed.
    private var afterClosing: UInt64 = 0
    /// Whether the last byte was a delimiter or a line end, or there was none.
    private var afterEdge: UInt64 = 1

    /// Reads the quotes of the next chunk, `rest` bytes before the end of the text.
    ///
    /// Quotes are regular where those that open follow an edge, and those that close are followed
    /// by one; a quote that opens right after one that closed makes the two a doubled quote.
    @inline(__always)
    mutating func advance(over chunk: ChunkMasks, rest: Int) -> Quoting {
        let edges = chunk.delimiters | chunk.lineFeeds | chunk.carriageReturns
        let isEdgeBefore = edges << 1 | afterEdge
        afterEdge = edges >> 63
        guard chunk.quotes | inside | afterClosing != 0 else { return Quoting() }
        var quoting = Quoting()
        quoting.inside = ChunkMasks.parities(chunk.quotes) ^ inside
        let opening = chunk.quotes & quoting.inside
        let closing = chunk.quotes & ~quoting.inside
        let isClosedBefore = closing << 1 | afterClosing
        quoting.doubled = opening & isClosedBefore
        let strayOpening = opening & ~(isEdgeBefore | isClosedBefore)
        let strayText = isClosedBefore & ~(edges | chunk.quotes)
        quoting.odd = strayOpening | strayText
        if rest < ChunkMasks.size { quoting.odd &= (1 << UInt64(rest)) &- 1 }
        inside = 0 &- (quoting.inside >> 63)
        afterClosing = closing >> 63
        return quoting
    }
}

extension GrowingBuffer where Element == UInt32 {
    /// Appends the place of each set bit, bit 0 being `offset`; the room is reserved.
    @inline(__always)
    mutating func appendPlaces(_ bits: UInt64, from offset: Int) {
        var left = bits
        var end = count
        while left != 0 {
            base[end] = UInt32(truncatingIfNeeded: offset &+ left.trailingZeroBitCount)
            left &= left &- 1
            end &+= 1
        }
        count = end
    }
}
