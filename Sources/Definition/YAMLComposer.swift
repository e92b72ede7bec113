import Diagnostics

/// Builds the tree of one YAML document, within bounds that keep a hostile file harmless.
///
/// Anchors and aliases are refused: a few of them unfold to gigabytes, and a definition that says
/// each thing once needs none.
struct YAMLComposer: ~Copyable {
    /// The longest file, in bytes.
    static let largestFile = 1 << 20
    /// How deep lists and mappings may stand inside each other.
    static let deepestNesting = 64
    /// The longest single value or key, in bytes.
    static let longestScalar = 64 << 10

    private var parser: YAMLParser
    private let file: String
    private var depth = 0
    /// Keys that stand twice: the tree holds the first, and reading goes on.
    private var findings: [Finding] = []

    private init(_ bytes: ArraySlice<UInt8>, file: String) throws(YAMLProblem) {
        parser = try YAMLParser(bytes)
        self.file = file
    }

    /// Reads a file's bytes: the tree, and the keys that stand twice.
    ///
    /// - Throws: the first thing that makes the rest unreadable.
    static func compose(
        _ bytes: [UInt8], file: String
    ) throws(Finding) -> (root: YAMLNode, findings: [Finding]) {
        guard bytes.count <= largestFile else {
            throw Finding(
                "the definition is too large", at: SourcePosition(file: file),
                expected: "at most \(largestFile) bytes", found: "more",
                remedy: "check that this is the definition and not a dump")
        }
        let hasByteOrderMark = bytes.starts(with: [0xEF, 0xBB, 0xBF])
        do {
            var composer = try YAMLComposer(bytes.dropFirst(hasByteOrderMark ? 3 : 0), file: file)
            let root = try composer.document()
            return (root, composer.findings)
        } catch let problem as YAMLProblem {
            throw Finding(problem, file: file)
        } catch let finding as Finding {
            throw finding
        } catch {
            preconditionFailure("composing throws problems and findings only, not \(error)")
        }
    }

    private mutating func document() throws -> YAMLNode {
        _ = try parser.next()
        guard try parser.next().kind == .documentStart else {
            throw Finding(
                "the file holds no definition", at: SourcePosition(file: file),
                expected: "a mapping with at least the keys name, currency, timezone and inputs",
                found: "nothing but space and comments",
                remedy: "write a definition, or let trueup init guess a first one from the dumps")
        }
        let root = try node(try parser.next())
        _ = try parser.next()
        let after = try parser.next()
        guard after.kind == .streamEnd else {
            throw Finding(
                "a second document begins", at: position(after), expected: "one document in a file",
                found: "more after the first", remedy: "keep each definition in a file of its own")
        }
        return root
    }

    private mutating func node(_ event: YAMLEvent) throws -> YAMLNode {
        try refuseReferences(event)
        switch event.kind {
        case .scalar(let text, let isPlain):
            try check(length: text.utf8.count, event)
            return YAMLNode(
                content: .scalar(text: text, isPlain: isPlain), position: position(event))
        case .sequenceStart:
            try enter(event)
            defer { depth -= 1 }
            var nodes: [YAMLNode] = []
            while let next = try child(until: .sequenceEnd) { nodes.append(try node(next)) }
            return YAMLNode(content: .sequence(nodes), position: position(event))
        default:
            try enter(event)
            defer { depth -= 1 }
            return YAMLNode(content: .mapping(try entries()), position: position(event))
        }
    }

    private mutating func entries() throws -> [YAMLEntry] {
        var entries: [YAMLEntry] = []
        var places: [String: SourcePosition] = [:]
        while let event = try child(until: .mappingEnd) {
            try refuseReferences(event)
            guard case .scalar(let key, _) = event.kind else {
                throw Finding(
                    "a key is a list or a mapping", at: position(event),
                    expected: "a word before the colon", found: "a list or a mapping",
                    remedy: "write the key as plain text; quote it where it begins with [ or {")
            }
            try check(length: key.utf8.count, event)
            let value = try node(try parser.next())
            let place = position(event)
            if let first = places[key] {
                findings.append(
                    Finding(
                        "the key \(quoted(key)) stands twice", at: place,
                        expected: "every key once",
                        found: "one at \(words(first)) and another at \(words(place))",
                        remedy: "remove one of the two"))
            } else {
                places[key] = place
                entries.append(YAMLEntry(key: key, position: place, value: value))
            }
        }
        return entries
    }

    /// The next event, or nil where the list or mapping ends.
    private mutating func child(until end: YAMLEvent.Kind) throws -> YAMLEvent? {
        let event = try parser.next()
        return event.kind == end ? nil : event
    }

    private mutating func enter(_ event: YAMLEvent) throws {
        depth += 1
        guard depth > Self.deepestNesting else { return }
        throw Finding(
            "the nesting is too deep", at: position(event),
            expected: "at most \(Self.deepestNesting) lists and mappings inside each other",
            found: "one more", remedy: "check the brackets and the indentation before this place")
    }

    private func check(length: Int, _ event: YAMLEvent) throws {
        guard length > Self.longestScalar else { return }
        throw Finding(
            "a value is too long", at: position(event),
            expected: "at most \(Self.longestScalar) bytes", found: "\(length) bytes",
            remedy: "check for a quote that is never closed")
    }

    private func refuseReferences(_ event: YAMLEvent) throws {
        if event.kind == .alias || event.hasAnchor {
            throw Finding(
                "anchors and aliases are not allowed", at: position(event),
                expected: "every value written where it is used",
                found: event.kind == .alias ? "an alias" : "an anchor",
                remedy: "write the value out; quote a text that begins with & or *")
        }
        if event.hasTag {
            throw Finding(
                "tags are not allowed", at: position(event), expected: "a value without a tag",
                found: "a tag", remedy: "remove it; quote a text that begins with !")
        }
    }

    private func position(_ event: YAMLEvent) -> SourcePosition {
        SourcePosition(file: file, line: event.mark.line, column: event.mark.column)
    }

    private func words(_ position: SourcePosition) -> String {
        "line \(position.line), column \(position.column)"
    }
}

extension Finding {
    /// Tells what libyaml could not read.
    fileprivate init(_ problem: YAMLProblem, file: String) {
        var found = "the end of the file"
        if let byte = problem.byte {
            let isPrintable = (0x20..<0x7F).contains(byte)
            let hexadecimal = String(byte, radix: 16, uppercase: true)
            found =
                isPrintable
                ? "the character " + quoted(String(UnicodeScalar(byte)))
                : "the byte 0x" + (byte < 0x10 ? "0" : "") + hexadecimal
        }
        if let context = problem.context, let mark = problem.contextMark {
            found += " \(context) from line \(mark.line), column \(mark.column)"
        }
        var remedy = "check the indentation, the quotes and the brackets up to this place"
        if problem.isEncoding {
            remedy = "save the file as UTF-8 text without control characters"
        } else if problem.byte == UInt8(ascii: "\t") {
            remedy = "indent with spaces instead of tabs"
        }
        self.init(
            "not YAML: \(problem.text)",
            at: SourcePosition(file: file, line: problem.mark.line, column: problem.mark.column),
            expected: "one YAML document in UTF-8", found: found, remedy: remedy)
    }
}
