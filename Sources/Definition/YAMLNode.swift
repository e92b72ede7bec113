import Diagnostics

/// A value of a YAML file with its place.
struct YAMLNode: Sendable {
    enum Content: Sendable {
        /// The text exactly as it stands; plain means without quotes.
        case scalar(text: String, isPlain: Bool)
        case sequence([YAMLNode])
        /// In file order, every key once.
        case mapping([YAMLEntry])
    }

    var content: Content
    var position: SourcePosition
}

/// A key of a mapping with its value.
struct YAMLEntry: Sendable {
    var key: String
    var position: SourcePosition
    var value: YAMLNode
}

extension YAMLNode {
    /// Whether the value is left out, or written as YAML writes nothing.
    var isNull: Bool {
        guard case .scalar(let text, true) = content else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }

    /// The entries of a mapping; none for anything else.
    var entries: [YAMLEntry] {
        guard case .mapping(let entries) = content else { return [] }
        return entries
    }

    /// The value of a key of a mapping.
    subscript(key: String) -> YAMLNode? { entries.first { $0.key == key }?.value }

    /// The elements of a list; for anything else the node itself.
    var elements: [YAMLNode] {
        guard case .sequence(let nodes) = content else { return [self] }
        return nodes
    }

    /// What stands here, as a message tells it.
    var shown: String {
        switch content {
        case .scalar where isNull: "nothing"
        case .scalar(let text, true): quoted(text)
        case .scalar(let text, false): quoted(text) + " in quotes"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}

/// A text as messages quote it, cut where it is too long to read.
func quoted(_ text: String) -> String {
    let limit = 60
    guard text.unicodeScalars.count > limit else { return "\"\(text)\"" }
    return "\"\(String(text.unicodeScalars.prefix(limit)))…\""
}
