import JSONText
import Testing

@Suite struct JSONValueTests {
    private func read(_ text: String) throws(DetailsProblem) -> JSONValue {
        let bytes = Array(text.utf8)
        let result: Result<JSONValue, DetailsProblem> = bytes.withUnsafeBytes { bytes in
            do throws(DetailsProblem) {
                return .success(try JSONValue(reading: bytes))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    @Test func everyKindOfValueIsRead() throws {
        let value = try read(
            #" {"a": [1, -2.50, true, null, {}, []], "b": "\u00e5\n\"", "a": {"c": "x"}} "#)
        #expect(value.members.map(\.key) == ["a", "b", "a"])
        #expect(
            value.members[0].value.elements == [
                .number("1"), .number("-2.50"), .bool(true), .null, .object([]), .array([]),
            ])
        #expect(value["b"]?.text == "å\n\"")
        // The last one counts where a key stands there twice.
        #expect(value["a"]?["c"]?.text == "x")
        #expect(value["none"] == nil && value["b"]?["c"] == nil)
        #expect(try read("12").integer == 12 && read("1.5").integer == nil)
    }

    @Test(arguments: [
        ("", DetailsProblem.Reason.endOfText), ("{", .endOfText),
        ("[1 2]", .expectedCommaOrBracket),
        ("{\"a\":1 \"b\"}", .expectedCommaOrBrace), ("{a:1}", .expectedKey),
        ("{\"a\" 1}", .expectedColon), ("[1] x", .trailingText), ("[x]", .expectedValue),
        (String(repeating: "[", count: 65), .tooDeep),
    ])
    func whatIsNoJSONIsRefused(text: String, reason: DetailsProblem.Reason) {
        #expect {
            try read(text)
        } throws: {
            ($0 as? DetailsProblem)?.reason == reason
        }
    }
}
