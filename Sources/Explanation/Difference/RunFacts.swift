import DelimitedText
import Diagnostics
import JSONText
import Reporting
import RunStore

/// What `run.json` and `report.json` of a published run say.
struct RunFacts {
    let id: RunID
    let folder: String
    let side: RunDifference.Side
    /// `report.json`.
    let report: JSONValue

    init(_ id: RunID, in history: RunHistory) throws {
        self.id = id
        folder = history.folder(of: id)
        let run = try RunFacts.document("\(folder)/run.json")
        report = try RunFacts.document("\(folder)/report.json")
        func text(_ key: String) -> String { run[key]?.text ?? "" }
        let parameters = run["parameters"]
        let restriction = ["users", "payments"].flatMap { key in
            (parameters?[key]?.elements ?? []).compactMap(\.text)
        }
        side = RunDifference.Side(
            run: id.text, asOf: text("as_of"), program: text("program"),
            dependencies: Dictionary(
                (run["dependencies"]?.members ?? []).map { ($0.key, $0.value.text ?? "") },
                uniquingKeysWith: { $1 }),
            definition: text("definition_sha256"),
            presets: (run["presets"]?.elements ?? []).map { preset in
                RunDifference.Preset(
                    name: preset["name"]?.text ?? "", sha256: preset["sha256"]?.text ?? "")
            },
            restriction: restriction,
            inputs: (run["inputs"]?.elements ?? []).map { input in
                RunDifference.Input(
                    file: input["file"]?.text ?? "", kind: input["kind"]?.text ?? "",
                    sha256: input["sha256"]?.text ?? "", rows: input["rows"]?.integer ?? 0)
            })
    }

    /// What the run emitted, by the words of its report.
    func emissions() -> [(name: String, words: String)] {
        (report["emissions"]?.members ?? []).map { member in
            let sums = (member.value["value"]?.members ?? []).map { sum in
                "\(sum.value.text ?? "") \(sum.key)"
            }
            let count = member.value["count"]?.integer ?? 0
            let words = count == 0 ? "0" : ([String(count)] + sums).joined(separator: ", ")
            return (spaced(member.key), words)
        }
    }

    /// The totals of the report, each a name and a figure.
    func totals() -> [(name: String, words: String)] {
        var found: [(name: String, words: String)] = []
        for key in ["verdict", "auto_match_rate", "totals", "open_items"] {
            guard let value = report[key] else { continue }
            let path = key == "totals" ? [] : [spaced(key)]
            RunFacts.flatten(value, path: path, into: &found)
        }
        return found
    }

    /// What leads to a figure, in words; the parts of ages and rolls stay in the report.
    private static func flatten(
        _ value: JSONValue, path: [String], into found: inout [(name: String, words: String)]
    ) {
        if let text = value.text {
            found.append((path.joined(separator: " "), text))
        }
        for member in value.members where member.key != "by_age" {
            let isGrouping = member.key == "by_outcome" || member.key == "value_by_currency"
            flatten(
                member.value, path: isGrouping ? path : path + [spaced(member.key)], into: &found)
        }
    }

    private static func document(_ path: String) throws -> JSONValue {
        do {
            let source = try TextSource(path: path)
            var bytes = [UInt8](repeating: 0, count: source.size)
            let count = try bytes.withUnsafeMutableBytes { bytes throws(TextSourceError) in
                try source.read(into: bytes, at: 0)
            }
            return try bytes[..<count].withUnsafeBytes { bytes throws(DetailsProblem) in
                try JSONValue(reading: bytes)
            }
        } catch let error as TextSourceError {
            throw unreadable(path, error.description)
        } catch let error as DetailsProblem {
            throw unreadable(path, error.description)
        }
    }

    private static func unreadable(_ path: String, _ found: String) -> TrueupError {
        .run(
            Finding(
                "a document of the run cannot be read", at: SourcePosition(file: path),
                found: found, remedy: "restore the run's folder from its archive"))
    }
}

/// A key of a document in words.
private func spaced(_ key: String) -> String { String(key.map { $0 == "_" ? " " : $0 }) }
