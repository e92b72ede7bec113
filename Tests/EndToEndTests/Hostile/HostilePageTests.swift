import Foundation
import Testing

/// The page about hostile input names tests that there are, and says what is said.
@Suite struct HostilePageTests {
    private static let path = Project.root + "/Sources/Pipeline/Pipeline.docc/HostileInput.md"

    /// The rows of the page's tables, by their cells.
    private func rows() throws -> [[String]] {
        try Files.text(Self.path).split(separator: "\n").filter { $0.hasPrefix("| ") }.map { line in
            line.dropFirst().dropLast().split(separator: "|", omittingEmptySubsequences: false)
                .map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }

    /// The texts of all files of a folder that end as code does.
    private func texts(below folder: String) throws -> [String: String] {
        var texts: [String: String] = [:]
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder)
        where name.hasSuffix(".swift") {
            texts[name] = try Files.text(folder + "/" + name)
        }
        return texts
    }

    @Test func everyTestThatIsNamedIsThere() throws {
        let tests = try texts(below: Project.root + "/Tests")
        let names = try rows().map { $0.last ?? "" }.filter { $0 != "test" }
        #expect(names.count > 35)
        for name in names {
            let parts = name.replacing("`", with: "").split(separator: ".")
            let suite = try #require(parts.first)
            let found = tests.values.filter { $0.contains("struct \(suite) ") }
            let test = "func \(parts.last ?? "")("
            #expect(parts.count == 2 && found.contains { $0.contains(test) }, "\(name)")
        }
    }

    @Test func theBoundsAreThoseOfTheCode() throws {
        let code = try texts(below: Project.root + "/Sources").values
        for bound in [
            "mostColumns = 16_384", "deepestNesting = 64", "longestScalar = 64 << 10",
            "largestFile = 1 << 20", "greatestDepth = 64", "mostTimes = 200",
            "leastLimit = 64 << 20", "mostLimit = 16 << 30", "readableFindings = 200",
            "longestName = 4096", "mostCharacters = 2000",
        ] {
            #expect(code.contains { $0.contains(bound) }, "\(bound)")
        }
    }

    @Test(arguments: ["Pipeline.md", "Rules.md"])
    func thePagesAboveLinkToIt(page: String) throws {
        let text = try Files.text(Project.root + "/Sources/Pipeline/Pipeline.docc/" + page)
        #expect(text.contains("<doc:HostileInput>"))
    }
}
