/// Reads values by their paths from a JSON text, such as a payment's details, in one pass.
///
/// The text is read strictly by RFC 8259 to its end, whatever the paths, and nothing of a text that
/// is no JSON is kept. Objects and arrays are at most 64 deep. Where an object has a key twice, the
/// last member counts and the first is as if it were not there, as in JavaScript, PHP and Python.
/// A reader is used again and again; warm calls allocate nothing.
public struct DetailsReader: ~Copyable {
    /// How deep objects and arrays may be nested.
    public static let greatestDepth = 64

    private let tree: PathTree
    /// What was found at each node of the tree.
    private var found: ScratchBuffer<Found>
    /// The content of the strings and the digits of the numbers that were found.
    private var content = ScratchBuffer<UInt8>(capacity: 256)

    /// A value and where its content lies.
    ///
    /// Not private, since Swift 6.3 fails on a client of a noncopyable type that has a generic
    /// field of a private one.
    struct Found: BitwiseCopyable {
        enum Kind: UInt8 { case nothing, string, number, yes, no, null }
        var kind = Kind.nothing
        var begin = 0
        var end = 0
    }

    /// A reader of these paths.
    ///
    /// A path is object keys joined by dots; a number may also be a place in an array, counted
    /// from 0. The empty path is the whole text. Keys that have a dot cannot be named.
    public init(paths: [String]) {
        tree = PathTree(paths: paths)
        found = ScratchBuffer(capacity: tree.nodeCount)
        found.fill(Found(), count: tree.nodeCount)
    }

    /// The value at a path, by its index in `init`, in the text read last; nil where there is none,
    /// or an object or array.
    public func value(_ pathIndex: Int) -> DetailsValue? {
        let found = found[tree.ends[pathIndex]]
        let bytes = UnsafeRawBufferPointer(rebasing: content.bytes[found.begin..<found.end])
        return switch found.kind {
        case .nothing: nil
        case .string: .string(bytes)
        case .number: .number(bytes)
        case .yes: .bool(true)
        case .no: .bool(false)
        case .null: .null
        }
    }

    /// Reads a text and keeps the values at the paths; returns what is wrong where it is no JSON,
    /// and then there are no values.
    public mutating func read(_ text: UnsafeRawBufferPointer) -> DetailsProblem? {
        forgetAll()
        var scanner = JSONScanner(text)
        do throws(DetailsProblem) {
            try value(at: 0, depth: 0, &scanner)
            scanner.skipSpace()
            if scanner.offset < text.count { throw scanner.problem(.trailingText) }
            return nil
        } catch {
            forgetAll()
            return error
        }
    }

    private mutating func forgetAll() {
        content.removeAll()
        found.fill(Found(), count: tree.nodeCount)
    }

    private mutating func value(
        at node: Int, depth: Int, _ scanner: inout JSONScanner
    ) throws(DetailsProblem) {
        scanner.skipSpace()
        let isWanted = node >= 0
        if isWanted { forget(below: node) }
        let begin = content.count
        let kind: Found.Kind
        guard let first = scanner.next else { throw scanner.problem(.endOfText) }
        switch first {
        case UInt8(ascii: "{"): return try object(at: node, depth: depth + 1, &scanner)
        case UInt8(ascii: "["): return try array(at: node, depth: depth + 1, &scanner)
        case UInt8(ascii: "\""):
            try scanner.string(appendingTo: &content, isWanted: isWanted)
            kind = .string
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            let range = try scanner.number()
            if isWanted { content.append(contentsOf: scanner.text[range]) }
            kind = .number
        case UInt8(ascii: "t"):
            try scanner.literal("true")
            kind = .yes
        case UInt8(ascii: "f"):
            try scanner.literal("false")
            kind = .no
        case UInt8(ascii: "n"):
            try scanner.literal("null")
            kind = .null
        default: throw scanner.problem(.expectedValue)
        }
        if isWanted { found[node] = Found(kind: kind, begin: begin, end: content.count) }
    }

    private mutating func object(
        at node: Int, depth: Int, _ scanner: inout JSONScanner
    ) throws(DetailsProblem) {
        guard depth <= DetailsReader.greatestDepth else { throw scanner.problem(.tooDeep) }
        _ = scanner.pass(UInt8(ascii: "{"))
        scanner.skipSpace()
        if scanner.pass(UInt8(ascii: "}")) { return }
        repeat {
            scanner.skipSpace()
            guard scanner.next == UInt8(ascii: "\"") else { throw scanner.problem(.expectedKey) }
            let member = try key(at: node, &scanner)
            scanner.skipSpace()
            guard scanner.pass(UInt8(ascii: ":")) else { throw scanner.problem(.expectedColon) }
            try value(at: member, depth: depth, &scanner)
            scanner.skipSpace()
        } while scanner.pass(UInt8(ascii: ","))
        guard scanner.pass(UInt8(ascii: "}")) else {
            throw scanner.problem(.expectedCommaOrBrace)
        }
    }

    /// Passes a key and returns the node that it leads to.
    private mutating func key(
        at node: Int, _ scanner: inout JSONScanner
    ) throws(DetailsProblem) -> Int {
        let isWanted = tree.leadsOn(from: node)
        let begin = content.count
        try scanner.string(appendingTo: &content, isWanted: isWanted)
        guard isWanted else { return PathTree.nowhere }
        let key = UnsafeRawBufferPointer(rebasing: content.bytes[begin...])
        let member = tree.member(of: node, key: key)
        content.setCount(begin)
        return member
    }

    private mutating func array(
        at node: Int, depth: Int, _ scanner: inout JSONScanner
    ) throws(DetailsProblem) {
        guard depth <= DetailsReader.greatestDepth else { throw scanner.problem(.tooDeep) }
        _ = scanner.pass(UInt8(ascii: "["))
        scanner.skipSpace()
        if scanner.pass(UInt8(ascii: "]")) { return }
        let leadsOn = tree.leadsOn(from: node)
        var index = 0
        repeat {
            let element = leadsOn ? tree.element(of: node, index: index) : PathTree.nowhere
            try value(at: element, depth: depth, &scanner)
            scanner.skipSpace()
            index += 1
        } while scanner.pass(UInt8(ascii: ","))
        guard scanner.pass(UInt8(ascii: "]")) else {
            throw scanner.problem(.expectedCommaOrBracket)
        }
    }

    /// Removes what an earlier member of the same key left.
    private mutating func forget(below node: Int) {
        let found = found.elements
        tree.forEachNode(from: node) { found[$0] = Found() }
    }
}
