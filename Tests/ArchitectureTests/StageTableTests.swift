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
        let text = lines.joined(separator: "\n")
        let find = try #require(text.range(of: "\nfunc find("))
        let join = try #require(text.range(of: "private func join("))
        let call = try #require(text.range(of: "try find("))
        // What is found of each part stands where the run calls it.
        let begun =
            Self.stages(text[..<call.lowerBound])
            + Self.stages(text[find.upperBound..<join.lowerBound])
            + Self.stages(text[call.upperBound..<find.lowerBound]).filter { $0 != "ingest" }
        #expect(begun.count > 8)
        #expect(documented == begun)
    }

    /// The stages that a piece of code begins, in its order.
    private static func stages(_ code: Substring) -> [String] {
        code.split(separator: "clock.begin(\"").dropFirst().compactMap {
            $0.split(separator: "\"").first.map(String.init)
        }
    }
}
