// UNSAFE MEMORY. The invariant of this file: `bounds` has one place for each rank of the range that
// `boundCommonLengths` was given, and every rank that is looked up lies in that range; a symbol of
// the text or of a phrase is below the index's `symbolCount`.

import JSONText

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
    /// An upper bound of the common subsequence for each rank of interest.
    private var bounds = ScratchBuffer<Int16>(capacity: 1024)
    private var groups = ScratchBuffer<Group>()

    /// The phrases of one length.
    struct Group: BitwiseCopyable {
        var length: Int
        /// The greatest of their bounds.
        var bound: Int
    }

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
        let pattern = UnsafeBufferPointer(tokens.scalars.elements)
        subsequence.setPattern(pattern, symbolCount: index.symbolCount)
        defer { subsequence.removePattern(pattern) }
        var best = BestSoFar(patternLength: length, least: least)
        // Texts of about the same length come first: what is found among them leaves fewer lengths
        // that could be as similar, and bounds are most of the work.
        let near = (length - 1...length + 1).clamped(to: lengths)
        compare(near, in: index, of: book, best: &best)
        let others = SimilaritySearch.lengths(
            similarTo: length, least: best.found?.similarity.millionths ?? least,
            greatest: index.greatestLength)
        if let others {
            if others.lowerBound < near.lowerBound {
                compare(others.lowerBound...near.lowerBound - 1, in: index, of: book, best: &best)
            }
            if others.upperBound > near.upperBound {
                compare(near.upperBound + 1...others.upperBound, in: index, of: book, best: &best)
            }
        }
        return best.found
    }

    /// Compares the phrases of a range of lengths, as far as they can be as similar as the best.
    private mutating func compare(
        _ lengths: ClosedRange<Int>, in index: borrowing SimilarityIndex,
        of book: borrowing PhraseBook, best: inout BestSoFar
    ) {
        let ranks = index.ranks(ofLengths: lengths)
        guard !ranks.isEmpty else { return }
        boundCommonLengths(in: index, ranks: ranks)
        boundGroups(of: lengths, in: index, from: ranks.lowerBound)
        // The most promising lengths come first, so that the first one that cannot reach the best
        // ends the search.
        while let group = takeMostPromisingGroup(patternLength: best.patternLength),
            group.bound >= best.neededCommon(forLength: group.length)
        {
            compareGroup(
                index.ranks(ofLengths: group.length...group.length), from: ranks.lowerBound,
                length: group.length, in: index, of: book, best: &best)
        }
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

    /// Fills `groups` with the lengths that there are and the greatest bound of each.
    private mutating func boundGroups(
        of lengths: ClosedRange<Int>, in index: borrowing SimilarityIndex, from origin: Int
    ) {
        groups.removeAll()
        let bounds = bounds.elements
        for length in lengths {
            let ranks = index.ranks(ofLengths: length...length)
            guard !ranks.isEmpty else { continue }
            var greatest: Int16 = 0
            for place in ranks.lowerBound - origin..<ranks.upperBound - origin {
                greatest = max(greatest, bounds[place])
            }
            groups.append(Group(length: length, bound: Int(greatest)))
        }
    }

    /// Removes the group with the greatest possible similarity; few are taken as a rule, so
    /// sorting them all would cost more.
    private mutating func takeMostPromisingGroup(patternLength: Int) -> Group? {
        let groups = groups.elements
        guard var best = groups.first else { return nil }
        var place = 0
        for index in groups.indices.dropFirst() {
            let group = groups[index]
            if group.bound * (patternLength + best.length)
                > best.bound * (patternLength + group.length)
            {
                best = group
                place = index
            }
        }
        groups[place] = groups[groups.count - 1]
        self.groups.setCount(groups.count - 1)
        return best
    }

    /// Compares the phrases of one length that can be as similar as the best, four at a time.
    private mutating func compareGroup(
        _ ranks: Range<Int>, from origin: Int, length: Int, in index: borrowing SimilarityIndex,
        of book: borrowing PhraseBook, best: inout BestSoFar
    ) {
        let bounds = bounds.elements
        var needed = best.neededCommon(forLength: length)
        var waiting = SIMD4<Int>(repeating: 0)
        var count = 0
        for rank in ranks where Int(bounds[rank &- origin]) >= needed {
            waiting[count] = rank
            count += 1
            guard count == 4 || !subsequence.hasOneBlock else { continue }
            compare(waiting, count, length, in: index, of: book, best: &best)
            needed = best.neededCommon(forLength: length)
            count = 0
        }
        compare(waiting, count, length, in: index, of: book, best: &best)
    }

    /// Compares one to four phrases of one length.
    private mutating func compare(
        _ ranks: SIMD4<Int>, _ count: Int, _ length: Int, in index: borrowing SimilarityIndex,
        of book: borrowing PhraseBook, best: inout BestSoFar
    ) {
        let needed = best.neededCommon(forLength: length)
        var common = SIMD4<Int>(repeating: 0)
        index.symbols.withUnsafeBufferPointer { symbols in
            var starts = SIMD4<Int>(repeating: 0)
            for place in 0..<count { starts[place] = index.symbolStarts[ranks[place]] }
            if count == 4 {
                common = subsequence.lengths(ofFour: symbols, at: starts, count: length)
                return
            }
            for place in 0..<count {
                let text = symbols[starts[place]..<starts[place] + length]
                common[place] = subsequence.length(
                    with: UnsafeBufferPointer(rebasing: text), needed: needed)
            }
        }
        for place in 0..<count where common[place] >= best.neededCommon(forLength: length) {
            best.take(
                Similarity(commonLength: common[place], total: best.patternLength + length),
                owners: book.owners(of: index.phrases[ranks[place]]))
        }
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
