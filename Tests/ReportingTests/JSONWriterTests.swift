import Foundation
import Money
import Reporting
import Testing

@Suite struct JSONWriterTests {
    private func written(
        _ form: JSONWriter.Form = .compact, _ body: (inout JSONWriter) -> Void
    ) -> String {
        var json = JSONWriter(form)
        body(&json)
        return json.withUnsafeBytes { String(decoding: $0, as: UTF8.self) }
    }

    @Test(
        arguments: [
            ("plain", #""plain""#), ("", #""""#), ("say \"hi\"", #""say \"hi\"""#),
            (#"C:\dir"#, #""C:\\dir""#), ("a\nb\tc\r", #""a\nb\tc\r""#),
            ("\u{0}\u{1F}\u{B}", #""\u0000\u001f\u000b""#),
            ("</script>", #""<\/script>""#), ("a/b", #""a/b""#),
            ("\u{2028}x\u{2029}", #""\u2028x\u2029""#),
            ("\u{2027}\u{202A}", "\"\u{2027}\u{202A}\""),
            ("Kofi Ampɔfo 🎫 日本", "\"Kofi Ampɔfo 🎫 日本\""),
        ])
    func textsAreEscapedOnlyWhereTheyMustBe(text: String, expected: String) throws {
        let json = written { $0.string(text) }
        #expect(json == expected)
        let parsed = try JSONSerialization.jsonObject(
            with: Data(json.utf8), options: .fragmentsAllowed)
        #expect(parsed as? String == text)
    }

    @Test func everyByteIsEscapedTheSameWhereverItStands() {
        for byte: UInt8 in 0...0x7F {
            let alone = written { $0.string(String(UnicodeScalar(byte))) }.dropFirst().dropLast()
            for place in 0...20 {
                let before = String(repeating: "a", count: place)
                let after = String(repeating: "z", count: 20 - place)
                let whole = written { $0.string(before + String(UnicodeScalar(byte)) + after) }
                #expect(whole == "\"" + before + alone + after + "\"")
            }
        }
    }

    @Test func everyCharacterComesBackAsItWas() throws {
        var text = ""
        for value: UInt32 in 0...0x10FFFF where value < 0x3000 || value % 251 == 0 {
            guard let scalar = Unicode.Scalar(value) else { continue }
            text.unicodeScalars.append(scalar)
        }
        let json = written { $0.string(text) }
        let parsed = try JSONSerialization.jsonObject(
            with: Data(json.utf8), options: .fragmentsAllowed)
        #expect((parsed as? String).map { Array($0.unicodeScalars) } == Array(text.unicodeScalars))
    }

    @Test(
        arguments: [
            [0x61, 0xFF, 0x62], [0xC0, 0xAF], [0xE2, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80],
            [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x80, 0xA8, 0xE2], [0xC3], [0xF0, 0x9F, 0x8E],
            [0xE0, 0x9F, 0xBF],
        ] as [[UInt8]])
    func bytesThatAreNoTextBecomeReplacements(bytes: [UInt8]) throws {
        var json = JSONWriter(.compact)
        bytes.withUnsafeBytes { json.string($0) }
        let written = json.withUnsafeBytes { [UInt8]($0) }
        #expect(String(validating: written, as: UTF8.self) != nil)
        let parsed = try JSONSerialization.jsonObject(
            with: Data(written), options: .fragmentsAllowed)
        #expect((parsed as? String)?.contains("\u{FFFD}") == true)
    }

    @Test func objectsKeepTheOrderOfTheirKeys() {
        let json = written { json in
            json.object { json in
                json.field("z", 1)
                json.field("a", true)
                json.key("list")
                json.array { json in
                    json.integer(-7)
                    json.null()
                    json.array { _ in }
                    json.object { _ in }
                }
                json.field("last") { $0.string("x") }
            }
        }
        #expect(json == #"{"z":1,"a":true,"list":[-7,null,[],{}],"last":"x"}"#)
    }

    @Test func prettyTextHasALineForEachValue() {
        let json = written(.pretty) { json in
            json.object { json in
                json.field("none") { $0.object { _ in } }
                json.field("two") { json in
                    json.array { json in
                        json.integer(1)
                        json.object { $0.field("k", "v") }
                    }
                }
            }
        }
        #expect(
            json == """
                {
                  "none": {},
                  "two": [
                    1,
                    {
                      "k": "v"
                    }
                  ]
                }
                """)
    }

    @Test func aLineHoldsOneDocument() {
        let json = written { json in
            for number in 1...2 {
                json.object { $0.field("n", number) }
                json.endLine()
            }
        }
        #expect(json == "{\"n\":1}\n{\"n\":2}\n")
    }

    @Test func aFinishedDocumentEndsWithALineFeed() {
        var json = JSONWriter()
        json.array { $0.bool(false) }
        #expect(String(decoding: json.finish(), as: UTF8.self) == "[\n  false\n]\n")
    }

    @Test func memoryIsUsedAgain() {
        let json = written { json in
            json.array { $0.integer(1) }
            json.removeAll()
            json.array { $0.integer(2) }
        }
        #expect(json == "[2]")
    }

    @Test(
        arguments: [
            ("JPY", -1500, #""-1500""#), ("GHS", 5, #""0.05""#), ("GHS", -1230, #""-12.30""#),
            ("KWD", 1_234_567, #""1234.567""#), ("GHS", Int64.min, #""-92233720368547758.08""#),
        ] as [(String, Int64, String)])
    func amountsHaveTheirCurrencysDigits(code: String, amount: Int64, expected: String) throws {
        let currency = try TestReports.currency(code)
        #expect(written { $0.amount(amount, currency) } == expected)
    }

    @Test(arguments: [(9731, "0.9731"), (10_000, "1.0000"), (0, "0.0000")] as [(Int64, String)])
    func ratesAreExactDecimals(value: Int64, expected: String) {
        #expect(written { $0.decimal(value, digits: 4) } == expected)
    }
}
