import Foundation
import TestKit
import Testing

@testable import JSONText

/// What a reader found, as plain values.
enum ReadValue: Equatable {
    case string(String)
    case number(String)
    case bool(Bool)
    case null

    init(_ value: DetailsValue) {
        self =
            switch value {
            case .string(let bytes): .string(String(decoding: bytes, as: UTF8.self))
            case .number(let bytes): .number(String(decoding: bytes, as: UTF8.self))
            case .bool(let flag): .bool(flag)
            case .null: .null
            }
    }
}

/// Reads one text by several paths.
func read(_ text: [UInt8], paths: [String]) -> (values: [ReadValue?], problem: DetailsProblem?) {
    var reader = DetailsReader(paths: paths)
    let problem = text.withUnsafeBytes { reader.read($0) }
    var values: [ReadValue?] = []
    for index in paths.indices { values.append(reader.value(index).map(ReadValue.init)) }
    return (values, problem)
}

@Suite struct DetailsReaderTests {
    static let booking = #"""
        {"type": "tour", "participants": 4, "paid": true, "note": null, "rate": -12.50e+2,
         "customer": {"name": "Am\u00e9lie \"A\" \ud83d\ude00", "tags": ["x", {"id": "second"}]},
         "0": "zero", "empty": "", "deep": [[1, 2], [3, 4]]}
        """#

    @Test(
        arguments: [
            ("type", .string("tour")),
            ("participants", .number("4")),
            ("paid", .bool(true)),
            ("note", .null),
            ("rate", .number("-12.50e+2")),
            ("customer.name", .string("Am\u{E9}lie \"A\" \u{1F600}")),
            ("customer.tags.0", .string("x")),
            ("customer.tags.1.id", .string("second")),
            ("customer.tags.2", nil),
            ("customer.tags.01", nil),
            ("customer", nil),
            ("0", .string("zero")),
            ("empty", .string("")),
            ("deep.1.0", .number("3")),
            ("deep.1.0.x", nil),
            ("Type", nil),
            ("typ", nil),
            ("missing.path", nil),
        ] as [(String, ReadValue?)])
    func valuesAreFoundByTheirPath(path: String, expected: ReadValue?) {
        let alone = read(Array(DetailsReaderTests.booking.utf8), paths: [path])
        #expect(alone.problem == nil)
        #expect(alone.values == [expected])
        let among = read(
            Array(DetailsReaderTests.booking.utf8),
            paths: ["customer.name", path, "type", path, "deep.0"])
        #expect(among.values[1] == expected)
        #expect(among.values[3] == expected)
        #expect(among.values[2] == .string("tour"))
    }

    @Test func aTextMayBeOneValue() {
        #expect(read(Array(" \"a\" ".utf8), paths: [""]).values == [.string("a")])
        #expect(read(Array("-0".utf8), paths: [""]).values == [.number("-0")])
        #expect(read(Array("[]".utf8), paths: [""]).values == [nil])
    }

    @Test(
        arguments: [
            (#"{"a": 1, "a": 2}"#, "a", .number("2")),
            (#"{"a": "x", "a": null}"#, "a", .null),
            (#"{"a": {"b": 1}, "a": {"c": 2}}"#, "a.b", nil),
            (#"{"a": {"b": 1}, "a": 5}"#, "a.b", nil),
            (#"{"a": [1, 2], "\u0061": {"1": true}}"#, "a.1", .bool(true)),
        ] as [(String, String, ReadValue?)])
    func theLastOfTwoEqualKeysCounts(text: String, path: String, expected: ReadValue?) {
        let result = read(Array(text.utf8), paths: [path])
        #expect(result.problem == nil)
        #expect(result.values == [expected])
    }

    @Test(
        arguments: [
            ("", 0, .endOfText),
            ("  ", 2, .endOfText),
            ("{", 1, .endOfText),
            ("{\"a\":1,}", 7, .expectedKey),
            ("{\"a\" 1}", 5, .expectedColon),
            ("{\"a\":1 \"b\"}", 7, .expectedCommaOrBrace),
            ("{'a':1}", 1, .expectedKey),
            ("[1 2]", 3, .expectedCommaOrBracket),
            ("[1,]", 3, .expectedValue),
            ("[,1]", 1, .expectedValue),
            ("01", 1, .trailingText),
            ("-", 1, .endOfText),
            ("-x", 1, .invalidNumber),
            ("1.", 2, .endOfText),
            ("1.e5", 2, .invalidNumber),
            ("1e+", 3, .endOfText),
            ("+1", 0, .expectedValue),
            ("nul", 3, .endOfText),
            ("nulL", 3, .expectedValue),
            ("true false", 5, .trailingText),
            ("\"a\nb\"", 2, .controlCharacter),
            ("\"ab", 3, .endOfText),
            ("\"\\x\"", 2, .invalidEscape),
            ("\"\\u12G4\"", 5, .invalidEscape),
            ("\"\\u12", 5, .endOfText),
            ("\"ab\\ud800\"", 3, .unpairedSurrogate),
            ("\"\\udc00\"", 1, .unpairedSurrogate),
            ("\"\\ud800\\u0041\"", 1, .unpairedSurrogate),
            ("\u{FEFF}1", 0, .expectedValue),
        ] as [(String, Int, DetailsProblem.Reason)])
    func whatIsWrongIsToldWithItsPlace(text: String, offset: Int, reason: DetailsProblem.Reason) {
        let result = read(Array(text.utf8), paths: ["", "a", "0"])
        #expect(result.problem == DetailsProblem(offset: offset, reason: reason))
        #expect(result.values == [nil, nil, nil])
    }

    @Test(arguments: [
        [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
    ])
    func stringsAreValidUTF8(text: [UInt8]) {
        #expect(read(text, paths: [""]).problem?.reason == .invalidUTF8)
    }

    @Test func nestingIsBounded() {
        func nested(_ depth: Int) -> [UInt8] {
            Array(String(repeating: "[", count: depth).utf8)
                + Array(String(repeating: "]", count: depth).utf8)
        }
        #expect(read(nested(64), paths: ["0.0"]).problem == nil)
        let problem = read(nested(65), paths: ["0.0"]).problem
        #expect(problem == DetailsProblem(offset: 64, reason: .tooDeep))
        #expect(problem?.description == "byte 64: nested more than 64 deep")
        #expect(read(nested(1_000_000), paths: []).problem?.reason == .tooDeep)
    }

    @Test func aReaderForgetsTheTextBefore() {
        var reader = DetailsReader(paths: ["a"])
        let texts = [#"{"a": "first"}"#, "{}", #"{"a": 1}"#, "{\"a\": 2", #"{"a": "other"}"#]
        var values: [ReadValue?] = []
        for text in texts {
            _ = Array(text.utf8).withUnsafeBytes { reader.read($0) }
            values.append(reader.value(0).map(ReadValue.init))
        }
        #expect(values == [.string("first"), nil, .number("1"), nil, .string("other")])
    }

    /// Thousands of damaged texts: what the system's reader accepts is accepted, and what it
    /// rejects is rejected, and the values are the same.
    @Test(arguments: [1, 2, 3] as [UInt64])
    func damagedTextsAreReadAsTheSystemReadsThem(seed: UInt64) {
        var generator = SeededGenerator(seed)
        let alphabet = Array("{}[]\",:\\u0d8ce1.-+tfn \nz\u{E9}".utf8) + [0xFF, 0x00, 0x80, 0xED]
        let paths = ["type", "customer.name", "customer.tags.1.id", "deep.1.0", "rate"]
        var accepted = 0
        for _ in 0..<6000 {
            var text = Array(DetailsReaderTests.booking.utf8)
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let place = Int.random(in: 0..<text.count, using: &generator)
                switch Int.random(in: 0..<4, using: &generator) {
                case 0: text.remove(at: place)
                case 1: text.insert(alphabet.randomElement(using: &generator) ?? 0, at: place)
                case 2: text[place] = alphabet.randomElement(using: &generator) ?? 0
                default: text.removeSubrange(place..<min(text.count, place + 5))
                }
            }
            let (values, problem) = read(text, paths: paths)
            let system = try? JSONSerialization.jsonObject(
                with: Data(text), options: .fragmentsAllowed)
            if (problem == nil) != (system != nil), !isCommaBeforeBracket(problem, in: text) {
                Issue.record(
                    "\(String(decoding: text, as: UTF8.self)): \(String(describing: problem))")
            }
            guard problem == nil, let system else {
                #expect(values.allSatisfy { $0 == nil })
                continue
            }
            accepted += 1
            for (path, value) in zip(paths, values) {
                #expect(DetailsReaderTests.isSame(value, DetailsReaderTests.find(path, in: system)))
            }
        }
        #expect(accepted > 500)
    }

    /// The system's reader lets `[1,]` and `{"a":1,}` pass, which RFC 8259 does not.
    func isCommaBeforeBracket(_ problem: DetailsProblem?, in text: [UInt8]) -> Bool {
        guard let problem, problem.offset < text.count else { return false }
        let before = text[..<problem.offset].last { $0 > 0x20 }
        return [UInt8(ascii: "]"), UInt8(ascii: "}")].contains(text[problem.offset])
            && before == UInt8(ascii: ",")
    }

    static func find(_ path: String, in root: Any) -> Any? {
        path.split(separator: ".").reduce(Optional(root)) { value, segment in
            if let object = value as? [String: Any] { return object[String(segment)] }
            guard let array = value as? [Any], let index = Int(segment), index < array.count else {
                return nil
            }
            return array[index]
        }
    }

    static func isSame(_ value: ReadValue?, _ other: Any?) -> Bool {
        switch value {
        case .string(let text): return other as? String == text
        case .number(let text): return (other as? NSNumber)?.doubleValue == Double(text)
        case .bool(let flag): return other as? Bool == flag
        case .null: return other is NSNull
        case nil: return other == nil || other is [Any] || other is [String: Any]
        }
    }
}
