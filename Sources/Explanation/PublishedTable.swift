import DelimitedText
import Diagnostics
import Glibc
import Parallel
import Reporting

/// The tables of a published run in which ids are looked for.
enum TableName: String, Sendable, CaseIterable {
    case payments = "payments.csv"
    case settlements = "settlements.csv"
    case bookings = "bookings.csv"
    case statusUpdates = "status_updates.csv"
    case bookingLinks = "booking_links.csv"
    case orderUpdates = "order_updates.csv"
    case newBookings = "new_bookings.csv"
    case newTickets = "new_tickets.csv"
    case transactions = "transactions.csv"
    case payouts = "payouts.csv"
    case payoutLines = "payout_lines.csv"
    case breaks = "breaks.csv"
    case cleared = "cleared.csv"
    case rejects = "rejects.csv"
    case repeats = "repeats.csv"
    case waiting = "carried/emissions.csv"
    case orders = "trace/orders.csv"
    case sessionUpdates = "session_updates.csv"
    case sessions = "trace/sessions.csv"
}

/// A row that was asked for.
struct FoundRow: Sendable {
    /// The row's place in its table, from 0 for the first below the header.
    let number: Int
    let columns: [String]
    let values: [String]

    /// The value of a column; empty where the table has no such column.
    subscript(_ column: String) -> String {
        columns.firstIndex(of: column).map { $0 < values.count ? values[$0] : "" } ?? ""
    }

    /// The items of a column that holds a list.
    func list(_ column: String) -> [String] {
        self[column].split(separator: " ").map(String.init)
    }
}

/// What makes a row one that is asked for; a column that the table lacks never does.
enum Condition: Sendable {
    /// The column's value is one of these.
    case value(of: String, in: Needles)
    /// The column holds a list, and an item of it is one of these.
    case item(of: String, in: Needles)
    /// The column's value is but for its case, or one slip of a finger, this text.
    case nearly(of: String, [UInt8])
    /// This text stands within the column's value as a whole word.
    case word(of: String, [UInt8])
    /// The row stands at one of these places, from 0.
    case place(Set<Int>)
}

/// A table of a published run, searched without making texts of its rows.
struct PublishedTable: Sendable {
    let path: String
    let columns: [String]
    private let source: TextSource
    private let start: ReadingStart

    /// Opens a table; nil where the run has no such file.
    ///
    /// - Throws: `TrueupError.run` where the file cannot be read or has no header.
    init?(_ name: TableName, folder: String) throws {
        path = "\(folder)/\(name.rawValue)"
        do {
            source = try TextSource(path: path)
            var cursor = RecordCursor(source: source)
            try cursor.record(at: source.textStart)
            columns = (0..<cursor.fieldCount).map {
                String(decoding: cursor.field($0), as: UTF8.self)
            }
            start = ReadingStart(offset: cursor.nextOffset, line: 1 + cursor.lineCount)
        } catch TextSourceError.system(.open, _, ENOENT) {
            return nil
        } catch {
            throw PublishedTable.unreadable(path, error)
        }
    }

    /// The rows for which any of the conditions holds, in their order.
    func rows(where conditions: [Condition], _ workers: Workers) throws -> [FoundRow] {
        let tests = conditions.compactMap { condition -> Test? in
            switch condition {
            case .value(let column, let needles), .item(let column, let needles):
                guard !needles.isEmpty, let place = columns.firstIndex(of: column) else {
                    return nil
                }
                if case .item = condition { return .item(place, needles) }
                return .value(place, needles)
            case .nearly(let column, let text):
                return columns.firstIndex(of: column).map { .nearly($0, text) }
            case .word(let column, let text):
                return columns.firstIndex(of: column).map { .word($0, text) }
            case .place(let rows): return rows.isEmpty ? nil : .place(rows)
            }
        }
        guard !tests.isEmpty else { return [] }
        var found: [FoundRow] = []
        var places: Set<Int> = []
        for case .place(let rows) in tests { places.formUnion(rows) }
        let readsAll = !places.isEmpty
        var passed = 0
        do {
            try RecordReader(source: source, workers: workers).read(from: start) {
                tape, _ in
                (
                    count: tape.count,
                    hits: PublishedTable.hits(tests, in: tape),
                    all: readsAll ? (0..<tape.count).map { tape.start(of: $0) } : []
                )
            } deliver: { block, place in
                for hit in block.hits {
                    found.append(row(passed + hit.record, hit.values))
                }
                for number in places where number >= passed && number < passed + block.count {
                    found.append(
                        row(number, try values(at: place.offset + block.all[number - passed])))
                }
                passed += block.count
            }
        } catch let error as TextSourceError {
            throw PublishedTable.unreadable(path, error)
        }
        return found.sorted { $0.number < $1.number }
    }

