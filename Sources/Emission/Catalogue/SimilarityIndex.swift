import Records

/// All phrases of a catalogue with sorted words, laid out for finding the most similar ones.
///
/// Phrases stand by length. For each of 64 classes of characters there is a column with the number
/// of such characters in each phrase: the sum of the smaller numbers is an upper bound of the
/// common subsequence, and costs one vector operation for eight phrases and class.
struct SimilarityIndex: Sendable {
    static let classes = 64

    /// The phrase at each rank; shorter ones first.
    private(set) var phrases: [Int32] = []
    /// Where the phrases of each length begin, as ranks, up to one more than the greatest length.
    private var rankOfLength: [Int] = []
    /// Where each rank's symbols begin in `symbols`, and a last entry for the end.
    private(set) var symbolStarts: [Int] = [0]
    /// The phrases' characters as numbers: ASCII as it is, others from 128 on as they came.
    private(set) var symbols: [UInt32] = []
    /// Number of characters by class and rank, class by class.
    private(set) var columns: [Int16] = []
    private var symbolNumbers = KeyTable()

    /// One more than the greatest symbol.
    var symbolCount: Int { 128 + symbolNumbers.count }
    /// The greatest length of a phrase; -1 where there is none.
    var greatestLength: Int { rankOfLength.count - 2 }

    /// Lays out phrases given as scalars one after the other, `ends[i]` being where phrase i ends.
    init(scalars: [UInt32], ends: [Int]) {
        let starts = [0] + ends.dropLast()
        let order = ends.indices.sorted {
            (ends[$0] - starts[$0], $0) < (ends[$1] - starts[$1], $1)
        }
        columns = Array(repeating: 0, count: SimilarityIndex.classes * order.count)
        for (rank, phrase) in order.enumerated() {
            phrases.append(Int32(phrase))
            let length = ends[phrase] - starts[phrase]
            while rankOfLength.count <= length { rankOfLength.append(rank) }
            for scalar in scalars[starts[phrase]..<ends[phrase]] {
                let next = Int32(symbolNumbers.count)
                let symbol =
                    scalar < 128
                    ? scalar
                    : 128 + UInt32(symbolNumbers.value(of: .scalar(scalar), orAdd: next))
                symbols.append(symbol)
                let place = SimilarityIndex.characterClass(of: symbol) * order.count + rank
                columns[place] = min(columns[place], .max - 1) + 1
            }
            symbolStarts.append(symbols.count)
        }
        rankOfLength.append(order.count)
    }

    /// The number of a scalar; 0, which no phrase has, for one that is nowhere in the catalogue.
    func symbol(of scalar: UInt32) -> UInt32 {
        if scalar < 128 { return scalar }
        let number = symbolNumbers.value(of: .scalar(scalar))
        return number < 0 ? 0 : 128 + UInt32(number)
    }

    /// The ranks of the phrases whose length is in a range between 0 and the greatest length.
    func ranks(ofLengths lengths: ClosedRange<Int>) -> Range<Int> {
        rankOfLength[lengths.lowerBound]..<rankOfLength[lengths.upperBound + 1]
    }

    /// Letters and digits each have a class of their own, and so has the space; other characters
    /// share 27 classes, which loosens the bound and never breaks it.
    @inline(__always)
    static func characterClass(of symbol: UInt32) -> Int {
        switch symbol {
        case 0x61...0x7A: Int(symbol - 0x61)
        case 0x30...0x39: Int(symbol - 0x30) + 26
        case 0x20: 36
        default: 37 + Int(symbol % 27)
        }
    }
}

extension Fingerprint {
    /// A scalar as a key.
    fileprivate static func scalar(_ value: UInt32) -> Fingerprint {
        Fingerprint(high: 1, low: UInt64(value))
    }
}
