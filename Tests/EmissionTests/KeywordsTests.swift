import Records
import Testing

@testable import Emission

@Suite struct KeywordsTests {
    static let kinds = [
        ["ticket", "event", "concert", "festival", "show"],
        ["tour", "safari", "park", "castle", "garden", "heritage", "city walk"],
    ]

    @Test(
        arguments: [
            ("Concert ticket for two", 0),
            ("Aburi Gardens", 1),
            ("City walks through the old town", 1),
            ("City and walk", nil),
            ("Castle tour with a show", 1),
            ("Festival in the park", 0),
            ("show SHOW show, castle tour", 1),
            ("Tourist information", nil),
            ("Sho\u{301}w", 0),
            ("", nil),
        ] as [(String, Int?)])
    func mostKeywordsTellTheKind(text: String, kind: Int?) {
        let keywords = Keywords(kinds: KeywordsTests.kinds, key: FingerprintKey())
        var normalized = NormalizedText()
        var scratch = KeywordScratch()
        normalized.set(of: text)
        #expect(keywords.kind(of: normalized, using: &scratch) == kind)
        #expect(keywords.kind(of: normalized, using: &scratch) == kind)
    }

    @Test func aKeywordOfSeveralKindsCountsForEach() {
        let keywords = Keywords(
            kinds: [["night"], ["night", "walk"], []], key: FingerprintKey())
        var text = NormalizedText()
        var scratch = KeywordScratch()
        text.set(of: "night")
        #expect(keywords.kind(of: text, using: &scratch) == 0)
        text.set(of: "night walk")
        #expect(keywords.kind(of: text, using: &scratch) == 1)
    }

    @Test func keywordsRepeatedOrEmptyCountOnce() {
        let keywords = Keywords(
            kinds: [["show", "event"], ["tour", "Tour", "TOUR!", "", "?"]], key: FingerprintKey())
        var text = NormalizedText()
        var scratch = KeywordScratch()
        text.set(of: "tour: a show, an event")
        #expect(keywords.kind(of: text, using: &scratch) == 0)
    }
}
