import Records

/// What a value of a JSON file is, in the words of JSON Schema.
indirect enum JSONShape: Sendable {
    case text, whole, truth
    /// A whole number from 0.
    case count
    /// A checksum by SHA-256 in hexadecimal digits.
    case checksum
    /// A share from 0 to 1.
    case share
    /// A decimal number as a string: an amount, or an energy.
    case decimal
    case date, moment
    /// A word of a finite set.
    case word([String])
    case orNull(JSONShape)
    case list(JSONShape)
    case object([Key])
    /// Values of one kind by names that are not known beforehand.
    case map(JSONShape)

    /// A key of an object.
    struct Key: Sendable {
        let name: String
        let shape: JSONShape
        let meaning: String
        var isRequired = true
    }

    /// Writes the keys of the schema into the object that is open.
    func write(to json: inout JSONWriter, meaning: String = "") {
        switch self {
        case .text: json.field("type", "string")
        case .whole: json.field("type", "integer")
        case .truth: json.field("type", "boolean")
        case .count:
            json.field("type", "integer")
            json.field("minimum", 0)
        case .checksum:
            json.field("type", "string")
            json.field("pattern", "^[0-9a-f]{64}$")
        case .share:
            json.field("type", "number")
            json.field("minimum", 0)
            json.field("maximum", 1)
        case .decimal:
            json.field("type", "string")
            json.field("pattern", "^-?[0-9]+(\\.[0-9]+)?$")
        case .date:
            json.field("type", "string")
            json.field("format", "date")
        case .moment:
            json.field("type", "string")
            json.field("format", "date-time")
        case .word(let words):
            json.field("type", "string")
            json.field("enum") { $0.array { json in words.forEach { json.string($0) } } }
        case .orNull(let shape):
            json.field("anyOf") { json in
                json.array { json in
                    json.object { shape.write(to: &$0) }
                    json.object { $0.field("type", "null") }
                }
            }
        case .list(let shape):
            json.field("type", "array")
            json.field("items") { json in json.object { shape.write(to: &$0) } }
        case .object(let keys): JSONShape.write(keys, to: &json)
        case .map(let shape):
            json.field("type", "object")
            json.field("additionalProperties") { $0.object { shape.write(to: &$0) } }
        }
        if !meaning.isEmpty { json.field("description", meaning) }
    }

    private static func write(_ keys: [Key], to json: inout JSONWriter) {
        json.field("type", "object")
        json.field("properties") { json in
            json.object { json in
                for key in keys {
                    json.field(key.name) { json in
                        json.object { key.shape.write(to: &$0, meaning: key.meaning) }
                    }
                }
            }
        }
        json.field("required") { json in
            json.array { json in
                for key in keys where key.isRequired { json.string(key.name) }
            }
        }
        json.field("additionalProperties", false)
    }
}

extension JSONShape.Key {
    /// A key that is always there.
    static func key(_ name: String, _ shape: JSONShape, _ meaning: String) -> JSONShape.Key {
        JSONShape.Key(name: name, shape: shape, meaning: meaning)
    }

    /// A key that is there only where there is something to say.
    static func some(_ name: String, _ shape: JSONShape, _ meaning: String) -> JSONShape.Key {
        JSONShape.Key(name: name, shape: shape, meaning: meaning, isRequired: false)
    }
}

extension JSONShape {
    /// Amounts by currency.
    static let sums = JSONShape.map(.decimal)

    /// One of the words of a type.
    static func word<Words: Worded>(of type: Words.Type) -> JSONShape {
        .word(Words.allCases.map(\.word))
    }
}

/// A file of JSON in a run, with what it holds.
struct JSONFileSchema {
    let file: String
    let title: String
    /// Whether each line is a value of its own.
    var hasLines = false
    let shape: JSONShape

    /// All files of JSON that programs read, in order of the names.
    static let all = [dashboards, notifications, report, run]
}
