import JSONText
import Records

/// Distinct phrases as sequences of numbered words, and who they belong to.
///
/// A trie over the words finds every phrase that a text contains as whole words, in one walk from
/// each of its words; lists of where each word stands find the phrases that contain a text.
struct PhraseBook: Sendable {
    private let key: FingerprintKey
    private var wordNumbers = KeyTable()
    /// From a node and a word to the next node; node 0 is the root.
    private var edges = KeyTable()
    /// The phrase that ends at each node, or -1.
    private var phraseAtNode: [Int32] = [-1]
    /// The words of all phrases, one phrase after the other.
    private var phraseWords: [Int32] = []
    /// Where each phrase begins in `phraseWords`, and a last entry for the end.
    private var phraseStarts: [Int32] = [0]
    /// Each phrase's length in characters.
    private var lengths: [Int32] = []
    private var ownerList = GroupedList()
    /// Where each word stands in `phraseWords`, and in which phrase.
    private var occurrences = GroupedList()
    private var occurrencePhrases: [Int32] = []

    init(key: FingerprintKey) {
        self.key = key
    }

    var phraseCount: Int { lengths.count }

    /// The number of characters of a phrase, spaces included.
    func length(of phrase: Int32) -> Int32 { lengths[Int(phrase)] }

    /// Whom a phrase belongs to, ascending.
    func owners(of phrase: Int32) -> ArraySlice<Int32> { ownerList[Int(phrase)] }

    /// Adds a text's phrase and returns its number, or nil where the text has no word.
    mutating func add(_ text: borrowing NormalizedText, owner: Int32) -> (
        phrase: Int32, isNew: Bool
    )? {
        guard text.wordCount > 0 else { return nil }
        var node: Int32 = 0
        let begin = phraseWords.count
        for index in 0..<text.wordCount {
            let next = Int32(wordNumbers.count)
            let word = wordNumbers.value(of: fingerprint(of: text, word: index), orAdd: next)
            phraseWords.append(word)
            let fresh = Int32(phraseAtNode.count)
            node = edges.value(of: edge(from: node, by: word), orAdd: fresh)
            if node == fresh { phraseAtNode.append(-1) }
        }
        var phrase = phraseAtNode[Int(node)]
        let isNew = phrase < 0
        if isNew {
            phrase = Int32(lengths.count)
            phraseAtNode[Int(node)] = phrase
            phraseStarts.append(Int32(phraseWords.count))
            lengths.append(Int32(text.bytes.count { $0 & 0xC0 != 0x80 }))
        } else {
            phraseWords.removeSubrange(begin...)
        }
        ownerList.note(owner, in: Int(phrase))
        return (phrase, isNew)
    }

    /// Makes the lists; to be called once, after the last phrase.
    mutating func finish() {
        ownerList.finish(groups: phraseCount)
        for phrase in 0..<phraseCount {
            for place in phraseStarts[phrase]..<phraseStarts[phrase + 1] {
                occurrences.note(place, in: Int(phraseWords[Int(place)]))
                occurrencePhrases.append(Int32(phrase))
            }
        }
        occurrences.finish(groups: wordNumbers.count)
    }

    /// The numbers of a text's words; -1 for a word that no phrase has.
    func numberWords(of text: borrowing NormalizedText, into numbers: inout ScratchBuffer<Int32>) {
        numbers.removeAll()
        for index in 0..<text.wordCount {
            numbers.append(wordNumbers.value(of: fingerprint(of: text, word: index)))
        }
    }

    /// The phrase that is equal to the whole text, or nil.
    func phrase(equalTo words: UnsafeMutableBufferPointer<Int32>) -> Int32? {
        var node: Int32 = 0
        for word in words {
            guard word >= 0 else { return nil }
            node = edges.value(of: edge(from: node, by: word))
            guard node >= 0 else { return nil }
        }
        let phrase = phraseAtNode[Int(node)]
        return phrase < 0 ? nil : phrase
    }

    /// Tells every phrase that stands in the text as whole words, by where it begins, then by its
    /// number of words; as often as it stands there.
    @inline(__always)
    func forEachPhrase(
        in words: UnsafeMutableBufferPointer<Int32>, _ body: (_ phrase: Int32) -> Void
    ) {
        for begin in words.indices where words[begin] >= 0 {
            var node: Int32 = 0
            var index = begin
            while index < words.count, words[index] >= 0 {
                node = edges.value(of: edge(from: node, by: words[index]))
                if node < 0 { break }
                let phrase = phraseAtNode[Int(node)]
                if phrase >= 0 { body(phrase) }
                index += 1
            }
        }
    }

    /// Tells the phrases that contain the whole text as whole words, until the body says `false`.
    ///
    /// Complexity: the number of occurrences of the text's rarest word.
    @inline(__always)
    func forEachPhrase(
        containing words: UnsafeMutableBufferPointer<Int32>, _ body: (_ phrase: Int32) -> Bool
    ) {
        guard !words.isEmpty, !words.contains(-1) else { return }
        var rarest = 0
        for index in words.indices
        where occurrences.count(of: Int(words[index])) < occurrences.count(of: Int(words[rarest])) {
            rarest = index
        }
        let places = occurrences.range(of: Int(words[rarest]))
        for position in places {
            let place = Int(occurrences.values[position])
            let phrase = Int(occurrencePhrases[place])
            let begin = place - rarest
            let end = begin + words.count
            guard begin >= phraseStarts[phrase], end <= phraseStarts[phrase + 1] else { continue }
            var index = 0
            while index < words.count, phraseWords[begin + index] == words[index] { index += 1 }
            if index == words.count, !body(Int32(phrase)) { return }
        }
    }

    @inline(__always)
    private func fingerprint(of text: borrowing NormalizedText, word: Int) -> Fingerprint {
        key.fingerprint(UnsafeRawBufferPointer(rebasing: text.bytes[text.word(word)]))
    }

    @inline(__always)
    private func edge(from node: Int32, by word: Int32) -> Fingerprint {
        Fingerprint(high: UInt64(node) + 1, low: UInt64(word))
    }
}

/// Lists of numbers, one for each group, laid out one after the other.
struct GroupedList: Sendable {
    private var noted: [(group: Int, value: Int32)] = []
    private var starts: [Int] = [0]
    private(set) var values: [Int32] = []

    /// Adds a value to a group's list.
    mutating func note(_ value: Int32, in group: Int) { noted.append((group, value)) }

    /// Lays the lists out, each ascending and without repeats.
    mutating func finish(groups: Int) {
        noted.sort { ($0.group, $0.value) < ($1.group, $1.value) }
        starts = [0]
        starts.reserveCapacity(groups + 1)
        var next = 0
        for group in 0..<groups {
            while next < noted.count, noted[next].group == group {
                if values.count == starts[group] || values[values.count - 1] != noted[next].value {
                    values.append(noted[next].value)
                }
                next += 1
            }
            starts.append(values.count)
        }
        noted = []
    }

    /// Where a group's list lies in `values`.
    func range(of group: Int) -> Range<Int> { starts[group]..<starts[group + 1] }

    /// How long a group's list is.
    func count(of group: Int) -> Int { starts[group + 1] - starts[group] }

    subscript(_ group: Int) -> ArraySlice<Int32> { values[range(of: group)] }
}
