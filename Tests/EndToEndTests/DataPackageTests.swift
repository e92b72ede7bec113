import Foundation
import Testing

/// `datapackage.json` describes every table of a run as it is.
@Suite struct DataPackageTests {
    private struct Package: Decodable {
        struct Resource: Decodable {
            struct Schema: Decodable {
                struct Field: Decodable {
                    let name: String
                    let type: String
                    let description: String
                }
                let fields: [Field]
                let primaryKey: [String]?
            }
            let name: String
            let path: String
            let encoding: String
            let bytes: Int
            let hash: String
            let schema: Schema?
        }
        let name: String
        let resources: [Resource]
    }

    /// Runs with every table that there is: sellers, sessions, rejects, incremental dumps, and texts
    /// that a spreadsheet would run.
    private static func runs() throws -> [PublishedRun] {
        let tours = try Night.tours()
        try tours.append(
            [
                "=9001,\"+a\",@sum@example.com,10.00,GHS,failed,2025-08-30T10:00:00Z,,-x,,",
                "PAY-9002,T,ama@example.com,?,GHS,failed,2025-08-30T10:00:00Z,,,,",
            ], to: "payments.csv")
        let incremental = try Night.tours()
        try incremental.redefine("dumps: full", "dumps: incremental")
        try incremental.redefine("  recent: 10", "  recent: 10\n  pages: all")
        return try [
            tours.publish(), incremental.publish(),
            Night.sample("auctions").publish(["--fail-on", "never"]),
            Night.sample("charging").publish(
                ["--fail-on", "never"], asOf: "2025-11-12T21:30:00Z"),
        ]
    }

    @Test func everyTableIsListedWithTheColumnsOfItsHeader() throws {
        for run in try Self.runs() {
            let package = try JSONDecoder().decode(
                Package.self, from: Files.bytes(run.folder + "/datapackage.json"))
            let there = try FolderSnapshot(run.folder).entries.keys.filter {
                $0.hasSuffix(".csv")
            }
            let tables = package.resources.filter { $0.schema != nil }
            #expect(tables.map(\.path).sorted() == there.sorted())
            #expect(Set(package.resources.map(\.name)).count == package.resources.count)
            for resource in tables {
                let table = try run.table(resource.path)
                let schema = try #require(resource.schema)
                #expect(schema.fields.map(\.name) == table.header, "\(resource.path)")
                #expect(schema.fields.allSatisfy { !$0.description.isEmpty })
                #expect(resource.encoding == "utf-8")
                for (place, field) in schema.fields.enumerated() {
                    for row in table.rows where !row[place].isEmpty {
                        #expect(
                            Self.isOfType(row[place], field.type),
                            "\(resource.path): \(field.name) is no \(field.type): \(row[place])")
                    }
                }
                let key = (schema.primaryKey ?? []).compactMap {
                    table.header.firstIndex(of: $0)
                }
                #expect(key.count == schema.primaryKey?.count ?? 0)
                let values = table.rows.map { row in key.map { row[$0] } }
                if !key.isEmpty {
                    #expect(Set(values).count == table.rows.count, "\(resource.path)")
                    #expect(!values.joined().contains(""), "\(resource.path)")
                }
            }
        }
    }

    @Test func everyLineOfJSONIsAsItsSchemaSays() throws {
        var lines = 0
        for run in try Self.runs() {
            let package = try run.json("datapackage.json")
            let resources = try #require(package["resources"] as? [[String: Any]])
            let schemas = resources.filter { $0["jsonSchema"] != nil }
            #expect(
                schemas.map { text(of: $0["path"]) }
                    == ["dashboards.jsonl", "notifications.jsonl", "report.json", "run.json"])
            for resource in schemas where text(of: resource["format"]) == "jsonl" {
                let schema = try #require(resource["jsonSchema"] as? [String: Any])
                let file = run.folder + "/" + text(of: resource["path"])
                for line in try Files.text(file).split(separator: "\n") {
                    let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
                    #expect(Self.objections(to: value, schema) == [], "\(line)")
                    lines += 1
                }
            }
        }
        #expect(lines > 50)
    }

    /// What a value is that its schema does not allow, by the few words that our schemas use.
    private static func objections(to value: Any, _ schema: [String: Any]) -> [String] {
        if let choices = schema["anyOf"] as? [[String: Any]] {
            return choices.contains { objections(to: value, $0).isEmpty } ? [] : ["none fits"]
        }
        switch (schema["type"] as? String, value) {
        case ("null", is NSNull): return []
        case ("integer", let number as NSNumber):
            return number.stringValue.contains(".") ? ["\(number) is not whole"] : []
        case ("number", is NSNumber): return []
        case ("string", let text as String):
            let words = schema["enum"] as? [String]
            let pattern = (schema["pattern"] as? String).flatMap { try? Regex($0) }
            let isAllowed = words?.contains(text) ?? true
            return isAllowed && (pattern.map { text.contains($0) } ?? true) ? [] : [text]
        case ("array", let values as [Any]):
            guard let items = schema["items"] as? [String: Any] else { return ["no items"] }
            return values.flatMap { objections(to: $0, items) }
        case ("object", let object as [String: Any]):
            let known = schema["properties"] as? [String: [String: Any]] ?? [:]
            let missing = Set(schema["required"] as? [String] ?? []).subtracting(object.keys)
            return missing.sorted()
                + object.flatMap { key, value in
                    known[key].map { objections(to: value, $0).map { "\(key): \($0)" } }
                        ?? ["unknown key \(key)"]
                }
        case (let type, _): return ["\(value) is no \(type ?? "value")"]
        }
    }

    @Test func sizesAndChecksumsAreThoseOfTheFiles() throws {
        let run = try Night.tours().publish()
        let package = try JSONDecoder().decode(
            Package.self, from: Files.bytes(run.folder + "/datapackage.json"))
        let sums = try Files.text(run.folder + "/SHA256SUMS").split(separator: "\n")
        #expect(!package.resources.isEmpty)
        for resource in package.resources {
            #expect(resource.bytes == (try Files.bytes(run.folder + "/" + resource.path)).count)
            let line = "\(resource.hash.dropFirst(7))  \(resource.path)"
            #expect(resource.hash.hasPrefix("sha256:"))
            #expect(sums.contains { $0 == line }, "\(line)")
        }
    }

    private static func isOfType(_ value: String, _ type: String) -> Bool {
        switch type {
        case "string": true
        case "integer": value.wholeMatch(of: /-?\d+/) != nil
        case "number": value.wholeMatch(of: /-?\d+(\.\d+)?/) != nil
        case "date": value.wholeMatch(of: /\d{4}-\d\d-\d\d/) != nil
        case "datetime": value.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/) != nil
        default: false
        }
    }
}
