import Money
import Time

/// One source of records of a kind.
public struct InputDefinition: Sendable, Hashable {
    /// Globs, relative to the input folder; at least one.
    public var files: [String]
    /// The preset that says the rest; nil where the definition says everything itself.
    public var preset: PresetUse?
    /// Where fields come from, by field name; a field without an entry is read from the column of
    /// its own name, where there is one.
    public var columns: [String: ColumnSource] = [:]
    /// For fields with fixed words (status, state, type): the dump's words for each of ours.
    ///
    /// A word without an entry stands for itself.
    public var values: [String: [String: [String]]] = [:]
    /// How the file is written, where it is no plain CSV of plain values.
    public var format = FormatDefinition()
    /// Rows that are left out: those that have one of these words in one of these columns.
    public var skip: [CellCondition] = []
    /// Rows that are read: those that have one of the words in each of these columns.
    public var only: [CellCondition] = []
    /// The largest share of this source's rows that may be rejected; nil leaves it to the
    /// pipeline's.
    public var maxRejects: Rate?

    /// Creates a source with default columns and values.
    public init(files: [String]) { self.files = files }
}

/// Where a field's value comes from.
public enum ColumnSource: Sendable, Hashable {
    /// The first of these headers that the file has.
    case headers([String])
    /// The same value in every row.
    case constant(String)
    /// Something that is made of one or several columns.
    case made(ColumnExpression)
}

/// What is made of the columns of a row; a list of headers means the first that the file has.
public indirect enum ColumnExpression: Sendable, Hashable {
    /// The column of a repeated header, counted from 1.
    case repeated([String], nth: Int)
    /// The first of these columns that is not empty in the row.
    case first([String])
    /// The texts of these columns that are not empty, with a space between them.
    case joined([String])
    /// The same of those columns that the file has.
    case present([String])
    /// What stands under one of these headers in a table of one row above the records.
    case above([String])
    /// A value inside of a column's JSON: object keys joined by dots.
    case path([String], String)
    /// The amounts of `plus` less those of `minus`; empty where all are.
    case sum(plus: [ColumnExpression], minus: [ColumnExpression])
    /// What is in the credit column less what is in the debit column; of each, the first that is not
    /// empty in the row.
    case pair(credit: [String], debit: [String])
    /// An amount whose sign stands in another column.
    case directed([String], Direction)
    /// An amount that has the sign of another one.
    case signed([String], by: ColumnExpression)
    /// An amount whose currency stands in a column of its own: the first of these that the file has.
    /// Where that is another than the record's, there is no such amount.
    case ofCurrency([String], ColumnExpression)
    /// One of two words: which, the sign of an amount tells. Where there are further columns, the word
    /// stands behind the text of the first of them that the file has.
    case sign(ColumnExpression, of: [String], positive: String, negative: String)
}

/// A column that says whether an amount came in or went out.
public struct Direction: Sendable, Hashable {
    /// The column: the first of these headers that the file has.
    public var column: [String]
    /// The words that mean money going out; where there are none, every other word does.
    public var debit: [String]
    /// The words that mean money coming in; where there are none, every other word does.
    public var credit: [String]
    /// The words that mean neither: the amount's own sign counts.
    public var signed: [String]

    /// Creates a direction; one of the first two lists at least has words.
    public init(column: [String], debit: [String], credit: [String], signed: [String] = []) {
        self.column = column
        self.debit = debit
        self.credit = credit
        self.signed = signed
    }
}

/// A column and the words that it may hold, compared in any case; an empty word is an empty cell.
public struct CellCondition: Sendable, Hashable {
    /// The column's header.
    public var column: String
    /// The words.
    public var words: [String]

    /// Creates a condition.
    public init(column: String, words: [String]) {
        self.column = column
        self.words = words
    }
}
