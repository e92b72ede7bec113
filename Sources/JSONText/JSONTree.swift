/// A JSON text as a tree, for documents that are small and read once.
///
/// Numbers keep their text, so that none is ever a binary fraction. Objects keep their order.
public enum JSONTree: Sendable, Equatable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number's text.
    case number(String)
    /// A text.
    case string(String)
    /// Values in their order.
    case array([JSONTree])
    /// Members in their order; each key once.
    case object([(key: String, value: JSONTree)])

    /// The depth beyond which a text is refused.
    public static let greatestDepth = 64

    /// Reads a whole text, strictly by RFC 8259; nil for anything else.
    ///
    /// A key that stands twice in an object is refused: readers differ in which of them counts.
    public init?(_ text: [UInt8]) {
        let tree: JSONTree? = text.withUnsafeBytes { bytes in
            var scanner = JSONScanner(bytes)
            guard let tree = try? JSONTree(&scanner, depth: 0) else { return nil }
            scanner.skipSpace()
            return scanner.next == nil ? tree : nil
        }
        guard let tree else { return nil }
        self = tree
    }

    /// The value of a key; nil where this is no object, or has no such key.
    public subscript(_ key: String) -> JSONTree? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.key == key }?.value
    }

    /// The text of a string.
    public var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }

    /// The whole number that a number is.
    public var integer: Int? {
        guard case .number(let text) = self else { return nil }
        return Int(text)
    }

    /// The values of an array.
    public var values: [JSONTree]? {
        guard case .array(let values) = self else { return nil }
        return values
    }

    /// The members of an object.
    public var members: [(key: String, value: JSONTree)]? {
        guard case .object(let members) = self else { return nil }
        return members
    }

    private init(_ scanner: inout JSONScanner, depth: Int) throws(DetailsProblem) {
        guard depth < JSONTree.greatestDepth else { throw scanner.problem(.expectedValue) }
        scanner.skipSpace()
        switch scanner.next {
        case UInt8(ascii: "{"): self = try JSONTree.object(&scanner, depth)
        case UInt8(ascii: "["): self = try JSONTree.array(&scanner, depth)
        case UInt8(ascii: "\""): self = .string(try JSONTree.string(&scanner))
        case UInt8(ascii: "t"):
            try scanner.literal("true")
            self = .bool(true)
        case UInt8(ascii: "f"):
            try scanner.literal("false")
            self = .bool(false)
        case UInt8(ascii: "n"):
            try scanner.literal("null")
            self = .null
        case .some(let byte) where byte == UInt8(ascii: "-") || byte &- UInt8(ascii: "0") < 10:
            let range = try scanner.number()
            self = .number(String(decoding: scanner.text[range], as: UTF8.self))
        default: throw scanner.problem(.expectedValue)
        }
    }

    private static func string(_ scanner: inout JSONScanner) throws(DetailsProblem) -> String {
        var content = ScratchBuffer<UInt8>()
        try scanner.string(appendingTo: &content, isWanted: true)
        return String(decoding: content.bytes, as: UTF8.self)
    }

    private static func array(
        _ scanner: inout JSONScanner, _ depth: Int
    ) throws(DetailsProblem) -> JSONTree {
        _ = scanner.pass(UInt8(ascii: "["))
        scanner.skipSpace()
        var values: [JSONTree] = []
        if scanner.pass(UInt8(ascii: "]")) { return .array(values) }
        while true {
            values.append(try JSONTree(&scanner, depth: depth + 1))
            scanner.skipSpace()
            if scanner.pass(UInt8(ascii: "]")) { return .array(values) }
            guard scanner.pass(UInt8(ascii: ",")) else { throw scanner.problem(.expectedValue) }
        }
    }

    private static func object(
        _ scanner: inout JSONScanner, _ depth: Int
    ) throws(DetailsProblem) -> JSONTree {
        _ = scanner.pass(UInt8(ascii: "{"))
        scanner.skipSpace()
        var members: [(key: String, value: JSONTree)] = []
        var keys: Set<String> = []
        if scanner.pass(UInt8(ascii: "}")) { return .object(members) }
        while true {
            scanner.skipSpace()
            guard scanner.next == UInt8(ascii: "\"") else { throw scanner.problem(.expectedValue) }
            let key = try string(&scanner)
            guard keys.insert(key).inserted else { throw scanner.problem(.expectedValue) }
            scanner.skipSpace()
            guard scanner.pass(UInt8(ascii: ":")) else { throw scanner.problem(.expectedValue) }
            members.append((key, try JSONTree(&scanner, depth: depth + 1)))
            scanner.skipSpace()
            if scanner.pass(UInt8(ascii: "}")) { return .object(members) }
            guard scanner.pass(UInt8(ascii: ",")) else { throw scanner.problem(.expectedValue) }
        }
    }

    /// Whether both say the same, members in the same order.
    public static func == (left: JSONTree, right: JSONTree) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): left == right
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)):
            left.count == right.count
                && zip(left, right).allSatisfy { $0.key == $1.key && $0.value == $1.value }
        default: false
        }
    }
}
