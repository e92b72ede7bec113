import Foundation
import Testing

/// What `trueup explain --json` tells.
struct Story {
    let chapters: [[String: Any]]
    let rows: [String: [[String: String]]]
    let run: String

    init(_ output: String) throws {
        let value = try JSONSerialization.jsonObject(with: Data(output.utf8))
        let object = try #require(value as? [String: Any])
        chapters = try #require(object["chapters"] as? [[String: Any]])
        rows = try #require(object["rows"] as? [String: [[String: String]]])
        run = try #require(object["run"] as? String)
    }

    /// The chapters, as `kind id`, in their order.
    var contents: [String] { chapters.map { "\(text(of: $0["kind"])) \(text(of: $0["id"]))" } }

    /// The lines of a section of the chapter of this id, as `label: text`.
    func section(_ title: String, of id: String) -> [String] {
        let chapter = chapters.first { text(of: $0["id"]) == id }
        let sections = chapter?["sections"] as? [[String: Any]] ?? []
        let section = sections.first { text(of: $0["title"]) == title }
        let lines = section?["lines"] as? [[String: String]] ?? []
        return lines.map { line in
            let label = line["label"] ?? ""
            return label.isEmpty ? line["text"] ?? "" : "\(label): \(line["text"] ?? "")"
        }
    }
}

extension Night {
    /// Asks for an explanation.
    func explain(_ reference: String, _ options: [String] = []) throws -> Ending {
        try Launch(program: Project.trueup, arguments: ["explain", out, reference] + options).run()
    }

    /// Asks for an explanation, and expects one.
    func story(_ reference: String, _ options: [String] = []) throws -> Story {
        let ending = try explain(reference, ["--json"] + options)
        try #require(ending.code == 0, "\(reference): \(ending.errors)")
        return try Story(ending.output)
    }

    /// The physical line of a dump, from 1.
    func line(_ place: String) throws -> String {
        let parts = place.split(separator: ":")
        try #require(parts.count == 2, "\(place) is no place")
        let lines = try Files.text("\(dumps)/\(parts[0])")
            .split(separator: "\n", omittingEmptySubsequences: false)
        let number = try #require(Int(parts[1]))
        try #require(number >= 1 && number <= lines.count, "\(place) is beyond the end")
        return String(lines[number - 1])
    }
}
