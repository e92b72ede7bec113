import Definition
import DelimitedText
import Ingestion

/// The beginning of a dump: its header, and the values of each column in its first rows.
struct SampledFile: Sendable {
    /// How many rows are looked at: enough to see a column's habits, few enough for a large file.
    static let mostRows = 2_000
    /// How many rows may come before the header.
    static let mostRowsBefore = 100

    /// The name below the folder.
    let name: String
    /// The preset whose report it is; nil where none knows it.
    let preset: Preset?
    /// The names in the header, without blanks around them.
    let header: [String]
    /// The physical line of the header, from 1.
    let headerLine: Int
    let delimiter: FieldDelimiter
    /// What the definition must say of the encoding; nil where the file tells it.
    let encoding: FileEncoding?
    let columns: [ColumnSample]
    /// How many rows were looked at.
    let rowCount: Int
    /// Whether the file goes on beyond them.
    let isCut: Bool

    /// Looks at a file; nil where no row of it can be a header.
    ///
    /// - Throws: Where it cannot be read.
    init?(
        name: String, source: TextSource, presets: [Preset]
    ) throws(TextSourceError) {
        let match = try PresetSearch(presets).match(in: source)
        var best: (header: HeaderPlace, delimiter: FieldDelimiter)?
        for delimiter in FieldDelimiter.allCases {
            let place = try HeaderPlace.find(in: source, delimiter, named: match?.header)
            guard let place else { continue }
            // A delimiter that is none leaves a header of one column.
            if best.map({ place.names.count > $0.header.names.count }) ?? true {
                best = (place, delimiter)
            }
        }
        guard let (place, delimiter) = best else { return nil }
        var rows = SampledRows(source: source, delimiter: delimiter, from: place.below)
        var columns = place.names.map { ColumnSample(name: $0) }
        var count = 0
        while count < SampledFile.mostRows, let row = try rows.next() {
            guard row.count == columns.count else { continue }
            for (index, text) in row.enumerated() { columns[index].add(text) }
            count += 1
        }
        isCut = try rows.next() != nil
        self.name = name
        preset = match?.preset
        header = place.names
        headerLine = place.line
        self.delimiter = delimiter
        encoding = source.encoding == .windows1252 ? .windows1252 : nil
        self.columns = columns
        rowCount = count
    }

    /// The column of a name; nil where there is none, or where there are several.
    func column(_ name: String) -> ColumnSample? {
        let found = columns.filter { $0.name == name }
        return found.count == 1 ? found.first : nil
    }
}

/// Where a header stands.
private struct HeaderPlace {
    let names: [String]
    let line: Int
    let below: ReadingStart

    /// The first of the longest rows that can be headers; where the names are known by a preset, the
    /// row that has them.
    static func find(
        in source: TextSource, _ delimiter: FieldDelimiter, named known: [String]?
    ) throws(TextSourceError) -> HeaderPlace? {
        var rows = SampledRows(
            source: source, delimiter: delimiter,
            from: ReadingStart(offset: source.textStart, line: 1))
        var best: HeaderPlace?
        for _ in 0..<SampledFile.mostRowsBefore {
            guard let row = try rows.next() else { break }
            let fits = known.map { row == $0 } ?? isHeader(row)
            // What stands above a table has fewer columns.
            guard fits, row.count > best?.names.count ?? 1 else { continue }
            best = HeaderPlace(names: row, line: rows.line, below: rows.place)
        }
        return best
    }

    /// Whether a row can be a header: words, of which none is a value.
    private static func isHeader(_ row: [String]) -> Bool {
        let words = row.filter { text in
            text.unicodeScalars.first?.properties.isAlphabetic ?? false
        }
        return words.count * 5 >= row.count * 4 && !row.contains(where: isValue)
    }

    /// Whether a text cannot be the name of a column: an address, an amount, a time.
    private static func isValue(_ text: String) -> Bool {
        text.utf8.contains(UInt8(ascii: "@")) || text.utf8.count > 80
            || AmountNotation.allCases.contains { $0.reads(text) }
            || TimeGuess.patterns.contains { TimeGuess.reads(text, $0) }
    }
}

/// The rows of a file, one after the other.
private struct SampledRows: ~Copyable {
    private var cursor: RecordCursor
    /// Where the next row begins.
    private(set) var place: ReadingStart
    /// The physical line of the row that was read last, from 1.
    private(set) var line = 0

    init(source: TextSource, delimiter: FieldDelimiter, from start: ReadingStart) {
        let byte = delimiter.rawValue.utf8.first ?? UInt8(ascii: ",")
        cursor = RecordCursor(source: source, dialect: Dialect(delimiter: byte))
        place = start
    }

    /// The texts of the next row that is a record; nil where there is none any more.
    mutating func next() throws(TextSourceError) -> [String]? {
        while true {
            do throws(TextSourceError) {
                try cursor.record(at: place.offset)
            } catch .noRecord {
                return nil
            }
            line = place.line + cursor.linesBefore
            place = ReadingStart(
                offset: cursor.nextOffset, line: place.line + cursor.lineCount)
            guard cursor.problem == nil, cursor.fieldCount <= PresetSearch.mostColumns else {
                continue
            }
            return (0..<cursor.fieldCount).map { column in
                let text = String(decoding: cursor.field(column), as: UTF8.self)
                return SampledRows.trimmed(text)
            }
        }
    }

    private static func trimmed(_ text: String) -> String {
        var rest = text[...]
        while let first = rest.first, first.isWhitespace { rest.removeFirst() }
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        return String(rest)
    }
}
