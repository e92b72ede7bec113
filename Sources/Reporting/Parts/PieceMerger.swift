import Records
import RunStore

/// Gives the pieces of all parts in the order of the whole file.
struct PieceMerger: ~Copyable {
    /// One part's marks and pieces.
    private final class Cursor {
        var marks: ScratchReader
        var pieces: ScratchReader
        var mark: PieceMark?

        init(_ file: PartedFile, _ segment: PartedFile.Segment) throws {
            marks = ScratchReader(segment.marks, blockSize: file.blockSize(atMost: 1 << 16))
            pieces = ScratchReader(segment.pieces, blockSize: file.blockSize(atMost: 1 << 18))
            try advance()
        }

        func advance() throws {
            let bytes = try marks.next(PieceMark.width)
            mark = bytes.count == PieceMark.width ? PieceMark(bytes) : nil
        }
    }

    private let cursors: [Cursor]
    /// The parts that have a piece left: a binary heap, in which none comes before the one above it.
    private var waiting: [Int] = []

    init(_ file: PartedFile) throws {
        cursors = try file.segments.map { try Cursor(file, $0) }
        waiting = cursors.indices.filter { cursors[$0].mark != nil }
        for place in waiting.indices.reversed() { sink(place) }
    }

    /// Gives each piece to `body`, with the part that it comes from.
    mutating func forEach(
        _ body: (Int, PieceMark, UnsafeRawBufferPointer) throws -> Void
    ) throws {
        while let part = waiting.first {
            let cursor = cursors[part]
            guard let mark = cursor.mark else { return }
            let piece = try cursor.pieces.next(Int(mark.length))
            guard piece.count == Int(mark.length) else { throw PartedFile.isCut }
            try body(part, mark, piece)
            try cursor.advance()
            if cursor.mark == nil {
                waiting.swapAt(0, waiting.count - 1)
                waiting.removeLast()
            }
            sink(0)
        }
    }

    /// Brings the part at a place of the heap down to where it belongs.
    private mutating func sink(_ start: Int) {
        var place = start
        while true {
            var least = place
            let (left, right) = (2 * place + 1, 2 * place + 2)
            if left < waiting.count, precedes(waiting[left], waiting[least]) { least = left }
            if right < waiting.count, precedes(waiting[right], waiting[least]) { least = right }
            guard least != place else { return }
            waiting.swapAt(place, least)
            place = least
        }
    }

    private func precedes(_ left: Int, _ right: Int) -> Bool {
        guard let mine = cursors[left].mark, let other = cursors[right].mark else { return false }
        return mine < other || mine == other && left < right
    }
}

extension PieceMerger {
    /// Writes all pieces into a file, in the order of the whole.
    consuming func copy(to sink: inout FileSink) throws {
        try write(to: &sink) { _, piece, out in out.append(contentsOf: piece) }
    }

    /// Writes what `append` makes of each piece, with the part that it comes from, in the same order.
    consuming func write(
        to sink: inout FileSink,
        _ append: (Int, UnsafeRawBufferPointer, inout [UInt8]) throws -> Void
    ) throws {
        var out = [UInt8]()
        out.reserveCapacity(1 << 20)
        try forEach { part, _, piece in
            try append(part, piece, &out)
            if out.count >= 1 << 20 {
                try sink.write(out)
                out.removeAll(keepingCapacity: true)
            }
        }
        try sink.write(out)
    }
}
