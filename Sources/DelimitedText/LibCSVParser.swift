// The only file that calls libcsv. Invariant: `parser` is initialised from init to deinit, and the
// tape handed to a call outlives it; libcsv keeps no pointer of ours between calls.

import CLibCSV

/// One parser of libcsv, which is the authority on what an odd record is.
///
/// A record is read by `begin`, then `feed` for each piece of its text, then `finish` where the
/// text ends before the record does. Fields go to the tape as copies.
struct LibCSVParser: ~Copyable {
    /// Whether what is no proper CSV is refused or read somehow.
    enum Mode {
        case strict, lenient
    }

    /// What a piece of text led to.
    enum Outcome: Equatable {
        /// The record goes on.
        case unfinished
        /// The record ended with the last byte of the piece.
        case ended
        /// The byte at the offset within the piece is refused; `afterClosingQuote` where it follows
        /// the end of a quoted field, else it is a quote within an unquoted one.
        case refused(at: Int, afterClosingQuote: Bool)
    }

    /// How many bytes were handed to libcsv since the parser was made.
    private(set) var bytesFed = 0

    private let parser: UnsafeMutablePointer<csv_parser>

    init(delimiter: UInt8) {
        parser = .allocate(capacity: 1)
        guard csv_init(parser, 0) == 0 else { preconditionFailure("libcsv cannot be initialised") }
        csv_set_delim(parser, delimiter)
        csv_set_blk_size(parser, 1 << 16)
    }

    deinit {
        csv_free(parser)
        parser.deallocate()
    }

    /// Forgets whatever was fed and expects the start of a record.
    mutating func begin(_ mode: Mode) {
        // Only a lenient parser can be finished in every state, which is what resets it.
        csv_set_opts(parser, 0)
        csv_fini(parser, nil, nil, nil)
        csv_set_opts(parser, mode == .strict ? Self.strict : 0)
    }

    /// Hands on a piece of text that has no line end but at its own end.
    mutating func feed(_ piece: UnsafeRawBufferPointer, to tape: inout RecordTape) -> Outcome {
        guard piece.count > 0 else { return .unfinished }
        bytesFed += piece.count
        let taken = withUnsafeMutablePointer(to: &tape) { tape in
            csv_parse(parser, piece.baseAddress, piece.count, Self.takeField, Self.takeRow, tape)
        }
        guard taken == piece.count else {
            guard csv_error(parser) == CSV_EPARSE else {
                preconditionFailure("libcsv is out of memory")
            }
            return .refused(at: taken, afterClosingQuote: parser.pointee.quoted != 0)
        }
        return tape.copiedRowEnded ? .ended : .unfinished
    }

    /// Ends the record where the text ends; false where a quote is still open.
    mutating func finish(to tape: inout RecordTape) -> Bool {
        csv_set_opts(parser, Self.strict)
        return withUnsafeMutablePointer(to: &tape) { tape in
            csv_fini(parser, Self.takeField, Self.takeRow, tape) == 0
        }
    }

    private static let strict = UInt8(CSV_STRICT | CSV_STRICT_FINI)

    private static var takeField:
        @convention(c) (UnsafeMutableRawPointer?, Int, UnsafeMutableRawPointer?) -> Void
    {
        { text, count, context in
            context?.assumingMemoryBound(to: RecordTape.self).pointee.appendCopiedField(
                UnsafeRawBufferPointer(start: text, count: count))
        }
    }

    private static var takeRow: @convention(c) (Int32, UnsafeMutableRawPointer?) -> Void {
        { _, context in
            context?.assumingMemoryBound(to: RecordTape.self).pointee.endCopiedRow()
        }
    }
}
