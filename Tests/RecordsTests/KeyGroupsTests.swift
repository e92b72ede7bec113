import Records
import Testing

@Suite struct KeyGroupsTests {
    /// Records that name keys, and the groups that they must make: found by going through all pairs.
    private struct Puzzle {
        var records: [[UInt64]]
        var groups: [Int]

        init(seed: UInt64, count: Int, keys: UInt64) {
            var state = seed
            func draw(below limit: UInt64) -> UInt64 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                return (state >> 33) % limit
            }
            records = (0..<count).map { _ in
                // Spread over all bits, as fingerprints are; the key 0 is a key as well.
                (0...draw(below: 3)).map { _ in draw(below: keys) &* 0x9E37_79B9_7F4A_7C15 }
            }
            groups = Array(0..<count)
            var hasChanged = true
            while hasChanged {
                hasChanged = false
                for left in 0..<count {
                    for right in 0..<count
                    where groups[left] < groups[right]
                        && !Set(records[left]).isDisjoint(with: records[right])
                    {
                        groups[right] = groups[left]
                        hasChanged = true
                    }
                }
            }
        }
    }

    @Test(arguments: 1...30)
    func whatSharesAKeyIsOneGroup(seed: Int) {
        let puzzle = Puzzle(seed: UInt64(seed), count: 60, keys: UInt64(20 + seed * 6))
        var groups = KeyGroups()
        let found = puzzle.records.map { groups.unite(ContiguousArray($0)) }
        let roots = found.map { groups.root($0) }
        for left in roots.indices {
            for right in roots.indices {
                #expect(
                    (roots[left] == roots[right])
                        == (puzzle.groups[left] == puzzle.groups[right]))
            }
            for key in puzzle.records[left] {
                #expect(groups.has(key))
                #expect(groups.group(of: key) == roots[left])
            }
        }
        #expect(!groups.has(0xDEAD_BEEF))
        #expect(groups.group(of: 0xDEAD_BEEF) == nil)
    }

    /// Tables grow many times over, and lose nothing.
    @Test func manyKeysKeepTheirGroups() {
        var groups = KeyGroups()
        for pair in 0..<50_000 as Range<UInt64> {
            let key = pair &* 0xD1B5_4A32_D192_ED03
            #expect(groups.unite([key, ~key]) == UInt32(pair))
        }
        for pair in 0..<50_000 as Range<UInt64> {
            let key = pair &* 0xD1B5_4A32_D192_ED03
            #expect(groups.group(of: key) == UInt32(pair))
            #expect(groups.group(of: ~key) == UInt32(pair))
        }
        #expect(groups.groupCount == 50_000)
        #expect(groups.byteCount >= 100_000 * 12)
    }
}
