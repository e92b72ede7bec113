import Testing

@testable import Definition

/// Files that were made to do harm, or that are no definitions at all.
@Suite struct HostileFileTests {
    /// The first line of what is said about bytes.
    private func firstLine(_ bytes: [UInt8]) -> String {
        complaints(bytes: bytes).split(separator: "\n").first.map(String.init) ?? ""
    }

    private func firstLine(_ text: String) -> String { firstLine(Array(text.utf8)) }

    @Test(arguments: [("[", "]"), ("{a: ", "}")])
    func nestingEndsAtItsBound(open: String, close: String) {
        // The root mapping, and the value inside it.
        let allowed = YAMLComposer.deepestNesting - 1
        func nested(_ depth: Int) -> String {
            "a: " + String(repeating: open, count: depth) + String(repeating: close, count: depth)
        }
        #expect(firstLine(nested(allowed)).hasSuffix("error: unknown key \"a\""))
        #expect(firstLine(nested(allowed + 1)).hasSuffix("error: the nesting is too deep"))
    }

    @Test(.timeLimit(.minutes(1)), arguments: ["[", "{a: ", "- ", "? ", "[{", "a:\n "])
    func endlessNestingIsRefusedAtOnce(step: String) {
        let count = YAMLComposer.largestFile / step.utf8.count
        #expect(!firstLine(String(repeating: step, count: count)).isEmpty)
    }

