import Definition
import Diagnostics
import Foundation
import Money
import Records
import Testing
import Time

/// An input that names a preset, built in or beside the definition.
@Suite struct PresetTests {
    /// A folder with a definition and presets beside it.
    private struct Place {
        let folder: URL

        init(presets: [String: String] = [:]) throws {
            folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
            let gateways = folder.appending(path: "gateways")
            try FileManager.default.createDirectory(
                at: gateways, withIntermediateDirectories: true)
            for (name, text) in presets {
                try text.write(
                    to: gateways.appending(path: name), atomically: true, encoding: .utf8)
            }
        }

        /// Loads a definition whose settlements have these keys besides their files.
        func load(_ keys: String, _ kind: String = "settlements") throws -> PipelineDefinition {
            let path = folder.appending(path: "t.yaml")
            let text = """
                name: t
                currency: EUR
                timezone: UTC
                inputs:
                  payments: {files: p.csv}
                  bookings: {files: b.csv}
                  \(kind == "bookings" ? "orders" : kind): {files: s.csv, \(keys)}

                """
            try text.write(to: path, atomically: true, encoding: .utf8)
            defer { try? FileManager.default.removeItem(at: folder) }
            return try PipelineDefinition.load(path: path.path, isKnownZone: Zone.isKnown)
        }

        /// What is said of such a definition, without the folder's name.
        func complaint(_ keys: String, _ kind: String = "settlements") -> String {
            do {
                _ = try load(keys, kind)
                return ""
            } catch {
                return ((error as? TrueupError)?.findings ?? []).map(\.description).joined(
                    separator: "\n"
                )
                .replacing(folder.path + "/", with: "")
            }
        }
    }

    private static let mine = """
        title: My gateway
        signature: [ref, [sum, total]]
        without: [other]
        format:
          numbers: {decimal: ","}
          dates: {pattern: DD.MM.YYYY, zone: unknown}
        inputs:
          settlements:
            columns: {id: ref, reference: order, gross: [sum, total], fee: costs}
            values:
              type: {charge: [sale, sold], refund: [back]}
            skip: {type: [total]}
            format: {delimiter: ;}
        """

