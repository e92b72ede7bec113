import Foundation
import Reconciliation
import Records
import Reporting
import Testing

/// The page about breaks says of every code what reports say of it in short, and more.
@Suite struct BreakPageTests {
    static let path = Project.root + "/Sources/Pipeline/Pipeline.docc/Breaks.md"
    static let parts = ["At risk", "Usual causes", "What to do", "Gone when", "Sample"]

    /// A heading of the page, and the text below it as one line.
    struct Section: Equatable {
        let heading: String
        let text: String
    }

    /// The sections below headings of the third level, in the order of the page.
    static func sections() throws -> [Section] {
        let page = try Files.text(path)
        return page.split(separator: "\n### ").dropFirst().map { part in
            let lines = part.split(separator: "\n", omittingEmptySubsequences: false)
            let body = lines.dropFirst().prefix { !$0.hasPrefix("#") }
            let words = body.joined(separator: " ").split(separator: " ")
            return Section(heading: String(lines[0]), text: words.joined(separator: " "))
        }
    }

    @Test func thePageHasEveryCodeOnceInTheOrderOfSeverity() throws {
        #expect(try BreakPageTests.sections().map(\.heading) == BreakCode.words)
    }

    @Test(arguments: BreakCode.allCases)
    func theLongFormHoldsTheShortForm(_ code: BreakCode) throws {
        let section = try #require(
            try BreakPageTests.sections().first { $0.heading == code.word })
        let severity = "*\(code.severity.word.capitalized).*"
        #expect(section.text.hasPrefix("\(severity) \(code.explanation.meaning) - "))
        #expect(section.text.contains("- **What to do:** \(code.explanation.action) "))
        for part in BreakPageTests.parts {
            let label = "- **\(part):** "
            #expect(section.text.components(separatedBy: label).count == 2, "\(part)")
        }
        let sample = "samples/breaks/\(code.word)"
        #expect(section.text.contains("- **Sample:** `\(sample)`: "))
        #expect(Files.exists(Project.root + "/" + sample))
    }

    @Test(arguments: ["README.md", "Sources/Pipeline/Pipeline.docc/Pipeline.md"])
    func theFirstPagesLinkToIt(page: String) throws {
        let text = try Files.text(Project.root + "/" + page)
        #expect(text.contains("<doc:Breaks>") || text.contains("Pipeline.docc/Breaks.md"))
    }
}
