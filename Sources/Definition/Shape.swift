import Diagnostics

/// What a value of the definition looks like: one description from which both the reading of
/// pipeline files and the JSON Schema for editors follow.
struct Shape<Value: Sendable>: Sendable {
    /// The shape in JSON Schema.
    let schema: JSON
    /// Reads a value; nil after reporting what is wrong with it.
    let read: @Sendable (YAMLNode, inout Decoding) -> Value?
}

/// A key of a mapping, and where its value goes.
struct Key<Root: Sendable>: Sendable {
    let name: String
    /// For a key that must be there: how to write it.
    let example: String?
    /// The key in JSON Schema, with its summary and its default.
    let schema: JSON
    let read: @Sendable (YAMLNode, inout Root, inout Decoding) -> Void

    /// A key that may be left out; its default is what then holds, as a definition would write it.
    init<Value>(
        _ name: String, _ target: any WritableKeyPath<Root, Value> & Sendable,
        _ shape: Shape<Value>, default standard: JSON? = nil, _ summary: String
    ) {
        self.init(name, target, shape, example: nil, standard: standard, summary)
    }

    /// A key that must be there.
    static func required<Value>(
        _ name: String, _ target: any WritableKeyPath<Root, Value> & Sendable,
        _ shape: Shape<Value>, example: String, _ summary: String
    ) -> Key {
        Key(name, target, shape, example: example, standard: nil, summary)
    }

    private init<Value>(
        _ name: String, _ target: any WritableKeyPath<Root, Value> & Sendable,
        _ shape: Shape<Value>, example: String?, standard: JSON?, _ summary: String
    ) {
        self.name = name
        self.example = example
        var about: JSON = ["description": .string(summary)]
        if let standard { about = about.merging(["default": standard]) }
        schema = about.merging(shape.schema)
        read = { node, root, decoding in
            let value = decoding.descend(to: name) { shape.read(node, &$0) }
            if let value { root[keyPath: target] = value }
        }
    }
}

extension Shape {
    /// The same shape for a part that a definition may do without.
    var optional: Shape<Value?> {
        Shape<Value?>(schema: schema) { node, decoding in
            read(node, &decoding).map(Optional.some)
        }
    }

    /// The shape with a reference to one of the JSON Schema's `$defs` in place of its own schema, so
    /// that what stands in many places is written once.
    func shared(as name: String) -> Shape {
        Shape(schema: ["$ref": .string("#/$defs/\(name)")], read: read)
    }

    /// The shape with a further condition, which reports what is wrong.
    func checked(_ check: @escaping @Sendable (Value, YAMLNode, inout Decoding) -> Void) -> Shape {
        Shape(schema: schema) { node, decoding in
            guard let value = read(node, &decoding) else { return nil }
            check(value, node, &decoding)
            return value
        }
    }

    /// The shape with another type of value.
    func map<Other>(_ transform: @escaping @Sendable (Value) -> Other) -> Shape<Other> {
        Shape<Other>(schema: schema) { node, decoding in
            read(node, &decoding).map(transform)
        }
    }

    /// A mapping with these keys and no others, read into an empty value.
    ///
    /// Conditions beyond the single keys stand in `schema`, for editors, and in `check`, which is
    /// called whatever else is wrong.
    static func mapping(
        _ empty: Value, _ keys: [Key<Value>], schema: JSON = [:],
        check: @escaping @Sendable (YAMLNode, inout Decoding) -> Void = { _, _ in }
    ) -> Shape {
        Shape(schema: mappingSchema(keys).merging(schema)) { node, decoding in
            let names = keys.map(\.name)
            guard case .mapping(let entries) = node.content else {
                decoding.reportNoMapping(
                    node, holding: (names.count == 1 ? "the key " : "the keys ") + listed(names))
                return nil
            }
            decoding.reportUnknownKeys(entries, known: names)
            var value = empty
            for key in keys {
                if let node = node[key.name] {
                    key.read(node, &value, &decoding)
                } else if let example = key.example {
                    decoding.reportMissing(key.name, example: example, in: node)
                }
            }
            check(node, &decoding)
            return value
        }
    }

    private static func mappingSchema(_ keys: [Key<Value>]) -> JSON {
        let required = keys.filter { $0.example != nil }.map(\.name)
        let schema: JSON = required.isEmpty ? [:] : ["required": .strings(required)]
        let properties = keys.map { JSON.Member(key: $0.name, value: $0.schema) }
        return (["type": "object"] as JSON).merging(schema).merging([
            "properties": .object(properties), "additionalProperties": false,
        ])
    }

