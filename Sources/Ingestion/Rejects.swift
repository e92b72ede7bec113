import Records

/// Why a row is no record.
public enum RejectReason: UInt8, Sendable, CaseIterable, Worded {
    /// The words of outputs.
    public static let words = spelled()

    case unclosedQuote, textAfterClosingQuote, recordTooLong
    case tooFewFields, tooManyFields, missingValue, invalidUTF8, nulByte, valueTooLong
    case malformedAmount, tooManyDecimals, amountOutOfRange, negativeAmount
    case unknownCurrency, unknownStatus, unknownType, unknownState
    case malformedTime, noSuchTime, malformedNumber
    case hasLeft
    case scientificNotation, unknownDirection, unknownZone, malformedJson
    case malformedEnergy, energyOutOfRange
    case undecodable

    /// The reason as a finance team reads it.
    public var text: String {
        switch self {
        case .unclosedQuote: "a quote is opened and never closed"
        case .textAfterClosingQuote: "text after a closing quote"
        case .recordTooLong: "the record is longer than 16 MiB"
        case .tooFewFields: "fewer fields than the header has"
        case .tooManyFields: "more fields than the header has"
        case .missingValue: "a required value is empty"
        case .invalidUTF8: "the text is not valid UTF-8"
        case .nulByte: "a NUL byte"
        case .valueTooLong: "the value is longer than an id can be"
        case .malformedAmount: "not a decimal amount"
        case .tooManyDecimals: "more decimals than the currency has"
        case .amountOutOfRange: "beyond the largest amount, 10^15 minor units"
        case .negativeAmount: "a negative amount where none can be"
        case .unknownCurrency: "not a currency of ISO 4217"
        case .unknownStatus: "an unknown status"
        case .unknownType: "an unknown type of line"
        case .unknownState: "an unknown state of a line"
        case .malformedTime: "not a time that is understood"
        case .noSuchTime: "a time that does not exist"
        case .malformedNumber: "not a whole number"
        case .hasLeft: "older than carry.close_after, and no longer among what is carried"
        case .scientificNotation: "a number that a spreadsheet has rounded, as in 1.23E+22"
        case .unknownDirection: "an unknown word for the direction of an amount"
        case .unknownZone: "an unknown time zone"
        case .malformedJson: "not JSON"
        case .malformedEnergy: "not a decimal number of kWh with at most 6 decimals"
        case .energyOutOfRange: "below zero, or beyond the largest energy, 100,000 kWh"
        case .undecodable: "bytes that are no text in the file's encoding"
        }
    }
}

/// A row that cannot be a record.
///
/// Its text is read again when it is written.
public struct Reject: Sendable {
    /// Where it begins.
    public var place: RowPlace
    /// How many bytes it has, without its line end.
    public var count: Int
    /// The line on which it begins, from 1.
    public var line: UInt32
    /// The index of the field that is wrong, or -1 where the row as a whole is.
    public var column: Int32
    /// What is wrong.
    public var reason: RejectReason
}

/// A row that repeats or precedes another one of the same id.
public struct Repeat: Sendable {
    /// Why it does not count.
    public enum Reason: UInt8, Sendable, CaseIterable, Worded {
        /// The words of outputs.
        public static let words = spelled()

        case duplicateLine, superseded
    }

    /// The kind of record.
    public var kind: RecordKind
    /// The id's text.
    public var id: String
    /// Why it does not count.
    public var reason: Reason
    /// Whether it is exactly as late as the row that counts, and says something else: then neither
    /// is the later one, and the record's evidence is conflicting.
    public var contradicts: Bool
    /// Where it stands.
    public var place: RowPlace
    /// Its line, from 1.
    public var line: UInt32
    /// The row that counts.
    public var keptPlace: RowPlace
    /// Its line, from 1.
    public var keptLine: UInt32
}