    @Test func theBoundsAreTold() {
        #expect(
            complaints("a: " + String(repeating: "[", count: 64)) == """
                t.yaml:1:67: error: the nesting is too deep
                    expected: at most 64 lists and mappings inside each other
                    found: one more
                    to do: check the brackets and the indentation before this place
                """)
        #expect(
            complaints("name: " + String(repeating: "x", count: 70_000)) == """
                t.yaml:1:7: error: a value is too long
                    expected: at most 65536 bytes
                    found: 70000 bytes
                    to do: check for a quote that is never closed
                """)
        let manyKeys = (0..<300).map { "k\($0): 1\n" }.joined()
        #expect(
            complaints(minimal + manyKeys).hasSuffix(
                """
                t.yaml: error: 100 more findings are not shown
                    expected: a definition
                    found: 300 findings
                    to do: mend the first ones, and check that this is the right file
                """))
    }

    @Test func blockNestingIsBoundToo() {
        let lines = (0..<100).map { String(repeating: " ", count: $0) + "a:\n" }
        #expect(firstLine(lines.joined()) == "t.yaml:65:65: error: the nesting is too deep")
    }

    @Test func aBombOfAliasesIsRefusedAtItsFirstAnchor() {
        var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1..<60 {
            let references = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            bomb += "a\(level): &a\(level) [\(references)]\n"
        }
        #expect(firstLine(bomb) == "t.yaml:1:5: error: anchors and aliases are not allowed")
    }

    @Test(arguments: ["", "\"", "'"])
    func aLongValueEndsAtItsBound(quote: String) {
        func value(_ length: Int) -> String {
            "name: " + quote + String(repeating: "x", count: length) + quote + "\n"
        }
        let longest = YAMLComposer.longestScalar
        #expect(firstLine(value(longest)).hasSuffix("error: the key currency is missing"))
        #expect(firstLine(value(longest + 1)) == "t.yaml:1:7: error: a value is too long")
    }

    @Test func aLongKeyEndsAtItsBound() {
        let key = String(repeating: "k", count: YAMLComposer.longestScalar + 1)
        #expect(firstLine("? \(key)\n: 1\n") == "t.yaml:1:3: error: a value is too long")
    }

    @Test func messagesNeverRepeatALongValue() {
        let long = String(repeating: "x", count: 60_000)
        let text = complaints(
            "? \(long)\n: 1\nbackfill: {kinds: {? \(long) : 1}}\ncurrency: \(long)\n")
        #expect(text.contains("x…\""))
        #expect(text.utf8.count < 3000)
    }

    @Test func aFileEndsAtItsBound() {
        let comment = Array(minimal.utf8) + [UInt8](repeating: UInt8(ascii: "#"), count: 1 << 20)
        let largest = YAMLComposer.largestFile
        #expect(firstLine(Array(comment.prefix(largest))) == "")
        #expect(
            firstLine(Array(comment.prefix(largest + 1)))
                == "t.yaml: error: the definition is too large")
    }

    @Test(arguments: [
        ([0x6E, 0x3A, 0x20, 0xFF], "t.yaml:1:4: error: not YAML: invalid leading UTF-8 octet"),
        ([0x23, 0x0A, 0xC3, 0x28], "t.yaml:2:2: error: not YAML: invalid trailing UTF-8 octet"),
        ([0xC3], "t.yaml:1:1: error: not YAML: incomplete UTF-8 octet sequence"),
        ([0xC0, 0x80], "t.yaml:1:1: error: not YAML: invalid length of a UTF-8 sequence"),
        ([0xED, 0xA0, 0x80], "t.yaml:1:1: error: not YAML: invalid Unicode character"),
        ([0x61, 0x00, 0x62], "t.yaml:1:2: error: not YAML: control characters are not allowed"),
        ([0x61, 0x1B, 0x5B], "t.yaml:1:2: error: not YAML: control characters are not allowed"),
        (
            [0xFF, 0xFE, 0x6E, 0x00, 0x3A, 0x00],
            "t.yaml:1:1: error: not YAML: invalid leading UTF-8 octet"
        ),
        ([0x00], "t.yaml:1:1: error: not YAML: control characters are not allowed"),
        (
            [0x28, 0xB5, 0x2F, 0xFD, 0x04, 0x00],
            "t.yaml:1:2: error: not YAML: invalid leading UTF-8 octet"
        ),
    ])
    func bytesThatAreNoTextAreTold(bytes: [UInt8], message: String) {
        #expect(firstLine(bytes) == message)
        #expect(
            complaints(bytes: bytes)
                .hasSuffix("to do: save the file as UTF-8 text without control characters"))
    }

    @Test func controlCharactersInAnEscapeDoNotReachTheTerminal() {
        let text = complaints(minimal + #""\e[2J": 1"# + "\n")
        #expect(text.contains(#"unknown key "\u{1b}[2J""#))
        #expect(!text.utf8.contains(0x1B))
    }

    @Test func aByteOrderMarkAndForeignLineEndsChangeNothing() throws {
        let plain = try parse(minimal)
        let lines = minimal.split(separator: "\n").joined(separator: "\r\n") + "\r\n"
        let foreign = try PipelineDefinition.parse(
            bytes: [0xEF, 0xBB, 0xBF] + Array(lines.utf8), file: "t.yaml", isKnownZone: isKnownZone)
        #expect(foreign.inputs == plain.inputs)
        #expect(foreign.name == plain.name)
    }

    @Test(arguments: [
        ("{é: 1, name: *n}", "t.yaml:1:15:"),
        ("# ééé\n{€€: 1, 名前: *n}", "t.yaml:2:21:"),
        ("é: 1\r\nb: *n", "t.yaml:2:4:"),
    ])
    func columnsCountBytes(text: String, position: String) {
        #expect(firstLine(text) == "\(position) error: anchors and aliases are not allowed")
    }

    @Test(.timeLimit(.minutes(1)))
    func aLineOfManyKeysIsReadInTimeAndItsFindingsAreCounted() {
        let keys = (0..<80_000).map { "é\($0): 1" }.joined(separator: ", ")
        let text = complaints("{" + keys + "}")
        #expect(text.split(separator: "\n").count == 4 * 201)
        #expect(text.contains("79804 more findings are not shown"))
    }

    /// Cut and damaged definitions are read or refused, and nothing else happens.
    @Test(arguments: [UInt64(1), 2, 3])
    func damagedDefinitionsAreReadOrRefused(seed: UInt64) throws {
        let whole = try readFile(repository + "/pipelines/tours.yaml", limit: 1 << 20)
        var random = Numbers(state: seed)
        var refused = 0
        for round in 0..<400 {
            var damaged = Array(
                whole.prefix(round % 4 == 0 ? Int(random.next() % 4000) : whole.count))
            for _ in 0..<(random.next() % 6) where !damaged.isEmpty {
                let place = Int(random.next() % UInt64(damaged.count))
                switch random.next() % 3 {
                case 0: damaged[place] = UInt8(truncatingIfNeeded: random.next())
                case 1: damaged.remove(at: place)
                default: damaged.insert(contentsOf: damaged[place...].prefix(40), at: place)
                }
            }
            let text = complaints(bytes: damaged)
            if !text.isEmpty {
                #expect(text.hasPrefix("t.yaml"), "seed \(seed), round \(round): \(text)")
                refused += 1
            }
        }
        #expect(refused > 200, "seed \(seed)")
    }

    /// A generator of numbers that are the same for the same seed.
    private struct Numbers: RandomNumberGenerator {
        var state: UInt64

        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state >> 33
        }
    }
}
