import Definition
import Emission
import Ingestion
import Reconciliation
import Records
import Rules

extension Purchases {
    /// The succeeded payments that have a seller, in the order of the payments: the payment's own
    /// word, else its order's, else its item's.
    ///
    /// A payment has the same seller before and after its booking is linked or loaded, because a
    /// later refund must be taken back from whom the payment went to.
    func sales(
        verdicts: ContiguousArray<PaymentVerdict>, bookings: BookingMatch
    ) throws -> [Sale] {
        let tables = reader.ingested.tables
        let sold = Dictionary(all.map { ($0.payment, $0.purchase) }) { first, _ in first }
        let succeeded = tables.payments.rows.indices.filter {
            verdicts[$0].resolved == .succeeded && verdicts[$0].isEvidenced
        }
        let readsKinds = reader.setting.definition.settle?.commission.readsKinds ?? false
        return try reader.inChunks(of: succeeded.count) { range, texts, others, describer in
            var found: [Sale] = []
            for payment in range.map({ succeeded[$0] }) {
                // By id, so that the input's order does not decide who is paid.
                let booked = bookings.bookings(ofPayment: payment)
                    .sorted(by: tables.bookings.idPrecedes)
                var described = sold[Int32(payment)]
                func purchase() throws -> Purchase {
                    if let described { return described }
                    let purchase = describer.describe(
                        try reader.wordsOf(payment, &texts, &others))
                    described = purchase
                    return purchase
                }
                var seller = try namedSeller(of: payment, &texts, &others, &describer)
                if seller.isEmpty, reader.hasSellers {
                    seller =
                        try bookedItem(booked, &others, &describer) { $0.seller }
                        ?? purchase().seller
                }
                guard !seller.isEmpty else { continue }
                var sale = Sale(payment: Int32(payment), seller: seller.lowercased())
                if readsKinds {
                    sale.kind =
                        try bookedItem(booked, &others, &describer) { $0.kind }
                        ?? purchase().kindName
                }
                found.append(sale)
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

    /// What the catalogue says of what was booked, the first that is not empty; nil where no booking
    /// names an item of the catalogue.
    private func bookedItem(
        _ bookings: [Int], _ texts: inout RowTexts, _ describer: inout PurchaseDescriber,
        _ fact: (CatalogueItem) -> String
    ) throws -> String? {
        let tables = reader.ingested.tables
        var found: String?
        for booking in bookings {
            try texts.go(to: tables.bookings.rows[booking].place)
            guard let item = describer.item(named: texts.text(BookingField.item)) else { continue }
            found = fact(tables.catalogue[item])
            if found != "" { break }
        }
        return found
    }
}
