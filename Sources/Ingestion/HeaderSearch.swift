import Definition
import DelimitedText
import Diagnostics
import Records
import Time

/// Looks for a file's header by its content: the first row that has the columns that are needed.
struct HeaderSearch {
    /// How many rows may come before the header: more than any export has.
    static let mostRows = 100

    let file: InputFile
    let rules: ReadingRules
    /// The presets whose reports are recognised where the file is not what it should be.
    let library: PresetLibrary

    /// A row that might have been the header, and why it is none.
    private struct Candidate {
        let plan: BindingPlan
        let position: SourcePosition
        var lacks: Int { plan.missing.count + plan.ambiguous.count + plan.unwanted.count }
    }

    /// The header, and where the rows below it begin.
    ///
    /// - Throws: Why no row serves: what the one lacks that comes closest.
    func find() throws(Finding) -> (Binding, ReadingStart) {
        var nearest: Candidate?
        var firstProblem: SourcePosition?
        var tooWide: Finding?
        // By one delimiter a row may be none that is one by another.
        var hasFirst = false
        for dialect in dialects {
            var cursor = RecordCursor(source: source, dialect: dialect)
            var start = ReadingStart(offset: source.textStart, line: 1)
            var above: [HeaderRow] = []
            for row in 0..<HeaderSearch.mostRows {
                guard try read(&cursor, at: start, isFirst: row == 0) else { break }
                let position = SourcePosition(
                    file: file.path, line: start.line + cursor.linesBefore)
                let next = ReadingStart(
                    offset: cursor.nextOffset, line: start.line + cursor.lineCount)
                if cursor.problem != nil {
                    if row == 0 { firstProblem = firstProblem ?? position }
                } else if cursor.fieldCount > PresetSearch.mostColumns {
                    if above.isEmpty { tooWide = tooWide ?? self.tooWide(cursor, position) }
                } else {
                    hasFirst = hasFirst || row == 0
                    let header = header(cursor)
                    let plan = BindingPlan(file, header, below: above, rules)
                    if plan.isWhole, isHeader(cursor) {
                        return (try binding(plan, dialect, &cursor, next), below(start, next))
                    }
                    let candidate = Candidate(plan: plan, position: position)
                    if nearest.map({ candidate.lacks < $0.lacks }) ?? true { nearest = candidate }
                    above.append(header)
                }
                if file.input.format.header == HeaderPresence.none { break }
                start = next
            }
        }
        if let tooWide { throw tooWide }
        guard hasFirst || firstProblem == nil, let nearest else { throw noRecord(firstProblem) }
        throw finding(nearest)
    }

    /// Where the header stands.
    private var source: TextSource { file.excerpt?.head ?? file.source }

    private var dialects: [Dialect] {
        let all = file.input.format.delimiter.map { [$0] } ?? FieldDelimiter.allCases
        return all.compactMap { $0.rawValue.utf8.first.map(Dialect.init(delimiter:)) }
    }

    /// Reads a row; false where there is none any more.
    private func read(
        _ cursor: inout RecordCursor, at start: ReadingStart, isFirst: Bool
    ) throws(Finding) -> Bool {
        do throws(TextSourceError) {
            try cursor.record(at: start.offset)
            return true
        } catch .noRecord where isFirst {
            throw Finding(
                "the dump is empty", at: SourcePosition(file: file.path),
                expected: "a header row, and a row for each of the \(file.kind.rawValue)",
                remedy: "export it again")
        } catch .noRecord {
            return false
        } catch {
            throw Finding(
                "the dump cannot be read", at: SourcePosition(file: file.path),
                found: error.description, remedy: "check the file, and run again")
        }
    }

    private func header(_ cursor: borrowing RecordCursor) -> HeaderRow {
        let columns = 0..<cursor.fieldCount
        guard file.input.format.header != HeaderPresence.none else {
            return HeaderRow(columns.map { String($0 + 1) })
        }
        return HeaderRow(columns.map { text(cursor, $0) })
    }

    private func text(_ cursor: borrowing RecordCursor, _ column: Int) -> String {
        String(decoding: FieldText.trimmed(cursor.field(column)), as: UTF8.self)
    }

    /// Whether the row is of the type that column names have, where rows have types.
    private func isHeader(_ cursor: borrowing RecordCursor) -> Bool {
        guard let records = file.input.format.records, !records.header.isEmpty else { return true }
        return text(cursor, records.column - 1) == records.header
    }

    /// Rows begin below the header; where there is none, with the first row.
    private func below(_ row: ReadingStart, _ next: ReadingStart) -> ReadingStart {
        file.input.format.header == HeaderPresence.none ? row : next
    }

