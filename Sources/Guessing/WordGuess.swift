import Records

/// What the words of a column mean.
struct WordGuess {
    /// Our words with the dump's, in our order; words that are ours anyway are not among them.
    private(set) var known: [(ours: String, dumps: [String])] = []
    /// Words that no meaning is known of, in the order of their bytes.
    private(set) var unknown: [String] = []

    init(_ guess: FieldGuess, _ kind: RecordKind) {
        let lexicon = FieldLexicon.words(of: guess.field.text, kind)
        guard !lexicon.isEmpty else { return }
        let ours = Set(WordGuess.ours(guess.field.text, kind))
        let found = guess.column.distinct.sorted {
            $0.utf8.lexicographicallyPrecedes($1.utf8)
        }
        var meanings: [String: [String]] = [:]
        for word in found {
            let plain = HeaderWords.joined(word)
            if ours.contains(word.lowercased()) { continue }
            let meaning = lexicon.first { $0.ours == plain || $0.dumps.contains(plain) }?.ours
            if let meaning, ours.contains(meaning) {
                meanings[meaning, default: []].append(word)
            } else {
                unknown.append(word)
            }
        }
        known = lexicon.compactMap { entry in meanings[entry.ours].map { (entry.ours, $0) } }
    }

    private static func ours(_ field: String, _ kind: RecordKind) -> [String] {
        switch (kind, field) {
        case (.payments, _): PaymentStatus.words
        case (.settlements, "type"): SettlementType.words
        case (.settlements, _): SettlementState.words
        case (.bookings, _): BookingStatus.words
        case (.orders, _): OrderStatus.words
        case (.sessions, _): SessionStatus.words
        default: []
        }
    }
}
