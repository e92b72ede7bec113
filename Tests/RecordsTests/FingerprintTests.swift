import Records
import Testing

/// The key is random; the bounds are so wide that chance alone breaks one in less than 10⁻⁷ runs.
@Suite struct FingerprintTests {
    let key = FingerprintKey()

    @Test func equalTextGivesEqualPrintsWhereverItStands() {
        let text = Array("settlement-2026-11-20-000123".utf8)
        for offset in 0..<16 {
            let shifted = [UInt8](repeating: 0x7E, count: offset) + text + [0x7E]
            let print = shifted.withUnsafeBytes {
                key.fingerprint(UnsafeRawBufferPointer(rebasing: $0[offset..<offset + text.count]))
            }
            #expect(print == key.fingerprint(text))
        }
    }

    @Test func emptyTextHasNoPrintAndEveryOtherHasOne() {
        #expect(key.fingerprint([]) == .none)
        #expect(!Fingerprint.none.isPresent)
        for count in 1...64 {
            #expect(key.fingerprint([UInt8](repeating: 0, count: count)).isPresent)
        }
    }

    @Test func anotherKeyGivesOtherPrints() {
        let other = FingerprintKey()
        for count in 1...64 {
            let text = [UInt8](repeating: 0x61, count: count)
            #expect(key.fingerprint(text).high != other.fingerprint(text).high)
            #expect(key.fingerprint(text).low != other.fingerprint(text).low)
        }
    }

    @Test func everyLengthAndEveryByteOfEachPositionMatters() {
        var prints = PrintCounter()
        for count in 1...64 {
            let text = [UInt8](repeating: 0x61, count: count)
            prints.add(key.fingerprint(text))
            for position in 0..<count {
                for byte in UInt8.min...UInt8.max where byte != 0x61 {
                    var changed = text
                    changed[position] = byte
                    prints.add(key.fingerprint(changed))
                }
            }
        }
        #expect(prints.count == 64 + 2080 * 255)
        #expect(prints.repeatedHalves == 0)
    }

    @Test func everyFlippedBitFlipsHalfOfThePrint() {
        var generator = SystemRandomNumberGenerator()
        var flipsByOutput = [Int](repeating: 0, count: 128)
        var rounds = 0
        for count in [1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17, 20, 25, 32, 33, 36] {
            for bit in 0..<count * 8 {
                var flips = 0
                for _ in 0..<32 {
                    var text = (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
                    let before = key.fingerprint(text)
                    text[bit / 8] ^= 1 << UInt8(bit % 8)
                    flips += before.flips(to: key.fingerprint(text), counting: &flipsByOutput)
                }
                rounds += 32
                // 4096 flips of a coin, with a standard deviation of 32.
                #expect(abs(flips - 2048) < 320, "bit \(bit) of \(count) bytes: \(flips)")
            }
        }
        for (bit, flips) in flipsByOutput.enumerated() {
            let share = Double(flips) / Double(rounds)
            #expect(abs(share - 0.5) < 0.01, "bit \(bit) of the print flips in \(share)")
        }
    }

    @Test func similarIdsHaveDifferentPrintsInEitherHalf() {
        var prints = PrintCounter()
        var id = Array("PAY-00000000".utf8)
        for _ in 0..<300_000 {
            prints.add(key.fingerprint(id))
            var place = id.count - 1
            while id[place] == 0x39 {
                id[place] = 0x30
                place -= 1
            }
            id[place] += 1
        }
        #expect(prints.repeatedHalves == 0)
        // Chance repeats 28 bits 168 times among so many; a weak mix does so far more often, and a
        // counter in disguise hardly ever.
        #expect((60...300).contains(prints.repeated { $0 >> 36 }))
        #expect((60...300).contains(prints.repeated { $0 & 0xFFF_FFFF }))
    }

    @Test func partsGetEqualShares() {
        var parts = [Int](repeating: 0, count: 64)
        for number in 0..<64_000 {
            parts[Int(key.fingerprint(Array("user\(number)@example.com".utf8)).high >> 58)] += 1
        }
        // A thousand each, with a standard deviation of 32.
        #expect(parts.allSatisfy { (700...1300).contains($0) }, "\(parts)")
    }
}

@Suite struct CombinedFingerprintTests {
    let key = FingerprintKey()

    @Test func keysOfUserAndAmountDoNotCollideInEitherHalf() {
        var prints = PrintCounter()
        for user in 0..<600 {
            let user = key.fingerprint(Array("user\(user)@example.com".utf8))
            for amount in 0..<600 { prints.add(user.combined(with: Int64(amount * 50))) }
        }
        #expect(prints.repeatedHalves == 0)
    }

