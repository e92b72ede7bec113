import Definition
import Diagnostics
import Emission
import Ingestion
import Parallel
import Reconciliation
import Records
import Rules
import Time

/// Reads again what payments without booking say of themselves, and tells what they were for.
struct PurchaseReader: Sendable {
    let setting: RunSetting
    let ingested: IngestedDumps
    let book: PurchaseBook
    let orderIndex: FingerprintIndex
    /// Whether an item of the catalogue has a seller.
    let hasSellers: Bool

    init(_ setting: RunSetting, _ ingested: IngestedDumps) {
        self.setting = setting
        self.ingested = ingested
        book = PurchaseBook(
            items: ingested.tables.catalogue, rules: setting.definition.backfill,
            similarityMillionths: setting.definition.match.similarityMillionths,
            zone: setting.zone, key: ingested.key)
        hasSellers = ingested.tables.catalogue.contains { !$0.seller.isEmpty }
        let orders = ingested.tables.orders.rows
        orderIndex = FingerprintIndex(count: orders.count) { orders[$0].id }
    }

    /// What the payments of these rows were for, in their order.
    func describe(_ candidates: [Int32]) throws -> [(payment: Int32, purchase: Purchase)] {
        try inChunks(of: candidates.count) { range, texts, orderTexts, describer in
            try range.map { index in
                let payment = candidates[index]
                let source = try wordsOf(Int(payment), &texts, &orderTexts)
                return (payment: payment, purchase: describer.describe(source))
            }
        }
    }

    /// The purchases of all payments that may be due a booking, in the order of the payments.
    func purchases(
        verdicts: ContiguousArray<PaymentVerdict>, linked: BookingMatch, waiting: WaitingEmissions
    ) throws -> Purchases {
        let candidates = Backfiller.candidates(
            tables: ingested.tables, verdicts: verdicts, linked: linked, waiting: waiting,
            includesPending: setting.definition.backfill?.includesPending ?? false)
        return Purchases(reader: self, all: try describe(candidates))
    }

    /// Does a piece of work on each thread, with texts and a describer of its own.
    func inChunks<Output: Sendable>(
        of count: Int,
        _ body:
            @Sendable (
                Range<Int>, inout RowTexts, inout RowTexts, inout PurchaseDescriber
            ) throws -> [Output]
    ) throws -> [Output] {
        try setting.workers.flatMapRanges(of: count) { range in
            var texts = RowTexts(ingested.dumps)
            var orderTexts = RowTexts(ingested.dumps)
            var describer = PurchaseDescriber(book)
            return try body(range, &texts, &orderTexts, &describer)
        }
    }

    /// What a payment and its order say it was for; valid until either reader goes on.
    func wordsOf(
        _ payment: Int, _ texts: inout RowTexts, _ orderTexts: inout RowTexts
    ) throws -> PurchaseTexts {
        let order = try orderOf(payment, &orderTexts)
        try texts.go(to: ingested.tables.payments.rows[payment].place)
        var words = PurchaseTexts()
        words.description = texts.text(PaymentField.description)
        words.details = texts.text(PaymentField.details)
        words.kind = texts.text(PaymentField.kind)
        words.order = order
        return words
    }

    /// The texts of the order that a payment names; nil where it names none that is known.
    func orderOf(_ payment: Int, _ texts: inout RowTexts) throws -> OrderTexts? {
        let orders = ingested.tables.orders.rows
        let name = ingested.tables.links(ofPayment: payment).order
        guard let row = orderIndex.first(name, key: { orders[$0].id }) else { return nil }
        try texts.go(to: orders[row].place)
        var order = OrderTexts()
        order.item = texts.text(OrderField.item)
        order.kind = texts.text(OrderField.kind)
        order.quantity = texts.text(OrderField.quantity)
        order.date = texts.text(OrderField.date)
        order.startsAt = texts.text(OrderField.startsAt)
        order.endsAt = texts.text(OrderField.endsAt)
        order.seller = texts.text(OrderField.seller)
        return order
    }
}

/// What payments without booking were for.
struct Purchases: Sendable {
    let reader: PurchaseReader
    /// In the order of the payments.
    let all: [(payment: Int32, purchase: Purchase)]

    /// Rule 3, for which the items of unlinked bookings are read again.
    func matchByAttributes(
        _ linked: BookingMatch, verdicts: ContiguousArray<PaymentVerdict>
    ) throws -> BookingMatch {
        let tables = reader.ingested.tables
        let candidates = tables.bookings.rows.indices.filter {
            linked.linksOfBooking.count($0) == 0 && !tables.bookings.rows[$0].payment.isPresent
        }
        let payments = all.filter { verdicts[Int($0.payment)].resolved == .succeeded }
        guard !candidates.isEmpty, !payments.isEmpty else { return linked }
        let bookings = try reader.inChunks(of: candidates.count) { range, texts, _, describer in
            try range.map { index in
                try texts.go(to: tables.bookings.rows[candidates[index]].place)
                let item = describer.itemPrint(texts.text(BookingField.item))
                return (
                    row: Int32(candidates[index]),
                    subject: KnownSubject(item: item, content: .none)
                )
            }
        }
        return AttributeMatcher(
            tables: tables, rules: reader.setting.rules, workers: reader.setting.workers
        ).extend(
            linked, payments: payments.map { ($0.payment, $0.purchase.subject) },
            bookings: bookings)
    }

    /// The payments that were made twice, for which the items of the few that may be are read again.
    func madeTwice(_ verdicts: ContiguousArray<PaymentVerdict>) throws -> [DuplicatePayment] {
        let duplicates = DuplicatePayments(tables: reader.ingested.tables, verdicts: verdicts)
        let candidates = duplicates.candidates
        guard !candidates.isEmpty else { return [] }
        let items = try reader.describe(candidates).map { ($0.payment, $0.purchase.subject.item) }
        return duplicates.found(items: Dictionary(items) { first, _ in first })
    }
}
