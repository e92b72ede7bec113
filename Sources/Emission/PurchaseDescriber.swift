import JSONText
import Reconciliation
import Records
import Rules
import Time

/// Tells what payments were for (contract, Backfill): from the order, else the payment's details,
/// else its description, else keywords, else the default; one value for each thread.
public struct PurchaseDescriber: ~Copyable {
    private let book: PurchaseBook
    private var search: CatalogueSearch
    private var details: DetailsReader
    private var detailNumbers: [Detail: Int] = [:]
    private var text = NormalizedText()
    private var words = KeywordScratch()

    /// What a payment's details may tell.
    private enum Detail: String, CaseIterable {
        case item, kind, quantity, date, seller
        case startsAt = "starts_at"
        case endsAt = "ends_at"
    }

    /// A describer for one thread.
    public init(_ book: PurchaseBook) {
        self.book = book
        search = CatalogueSearch(book.index)
        var paths: [String] = []
        for detail in Detail.allCases {
            guard let path = book.rules.details[detail.rawValue] else { continue }
            detailNumbers[detail] = paths.count
            paths.append(path)
        }
        details = DetailsReader(paths: paths)
    }

    /// What the payment with these texts was for.
    public mutating func describe(_ texts: PurchaseTexts) -> Purchase {
        var purchase = Purchase()
        purchase.quantity = Int64(book.rules.participants)
        let hasDetails = !texts.details.isEmpty && details.read(texts.details) == nil
        if let order = texts.order { take(order, into: &purchase) }
        if hasDetails { takeDetails(into: &purchase) }
        if !purchase.isIdentified { takeDescription(texts.description, into: &purchase) }
        settleKind(texts, hasDetails: hasDetails, of: &purchase)
        purchase.subject.content = content(of: purchase)
        return purchase
    }

    /// Whether payments' details may name sellers.
    public var readsSellers: Bool { detailNumbers[.seller] != nil }

    /// The seller whom the order names, else the details; empty where neither does.
    public mutating func namedSeller(_ texts: PurchaseTexts) -> String {
        if let order = texts.order, !order.seller.isEmpty {
            return String(decoding: order.seller, as: UTF8.self)
        }
        guard readsSellers, !texts.details.isEmpty, details.read(texts.details) == nil
        else { return "" }
        return String(decoding: detail(.seller), as: UTF8.self)
    }

    /// The print of an item that a booking names: of the catalogue's item, else of the free text.
    public mutating func itemPrint(_ name: UnsafeRawBufferPointer) -> Fingerprint {
        guard !name.isEmpty else { return .none }
        if let number = item(named: name) { return PurchaseDescriber.print(ofItem: number) }
        text.set(name)
        return book.key.fingerprint(text.bytes)
    }

    private static func print(ofItem number: Int) -> Fingerprint {
        Fingerprint(high: 2, low: UInt64(number) + 1)
    }

    /// The number of the item with this catalogue id, name or alias, or nil.
    public mutating func item(named name: UnsafeRawBufferPointer) -> Int? {
        if book.items.isEmpty { return nil }
        return book.itemByID[String(decoding: name, as: UTF8.self)]
            ?? search.findName(name).item
    }

    /// Everything that a booking would be made from: purchases that differ in nothing else are the
    /// same thing, however their payments put it into words.
    private func content(of purchase: Purchase) -> Fingerprint {
        var name = purchase.itemName
        return name.withUTF8 { book.key.fingerprint(UnsafeRawBufferPointer($0)) }
            .combined(with: Int64(purchase.item)).combined(with: Int64(purchase.kind))
            .combined(with: purchase.quantity).combined(with: Int64(purchase.date.days))
            .combined(with: purchase.startsAt.microseconds)
            .combined(with: purchase.endsAt.microseconds)
    }

    // MARK: Sources, in their order

    private mutating func take(_ order: OrderTexts, into purchase: inout Purchase) {
        name(order.item, .order, in: &purchase)
        setQuantity(order.quantity, .order, of: &purchase)
        setDate(order.date, .order, of: &purchase)
        purchase.startsAt = instant(order.startsAt)
        purchase.endsAt = instant(order.endsAt)
        purchase.seller = String(decoding: order.seller, as: UTF8.self)
    }

    private mutating func takeDetails(into purchase: inout Purchase) {
        if !purchase.isIdentified { name(detail(.item), .details, in: &purchase) }
        if purchase.quantityOrigin == .default {
            setQuantity(detail(.quantity), .details, of: &purchase)
        }
        if purchase.dateOrigin == .default { setDate(detail(.date), .details, of: &purchase) }
        if !purchase.startsAt.isPresent { purchase.startsAt = instant(detail(.startsAt)) }
        if !purchase.endsAt.isPresent { purchase.endsAt = instant(detail(.endsAt)) }
        if purchase.seller.isEmpty {
            purchase.seller = String(decoding: detail(.seller), as: UTF8.self)
        }
    }

