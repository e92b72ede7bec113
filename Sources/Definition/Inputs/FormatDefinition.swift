import Money
import Time

/// How the files of a source are written; what is nil is found out, or is as in a plain CSV.
public struct FormatDefinition: Sendable, Hashable {
    /// How bytes stand for characters; nil means what a byte order mark says, else UTF-8.
    public var encoding: FileEncoding?
    /// What separates fields; nil tries each until one gives the header.
    public var delimiter: FieldDelimiter?
    /// Whether there is a header; nil means one that is found by its content.
    public var header: HeaderPresence?
    /// The column that says what each row is; nil where all rows are alike.
    public var records: RecordTypes?
    /// Where the table ends before the file does.
    public var ends: TableEnd?
    /// How numbers are written; nil means plain decimals of the major unit.
    public var numbers: NumberFormat?
    /// How dates and times are written; nil means ISO 8601 in the pipeline's zone.
    public var dates: DateFormat?
    /// The row that holds the totals of the others.
    public var totals: TotalsRow?

    /// The format of a plain CSV.
    public init() {}
}

/// How the bytes of a file stand for characters.
public enum FileEncoding: String, Sendable, CaseIterable {
    case utf8 = "utf-8"
    case utf16LittleEndian = "utf-16le"
    case utf16BigEndian = "utf-16be"
    case iso8859_1 = "iso-8859-1"
    case iso8859_15 = "iso-8859-15"
    case windows1252 = "windows-1252"
}

/// The byte between two fields.
public enum FieldDelimiter: String, Sendable, CaseIterable {
    case comma = ","
    case semicolon = ";"
    case tab = "\t"
    case pipe = "|"
}

/// Whether a file has a row of column names.
public enum HeaderPresence: String, Sendable, CaseIterable {
    /// The first row that has the needed columns.
    case search
    /// None: columns are called by their numbers, from 1.
    case none
}

/// A column that says what kind of row each row is.
public struct RecordTypes: Sendable, Hashable {
    /// The column's number, from 1.
    public var column: Int
    /// What stands there in the row of column names; empty where that row is like any other.
    public var header: String
    /// What stands there in rows that are records; all other rows are left out.
    public var rows: [String]

    /// Creates the rule.
    public init(column: Int, header: String, rows: [String]) {
        self.column = column
        self.header = header
        self.rows = rows
    }
}

/// Where a table ends before its file does.
public enum TableEnd: String, Sendable, CaseIterable {
    case blankLine = "blank_line"
    case otherWidth = "other_width"
}

/// How numbers are written.
public struct NumberFormat: Sendable, Hashable {
    /// What stands before the decimals.
    public enum Decimal: String, Sendable, CaseIterable {
        case point = "."
        case comma = ","
    }

    /// Nil means a point.
    public var decimal: Decimal?
    /// Nil means the major unit.
    public var unit: AmountFormat.Unit?

    /// Creates a format.
    public init(decimal: Decimal? = nil, unit: AmountFormat.Unit? = nil) {
        self.decimal = decimal
        self.unit = unit
    }
}

/// How dates and times are written.
public struct DateFormat: Sendable, Hashable {
    /// The patterns, of which the first that fits counts; nil means ISO 8601.
    public var patterns: [TimePattern]?
    /// What the clocks show that the file goes by; nil means the pipeline's.
    public var zone: ZoneSource?

    /// Creates a format.
    public init(patterns: [TimePattern]? = nil, zone: ZoneSource? = nil) {
        self.patterns = patterns
        self.zone = zone
    }
}

/// Which zone the times of a file are of, where they have no offset themselves.
public enum ZoneSource: Sendable, Hashable {
    /// The pipeline's.
    case pipeline
    /// One of the IANA database.
    case named(String)
    /// So many seconds east of UTC.
    case offset(Int)
    /// What a column says: an abbreviation, an offset, or one of these names.
    case column([String], names: [String: String])
}

/// The row that holds the totals of all others.
public struct TotalsRow: Sendable, Hashable {
    /// How the row is known: it has one of the words in each of these columns.
    public var row: [CellCondition]
    /// The columns that it adds up.
    public var columns: [String]

    /// Creates the rule.
    public init(row: [CellCondition], columns: [String]) {
        self.row = row
        self.columns = columns
    }
}
