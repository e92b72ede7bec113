import JSONText
import Reporting

/// The report of a run with its people by other names.
struct RedactedReport {
    private let redactor: Redactor
    /// Every text that stays in `report.json`, as a page writes it: both reports are made of the same
    /// figures, so that nothing else need stay in the page.
    private var kept: Set<String> = []
    /// What a page writes of each person, in lower case, and the other name.
    private let people: [String: String]

    /// Keys of texts that quote what people wrote.
    private static let leftOut: Set<String> = ["detail", "near_miss", "raw"]
    private static let persons: Set<String> = ["user", "seller", "maker", "checker"]

    init(redactor: Redactor) {
        self.redactor = redactor
        people = Dictionary(
            redactor.people.map { (HTMLText.escaped($0), redactor.pseudonym(of: $0)) },
            uniquingKeysWith: { first, _ in first })
    }

    /// `report.json`.
    mutating func document(_ tree: JSONTree) -> [UInt8] {
        var json = JSONWriter()
        write(tree, key: "", of: "", to: &json)
        return json.finish()
    }

    /// Writes a value of a key, which belongs to the values of `section`.
    private mutating func write(
        _ tree: JSONTree, key: String, of section: String, to json: inout JSONWriter
    ) {
        switch tree {
        case .null: json.null()
        case .bool(let value): json.bool(value)
        case .number(let text): json.number(text)
        case .string(let text): json.string(self.text(text, key: key, of: section))
        case .array(let values):
            json.array { json in
                for value in values { write(value, key: key, of: section, to: &json) }
            }
        case .object(let members):
            json.object { json in
                for (name, value) in members {
                    json.key(redactor.kept(name))
                    write(value, key: name, of: key, to: &json)
                }
            }
        }
    }

    private mutating func text(_ text: String, key: String, of section: String) -> String {
        if RedactedReport.leftOut.contains(key) { return "" }
        // Why two people decided is told in their own words.
        if section == "overrides", key == "reason" { return "" }
        if RedactedReport.persons.contains(key) { return redactor.pseudonym(of: text) }
        let text = redactor.kept(text)
        kept.insert(HTMLText.escaped(text))
        return text
    }

    /// `report.html`, of which every text of the dumps stands within `<bdi>`.
    func page(_ html: String) -> String {
        var page = ""
        var rest = html[...]
        while let start = rest.firstRange(of: "<bdi>"),
            let end = rest[start.upperBound...].firstRange(of: "</bdi>")
        {
            page += RedactedReport.withoutAddresses(rest[..<start.lowerBound])
            page += "<bdi>\(isolated(rest[start.upperBound..<end.lowerBound]))</bdi>"
            rest = rest[end.upperBound...]
        }
        return page + RedactedReport.withoutAddresses(rest)
    }

    private func isolated(_ markup: Substring) -> String {
        if let name = people[markup.lowercased()] { return name }
        return kept.contains(String(markup)) ? String(markup) : "(left out)"
    }

    /// What stands outside is ours, but for a word of a decision that nobody knows.
    private static func withoutAddresses(_ markup: Substring) -> String {
        guard markup.utf8.contains(UInt8(ascii: "@")) else { return String(markup) }
        return markup.split(separator: " ", omittingEmptySubsequences: false).map { word in
            Redactor.holdsAddress(String(word)) && !word.contains("{") ? "(left out)" : String(word)
        }.joined(separator: " ")
    }
}
