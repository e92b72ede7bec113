import JSONText
import Testing

/// The tables of the page about the definition, out of its JSON Schema.
struct DefinitionTables {
    private let schema: JSONTree

    init(_ text: String) throws { schema = try #require(JSONTree(Array(text.utf8))) }

    /// Sections, each with the keys in it, in the order of the schema.
    var parts: [GeneratedPage.Part] {
        get throws {
            let keys = try members(schema["properties"])
            let simple = keys.filter { $0.value["type"]?.text != "object" }
            var general = KeyTable()
            for key in simple { general.add(key.key, key.value, isNeeded: isNeeded(key.key)) }
            var parts = [GeneratedPage.Part(name: "the pipeline", text: general.text)]
            for key in keys where key.value["type"]?.text == "object" {
                switch key.key {
                case "inputs": parts += try inputs(key.value)
                case "load": parts.append(try load(key.value))
                default:
                    var table = KeyTable()
                    table.addKeys(of: key.value, below: key.key)
                    parts.append(.init(name: key.key, text: table.text))
                }
            }
            return parts
        }
    }

    private func isNeeded(_ name: String) -> Bool {
        schema["required"]?.values?.contains(.string(name)) ?? false
    }

    private func members(
        _ object: JSONTree?
    ) throws -> [(key: String, value: JSONTree)] {
        try #require(object?.members)
    }

    // MARK: Inputs

    /// The kinds, the keys of a source, the fields of each kind, the forms of columns, the format.
    private func inputs(_ inputs: JSONTree) throws -> [GeneratedPage.Part] {
        let definitions = try #require(schema["$defs"])
        let kinds = try members(inputs["properties"])
        var all = MarkdownTable("key", "what it holds")
        for kind in kinds { all.add("`inputs.\(kind.key)`", kind.value["description"]?.text ?? "") }
        var parts = [GeneratedPage.Part(name: "inputs", text: all.text)]
        var source = KeyTable()
        for key in try members(definitions["payments"]?["properties"]) {
            let takes =
                ["columns": "a column by field", "values": "words by field"][key.key]
                ?? SchemaWords.takes(key.value)
            source.add(
                "inputs.KIND." + key.key, key.value, isNeeded: key.key == "files", takes: takes)
        }
        parts.append(.init(name: "a source", text: source.text))
        for kind in kinds {
            let own = try #require(definitions[kind.key]?["properties"])
            parts.append(.init(name: "fields of \(kind.key)", text: try fields(own)))
        }
        var format = KeyTable()
        format.addKeys(of: try #require(definitions["format"]), below: "format")
        return parts + [
            .init(name: "columns", text: try forms(definitions)),
            .init(name: "format", text: format.text),
        ]
    }

    private func fields(_ own: JSONTree) throws -> String {
        let required = " Every record must have it."
        var table = MarkdownTable("field", "needed", "what it is")
        for field in try members(own["columns"]?["properties"]) {
            var meaning = field.value["description"]?.text ?? ""
            let isNeeded = meaning.hasSuffix(required)
            if isNeeded { meaning.removeLast(required.count) }
            #expect(!meaning.isEmpty, "nothing says what \(field.key) is")
            if let words = own["values"]?["properties"]?[field.key]?["properties"]?.members {
                meaning += " Our words: \(choices(words.map(\.key), "and"))."
            }
            table.add("`\(field.key)`", isNeeded ? "yes" : "", meaning)
        }
        return table.text
    }

    /// The forms in which a definition may say where a field comes from.
    private func forms(_ definitions: JSONTree) throws -> String {
        let texts = try #require(definitions["column"]?["anyOf"]?.values)
        let amounts = try #require(definitions["amount"]?["anyOf"]?.values)
        var table = MarkdownTable("form", "for", "key", "takes", "meaning")
        for form in texts + amounts.filter({ !texts.contains($0) }) {
            guard let keys = form["properties"]?.members else { continue }
            let use =
                !texts.contains(form)
                ? "amounts" : amounts.contains(form) ? "all" : "all but amounts"
            let name = "{" + keys.map(\.key).joined(separator: ", ") + "}"
            for (place, key) in keys.enumerated() {
                table.add(
                    place == 0 ? "`\(name)`" : "", place == 0 ? use : "", "`\(key.key)`",
                    KeyTable.isPlain(key.value) ? SchemaWords.takes(key.value) : "see Exports",
                    key.value["description"]?.text ?? "")
            }
        }
        return table.text
    }

    // MARK: Loading

    /// Every file takes the same keys, so they are told once.
    private func load(_ load: JSONTree) throws -> GeneratedPage.Part {
        let files = try members(load["properties"])
        let first = try #require(files.first)
        var all = MarkdownTable("key", "what it is for")
        for file in files {
            all.add("`load.\(file.key)`", file.value["description"]?.text ?? "")
            #expect(
                try members(file.value["properties"]).map(\.key)
                    == members(first.value["properties"]).map(\.key))
        }
        var table = KeyTable()
        for key in try members(first.value["properties"]) {
            let isNeeded = first.value["required"]?.values?.contains(.string(key.key)) ?? false
            let takes =
                [
                    "columns": "by column: a field, or `{constant: …}`",
                    "values": "by column, by our word: the table's word",
                ][key.key]
                ?? SchemaWords.takes(key.value)
            let meaning = key.value["description"]?.text?.replacing(
                "\(first.key).csv", with: "FILE.csv")
            table.add(
                "load.FILE." + key.key, key.value, isNeeded: isNeeded, takes: takes,
                meaning: meaning)
        }
        return .init(name: "load", text: all.text + "\n" + table.text)
    }
}

/// A table of keys with what they take, their defaults and meanings.
struct KeyTable {
    private var table = MarkdownTable("key", "takes", "default", "meaning")

