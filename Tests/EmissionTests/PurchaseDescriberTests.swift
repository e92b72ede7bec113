import Emission
import Reconciliation
import Records
import Rules
import TestKit
import Testing
import Time

/// Where each fact of a purchase comes from.
@Suite struct PurchaseDescriberTests {
    static let items = [
        CatalogueItem(
            id: "C1", name: "Elmina Castle", kind: "destination", aliases: "Elmina",
            seller: "sika@example.com"),
        CatalogueItem(id: "C2", name: "Jazz Night", kind: "ticket", aliases: "", seller: ""),
        CatalogueItem(id: "C3", name: "School Fund", kind: "donation", aliases: "", seller: ""),
    ]

    /// What the purchase with these texts was for; an order is told by its fields in their order:
    /// item, kind, quantity, date, start, end, seller.
    static func describe(
        _ description: String = "", details: String = "", kind: String = "",
        order: [String]? = nil, items: [CatalogueItem] = items,
        change: (inout BackfillRules) -> Void = { _ in }
    ) -> Purchase {
        var rules = BackfillRules.tours
        rules.participants = 3
        rules.details = [
            "item": "item", "kind": "kind", "quantity": "count", "date": "day",
            "starts_at": "from", "ends_at": "to", "seller": "by",
        ]
        change(&rules)
        let book = PurchaseBook(
            items: items, rules: rules, similarityMillionths: 850_000, zone: .utc, key: key)
        var describer = PurchaseDescriber(book)
        var memory: [UnsafeMutableRawBufferPointer] = []
        defer { for piece in memory { piece.deallocate() } }
        func bytes(_ text: String) -> UnsafeRawBufferPointer {
            let piece = UnsafeMutableRawBufferPointer.allocate(
                byteCount: text.utf8.count, alignment: 1)
            piece.copyBytes(from: text.utf8)
            memory.append(piece)
            return UnsafeRawBufferPointer(piece)
        }
        var texts = PurchaseTexts()
        texts.description = bytes(description)
        texts.details = bytes(details)
        texts.kind = bytes(kind)
        if let order {
            var told = OrderTexts()
            told.item = bytes(order[0])
            told.kind = bytes(order[1])
            told.quantity = bytes(order[2])
            told.date = bytes(order[3])
            told.startsAt = bytes(order[4])
            told.endsAt = bytes(order[5])
            told.seller = bytes(order[6])
            texts.order = told
        }
        return describer.describe(texts)
    }

    static let key = FingerprintKey()

    @Test func theOrderComesFirst() {
        let purchase = PurchaseDescriberTests.describe(
            "Jazz Night", details: #"{"item": "Jazz Night", "count": 9, "day": "2026-05-01"}"#,
            order: [
                "C1", "ticket", "2", "2026-04-01", "2026-04-01T09:00:00Z", "2026-04-01T12:00:00Z",
                "kojo@example.com",
            ])
        #expect(purchase.itemName == "Elmina Castle")
        #expect(purchase.origins == "item=order kind=catalogue quantity=order date=order")
        #expect(purchase.kind == 1)
        #expect(purchase.quantity == 2)
        #expect(purchase.date == date("2026-04-01"))
        #expect(purchase.startsAt == moment("2026-04-01T09:00:00Z"))
        #expect(purchase.endsAt == moment("2026-04-01T12:00:00Z"))
        #expect(purchase.seller == "kojo@example.com")
    }

    @Test func theDetailsFillWhatTheOrderDoesNotTell() {
        let purchase = PurchaseDescriberTests.describe(
            details: #"{"item": "Jazz Night", "count": "9", "day": "2026-05-01", "by": "x"}"#,
            order: ["", "", "0", "soon", "", "", ""])
        #expect(purchase.itemName == "Jazz Night")
        #expect(purchase.kind == 0)
        #expect(purchase.quantity == 9)
        #expect(purchase.seller == "x")
        #expect(purchase.origins == "item=details kind=catalogue quantity=details date=details")
    }

    @Test func theDescriptionTellsTheItemElse() {
        let purchase = PurchaseDescriberTests.describe("Payment for ELMINA, two people")
        #expect(purchase.itemName == "Elmina Castle")
        #expect(purchase.isIdentified)
        #expect(purchase.seller == "sika@example.com")
        #expect(purchase.quantity == 3)
        #expect(!purchase.date.isPresent)
        #expect(
            purchase.origins == "item=catalogue kind=catalogue quantity=default date=default")
    }

    @Test(arguments: [
        ("Two concert tickets", 0, Origin.keyword), ("A castle somewhere", 1, .keyword),
        ("castle concert", 0, .keyword), ("castle tour with concert", 1, .keyword),
        ("a donation", 2, .keyword), ("Something else", 1, .default), ("", 1, .default),
    ])
    func keywordsTellTheKindOfWhatIsNotFound(description: String, kind: Int32, origin: Origin) {
        let purchase = PurchaseDescriberTests.describe(description)
        #expect(!purchase.isIdentified)
        #expect(purchase.itemName == description)
        #expect(purchase.kind == kind)
        #expect(purchase.kindOrigin == origin)
    }

    @Test func kindsThatAreNamedComeBeforeKeywords() {
        let named = PurchaseDescriberTests.describe("a castle", kind: "Ticket")
        #expect(named.kind == 0)
        let inDetails = PurchaseDescriberTests.describe(
            "a castle", details: #"{"kind": "ticket"}"#, kind: "destination")
        #expect(inDetails.kind == 0)
        #expect(inDetails.kindOrigin == .details)
        #expect(PurchaseDescriberTests.describe("a castle", kind: "membership").kind == -1)
        let item = PurchaseDescriberTests.describe("School Fund", kind: "ticket")
        #expect(item.kind == 2)
    }

    @Test func withoutADefaultKindNothingIsAssumed() {
        let purchase = PurchaseDescriberTests.describe("Something") { $0.defaultKind = nil }
        #expect(purchase.kind == -1)
        #expect(purchase.kindOrigin == .default)
    }

    @Test func detailsThatAreNoJSONTellNothing() {
        let purchase = PurchaseDescriberTests.describe("Elmina", details: #"{"item": "Jazz"#)
        #expect(purchase.itemName == "Elmina Castle")
        #expect(purchase.itemOrigin == .catalogue)
    }

    @Test func theSameThingInOtherWordsIsTheSameThing() {
        let first = PurchaseDescriberTests.describe("Elmina Castle, receipt 1").subject
        let second = PurchaseDescriberTests.describe("receipt 2 for Elmina").subject
        let other = PurchaseDescriberTests.describe("receipt 2 for Jazz Night").subject
        let more = PurchaseDescriberTests.describe("Elmina", details: #"{"count": 2}"#).subject
        let named = PurchaseDescriberTests.describe(details: #"{"item": "elmina"}"#).subject
        #expect(first.content == second.content)
        #expect(first.content != other.content)
        #expect(first.content != more.content)
        #expect(first.item == second.item)
        #expect(first.item == named.item)
        #expect(first.item != other.item)
        #expect(PurchaseDescriberTests.describe("Something").subject.item == .none)
    }
}
