import Foundation
import Testing

/// The documentation's table of stages is what the run does, in its order.
@Suite struct StageTableTests {
    private static let pipeline = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Sources/Pipeline/Pipeline.swift")

    @Test func theTableOfStagesIsWhatTheRunDoes() throws {
        let lines = try String(contentsOf: Self.pipeline, encoding: .utf8)
            .split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        let documented = lines.compactMap { line -> String? in
            guard line.hasPrefix("/// | "), !line.contains("| stage |") else { return nil }
            return line.dropFirst(6).split(separator: " ").first.map(String.init)
        }
        let begun = lines.compactMap { line -> String? in
            guard line.hasPrefix("clock.begin(\"") else { return nil }
            return line.split(separator: "\"").dropFirst().first.map(String.init)
        }
        #expect(!begun.isEmpty)
        #expect(documented == begun)
    }
}
