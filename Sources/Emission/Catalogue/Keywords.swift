import JSONText
import Records

/// Which kind of purchase a text tells, by keywords.
///
/// A keyword is one word or several. It is found where it stands in the normalized text as whole
/// words, or does so with an `s` at its end: `tour` finds `tours`, not `tourist`; case, accents and
/// punctuation do not matter. Each keyword of a kind counts once, however often it stands there.
/// A keyword and its plural, both listed, are two.
public struct Keywords: Sendable {
    private var book: PhraseBook
    /// The kind of each keyword, keywords being numbered in the order of the definition.
    private var kindOfKeyword: [Int32] = []
    private let kindCount: Int

    /// Takes each kind's keywords, kinds in the order that settles ties.
    public init(kinds: [[String]], key: FingerprintKey) {
        book = PhraseBook(key: key)
        kindCount = kinds.count
        var text = NormalizedText()
        for (kind, keywords) in kinds.enumerated() {
            var seen: Set<[UInt8]> = []
            for keyword in keywords {
                text.set(of: keyword)
                let normalized = Array(text.bytes)
                guard !normalized.isEmpty, seen.insert(normalized).inserted else { continue }
                let number = Int32(kindOfKeyword.count)
                kindOfKeyword.append(Int32(kind))
                _ = book.add(text, owner: number)
                text.set(of: String(decoding: normalized, as: UTF8.self) + "s")
                _ = book.add(text, owner: number)
            }
        }
        book.finish()
    }

    /// The index of the kind with most keywords in a text, the one listed first where several have
    /// as many; nil where there is none.
    ///
    /// `words` is memory for the call, reused from one to the next.
    public func kind(
        of text: borrowing NormalizedText, using words: inout KeywordScratch
    ) -> Int? {
        book.numberWords(of: text, into: &words.numbers)
        words.isFound.fill(false, count: kindOfKeyword.count)
        words.counts.fill(0, count: kindCount)
        let isFound = words.isFound.elements
        let counts = words.counts.elements
        book.forEachPhrase(in: words.numbers.elements) { phrase in
            for keyword in book.owners(of: phrase) where !isFound[Int(keyword)] {
                isFound[Int(keyword)] = true
                counts[Int(kindOfKeyword[Int(keyword)])] += 1
            }
        }
        var best: Int?
        for kind in counts.indices where counts[kind] > best.map({ counts[$0] }) ?? 0 {
            best = kind
        }
        return best
    }
}

/// The memory that looking for keywords needs; one value for each thread.
public struct KeywordScratch: ~Copyable {
    var numbers = ScratchBuffer<Int32>()
    var isFound = ScratchBuffer<Bool>()
    var counts = ScratchBuffer<Int32>()

    /// Empty, until the first use.
    public init() {}
}
