import Definition
import Money
import Records
import Time

/// A text that is taken from a row's columns.
indirect enum CellRecipe: Sendable {
    case column(Int)
    case constant([UInt8])
    /// The first of the columns that is not empty.
    case first([Int])
    /// The columns that are not empty, with spaces between them.
    case joined([Int])
    /// A path into a column's JSON; the second is its index among all such paths.
    case path(column: Int, reader: Int)
    /// One of two words, by the sign of an amount; behind the text of a column, where there is one.
    case sign(AmountRecipe, of: Int?, positive: [UInt8], negative: [UInt8])
}

/// An amount that is taken from a row's columns.
indirect enum AmountRecipe: Sendable {
    case cell(CellRecipe)
    /// The sum of `plus` less that of `minus`; nothing where all are empty.
    case sum(plus: [AmountRecipe], minus: [AmountRecipe])
    /// An amount with the sign that another column's word gives it.
    case directed(CellRecipe, flag: Int, FlagWords)
    /// An amount with the sign of another.
    case signed(CellRecipe, by: AmountRecipe)
    /// An amount of the currency in a column; nothing where the record's is another.
    case ofCurrency(Int, AmountRecipe)
}

/// What the words of a column say about the sign of an amount.
struct FlagWords: Sendable {
    private let debit: CellWords
    private let credit: CellWords
    private let signed: CellWords

    init(_ direction: Direction) {
        debit = CellWords(direction.debit)
        credit = CellWords(direction.credit)
        signed = CellWords(direction.signed)
    }

    /// An amount with the sign that a word gives it; nil where the word says nothing.
    func apply(_ word: UnsafeRawBufferPointer, to value: Int128) -> Int128? {
        if debit.contains(word) { return -value.magnitudeAsSigned }
        if credit.contains(word) { return value.magnitudeAsSigned }
        if signed.contains(word) { return value }
        if debit.isEmpty { return -value.magnitudeAsSigned }
        return credit.isEmpty ? value.magnitudeAsSigned : nil
    }
}

extension Int128 {
    /// The amount without its sign.
    var magnitudeAsSigned: Int128 { self < 0 ? -self : self }
}

/// How one field is made that no column gives as it stands.
struct FieldRecipe: Sendable {
    enum Kind: Sendable {
        case text(CellRecipe)
        case amount(AmountRecipe)
        case moment(CellRecipe)
        case day(CellRecipe)
    }

    /// The field's index.
    let field: Int
    let kind: Kind
    /// Whether it is a time in UTC, whatever the file's zone.
    let isUTC: Bool
}

/// Words of a cell, compared ignoring the case of ASCII letters; an empty word is an empty cell.
struct CellWords: Sendable {
    private let words: [[UInt8]]

    init(_ words: [String]) { self.words = words.map { Array($0.lowercased().utf8) } }

    var isEmpty: Bool { words.isEmpty }

    func contains(_ text: UnsafeRawBufferPointer) -> Bool {
        words.contains { CellWords.equal($0, text) }
    }
}

/// Where the zone of a row's times comes from.
enum ZoneRecipe: Sendable {
    case fixed(Zone)
    /// A column with abbreviations, offsets, or one of these names, in lower case.
    case column(Int, names: [(name: [UInt8], zone: Zone)])
}

/// How a file's rows are made into fields, beyond taking columns as they stand.
struct RowRecipe: Sendable {
    var fields: [FieldRecipe] = []
    /// Paths into the JSON of columns, by the index that recipes name.
    var paths: [String] = []
    /// Where the row's currency stands, which decides what its minor unit is.
    var currency = CellRecipe.constant([])
    var amounts = AmountFormat()
    var patterns: [TimePattern] = [.iso]
    var zone = ZoneRecipe.fixed(.utc)
    var sieve = RowSieve()
    /// How many columns the header has.
    var width = 0
    /// The currency of rows that name none.
    var standardCurrency: Currency
}

/// Which rows of a file are records at all.
struct RowSieve: Sendable {
    struct Condition: Sendable {
        let column: Int
        let words: CellWords
    }

    /// Where the table ends before the file does, in bytes from the start of the source.
    var end: Int?
    /// Rows must have one of the words in each of these.
    var only: [Condition] = []
    /// Rows with one of the words in any of these are left out.
    var skip: [Condition] = []
    /// How the row of totals is known; empty where there is none.
    var totals: [Condition] = []
    /// The columns that the row of totals adds up.
    var totalled: [Int] = []
    /// The header's names, as a repeated header row is no record.
    var header: [[UInt8]] = []

    /// Whether every row is a record.
    var isOpen: Bool { end == nil && only.isEmpty && skip.isEmpty && totals.isEmpty }
}
