// Invariant of the unsafe texts here: what a tape or the scratch memory gives is used before the
// next text of the same record is made, and kept by nobody.

import DelimitedText
import JSONText
import Money
import Records
import Time

/// What the maker notes of a record: whether it is read, left out, or refused and why.
enum RowMark {
    static let read: UInt32 = 0
    static let leftOut: UInt32 = 1

    static func refused(_ fault: RowFault) -> UInt32 {
        2 | UInt32(fault.reason.rawValue) << 8 | UInt32(truncatingIfNeeded: fault.field + 1) << 16
    }

    /// Throws the fault that a mark stands for.
    static func check(_ mark: UInt32) throws(RowFault) {
        guard mark & 0xFF == 2, let reason = RejectReason(rawValue: UInt8(mark >> 8 & 0xFF)) else {
            return
        }
        throw RowFault(reason, Int(mark >> 16) - 1)
    }
}

/// What the columns of a block add up to, and what rows of totals in it say.
struct BlockTotals: Sendable {
    /// Millionths, for each column that is added up.
    var sums: [Int128] = []
    /// Rows of totals, with the line counted from the block's first.
    var found: [(line: Int, sums: [Int128])] = []
}

/// Makes of a file's rows those fields that no column gives as it stands.
///
/// These are sums, amounts in another notation, times in another form. Used by one thread.
///
/// What it makes is what a plain dump would hold, so that everybody else reads one form alone.
final class FieldMaker {
    private let recipe: RowRecipe
    private var paths: [PathReader] = []
    private let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 8)
    private(set) var totals = BlockTotals()

    /// One path into the JSON of a column; a class, as a reader cannot be copied into an array.
    private final class PathReader {
        var reader: DetailsReader
        init(_ path: String) { reader = DetailsReader(paths: [path]) }
    }

    init(_ recipe: RowRecipe) {
        self.recipe = recipe
        paths = recipe.paths.map(PathReader.init)
        totals.sums = Array(repeating: 0, count: recipe.sieve.totalled.count)
    }

    deinit { scratch.deallocate() }

    /// Makes the fields of every record on a tape whose first byte lies at an offset of the source.
    func make(_ tape: inout RecordTape, at offset: Int) {
        tape.beginMadeTexts(recipe.fields.count)
        for record in 0..<tape.count {
            var mark = RowMark.leftOut
            do throws(RowFault) {
                if try isRecord(record, of: tape, at: offset) {
                    mark = RowMark.read
                    for field in recipe.fields {
                        try make(field, record, of: &tape)
                        tape.endMadeText()
                    }
                }
            } catch {
                mark = RowMark.refused(error)
            }
            tape.endMadeRecord(mark: mark)
        }
    }

    // MARK: Rows

    private func isRecord(
        _ record: Int, of tape: borrowing RecordTape, at offset: Int
    ) throws(RowFault) -> Bool {
        let sieve = recipe.sieve
        if let end = sieve.end, offset + tape.start(of: record) >= end { return false }
        if tape.problem(of: record) == nil {
            for condition in sieve.only where !holds(condition, record, of: tape) { return false }
            for condition in sieve.skip where holds(condition, record, of: tape) { return false }
            if isHeader(record, of: tape) { return false }
            if !sieve.totals.isEmpty {
                let currency = currency(record, of: tape)
                if sieve.totals.allSatisfy({ holds($0, record, of: tape) }) {
                    let sums = sieve.totalled.map { sum($0, record, of: tape, currency) }
                    totals.found.append((tape.line(of: record), sums))
                    return false
                }
                for (index, column) in sieve.totalled.enumerated() {
                    totals.sums[index] += sum(column, record, of: tape, currency)
                }
            }
        }
        try RecordCheck.check(record, of: tape, fieldCount: recipe.width)
        return true
    }

    private func holds(
        _ condition: RowSieve.Condition, _ record: Int, of tape: borrowing RecordTape
    ) -> Bool {
        condition.words.contains(FieldText.trimmed(tape.field(record, condition.column)))
    }

    /// Whether a record is the header once more, as in files that were put together from several.
    private func isHeader(_ record: Int, of tape: borrowing RecordTape) -> Bool {
        let header = recipe.sieve.header
        guard !header.isEmpty, tape.fieldCount(of: record) == header.count else { return false }
        for column in header.indices
        where !FieldText.trimmed(tape.field(record, column)).elementsEqual(header[column]) {
            return false
        }
        return true
    }

    /// What a record says in a column that is added up; what is no amount adds nothing here, as the
    /// row is rejected for it.
    private func sum(
        _ column: Int, _ record: Int, of tape: borrowing RecordTape, _ currency: Currency
    ) -> Int128 {
        let text = FieldText.trimmed(tape.field(record, column))
        return (try? recipe.amounts.parse(text, currency).get()) ?? 0
    }

    // MARK: Fields

    private func make(
        _ field: FieldRecipe, _ record: Int, of tape: inout RecordTape
    ) throws(RowFault) {
        switch field.kind {
        case .text(let cell): tape.makeText(try text(cell, record, of: tape, field.field))
        case .amount(let amount):
            guard let value = try value(amount, record, of: tape, field.field) else { return }
            write(value, to: &tape)
        case .moment(let cell), .day(let cell):
            let text = try text(cell, record, of: tape, field.field)
            guard !text.isEmpty else { return }
            try makeTime(text, record, field, of: &tape)
        }
    }

    private func text(
        _ cell: CellRecipe, _ record: Int, of tape: borrowing RecordTape, _ field: Int
    ) throws(RowFault) -> UnsafeRawBufferPointer {
        let empty = UnsafeRawBufferPointer(start: nil, count: 0)
        switch cell {
        case .column(let column): return FieldText.trimmed(tape.field(record, column))
        case .constant(let bytes): return try scratched(bytes, field)
        case .first(let columns):
            for column in columns {
                let text = FieldText.trimmed(tape.field(record, column))
                if !text.isEmpty { return text }
            }
            return empty
        case .joined(let columns):
            var count = 0
            for column in columns {
                let part = FieldText.trimmed(tape.field(record, column))
                // Of an id, which is every kind's first field, a damaged part would not show.
                if field == 0, FieldText.isDamaged(part) {
                    throw RowFault(.scientificNotation, field)
                }
                count = try append(part, at: count, field)
            }
            return UnsafeRawBufferPointer(rebasing: scratch[..<count])
        case .path(let column, let reader):
            let text = FieldText.trimmed(tape.field(record, column))
            guard !text.isEmpty else { return empty }
            let path = paths[reader]
            guard path.reader.read(text) == nil else { throw RowFault(.malformedJson, field) }
            switch path.reader.value(0) {
            case .string(let bytes), .number(let bytes): return FieldText.trimmed(bytes)
            case .bool(let isTrue):
                let word: StaticString = isTrue ? "true" : "false"
                return UnsafeRawBufferPointer(
                    start: word.utf8Start, count: word.utf8CodeUnitCount)
            case .null, nil: return empty
            }
        case .sign(let amount, let column, let positive, let negative):
            let value = try value(amount, record, of: tape, field)
            let word = value.map { $0 < 0 ? negative : positive } ?? []
            guard let column else { return try scratched(word, field) }
            let text = FieldText.trimmed(tape.field(record, column))
            let count = try append(text, at: 0, field)
            let end = try append(word, at: count, field)
            return UnsafeRawBufferPointer(rebasing: scratch[..<end])
        }
    }

    /// Puts a text into the memory for texts, behind others with a space between, and returns where
    /// it ends; nothing for an empty text.
    private func append(
        _ text: some Collection<UInt8>, at count: Int, _ field: Int
    ) throws(RowFault) -> Int {
        guard !text.isEmpty else { return count }
        guard count + text.count < scratch.count else { throw RowFault(.valueTooLong, field) }
        let start = count > 0 ? count + 1 : 0
        if count > 0 { scratch[count] = 0x20 }
        UnsafeMutableRawBufferPointer(rebasing: scratch[start...]).copyBytes(from: text)
        return start + text.count
    }

    /// A text of the definition, valid until the next is made.
    private func scratched(
        _ bytes: [UInt8], _ field: Int
    ) throws(RowFault) -> UnsafeRawBufferPointer {
        guard bytes.count <= scratch.count else { throw RowFault(.valueTooLong, field) }
        scratch.copyBytes(from: bytes)
        return UnsafeRawBufferPointer(rebasing: scratch[..<bytes.count])
    }

    // MARK: Amounts

    private func currency(_ record: Int, of tape: borrowing RecordTape) -> Currency {
        guard let text = try? text(recipe.currency, record, of: tape, -1), !text.isEmpty else {
            return recipe.standardCurrency
        }
        // Whoever reads the field rejects a row whose currency is none.
        return Currency(bytes: text) ?? recipe.standardCurrency
    }

    private func value(
        _ amount: AmountRecipe, _ record: Int, of tape: borrowing RecordTape, _ field: Int
    ) throws(RowFault) -> Int128? {
        let currency = currency(record, of: tape)
        switch amount {
        case .cell(let cell):
            return try parsed(try text(cell, record, of: tape, field), currency, field)
        case .sum(let plus, let minus):
            var sum: Int128?
            for (amounts, sign) in [(plus, Int128(1)), (minus, -1)] {
                for amount in amounts {
                    guard let value = try value(amount, record, of: tape, field) else { continue }
                    sum = (sum ?? 0) + sign * value
                }
            }
            return sum
        case .directed(let cell, let flag, let words):
            let text = try text(cell, record, of: tape, field)
            guard let value = try parsed(text, currency, field) else { return nil }
            let word = FieldText.trimmed(tape.field(record, flag))
            guard let signed = words.apply(word, to: value) else {
                throw RowFault(.unknownDirection, field)
            }
            return signed
        case .signed(let cell, let other):
            let text = try text(cell, record, of: tape, field)
            guard let value = try parsed(text, currency, field) else { return nil }
            guard let sign = try self.value(other, record, of: tape, field) else {
                throw RowFault(.unknownDirection, field)
            }
            return sign < 0 ? -value.magnitudeAsSigned : value.magnitudeAsSigned
        case .ofCurrency(let column, let amount):
            let own = FieldText.trimmed(tape.field(record, column))
            if !own.isEmpty {
                guard let own = Currency(bytes: own) else {
                    throw RowFault(.unknownCurrency, field)
                }
                guard own == currency else { return nil }
            }
            return try value(amount, record, of: tape, field)
        }
    }

    private func parsed(
        _ text: UnsafeRawBufferPointer, _ currency: Currency, _ field: Int
    ) throws(RowFault) -> Int128? {
        if text.isEmpty { return nil }
        switch recipe.amounts.parse(text, currency) {
        case .success(let value): return value
        case .failure(let problem): throw RowFault(problem.rejectReason, field)
        }
    }

    /// Writes millionths as a plain decimal, without zeros at the end.
    private func write(_ value: Int128, to tape: inout RecordTape) {
        if value < 0 { tape.makeText(UInt8(ascii: "-")) }
        let (whole, rest) = value.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
        var end = 40
        var number = whole
        repeat {
            end -= 1
            scratch[end] = UInt8(truncatingIfNeeded: number % 10) + 0x30
            number /= 10
        } while number > 0
        tape.makeText(UnsafeRawBufferPointer(rebasing: scratch[end..<40]))
        guard rest > 0 else { return }
        tape.makeText(UInt8(ascii: "."))
        var decimals = rest
        var unit: UInt128 = 100_000
        while decimals > 0 {
            tape.makeText(UInt8(truncatingIfNeeded: decimals / unit) + 0x30)
            decimals %= unit
            unit /= 10
        }
    }

    // MARK: Times

    private func zone(
        _ record: Int, of tape: borrowing RecordTape, _ field: FieldRecipe
    ) throws(RowFault) -> Zone {
        if field.isUTC { return .utc }
        switch recipe.zone {
        case .fixed(let zone): return zone
        case .column(let column, let names):
            let text = FieldText.trimmed(tape.field(record, column))
            for entry in names where CellWords.equal(entry.name, text) { return entry.zone }
            guard let offset = ZoneAbbreviation.offset(text), let zone = Zone.fixed(offset: offset)
            else { throw RowFault(.unknownZone, field.field) }
            return zone
        }
    }

    /// Makes what the first pattern that fits says, else throws what is wrong by any.
    ///
    /// A moment in a field of days is written as a moment: the pipeline's calendar tells its day.
    /// Midnight is no such moment: it is how a day is written where every date has a time.
    private func makeTime(
        _ text: UnsafeRawBufferPointer, _ record: Int, _ field: FieldRecipe,
        of tape: inout RecordTape
    ) throws(RowFault) {
        var reason = RejectReason.malformedTime
        for pattern in recipe.patterns {
            let problem: TimeProblem
            if case .day = field.kind, !pattern.tellsTime(of: text) {
                switch pattern.date(text, in: .utc) {
                case .success(let date):
                    let count = TimeText.write(date, into: scratch)
                    return tape.makeText(UnsafeRawBufferPointer(rebasing: scratch[..<count]))
                case .failure(let found): problem = found
                }
            } else {
                let zone = try zone(record, of: tape, field)
                switch pattern.instant(text, in: zone) {
                case .success(let instant):
                    var count = TimeText.write(instant, into: scratch)
                    let date = zone.date(of: instant)
                    if case .day = field.kind, zone.instant(of: date) == instant {
                        count = TimeText.write(date, into: scratch)
                    }
                    return tape.makeText(UnsafeRawBufferPointer(rebasing: scratch[..<count]))
                case .failure(let found): problem = found
                }
            }
            // A day that does not exist says more than a form that does not fit.
            if problem.rejectReason == .noSuchTime { reason = .noSuchTime }
        }
        throw RowFault(reason, field.field)
    }
}

extension CellWords {
    /// Whether a text is a word given in lower case.
    static func equal(_ word: [UInt8], _ text: UnsafeRawBufferPointer) -> Bool {
        word.count == text.count
            && zip(word, text).allSatisfy { $0 == ($1 &- 0x41 < 26 ? $1 | 0x20 : $1) }
    }
}
