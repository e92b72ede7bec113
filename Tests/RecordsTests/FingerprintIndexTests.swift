import Records
import Testing

@Suite struct FingerprintIndexTests {
    /// Keys of a row each, of which every `repetition`th one has the same; row 5 has none.
    private func keys(count: Int, repetition: Int) -> [Fingerprint] {
        let key = FingerprintKey()
        return (0..<count).map { row in
            row == 5 ? .none : key.fingerprint(Array("key \(row % repetition)".utf8))
        }
    }

    @Test(arguments: [0, 1, 63, 64, 65, 1000], [1, 2, 7, 1000])
    func rowsOfAKeyAreMetInRisingOrder(count: Int, repetition: Int) {
        let keys = keys(count: count, repetition: repetition)
        let index = FingerprintIndex(count: count) { keys[$0] }
        for wanted in Set(keys) where wanted.isPresent {
            let first = index.first(wanted) { keys[$0] }
            let found = first.map {
                Array(sequence(first: $0, next: { index.next(after: $0) }))
            }
            #expect(found == keys.indices.filter { keys[$0] == wanted })
        }
        let repeats = Set(keys).count { $0.isPresent } < keys.count { $0.isPresent }
        #expect(index.hasRepeats == repeats)
    }

    @Test func nothingIsFoundForAnotherKeyNorForNone() {
        let keys = keys(count: 100, repetition: 10)
        let index = FingerprintIndex(count: 100) { keys[$0] }
        #expect(index.first(.none) { keys[$0] } == nil)
        let other = FingerprintKey().fingerprint(Array("another".utf8))
        #expect(index.first(other) { keys[$0] } == nil)
    }
}
