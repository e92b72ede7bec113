import Foundation
import Testing

/// The documentation's walk through writing a preset, done as it says.
@Suite struct PresetPageTests {
    /// The indented blocks of the page, without their indentation.
    private static func blocks() throws -> [String] {
        let page = try Files.text(Project.root + "/Sources/Pipeline/Pipeline.docc/Presets.md")
        var blocks: [[Substring]] = []
        var isInside = false
        for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("    ") {
                if !isInside { blocks.append([]) }
                blocks[blocks.count - 1].append(line)
            }
            isInside = line.hasPrefix("    ") || (isInside && line.isEmpty)
        }
        return blocks.map { lines in
            let indent = lines.map { $0.prefix { $0 == " " }.count }.min() ?? 0
            return lines.map { $0.dropFirst(indent) + "\n" }.joined()
        }
    }

    @Test func theTillsReportIsReadByThePresetOfThePage() throws {
        let blocks = try Self.blocks()
        let report = try #require(blocks.first { $0.hasPrefix("Report of the till") })
        let preset = try #require(blocks.first { $0.hasPrefix("title: The till's report") })
        let workspace = try Workspace()
        for folder in ["dumps", "gateways"] { try Files.makeFolder(workspace.at(folder)) }
        try Files.write(report, to: workspace.at("dumps/till-2026-01.csv"))
        try Files.write(preset, to: workspace.at("gateways/till.yaml"))
        try Files.write(
            "id,user,amount,status,created_at\n"
                + "p1,ama@example.com,10.00,succeeded,2026-01-05T10:00:00Z\n"
                + "p2,ama@example.com,20.00,succeeded,2026-01-05T10:00:00Z\n",
            to: workspace.at("dumps/payments.csv"))
        // What `init` sees in the folder before there is a preset.
        let guess = try Launch(
            program: Project.trueup, arguments: ["init", workspace.at("dumps")]
        ).run()
        #expect(guess.output.contains("reference: Order No"))
        #expect(guess.output.contains("gross: Turnover"))
        #expect(guess.output.contains("numbers: {decimal: \",\"}"))
        try Files.write(
            """
            name: shop
            currency: EUR
            timezone: Europe/Berlin
            inputs:
              payments: {files: payments.csv}
              settlements: {files: till-*.csv, preset: till}

            """, to: workspace.at("shop.yaml"))
        let run = try Launch(
            program: Project.trueup,
            arguments: [
                "run", workspace.at("shop.yaml"), "--in", workspace.at("dumps"), "--out",
                workspace.at("out"), "--as-of", "2026-01-06T02:00:00Z", "--fail-on", "info",
            ]
        ).run()
        #expect(run.code == 0, "\(run.output)\(run.errors)")
        let matches = try Files.text(workspace.at("out/latest/settlements.csv"))
        #expect(matches.contains("e1"))
        #expect(matches.contains("e2"))
    }
}
