/// The most similar items of a catalogue.
struct Nearest: Equatable {
    /// How similar they are.
    var similarity: Similarity
    /// The first two of them.
    var items = ItemPair()
}

/// Finds the items that are most similar to a text; holds the memory that a search needs.
///
/// Phrases are left out by their length, then by the characters they share with the text, before
/// the common subsequence is computed, and never where they could still be as similar as the best.
struct SimilaritySearch: ~Copyable {
    private var tokens = SortedTokens()
    private var subsequence = CommonSubsequence()
    private var bounds = ScratchBuffer<Int16>(capacity: 1024)

    /// The most similar items, or nil where none reaches this many millionths of one.
    mutating func nearest(
        to text: borrowing NormalizedText, in index: borrowing SimilarityIndex,
        of book: borrowing PhraseBook, least: Int64
    ) -> Nearest? {
        tokens.set(text)
        let length = tokens.scalars.count
        guard
            let lengths = SimilaritySearch.lengths(
                similarTo: length, least: least, greatest: index.greatestLength)
        else { return nil }
        for place in 0..<length {
            tokens.replace(at: place, by: index.symbol(of: tokens.scalars[place]))
        }
        let ranks = index.ranks(ofLengths: lengths)
        boundCommonLengths(in: index, ranks: ranks)
        let pattern = UnsafeBufferPointer(tokens.scalars.elements)
        subsequence.setPattern(pattern, symbolCount: index.symbolCount)
        defer { subsequence.removePattern(pattern) }
        var best = BestSoFar(patternLength: length, least: least)
        // The greatest bound of each length comes first: a good find early spares most others.
        for length in lengths {
            let group = index.ranks(ofLengths: length...length)
            guard let rank = rankOfGreatestBound(in: group, from: ranks.lowerBound) else {
                continue
            }
            let needed = best.neededCommon(forLength: length)
            if Int(bounds[rank - ranks.lowerBound]) >= needed {
                compare(rank: rank, of: length, in: index, of: book, needed: needed, best: &best)
            }
        }
        for length in lengths {
            var needed = best.neededCommon(forLength: length)
            for rank in index.ranks(ofLengths: length...length)
            where Int(bounds[rank - ranks.lowerBound]) >= needed {
                compare(rank: rank, of: length, in: index, of: book, needed: needed, best: &best)
                needed = best.neededCommon(forLength: length)
            }
        }
        return best.found
    }

    /// The lengths whose texts can be this similar: a text shares no more than the shorter one has.
    private static func lengths(
        similarTo length: Int, least: Int64, greatest: Int
    ) -> ClosedRange<Int>? {
        guard least <= 1_000_000, length > 0 else { return nil }
        guard least > 0 else { return greatest >= 0 ? 0...greatest : nil }
        let least = Int(least)
        let other = 2_000_000 - least
        let shortest = (least * length + other - 1) / other
        let longest = min(other * length / least, greatest)
        return shortest <= longest ? shortest...longest : nil
    }

    /// Fills `bounds` with an upper bound of the common subsequence for each rank of a range.
    private mutating func boundCommonLengths(
        in index: borrowing SimilarityIndex, ranks: Range<Int>
    ) {
        guard tokens.scalars.count <= Int16.max else {
            bounds.fill(.max, count: ranks.count)
            return
        }
        bounds.fill(0, count: ranks.count)
        let bounds = bounds.elements
        let symbols = tokens.scalars.elements
        withUnsafeTemporaryAllocation(of: Int16.self, capacity: SimilarityIndex.classes) { counts in
            counts.initialize(repeating: 0)
            for symbol in symbols where symbol != 0 {
                counts[SimilarityIndex.characterClass(of: symbol)] += 1
            }
            index.columns.withUnsafeBufferPointer { columns in
                let height = columns.count / SimilarityIndex.classes
                for characterClass in counts.indices where counts[characterClass] > 0 {
                    let begin = characterClass * height + ranks.lowerBound
                    let column = UnsafeBufferPointer(
                        rebasing: columns[begin..<begin + ranks.count])
                    SimilaritySearch.add(column, upTo: counts[characterClass], to: bounds)
                }
            }
        }
    }

    /// Adds the smaller of a column's entry and a number to each bound.
    @inline(__always)
    private static func add(
        _ column: UnsafeBufferPointer<Int16>, upTo most: Int16,
        to bounds: UnsafeMutableBufferPointer<Int16>
    ) {
        guard let source = column.baseAddress, let target = bounds.baseAddress else { return }
        for place in 0..<min(column.count, bounds.count) {
            target[place] &+= min(source[place], most)
        }
    }

    private func rankOfGreatestBound(in group: Range<Int>, from origin: Int) -> Int? {
        guard var greatest = group.first else { return nil }
        let bounds = bounds.elements
        for rank in group where bounds[rank - origin] > bounds[greatest - origin] {
            greatest = rank
        }
        return greatest
    }

    private mutating func compare(
        rank: Int, of length: Int, in index: borrowing SimilarityIndex,
        of book: borrowing PhraseBook, needed: Int, best: inout BestSoFar
    ) {
        let range = index.symbolStarts[rank]..<index.symbolStarts[rank + 1]
        let common = index.symbols.withUnsafeBufferPointer {
            subsequence.length(with: UnsafeBufferPointer(rebasing: $0[range]), needed: needed)
        }
        guard common >= needed else { return }
        best.take(
            Similarity(commonLength: common, total: best.patternLength + length),
            owners: book.owners(of: index.phrases[rank]))
    }
}

/// The most similar items that were seen so far.
private struct BestSoFar {
    let patternLength: Int
    let least: Int64
    var found: Nearest?

    init(patternLength: Int, least: Int64) {
        self.patternLength = patternLength
        self.least = least
    }

    /// The common subsequence that a text of a length needs to be as similar as the best.
    func neededCommon(forLength length: Int) -> Int {
        let total = patternLength + length
        guard let best = found?.similarity else {
            return (Int(least) * total + 1_999_999) / 2_000_000
        }
        let divisor = 2 * best.total
        return ((best.total - best.distance) * total + divisor - 1) / divisor
    }

    /// Notes a phrase that is at least as similar as the best, with the items it belongs to.
    mutating func take(_ similarity: Similarity, owners: ArraySlice<Int32>) {
        if found?.similarity != similarity { found = Nearest(similarity: similarity) }
        found?.items.insert(owners)
    }
}
