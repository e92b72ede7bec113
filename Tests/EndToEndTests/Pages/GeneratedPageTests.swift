import Definition
import Emission
import Foundation
import Reconciliation
import Records
import Reporting
import Testing

/// The pages that list every key and every column: nothing is missing, and nothing is made up.
///
/// `TRUEUP_RECORD=1 swift test --filter 'GeneratedPageTests|EditorSchemaTests'` writes them anew.
@Suite struct GeneratedPageTests {
    private static let definition = GeneratedPage("Definition")
    private static let files = GeneratedPage("Files")

    // MARK: Every key of the definition

    @Test func theDefinitionsPageHasEveryKey() throws {
        try Self.definition.expect(DefinitionTables(PipelineDefinition.editorSchema).parts)
    }

    /// What an example leaves out, so that it is short.
    private static let rest = [
        ("name:", "name: shop"), ("currency:", "currency: EUR"), ("timezone:", "timezone: UTC"),
        ("inputs:", "inputs: {payments: {files: p*.csv}, settlements: {files: s*.csv}}"),
    ]

    @Test func everyExampleIsADefinition() throws {
        let examples = try Self.definition.blocks(of: "yaml")
        #expect(examples.count > 10)
        let workspace = try Workspace()
        for (place, example) in examples.enumerated() {
            let missing = Self.rest.filter { key, _ in
                !example.split(separator: "\n").contains { $0.hasPrefix(key) }
            }
            let file = workspace.at("example-\(place).yaml")
            try Files.write(missing.map { $0.1 + "\n" }.joined() + example, to: file)
            let ending = try Launch(program: Project.trueup, arguments: ["check", file]).run()
            #expect(ending.code == 0, "\(example)\(ending.errors)")
        }
    }

    @Test func everySectionHasAnExample() throws {
        let sections = try Self.definition.text.components(separatedBy: "\n## ").dropFirst()
        #expect(sections.count > 10)
        for section in sections where section.contains("<!-- generated:") {
            #expect(section.contains("\n```yaml\n"), "\(section.prefix(20))")
        }
    }

    // MARK: Every file of a run

    /// Runs that have every file among them: sellers, sessions, and dumps of what is new.
    private static func runs() throws -> [PublishedRun] {
        let incremental = try Night.tours()
        try incremental.redefine("dumps: full", "dumps: incremental")
        return try [
            Night.sample("auctions").publish(["--fail-on", "never"]), incremental.publish(),
            Night.sample("charging").publish(
                ["--fail-on", "never"], asOf: "2025-11-12T21:30:00Z"),
        ]
    }

    @Test func theFilesPageHasEveryColumn() throws {
        let runs = try Self.runs()
        try Self.files.expect(FileTables(runs).parts)
        let page = try Self.files.text
        for run in runs {
            let entries = try FolderSnapshot(run.folder).entries.filter { $0.value.kind == "file" }
            for name in entries.keys where !name.hasPrefix("gateways/") {
                let isTold = page.contains("`\(name)`") || page.contains("generated: \(name) -->")
                #expect(isTold, "\(name)")
            }
        }
    }

    /// Each table below the heading has the words of one column, in their order.
    @Test func theFilesPageHasEveryWordOfAnOutcome() throws {
        let section = try Self.files.text.components(separatedBy: "\n## Words\n")[1]
            .components(separatedBy: "\n## ")[0]
        let tables = section.components(separatedBy: "|---|---|\n").dropFirst().map { part in
            part.components(separatedBy: "\n\n")[0].matches(of: #/\| `([a-z_]+)` \|/#)
                .map { String($0.1) }
        }
        #expect(
            tables == [
                PaymentOutcome.words, SettlementOutcome.words, BookingOutcome.words,
                MatchRule.words.filter { $0 != "none" }, Payout.Status.words,
            ])
    }

    // MARK: Every code of a break

    /// The codes with a near miss, as the page about rules lists them.
    private static func codesWithNearMisses() throws -> Set<String> {
        let rules = try GeneratedPage("Rules").text
        let table = rules.components(separatedBy: "| code | near miss |\n")[1]
            .components(separatedBy: "\n\n")[0]
        let codes = table.split(separator: "\n").dropFirst().flatMap { row in
            row.split(separator: "|")[0].split(separator: ",")
        }
        return Set(codes.map { $0.trimmingCharacters(in: .whitespaces) })
    }

    @Test func theBreaksPageBeginsWithATableOfAllCodes() throws {
        let near = try Self.codesWithNearMisses()
        var table = MarkdownTable("code", "severity", "what it means", "what to do", "near miss")
        for code in BreakCode.allCases {
            table.add(
                "`\(code.word)`", code.severity.word, code.explanation.meaning,
                code.explanation.action, near.contains(code.word) ? "yes" : "")
        }
        try GeneratedPage("Breaks").expect([.init(name: "codes", text: table.text)])
    }

    @Test func theBreaksPageTellsOfNearMissesWhereThereCanBeOne() throws {
        let told = try BreakPageTests.sections().filter { $0.text.contains("**Near miss:**") }
        #expect(try Set(told.map(\.heading)) == Self.codesWithNearMisses())
    }

    // MARK: The first quarter of an hour

    /// `TRUEUP_RECORD=1` gives the page what its commands write.
    @Test func theTutorialsCommandsWriteWhatThePageShows() throws {
        let workspace = try Workspace()
        try TutorialPage("FirstQuarterHour").expect(in: workspace.path)
    }
}
