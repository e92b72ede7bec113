import Definition
import Records
import Rules

/// The dump's words for the few values that a field can have.
struct WordTable<Value: Worded>: Sendable {
    /// Each word in lower case, with its value; the likeliest first is found first.
    private let words: [(word: [UInt8], value: Value)]

    /// The definition's words for a field, and our own for themselves.
    ///
    /// A word of ours that the definition gives another meaning has that meaning.
    init(input: InputDefinition, field: String) {
        var words: [(word: [UInt8], value: Value)] = []
        var taken: Set<String> = []
        let mapped = input.values[field] ?? [:]
        for value in Value.allCases {
            for word in mapped[value.word] ?? [] {
                let lowered = word.lowercased()
                if taken.insert(lowered).inserted { words.append((Array(lowered.utf8), value)) }
            }
        }
        for value in Value.allCases where taken.insert(value.word).inserted {
            words.append((Array(value.word.utf8), value))
        }
        self.words = words
    }

    /// What a word stands for, ignoring case; nil for an unknown one.
    func value(_ text: UnsafeRawBufferPointer) -> Value? {
        if let value = plainValue(text) { return value }
        // Capitals beyond ASCII are as rare as they are long to compare.
        guard text.contains(where: { $0 >= 0x80 }) else { return nil }
        let lowered = Array(String(decoding: text, as: UTF8.self).lowercased().utf8)
        return words.first { $0.word == lowered }?.value
    }

    /// What a word stands for, ignoring the case of ASCII letters.
    private func plainValue(_ text: UnsafeRawBufferPointer) -> Value? {
        for entry in words where entry.word.count == text.count {
            var differs = false
            for index in 0..<text.count {
                let byte = text[index]
                let lowered = byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
                if lowered != entry.word[index] {
                    differs = true
                    break
                }
            }
            if !differs { return entry.value }
        }
        return nil
    }
}

/// The few words of a field that rules speak of, by their numbers.
struct NumberedWords: Sendable {
    private let words: [String]
    private let lowered: [[UInt8]]

    /// Words in lower case, of which the first has the number 1.
    init(_ words: [String]) {
        self.words = words
        lowered = words.map { Array($0.utf8) }
    }

    /// Whether rules speak of none.
    var isEmpty: Bool { words.isEmpty }

    /// The number of a word, ignoring case.
    func number(_ text: UnsafeRawBufferPointer) -> UInt8 {
        if text.isEmpty { return FeeWords.unnamed }
        if words.isEmpty { return FeeWords.other }
        guard !text.contains(where: { $0 >= 0x80 }) else {
            return FeeWords.number(of: String(decoding: text, as: UTF8.self), in: words)
        }
        for (place, word) in lowered.enumerated() where word.count == text.count {
            let isEqual = zip(word, text).allSatisfy { word, byte in
                word == (byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte)
            }
            if isEqual { return UInt8(truncatingIfNeeded: place + 1) }
        }
        return FeeWords.other
    }
}