    /// A mapping whose keys the user chooses, in the order of the file; never empty.
    static func named<Element>(
        _ noun: String, example: String, _ element: Shape<Element>
    ) -> Shape where Value == [(name: String, value: Element)] {
        let schema: JSON = [
            "type": "object", "minProperties": 1, "additionalProperties": element.schema,
        ]
        return Shape(schema: schema) { node, decoding in
            guard case .mapping(let entries) = node.content, !entries.isEmpty else {
                decoding.reportNoMapping(node, holding: "\(noun), such as \(example)")
                return nil
            }
            return entries.compactMap { entry in
                if entry.key.allSatisfy(\.isWhitespace) {
                    decoding.report(
                        "a name\(decoding.inPlace) is empty", at: entry.position,
                        expected: "a name before the colon", found: quoted(entry.key),
                        remedy: "write it like \(example)")
                }
                let value = decoding.descend(to: entry.key) { element.read(entry.value, &$0) }
                return value.map { (entry.key, $0) }
            }
        }
    }

    /// A list in which nothing stands twice.
    static func list<Element: Hashable>(
        of element: Shape<Element>, atLeast minimum: Int = 0, _ noun: String, example: String
    ) -> Shape where Value == [Element] {
        let schema: JSON = ["type": "array", "uniqueItems": true, "items": element.schema]
        let bounds: JSON = minimum > 0 ? ["minItems": .number(String(minimum))] : [:]
        return Shape(schema: schema.merging(bounds)) { node, decoding in
            guard case .sequence(let nodes) = node.content, nodes.count >= minimum else {
                var found = node.shown
                if case .sequence = node.content { found = "an empty list" }
                decoding.report(
                    "\(decoding.place) is not a list of \(noun)", at: node.position,
                    expected: "a list of \(noun)", found: found,
                    remedy: "write it like \(example)")
                return nil
            }
            var seen: Set<Element> = []
            var elements: [Element] = []
            for (index, node) in nodes.enumerated() {
                let value = decoding.descend(toElement: index + 1) { element.read(node, &$0) }
                guard let value else { continue }
                if !seen.insert(value).inserted {
                    decoding.report(
                        "\(decoding.place) lists the same twice", at: node.position,
                        expected: "each of the \(noun) once", found: "\(node.shown) again",
                        remedy: "remove one of the two")
                }
                elements.append(value)
            }
            return elements
        }
    }

    /// A list, or its only element without the brackets.
    static func oneOrList<Element: Hashable>(
        of element: Shape<Element>, _ noun: String, example: String
    ) -> Shape where Value == [Element] {
        let list = Shape.list(of: element, atLeast: 1, noun, example: example)
        return Shape(schema: ["anyOf": [element.schema, list.schema]]) { node, decoding in
            if case .sequence = node.content { return list.read(node, &decoding) }
            return element.read(node, &decoding).map { [$0] }
        }
    }
}

extension Decoding {
    fileprivate mutating func reportNoMapping(_ node: YAMLNode, holding content: String) {
        var found = node.shown
        if case .mapping = node.content { found = "an empty mapping" }
        report(
            "\(place) is not a mapping", at: node.position, expected: "a mapping with \(content)",
            found: found, remedy: "write each key with a colon and its value, on lines of their own"
        )
    }

    fileprivate mutating func reportUnknownKeys(_ entries: [YAMLEntry], known: [String]) {
        let all = Set(known)
        for entry in entries where !all.contains(entry.key) {
            // Looking for the nearest key is dear, and beyond this nobody sees it.
            let isShown = findings.count < Decoding.readableFindings
            let nearest = isShown ? nearestWord(to: entry.key, among: known) : nil
            report(
                "unknown key \(quoted(entry.key))\(inPlace)", at: entry.position,
                expected: known.count == 1
                    ? "the key \(known[0])" : "one of " + listed(known, "or"),
                found: quoted(entry.key),
                remedy: nearest.map { "write \($0), if that is meant" } ?? "remove the key")
        }
    }

    fileprivate mutating func reportMissing(
        _ key: String, example: String, in node: YAMLNode
    ) {
        let keys = node.entries.prefix(12).map { quoted($0.key) }
        report(
            "the key \(key) is missing\(inPlace)", at: node.position, expected: "the key \(key)",
            found: keys.isEmpty ? "no keys" : "only " + listed(keys), remedy: "add \(example)")
    }
}
