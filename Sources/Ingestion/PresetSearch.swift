import Definition
import DelimitedText

/// Looks in a file for the header of a report that some preset reads.
public struct PresetSearch {
    /// The most columns that a header may have: as many as the widest sheet of a spreadsheet.
    public static let mostColumns = 16_384

    /// What was found.
    public struct Match: Sendable {
        /// The preset whose signature the header has.
        public let preset: Preset
        /// The names in the header.
        public let header: [String]
        /// The physical line of the header, from 1.
        public let line: Int
    }

    private let presets: [Preset]

    /// Prepares a search for these presets.
    public init(_ presets: [Preset]) { self.presets = presets }

    /// The first rows of a file that could be its header, by each delimiter.
    private struct Row {
        let header: HeaderRow
        let line: Int
    }

    /// The preset of the first row that has the signature of one; nil where no row has.
    ///
    /// Of several presets, the one of the most columns fits best.
    ///
    /// - Throws: Where the file cannot be read.
    public func match(in source: TextSource) throws(TextSourceError) -> Match? {
        for delimiter in FieldDelimiter.allCases {
            for row in try PresetSearch.rows(of: source, delimiter) {
                let fitting = presets.filter { row.header.has($0.signature) }
                // `max` gives the last of equals; presets come in the order of their names.
                let best = fitting.reversed().max {
                    $0.signature.columns.count < $1.signature.columns.count
                }
                guard let best else { continue }
                return Match(preset: best, header: row.header.names, line: row.line)
            }
        }
        return nil
    }

    private static func rows(
        of source: TextSource, _ delimiter: FieldDelimiter
    ) throws(TextSourceError) -> [Row] {
        guard let byte = delimiter.rawValue.utf8.first else { return [] }
        var cursor = RecordCursor(source: source, dialect: Dialect(delimiter: byte))
        var rows: [Row] = []
        var start = ReadingStart(offset: source.textStart, line: 1)
        for _ in 0..<HeaderSearch.mostRows {
            do throws(TextSourceError) {
                try cursor.record(at: start.offset)
            } catch .noRecord {
                break
            }
            if cursor.problem == nil, cursor.fieldCount <= mostColumns {
                let names = (0..<cursor.fieldCount).map {
                    String(decoding: FieldText.trimmed(cursor.field($0)), as: UTF8.self)
                }
                rows.append(
                    Row(header: HeaderRow(names), line: start.line + cursor.linesBefore))
            }
            start = ReadingStart(offset: cursor.nextOffset, line: start.line + cursor.lineCount)
        }
        return rows
    }
}

extension HeaderRow {
    /// Whether the columns are those of a report.
    func has(_ signature: HeaderSignature) -> Bool {
        signature.columns.allSatisfy { column($0) != .none }
            && !signature.without.contains(where: has)
    }
}
