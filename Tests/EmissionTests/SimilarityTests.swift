import Foundation
import Testing

@testable import Emission

/// The expected figures come from rapidfuzz; `make_token_sort_ratios.py` beside them wrote them.
@Suite struct SimilarityTests {
    static func lines(of fixture: String) throws -> [[String]] {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        let text = try String(
            contentsOf: folder.appendingPathComponent("Fixtures/\(fixture)"), encoding: .utf8)
        return text.split(separator: "\n").map { line in
            line.split(separator: "\t").map(String.init)
        }
    }

    @Test func isTheTokenSortRatioOfRapidfuzz() throws {
        let lines = try SimilarityTests.lines(of: "token_sort_ratios.txt")
        #expect(lines.count == 2000)
        for fields in lines {
            for (text, name) in [(fields[0], fields[1]), (fields[1], fields[0])] {
                var probe = SimilarityProbe(names: [name], least: 0)
                let nearest = probe.nearest(to: text)
                #expect(
                    nearest.map { String($0.similarity.distance) } == fields[2],
                    "\(text) | \(name)")
                #expect(nearest.map { String($0.similarity.total) } == fields[3])
            }
        }
    }

    @Test(arguments: [0, 300_000, 600_000, 850_000, 1_000_000] as [Int64])
    func findsTheMostSimilarOfManyNames(least: Int64) throws {
        let lines = try SimilarityTests.lines(of: "nearest_names.txt")
        var probe = SimilarityProbe(names: lines[0], least: least)
        for fields in lines.dropFirst() {
            let distance = try #require(Int(fields[1]))
            let total = try #require(Int(fields[2]))
            let best = Similarity(commonLength: (total - distance) / 2, total: total)
            let items = fields[3].split(separator: " ").compactMap { Int32($0) }
            let nearest = probe.nearest(to: fields[0])
            guard best.reaches(millionths: least) else {
                #expect(nearest == nil)
                continue
            }
            #expect(nearest?.similarity == best, "\(fields[0])")
            #expect(nearest?.items.first == items[0])
            #expect(nearest?.items.second == (items.count > 1 ? items[1] : .max))
        }
    }

    @Test func longTextsAgreeWithTheTextbookRecurrence() {
        var generator = SeededGenerator(state: 11)
        for _ in 0..<200 {
            let texts = (0..<2).map { _ in
                (0..<Int.random(in: 1...400, using: &generator)).map { _ in
                    "abcd ".randomElement(using: &generator) ?? "a"
                }
            }
            var probe = SimilarityProbe(names: ["x" + String(texts[0])], least: 0)
            let nearest = probe.nearest(to: "x" + String(texts[1]))
            let left = SimilarityTests.sortedTokens("x" + String(texts[0]))
            let right = SimilarityTests.sortedTokens("x" + String(texts[1]))
            let common = SimilarityTests.commonSubsequence(left, right)
            #expect(nearest?.similarity.total == left.count + right.count)
            #expect(nearest?.similarity.distance == left.count + right.count - 2 * common)
        }
    }

    @Test func millionthsAreRoundedDownAndThresholdsAreExact() {
        let twoThirds = Similarity(commonLength: 1, total: 3)
        #expect(twoThirds.millionths == 666_666)
        #expect(twoThirds.reaches(millionths: 666_666))
        #expect(!twoThirds.reaches(millionths: 666_667))
        #expect(twoThirds == Similarity(commonLength: 10, total: 30))
        #expect(twoThirds < Similarity(commonLength: 667, total: 2000))
    }

    static func sortedTokens(_ text: String) -> [Character] {
        Array(text.split(separator: " ").sorted().joined(separator: " "))
    }

    static func commonSubsequence(_ left: [Character], _ right: [Character]) -> Int {
        var row = Array(repeating: 0, count: right.count + 1)
        for character in left {
            var diagonal = 0
            for index in right.indices {
                let above = row[index + 1]
                row[index + 1] = character == right[index] ? diagonal + 1 : max(above, row[index])
                diagonal = above
            }
        }
        return row[right.count]
    }
}

/// A catalogue asked for similarity alone.
struct SimilarityProbe: ~Copyable {
    private let index: CatalogueIndex
    private var search = SimilaritySearch()
    private var text = NormalizedText()
    private let least: Int64

    init(names: [String], least: Int64) {
        self.least = least
        index = CatalogueIndex(names: names, similarity: 1_000_000, nearMiss: least)
    }

    mutating func nearest(to description: String) -> Nearest? {
        text.set(of: description)
        return search.nearest(
            to: text, in: index.similarities, of: index.book, least: least)
    }
}
