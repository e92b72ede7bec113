import Definition
import DelimitedText
import Foundation
import Gateways
import Ingestion
import Records
import Testing
import Time

/// What every built-in preset must hold, over a synthetic report of its own.
@Suite struct PresetTests {
    @Test(arguments: PresetFixture.all)
    func theRecordsOfItsReportComeOut(_ fixture: PresetFixture) throws {
        let text = try fixture.text()
        let recorded = (try? String(contentsOf: fixture.golden, encoding: .utf8)) ?? ""
        #expect(text == recorded)
        if text != recorded, ProcessInfo.processInfo.environment["TRUEUP_RECORD"] != nil {
            try text.write(to: fixture.golden, atomically: true, encoding: .utf8)
        }
    }

    /// So the wrong report is never read, whichever preset it is given to.
    @Test(arguments: PresetFixture.all)
    func noOtherPresetReadsItsReport(_ fixture: PresetFixture) throws {
        for other in PresetFixture.all where other.name != fixture.name {
            let said = failure { try fixture.read(by: other.name, as: other.kind) }
            #expect(said.contains("is not the report that preset \(other.name) reads"))
            #expect(said.contains(fixture.name), "\(other.name): \(said)")
        }
    }

    @Test(arguments: PresetFixture.all)
    func itsReportIsRecognised(_ fixture: PresetFixture) throws {
        let presets = PresetLibrary.builtIn.presets(isKnownZone: Zone.isKnown)
        let source = try TextSource(path: fixture.export().path)
        #expect(try PresetSearch(presets).match(in: source)?.preset.name == fixture.name)
    }

    @Test func everyPresetOfTheFolderIsBuiltIn() throws {
        let folder = PresetFixture.folder.appending(path: "../../../../pipelines/gateways")
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.standardized.path)
        let names = files.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
        #expect(BuiltInPreset.all.map(\.name) == names)
        for preset in BuiltInPreset.all {
            let path = folder.standardized.appending(path: "\(preset.name).yaml")
            #expect([UInt8](try Data(contentsOf: path)) == preset.text())
        }
        // One that cannot be read would be missing here.
        #expect(PresetLibrary.builtIn.presets(isKnownZone: Zone.isKnown).map(\.name) == names)
    }

    /// The documentation lists every preset as it is.
    @Test func theDocumentationListsThem() throws {
        let page = PresetFixture.folder.appending(
            path: "../../../../Sources/Pipeline/Pipeline.docc/Presets.md")
        let text = try String(contentsOf: page.standardized, encoding: .utf8)
        let listed = text.split(separator: "\n").filter { $0.hasPrefix("| `") && $0.contains("-") }
        let presets = PresetLibrary.builtIn.presets(isKnownZone: Zone.isKnown)
        for preset in presets {
            let kinds = preset.inputs.keys.sorted().map(\.rawValue).joined(separator: ", ")
            let start = "| `\(preset.name)` | \(preset.title) | \(kinds) |"
            let line = try #require(
                listed.first { $0.hasPrefix(start) }, "\(preset.name) is not listed as it is")
            #expect(line.contains("experimental") == preset.isExperimental)
            #expect(line.contains("zone") == preset.needsZone)
        }
    }
}
