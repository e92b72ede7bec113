import DelimitedText
import Diagnostics
import Records

/// Some rows of a dump, one behind the other in a text of their own, with the place that each has in
/// the dump: by that place they are known everywhere else.
public struct RowExcerpt: Sendable {
    /// The dump from its beginning to below its header, by which its columns are known.
    let head: TextSource
    /// Where each row begins in the dump, and on which line; and where in the text.
    private var rows: ContiguousArray<(offset: UInt64, start: UInt64, line: UInt32)> = []

    /// What each text begins with, so that no row can be taken for a byte order mark.
    public static let beginning: [UInt8] = [UInt8(ascii: "\n")]

    /// Where the first row begins.
    static let start = ReadingStart(offset: beginning.count, line: 1)

    /// No rows of a dump that begins with these bytes.
    public init(head: [UInt8], name: String) {
        self.head = TextSource(bytes: head, name: name)
    }

    /// How many rows there are.
    var count: Int { rows.count }

    /// Adds a row, which stands behind all others in the dump as in the text.
    public mutating func add(_ place: RowPlace, line: UInt32, at start: Int) {
        rows.append((UInt64(place.offset), UInt64(start), line))
    }

    /// Where a row begins in the text that has a place in the dump; nil where it is none of these.
    ///
    /// `hint` is the number of the row asked for last: mostly the next one follows.
    func start(ofRowAt offset: Int, after hint: inout Int) -> Int? {
        let next = hint + 1
        if next < rows.count, rows[next].offset == UInt64(offset) {
            hint = next
            return Int(rows[next].start)
        }
        var range = rows.indices
        while !range.isEmpty {
            let middle = range.lowerBound + range.count / 2
            if rows[middle].offset == UInt64(offset) {
                hint = middle
                return Int(rows[middle].start)
            }
            range =
                rows[middle].offset < UInt64(offset)
                ? (middle + 1)..<range.upperBound : range.lowerBound..<middle
        }
        return nil
    }

    /// Gives the rows of a block the places and lines that they have in the dump; the rows before the
    /// block are so many.
    ///
    /// - Throws: `TrueupError.run` where the text does not hold one record for each row.
    func restore<Row, Links>(
        _ block: inout BlockRows<Row, Links>, after count: Int, file: Int, name: String
    ) throws {
        let isWhole =
            block.recordCount == block.rows.count && count + block.rows.count <= rows.count
        guard isWhole else { throw RowExcerpt.foreign(name) }
        for index in block.rows.indices {
            let row = rows[count + index]
            guard block.rows[index].place.offset == Int(row.start) else {
                throw RowExcerpt.foreign(name)
            }
            block.rows[index].place = RowPlace(file: file, offset: Int(row.offset))
            block.rows[index].line = row.line
        }
    }

    /// What is said where rows are not those that the dump has.
    static func foreign(_ name: String) -> TrueupError {
        .run(
            Finding(
                "a row is not a record of the dump", at: SourcePosition(file: name),
                expected: "each row as `trueup keys` gave it",
                remedy: "list the keys again, and send each row as it stands"))
    }
}