    @Test func whatTheDefinitionSaysGoesOverThePreset() throws {
        let definition = try Place(presets: ["mine.yaml": Self.mine]).load(
            """
            preset: mine, columns: {fee: {sum: [a, b]}, net: paid}, \
            values: {type: {charge: [verkauft]}}, \
            format: {dates: {zone: Europe/Berlin}, numbers: {unit: minor}}
            """)
        let input = try #require(definition.inputs[.settlements]?.first)
        #expect(input.files == ["s.csv"])
        #expect(input.columns["id"] == .headers(["ref"]))
        #expect(input.columns["gross"] == .headers(["sum", "total"]))
        #expect(
            input.columns["fee"] == .made(.sum(plus: [.first(["a"]), .first(["b"])], minus: [])))
        #expect(input.columns["net"] == .headers(["paid"]))
        // Word by word, so that the other words stay.
        #expect(input.values["type"] == ["charge": ["verkauft"], "refund": ["back"]])
        #expect(input.skip == [CellCondition(column: "type", words: ["total"])])
        #expect(input.format.delimiter == .semicolon)
        #expect(input.format.dates?.zone == .named("Europe/Berlin"))
        #expect(input.format.dates?.patterns?.count == 1)
        // Numbers count as a whole, since a unit and a decimal belong together.
        #expect(input.format.numbers == NumberFormat(unit: .minor))
        let use = try #require(input.preset)
        #expect(use.name == "mine")
        #expect(use.signature.columns == [["ref"], ["sum", "total"]])
        #expect(use.signature.without == ["other"])
        #expect(use.fields == ["id", "reference", "gross"])
        #expect(definition.presets.map(\.fileName) == ["gateways/mine.yaml"])
        #expect(definition.presets.map(\.bytes) == [Array(Self.mine.utf8)])
    }

    @Test func aPresetBesideTheDefinitionOutweighsTheBuiltInOne() throws {
        let text = Self.mine.replacing("zone: unknown", with: "zone: UTC")
        let definition = try Place(presets: ["adyen-settlement.yaml": text]).load(
            "preset: adyen-settlement")
        #expect(definition.inputs[.settlements]?.first?.columns["id"] == .headers(["ref"]))
        let builtIn = try Place().load("preset: adyen-settlement")
        #expect(
            builtIn.inputs[.settlements]?.first?.columns["payout"] == .headers(["Batch Number"]))
    }

    @Test func aZoneThatTheReportDoesNotStateIsAskedFor() throws {
        let place = try Place(presets: ["mine.yaml": Self.mine])
        #expect(
            place.complaint("preset: mine") == """
                t.yaml:7:39: error: inputs.settlements.format.dates.zone is unknown: the report does \
                not state the zone of its times
                    expected: the zone that was chosen when the report was made
                    found: "unknown"
                    to do: add format: {dates: {zone: Europe/London}} to the input, or pipeline for \
                the pipeline's own
                """)
    }

    @Test func anOrderOfDatesThatTheReportDoesNotStateIsAskedFor() throws {
        let text = Self.mine.replacing("DD.MM.YYYY, zone: unknown", with: "unknown, zone: UTC")
        let said = try Place(presets: ["mine.yaml": text]).complaint("preset: mine")
        #expect(
            said == """
                t.yaml:7:39: error: inputs.settlements.format.dates.pattern is unknown: how the report \
                writes dates depends on settings of whoever made it
                    expected: the order of day, month and year in the file
                    found: "unknown"
                    to do: add format: {dates: {pattern: DD/MM/YYYY HH:mm:ss}} to the input, or with \
                MM/DD
                """)
        let definition = try Place(presets: ["mine.yaml": text]).load(
            "preset: mine, format: {dates: {pattern: MM/DD/YYYY}}")
        #expect(
            definition.inputs[.settlements]?.first?.format.dates?.patterns?.map(\.text)
                == ["MM/DD/YYYY"])
    }

    /// Beside a statement of the business's own country nothing has to be said.
    @Test func mobileMoneysPortalIsReadByItsNameAlone() throws {
        let definition = try Place().load("preset: mtn-momo-portal")
        let input = try #require(definition.inputs[.settlements]?.first)
        #expect(input.format.dates?.zone == .pipeline)
        #expect(input.preset?.name == "mtn-momo-portal")
    }

    @Test func aMisspeltPresetIsToldWithTheNearest() throws {
        let said = try Place().complaint("preset: adyen-setlement")
        #expect(said.hasPrefix("t.yaml:7:39: error: there is no preset \"adyen-setlement\"\n"))
        #expect(said.hasSuffix("to do: write adyen-settlement, if that is meant"))
        let other = try Place().complaint("preset: something-else-altogether")
        #expect(
            other.hasSuffix(
                "to do: put the file gateways/something-else-altogether.yaml beside the definition")
        )
    }

    @Test(arguments: ["../secrets", "a/b", "/etc/passwd", "-x", "Mine", "mine.yaml", "..", "\"\""])
    func aPresetsNameNeverLeavesTheFolder(name: String) throws {
        let said = try Place(presets: ["mine.yaml": Self.mine]).complaint("preset: \(name)")
        #expect(said.contains("inputs.settlements.preset is not a preset's name"))
    }

    @Test func aPresetOfAnotherKindIsRefused() throws {
        let said = try Place().complaint("preset: adyen-settlement", "bank")
        #expect(said.contains("the preset adyen-settlement does not read bank"))
        #expect(said.contains("found: one that reads settlements"))
    }

    @Test func whatIsWrongInAPresetIsToldWithItsPlace() throws {
        let text = Self.mine.replacing("fee: costs", with: "fees: costs")
        let said = try Place(presets: ["mine.yaml": text]).complaint("preset: mine")
        #expect(
            said.hasPrefix(
                "gateways/mine.yaml:9:63: error: unknown key \"fees\" in inputs.settlements.columns"
            ))
    }

    @Test(arguments: [
        ("title: x\nsignature: [a]\n", "the key inputs is missing"),
        ("title: x\nsignature: []\ninputs: {bank: {}}\n", "signature is not a list of headers"),
        ("title: x\nsignature: [a]\ninputs: {}\n", "inputs has no kind"),
        (
            "title: x\nsignature: [a]\ninputs: {settlements: {files: x}}\n",
            "unknown key \"files\" in inputs.settlements"
        ),
        (
            "title: x\nsignature: [a]\ninputs: {settlements: {preset: x}}\n",
            "unknown key \"preset\" in inputs.settlements"
        ),
        ("- a\n", "the definition is not a mapping"), ("", "the file holds no definition"),
        ("title: [\n", "not YAML"),
    ])
    func aPresetThatIsNoneIsRefused(text: String, complaint: String) throws {
        let said = try Place(presets: ["mine.yaml": text]).complaint("preset: mine")
        #expect(said.contains(complaint), "\(said)")
        #expect(said.contains("mine.yaml:"), "\(said)")
    }
}
