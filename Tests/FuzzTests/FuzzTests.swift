import Foundation
import FuzzTargets
import ReadingKit
import Testing

/// The fuzz targets over their seeds and seeded changes of them, in seconds and without a
/// sanitizer; `Tests/Fuzz/run.sh` looks further.
@Suite struct FuzzTests {
    private static let tests = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()

    private func seeds(of target: FuzzTarget) throws -> [[UInt8]] {
        var folders = [Self.tests.appending(path: "Fuzz/Corpus/\(target.rawValue)")]
        if target == .records {
            folders.append(Self.tests.appending(path: "DelimitedTextTests/Fixtures"))
        }
        var seeds: [[UInt8]] = [[]]
        for folder in folders {
            let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
            seeds += try names.map { Array(try Data(contentsOf: folder.appending(path: $0))) }
        }
        return seeds
    }

    @Test(arguments: FuzzTarget.allCases)
    func nothingBreaksOnSeedsAndChangesOfThem(target: FuzzTarget) throws {
        let seeds = try seeds(of: target)
        try #require(seeds.count > 5)
        for seed in seeds { try expectLaws(of: target, on: seed) }
        var generator = SeededGenerator(seed: 20_251_120)
        for _ in 0..<4000 {
            try expectLaws(of: target, on: changed(seeds, using: &generator))
        }
    }

    private func expectLaws(of target: FuzzTarget, on input: [UInt8]) throws {
        do {
            try target.check(input)
        } catch {
            let text = Data(input).base64EncodedString()
            Issue.record("\(target.rawValue) breaks on the bytes \(text) (Base64): \(error)")
            throw error
        }
    }

    /// One of the seeds with a few bytes changed, left out, doubled, or taken from another one.
    private func changed(
        _ seeds: [[UInt8]], using generator: inout SeededGenerator
    ) -> [UInt8] {
        // Short inputs hold as much as long ones do, and cost less.
        var text = Array((seeds.randomElement(using: &generator) ?? []).prefix(600))
        for _ in 0..<Int.random(in: 1...6, using: &generator) {
            let place = Int.random(in: 0...text.count, using: &generator)
            let end = min(text.count, place + Int.random(in: 0...12, using: &generator))
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: text.removeSubrange(place..<end)
            case 1: text.insert(contentsOf: text[place..<end], at: place)
            case 2:
                let other = seeds.randomElement(using: &generator) ?? []
                let start = Int.random(in: 0...other.count, using: &generator)
                text.insert(contentsOf: other[start...].prefix(20), at: place)
            case 3 where place < text.count:
                text[place] = UInt8.random(in: 0...0xFF, using: &generator)
            case 4 where place < text.count:
                text[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            default:
                let byte = Array("\"\r\n,;\t \0.-+0129:{}[]\\eE'#&".utf8)
                text.insert(byte.randomElement(using: &generator) ?? 0, at: place)
            }
        }
        return text
    }
}
