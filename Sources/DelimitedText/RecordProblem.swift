/// Why a line cannot be a record.
///
/// Offsets are in bytes from the start of the block, as those of the records are. They lie within
/// the line concerned, but for the bound of a record of several lines.
public enum RecordProblem: Sendable, Hashable {
    /// The quote at the offset opens a field that is not properly closed.
    case unclosedQuote(at: Int)
    /// Between the quote that closes a field and the next delimiter stands the byte at the offset.
    case textAfterClosingQuote(at: Int)
    /// The record does not end within the bound, which the offset is.
    case tooLong(at: Int)

    /// Where it was noticed.
    public var offset: Int {
        switch self {
        case .unclosedQuote(let offset), .textAfterClosingQuote(let offset), .tooLong(let offset):
            offset
        }
    }
}

extension RecordProblem {
    /// The same problem with its offset counted from elsewhere.
    func moved(by distance: Int) -> RecordProblem {
        switch self {
        case .unclosedQuote(let offset): .unclosedQuote(at: offset + distance)
        case .textAfterClosingQuote(let offset): .textAfterClosingQuote(at: offset + distance)
        case .tooLong(let offset): .tooLong(at: offset + distance)
        }
    }
}