    var text: String { table.text }

    mutating func add(
        _ path: String, _ schema: JSONTree, isNeeded: Bool, takes: String? = nil,
        meaning: String? = nil
    ) {
        let told = meaning ?? schema["description"]?.text ?? ""
        #expect(!told.isEmpty, "nothing says what \(path) is")
        table.add(
            "`\(path)`", takes ?? SchemaWords.takes(schema), isNeeded ? "needed" : standard(schema),
            told)
    }

    /// Adds the keys of a mapping, and those below them.
    mutating func addKeys(of schema: JSONTree, below path: String) {
        let required = schema["required"]?.values ?? []
        for key in schema["properties"]?.members ?? [] {
            let here = path + "." + key.key
            let (inner, place) = Self.inner(key.value, here)
            let takes = inner == nil ? nil : Self.takes(key.value, place)
            add(here, key.value, isNeeded: required.contains(.string(key.key)), takes: takes)
            if let inner { addKeys(of: inner, below: place) }
        }
    }

    /// The words for a value that is made of a mapping whose keys follow.
    private static func takes(_ schema: JSONTree, _ place: String) -> String {
        if place.hasSuffix("NAME") { return "a mapping by names that you choose" }
        if schema["items"] != nil { return "a list of mappings" }
        let others = (schema["anyOf"]?.values ?? []).filter {
            $0["properties"] == nil && $0["type"] != nil
        }
        return (others.map(SchemaWords.takes) + ["a mapping"]).joined(separator: ", or ")
    }

    /// The mapping that a key's value is made of, and the path of its keys.
    private static func inner(_ schema: JSONTree, _ path: String) -> (JSONTree?, String) {
        if isMapping(schema) { return (schema, path) }
        if let element = schema["additionalProperties"], isMapping(element) {
            return (element, path + ".NAME")
        }
        if let element = schema["items"], isMapping(element) { return (element, path) }
        for alternative in schema["anyOf"]?.values ?? [] where isMapping(alternative) {
            return (alternative, path)
        }
        return (nil, path)
    }

    private static func isMapping(_ schema: JSONTree) -> Bool {
        guard let keys = schema["properties"]?.members else { return false }
        return keys.first?.value["$ref"]?.text != "#/$defs/words"
    }

    /// Whether a value can be told in a few words.
    static func isPlain(_ schema: JSONTree) -> Bool {
        inner(schema, "").0 == nil && SchemaWords.takes(schema).count < 60
    }

    private func standard(_ schema: JSONTree) -> String {
        switch schema["default"] {
        case .string(let text)?: "`\(text)`"
        case .number(let text)?: "`\(text)`"
        case .bool(let value)?: "`\(value)`"
        case .array(let values)?:
            values.isEmpty ? "none" : choices(values.compactMap(\.text), "and")
        default: ""
        }
    }
}
