import Records
import Testing

@testable import Emission

@Suite struct CatalogueSearchTests {
    static let tours = [
        "Cape Coast Castle Historical Tour|Cape Coast; Slave Castle Visit",
        "Kumasi Cultural Heritage Tour",
        "Kakum Canopy Walk Adventure",
        "Manhyia Palace Cultural Tour|Manhyia",
        "Aburi Gardens Nature Escape",
        "Elmina Castle|Elmina",
        "Elmina Castle Night Walk",
    ]

    @Test(arguments: [
        ("Kakum Canopy Walk Adventure", 2),
        ("KAKUM canopy-walk, adventure!", 2),
        ("slave castle VISIT", 0),
        ("Elmina", 5),
    ])
    func anEqualNameOrAliasIsFound(description: String, item: Int) {
        var search = CatalogueSearch(CatalogueSearchTests.tours)
        #expect(search.find(description) == .found(item: item, by: .equal))
    }

    @Test(arguments: [
        ("Payment for Manhyia (2 people)", 3),
        ("Booking: Elmina Castle Night Walk, 12 May", 6),
        ("Trip from Elmina to Cape Coast", 0),
        ("Elmina Elmina Manhyia", 3),
    ])
    func theLongestContainedNameIsFound(description: String, item: Int) {
        var search = CatalogueSearch(CatalogueSearchTests.tours)
        #expect(search.find(description) == .found(item: item, by: .contained))
    }

    @Test(arguments: [("Canopy Walk", 2), ("heritage", 1), ("Night", 6), ("palace cultural", 3)])
    func theOnlyNameThatContainsTheDescriptionIsFound(description: String, item: Int) {
        var search = CatalogueSearch(CatalogueSearchTests.tours)
        #expect(search.find(description) == .found(item: item, by: .containing))
    }

    @Test func partsOfWordsAreNotContained() {
        var search = CatalogueSearch(["Park", "Spa Hotel"])
        #expect(search.find("Parking fee").item == nil)
        #expect(search.find("Hot").item == nil)
    }

    @Test func misspeltAndReorderedNamesAreSimilar() throws {
        var search = CatalogueSearch(CatalogueSearchTests.tours)
        let match = search.find("Adventur Walk Canopi Kakum")
        guard case .found(2, .similar(let similarity)) = match else {
            Issue.record("\(match)")
            return
        }
        // 27 and 26 characters with 25 in common.
        #expect(similarity.distance == 3)
        #expect(similarity.total == 53)
    }

