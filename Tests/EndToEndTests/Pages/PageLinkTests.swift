import Foundation
import Testing

/// Pages can be found from the index, and lead to what is there.
@Suite struct PageLinkTests {
    private static let folder = Project.root + "/Sources/Pipeline/Pipeline.docc"

    @Test func everyPageIsInTheIndexAndEveryLinkLeadsToAPage() throws {
        let pages = Set(
            try Files.names(in: Self.folder).filter { $0.hasSuffix(".md") }
                .map { String($0.dropLast(".md".count)) })
        #expect(pages.count > 20)
        for page in pages {
            let text = try Files.text("\(Self.folder)/\(page).md")
            let links = Set(text.matches(of: #/<doc:([A-Za-z]+)>/#).map { String($0.1) })
            #expect(links.isSubset(of: pages), "\(page): \(links.subtracting(pages))")
            for picture in text.matches(of: #/!\[[^\]]+\]\(([^)]+)\)/#).map(\.1) {
                #expect(Files.exists("\(Self.folder)/Resources/\(picture).png"), "\(picture)")
            }
            if page == "Pipeline" { #expect(links == pages.subtracting([page])) }
        }
    }

    @Test func everyLinkOfTheREADMELeadsToAFile() throws {
        let text = try Files.text(Project.root + "/README.md")
        let links = text.matches(of: #/\]\(([^)]+)\)/#).map { String($0.1) }
        #expect(links.count > 10)
        for link in links where !link.hasPrefix("http") {
            #expect(Files.exists(Project.root + "/" + link), "\(link)")
        }
    }

    @Test func thePageAboutOperationsHasEveryExitCode() throws {
        let help = try Launch(program: Project.trueup, arguments: ["run", "--help"]).run().output
        let codes = help.components(separatedBy: "Exit codes:")[1]
            .components(separatedBy: "Files:")[0]
            .matches(of: #/\n  (\d+) /#).map { String($0.1) }
        #expect(codes.count > 5)
        let page = try Files.text(Self.folder + "/Operations.md")
        #expect(page.matches(of: #/\n\| (\d{1,3}) \|/#).map { String($0.1) } == codes)
    }
}
