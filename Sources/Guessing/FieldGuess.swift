import Records

/// A column that is taken for a field.
struct FieldGuess: Sendable {
    let field: FieldName
    let column: ColumnSample
    /// How much speaks for it: above `sure`, the column's name says so and its values fit.
    var score: Int
    /// What speaks for it besides its name.
    var reason: String

    /// From here on a guess is sure.
    static let sure = 60

    var isSure: Bool { score >= FieldGuess.sure }

    /// The columns of a file for the fields of a kind, each column once, in the order of the fields.
    static func all(of kind: RecordKind, in file: SampledFile) -> [FieldGuess] {
        var candidates: [(guess: FieldGuess, rank: Int)] = []
        for (rank, field) in kind.fields.enumerated() {
            for column in file.columns where file.column(column.name) != nil {
                let guess = guess(field, kind, column, isWithoutRows: file.rowCount == 0)
                if let guess { candidates.append((guess, rank)) }
            }
        }
        candidates.sort { left, right in
            (right.guess.score, left.rank) < (left.guess.score, right.rank)
        }
        var taken: Set<String> = []
        var guesses: [Int: FieldGuess] = [:]
        for (guess, rank) in candidates
        where guesses[rank] == nil && taken.insert(guess.column.name).inserted {
            guesses[rank] = guess
        }
        return guesses.sorted { $0.key < $1.key }.map(\.value)
    }

    /// What speaks for a column as a field; nil where its name does not, or its values cannot be.
    private static func guess(
        _ field: FieldName, _ kind: RecordKind, _ column: ColumnSample, isWithoutRows: Bool
    ) -> FieldGuess? {
        guard let named = nameScore(field, kind, column),
            let (bonus, reason) = valueScore(field, column, isWithoutRows: isWithoutRows)
        else { return nil }
        return FieldGuess(field: field, column: column, score: named + bonus, reason: reason)
    }

    /// How well the column's name names the field: as such, or by words among others.
    private static func nameScore(
        _ field: FieldName, _ kind: RecordKind, _ column: ColumnSample
    ) -> Int? {
        let words = HeaderWords.split(column.name)
        let name = words.joined(separator: "_")
        let names = FieldLexicon.names(of: field.text, kind)
        if let place = names.firstIndex(of: name) { return 100 - 2 * place }
        let place = names.firstIndex { known in
            Set(known.split(separator: "_").map(String.init)).isSubset(of: words)
        }
        return place.map { 45 - $0 }
    }

    /// How well the column's values fit the field; nil where they cannot be it.
    private static func valueScore(
        _ field: FieldName, _ column: ColumnSample, isWithoutRows: Bool
    ) -> (bonus: Int, reason: String)? {
        guard !column.values.isEmpty else {
            if isWithoutRows { return (0, "") }
            return field.isRequired ? nil : (-40, "empty in every row")
        }
        switch field.text {
        case "currency": return column.isCurrencies ? (10, "codes of currencies") : nil
        case "details": return column.isJSON ? (20, "JSON") : nil
        case "status", "state", "type": return column.isWords ? (10, "a few words") : nil
        case "user", "email", "seller":
            return column.isAddresses ? (20, "e-mail addresses") : (-5, "")
        case "energy_kwh", "quantity":
            return column.amounts == .plain ? (5, "numbers") : nil
        case "id", "break_id":
            return column.isUnique ? (10, "another in every row") : (-30, "values come again")
        default: break
        }
        switch field.content {
        case .amount: return column.amounts == nil ? nil : (10, "amounts")
        case .moment, .day: return column.timePatterns.isEmpty ? nil : (10, "times")
        case .text:
            // A description of nothing but numbers or times is none.
            return column.timePatterns.isEmpty ? (0, "") : nil
        }
    }
}

/// What kind of records a file holds.
struct KindGuess: Sendable {
    let kind: RecordKind
    let fields: [FieldGuess]
    /// The fields that every record must have, and for which there is no column.
    let missing: [FieldName]
    let score: Int

    /// The kinds that a file may be of, the likeliest first.
    static func all(of file: SampledFile) -> [KindGuess] {
        RecordKind.allCases.map { KindGuess($0, file) }.filter { $0.score > 0 }
            .sorted { ($1.score, $0.kind) < ($0.score, $1.kind) }
    }

    private init(_ kind: RecordKind, _ file: SampledFile) {
        let fields = FieldGuess.all(of: kind, in: file)
        let found = Set(fields.map(\.field))
        self.kind = kind
        self.fields = fields
        missing = kind.fields.filter { $0.isRequired && !found.contains($0) }
        let words = Set(HeaderWords.split(file.name))
        let isNamed = FieldLexicon.fileWords(kind).contains(where: words.contains)
        var score = isNamed ? 30 : 0
        for guess in fields {
            score += guess.field.isRequired ? 10 : guess.isSure ? 3 : 0
        }
        self.score = score - 20 * missing.count
    }
}