    /// The text of a detail; empty where the details do not have it, or not as a text or number.
    ///
    /// A text with a NUL, which JSON can spell, is none: no dump and no table could hold it.
    private func detail(_ detail: Detail) -> UnsafeRawBufferPointer {
        let none = UnsafeRawBufferPointer(start: nil, count: 0)
        guard let number = detailNumbers[detail] else { return none }
        switch details.value(number) {
        case .string(let text), .number(let text): return text.contains(0) ? none : text
        default: return none
        }
    }

    private mutating func takeDescription(
        _ description: UnsafeRawBufferPointer, into purchase: inout Purchase
    ) {
        purchase.itemName = String(decoding: description, as: UTF8.self)
        if book.items.isEmpty { return }
        switch search.find(description) {
        case .found(let number, let rule): take(item: number, rule, into: &purchase)
        case .ambiguous(let item, _, _):
            purchase.nearMiss = NearMiss(
                candidate: .catalogueItem, row: Int32(item), condition: .doubt)
        case .notFound(let nearest?):
            let shortfall = book.index.similarityMillionths - nearest.similarity.millionths
            purchase.nearMiss = NearMiss(
                candidate: .catalogueItem, row: Int32(nearest.item), condition: .similarity,
                distance: shortfall)
        case .notFound(nil): return
        }
    }

    private func take(item number: Int, _ rule: CatalogueRule, into purchase: inout Purchase) {
        purchase.item = Int32(number)
        purchase.itemName = book.items[number].name
        purchase.isIdentified = true
        purchase.itemOrigin = .catalogue
        // A likeness is enough to book, but not to contradict a booking's own word.
        if case .similar = rule { return }
        purchase.subject.item = PurchaseDescriber.print(ofItem: number)
    }

    /// Takes a name that the order or the details give: a catalogue item, else free text.
    private mutating func name(
        _ name: UnsafeRawBufferPointer, _ origin: Origin, in purchase: inout Purchase
    ) {
        guard !name.isEmpty else { return }
        if let number = item(named: name) {
            purchase.item = Int32(number)
            purchase.itemName = book.items[number].name
        } else {
            purchase.itemName = String(decoding: name, as: UTF8.self)
        }
        purchase.isIdentified = true
        purchase.itemOrigin = origin
        purchase.subject.item = itemPrint(name)
    }

    // MARK: Kind

    /// A catalogue item settles the kind; else what the order, the details or the payment name;
    /// else most keywords; else the default.
    private mutating func settleKind(
        _ texts: PurchaseTexts, hasDetails: Bool, of purchase: inout Purchase
    ) {
        if purchase.item >= 0 {
            let item = book.items[Int(purchase.item)]
            if purchase.seller.isEmpty { purchase.seller = item.seller }
            take(kind: item.kind, .catalogue, into: &purchase)
            return
        }
        let named: [(UnsafeRawBufferPointer?, Origin)] = [
            (texts.order?.kind, .order), (hasDetails ? detail(.kind) : nil, .details),
            (texts.kind, .details),
        ]
        for case (let name?, let origin) in named where !name.isEmpty {
            take(kind: String(decoding: name, as: UTF8.self), origin, into: &purchase)
            return
        }
        text.set(of: purchase.itemName)
        if let kind = book.keywords.kind(of: text, using: &words) {
            take(kind: book.rules.kinds[kind].name, .keyword, into: &purchase)
        } else if let name = book.rules.defaultKind {
            take(kind: name, .default, into: &purchase)
        }
    }

    private func take(kind name: String, _ origin: Origin, into purchase: inout Purchase) {
        purchase.kindName = name.lowercased()
        purchase.kind = book.kindByName[purchase.kindName].map { Int32($0) } ?? -1
        purchase.kindOrigin = origin
    }

    // MARK: Values

    private func setQuantity(
        _ text: UnsafeRawBufferPointer, _ origin: Origin, of purchase: inout Purchase
    ) {
        guard let count = Int64(String(decoding: text, as: UTF8.self)), count > 0 else { return }
        purchase.quantity = count
        purchase.quantityOrigin = origin
    }

    private func setDate(
        _ text: UnsafeRawBufferPointer, _ origin: Origin, of purchase: inout Purchase
    ) {
        guard !text.isEmpty, case .success(let date) = TimeText.date(text, in: book.zone)
        else { return }
        purchase.date = date
        purchase.dateOrigin = origin
    }

    private func instant(_ text: UnsafeRawBufferPointer) -> Instant {
        guard !text.isEmpty, case .success(let instant) = TimeText.instant(text, in: book.zone)
        else { return .absent }
        return instant
    }
}