    /// Makes something of each block of rows, on any thread, and takes it over in order.
    ///
    /// - Parameters:
    ///   - workers: the threads that work on blocks.
    ///   - make: is given the rows and the place of the first byte of their block in the file.
    ///   - deliver: is given what was made of each block.
    /// - Throws: `TrueupError.run` where the file cannot be read; what `deliver` throws.
    func scan<Output: Sendable>(
        _ workers: Workers, _ make: @Sendable (borrowing RecordTape, Int) -> Output,
        deliver: (Output) throws -> Void
    ) throws {
        do {
            try RecordReader(source: source, workers: workers).read(from: start) { tape, offset in
                make(tape, offset)
            } deliver: { output, _ in
                try deliver(output)
            }
        } catch let error as TextSourceError {
            throw PublishedTable.unreadable(path, error)
        }
    }

    /// The row that begins at a place in the file; its number is not known.
    func row(at offset: Int) throws -> FoundRow {
        do {
            return row(-1, try values(at: offset))
        } catch let error as TextSourceError {
            throw PublishedTable.unreadable(path, error)
        }
    }

    /// A condition with its column's place.
    private enum Test: Sendable {
        case value(Int, Needles)
        case item(Int, Needles)
        case nearly(Int, [UInt8])
        case word(Int, [UInt8])
        case place(Set<Int>)
    }

    private static func hits(
        _ tests: [Test], in tape: borrowing RecordTape
    ) -> [(record: Int, values: [String])] {
        var hits: [(record: Int, values: [String])] = []
        for record in 0..<tape.count {
            var isWanted = false
            for test in tests where !isWanted {
                switch test {
                case .value(let column, let needles):
                    isWanted = needles.has(withoutGuard(tape.field(record, column)))
                case .item(let column, let needles):
                    isWanted = needles.hasItem(of: withoutGuard(tape.field(record, column)))
                case .nearly(let column, let text):
                    isWanted = withoutGuard(tape.field(record, column)).isNearly(text)
                case .word(let column, let text):
                    isWanted = tape.field(record, column).hasWord(text)
                case .place: continue
                }
            }
            guard isWanted else { continue }
            hits.append(
                (
                    record,
                    (0..<tape.fieldCount(of: record)).map {
                        String(decoding: withoutGuard(tape.field(record, $0)), as: UTF8.self)
                    }
                ))
        }
        return hits
    }

    private func values(at offset: Int) throws -> [String] {
        var cursor = RecordCursor(source: source)
        try cursor.record(at: offset)
        return (0..<cursor.fieldCount).map {
            String(decoding: PublishedTable.withoutGuard(cursor.field($0)), as: UTF8.self)
        }
    }

    private func row(_ number: Int, _ values: [String]) -> FoundRow {
        FoundRow(number: number, columns: columns, values: values)
    }

    /// A text without the apostrophe that keeps spreadsheets from running it.
    @inline(__always)
    static func withoutGuard(_ text: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        guard text.count > 1, text[0] == UInt8(ascii: "'") else { return text }
        switch text[1] {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0D:
            return UnsafeRawBufferPointer(rebasing: text[1...])
        default: return text
        }
    }

    private static func unreadable(_ path: String, _ error: TextSourceError) -> TrueupError {
        .run(
            Finding(
                "a table of the run cannot be read", at: SourcePosition(file: path),
                found: error.description, remedy: "restore the run's folder from its archive"))
    }
}
