import JSONText
import Records

/// Finds the items that descriptions mean; one value for each thread.
///
/// Answers depend on the index and the description alone. Those to recent descriptions are kept,
/// since many payments share one; the memory is bounded, and warm calls allocate nothing, unless
/// they sort the words of a description of more than about thirty.
public struct CatalogueSearch: ~Copyable {
    private static let answersKept = 1 << 16

    private let index: CatalogueIndex
    private var text = NormalizedText()
    private var words = ScratchBuffer<Int32>()
    private var similarities = SimilaritySearch()
    /// Fingerprints of recent descriptions, each at the place that it hashes to, and the answers.
    private var keptKeys = ScratchBuffer<Fingerprint>(capacity: 1)
    private var keptAnswers: [CatalogueMatch]

    /// A search in an index.
    public init(_ index: CatalogueIndex) {
        self.index = index
        keptKeys.fill(.none, count: CatalogueSearch.answersKept)
        keptAnswers = Array(
            repeating: .notFound(nearest: nil), count: CatalogueSearch.answersKept)
    }

    /// The item that a description means; case, accents and punctuation do not matter.
    ///
    /// It is, by the first of these rules that points to an item:
    ///
    /// 1. the one that has this name or alias;
    /// 2. the one of the longest name or alias, in characters, that the description contains as
    ///    whole words;
    /// 3. the one with a name or alias that contains the description as whole words, where no
    ///    other item has one;
    /// 4. the most similar one, by the best of its names and aliases, where it is similar enough
    ///    and no other item is as similar.
    ///
    /// Where rule 1 or 2 points to several items, the answer is ambiguous and later rules are not
    /// asked. Where rule 3 does, rule 4 may still decide; if it finds nothing, the answer is
    /// ambiguous by rule 3. A description without letters or digits means nothing.
    ///
    /// Complexity: rules 1 and 2 look up words × words of the longest name at most; rule 3 the
    /// names with the description's rarest word; rule 4 compares with the names of similar length
    /// and letters.
    public mutating func find(_ description: UnsafeRawBufferPointer) -> CatalogueMatch {
        let print = index.key.fingerprint(description)
        let place = Int(truncatingIfNeeded: print.high) & (CatalogueSearch.answersKept - 1)
        if print.isPresent, keptKeys[place] == print { return keptAnswers[place] }
        let answer = search(description)
        keptKeys[place] = print
        keptAnswers[place] = answer
        return answer
    }

    /// The item that has this name or alias, or nothing; for texts that are names already.
    public mutating func findName(_ name: UnsafeRawBufferPointer) -> CatalogueMatch {
        text.set(name)
        index.book.numberWords(of: text, into: &words)
        return equal() ?? .notFound(nearest: nil)
    }

    private mutating func search(_ description: UnsafeRawBufferPointer) -> CatalogueMatch {
        text.set(description)
        guard text.wordCount > 0 else { return .notFound(nearest: nil) }
        index.book.numberWords(of: text, into: &words)
        if let match = equal() ?? contained() { return match }
        let containing = containing()
        if case .found = containing { return containing }
        let similar = similar()
        if case .notFound = similar, case .ambiguous = containing { return containing }
        return similar
    }

    private func equal() -> CatalogueMatch? {
        index.book.phrase(equalTo: words.elements).map { phrase in
            var items = ItemPair()
            items.insert(index.book.owners(of: phrase))
            return items.match(by: .equal)
        }
    }

    private func contained() -> CatalogueMatch? {
        var longest: Int32 = 0
        var items = ItemPair()
        index.book.forEachPhrase(in: words.elements) { phrase in
            let length = index.book.length(of: phrase)
            if length > longest {
                longest = length
                items = ItemPair()
            }
            if length == longest { items.insert(index.book.owners(of: phrase)) }
        }
        return longest > 0 ? items.match(by: .contained) : nil
    }

    /// Of several items, the two that come first among the names; no others are looked for.
    private func containing() -> CatalogueMatch {
        var items = ItemPair()
        index.book.forEachPhrase(containing: words.elements) { phrase in
            items.insert(index.book.owners(of: phrase))
            return items.second == .max
        }
        return items.match(by: .containing)
    }

    private mutating func similar() -> CatalogueMatch {
        let nearest = similarities.nearest(
            to: text, in: index.similarities, of: index.book, least: index.nearMissMillionths)
        guard let nearest else { return .notFound(nearest: nil) }
        guard nearest.similarity.reaches(millionths: index.similarityMillionths) else {
            return .notFound(
                nearest: NearItem(item: Int(nearest.items.first), similarity: nearest.similarity))
        }
        return nearest.items.match(by: .similar(nearest.similarity))
    }
}

/// The two least of the items that were inserted; `Int32.max` where there are fewer.
struct ItemPair: Equatable {
    private(set) var first = Int32.max
    private(set) var second = Int32.max

    /// Inserts items; the same one again changes nothing.
    mutating func insert(_ items: ArraySlice<Int32>) {
        for item in items where item != first {
            if item < first {
                second = first
                first = item
            } else if item < second {
                second = item
            }
        }
    }

    /// One item is found, several are ambiguous.
    func match(by rule: CatalogueRule) -> CatalogueMatch {
        if first == .max { return .notFound(nearest: nil) }
        if second == .max { return .found(item: Int(first), by: rule) }
        return .ambiguous(item: Int(first), other: Int(second), by: rule)
    }
}
