import Ingestion
import Reconciliation
import Records

extension NearMissFinder {
    /// Gives each break its near miss, with the references read again from the dumps.
    ///
    /// - Throws: `TrueupError.run` where a dump cannot be read any more.
    func fill(_ classification: inout Classification, from dumps: Dumps) throws {
        var references = ReferenceTexts()
        var texts = RowTexts(dumps)
        for payment in paymentsToRead {
            try texts.go(to: tables.payments.rows[Int(payment)].place)
            let reference = texts.id(PaymentField.reference)
            let isGiven = !reference.isEmpty
            references.payments[payment] = ReferenceText(
                String(
                    decoding: isGiven ? reference : texts.id(PaymentField.id), as: UTF8.self))
        }
        for line in linesToRead {
            try texts.go(to: tables.settlements.rows[Int(line)].place)
            references.lines[line] = ReferenceText(
                String(decoding: texts.id(SettlementField.reference), as: UTF8.self))
        }
        fill(&classification, references: references)
    }
}
