import Foundation
import Testing

@testable import CommandLine

/// Commands that the documentation shows are such as the program takes.
@Suite struct PageCommandTests {
    private static let root = testFolder + "/../.."
    private static let folder = root + "/Sources/Pipeline/Pipeline.docc"

    /// The README and the pages of the documentation.
    private static func pages() throws -> [String] {
        try ["README.md"]
            + FileManager.default.contentsOfDirectory(atPath: folder).sorted()
            .filter { $0.hasSuffix(".md") }.map { "Sources/Pipeline/Pipeline.docc/" + $0 }
    }

    /// The commands of a page that call the program: lines of indented or fenced blocks.
    ///
    /// What a shell makes of them, comments and quotes, is taken off.
    private static func commands(in text: String) -> [String] {
        var commands: [String] = []
        var isFenced = false
        var begun: String?
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") { isFenced.toggle() }
            let words = line.trimmingCharacters(in: .whitespaces)
            let isCode = isFenced || line.hasPrefix("    ")
            guard isCode, begun != nil || words.hasPrefix("trueup ") else { continue }
            let whole = (begun ?? "") + words
            begun = whole.hasSuffix("\\") ? whole.dropLast() + "" : nil
            if begun == nil { commands.append(whole) }
        }
        return commands.map { command in
            let end = command.range(of: " #")?.lowerBound ?? command.endIndex
            return String(command[..<end]).replacing("\"", with: "")
        }
    }

    @Test func everyCommandOfThePagesIsAValidCommandLine() throws {
        var count = 0
        for page in try Self.pages() {
            let text = try String(contentsOfFile: Self.root + "/" + page, encoding: .utf8)
            for command in Self.commands(in: text) {
                count += 1
                #expect(throws: Never.self, "\(page): \(command)") {
                    _ = try Request(Array(programWords(command).dropFirst()))
                }
            }
        }
        #expect(count > 50)
    }
}
