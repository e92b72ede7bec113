import Emission
import Foundation
import Testing

@Suite struct NormalizedTextTests {
    @Test(arguments: [
        ("Cape Coast Castle", "cape coast castle"),
        ("  KAKUM \t Canopy\nWalk ", "kakum canopy walk"),
        ("king's KING\u{2019}S o\u{2BC}neill", "kings kings oneill"),
        ("'quoted' dogs' tour", "quoted dogs tour"),
        ("Wi-Fi/Tour_2024 (no. 3)", "wi fi tour 2024 no 3"),
        ("Straße, Ærø & Łódź", "strasse aero lodz"),
        ("Œuvre Þór ĳs ǅ", "oeuvre thor ijs dz"),
        ("Crème Brûlée", "creme brulee"),
        ("Cre\u{300}me Bru\u{302}le\u{301}e", "creme brulee"),
        ("Đường Nguyễn Huệ", "duong nguyen hue"),
        ("Ɔkɔm Ɛyɛ Ŋ", "okom eye n"),
        ("İstanbul ıRMAK", "istanbul irmak"),
        ("ΟΔΟΣ Ὀδός Άνω", "οδοσ ὀδοσ ανω"),
        ("Ёлка Майский", "елка маискии"),
        ("Е\u{308}лка Маи\u{306}скии\u{306}", "елка маискии"),
        ("東京タワー・見学", "東京タワー 見学"),
        ("ताज महल", "ताज महल"),
        (
            "soft\u{AD}hyphen zero\u{200B}width non\u{A0}breaking",
            "softhyphen zero width non breaking"
        ),
        ("10 m² №5 €20", "10 m2 5 20"),
        ("!?… —", ""),
        ("", ""),
    ])
    func isLowerCaseWithoutAccentsAndPunctuation(text: String, expected: String) {
        #expect(normalized(Array(text.utf8)) == expected)
    }

    @Test(
        arguments: [
            ([0x61, 0xFF, 0x62], "a b"),
            ([0x61, 0xC3], "a"),
            ([0xC0, 0xAF, 0x62], "b"),
            ([0x61, 0xED, 0xA0, 0x80, 0x62], "a b"),
            ([0xF4, 0x90, 0x80, 0x80, 0x7A], "z"),
            ([0xE2, 0x82, 0x41], "a"),
            ([0x61, 0x00, 0x62], "a b"),
        ] as [([UInt8], String)])
    func bytesThatAreNoTextSeparateWords(bytes: [UInt8], expected: String) {
        #expect(normalized(bytes) == expected)
    }

    @Test func wordsLieWhereTheirRangesSay() {
        var text = NormalizedText()
        text.set(of: " Ämter  & Straßen!")
        let words = (0..<text.wordCount).map { index in
            String(decoding: text.bytes[text.word(index)], as: UTF8.self)
        }
        #expect(words == ["amter", "strassen"])
        text.set(of: "x")
        #expect(text.wordCount == 1)
        #expect(text.word(0) == 0..<1)
    }

    /// Twice in a row between letters, which also proves the room that the writer asks for.
    @Test func everyScalarIsFoldedOnceAndForAll() {
        var text = NormalizedText()
        for value in UInt32(0)...0x10_FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            switch scalar.properties.generalCategory {
            case .otherLetter, .unassigned, .privateUse: continue
            default: break
            }
            text.set(of: "a \(scalar)\(scalar) b")
            let once = String(decoding: text.bytes, as: UTF8.self)
            text.set(of: once)
            let twice = String(decoding: text.bytes, as: UTF8.self)
            if once != twice { Issue.record("U+\(String(value, radix: 16)): \(once), \(twice)") }
        }
    }

    @Test(
        arguments: [0xC0...0x24F, 0x1E00...0x1EFF, 0x370...0x3FF, 0x400...0x45F]
            as [ClosedRange<UInt32>])
    func composedAndDecomposedLettersAreEqual(range: ClosedRange<UInt32>) {
        for value in range {
            guard let scalar = Unicode.Scalar(value), scalar.properties.isAlphabetic else {
                continue
            }
            let composed = String(scalar)
            let decomposed = composed.decomposedStringWithCanonicalMapping
            #expect(normalized(Array(composed.utf8)) == normalized(Array(decomposed.utf8)))
        }
    }
}
