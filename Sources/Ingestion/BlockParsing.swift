import DelimitedText
import Records

/// What is known of a row's bytes.
struct RowText: Sendable {
    var count: Int
    var print: Fingerprint
}

/// What one block of a file becomes.
struct BlockRows<Row: TableRow, Links: Sendable>: Sendable {
    var rows: ContiguousArray<Row> = []
    var links: ContiguousArray<Links> = []
    var idBytes: ContiguousArray<UInt8> = []
    var rejects: [Reject] = []
    /// How many records the block holds, rejected ones and those left out included.
    var recordCount = 0
    /// How many of them are left out.
    var leftOut = 0

    /// The bytes of each row without its line end, in the tape from which they were parsed.
    func texts(
        in tape: borrowing RecordTape, at offset: Int, _ key: FingerprintKey
    ) -> ContiguousArray<RowText> {
        var record = 0
        return ContiguousArray(
            rows.map { row in
                while offset + tape.start(of: record) < row.place.offset { record += 1 }
                let text = tape.rawText(of: record)
                return RowText(count: text.count, print: key.fingerprint(text))
            })
    }

    /// Keeps the rows of which `isKept` says so, by their index, and what they name besides.
    mutating func keep(where isKept: (Int) -> Bool) {
        var kept = ContiguousArray<Row>()
        var keptLinks = ContiguousArray<Links>()
        var keptIDs = ContiguousArray<UInt8>()
        for index in rows.indices where isKept(index) {
            var row = rows[index]
            let id = row.idText.offset..<(row.idText.offset + row.idText.count)
            row.idText = TextSlice(offset: keptIDs.count, count: row.idText.count)
            keptIDs.append(contentsOf: idBytes[id])
            kept.append(row)
            if !links.isEmpty { keptLinks.append(links[index]) }
        }
        rows = kept
        links = keptLinks
        idBytes = keptIDs
    }
}

extension RowParser {
    /// The rows of a block's records; lines are counted from the block's first.
    func parse(
        _ tape: borrowing RecordTape, at offset: Int, file: Int, binding: Binding,
        rules: ReadingRules
    ) -> BlockRows<Row, Links> {
        let reader = FieldReader(rules: rules)
        var block = BlockRows<Row, Links>()
        block.recordCount = tape.count
        block.rows.reserveCapacity(tape.count)
        block.idBytes.reserveCapacity(tape.count * 12)
        for record in 0..<tape.count {
            let place = RowPlace(file: file, offset: offset + tape.start(of: record))
            do throws(RowFault) {
                guard try binding.admits(record, of: tape) else {
                    block.leftOut += 1
                    continue
                }
                var row = try row(record, of: tape, reader, place)
                if binding.isCarried {
                    row.isConflicting = binding.says(.conflicting, tape, record)
                }
                if let links = try links(record, of: tape, reader, row) {
                    block.links.append(links)
                }
                let id = FieldText.id(binding.text(Self.idField, tape, record))
                row.idText = TextSlice(offset: block.idBytes.count, count: id.count)
                row.line = UInt32(truncatingIfNeeded: tape.line(of: record))
                block.idBytes.append(contentsOf: id)
                block.rows.append(row)
            } catch {
                block.rejects.append(
                    Reject(
                        place: place, count: tape.end(of: record) - tape.start(of: record),
                        line: UInt32(truncatingIfNeeded: tape.line(of: record)),
                        column: Int32(error.field), reason: error.reason))
            }
        }
        return block
    }

}

/// What every row must be before its fields are read.
enum RecordCheck {
    /// Refuses what is no record, or has other fields than the header, or bytes that are no text.
    static func check(
        _ record: Int, of tape: borrowing RecordTape, fieldCount: Int
    ) throws(RowFault) {
        switch tape.problem(of: record) {
        case nil: break
        case .unclosedQuote: throw RowFault(.unclosedQuote)
        case .textAfterClosingQuote: throw RowFault(.textAfterClosingQuote)
        case .tooLong: throw RowFault(.recordTooLong)
        }
        let found = tape.fieldCount(of: record)
        guard found == fieldCount else {
            throw RowFault(found < fieldCount ? .tooFewFields : .tooManyFields)
        }
        switch RawText.check(tape.rawText(of: record)) {
        case .plain: return
        case .zero: throw RowFault(.nulByte)
        case .beyondASCII:
            guard RawText.isUTF8(tape.rawText(of: record)) else { throw RowFault(.invalidUTF8) }
        }
    }
}

/// What kind of bytes a raw record has.
enum RawText {
    enum Content {
        case plain, beyondASCII, zero
    }

    /// Whether there are only ASCII characters, and no NUL among them.
    @inline(__always)
    static func check(_ text: UnsafeRawBufferPointer) -> Content {
        guard let base = text.baseAddress else { return .plain }
        var ones: UInt64 = 0
        var zeros: UInt64 = 0
        var offset = 0
        let high: UInt64 = 0x8080_8080_8080_8080
        let low: UInt64 = 0x0101_0101_0101_0101
        while offset &+ 8 <= text.count {
            let word = base.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
            ones |= word
            // The high bit of a byte that was zero; exact wherever no byte is beyond ASCII.
            zeros |= (word &- low) & ~word
            offset &+= 8
        }
        while offset < text.count {
            let byte = base.load(fromByteOffset: offset, as: UInt8.self)
            ones |= UInt64(byte)
            if byte == 0 { zeros |= high }
            offset &+= 1
        }
        if zeros & high != 0, text.contains(0) { return .zero }
        return ones & high == 0 ? .plain : .beyondASCII
    }

    /// Whether the bytes are valid UTF-8.
    static func isUTF8(_ text: UnsafeRawBufferPointer) -> Bool {
        (try? UTF8Span(validating: text.bindMemory(to: UInt8.self).span)) != nil
    }
}
