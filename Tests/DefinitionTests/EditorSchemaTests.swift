import Glibc
import Testing

@testable import Definition

/// The JSON Schemas for editors, which follow from the descriptions that files are read by.
@Suite struct EditorSchemaTests {
    /// The schema of what, and the text that it must have.
    static let schemas: [(name: String, text: String)] = [
        ("pipeline", PipelineDefinition.editorSchema),
        ("preset", PipelineDefinition.presetEditorSchema),
    ]

    /// Set `TRUEUP_RECORD=1` to write the file anew; the run then fails, so that no recording
    /// passes for a test.
    @Test(arguments: schemas)
    func isTheCommittedFile(name: String, generated: String) throws {
        let path = repository + "/pipelines/\(name).schema.json"
        if getenv("TRUEUP_RECORD") != nil {
            let file = try #require(fopen(path, "w"))
            fputs(generated, file)
            #expect(fclose(file) == 0)
            Issue.record("recorded \(path); look at the difference and run again without recording")
            return
        }
        let committed = String(decoding: try readFile(path, limit: 1 << 20), as: UTF8.self)
        #expect(
            committed == generated, "run the tests with TRUEUP_RECORD=1 and look at the difference")
    }

    @Test(arguments: [
        (PipelineDefinition.editorSchema, InputSchema.sharedSchemas),
        (PipelineDefinition.presetEditorSchema, InputSchema.schemasSharedWithPresets),
    ])
    func refersOnlyToWhatItDefines(generated: String, shared: [JSON.Member]) {
        let defined = Set(shared.map(\.key))
        let references = generated.split(separator: "\"#/$defs/").dropFirst()
            .compactMap { $0.split(separator: "\"").first.map(String.init) }
        #expect(Set(references) == defined)
    }

    @Test func escapesWhatJSONCannotHold() {
        #expect(JSON.string("a\"b\\c\n\u{1}é").text() == #""a\"b\\c\u000a\u0001é""#)
    }

    @Test func writesEmptyContainersShort() {
        #expect(JSON.array([]).text() == "[]")
        #expect(JSON.object([]).text() == "{}")
    }

    /// What editors are told to be the default is what holds where the key is left out.
    @Test func tellsTheRealDefaults() throws {
        // Sections that are absent by default are compared with the same sections left empty.
        let absent =
            "fees: {}\nsettle: {}\nimpact: {}\nbackfill: {kinds: {tour: {emit: booking}}}\n"
        let properties = try #require(PipelineSchema.pipeline.schema["properties"])
        var defaults = ""
        for section in properties.members {
            guard let value = section.value["default"] else { continue }
            defaults += "\(section.key): \(value.text())\n"
        }
        #expect(defaults == "dumps: \"full\"\nmax_rejects: 1\n")
        for section in [
            "resolve", "match", "fees", "backfill", "settle", "impact", "dashboard", "carry",
        ] {
            let keys = defaultsOf(try #require(properties[section]))
            #expect(!keys.isEmpty, "\(section) tells no default")
            let kinds = section == "backfill" ? "kinds: {tour: {emit: booking}}, " : ""
            defaults += "\(section): {\(kinds)\(keys)}\n"
        }
        var told = try parse(minimal + defaults)
        var real = try parse(minimal + absent)
        told.source = []
        real.source = []
        #expect(told == real)
    }

    /// The defaults of a mapping's keys, as a definition would write them.
    private func defaultsOf(_ schema: JSON) -> String {
        let pairs = (schema["properties"]?.members ?? []).compactMap { member -> String? in
            if let value = member.value["default"] { return "\(member.key): \(value.text())" }
            let inner = defaultsOf(member.value)
            return inner.isEmpty ? nil : "\(member.key): {\(inner)}"
        }
        return pairs.joined(separator: ", ")
    }
}

extension JSON {
    fileprivate var members: [Member] {
        guard case .object(let members) = self else { return [] }
        return members
    }

    fileprivate subscript(key: String) -> JSON? { members.first { $0.key == key }?.value }
}