    private func binding(
        _ plan: BindingPlan, _ dialect: Dialect, _ cursor: inout RecordCursor, _ next: ReadingStart
    ) throws(Finding) -> Binding {
        var plan = plan
        // An excerpt has no row from below the table.
        if file.excerpt == nil, let ends = file.input.format.ends {
            plan.end(at: try end(ends, plan.header.names.count, &cursor, next))
        }
        return Binding(plan, dialect: dialect, isCarried: file.isCarried)
    }

    /// Where the table ends: such files are small, and whether a row is the first of another width
    /// cannot be told from its block alone.
    private func end(
        _ ends: TableEnd, _ width: Int, _ cursor: inout RecordCursor, _ start: ReadingStart
    ) throws(Finding) -> Int {
        var place = start
        while try read(&cursor, at: place, isFirst: false) {
            let isEnd =
                switch ends {
                case .blankLine: cursor.linesBefore > 0
                case .otherWidth: cursor.problem == nil && cursor.fieldCount != width
                }
            if isEnd { return place.offset }
            place = ReadingStart(offset: cursor.nextOffset, line: place.line)
        }
        return file.source.size
    }

    // MARK: Failing

    private func noRecord(_ position: SourcePosition?) -> Finding {
        let isPreset = file.input.preset != nil
        return Finding(
            isPreset ? noReport : "the header row is no record",
            at: position ?? SourcePosition(file: file.path),
            expected: "column names separated by commas", found: "a row that is no record",
            remedy: isPreset
                ? remedy : "check that this is a CSV file" + EncodingHint.remedy(for: file))
    }

    private func tooWide(
        _ cursor: borrowing RecordCursor, _ position: SourcePosition
    ) -> Finding {
        Finding(
            "the header has too many columns", at: position,
            expected: "at most \(PresetSearch.mostColumns) columns",
            found: "\(cursor.fieldCount)",
            remedy: "check that this is the right file, and export the columns that are needed")
    }

    private var noReport: String {
        "the file is not the report that preset \(file.input.preset?.name ?? "") reads"
    }

    private func finding(_ candidate: Candidate) -> Finding {
        let plan = candidate.plan
        let found = described(plan.header.names)
        if plan.missing.isEmpty, let (purpose, name) = plan.ambiguous.first {
            return Finding(
                "the header has `\(name)` several times", at: candidate.position,
                expected: "one column of this name, for \(purpose)", found: found,
                remedy: "say which one is meant, as in \(purpose): {column: \(name), nth: 1}")
        }
        var expected = plan.missing.map { missing in
            let names = missing.names.map { "`\($0)`" }.joined(separator: " or ")
            return "\(names) for \(missing.purpose)"
        }
        if !plan.unwanted.isEmpty {
            expected.append("no " + plan.unwanted.map { "`\($0)`" }.joined(separator: ", "))
        }
        let summary =
            file.input.preset != nil
            ? noReport : "the header has not the columns of \(file.kind.rawValue)"
        return Finding(
            summary, at: candidate.position, expected: expected.joined(separator: ", "),
            found: found, remedy: remedy)
    }

    /// What to do about a file without the header: take the preset that fits, if one does.
    private var remedy: String {
        let kind = file.kind.rawValue
        let presets = library.presets(isKnownZone: Zone.isKnown)
        guard let match = try? PresetSearch(presets).match(in: file.source) else {
            return "check that this is the right file, or name its columns under "
                + "inputs.\(kind).columns in the definition" + EncodingHint.remedy(for: file)
        }
        let report = "this is \(match.preset.title)"
        let fits = match.preset.inputs.keys.contains(file.kind)
        if match.preset.name == file.input.preset?.name {
            return report + ", but a column is missing: export it again with all columns"
        }
        return fits
            ? report + ": write preset: \(match.preset.name)"
            : report + ", which preset \(match.preset.name) reads as "
                + match.preset.inputs.keys.sorted().map(\.rawValue).joined(separator: " or ")
    }

    /// The names in a header, as a message tells them.
    ///
    /// A file without header begins with somebody's row, which a message must not hold.
    private func described(_ headers: [String]) -> String {
        guard headers.allSatisfy(looksLikeName) else {
            return "a row of \(headers.count) values that do not look like names of columns"
        }
        return headers.prefix(40).map { "`\($0.prefix(40))`" }.joined(separator: ", ")
    }

    /// Whether a text can be the name of a column: an address, an amount, a time or an id cannot.
    private func looksLikeName(_ text: String) -> Bool {
        guard let first = text.utf8.first else { return true }
        return !(0x30...0x39).contains(first) && !text.utf8.contains(UInt8(ascii: "@"))
    }
}
