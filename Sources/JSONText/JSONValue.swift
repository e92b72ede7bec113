/// A JSON text as a whole, for documents of a run's own: small ones, read once.
///
/// What reads details of many rows takes `DetailsReader`, which makes nothing.
public indirect enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    /// As the text writes it, which keeps every digit.
    case number(String)
    case string(String)
    case array([JSONValue])
    /// In the order of the text.
    case object([Member])

    /// A key with its value.
    public struct Member: Sendable, Hashable {
        /// The key.
        public let key: String
        /// The value.
        public let value: JSONValue
    }

    /// Reads a text to its end, strictly by RFC 8259 and at most 64 deep, as `DetailsReader` does.
    public init(reading text: UnsafeRawBufferPointer) throws(DetailsProblem) {
        var reader = JSONValueReader(text)
        self = try reader.document()
    }

    /// The value of a key, the last one where it stands there twice; nil where there is none.
    public subscript(_ key: String) -> JSONValue? { members.last { $0.key == key }?.value }

    /// The members of an object; none of anything else.
    public var members: [Member] {
        if case .object(let members) = self { members } else { [] }
    }

    /// The elements of an array; none of anything else.
    public var elements: [JSONValue] {
        if case .array(let elements) = self { elements } else { [] }
    }

    /// The content of a string, or a number as it is written; nil for anything else.
    public var text: String? {
        switch self {
        case .string(let text), .number(let text): text
        case .null, .bool, .array, .object: nil
        }
    }

    /// A whole number; nil for anything else.
    public var integer: Int64? {
        if case .number(let text) = self { Int64(text) } else { nil }
    }
}

/// Reads one document.
private struct JSONValueReader: ~Copyable {
    private var scanner: JSONScanner
    private var content = ScratchBuffer<UInt8>(capacity: 256)

    init(_ text: UnsafeRawBufferPointer) { scanner = JSONScanner(text) }

    mutating func document() throws(DetailsProblem) -> JSONValue {
        let value = try value(depth: 0)
        scanner.skipSpace()
        if scanner.next != nil { throw scanner.problem(.trailingText) }
        return value
    }

    private mutating func value(depth: Int) throws(DetailsProblem) -> JSONValue {
        scanner.skipSpace()
        guard let first = scanner.next else { throw scanner.problem(.endOfText) }
        switch first {
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            let range = try scanner.number()
            return .number(String(decoding: scanner.text[range], as: UTF8.self))
        case UInt8(ascii: "t"):
            try scanner.literal("true")
            return .bool(true)
        case UInt8(ascii: "f"):
            try scanner.literal("false")
            return .bool(false)
        case UInt8(ascii: "n"):
            try scanner.literal("null")
            return .null
        default: throw scanner.problem(.expectedValue)
        }
    }

    private mutating func string() throws(DetailsProblem) -> String {
        content.removeAll()
        try scanner.string(appendingTo: &content, isWanted: true)
        return String(decoding: content.bytes, as: UTF8.self)
    }

    private mutating func object(depth: Int) throws(DetailsProblem) -> JSONValue {
        guard depth <= DetailsReader.greatestDepth else { throw scanner.problem(.tooDeep) }
        var members: [JSONValue.Member] = []
        _ = scanner.pass(UInt8(ascii: "{"))
        scanner.skipSpace()
        if scanner.pass(UInt8(ascii: "}")) { return .object(members) }
        repeat {
            scanner.skipSpace()
            guard scanner.next == UInt8(ascii: "\"") else { throw scanner.problem(.expectedKey) }
            let key = try string()
            scanner.skipSpace()
            guard scanner.pass(UInt8(ascii: ":")) else { throw scanner.problem(.expectedColon) }
            members.append(JSONValue.Member(key: key, value: try value(depth: depth)))
            scanner.skipSpace()
        } while scanner.pass(UInt8(ascii: ","))
        guard scanner.pass(UInt8(ascii: "}")) else {
            throw scanner.problem(.expectedCommaOrBrace)
        }
        return .object(members)
    }

    private mutating func array(depth: Int) throws(DetailsProblem) -> JSONValue {
        guard depth <= DetailsReader.greatestDepth else { throw scanner.problem(.tooDeep) }
        var elements: [JSONValue] = []
        _ = scanner.pass(UInt8(ascii: "["))
        scanner.skipSpace()
        if scanner.pass(UInt8(ascii: "]")) { return .array(elements) }
        repeat {
            elements.append(try value(depth: depth))
            scanner.skipSpace()
        } while scanner.pass(UInt8(ascii: ","))
        guard scanner.pass(UInt8(ascii: "]")) else {
            throw scanner.problem(.expectedCommaOrBracket)
        }
        return .array(elements)
    }
}
