import Definition
import Diagnostics
import Ingestion
import Money
import Parallel
import Records
import TestKit
import Time

/// An export of one kind, read under a source of a definition, in YAML.
struct Export {
    let ingested: IngestedDumps
    let kind: RecordKind
    private let folder: DumpFolder

    /// Reads files as records of a kind; `source` is indented under `inputs.KIND`.
    init(
        _ kind: RecordKind, _ source: String, _ files: [String: [UInt8]], currency: String = "EUR",
        timezone: String = "UTC", threads: Int = 1
    ) throws {
        let definition = try Export.definition(
            kind, source, currency: currency, timezone: timezone)
        folder = try DumpFolder()
        try folder.write("none.csv", "id,user,amount,status,created_at,reference,gross\n")
        for (name, bytes) in files { try folder.write(name, bytes) }
        guard let zone = Zone.named(timezone) else { preconditionFailure("no zone \(timezone)") }
        self.kind = kind
        ingested = try Ingester(
            definition: definition,
            files: try InputFiles(folder: folder.path, definition: definition), zone: zone,
            key: FingerprintKey(), workers: Workers(count: threads)
        ).ingest { _ in
            nil
        } checkStopped: {
        }
    }

    /// The same of one file `export.csv` of text.
    init(
        _ kind: RecordKind, _ source: String, _ text: String, currency: String = "EUR",
        timezone: String = "UTC"
    ) throws {
        try self.init(
            kind, source, ["export.csv": Array(text.utf8)], currency: currency, timezone: timezone)
    }

    static func definition(
        _ kind: RecordKind, _ source: String, currency: String, timezone: String
    ) throws -> PipelineDefinition {
        let inputs = [RecordKind.payments, .settlements, kind].reduce(into: [String]()) {
            if !$0.contains($1.rawValue) { $0.append($1.rawValue) }
        }
        var text = "name: exports\ncurrency: \(currency)\ntimezone: \(timezone)\n"
        text += "max_rejects: 100\ninputs:\n"
        for name in inputs {
            if name == kind.rawValue {
                let lines = source.split(separator: "\n").map { "    \($0)\n" }.joined()
                text += "  \(name):\n    files: export*\n\(lines)"
            } else {
                text += "  \(name): {files: none.csv}\n"
            }
        }
        return try PipelineDefinition.parse(
            text: text, file: "t.yaml", isKnownZone: Zone.isKnown)
    }

    /// The records that count, each with the fields that are not empty, as whoever reads a row again
    /// sees them.
    func records(_ fields: String...) throws -> [String] {
        try all(fields).map { $0.joined(separator: " | ") }
    }

    /// The texts of fields of every record that counts.
    func all(_ fields: [String]) throws -> [[String]] {
        let names = kind.fields.map(\.text)
        var texts = RowTexts(ingested.dumps)
        return try places.map { place in
            try texts.go(to: place)
            return fields.map { field in
                guard let index = names.firstIndex(of: field) else { return "no \(field)" }
                return texts.string(Field(rawValue: index))
            }
        }
    }

    private var places: [RowPlace] {
        switch kind {
        case .payments: ingested.tables.payments.rows.map(\.place)
        case .settlements: ingested.tables.settlements.rows.map(\.place)
        case .bank: ingested.tables.bank.map(\.place)
        default: []
        }
    }

    /// The lines as amounts in minor units and the currency.
    var money: [String] {
        ingested.tables.settlements.rows.map { row in
            "\(row.type) \(row.gross) \(row.fee) \(row.tax) \(row.net) \(row.currency.code)"
        }
    }

    /// The rejects as `line column reason`, in their order.
    var rejects: [String] {
        ingested.rejects.map { reject in
            let column = ingested.dumps.header(
                ofField: Int(reject.column), file: reject.place.file)
            return "\(reject.line) \(column.isEmpty ? "-" : column) \(reject.reason.word)"
        }
    }

    /// How many rows were left out.
    var leftOut: Int { ingested.counts.reduce(0) { $0 + $1.leftOut } }

    /// A field by its index.
    private enum Field: RecordFieldSet {
        case at(Int)
        init(rawValue: Int) { self = .at(rawValue) }
        var rawValue: Int {
            switch self {
            case .at(let index): index
            }
        }
        static var allCases: [Field] { [] }
        static var required: [Field] { [] }
    }
}

/// What a failed reading says: summary, place, what was expected and found; empty where none failed.
func failure(_ read: () throws -> Export) -> String {
    do {
        _ = try read()
        return ""
    } catch {
        return "\(error)"
    }
}