    @Test func keysOfTwoTextsDoNotCollideInEitherHalf() {
        var prints = PrintCounter()
        let texts = (0..<600).map { key.fingerprint(Array("\($0)".utf8)) }
        for left in texts {
            for right in texts { prints.add(left.combined(with: right)) }
        }
        #expect(prints.repeatedHalves == 0)
    }

    @Test func numbersFarAndNearDifferInBothHalvesBesideAnyPrint() {
        for base in [Fingerprint.none, key.fingerprint(Array("a".utf8))] {
            var prints = PrintCounter()
            for number: Int64 in -100_000...100_000 { prints.add(base.combined(with: number)) }
            for bit in 18..<64 {
                prints.add(base.combined(with: Int64(bitPattern: 1 << UInt64(bit))))
            }
            #expect(prints.repeatedHalves == 0)
        }
    }

    @Test func orderAndAbsenceMatter() {
        let texts = ["a", "b", "ab", "GHS"].map { key.fingerprint(Array($0.utf8)) }
        let fields = [Fingerprint.none] + texts
        var prints = PrintCounter()
        for left in fields {
            for right in fields {
                let pair = left.combined(with: right)
                #expect(pair.isPresent)
                #expect(pair == left.combined(with: right))
                prints.add(pair)
                prints.add(pair.combined(with: left))
                prints.add(pair.combined(with: 0))
            }
        }
        #expect(prints.count == 75)
        #expect(prints.repeatedHalves == 0)
    }

    @Test func everyFlippedBitFlipsHalfOfTheKey() {
        var generator = SystemRandomNumberGenerator()
        for bit in 0..<64 {
            var flips = [0, 0, 0, 0, 0]
            var ignored = [Int](repeating: 0, count: 128)
            for _ in 0..<64 {
                let left = Fingerprint(high: generator.next(), low: generator.next())
                let right = Fingerprint(high: generator.next(), low: generator.next())
                let number = Int64(bitPattern: generator.next())
                let mask = UInt64(1) << UInt64(bit)
                let before = left.combined(with: right)
                let changed = [
                    Fingerprint(high: left.high ^ mask, low: left.low).combined(with: right),
                    Fingerprint(high: left.high, low: left.low ^ mask).combined(with: right),
                    left.combined(with: Fingerprint(high: right.high ^ mask, low: right.low)),
                    left.combined(with: Fingerprint(high: right.high, low: right.low ^ mask)),
                ]
                for (index, after) in changed.enumerated() {
                    flips[index] += before.flips(to: after, counting: &ignored)
                }
                flips[4] += left.combined(with: number).flips(
                    to: left.combined(with: number ^ Int64(bitPattern: mask)), counting: &ignored)
            }
            // 8192 flips of a coin, with a standard deviation of 45.
            #expect(flips.allSatisfy { abs($0 - 4096) < 450 }, "bit \(bit): \(flips)")
        }
    }
}

/// Counts prints that agree in a half, which half a million do by chance once in 10⁸ runs.
struct PrintCounter {
    private var highs: [UInt64] = []
    private var lows: [UInt64] = []

    var count: Int { highs.count }

    /// How many prints have a half that another one has too.
    var repeatedHalves: Int { repeated { $0 } }

    mutating func add(_ print: Fingerprint) {
        highs.append(print.high)
        lows.append(print.low)
    }

    /// How many of both halves' images another print has too, on the average of the halves.
    func repeated(_ image: (UInt64) -> UInt64) -> Int {
        let repeats = [highs, lows].map { half in half.count - Set(half.map(image)).count }
        return (repeats[0] + repeats[1] + 1) / 2
    }
}

extension Fingerprint {
    /// How many of the 128 bits differ, counted by bit too.
    func flips(to other: Fingerprint, counting counts: inout [Int]) -> Int {
        for bit in 0..<64 {
            counts[bit] += Int((high ^ other.high) >> UInt64(bit) & 1)
            counts[64 + bit] += Int((low ^ other.low) >> UInt64(bit) & 1)
        }
        return (high ^ other.high).nonzeroBitCount + (low ^ other.low).nonzeroBitCount
    }
}

extension FingerprintKey {
    func fingerprint(_ text: [UInt8]) -> Fingerprint {
        text.withUnsafeBytes { fingerprint($0) }
    }
}
