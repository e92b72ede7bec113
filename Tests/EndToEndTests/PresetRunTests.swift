import Foundation
import Testing

/// A run over a gateway's own report: what it leaves, and what it refuses.
@Suite struct PresetRunTests {
    private let workspace: Workspace
    private var definition: String { workspace.at("shop.yaml") }

    /// A shop whose settlements are a report of a gateway that no built-in preset knows.
    init() throws {
        workspace = try Workspace()
        for folder in ["dumps", "gateways"] { try Files.makeFolder(workspace.at(folder)) }
        try Files.write(
            """
            name: shop
            currency: EUR
            timezone: Europe/Berlin
            inputs:
              payments: {files: payments.csv}
              settlements: {files: "report*.csv", preset: till}

            """, to: definition)
        try write(preset: "Order No")
        try Files.write(
            """
            id,user,amount,status,created_at
            p1,ama@example.com,10.00,succeeded,2026-01-05T10:00:00Z
            p2,kofi@example.com,20.00,pending,2026-01-05T11:00:00Z

            """, to: workspace.at("dumps/payments.csv"))
        try Files.write(
            """
            Report of the till;;;
            Entry;Order No;Turnover;Cost
            e1;p1;"10,00 €";"0,30 €"
            e2;p2;"20,00 €";"0,60 €"
            Total;;30,00;0,90

            """, to: workspace.at("dumps/report-1.csv"))
    }

    private func write(preset reference: String) throws {
        try Files.write(
            """
            title: The till's report
            signature: [Entry, Order No, Turnover]
            format: {numbers: {decimal: ","}, totals: {row: {Entry: Total}, columns: [Turnover]}}
            inputs:
              settlements:
                columns: {id: Entry, reference: \(reference), gross: Turnover, fee: Cost}

            """, to: workspace.at("gateways/till.yaml"))
    }

    private func run(_ more: String...) throws -> Ending {
        try Launch(
            program: Project.trueup,
            arguments: [
                "run", definition, "--in", workspace.at("dumps"), "--out", workspace.at("out"),
                "--as-of", "2026-01-06T02:00:00Z", "--fail-on", "never",
            ] + more
        ).run()
    }

    private func latest(_ name: String) throws -> String {
        try Files.text(workspace.at("out/latest/" + name))
    }

    @Test func aPresetBesideTheDefinitionIsReadAndKeptWithTheRun() throws {
        let ending = try run()
        #expect(ending.code == 0, "\(ending.errors)")
        #expect(try latest("status_updates.csv").contains("p2"))
        let preset = try Files.text(workspace.at("gateways/till.yaml"))
        #expect(try latest("gateways/till.yaml") == preset)
        #expect(try latest("SHA256SUMS").contains("  gateways/till.yaml\n"))
        #expect(try latest("run.json").contains("\"name\": \"till\""))
        let sums = try Launch(
            program: "sha256sum", arguments: ["-c", "--quiet", "SHA256SUMS"],
            folder: workspace.at("out/latest")
        ).run()
        #expect(sums.code == 0, "\(sums.errors)")
        let archive = try #require(
            Files.names(in: workspace.at("out/archive")).first { $0.hasSuffix(".tar.zst") })
        let listed = try Launch(
            program: "tar", arguments: ["-tf", workspace.at("out/archive/" + archive)]
        ).run()
        #expect(listed.output.contains("definition/gateways/till.yaml\n"))
        #expect(listed.output.contains("outputs/gateways/till.yaml\n"))
    }

    @Test func aChangedPresetMakesAnotherRun() throws {
        #expect(try run("--no-archive").code == 0)
        let first = try Files.names(in: workspace.at("out")).filter { $0.contains("T020000Z") }
        try write(preset: "[Order No, Order]")
        #expect(try run("--no-archive").code == 0)
        let both = try Files.names(in: workspace.at("out")).filter { $0.contains("T020000Z") }
        #expect(first.count == 1)
        #expect(both.count == 2)
    }

    @Test func anotherGatewaysReportIsRefusedAndNamed() throws {
        let fixture = Project.root + "/Tests/IngestionTests/Presets/Fixtures/adyen-settlement"
        try Files.copy(fixture + "/export.csv", to: workspace.at("dumps/report-2.csv"))
        let ending = try run()
        #expect(ending.code == 1)
        #expect(ending.errors.contains("the file is not the report that preset till reads"))
        #expect(
            ending.errors.contains(
                "this is Adyen, settlement details: write preset: adyen-settlement"))
        #expect(!Files.exists(workspace.at("out/latest")))
    }

    @Test func aReportWithoutTheNeededColumnsIsRefused() throws {
        try Files.write("Entry;Turnover\ne1;10,00\n", to: workspace.at("dumps/report-1.csv"))
        let ending = try run()
        #expect(ending.code == 1)
        #expect(ending.errors.contains("`Order No` for preset till"))
        #expect(!Files.exists(workspace.at("out/latest")))
    }
}
