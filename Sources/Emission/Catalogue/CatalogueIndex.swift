import JSONText
import Records

/// The names and aliases of a catalogue, laid out for finding the item that a description means.
///
/// Built once by a `CatalogueIndexBuilder`, then shared by any number of threads, each of which
/// asks through a `CatalogueSearch` of its own.
public struct CatalogueIndex: Sendable {
    let book: PhraseBook
    let similarities: SimilarityIndex
    let key: FingerprintKey
    let similarityMillionths: Int64
    let nearMissMillionths: Int64
}

/// Collects a catalogue's items.
public struct CatalogueIndexBuilder: ~Copyable {
    private var book: PhraseBook
    private let key: FingerprintKey
    private var text = NormalizedText()
    private var tokens = SortedTokens()
    /// The characters of each distinct phrase with sorted words, and where each ends.
    private var scalars: [UInt32] = []
    private var ends: [Int] = []

    /// An empty catalogue; the key keeps texts apart in memory and never shows in a result.
    public init(key: FingerprintKey) {
        self.key = key
        book = PhraseBook(key: key)
    }

    /// Adds an item under a number of the caller's, from 0 to `Int32.max` - 1.
    ///
    /// Aliases are separated by `|` or `;`. A name or an alias without a letter or digit names
    /// nothing. The same number may be added again, which adds names to the item.
    public mutating func add(
        item: Int, name: UnsafeRawBufferPointer, aliases: UnsafeRawBufferPointer
    ) {
        precondition(item >= 0 && item < Int32.max)
        addPhrase(name, item: item)
        var begin = 0
        for (offset, byte) in aliases.enumerated()
        where byte == UInt8(ascii: "|") || byte == UInt8(ascii: ";") {
            addPhrase(UnsafeRawBufferPointer(rebasing: aliases[begin..<offset]), item: item)
            begin = offset + 1
        }
        addPhrase(UnsafeRawBufferPointer(rebasing: aliases[begin...]), item: item)
    }

    private mutating func addPhrase(_ phrase: UnsafeRawBufferPointer, item: Int) {
        text.set(phrase)
        guard let added = book.add(text, owner: Int32(item)), added.isNew else { return }
        tokens.set(text)
        scalars.append(contentsOf: tokens.scalars.elements)
        ends.append(scalars.count)
    }

    /// The index of what was added.
    ///
    /// A description finds an item by similarity from `similarityMillionths` of one on; below that,
    /// the nearest item is told from `nearMissMillionths` on. The lower that is, the more names a
    /// description that matches none must be compared with.
    public consuming func finish(
        similarityMillionths: Int64, nearMissMillionths: Int64 = 700_000
    ) -> CatalogueIndex {
        book.finish()
        return CatalogueIndex(
            book: book, similarities: SimilarityIndex(scalars: scalars, ends: ends), key: key,
            similarityMillionths: similarityMillionths,
            nearMissMillionths: min(similarityMillionths, nearMissMillionths))
    }
}
