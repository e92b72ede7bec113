import Foundation
import JSONText
import Testing

/// The tables of the page about a run's files, out of what runs say of themselves.
struct FileTables {
    /// What `datapackage.json` says of each file, the first that has it, by path.
    private var resources: [(path: String, value: JSONTree)] = []

    init(_ runs: [PublishedRun]) throws {
        for run in runs {
            let text = try Files.bytes(run.folder + "/datapackage.json")
            let package = try #require(JSONTree(Array(text)))
            for resource in try #require(package["resources"]?.values) {
                let path = try #require(resource["path"]?.text)
                guard !resources.contains(where: { $0.path == path }) else { continue }
                resources.append((path, resource))
            }
        }
        let ranks = ["carried/", "trace/"]
        func rank(_ path: String) -> Int { (ranks.firstIndex { path.hasPrefix($0) } ?? -1) }
        resources.sort { (rank($0.path), $0.path) < (rank($1.path), $1.path) }
    }

    /// The paths of the files that have a table.
    var paths: [String] { resources.map(\.path) }

    /// A table for each file.
    var parts: [GeneratedPage.Part] {
        get throws {
            try resources.map { path, resource in
                let title = resource["title"]?.text ?? ""
                #expect(!title.isEmpty, "nothing says what \(path) holds")
                return .init(name: path, text: "\(title).\n\n" + (try table(path, resource)))
            }
        }
    }

    private func table(_ path: String, _ resource: JSONTree) throws -> String {
        if let schema = resource["jsonSchema"] {
            var table = MarkdownTable("key", "holds", "meaning")
            Self.addKeys(of: schema, below: "", to: &table)
            return table.text
        }
        let schema = try #require(resource["schema"])
        var table = MarkdownTable("column", "type", "meaning")
        for field in try #require(schema["fields"]?.values) {
            table.add(
                "`\(field["name"]?.text ?? "")`", field["type"]?.text ?? "",
                field["description"]?.text ?? "")
        }
        let key = (schema["primaryKey"]?.values ?? []).compactMap(\.text)
        guard !key.isEmpty else { return table.text }
        return table.text + "\nOne row for each \(choices(key, "and")).\n"
    }

    // MARK: JSON

    private static func addKeys(
        of schema: JSONTree, below path: String, to table: inout MarkdownTable
    ) {
        let keys = schema["properties"]?.members ?? []
        if let alike = alike(keys) {
            table.add(
                "`\(path)NAME`", holds(alike), "NAME is " + choices(keys.map(\.key)))
            addInner(alike, below: path + "NAME", to: &table)
            return
        }
        for key in keys {
            let meaning = key.value["description"]?.text ?? ""
            table.add("`\(path)\(key.key)`", holds(key.value), meaning)
            addInner(key.value, below: path + key.key, to: &table)
        }
    }

    private static func addInner(
        _ schema: JSONTree, below path: String, to table: inout MarkdownTable
    ) {
        if schema["properties"] != nil { addKeys(of: schema, below: path + ".", to: &table) }
        if let items = schema["items"], items["properties"] != nil {
            addKeys(of: items, below: path + "[].", to: &table)
        }
        if let element = schema["additionalProperties"], element["properties"] != nil {
            addKeys(of: element, below: path + ".NAME.", to: &table)
        }
        for alternative in schema["anyOf"]?.values ?? [] {
            addInner(alternative, below: path, to: &table)
        }
    }

    /// What many keys all look like, where only their names differ.
    private static func alike(_ keys: [(key: String, value: JSONTree)]) -> JSONTree? {
        func bare(_ schema: JSONTree) -> JSONTree {
            .object((schema.members ?? []).filter { $0.key != "description" })
        }
        guard keys.count >= 5, let first = keys.first.map({ bare($0.value) }) else { return nil }
        let isTold = keys.contains { !($0.value["description"]?.text ?? "").isEmpty }
        guard !isTold || first["properties"] != nil else { return nil }
        return keys.allSatisfy { bare($0.value) == first } ? first : nil
    }

    private static func holds(_ schema: JSONTree) -> String {
        if let words = schema["enum"]?.values {
            return words.count > 12
                ? "one of \(words.count) words" : choices(words.compactMap(\.text))
        }
        if let alternatives = schema["anyOf"]?.values {
            return alternatives.map(holds).joined(separator: " or ")
        }
        switch schema["type"]?.text ?? "" {
        case "null": return "null"
        case "boolean": return "true or false"
        case "integer": return "a whole number"
        case "number": return "a number"
        case "array": return "a list" + (schema["items"]?["properties"] == nil ? " of texts" : "")
        case "object": return object(schema)
        default: return text(schema)
        }
    }

    private static func object(_ schema: JSONTree) -> String {
        guard let element = schema["additionalProperties"], element["type"] != nil else {
            return "an object"
        }
        return element["properties"] == nil ? "by name: \(holds(element))" : "objects by name"
    }

    private static func text(_ schema: JSONTree) -> String {
        switch (schema["format"]?.text, schema["pattern"]?.text) {
        case ("date"?, _): "a day"
        case ("date-time"?, _): "a moment"
        case (_, "^[0-9a-f]{64}$"?): "a checksum"
        case (_, .some): "a decimal"
        default: "a text"
        }
    }
}