    @Test func theThresholdItselfIsSimilarEnough() {
        // One of ten letters differs: 18 of 20.
        var enough = CatalogueSearch(["abcdefghij"], similarity: 900_000)
        #expect(enough.find("abcdefghiz").item == 0)
        var tooLittle = CatalogueSearch(["abcdefghij"], similarity: 900_001)
        let expected = Similarity(commonLength: 9, total: 20)
        #expect(
            tooLittle.find("abcdefghiz")
                == .notFound(nearest: NearItem(item: 0, similarity: expected)))
    }

    @Test func severalItemsOfOneNameAreAmbiguous() {
        var search = CatalogueSearch(["Mole Park", "Mole-Park", "Mole Park Safari|mole park"])
        #expect(search.find("mole park") == .ambiguous(item: 0, other: 1, by: .equal))
    }

    @Test func containedNamesOfEqualLengthAreAmbiguous() {
        var search = CatalogueSearch(["Accra", "Volta", "Osu"])
        #expect(
            search.find("Volta and Accra via Osu") == .ambiguous(item: 0, other: 1, by: .contained))
        var sameItem = CatalogueSearch(["Accra|Volta", "Osu"])
        #expect(sameItem.find("Volta and Accra via Osu") == .found(item: 0, by: .contained))
    }

    @Test func severalContainingNamesLeaveTheDecisionToSimilarity() {
        var search = CatalogueSearch(["Lake Boat Trip 1", "Lake Boat Trip with lunch and music"])
        let match = search.find("Lake Boat Trip")
        guard case .found(0, .similar) = match else {
            Issue.record("\(match)")
            return
        }
        #expect(search.find("Lake") == .ambiguous(item: 0, other: 1, by: .containing))
    }

    @Test func equallySimilarItemsAreAmbiguous() {
        var search = CatalogueSearch(["city tour north a", "city tour north b", "something else"])
        let match = search.find("city tour northc")
        guard case .ambiguous(0, 1, .similar) = match else {
            Issue.record("\(match)")
            return
        }
    }

    @Test func namesOfOneItemDoNotTie() {
        var search = CatalogueSearch(["city tour north a|city tour north b", "something else"])
        let match = search.find("city tour northc")
        guard case .found(0, .similar) = match else {
            Issue.record("\(match)")
            return
        }
    }

    @Test(arguments: ["", "   ", "?!", "'"])
    func emptyDescriptionsMeanNothing(description: String) {
        var search = CatalogueSearch(["", "Tour", "--"], nearMiss: 0)
        #expect(search.find(description) == .notFound(nearest: nil))
    }

    @Test func anEmptyCatalogueHasNothing() {
        var search = CatalogueSearch([], nearMiss: 0)
        #expect(search.find("Tour") == .notFound(nearest: nil))
    }

    @Test func namesAreFoundByEqualityAlone() {
        var search = CatalogueSearch(CatalogueSearchTests.tours)
        #expect(search.findName("MANHYIA") == .found(item: 3, by: .equal))
        #expect(search.findName("Manhyia tour") == .notFound(nearest: nil))
    }

    /// The rules as the documentation states them, by comparing with every name in turn.
    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func agreesWithComparingEveryName(seed: UInt64) {
        var generator = SeededGenerator(state: seed)
        let words = ["a", "b", "cc", "dd", "eee", "tour", "tours", "park"]
        func phrase(_ most: Int) -> String {
            (0..<Int.random(in: 1...most, using: &generator)).map { _ in
                words.randomElement(using: &generator) ?? ""
            }.joined(separator: " ")
        }
        let names = (0..<40).map { _ in phrase(4) }
        var search = CatalogueSearch(names, similarity: 850_000, nearMiss: 0)
        for _ in 0..<2000 {
            let description = phrase(5)
            let expected = LinearCatalogue(names: names).find(description)
            #expect(search.find(description) == expected, "\(description) in \(names)")
            // The answer that was kept is the same.
            #expect(search.find(description) == expected)
        }
    }
}

/// The four rules by comparing with every name in turn.
struct LinearCatalogue {
    let names: [String]

    func find(_ description: String) -> CatalogueMatch {
        let equal = names.indices.filter { names[$0] == description }
        if !equal.isEmpty { return LinearCatalogue.match(equal, by: .equal) }
        let contained = names.indices.filter { " \(description) ".contains(" \(names[$0]) ") }
        if let longest = contained.map({ names[$0].count }).max() {
            return LinearCatalogue.match(
                contained.filter { names[$0].count == longest }, by: .contained)
        }
        let containing = names.indices.filter { " \(names[$0]) ".contains(" \(description) ") }
        if containing.count == 1 { return .found(item: containing[0], by: .containing) }
        let ratios = names.map { name in
            let left = SimilarityTests.sortedTokens(name)
            let right = SimilarityTests.sortedTokens(description)
            return Similarity(
                commonLength: SimilarityTests.commonSubsequence(left, right),
                total: left.count + right.count)
        }
        guard let best = ratios.max() else { return .notFound(nearest: nil) }
        let items = names.indices.filter { ratios[$0] == best }
        if best.reaches(millionths: 850_000) {
            return LinearCatalogue.match(items, by: .similar(best))
        }
        // Which two of several are told is the catalogue's choice: those that come first.
        if containing.count > 1 { return LinearCatalogue.match(containing, by: .containing) }
        return .notFound(nearest: NearItem(item: items[0], similarity: best))
    }

    static func match(_ items: [Int], by rule: CatalogueRule) -> CatalogueMatch {
        items.count == 1
            ? .found(item: items[0], by: rule)
            : .ambiguous(item: items[0], other: items[1], by: rule)
    }
}
