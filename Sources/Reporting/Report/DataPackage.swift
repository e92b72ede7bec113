import RunStore
import Time

/// `datapackage.json`: every table and every file of JSON with its schema, as a Frictionless Data Package.
public struct DataPackage: Sendable {
    /// The file's name in the run.
    public static let file = "datapackage.json"

    private let report: RunReport
    private let tables: [WrittenFile]
    private let files: [String: StagedFile]

    /// Prepares the file.
    ///
    /// - Parameters:
    ///   - report: The run's report.
    ///   - written: The files with rows; those with columns are tables.
    ///   - files: The size and checksum of each, by name.
    public init(_ report: RunReport, written: [WrittenFile], files: [String: StagedFile]) {
        self.report = report
        tables = written.filter { !$0.columns.isEmpty }
        self.files = files
    }

    /// The whole file.
    public var bytes: [UInt8] {
        var json = JSONWriter()
        json.object { json in
            json.field("profile", "data-package")
            json.field("name", report.pipeline)
            json.field("id", report.run)
            json.field("title", "What the run \(report.run) of \(report.pipeline) left")
            json.field("created", TimeText.text(report.asOf))
            json.field("resources") { json in
                json.array { json in
                    for table in tables { json.object { write(table, to: &$0) } }
                    for file in JSONFileSchema.all { json.object { write(file, to: &$0) } }
                }
            }
        }
        return json.finish()
    }

    private func write(_ table: WrittenFile, to json: inout JSONWriter) {
        json.field("profile", "tabular-data-resource")
        json.field("name", DataPackage.name(of: table.file))
        json.field("path", table.file)
        json.field("title", FieldGuide.title(of: table.file))
        json.field("format", "csv")
        json.field("mediatype", "text/csv")
        json.field("encoding", "utf-8")
        json.field("dialect") { json in
            json.object { json in
                json.field("delimiter", ",")
                json.field("lineTerminator", "\n")
                json.field("quoteChar", "\"")
                json.field("doubleQuote", true)
                json.field("skipInitialSpace", false)
                json.field("header", true)
            }
        }
        writeContent(of: table.file, to: &json)
        json.field("schema") { json in json.object { writeSchema(of: table, to: &$0) } }
    }

    /// A file of JSON is no table; what it holds, or each of its lines, stands in `jsonSchema`.
    private func write(_ file: JSONFileSchema, to json: inout JSONWriter) {
        json.field("profile", "data-resource")
        json.field("type", "file")
        json.field("name", DataPackage.name(of: file.file))
        json.field("path", file.file)
        json.field("title", file.title)
        json.field("format", file.hasLines ? "jsonl" : "json")
        json.field("mediatype", file.hasLines ? "application/jsonl" : "application/json")
        json.field("encoding", "utf-8")
        writeContent(of: file.file, to: &json)
        json.field("jsonSchema") { json in
            json.object { json in
                json.field("$schema", "https://json-schema.org/draft/2020-12/schema")
                file.shape.write(to: &json)
            }
        }
    }

    private func writeContent(of name: String, to json: inout JSONWriter) {
        guard let file = files[name] else { return }
        json.field("bytes", file.bytes)
        if let digest = file.digest { json.field("hash", "sha256:" + digest.hex) }
    }

    private func writeSchema(of table: WrittenFile, to json: inout JSONWriter) {
        let key = FieldGuide.primaryKey(of: table.file)
        json.field("fields") { json in
            json.array { json in
                for column in table.columns {
                    let field = FieldGuide.field(column, in: table.file)
                    json.object { json in
                        json.field("name", column)
                        json.field("type", field.type.rawValue)
                        json.field("description", field.meaning)
                    }
                }
            }
        }
        json.field("missingValues") { $0.array { $0.string("") } }
        if !key.isEmpty {
            json.field("primaryKey") { $0.array { json in key.forEach { json.string($0) } } }
        }
    }

    /// The resource's name: lower case letters, digits, `.`, `_` and `-`.
    private static func name(of file: String) -> String {
        let stem = file.prefix { $0 != "." }
        return String(stem.map { $0 == "/" ? "." : $0 })
    }
}
