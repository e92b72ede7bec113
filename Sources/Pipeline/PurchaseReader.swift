import Definition
import Diagnostics
import Emission
import Ingestion
import Parallel
import Reconciliation
import Records
import Rules
import Synchronization
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

    /// The purchases of all payments that may be due a booking, in the order of the payments.
    func purchases(
        verdicts: ContiguousArray<PaymentVerdict>, linked: BookingMatch, waiting: WaitingEmissions
    ) throws -> Purchases {
        let candidates = Backfiller.candidates(
            tables: ingested.tables, verdicts: verdicts, linked: linked, waiting: waiting,
            includesPending: setting.definition.backfill?.includesPending ?? false)
        let all = try inChunks(of: candidates.count) { range, texts, orderTexts, describer in
            try range.map { index in
                let payment = candidates[index]
                let source = try wordsOf(Int(payment), &texts, &orderTexts)
                return (payment: payment, purchase: describer.describe(source))
            }
        }
        return Purchases(reader: self, all: all)
    }

    /// Does a piece of work on each thread, with texts and a describer of its own.
    func inChunks<Output: Sendable>(
        of count: Int,
        _ body:
            @Sendable (
                Range<Int>, inout RowTexts, inout RowTexts, inout PurchaseDescriber
            ) throws -> [Output]
    ) throws -> [Output] {
        guard count > 0 else { return [] }
        let size = max(1024, (count + setting.workers.count - 1) / setting.workers.count)
        let chunks = Workers.chunks(of: count, size: size)
        let failure = Mutex<(any Error)?>(nil)
        let parts = setting.workers.map(chunks.count) { chunk -> [Output] in
            var texts = RowTexts(ingested.dumps)
            var orderTexts = RowTexts(ingested.dumps)
            var describer = PurchaseDescriber(book)
            do {
                return try body(chunks[chunk], &texts, &orderTexts, &describer)
            } catch {
                failure.withLock { $0 = $0 ?? error }
                return []
            }
        }
        if let error = failure.withLock({ $0 }) { throw error }
        return parts.flatMap(\.self)
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
        return AttributeMatcher(tables: tables, rules: reader.setting.rules).extend(
            linked, payments: payments.map { ($0.payment, $0.purchase.subject) },
            bookings: bookings)
    }

    /// The sellers of succeeded payments: the payment's own word, else its order's, else its item's.
    ///
    /// A payment has the same seller before and after its booking is linked or loaded, because a
    /// later refund must be taken back from whom the payment went to.
    func sellers(
        verdicts: ContiguousArray<PaymentVerdict>, bookings: BookingMatch
    ) throws -> [(payment: Int32, seller: String)] {
        let tables = reader.ingested.tables
        let sold = Dictionary(all.map { ($0.payment, $0.purchase.seller) }) { first, _ in first }
        let succeeded = tables.payments.rows.indices.filter {
            verdicts[$0].resolved == .succeeded && verdicts[$0].isEvidenced
        }
        return try reader.inChunks(of: succeeded.count) { range, texts, others, describer in
            var found: [(payment: Int32, seller: String)] = []
            for payment in range.map({ succeeded[$0] }) {
                var seller = try namedSeller(of: payment, &texts, &others, &describer)
                if seller.isEmpty, reader.hasSellers {
                    // By id, so that the input's order does not decide who is paid.
                    let booked = bookings.bookings(ofPayment: payment)
                        .sorted(by: tables.bookings.idPrecedes)
                    if let booked = try bookedSeller(booked, &others, &describer) {
                        seller = booked
                    } else if let known = sold[Int32(payment)] {
                        seller = known
                    } else {
                        let words = try reader.wordsOf(payment, &texts, &others)
                        seller = describer.describe(words).seller
                    }
                }
                if !seller.isEmpty { found.append((Int32(payment), seller.lowercased())) }
            }
            return found
        }
    }

    /// The seller whom a payment or its order names; empty where neither does.
    private func namedSeller(
        of payment: Int, _ texts: inout RowTexts, _ others: inout RowTexts,
        _ describer: inout PurchaseDescriber
    ) throws -> String {
        let tables = reader.ingested.tables
        let links = tables.links(ofPayment: payment)
        if links.seller.isPresent {
            try texts.go(to: tables.payments.rows[payment].place)
            return texts.string(PaymentField.seller)
        }
        guard links.order.isPresent || describer.readsSellers else { return "" }
        return describer.namedSeller(try reader.wordsOf(payment, &texts, &others))
    }

    /// The seller of what was booked; nil where no booking names an item of the catalogue.
    private func bookedSeller(
        _ bookings: [Int], _ texts: inout RowTexts, _ describer: inout PurchaseDescriber
    ) throws -> String? {
        let tables = reader.ingested.tables
        var seller: String?
        for booking in bookings {
            try texts.go(to: tables.bookings.rows[booking].place)
            guard let item = describer.item(named: texts.text(BookingField.item)) else { continue }
            seller = tables.catalogue[item].seller
            if seller != "" { break }
        }
        return seller
    }
}
