import JSONText
import Testing

@Suite struct JSONTreeTests {
    private func tree(_ text: String) -> JSONTree? { JSONTree(Array(text.utf8)) }

    @Test func readsEveryKindOfValue() {
        let read = tree(
            #" {"a": [1, -2.50, "x\u00e9\n"], "b": {}, "c": [], "d": null, "e": true} "#)
        #expect(
            read
                == .object([
                    ("a", .array([.number("1"), .number("-2.50"), .string("xé\n")])),
                    ("b", .object([])), ("c", .array([])), ("d", .null), ("e", .bool(true)),
                ]))
        #expect(read?["a"]?.values?.first?.integer == 1)
        #expect(read?["a"]?.values?[1].integer == nil)
        #expect(read?["e"] == .bool(true))
        #expect(read?["f"] == nil)
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\":1,}", "{\"a\" 1}", "{a:1}", "[1 2]", "01", "nul", "\"a", "1 1",
        "{\"a\":1,\"a\":2}", "'a'", "[\"\u{1}\"]",
    ])
    func refusesWhatIsNoJSON(text: String) { #expect(tree(text) == nil) }

    @Test func refusesWhatLiesTooDeep() {
        func nested(_ depth: Int) -> String {
            String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
        }
        #expect(tree(nested(JSONTree.greatestDepth)) != nil)
        #expect(tree(nested(JSONTree.greatestDepth + 1)) == nil)
        #expect(tree(nested(1_000_000)) == nil)
    }
}
