import DelimitedText
import Diagnostics

/// The rows in which two tables differ, each by its number, its key and the columns that differ.
///
/// Rows stand beside each other as they follow; where one table has rows more, those are told, and
/// the rest is compared as if they were not there.
struct TableDifference {
    /// A line for each cell that differs, and for each row that only one table has.
    private(set) var lines: [String] = []
    /// How many rows differ; not all of them are told.
    private(set) var rows = 0

    /// As many rows as a reader looks at.
    static let mostRows = 10
    /// How far behind a row its like is looked for in the other table.
    private static let lookahead = 256

    private var header: [String] = []

    /// Compares the table of an archive with that of the replay.
    init(archived: String, replayed: String) throws {
        do {
            var ours = try RowQueue(archived)
            var theirs = try RowQueue(replayed)
            try compare(&ours, &theirs)
        } catch let error as TextSourceError {
            throw TrueupError.run(
                Finding(
                    "a table cannot be compared", at: SourcePosition(file: archived),
                    found: error.description, remedy: "run again"))
        }
    }

    private mutating func compare(_ ours: inout RowQueue, _ theirs: inout RowQueue) throws {
        if let first = try ours.row(0) { header = first.fields }
        while true {
            guard let left = try ours.row(0) else {
                while let row = try theirs.row(0) {
                    add(row, "only in the replay")
                    theirs.drop(1)
                }
                return
            }
            guard let right = try theirs.row(0) else {
                add(left, "only in the archive")
                ours.drop(1)
                continue
            }
            if left.raw == right.raw {
                ours.drop(1)
                theirs.drop(1)
            } else {
                try tell(left, right, &ours, &theirs)
            }
        }
    }

    private mutating func tell(
        _ left: Row, _ right: Row, _ ours: inout RowQueue, _ theirs: inout RowQueue
    ) throws {
        if left.key != right.key {
            let inTheirs = try theirs.distance(to: left, within: TableDifference.lookahead)
            let inOurs = try ours.distance(to: right, within: TableDifference.lookahead)
            if let inTheirs, inTheirs <= inOurs ?? .max {
                for place in 0..<inTheirs {
                    if let row = try theirs.row(place) { add(row, "only in the replay") }
                }
                return theirs.drop(inTheirs)
            }
            if let inOurs {
                for place in 0..<inOurs {
                    if let row = try ours.row(place) { add(row, "only in the archive") }
                }
                return ours.drop(inOurs)
            }
        }
        add(left, right)
        ours.drop(1)
        theirs.drop(1)
    }

    private mutating func add(_ row: Row, _ where: String) {
        rows += 1
        guard rows <= TableDifference.mostRows else { return }
        lines.append("\(name(row)): \(`where`)")
    }

    private mutating func add(_ left: Row, _ right: Row) {
        rows += 1
        guard rows <= TableDifference.mostRows else { return }
        let width = max(left.fields.count, right.fields.count)
        let differing = (0..<width).filter { left.field($0) != right.field($0) }
        for column in differing {
            let title =
                column < header.count ? Finding.printable(header[column]) : "column \(column + 1)"
            lines.append(
                "\(name(left)), \(title): archived \(DifferenceText.cell(left.field(column))), "
                    + "replayed \(DifferenceText.cell(right.field(column)))")
        }
        // Quotes around a cell say nothing, and are bytes all the same.
        if differing.isEmpty { lines.append("\(name(left)): the same cells in other bytes") }
    }

    private func name(_ row: Row) -> String {
        row.number == 0
            ? "header" : "row \(row.number) (\(DifferenceText.cell(row.fields.first)))"
    }
}

/// A record of a table.
private struct Row {
    /// 0 for the header.
    let number: Int
    let raw: [UInt8]
    let fields: [String]

    var key: String? { fields.first }

    func field(_ column: Int) -> String? { column < fields.count ? fields[column] : nil }
}

/// The records of a table from some place on, of which a few are looked at before they are dropped.
private struct RowQueue: ~Copyable {
    private var cursor: RecordCursor
    private let size: Int
    private var rows: [Row] = []
    private var first = 0
    private var count = 0
    private var position: Int
    private var isAtEnd = false

    init(_ path: String) throws {
        let source = try TextSource(path: path)
        size = source.size
        position = source.textStart
        cursor = RecordCursor(source: source)
    }

    /// The record so many behind the first; nil where there are not so many.
    mutating func row(_ place: Int) throws -> Row? {
        while rows.count - first <= place, !isAtEnd { try read() }
        return first + place < rows.count ? rows[first + place] : nil
    }

    mutating func drop(_ count: Int) {
        first += count
        guard first > 1024 else { return }
        rows.removeFirst(first)
        first = 0
    }

    /// How far behind the first a record stands that is like another, or has its key.
    mutating func distance(to other: Row, within most: Int) throws -> Int? {
        for place in 0..<most {
            guard let row = try row(place) else { return nil }
            if row.raw == other.raw || (row.key == other.key && other.key?.isEmpty == false) {
                return place
            }
        }
        return nil
    }

    private mutating func read() throws {
        guard position < size else {
            isAtEnd = true
            return
        }
        do throws(TextSourceError) {
            try cursor.record(at: position)
        } catch {
            // Blank lines may be all that is left.
            guard case .noRecord = error else { throw error }
            isAtEnd = true
            return
        }
        position = cursor.nextOffset
        let fields =
            cursor.problem == nil
            ? (0..<cursor.fieldCount).map { String(decoding: cursor.field($0), as: UTF8.self) }
            : [String(decoding: cursor.rawText, as: UTF8.self)]
        rows.append(Row(number: count, raw: [UInt8](cursor.rawText), fields: fields))
        count += 1
    }
}

/// Bytes as they are shown to a person.
enum DifferenceText {
    private static let longestCell = 60

    /// A cell, cut where it is long; `nothing` where it is empty or not there.
    static func cell(_ text: String?) -> String {
        guard let text, !text.isEmpty else { return "nothing" }
        let printable = Finding.printable(String(text.prefix(longestCell)))
        return text.count > longestCell ? printable + "…" : printable
    }
}
